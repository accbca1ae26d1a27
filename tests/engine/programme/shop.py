"""A programme with every kind of coupon and unit, a member, and requests, for the tests of this folder."""

from collections.abc import Callable
from typing import Any

from engine.decision import Need
from engine.effects import (
    ActivatePoints,
    AwardPoints,
    CloseHold,
    ExpirePoints,
    SpendPoints,
)
from engine.effects import Hold as HoldEffect
from engine.events import Event
from engine.language.benefits import CouponDefinition
from engine.language.catalogue import Catalogue
from engine.language.definitions import Definitions
from engine.ledger import moving
from engine.ledger.books import Account, Books, Hold, Lot, Order, Redeemed
from engine.ledger.moving import Poster
from engine.programme.asked import Carried
from engine.programme.basket import Basket, Item
from engine.programme.money import minor
from engine.programme.requests import carry_out
from engine.state import Coupon, MemberState
from engine.values import Instant, instant_text, number, parse_instant

NOW = parse_instant("2026-06-01T10:00:00Z")


def defined(key: str, kind: str, value: str | None = None, **more: Any) -> CouponDefinition:
    said = {"key": key, "name": {"en": key}, "kind": kind, "value": value, **more}
    return CouponDefinition.model_validate(said)


def basket(total: str, *items: tuple[str, str, int, str], currency: str = "CNY") -> Basket:
    """Return an order of `total` with lines of product, category, quantity and price."""
    lines = tuple(Item(one[0], one[1], one[2], minor(number(one[3]), currency)) for one in items)
    return Basket("o-1", minor(number(total), currency), currency, lines)


def unit(key: str, **more: Any) -> dict[str, Any]:
    return {"key": key, "name": {"en": key}, **more}


def deduction(units: int, worth: str, **more: Any) -> dict[str, Any]:
    return {"units": units, "worth": worth, "currency": "CNY", **more}


UNITS = [
    unit("points", deduction=deduction(100, "1", at_most_percent=50)),
    unit("stars"),
    unit("growth", kind="growth"),
    unit("pass", kind="visits"),
    unit("wash", kind="visits", deduction=deduction(1, "30")),
    unit("cash", kind="money", currency="CNY"),
    unit("yen", kind="money", currency="JPY"),
]
LADDER = {
    "key": "tier",
    "name": {"en": "Tier"},
    "measure": "count",
    "period": "ever",
    "tiers": [
        {"key": "silver", "name": {"en": "Silver"}, "reached_at": "1"},
        {"key": "gold", "name": {"en": "Gold"}, "reached_at": "3"},
    ],
}
CLUB = {"key": "club", "name": {"en": "Club"}, "lasts": {"years": 1}}
CELLAR = {"key": "cellar", "name": {"en": "Cellar"}, "lasts": {"years": 1}, "invitation": "invited"}


def catalogue(*coupons: CouponDefinition, units: list[dict[str, Any]] | None = None) -> Catalogue:
    said = {"units": units or UNITS, "ladders": [LADDER], "memberships": [CLUB, CELLAR]}
    return Catalogue(Definitions.model_validate({**said, "coupons": list(coupons)}))


def member(
    coupons: dict[str, Coupon] | None = None, units: dict[str, Account] | None = None, **more: Any
) -> MemberState:
    books = Books(units or {}, more.pop("holds", {}), more.pop("orders", {}))
    return MemberState(member="m", as_of=NOW, coupons=coupons or {}, books=books, **more)


def having(amount: int, **more: Any) -> Account:
    return Account((Lot("l", amount, more.pop("active_at", None), more.pop("expires_at", None)),), **more)


def supplied(need: Need) -> Any:
    return "CODE-1" if need.kind == "code" else True


def ask(
    name: str,
    state: MemberState,
    known: Catalogue,
    grant: Callable[[Need], Any] = supplied,
    now: Instant = NOW,
    **properties: Any,
) -> Carried:
    event = Event(
        source="till",
        message_id="1",
        kind="request",
        name=name,
        member="m",
        occurred_at=now,
        recorded_at=now,
        as_of=now,
        properties=properties,
        member_sequence=1,
    )
    return carry_out(state, event, known, lambda place: f"effect-{place}", grant)


def books_after(state: MemberState, carried: Carried, now: Instant = NOW) -> Books:
    """Carry out what moves units, by the ledger's own operations."""
    books = state.books
    for effect in carried.effects:
        poster = Poster(effect.id, "m", now)
        if isinstance(effect, ExpirePoints):
            books = moving.expire(books, poster, effect.unit)
        elif isinstance(effect, ActivatePoints):
            books = moving.activate(books, poster, effect.unit)
        elif isinstance(effect, SpendPoints):
            books = moving.spend(books, poster, effect.unit, effect.points)
        elif isinstance(effect, AwardPoints):
            lot = Lot(effect.id, effect.points, None, effect.expires_at)
            books = moving.award(books, poster, effect.unit, effect.points, lot=lot)
        elif isinstance(effect, HoldEffect):
            held = Hold(effect.order, effect.until, coupons=effect.coupons)
            books = moving.hold(books, poster, effect.hold, effect.units.items(), held)
        elif isinstance(effect, CloseHold):
            close = moving.confirm if effect.how == "confirmed" else moving.release
            books = close(books, poster, effect.hold)
    return books


RESERVE, CONFIRM, RELEASE = "Redemption Reserved", "Redemption Confirmed", "Redemption Released"
VOID, GRANT, ADJUST = "Coupon Voiding", "Coupon Granted", "Points Adjusted"
LEVEL, MEMBERSHIP = "Level Set", "Membership Set"
MINUTE = 60_000_000
KNOWN = catalogue(
    defined("ten", "amount", "10"),
    defined("five", "amount", "5", with_others=True, group="g"),
    defined("six", "amount", "6", with_others=True, group="g"),
    defined("free", "gift", with_others=True),
    defined("big", "amount", "50", minimum_spend="200"),
    defined("rare", "gift", per_member=1, total=3, valid_days=30, codes="pool"),
    defined("over", "gift", valid_until=instant_text(NOW)),
)
ORDER = {"order_id": "o-1", "total": 100, "currency": "CNY"}


def shopper(**more: Any) -> MemberState:
    coupons = {
        "TEN": Coupon("ten", NOW),
        "FIVE": Coupon("five", NOW),
        "SIX": Coupon("six", NOW),
        "FREE": Coupon("free", NOW),
        "BIG": Coupon("big", NOW),
        "HELD": Coupon("ten", NOW, None, "r-0"),
        "OLD": Coupon("ten", NOW, NOW),
    }
    units = {"points": having(2000), "cash": having(500), "pass": having(3)}
    holds = {"r-0": Hold("o-0", NOW + MINUTE, (("points", Lot("h", 7)),), ("HELD",))}
    orders = {"o-9": Order(NOW, coupons=(Redeemed("USED", "ten"),))}
    return member(coupons, units, **{"holds": holds, "orders": orders, **more})
