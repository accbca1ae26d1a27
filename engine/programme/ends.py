"""What the programme does by itself: ends that fall due, refunds, and moves between levels."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from engine.decision import Outcome
from engine.effects import (
    AbsorbMember,
    ActivatePoints,
    AnyEffect,
    ChangeTier,
    CloseHold,
    EndCoupon,
    EndMembership,
    EraseMember,
    ExpirePoints,
    RestoreCoupon,
    RestorePoints,
    ReversePoints,
)
from engine.events import ORDER_CANCELLED, ORDER_COMPLETED, ORDER_REFUNDED, Event
from engine.index import Index
from engine.ledger.books import Order
from engine.ledger.returns import is_refunded, to_give_back, to_take_back
from engine.programme.bookkeeping import refunded
from engine.programme.occasion import derived_id
from engine.programme.tiers import move, review
from engine.state import MemberState
from engine.values import Instant

RETURNS = frozenset((ORDER_REFUNDED, ORDER_CANCELLED))
"""Events that take back what an order gave."""


def outcome(
    event: Event, step: int, name: str, effects: list[Callable[[str, int], AnyEffect]], reason: str = ""
) -> Outcome:
    """Return what the programme did by itself, as the outcome of a rule of its own.

    Args:
        event: The entry that is decided.
        step: Number of the step.
        name: One of `BY_ITSELF`.
        effects: Makers of the effects, given an id and a number.
        reason: What is odd about it, or empty.
    """
    made = tuple(make(derived_id(event, step, name, 0, at), at) for at, make in enumerate(effects))
    return Outcome(step=step, rule=name, version=0, result="done", reason=reason, effects=made)


def ended(state: MemberState, event: Event, index: Index, zone: str) -> Outcome:
    """Return what comes of an end that fell due."""
    kind, name = event.properties["timer"], event.properties["name"]
    due_at: Instant = event.properties["mark"]
    effects: list[Callable[[str, int], AnyEffect]] = []
    if kind == "units":
        effects = list(_lots(state, name, event.as_of))
    elif kind == "coupons":
        effects = [
            _coupon_ends(code, one.coupon)
            for code, one in sorted(state.coupons.items())
            if one.expires_at is not None and one.expires_at <= due_at and not one.held_by
        ]
    elif kind == "hold":
        effects = [lambda id_, at: CloseHold(id=id_, action=at, hold=name, how="timed_out")]
    elif kind == "membership":
        effects = [lambda id_, at: EndMembership(id=id_, action=at, membership=name)]
    elif kind == "level" and name in index.rules.ladders:
        change = review(index.rules.ladders[name], state, event.as_of, zone)
        effects = [lambda id_, at: ChangeTier(id=id_, action=at, **change._asdict())]
    elif kind == "level":
        # The ladder is no longer defined: the level goes with it.
        level = state.levels[name]
        effects = [
            lambda id_, at: ChangeTier(id=id_, action=at, ladder=name, before=level.tier, how="downgraded")
        ]
    return outcome(event, 0, "@clock" if kind != "level" else "@tier", effects)


def ripe(state: MemberState, event: Event) -> Outcome | None:
    """Return what ends or can be spent at the very instant of an entry, or None.

    An event goes before a timer that is due with it; what has ended at that
    instant can't be spent by it all the same.
    """
    effects: list[Callable[[str, int], AnyEffect]] = []
    for unit, account in state.books.accounts.items():
        for lot in account.lots:
            if (lot.expires_at is not None and lot.expires_at <= event.as_of) or (
                lot.active_at is not None and lot.active_at <= event.as_of
            ):
                effects += _lots(state, unit, event.as_of)
                break
    return outcome(event, 0, "@clock", effects) if effects else None


def _lots(state: MemberState, unit: str, as_of: Instant) -> Iterator[Callable[[str, int], AnyEffect]]:
    lots = state.books.account(unit).lots
    gone = sum(one.left for one in lots if one.expires_at is not None and one.expires_at <= as_of)
    ripe = sum(
        one.left
        for one in lots
        if one.active_at is not None
        and one.active_at <= as_of
        and (one.expires_at is None or one.expires_at > as_of)
    )
    # What ends goes first, so that a lot whose wait and end fall together is never spendable.
    if gone:
        yield lambda id_, at: ExpirePoints(id=id_, action=at, unit=unit, points=gone)
    if ripe:
        yield lambda id_, at: ActivatePoints(id=id_, action=at, unit=unit, points=ripe)


def _coupon_ends(code: str, coupon: str) -> Callable[[str, int], AnyEffect]:
    return lambda id_, at: EndCoupon(id=id_, action=at, code=code, coupon=coupon, how="expired")


def returned(
    state: MemberState, before: MemberState, event: Event, index: Index, step: int
) -> Outcome | None:
    """Return what refunds take back and give back now, or None if nothing and nothing is odd.

    Args:
        state: The member, with the entry taken in.
        before: The member before it.
        event: An entry that tells of an order or of its refund.
        index: The rules in force.
        step: Number of the step.
    """
    odd = ""
    if event.name in RETURNS:
        odd = refunded(before.books, event, whole=event.name == ORDER_CANCELLED)[1]
        if odd == "refund-without-order" and not before.books.orders:
            odd = ""  # a member of whom no order is remembered has nothing to take back
    elif event.name != ORDER_COMPLETED:
        return None
    key = event.properties.get("order_id")
    order = state.books.orders.get(key) if isinstance(key, str) else None
    effects = list(_undone(state, order, str(key), index)) if order is not None else []
    if not effects and not odd:
        return None
    return outcome(event, step, "@refund", effects, odd)


def merged(event: Event, absorbed: str, over: tuple[str, ...]) -> Outcome:
    """Return the outcome by which another member becomes a part of this one.

    Args:
        event: The entry of the merge.
        absorbed: Key of the member that ends.
        over: Rules in which a wait ends by it.
    """
    return outcome(
        event,
        0,
        "@merge",
        [lambda id_, at: AbsorbMember(id=id_, action=at, member=absorbed, ended=over)],
    )


def erasure(event: Event) -> Outcome:
    """Return the outcome by which a member is no more."""
    return outcome(event, 0, "@person", [lambda id_, at: EraseMember(id=id_, action=at)])


def settled_orders(state: MemberState, event: Event, index: Index, keys: Sequence[str]) -> Outcome | None:
    """Return what is taken back and given back of orders once two members are one, or None.

    One of them may have been told of an order, the other of its refund.

    Args:
        state: The member, with the other united.
        event: The entry of the merge.
        index: The rules in force.
        keys: The orders that both knew.
    """
    effects = [one for key in keys for one in _undone(state, state.books.orders[key], key, index)]
    return outcome(event, 0, "@refund", effects) if effects else None


def _undone(
    state: MemberState, order: Order, key: str, index: Index
) -> Iterator[Callable[[str, int], AnyEffect]]:
    catalogue = index.rules.catalogue

    def reversal(unit: str, points: int) -> Callable[[str, int], AnyEffect]:
        definition = catalogue.units.get(unit)
        forgive = definition is not None and definition.on_refund == "forgive"
        return lambda id_, at: ReversePoints(
            id=id_, action=at, unit=unit, points=points, order=key, forgive=forgive
        )

    def restoring(unit: str, points: int) -> Callable[[str, int], AnyEffect]:
        return lambda id_, at: RestorePoints(id=id_, action=at, unit=unit, points=points, order=key)

    def coupon_back(code: str, coupon: str, until: Instant | None) -> Callable[[str, int], AnyEffect]:
        return lambda id_, at: RestoreCoupon(
            id=id_, action=at, code=code, coupon=coupon, order=key, expires_at=until
        )

    yield from (reversal(unit, points) for unit, points in sorted(to_take_back(order).items()))
    yield from (restoring(unit, points) for unit, points in sorted(to_give_back(order).items()))
    if is_refunded(order):
        for used in order.coupons:
            definition = catalogue.coupons.get(used.coupon)
            lasts = used.until is None or used.until > state.as_of
            if lasts and definition is not None and definition.on_refund == "restore":
                yield coupon_back(used.code, used.coupon, used.until)


def risen(state: MemberState, event: Event, index: Index, step: int, zone: str) -> Outcome | None:
    """Return the moves up that a member has earned, or None."""
    found = (move(ladder, state, event.as_of, zone) for ladder in index.rules.ladders.values())
    changes: list[dict[str, Any]] = [one._asdict() for one in found if one is not None]
    if not changes:
        return None

    def making(change: dict[str, Any]) -> Callable[[str, int], AnyEffect]:
        return lambda id_, at: ChangeTier(id=id_, action=at, **change)

    return outcome(event, step, "@tier", [making(one) for one in changes])
