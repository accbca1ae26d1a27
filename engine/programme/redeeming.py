"""Redemption at a till, in two phases: reserve, then confirm or release."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from engine.effects import CloseHold, Hold
from engine.programme.asked import MAX_TEXT, Asked, Carried, pointer, whole
from engine.programme.basket import Basket, basket_of
from engine.programme.money import text
from engine.programme.paying import exactly, ripened
from engine.programme.reasons import Refusal, Refused
from engine.programme.till import usable_coupon
from engine.programme.together import Usable, apart, best
from engine.values import MICROSECONDS, instant_text

MINUTES: Final = 15
"""How long a reservation holds unless the till says otherwise."""

MOST_MINUTES: Final = 1440
MOST_COUPONS: Final = 20
MOST_UNITS: Final = 20

_Chosen = tuple[Usable, dict[str, Any]]


class _Part(NamedTuple):
    """What coupons or units contribute to a redemption, with what the till is told."""

    minor: int
    said: list[dict[str, Any]]
    limits: list[dict[str, Any]]


def reserve(asked: Asked) -> Carried:
    """Set units and coupons aside for an order, and spend them at once if that is asked: all or nothing.

    Raises:
        Refusal: If anything of it can't be had.
    """
    redemption = asked.text("redemption")
    if redemption in asked.state.books.holds:
        raise Refusal("redemption-exists")
    basket = basket_of(asked.told("order"), asked.catalogue.programme.currency)
    if not basket.order_id:
        raise Refusal("bad-order", path="/order/order_id")
    until = asked.as_of + _minutes(asked) * 60 * MICROSECONDS
    confirm = asked.flag("confirm")
    coupons = _coupons(asked, basket)
    units = _units(asked, basket, basket.minor_total - coupons.minor)
    if not coupons.said and not units.said:
        raise Refusal("nothing-to-redeem")
    effects = asked.falling_due([one["unit"] for one in units.said])
    at = len(effects)
    hold = Hold(
        id=asked.effect_id(at),
        action=at,
        hold=redemption,
        units={one["unit"]: one["units"] for one in units.said},
        coupons=tuple(one["code"] for one in coupons.said),
        order=basket.order_id,
        until=until,
    )
    effects.append(hold)
    if confirm:
        effects.append(CloseHold(id=asked.effect_id(at + 1), action=at + 1, hold=redemption, how="confirmed"))
    currency = basket.currency
    answer: dict[str, Any] = {
        "status": "redeemed" if confirm else "reserved",
        "redemption": redemption,
        "order_id": basket.order_id,
        "currency": currency,
        "total": text(basket.minor_total, currency),
        "discount": text(coupons.minor, currency),
        "coupons": coupons.said,
        "paid": text(units.minor, currency),
        "pays": units.said,
        "left_to_pay": text(basket.minor_total - coupons.minor - units.minor, currency),
        "limits": [*coupons.limits, *units.limits],
    }
    return Carried(tuple(effects), answer if confirm else answer | {"until": instant_text(until)})


def confirm(asked: Asked) -> Carried:
    """Spend what a redemption has set aside.

    Raises:
        Refusal: If none of that id is open.
    """
    return _close(asked, CloseHold(id=asked.effect_id(0), action=0, hold=_open(asked), how="confirmed"))


def release(asked: Asked) -> Carried:
    """Give back what a redemption has set aside.

    Raises:
        Refusal: If none of that id is open.
    """
    return _close(asked, CloseHold(id=asked.effect_id(0), action=0, hold=_open(asked), how="released"))


def _open(asked: Asked) -> str:
    redemption = asked.text("redemption")
    if redemption not in asked.state.books.holds:
        raise Refusal("redemption-unknown")
    return redemption


def _close(asked: Asked, effect: CloseHold) -> Carried:
    hold = asked.state.books.holds[effect.hold]
    units: dict[str, int] = {}
    for unit, part in hold.parts:
        units[unit] = units.get(unit, 0) + part.left
    answer = {
        "status": "redeemed" if effect.how == "confirmed" else "released",
        "redemption": effect.hold,
        "order_id": hold.order,
        "units": units,
        "coupons": list(hold.coupons),
    }
    return Carried((effect,), answer)


def _minutes(asked: Asked) -> int:
    minutes = asked.told("hold_minutes")
    if minutes is None:
        return MINUTES
    if not isinstance(minutes, int) or isinstance(minutes, bool) or not 1 <= minutes <= MOST_MINUTES:
        raise Refusal("bad-request", path="/hold_minutes")
    return minutes


def _coupons(asked: Asked, basket: Basket) -> _Part:
    chosen = _best(asked, basket) if asked.flag("best") else _named(asked, basket)
    pair = apart([(one.code, one.definition) for one, _ in chosen])
    if pair is not None:
        raise Refusal("coupon-not-together", codes=list(pair))
    left = basket.minor_total
    said: list[dict[str, Any]] = []
    limits: list[dict[str, Any]] = []
    for one, told in chosen:
        minor = min(left, one.minor)
        limits += [{"code": one.code, **limit} for limit in told["limits"]]
        if minor < one.minor:
            limits.append({"code": one.code, "limit": "order", "amount": text(left, basket.currency)})
        left -= minor
        kept = {key: told[key] for key in ("code", "coupon", "kind")}
        said.append(kept | {"discount": text(minor, basket.currency)})
    return _Part(basket.minor_total - left, said, limits)


def _best(asked: Asked, basket: Basket) -> list[_Chosen]:
    if asked.told("coupons"):
        raise Refusal("bad-request", path="/best")
    found: dict[str, _Chosen] = {}
    for code, coupon in asked.state.coupons.items():
        one = usable_coupon(code, coupon, basket, asked.catalogue, asked.as_of)
        if not isinstance(one, Refused):
            found[code] = one
    usable = [one for one, _ in found.values()]
    return [found[one.code] for one in best(usable, basket.minor_total).coupons]


def _named(asked: Asked, basket: Basket) -> list[_Chosen]:
    codes = asked.told("coupons")
    if codes is None:
        return []
    if not isinstance(codes, list | tuple) or len(codes) > MOST_COUPONS:
        raise Refusal("bad-request", path="/coupons")
    chosen: list[_Chosen] = []
    for at, code in enumerate(codes):
        if not isinstance(code, str) or len(code) > MAX_TEXT or code in codes[:at]:
            raise Refusal("bad-request", path=f"/coupons/{at}")
        coupon = asked.state.coupons.get(code)
        if coupon is None:
            raise unknown_coupon(asked, code)
        one = usable_coupon(code, coupon, basket, asked.catalogue, asked.as_of)
        if isinstance(one, Refused):
            raise Refusal(one.reason, code=code, **one.more)
        chosen.append(one)
    return chosen


def _units(asked: Asked, basket: Basket, left: int) -> _Part:
    units = asked.told("units")
    if units is None:
        return _Part(0, [], [])
    if not isinstance(units, Mapping) or len(units) > MOST_UNITS:
        raise Refusal("bad-request", path="/units")
    total = 0
    said: list[dict[str, Any]] = []
    limits: list[dict[str, Any]] = []
    for unit in sorted(units):
        path = pointer("units", unit)
        definition = asked.unit(unit, path)
        amount = whole(units[unit], path)
        if amount < 0:
            raise Refusal("amount-negative", path=path)
        account = ripened(asked.state.books, unit, asked.as_of).account
        paid = exactly(definition, account, basket, left - total, amount)
        total += paid.minor
        limits += paid.limits
        said.append({"unit": unit, "units": paid.units, "amount": text(paid.minor, basket.currency)})
    return _Part(total, said, limits)


def unknown_coupon(asked: Asked, code: str) -> Refusal:
    """Return why a code isn't among the member's coupons, as far as the member's own books tell."""
    for key, order in asked.state.books.orders.items():
        if any(one.code == code for one in order.coupons):
            return Refusal("coupon-used", code=code, order_id=key)
    return Refusal("coupon-unknown", code=code)
