"""What the ledger says, for people and backends: a member's account, the programme's, and what is scarce."""

from typing import Any, Final

from api.clock import Clock
from api.service.identity import home_of
from api.service.moments import Moment, absorbed_by, home_at, instant_said
from api.service.refusal import Refusal
from api.service.rulebook import Rulebook
from api.store import balances, members, merging, views
from api.store.balances import StoredPosting
from api.store.connection import Connection
from api.store.database import Database
from api.store.pots import StoredPot, pots
from engine.language.catalogue import Catalogue
from engine.language.scarce import BudgetDefinition
from engine.programme.money import minor_digits, text
from engine.values import Instant, instant_text

Json = dict[str, Any]
PAGE: Final = 50
_POTS: Final = 1_000
_MAX_DIGITS: Final = 18


class Bookkeeping:
    """Reads ledger, coupons and pots."""

    def __init__(self, database: Database, rulebook: Rulebook, clock: Clock) -> None:
        """Make the use case of its parts."""
        self._database = database
        self._rulebook = rulebook
        self._clock = clock

    def ledger(self, member: str, unit: str | None, before: str | None, as_of: str | None) -> Json:
        """Return a page of a member's postings, newest first, and its balances, at any instant.

        Args:
            member: Key of the member.
            unit: Key of the one unit that is asked for, or None for all.
            before: `next` of the page before, or None.
            as_of: RFC 3339 instant, or None for now; what happened at it counts.

        Raises:
            Refusal: `not-found`, or `invalid-request`.
        """
        instant = instant_said(as_of, "as_of") if as_of is not None else None
        place = _place(before) if before is not None else None
        with self._database.read() as connection:
            member = _home(connection, member, instant)
            if instant is None:
                parts = merging.parts(connection, member)
            else:
                merged = absorbed_by(connection, member, Moment(instant))
                parts = [one.event.properties["absorbed"] for one in merged]
            found = balances.ledger_of(connection, member, unit, place, PAGE + 1, instant, parts)
            # Which units it ever had stands in its books; in a long ledger they'd have to be looked for.
            home = members.load(connection, [merging.homes(connection, [member])[member]])
            accounts = {key for one in home.values() for key in one.state.books.accounts}
            units = sorted(accounts) if unit is None else [unit]
            held = balances.balances_of(connection, member, units, instant)
        last = found[PAGE - 1] if len(found) > PAGE else None
        return {
            "member": member,
            "as_of": instant_text(self._clock.now() if instant is None else instant),
            "balances": [{"unit": key, **one._asdict()} for key, one in held.items()],
            "items": [_posted(one) for one in found[:PAGE]],
            "next": None if last is None else f"{last.sequence}:{last.posting.id}",
        }

    def coupons(self, member: str) -> Json:
        """Return every coupon that a member was ever given, newest first.

        Raises:
            Refusal: `not-found`.
        """
        catalogue = self._rulebook.index().rules.catalogue
        with self._database.read() as connection:
            found = views.coupons_of(connection, _home(connection, member))
        return {
            "items": [
                {
                    **one._asdict(),
                    "name": _name_of(catalogue, one.coupon),
                    "issued_at": instant_text(one.issued_at),
                    "expires_at": _text(one.expires_at),
                    "ended_at": _text(one.ended_at),
                }
                for one in found
            ]
        }

    def accounts(self, unit: str | None) -> Json:
        """Return the programme's account in each unit, or in one; `sum` is 0 or the books are wrong.

        Raises:
            Refusal: `not-found` if nothing was ever posted in that unit, and it isn't defined.
        """
        with self._database.read() as connection:
            found = balances.totals(connection, unit)
        if unit is not None and not found and unit not in self._rulebook.index().rules.catalogue.units:
            raise Refusal("not-found", "There is no such unit.")
        return {
            "items": [
                {"unit": key, **one._asdict(), "sum": one.members + one.redeemed + one.expired - one.issued}
                for key, one in found.items()
            ]
        }

    def budgets(self) -> Json:
        """Return what each pot has given out and what is left: budgets, coupon stock, prizes."""
        catalogue = self._rulebook.index().rules.catalogue
        with self._database.read() as connection:
            drawn = {key: pots(connection, f"budget/{key}/", _POTS) for key in catalogue.budgets}
            coupons = {one.name: one for one in pots(connection, "coupon/", _POTS)}
            prizes = {one.name: one for one in pots(connection, "prize/", _POTS)}
        limits = {
            f"coupon/{key}": one.total for key, one in catalogue.coupons.items() if one.total is not None
        }
        limits |= {
            f"prize/{key}/{prize.key}": prize.stock
            for key, wheel in catalogue.wheels.items()
            for prize in wheel.prizes
            if prize.stock is not None
        }
        stock = coupons | prizes
        return {
            "items": [budget_told(one, drawn[key]) for key, one in catalogue.budgets.items()],
            "stock": [
                {"pot": name, **_counted(stock.get(name, StoredPot(name, 0, 0)).granted, limit)}
                for name, limit in limits.items()
            ],
        }


def budget_told(definition: BudgetDefinition, drawn: list[StoredPot]) -> Json:
    """Return a budget with what each of its pots has given out and what is left, as JSON data."""
    currency = definition.currency
    digits = minor_digits(currency) if currency is not None else 0
    whole, _, fraction = definition.amount.partition(".")
    limit = int(whole + fraction.ljust(digits, "0")[:digits])

    def said(amount: int) -> int | str:
        return amount if currency is None else text(amount, currency)

    prefix = f"budget/{definition.key}/"
    shown: list[Json] = []
    for one in drawn:
        split, _, period = one.name.removeprefix(prefix).rpartition("/")
        counted = {key: said(amount) for key, amount in _counted(one.granted, limit).items()}
        shown.append({"split": split, "period": period, **counted})
    return {**definition.model_dump(mode="json", exclude_none=True), "limit": said(limit), "pots": shown}


def _counted(granted: int, limit: int) -> dict[str, int]:
    return {"granted": granted, "limit": limit, "left": max(0, limit - granted)}


def _posted(one: StoredPosting) -> Json:
    posting = one.posting
    return {
        "id": posting.id,
        "sequence": one.sequence,
        "as_of": instant_text(posting.as_of),
        "kind": posting.kind,
        "unit": posting.unit,
        "amount": posting.amount,
        "debit": posting.debit,
        "credit": posting.credit,
        "lot": posting.lot,
        "reverses": posting.reverses or None,
    }


def _name_of(catalogue: Catalogue, coupon: str) -> dict[str, str]:
    definition = catalogue.coupons.get(coupon)
    return {"en": coupon} if definition is None else {str(key): name for key, name in definition.name.items()}


def _text(instant: Instant | None) -> str | None:
    return None if instant is None else instant_text(instant)


def _home(connection: Connection, key: str, instant: Instant | None = None) -> str:
    """Return the key of a member, by its key or an id; or of the one that it became a part of by then."""
    member = home_of(connection, key) if instant is None else home_at(connection, key, Moment(instant))
    if members.load(connection, [member])[member].state.sequence == 0:
        raise Refusal("not-found", "There is no such member.")
    return member


def _place(before: str) -> tuple[int, str]:
    sequence, _, posting = before.partition(":")
    if not sequence.isascii() or not sequence.isdigit() or len(sequence) > _MAX_DIGITS or not posting:
        raise Refusal("invalid-request", "Send the `next` of the page before as `before`.")
    return int(sequence), posting
