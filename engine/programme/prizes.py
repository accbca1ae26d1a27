"""Drawing a prize: a function of a number that anybody can check afterwards.

The host commits to a secret before the first draw of a day (SHA-256 of it is
published), and makes each number from the secret and the draw's own seed
(HMAC-SHA256). The number is recorded with the decision, so a replay draws the
same prize; once the secret is revealed, a member can make the number again.
"""

from engine.decision import Need
from engine.effects import AnyEffect, AwardPoints, DrawPrize, IssueCoupon
from engine.language.benefits import POINTS
from engine.language.giving import DrawPrizeAction
from engine.language.scarce import Prize, WheelDefinition
from engine.programme.awards import lasting
from engine.programme.issuing import code_need, coupon_short, expiry_of
from engine.programme.occasion import Occasion


def drawn(wheel: WheelDefinition, number: str) -> Prize:
    """Return the prize that a number falls on.

    The number, read as an integer, modulo the sum of the weights counts
    through the prizes in their order. Of 256 bits the modulo favours no prize
    by more than one part in 2^200.

    Args:
        wheel: The weighted prizes.
        number: 64 hexadecimal digits.
    """
    place = int(number, 16) % sum(one.weight for one in wheel.prizes)
    for prize in wheel.prizes:
        if place < prize.weight:
            return prize
        place -= prize.weight
    raise AssertionError("a place lies below the sum of the weights")


def draw(occasion: Occasion, at: int, action: DrawPrizeAction) -> list[AnyEffect]:
    """Return the effects of a draw: the prize, and what it gives; nothing while needs are lacking."""
    wheel = occasion.catalogue.wheels.get(action.wheel)
    if wheel is None:
        return []
    event = occasion.event
    key = occasion.need_key(f"{at}-draw")
    seed = f"{event.member}\n{event.member_sequence}\n{key}"
    granted = occasion.grant(Need(key=key, kind="draw", name=wheel.key, seed=seed))
    if not granted:
        return []
    chosen = drawn(wheel, granted["number"])
    prize = chosen
    if chosen.stock is not None:
        stock = Need(
            key=occasion.need_key(f"{at}-stock"),
            kind="stock",
            name=f"prize/{wheel.key}/{chosen.key}",
            limit=chosen.stock,
        )
        if occasion.grant(stock) is False:
            prize = _fallback(wheel)
    if prize is chosen and prize.coupon is not None and coupon_short(occasion, f"{at}-code", prize.coupon, 1):
        prize = _fallback(wheel)
    told = DrawPrize(
        id=occasion.effect_id(at),
        action=at,
        wheel=wheel.key,
        prize=prize.key,
        drawn=chosen.key if prize is not chosen else "",
        number=granted["number"],
        commitment=granted["commitment"],
    )
    part = "code" if prize is chosen else "fallback"
    return [told, *_given(occasion, at, prize, f"{at}-{part}")]


def granted_in_vain(drawn: DrawPrize, what: str) -> bool:
    """Return whether a draw was granted something for a prize that then couldn't be given.

    Args:
        drawn: The draw.
        what: The need's key, behind the step and the rule.
    """
    return drawn.drawn != "" and what in {
        f"{drawn.action}-{part}" for part in ("stock", "code", "code-stock")
    }


def _fallback(wheel: WheelDefinition) -> Prize:
    return next(one for one in wheel.prizes if one.key == wheel.fallback)


def _given(occasion: Occasion, at: int, prize: Prize, code: str) -> list[AnyEffect]:
    if prize.gives == "points" and prize.amount is not None:
        active_at, expires_at = lasting(occasion.catalogue.unit(POINTS), occasion.event.as_of, occasion.zone)
        return [
            AwardPoints(
                id=occasion.effect_id(at, "prize"),
                action=at,
                points=prize.amount,
                active_at=active_at,
                expires_at=expires_at,
            )
        ]
    if prize.gives == "coupon" and prize.coupon is not None:
        definition = occasion.catalogue.coupons.get(prize.coupon)
        need = code_need(occasion, code, prize.coupon)
        return [
            IssueCoupon(
                id=occasion.effect_id(at, "prize"),
                action=at,
                coupon=prize.coupon,
                code=occasion.grant(need) or "",
                expires_at=expiry_of(definition, occasion.event.as_of, None),
            )
        ]
    return []
