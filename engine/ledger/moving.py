"""What can be done with a member's units: award, spend, hold, let expire.

Each operation is pure. `effect` is the id of the effect that asks for it;
the ids of its postings derive from it, so that none can be posted twice. An
operation that is refused has noted no postings.
"""

from collections.abc import Iterable, Sequence

import msgspec

from engine.errors import InvalidValue, Overflow
from engine.ledger.books import (
    Account,
    Award,
    Books,
    Hold,
    Lot,
    Order,
    Used,
    drawn,
    fits,
    given_back,
    taken_out,
    with_account,
    with_hold,
    with_order,
)
from engine.ledger.postings import Kind, Part, Posting, member_account, programme_account
from engine.values import Instant

_replace = msgspec.structs.replace


class Poster:
    """Numbers the postings of one effect."""

    def __init__(self, effect: str, member: str, as_of: Instant) -> None:
        """Begin: the first posting has the effect's own id, the next ones a number behind it."""
        self._effect = effect
        self.member = member
        self.as_of = as_of
        self.postings: list[Posting] = []

    def post(
        self, kind: Kind, unit: str, accounts: tuple[str, str], amount: int, lot: str, reverses: str = ""
    ) -> None:
        """Note a transfer from the first account to the second; nothing for an amount of 0.

        Raises:
            InvalidValue: If the amount is negative.
        """
        if amount < 0:
            raise InvalidValue(f"{amount} can't be posted: the other direction is another posting")
        if not amount:
            return
        number = len(self.postings)
        self.postings.append(
            Posting(
                id=f"{self._effect}.{number}" if number else self._effect,
                kind=kind,
                unit=unit,
                debit=accounts[0],
                credit=accounts[1],
                amount=amount,
                lot=lot,
                reverses=reverses,
                as_of=self.as_of,
            )
        )

    def last(self) -> str:
        """Return the id of the posting that was noted last."""
        return self.postings[-1].id

    def mine(self, unit: str, part: Part = "") -> str:
        """Return the name of the member's account."""
        return member_account(self.member, unit, part)


def award(books: Books, poster: Poster, unit: str, amount: int, *, lot: Lot, order: str = "") -> Books:
    """Return books with a new lot. What can be spent at once first repays a debt.

    Args:
        books: The books before.
        poster: Takes the postings.
        unit: Key of the unit.
        amount: How much, at least 1.
        lot: The lot; what is left of it and when it was earned are written here.
        order: The order that earned it, or empty; its refund takes it back.

    Raises:
        InvalidValue: If the amount is below 1.
        Overflow: If the account would exceed 2^53.
    """
    if amount < 1:
        raise InvalidValue(f"{amount} {unit} can't be awarded: an amount is at least 1")
    account = books.account(unit)
    if not fits(account, amount):
        raise Overflow(f"{amount} more {unit} would be too many for one account")
    into = poster.mine(unit, "pending" if lot.active_at is not None else "")
    poster.post("award", unit, (programme_account(unit), into), amount, lot.id)
    lot = _replace(lot, left=amount, earned_at=poster.as_of)
    account = _replace(account, lots=(*account.lots, lot), earned=account.earned + amount)
    books = with_account(books, unit, settled(account, poster, unit))
    if order:
        known = books.orders.get(order) or Order(poster.as_of)
        awards = (*known.awards, Award(unit, lot.id, amount))
        books = with_order(books, order, _replace(known, awards=awards))
    return books


def settled(account: Account, poster: Poster, unit: str) -> Account:
    """Return an account whose debt is repaid from what can be spent, as far as that goes."""
    amount = min(account.debt, account.available)
    if not amount:
        return account
    account, parts = drawn(account, amount)
    for part in parts:
        poster.post("repay", unit, (poster.mine(unit), poster.mine(unit, "debt")), part.left, part.id)
    return _replace(account, debt=account.debt - amount)


def spend(books: Books, poster: Poster, unit: str, amount: int, *, order: str = "") -> Books:
    """Return books with units spent at once.

    Raises:
        InvalidValue: If the amount is below 1.
        NotEnough: If less can be spent.
    """
    account, parts = drawn(books.account(unit), amount)
    books = with_account(books, unit, account)
    return _redeemed(books, poster, order, [(unit, part) for part in parts], "")


def hold(books: Books, poster: Poster, key: str, units: Iterable[tuple[str, int]], held: Hold) -> Books:
    """Return books with units set aside.

    Args:
        books: The books before.
        poster: Takes the postings.
        key: Id of the redemption; nothing is held under it yet.
        units: How much of which unit; none for coupons alone.
        held: The hold, with everything but its parts.

    Raises:
        InvalidValue: If an amount is below 1, or something is held under this id.
        NotEnough: If less can be spent of any of them; nothing is posted then.
    """
    if key in books.holds:
        raise InvalidValue(f"something is held under {key} already")
    parts: list[tuple[str, Lot]] = []
    for unit, amount in units:
        account, lots = drawn(books.account(unit), amount)
        parts += [(unit, lot) for lot in lots]
        books = with_account(books, unit, account)
    for unit, lot in parts:
        poster.post("hold", unit, (poster.mine(unit), poster.mine(unit, "held")), lot.left, lot.id)
    return with_hold(books, key, _replace(held, parts=tuple(parts)))


