"""Words for what moves a member's units: awards, spending, ends, refunds, redemptions."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from api.service.naming import amount_text, moment_text, unit_name
from engine.effects import (
    ActivatePoints,
    AwardPoints,
    CloseHold,
    ExpirePoints,
    Hold,
    MultiplyPoints,
    RestorePoints,
    ReversePoints,
    SpendPoints,
)
from engine.language.base import Text, words
from engine.language.catalogue import Catalogue

_CLOSED: Final[Mapping[str, Text]] = {
    "confirmed": words("confirmed", "已确认"),
    "released": words("released", "已释放"),
    "timed_out": words("timed out", "已超时释放"),
}


def _award(effect: AwardPoints, catalogue: Catalogue) -> Text:
    much = amount_text(effect.points, effect.unit, catalogue)
    more = [words(f"×{effect.factor}", f"×{effect.factor}")] if effect.factor else []
    if effect.active_at is not None:
        begin = moment_text(effect.active_at, catalogue)
        more.append(words(f"can be spent from {begin['en']}", f"{begin['zh-Hans']} 起可用"))
    if effect.expires_at is not None:
        end = moment_text(effect.expires_at, catalogue)
        more.append(words(f"until {end['en']}", f"有效至 {end['zh-Hans']}"))
    english, chinese = "; ".join(one["en"] for one in more), "；".join(one["zh-Hans"] for one in more)
    return words(
        f"awarded {much['en']}" + (f" ({english})" if more else ""),
        f"奖励 {much['zh-Hans']}" + (f"（{chinese}）" if more else ""),
    )


def _multiply(effect: MultiplyPoints, catalogue: Catalogue) -> Text:
    unit = unit_name(effect.unit, catalogue)
    return words(f"{unit['en']} ×{effect.factor}", f"{unit['zh-Hans']} ×{effect.factor}")


def _spend(effect: SpendPoints, catalogue: Catalogue) -> Text:
    much = amount_text(effect.points, effect.unit, catalogue)
    return words(
        f"took {much['en']}" + (f" for order {effect.order}" if effect.order else ""),
        f"扣减 {much['zh-Hans']}" + (f"（订单 {effect.order}）" if effect.order else ""),
    )


def _hold(effect: Hold, catalogue: Catalogue) -> Text:
    parts = [amount_text(amount, unit, catalogue) for unit, amount in effect.units.items()]
    parts += [words(f"coupon {code}", f"优惠券 {code}") for code in effect.coupons]
    until = moment_text(effect.until, catalogue)
    order = words(f" for order {effect.order}", f"，订单 {effect.order}") if effect.order else words("", "")
    return words(
        f"set aside {', '.join(one['en'] for one in parts)}{order['en']} until {until['en']}",
        f"预留 {'、'.join(one['zh-Hans'] for one in parts)}（至 {until['zh-Hans']}{order['zh-Hans']}）",
    )


def _closed(effect: CloseHold, _: Catalogue) -> Text:
    how = _CLOSED[effect.how]
    return words(f"redemption {effect.hold} {how['en']}", f"核销 {effect.hold} {how['zh-Hans']}")


def _activate(effect: ActivatePoints, catalogue: Catalogue) -> Text:
    much = amount_text(effect.points, effect.unit, catalogue)
    return words(f"{much['en']} can be spent from now on", f"{much['zh-Hans']} 现在可用")


def _expire(effect: ExpirePoints, catalogue: Catalogue) -> Text:
    much = amount_text(effect.points, effect.unit, catalogue)
    return words(f"{much['en']} expired", f"{much['zh-Hans']} 已到期")


def _reverse(effect: ReversePoints, catalogue: Catalogue) -> Text:
    much = amount_text(effect.points, effect.unit, catalogue)
    return words(
        f"took back {much['en']} that order {effect.order} earned"
        + (", forgiving what was spent" if effect.forgive else ""),
        f"收回订单 {effect.order} 所得的 {much['zh-Hans']}" + ("，已用部分免除" if effect.forgive else ""),
    )


def _restore(effect: RestorePoints, catalogue: Catalogue) -> Text:
    much = amount_text(effect.points, effect.unit, catalogue)
    return words(
        f"gave back {much['en']} spent on order {effect.order}",
        f"返还订单 {effect.order} 所用的 {much['zh-Hans']}",
    )


UNITS: Final[Mapping[type, Callable[[Any, Catalogue], Text]]] = {
    AwardPoints: _award,
    MultiplyPoints: _multiply,
    SpendPoints: _spend,
    Hold: _hold,
    CloseHold: _closed,
    ActivatePoints: _activate,
    ExpirePoints: _expire,
    ReversePoints: _reverse,
    RestorePoints: _restore,
}
"""Who words which effect on units."""
