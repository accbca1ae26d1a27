"""Orders and their refunds: what an order gave is taken back, what was spent on it is given back.

Both happen in cumulative proportion: after refunds of 30 % in all, 30 % of what
the order earned in a unit is taken back, rounded down; the refund that completes
the order takes the remainder (ruling 16). Each award bears its share of it, and
what rounding leaves over is borne by the first that can.
"""

from typing import Final

import msgspec

from engine.errors import InvalidValue
from engine.ledger.books import (
    Award,
    Books,
    Lot,
    Order,
    Used,
    portions,
    taken_out,
    with_account,
    with_order,
)
from engine.ledger.exactly import minus, plus
from engine.ledger.moving import Poster, returned, settled
from engine.ledger.postings import programme_account
from engine.ledger.proportion import dues_of, given, spent
from engine.values import MICROSECONDS, Instant, Number

RESTORED_FOR: Final[Instant] = 30 * 86_400 * MICROSECONDS
"""How long units last that a refund gave back after their own end had come."""

_replace = msgspec.structs.replace


def ordered(books: Books, key: str, *, at: Instant, total: Number, currency: str) -> Books:
    """Return books that know an order; one that is known already stays as it was.

    Refunds that came before the order count from now on, up to its total; if they were told in
    another currency than the order's, they are dropped, and may be told again.

    Args:
        books: The books before.
        key: Order number.
        at: When it was heard of.
        total: What it came to.
        currency: Its currency, or empty.
    """
    order = books.orders.get(key) or Order(at)
    if order.total is not None:
        return books
    return with_order(books, key, completed(order, total=total, currency=currency))


def completed(order: Order, *, total: Number, currency: str) -> Order:
    """Return an order of which only refunds, awards or spending were known, with its total."""
    order = _replace(order, total=total)
    if order.currency and currency and order.currency != currency and not order.whole:
        order = _replace(order, refunded=0, refunds=())
    known = _replace(order, currency=currency or order.currency)
    return _refunded(known, order.refunded) if order.refunded or order.whole else known


def refunded(
    books: Books, key: str, *, at: Instant, amount: Number | None, currency: str, refund: str
) -> tuple[Books, str]:
    """Return books that know a refund, and what is odd about it, or nothing.

    Args:
        books: The books before.
        key: Order number.
        at: When the refund was heard of.
        amount: How much was refunded; None for the whole order.
        currency: Its currency, or empty for the order's.
        refund: The sender's id of the refund; one that was counted is not counted again. Empty for none.

    Returns:
        The books, and `refund-repeated`, `refund-currency`, `refund-not-positive` (nothing was
        counted), `refund-exceeds-order` (counted up to the order's total), `order-unknown` (kept until
        the order comes), or empty. An amount without a currency is in the order's.
    """
    order = books.orders.get(key) or Order(at)
    if refund and any(refund == one for one, _ in order.refunds):
        return books, "refund-repeated"
    if amount is not None and amount <= 0:
        return books, "refund-not-positive"
    if currency and order.currency and currency != order.currency:
        return books, "refund-currency"
    if order.total is None:
        odd = "order-unknown"
        after = _replace(order, currency=order.currency or currency, whole=order.whole or amount is None)
        if amount is not None:
            after = _replace(after, refunded=plus(order.refunded, amount))
    elif amount is None:
        odd, after = "", _refunded(order, order.total)
    else:
        sum_ = plus(order.refunded, amount)
        odd, after = "refund-exceeds-order" if sum_ > order.total else "", _refunded(order, sum_)
    if refund:
        counted = minus(after.refunded, order.refunded)
        after = _replace(after, refunds=(*order.refunds, (refund, counted)))
    return with_order(books, key, after), odd


def united(order: Order, other: Order) -> Order:
    """Return what two members knew of one order. A refund that both knew counts once."""
    if order.total is None and other.total is not None:
        order = completed(order, total=other.total, currency=other.currency)
    elif order.total is not None and other.total is None:
        other = completed(other, total=order.total, currency=order.currency)
    both = _replace(
        order,
        at=min(order.at, other.at),
        awards=(*order.awards, *other.awards),
        used=(*order.used, *other.used),
        coupons=(*order.coupons, *other.coupons),
    )
    if order.currency and other.currency and order.currency != other.currency:
        return both
    known = {name for name, _ in order.refunds}
    sum_ = plus(order.refunded, other.refunded)
    for name, amount in other.refunds:
        if name in known:
            sum_ = minus(sum_, amount)
    refunds = (*order.refunds, *(one for one in other.refunds if one[0] not in known))
    both = _replace(
        both,
        currency=order.currency or other.currency,
        refunded=sum_,
        refunds=refunds,
        whole=order.whole or other.whole,
    )
    return _refunded(both, sum_) if sum_ or both.whole else both


def _refunded(order: Order, sum_: Number) -> Order:
    """Return an order of which so much was refunded, up to its total if that is known."""
    if order.total is None:
        return _replace(order, refunded=sum_)
    whole = order.whole or sum_ >= order.total
    return _replace(order, refunded=max(order.total, 0) if whole else sum_, whole=whole)


