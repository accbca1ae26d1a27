"""Figures net of refunds: an order counts when it happened, a refund is taken off when that happened.

Only a refund of an order that is known takes anything off, at most what the order came to (ruling 16).
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import msgspec

from engine.events import ORDER_COMPLETED, Event
from engine.index import Index
from engine.ledger import returns
from engine.ledger.books import Books, Order
from engine.ledger.exactly import minus
from engine.programme.history import add, enter, together
from engine.state import Counted, EarlyRefund, MemberState, Past
from engine.values import Instant, Number

_replace = msgspec.structs.replace
_NEW = Counted()


class Taken(NamedTuple):
    """What a refund takes off an order.

    Attributes:
        at: When it happened.
        amount: How much.
        whole_at: When nothing was left of the order by it; None if something is.
    """

    at: Instant
    amount: Number
    whole_at: Instant | None


def net(
    state: MemberState, past: dict[str, Past], books: Books, event: Event, index: Index
) -> dict[str, Any]:
    """Return what an entry means to figures that are net of refunds: changes of the state.

    Args:
        state: The member before the entry.
        past: The history, with the entry in all other series.
        books: The books with what the entry tells of an order or of its refund.
        event: An entry that tells of one.
        index: The rules in force.
    """
    past = {**past}
    series: list[str] = []
    if event.name == ORDER_COMPLETED:
        series = enter(past, index.net_of, event.properties, event.occurred_at, event.as_of, index)
    key = event.properties.get("order_id")
    order = books.orders.get(key) if isinstance(key, str) else None
    known = state.books.orders.get(key) if isinstance(key, str) else None
    if not isinstance(key, str) or order is None or order is known:
        return {"past": past}
    counted = state.counted.get(key, _NEW)
    if order.total is not None and (known is None or known.total is None):
        counted = _replace(counted, series=tuple(series))
        _take_off(
            past, counted, _told_early(order, counted, counted.early, order.refunded), event.as_of, index
        )
        counted = _replace(counted, early=())
    else:
        counted, refunds = _refunded(counted, order, known or Order(order.at), event)
        _take_off(past, counted, refunds, event.as_of, index)
    kept = {name: one for name, one in state.counted.items() if name in books.orders}
    return {"past": past, "counted": {**kept, key: counted}}


def _refunded(counted: Counted, order: Order, before: Order, event: Event) -> tuple[Counted, list[Taken]]:
    """Return an order after a refund, and what it takes off; nothing yet if the order isn't known."""
    at, amount = event.occurred_at, minus(order.refunded, before.refunded)
    counted = _replace(counted, refunded_at=max(at, counted.refunded_at))
    if order.total is not None:
        return counted, [Taken(at, amount, at if order.whole and not before.whole else None)]
    refund = event.properties.get("refund_id")
    early = EarlyRefund(refund if isinstance(refund, str) else "", at, amount or None)
    return _replace(counted, early=(*counted.early, early)), []


def united(
    mine: MemberState, theirs: MemberState, index: Index
) -> tuple[dict[str, Past], dict[str, Counted]]:
    """Return two members' histories as one, and the orders among their figures net of refunds.

    One of them may have been told of an order, and the other of its refund: the two come together.

    Args:
        mine: The member that goes on.
        theirs: The member that ends.
        index: The rules in force.
    """
    past = together(mine.past, theirs.past, index)
    counted = {**mine.counted}
    for key, other in theirs.counted.items():
        one = counted.get(key)
        if one is None:
            counted[key] = other
            continue
        orders = mine.books.orders.get(key), theirs.books.orders.get(key)
        early = [*one.early, *_unknown(other.early, [refund.id for refund in one.early])]
        both = Counted(
            tuple(dict.fromkeys((*one.series, *other.series))),
            max(one.refunded_at, other.refunded_at),
            tuple(sorted(early, key=lambda refund: refund.at)),
        )
        counted[key] = _met(past, both, orders, mine.as_of, index)
    return past, counted


def _met(
    past: dict[str, Past],
    counted: Counted,
    orders: tuple[Order | None, Order | None],
    as_of: Instant,
    index: Index,
) -> Counted:
    """Return an order of two members, once what only one was told to be refunded of it is taken off."""
    order, other = orders
    if order is None or other is None or (order.total is None) == (other.total is None):
        return counted
    if order.total is None:
        order, other = other, order
    early = _unknown(counted.early, [name for name, _ in order.refunds])
    both = returns.united(order, other)
    more = _told_early(both, counted, early, minus(both.refunded, order.refunded), was_whole=order.whole)
    _take_off(past, counted, more, as_of, index)
    return _replace(counted, early=())


def _unknown(refunds: Iterable[EarlyRefund], known: list[str]) -> list[EarlyRefund]:
    return [one for one in refunds if not one.id or one.id not in known]


def _told_early(
    order: Order, counted: Counted, refunds: Iterable[EarlyRefund], amount: Number, *, was_whole: bool = False
) -> Iterator[Taken]:
    """Yield what refunds that were told before their order take off it, no more than an amount together."""
    open_ = order.whole and not was_whole
    for one in refunds:
        part = amount if one.amount is None else min(one.amount, amount)
        amount = minus(amount, part)
        yield Taken(one.at, part, max(one.at, counted.refunded_at) if open_ and not amount else None)
        open_ = open_ and bool(amount)


def _take_off(
    past: dict[str, Past], counted: Counted, refunds: Iterable[Taken], as_of: Instant, index: Index
) -> None:
    for one in refunds:
        for key in counted.series:
            series = index.rules.series.get(key)
            if series is None:
                continue
            if series.property is not None and one.amount:
                add(past, key, one.at, minus(0, one.amount), as_of, index)
            elif series.property is None and one.whole_at is not None:
                add(past, key, one.whole_at, -1, as_of, index)
