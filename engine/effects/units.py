"""Effects on units of account: what is earned, spent, held, taken back and given back."""

from typing import Literal

import msgspec

from engine.effects.base import POINTS_UNIT, Effect, OfUnit
from engine.values import Instant


class AwardPoints(OfUnit, frozen=True, kw_only=True, omit_defaults=True, tag="award_points"):
    """Credit whole units, at least 1, to the member's account, as a lot of their own.

    Attributes:
        points: How many.
        unit: Key of the unit of account.
        active_at: First instant at which they can be spent; None at once.
        expires_at: First instant at which they no longer can; None for never.
        order: The order that earned them, whose refund takes them back; empty for none.
        factor: Decimal text of the factor that multipliers gave, or empty.
    """

    points: int
    unit: str = POINTS_UNIT
    active_at: Instant | None = None
    expires_at: Instant | None = None
    order: str = ""
    factor: str = ""


class MultiplyPoints(OfUnit, frozen=True, kw_only=True, omit_defaults=True, tag="multiply_points"):
    """Multiply what the other rules of the step award; the awards show the factor.

    Attributes:
        factor: Decimal text.
        unit: Key of the unit of account.
    """

    factor: str
    unit: str = POINTS_UNIT


class SpendPoints(OfUnit, frozen=True, kw_only=True, omit_defaults=True, tag="spend_points"):
    """Take whole units from the member, first to expire first.

    Attributes:
        points: How many, at least 1.
        unit: Key of the unit of account.
        order: The order they were spent on, or empty.
    """

    points: int
    unit: str = POINTS_UNIT
    order: str = ""


class Hold(Effect, frozen=True, kw_only=True, omit_defaults=True, tag="hold"):
    """Set units and coupons aside for a redemption.

    Attributes:
        hold: Id of the redemption.
        units: How much of which unit.
        coupons: Codes.
        order: The order it is for, or empty.
        until: First instant at which it is released by itself.
    """

    hold: str
    units: dict[str, int] = msgspec.field(default_factory=dict)
    coupons: tuple[str, ...] = ()
    order: str = ""
    until: Instant


class CloseHold(Effect, frozen=True, kw_only=True, omit_defaults=True, tag="close_hold"):
    """End a hold: what was set aside is spent, or can be spent again.

    Attributes:
        hold: Id of the redemption.
        how: `confirmed`, `released` or `timed_out`.
    """

    hold: str
    how: Literal["confirmed", "released", "timed_out"]


class ActivatePoints(Effect, frozen=True, kw_only=True, omit_defaults=True, tag="activate_points"):
    """Let every lot be spent that has waited long enough; `points` is what they come to."""

    unit: str
    points: int


class ExpirePoints(Effect, frozen=True, kw_only=True, omit_defaults=True, tag="expire_points"):
    """Let every lot expire whose end has come; `points` is what they come to."""

    unit: str
    points: int


class ReversePoints(Effect, frozen=True, kw_only=True, omit_defaults=True, tag="reverse_points"):
    """Take back what an order earned, as far as it was refunded.

    Attributes:
        unit: Key of the unit of account.
        points: How many.
        order: Order number.
        forgive: Whether what was spent already is forgiven instead of owed.
    """

    unit: str
    points: int
    order: str
    forgive: bool = False


class RestorePoints(Effect, frozen=True, kw_only=True, omit_defaults=True, tag="restore_points"):
    """Give back what was spent on an order, as far as it was refunded."""

    unit: str
    points: int
    order: str
