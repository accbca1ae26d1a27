"""Brings what is counted of members and orders up to the log, a slice at a time (ruling 24)."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from msgspec.structs import replace

from api.service.running import Run
from api.store import controls, counted, log, members
from api.store.connection import Connection
from api.store.counted import Purchase
from api.store.log import LoggedEntry
from engine.events import ORDER_CANCELLED, ORDER_COMPLETED, ORDER_REFUNDED, Event
from engine.facts import property_of, typed
from engine.programme.money import known, minor
from engine.programme.reasons import Refusal as Refused

_SLICE: Final = 500


class Counting:
    """Follows the log for those who count."""

    def __init__(self, run: Run) -> None:
        """Make the use case.

        Args:
            run: Runs work in a write transaction and returns its result.
        """
        self._run = run

    def catch_up(self, *, most: int | None = None) -> bool:
        """Take in everything that was committed before the call.

        Args:
            most: How many slices at most; None for all there are.

        Returns:
            Whether everything is taken in.
        """
        end = self._run(settled_end)
        reached, done = 0, 0
        while (most is None or done < most) and reached < end:
            reached = self._run(lambda connection: _slice(connection, end))
            done += 1
        return reached >= end


def settled_end(connection: Connection) -> int:
    """Return the newest entry below which none is still on its way.

    Batches that are under way hold the head of the rule set shared, and number
    their entries before they commit; so whoever holds it alone sees them all.
    """
    controls.head(connection, exclusive=True)
    return log.last_sequence(connection)


def _slice(connection: Connection, end: int) -> int:
    after = counted.taken_in(connection, locked=True)
    entries = counted.entries_between(connection, after, end, _SLICE)
    reached = entries[-1].sequence if len(entries) == _SLICE else max(after, end)
    keys = dict.fromkeys(one.event.member for one in entries)
    keys |= dict.fromkeys(one.event.properties["absorbed"] for one in entries if one.event.kind == "merge")
    counted.write_members(connection, [one.state for one in members.load(connection, keys).values()])
    _keep_purchases(connection, entries)
    counted.advance(connection, reached)
    return reached


def _keep_purchases(connection: Connection, entries: Iterable[LoggedEntry]) -> None:
    new: list[Purchase] = []
    for one in entries:
        event = one.event
        if event.kind == "merge":
            _keep(connection, new)
            counted.move_purchases(connection, event.properties["absorbed"], event.member)
            _settle(connection, [event.member])
            new = []
        if event.kind != "track":
            continue
        if event.name == ORDER_COMPLETED:
            new.append(_ordered(event, one.sequence))
        elif event.name in {ORDER_REFUNDED, ORDER_CANCELLED}:
            _keep(connection, new)
            counted.write_purchases(connection, _refunded(connection, event, one.sequence))
            new = []
    _keep(connection, new)


def _keep(connection: Connection, orders: list[Purchase]) -> None:
    """Keep orders, and count what was refunded of them before they came."""
    counted.write_purchases(connection, orders)
    _settle(connection, list(dict.fromkeys(one.member for one in orders if one.order_id is not None)))


def _settle(connection: Connection, keys: list[str]) -> None:
    """Let refunds of some members count whose order is known by now (ruling 16)."""
    whose = counted.waiting(connection, keys)
    told = sorted(whose)
    for start in range(0, len(told), _SLICE):
        for one in counted.entries(connection, told[start : start + _SLICE]):
            event = replace(one.event, member=whose[one.sequence])  # a merge may have made it another's
            for refund in _refunded(connection, event, one.sequence):
                if refund.minor:
                    counted.settle(connection, refund)


def _ordered(event: Event, sequence: int) -> Purchase:
    """Return an order; one that doesn't say what it came to, in a currency that is known, has no amount."""
    order_id = event.properties.get("order_id")
    amount = amount_of(event, "total")
    currency = currency_of(event)
    counted_as = 0 if amount is None else amount
    named = order_id if isinstance(order_id, str) else None
    return Purchase(sequence, event.member, event.occurred_at, named, currency, counted_as, refund=False)


def _refunded(connection: Connection, event: Event, sequence: int) -> list[Purchase]:
    """Return what is refunded of an order, at most what isn't refunded yet; nothing if it isn't known yet."""
    order_id = event.properties.get("order_id")
    if not isinstance(order_id, str):
        return []
    found = counted.unrefunded(connection, event.member, order_id)
    if found is None:
        return [Purchase(sequence, event.member, event.occurred_at, order_id, "", 0, refund=True)]
    currency, left = found
    told = amount_of(event, "total") if event.name == ORDER_REFUNDED else None
    if currency_of(event) not in {"", currency} or (told is not None and told <= 0):
        return []
    taken = left if told is None else min(told, left)
    if taken <= 0 or _is_repeated(connection, event, order_id):
        return []
    return [Purchase(sequence, event.member, event.occurred_at, order_id, currency, -taken, refund=True)]


def _is_repeated(connection: Connection, event: Event, order_id: str) -> bool:
    """Whether a refund of the same id was counted for the order already."""
    refund = event.properties.get("refund_id")
    if not isinstance(refund, str) or not refund:
        return False
    before = counted.entries(connection, counted.refunds_of(connection, event.member, order_id))
    return any(one.event.properties.get("refund_id") == refund for one in before)


def currency_of(event: Event) -> str:
    """Return the currency that an event names, or nothing."""
    currency = event.properties.get("currency")
    return currency if isinstance(currency, str) and known(currency) else ""


def amount_of(event: Event, name: str) -> int | None:
    """Return an amount that an event tells, in minor units of its currency; None if it tells none.

    Without a currency it is read in hundredths.
    """
    value = typed(property_of(event.properties, name), "number")
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    try:
        return minor(value, currency_of(event) or "XXX")
    except Refused:
        return None