def forget(books: Books, before: Instant) -> Books:
    """Return books without the orders that were heard of before an instant."""
    oldest = next(iter(books.orders.values()), None)
    if oldest is None or oldest.at >= before:  # they stand in the order in which they were heard of
        return books
    kept = {key: order for key, order in books.orders.items() if order.at >= before}
    return books if len(kept) == len(books.orders) else Books(books.accounts, books.holds, kept)


def to_take_back(order: Order) -> dict[str, int]:
    """Return how much of each unit the refunds so far still have to take back."""
    units = dict.fromkeys(one.unit for one in order.awards)
    dues = {unit: sum(dues_of(order, given(order, unit))) for unit in units}
    return {unit: due for unit, due in dues.items() if due}


def to_give_back(order: Order) -> dict[str, int]:
    """Return how much of each unit the refunds so far still have to give back."""
    units = dict.fromkeys(one.unit for one in order.used)
    dues = {unit: sum(dues_of(order, spent(order, unit))) for unit in units}
    return {unit: due for unit, due in dues.items() if due}


def is_refunded(order: Order) -> bool:
    """Return whether the whole order was refunded."""
    return order.total is not None and order.whole


def reverse(books: Books, poster: Poster, key: str, unit: str, *, forgive: bool) -> Books:
    """Return books from which a unit's awards of an order are taken back, as far as it was refunded.

    Each award is taken from its own lot first. What was spent already is owed,
    or forgiven; what expired unspent is not taken a second time.

    Args:
        books: The books before.
        poster: Takes the postings.
        key: Order number.
        unit: Key of the unit.
        forgive: Whether what was spent already is forgiven, for as long as it is spent: what comes
            back from a hold or a refund is taken then.

    Raises:
        InvalidValue: If nothing is known of the order.
    """
    order = _known(books, key)
    dues = dues_of(order, given(order, unit))
    if not any(dues):
        return books
    awards: list[Award] = []
    for one, due in zip(order.awards, dues, strict=True):
        if not due:
            awards.append(one)
            continue
        books, forgiven = _take_back(books, poster, one, due, forgive=forgive)
        awards.append(_replace(one, taken=one.taken + due, forgiven=one.forgiven + forgiven))
    books = with_account(books, unit, settled(books.account(unit), poster, unit))
    return with_order(books, key, _replace(order, awards=tuple(awards)))


def _take_back(books: Books, poster: Poster, award: Award, due: int, *, forgive: bool) -> tuple[Books, int]:
    """Return books without what is due of an award, and how much of it is forgiven; no debt is repaid."""
    unit = award.unit
    account = books.account(unit)
    lots = [lot for lot in account.lots if lot.id == award.lot]
    # What expired is left for last: it has gone back already.
    away = max(0, award.given - award.taken - award.expired - sum(lot.left for lot in lots))
    parts = portions(lots, due)
    for part in parts:
        out_of = poster.mine(unit, "pending" if part.active_at is not None else "")
        poster.post("reverse", unit, (out_of, programme_account(unit)), part.left, part.id, part.id)
        account = taken_out(account, [part])
    account = _replace(account, earned=account.earned - due)
    owed = min(due - sum(part.left for part in parts), away)
    if owed and not forgive:
        out_of = poster.mine(unit, "debt")
        poster.post("overdraw", unit, (out_of, programme_account(unit)), owed, award.lot, award.lot)
        account = _replace(account, debt=account.debt + owed)
    return with_account(books, unit, account), owed if forgive else 0


def restore(books: Books, poster: Poster, key: str, unit: str) -> Books:
    """Return books to which a unit that was spent on an order is given back, as far as it was refunded.

    It comes back to the lots it was drawn from, with their end; if that has come, it lasts
    `RESTORED_FOR` from now.

    Args:
        books: The books before.
        poster: Takes the postings.
        key: Order number.
        unit: Key of the unit.

    Raises:
        InvalidValue: If nothing is known of the order.
    """
    order = _known(books, key)
    used: list[Used] = []
    back: list[Lot] = []
    for one, due in zip(order.used, dues_of(order, spent(order, unit)), strict=True):
        if not due:
            used.append(one)
            continue
        back.append(_replace(one.lot, left=due, expires_at=_lasting(one.lot.expires_at, poster.as_of)))
        used.append(_replace(one, restored=one.restored + due))
        accounts = (programme_account(unit, "redeemed"), poster.mine(unit))
        poster.post("restore", unit, accounts, due, one.lot.id, one.posting)
    if not back:
        return books
    books = returned(with_order(books, key, _replace(order, used=tuple(used))), poster, unit, back)
    return with_account(books, unit, settled(books.account(unit), poster, unit))


def _known(books: Books, key: str) -> Order:
    if key not in books.orders:
        raise InvalidValue(f"nothing is known of order {key}")
    return books.orders[key]


def _lasting(expires_at: Instant | None, as_of: Instant) -> Instant | None:
    if expires_at is None or expires_at > as_of:
        return expires_at
    return as_of + RESTORED_FOR
