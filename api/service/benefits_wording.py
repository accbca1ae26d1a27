"""Words for coupons, levels, memberships and prizes that come and go."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from api.service.naming import moment_text, named, prize_name, tier_name
from engine.effects import (
    ChangeTier,
    DrawPrize,
    EndCoupon,
    EndMembership,
    IssueCoupon,
    RestoreCoupon,
    StartMembership,
)
from engine.language.base import Text, words
from engine.language.catalogue import Catalogue
from engine.values import Instant

_ENDED: Final[Mapping[str, Text]] = {
    "redeemed": words("redeemed", "已使用"),
    "expired": words("expired", "已到期"),
    "voided": words("voided", "已作废"),
}
_NO_LEVEL: Final = words("no level", "无等级")


def _coupon_issued(effect: IssueCoupon, catalogue: Catalogue) -> Text:
    coupon = _coupon(effect.coupon, effect.code, catalogue)
    return words(f"issued coupon {coupon['en']}", f"发放优惠券{coupon['zh-Hans']}")


def _coupon_ended(effect: EndCoupon, catalogue: Catalogue) -> Text:
    coupon, how = _coupon(effect.coupon, effect.code, catalogue), _ENDED[effect.how]
    return words(
        f"coupon {coupon['en']} {how['en']}" + (f" on order {effect.order}" if effect.order else ""),
        f"优惠券{coupon['zh-Hans']}{how['zh-Hans']}" + (f"，订单 {effect.order}" if effect.order else ""),
    )


def _coupon_restored(effect: RestoreCoupon, catalogue: Catalogue) -> Text:
    coupon, until = _coupon(effect.coupon, effect.code, catalogue), _until(effect.expires_at, catalogue)
    return words(
        f"gave back coupon {coupon['en']} of order {effect.order}{until['en']}",
        f"返还订单 {effect.order} 所用的优惠券{coupon['zh-Hans']}{until['zh-Hans']}",
    )


def _coupon(key: str, code: str, catalogue: Catalogue) -> Text:
    name = named("coupons", key, catalogue)
    return words(f"“{name['en']}” ({code})", f"“{name['zh-Hans']}”（{code}）")


def _tier(effect: ChangeTier, catalogue: Catalogue) -> Text:
    ladder, until = named("ladders", effect.ladder, catalogue), _until(effect.until, catalogue)
    now, before = _level(effect, effect.tier, catalogue), _level(effect, effect.before, catalogue)
    said = {
        "upgraded": words(
            f"from {before['en']} up to {now['en']}", f"由{before['zh-Hans']}升至{now['zh-Hans']}"
        ),
        "downgraded": words(
            f"from {before['en']} down to {now['en']}", f"由{before['zh-Hans']}降至{now['zh-Hans']}"
        ),
        "retained": words(f"{now['en']} kept", f"保留{now['zh-Hans']}"),
        "grace": words(f"{now['en']} kept for a time of grace", f"宽限期内保留{now['zh-Hans']}"),
        "set": words(f"set to {now['en']}", f"设为{now['zh-Hans']}"),
    }[effect.how]
    return words(
        f"“{ladder['en']}”: {said['en']}{until['en']}",
        f"“{ladder['zh-Hans']}”{said['zh-Hans']}{until['zh-Hans']}",
    )


def _level(effect: ChangeTier, tier: str | None, catalogue: Catalogue) -> Text:
    if tier is None:
        return _NO_LEVEL
    name = tier_name(effect.ladder, tier, catalogue)
    return words(f"“{name['en']}”", f"“{name['zh-Hans']}”")


def _membership_started(effect: StartMembership, catalogue: Catalogue) -> Text:
    name, until = named("memberships", effect.membership, catalogue), _until(effect.until, catalogue)
    did = words("renewed", "续期") if effect.renewed else words("started", "开通")
    return words(
        f"{did['en']} membership “{name['en']}”{until['en']}",
        f"{did['zh-Hans']}会籍“{name['zh-Hans']}”{until['zh-Hans']}",
    )


def _membership_ended(effect: EndMembership, catalogue: Catalogue) -> Text:
    name = named("memberships", effect.membership, catalogue)
    return words(f"membership “{name['en']}” ended", f"会籍“{name['zh-Hans']}”已结束")


def _prize(effect: DrawPrize, catalogue: Catalogue) -> Text:
    wheel = named("wheels", effect.wheel, catalogue)
    prize = prize_name(effect.wheel, effect.prize, catalogue)
    english = f"drew “{prize['en']}” from “{wheel['en']}”"
    chinese = f"从“{wheel['zh-Hans']}”抽中“{prize['zh-Hans']}”"
    if not effect.drawn:
        return words(english, chinese)
    drawn = prize_name(effect.wheel, effect.drawn, catalogue)
    return words(f"{english}, as “{drawn['en']}” is gone", f"{chinese}（“{drawn['zh-Hans']}”已发完）")


def _until(instant: Instant | None, catalogue: Catalogue) -> Text:
    if instant is None:
        return words("", "")
    moment = moment_text(instant, catalogue)
    return words(f" until {moment['en']}", f"（至 {moment['zh-Hans']}）")


BENEFITS: Final[Mapping[type, Callable[[Any, Catalogue], Text]]] = {
    IssueCoupon: _coupon_issued,
    EndCoupon: _coupon_ended,
    RestoreCoupon: _coupon_restored,
    ChangeTier: _tier,
    StartMembership: _membership_started,
    EndMembership: _membership_ended,
    DrawPrize: _prize,
}
"""Who words which effect."""
