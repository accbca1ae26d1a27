"""What an effect does to the member's books, and which postings it makes."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from engine.decision import Outcome
from engine.effects import (
    ActivatePoints,
    AnyEffect,
    AwardPoints,
    ExpirePoints,
    Hold,
    RestorePoints,
    ReversePoints,
    SpendPoints,
)
from engine.events import (
    POINTS_ACTIVATED,
    POINTS_EARNED,
    POINTS_EXPIRED,
    POINTS_REDEEMED,
    POINTS_RESTORED,
    POINTS_REVERSED,
    Event,
)
from engine.facts import property_of, typed
from engine.index import Index
from engine.language.benefits import POINTS
from engine.language.compiled import CompiledRule
from engine.language.giving import AwardCap
from engine.ledger import moving, returns
from engine.ledger.books import Books, Lot
from engine.ledger.books import Hold as HeldUnits
from engine.ledger.moving import Poster
from engine.ledger.postings import CouponMove, CouponStatus, Record
from engine.schedule import DAY, start_of
from engine.state import Awarded, Coupon, MemberState, changed
from engine.values import Instant, Number

_replace = msgspec.structs.replace

Heard = tuple[str, dict[str, Any]]
"""An internal event that an effect leads to: its name, and what is told of it."""


class Applied(NamedTuple):
    """The member after an effect, the internal events it leads to, and what it leaves in the books."""

    state: MemberState
    heard: list[Heard]
    records: list[Record]


class Cause(NamedTuple):
    """What an effect stems from.

    Attributes:
        outcome: Whose effect it is.
        event: The entry that is decided.
        in_force: The rules in force.
        zone: The member's zone.
        absorbed: The member that ends by a merge; None otherwise.
    """

    outcome: Outcome
    event: Event
    in_force: Index
    zone: str
    absorbed: MemberState | None = None


def kept(state: MemberState, effect: AnyEffect, cause: Cause) -> Applied:
    """Return the member after an effect on its books; another effect changes nothing."""
    poster = Poster(effect.id, state.member, state.as_of)
    heard: list[Heard] = []
    if isinstance(effect, AwardPoints):
        state = _awarded(state, effect, cause, poster)
        said = {"points": effect.points, "unit": effect.unit, "rule": cause.outcome.rule}
        heard.append((POINTS_EARNED, said))
    elif isinstance(effect, SpendPoints):
        books = moving.spend(state.books, poster, effect.unit, effect.points, order=effect.order)
        state = with_books(state, books)
        heard.append((POINTS_REDEEMED, told(effect.unit, effect.points, effect.order)))
    elif isinstance(effect, Hold):
        state, moves = _held(state, effect, poster)
        return Applied(state, heard, [*poster.postings, *moves])
    elif isinstance(effect, ActivatePoints):
        state = with_books(state, moving.activate(state.books, poster, effect.unit))
        heard.append((POINTS_ACTIVATED, told(effect.unit, effect.points)))
    elif isinstance(effect, ExpirePoints):
        state = with_books(state, moving.expire(state.books, poster, effect.unit))
        heard.append((POINTS_EXPIRED, told(effect.unit, effect.points)))
    elif isinstance(effect, ReversePoints):
        books = returns.reverse(state.books, poster, effect.order, effect.unit, forgive=effect.forgive)
        state = with_books(state, books)
        heard.append((POINTS_REVERSED, told(effect.unit, effect.points, effect.order)))
    elif isinstance(effect, RestorePoints):
        state = with_books(state, returns.restore(state.books, poster, effect.order, effect.unit))
        heard.append((POINTS_RESTORED, told(effect.unit, effect.points, effect.order)))
    return Applied(state, heard, [*poster.postings])


def told(unit: str, points: int, order: str = "") -> dict[str, Any]:
    """Return what an internal event tells of moved units."""
    return {"points": points, "unit": unit} | ({"order_id": order} if order else {})


def with_books(state: MemberState, books: Books) -> MemberState:
    """Return the member with other books."""
    return changed(state, books=books, points=books.account(POINTS).available)


def _awarded(state: MemberState, effect: AwardPoints, cause: Cause, poster: Poster) -> MemberState:
    lot = Lot(effect.id, effect.points, effect.active_at, effect.expires_at)
    books = moving.award(state.books, poster, effect.unit, effect.points, lot=lot, order=effect.order)
    if effect.order:
        books = ordered(remembered(books, cause), cause.event)
    state = with_books(state, books)
    capped = _cap_of(effect, cause)
    if capped is None:
        return state
    key, start = capped
    done = state.awarded.get(key)
    amount = effect.points + (done.amount if done is not None and done.start == start else 0)
    return changed(state, awarded={**state.awarded, key: Awarded(start, amount)})


def _cap_of(effect: AwardPoints, cause: Cause) -> tuple[str, int] | None:
    """Return under which name a capped award is counted, and from when on; None without a cap."""
    outcome = cause.outcome
    if outcome.version == 0:
        return None
    cap = _capped(cause.in_force.rules.version(outcome.rule, outcome.version), effect.action)
    if cap is None:
        return None
    return f"{outcome.rule}.{effect.action}", start_of(cause.event.as_of, cap.every, cause.zone)


def cap_of(counted: str, in_force: Index) -> AwardCap | None:
    """Return the cap by whose period an action's awards are counted, or None if no version has one.

    Args:
        counted: `<rule>.<action>`, as the state names it.
        in_force: The rules in force; of several versions with a cap the newest counts.
    """
    key, _, action = counted.rpartition(".")
    versions = sorted(version for rule, version in in_force.rules.versions if rule == key)
    caps = (_capped(in_force.rules.version(key, version), int(action)) for version in reversed(versions))
    return next((cap for cap in caps if cap is not None), None)


def _capped(rule: CompiledRule, action: int) -> AwardCap | None:
    actions = rule.journey.actions
    return getattr(actions[action], "at_most", None) if action < len(actions) else None


def completed(books: Books, event: Event, returns_days: int) -> Books:
    """Return books that remember an order, whatever it earned, until it is too old to be refunded.

    Args:
        books: The books before.
        event: The entry that tells of the order.
        returns_days: How long orders can be refunded.
    """
    since = event.as_of - returns_days * DAY
    books = returns.forget(books, since)
    return _with_total(books, event) if event.occurred_at >= since else ordered(books, event)


def ordered(books: Books, event: Event) -> Books:
    """Return books that know what an order came to, if they know of the order and the entry tells it."""
    key = event.properties.get("order_id")
    return _with_total(books, event) if isinstance(key, str) and key in books.orders else books


def _with_total(books: Books, event: Event) -> Books:
    key = event.properties.get("order_id")
    total = typed(property_of(event.properties, "total"), "number")
    if not isinstance(key, str) or not key or not isinstance(total, Number) or total < 0:
        return books
    currency = event.properties.get("currency")
    said = currency if isinstance(currency, str) else ""
    return returns.ordered(books, key, at=event.as_of, total=total, currency=said)


def refunded(books: Books, event: Event, *, whole: bool) -> tuple[Books, str]:
    """Return books that know of a refund that an entry tells of, and what is odd about it."""
    said: Mapping[str, Any] = event.properties
    key, currency, refund = (said.get(name) for name in ("order_id", "currency", "refund_id"))
    if not isinstance(key, str) or not key:
        return books, "refund-without-order"
    amount = typed(property_of(said, "total"), "number")
    return returns.refunded(
        books,
        key,
        at=event.as_of,
        amount=amount if isinstance(amount, Number) and not whole else None,
        currency=currency if isinstance(currency, str) else "",
        refund=refund if isinstance(refund, str) else "",
    )


def remembered(books: Books, cause: Cause) -> Books:
    """Return books without the orders that are too old to be refunded."""
    days = cause.in_force.rules.catalogue.programme.returns_days
    return returns.forget(books, cause.event.as_of - days * DAY)


def _held(state: MemberState, effect: Hold, poster: Poster) -> tuple[MemberState, list[CouponMove]]:
    held = HeldUnits(effect.order, effect.until, (), effect.coupons)
    books = moving.hold(state.books, poster, effect.hold, effect.units.items(), held)
    coupons = {
        code: _replace(one, held_by=effect.hold) if code in effect.coupons else one
        for code, one in state.coupons.items()
    }
    moves = [
        coupon_move(code, coupons[code], "held", state.as_of, order=effect.order) for code in effect.coupons
    ]
    return changed(with_books(state, books), coupons=coupons), moves


def coupon_move(
    code: str,
    coupon: Coupon,
    status: CouponStatus,
    as_of: Instant,
    *,
    order: str = "",
    given: bool = False,
) -> CouponMove:
    """Return the record of what became of a coupon."""
    return CouponMove(
        code=code,
        coupon=coupon.coupon,
        status=status,
        order=order,
        hold=coupon.held_by if status == "held" else "",
        expires_at=coupon.expires_at,
        as_of=as_of,
        given=given,
    )