def confirm(books: Books, poster: Poster, key: str) -> Books:
    """Return books in which what was held is spent.

    Raises:
        InvalidValue: If nothing is held under this id.
    """
    held = _held(books, key)
    return _redeemed(with_hold(books, key, None), poster, held.order, held.parts, "held")


def release(books: Books, poster: Poster, key: str) -> Books:
    """Return books in which what was held can be spent again.

    What has ended meanwhile expires, and what was forgiven meanwhile is taken back.

    Raises:
        InvalidValue: If nothing is held under this id.
    """
    held = _held(books, key)
    books = with_hold(books, key, None)
    for unit in dict.fromkeys(unit for unit, _ in held.parts):
        parts = [part for one, part in held.parts if one == unit]
        for part in parts:
            poster.post("release", unit, (poster.mine(unit, "held"), poster.mine(unit)), part.left, part.id)
        books = returned(books, poster, unit, parts)
        books = expire(books, poster, unit)
        books = with_account(books, unit, settled(books.account(unit), poster, unit))
    return books


def returned(books: Books, poster: Poster, unit: str, parts: Sequence[Lot]) -> Books:
    """Return books with parts of lots put back, less what a refund forgave of them as spent.

    Debts are not repaid from it yet, and nothing has expired.
    """
    books = with_account(books, unit, given_back(books.account(unit), parts))
    orders = dict(books.orders)
    for part in parts:
        for key, order in orders.items():
            forgiven = sum(one.forgiven for one in order.awards if one.lot == part.id)
            taken = _replace(part, left=min(part.left, forgiven))
            if not taken.left:
                continue
            accounts = (poster.mine(unit), programme_account(unit))
            poster.post("reverse", unit, accounts, taken.left, part.id, part.id)
            books = with_account(books, unit, taken_out(books.account(unit), [taken]))
            awards = tuple(
                _replace(one, forgiven=one.forgiven - taken.left) if one.lot == part.id else one
                for one in order.awards
            )
            orders[key] = _replace(order, awards=awards)
    return Books(books.accounts, books.holds, orders)


def activate(books: Books, poster: Poster, unit: str) -> Books:
    """Return books in which every lot that has waited long enough can be spent."""
    account = books.account(unit)
    if not any(_is_ripe(lot, poster.as_of) for lot in account.lots):
        return books
    lots: list[Lot] = []
    for lot in account.lots:
        if _is_ripe(lot, poster.as_of):
            poster.post("activate", unit, (poster.mine(unit, "pending"), poster.mine(unit)), lot.left, lot.id)
            lots.append(_replace(lot, active_at=None))
        else:
            lots.append(lot)
    return with_account(books, unit, settled(_replace(account, lots=tuple(lots)), poster, unit))


def expire(books: Books, poster: Poster, unit: str) -> Books:
    """Return books without the lots whose end has come."""
    account = books.account(unit)
    gone = [lot for lot in account.lots if lot.expires_at is not None and lot.expires_at <= poster.as_of]
    if not gone:
        return books
    for lot in gone:
        out_of = poster.mine(unit, "pending" if lot.active_at is not None else "")
        poster.post("expire", unit, (out_of, programme_account(unit, "expired")), lot.left, lot.id)
    books = with_account(books, unit, taken_out(account, gone))
    ended: dict[str, int] = {}
    for lot in gone:
        ended[lot.id] = ended.get(lot.id, 0) + lot.left
    orders = {
        key: _replace(order, awards=tuple(_expired(one, ended) for one in order.awards))
        if any(one.lot in ended for one in order.awards)
        else order
        for key, order in books.orders.items()
    }
    return Books(books.accounts, books.holds, orders)


def _expired(award_: Award, ended: dict[str, int]) -> Award:
    return _replace(award_, expired=award_.expired + ended.get(award_.lot, 0))


def _is_ripe(lot: Lot, as_of: Instant) -> bool:
    return lot.active_at is not None and lot.active_at <= as_of


def _held(books: Books, key: str) -> Hold:
    if key not in books.holds:
        raise InvalidValue(f"nothing is held under {key}")
    return books.holds[key]


def _redeemed(
    books: Books, poster: Poster, order: str, parts: Sequence[tuple[str, Lot]], out_of: Part
) -> Books:
    """Return books with parts of lots, taken out already, spent on an order or on nothing named."""
    used: list[Used] = []
    for unit, part in parts:
        accounts = (poster.mine(unit, out_of), programme_account(unit, "redeemed"))
        poster.post("redeem", unit, accounts, part.left, part.id)
        used.append(Used(unit, part, posting=poster.last()))
    if not order or not used:
        return books
    known = books.orders.get(order) or Order(poster.as_of)
    return with_order(books, order, _replace(known, used=(*known.used, *used)))
