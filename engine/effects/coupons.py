"""Effects on coupons, and what a wheel draws."""

from typing import Literal

from engine.effects.base import Effect
from engine.values import Instant


class IssueCoupon(Effect, frozen=True, kw_only=True, omit_defaults=True, tag="issue_coupon"):
    """Give the member one coupon.

    Attributes:
        coupon: Key of the definition.
        code: The code that the host granted; it is an input, recorded and read back.
        expires_at: First instant at which it can't be redeemed; None for never.
    """

    coupon: str
    code: str
    expires_at: Instant | None = None


class EndCoupon(Effect, frozen=True, kw_only=True, omit_defaults=True, tag="end_coupon"):
    """Take a coupon out of the member's hands.

    Attributes:
        code: The coupon.
        coupon: Key of its definition.
        how: `redeemed`, `expired` or `voided`.
        order: The order it was used on, or empty.
    """

    code: str
    coupon: str
    how: Literal["redeemed", "expired", "voided"]
    order: str = ""


class RestoreCoupon(Effect, frozen=True, kw_only=True, omit_defaults=True, tag="restore_coupon"):
    """Give back a coupon whose order was refunded.

    Attributes:
        code: The coupon.
        coupon: Key of its definition.
        order: The order.
        expires_at: First instant at which it can't be redeemed; None for never.
    """

    code: str
    coupon: str
    order: str
    expires_at: Instant | None = None


class DrawPrize(Effect, frozen=True, kw_only=True, omit_defaults=True, tag="draw_prize"):
    """Tell which prize of a wheel was drawn; what it gives is an effect of its own.

    Attributes:
        wheel: Key of the wheel.
        prize: Key of the prize that is given.
        drawn: Key of the prize that was drawn, if it was out of stock; empty otherwise.
        number: The number that was drawn, 64 hexadecimal digits.
        commitment: Digest of the secret it was made from; it was published before.
    """

    wheel: str
    prize: str
    drawn: str = ""
    number: str
    commitment: str
