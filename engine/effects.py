"""What a decision asks for, with every value concrete.

The template it was made from is an action (`engine.language.actions`). Each
effect has an `id` derived from its place in the log, so that carrying it out
twice can be noticed.
"""

from typing import Any, Literal

import msgspec

from engine.values import Instant

_POINTS = "points"


class Effect(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="type"):
    """One thing asked for.

    Attributes:
        id: 32 hexadecimal digits, derived from member, sequence, step, rule and action.
        action: Index of the action in the rule, nested ones counted where they are written.
    """

    id: str
    action: int


class OfUnit(Effect, frozen=True, kw_only=True, omit_defaults=True):
    """An effect that moves a unit of account.

    A value is left out of the record where it is the default, and that is told
    by identity: so the key of the default unit is always the very same object.
    """

    def __post_init__(self) -> None:
        """Take the default's own object where the key equals it."""
        if self.__getattribute__("unit") == _POINTS:
            msgspec.structs.force_setattr(self, "unit", _POINTS)


class AddTag(Effect, frozen=True, kw_only=True, omit_defaults=True, tag="add_tag"):
    """Put a tag on the member.

    Attributes:
        tag: Key of the tag.
        holder: Who holds it there: `rule:<key>`, `person:<name>` or `api:<source>`.
        expires_at: First instant at which this holder lets go; None for never.
        why: Why, in a person's words; empty for a rule.
        instead_of: Tags of its group; those that the member has come off.
    """

    tag: str
    holder: str
    expires_at: Instant | None = None
    why: str = ""
    instead_of: tuple[str, ...] = ()


class ReleaseTag(Effect, frozen=True, kw_only=True, omit_defaults=True, tag="release_tag"):
    """Let one holder go of a tag; it comes off with the last one.

    Attributes:
        tag: Key of the tag.
        holder: Who lets go.
    """

    tag: str
    holder: str


class RemoveTag(Effect, frozen=True, kw_only=True, omit_defaults=True, tag="remove_tag"):
    """Take a tag off the member, whoever holds it."""

    tag: str


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
    unit: str = _POINTS
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
    unit: str = _POINTS


class SpendPoints(OfUnit, frozen=True, kw_only=True, omit_defaults=True, tag="spend_points"):
    """Take whole units from the member, first to expire first.

    Attributes:
        points: How many, at least 1.
        unit: Key of the unit of account.
        order: The order they were spent on, or empty.
    """

    points: int
    unit: str = _POINTS
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
    units: dict[str, int] = {}
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


class ChangeTier(Effect, frozen=True, kw_only=True, omit_defaults=True, tag="change_tier"):
    """Put the member on a level of a ladder, or keep it there.

    Attributes:
        ladder: Key of the ladder.
        tier: Key of the level; None for below the first.
        before: Key of the level so far; None for below the first.
        how: `upgraded`, `downgraded`, `retained`, `grace` (kept until the grace is over), or `set`
            by a person or a rule.
        until: When it is reviewed, or a set level ends; None for never.
    """

    ladder: str
    tier: str | None = None
    before: str | None = None
    how: Literal["upgraded", "downgraded", "retained", "grace", "set"]
    until: Instant | None = None


class StartMembership(Effect, frozen=True, kw_only=True, omit_defaults=True, tag="start_membership"):
    """Give or renew a membership.

    Attributes:
        membership: Key of its definition.
        until: First instant at which it has ended.
        renewed: Whether it was running already.
    """

    membership: str
    until: Instant
    renewed: bool = False


class EndMembership(Effect, frozen=True, kw_only=True, omit_defaults=True, tag="end_membership"):
    """End a membership."""

    membership: str


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


class OpenTask(Effect, frozen=True, kw_only=True, omit_defaults=True, tag="open_task"):
    """Put a task for staff in a queue.

    Attributes:
        queue: Name of the queue.
        priority: `normal` or `high`.
        note: What is to be done.
    """

    queue: str
    priority: Literal["normal", "high"]
    note: str


class TellMember(Effect, frozen=True, kw_only=True, omit_defaults=True, tag="tell_member"):
    """Let an event happen to another member; it is decided as an entry of that member's own log.

    Attributes:
        member: Key of the other member, as the host found it.
        event: Name of the event.
        properties: What is told of it.
        lineage: Rules that led to it, this one last; none of them may fire on it.
    """

    member: str
    event: str
    properties: dict[str, Any] = {}
    lineage: tuple[str, ...]


class SendMessage(Effect, frozen=True, kw_only=True, omit_defaults=True, tag="send_message"):
    """Request a message; the outbox delivers it.

    Attributes:
        channel: `email`, `sms`, `push`, `wecom` or `console`.
        template: Key of the message template.
        suppressed: Why it must not be sent, or None.
        purpose: `marketing`, or `service`, which consent, caps and quiet hours don't concern.
        cap: What holds it back, if it was suppressed by a frequency cap (`<policy>/<place>`) or by
            quiet hours (`<policy>`).
        until: End of the quiet hours that it waits for, or None. It is requested only then.
        waited: Id of the effect that asked for it before it waited for quiet hours to end, or empty.
        enrolment: If it has waited, number of the enrolment that went on behind it; 0 if none did.
    """

    channel: str
    template: str
    suppressed: str | None = None
    purpose: Literal["marketing", "service"] = "marketing"
    cap: str = ""
    until: Instant | None = None
    waited: str = ""
    enrolment: int = 0


class CallWebhook(Effect, frozen=True, kw_only=True, omit_defaults=True, tag="call_webhook"):
    """Post a signed CloudEvent to a defined endpoint."""

    endpoint: str


class StartWait(Effect, frozen=True, kw_only=True, omit_defaults=True, tag="wait"):
    """Keep the member in the rule until an instant, then go on.

    Attributes:
        resume: Index of the action to go on with; the number of actions when only the goal is waited for.
        due_at: When to go on.
        since: When the rule began for the member, if that was before this entry; 0 otherwise.
        number: What the enrolment is called, if it isn't new; 0 otherwise.
    """

    resume: int
    due_at: Instant
    since: Instant = 0
    number: int = 0


class TakeBranch(Effect, frozen=True, kw_only=True, omit_defaults=True, tag="branch"):
    """Go on one way of a branch.

    Attributes:
        way: `then` or `else`.
        facts: What the branch read, by fact key.
    """

    way: Literal["then", "else"]
    facts: dict[str, Any] = {}


class AbsorbMember(Effect, frozen=True, kw_only=True, omit_defaults=True, tag="absorb_member"):
    """Make another member, with all that it was and had, a part of this one.

    Attributes:
        member: Key of the member that ends.
        ended: Rules in which a wait ends by it, in their order.
    """

    member: str
    ended: tuple[str, ...] = ()


class EnterSegment(Effect, frozen=True, kw_only=True, omit_defaults=True, tag="enter_segment"):
    """Count the member to a segment.

    Attributes:
        segment: Key of the segment.
        quiet: Whether no event tells of it, because the member was of this kind before the segment was
            defined or changed.
    """

    segment: str
    quiet: bool = False


class LeaveSegment(Effect, frozen=True, kw_only=True, omit_defaults=True, tag="leave_segment"):
    """Count the member to a segment no longer; see `EnterSegment`."""

    segment: str
    quiet: bool = False


class ChangeScore(Effect, frozen=True, kw_only=True, omit_defaults=True, tag="change_score"):
    """Give the member other scores of 1 to 5, 5 the best; 0 for each if it has none any more.

    Attributes:
        score: Key of the definition.
        recency: By the days since the last event.
        frequency: By the number of events.
        monetary: By their sum.
        code: Recency, frequency and money in that order, `1` for high and `0` for not.
        band: Key of the band of the loyalty ladder, or empty.
        quiet: Whether no event tells of it.
    """

    score: str
    recency: int
    frequency: int
    monetary: int
    code: str = ""
    band: str = ""
    quiet: bool = False


class BeginWhile(Effect, frozen=True, kw_only=True, omit_defaults=True, tag="begin_while"):
    """Note that the condition of a `while` rule has become true of the member.

    Attributes:
        rule: Key of the rule.
        quiet: Whether the rule doesn't fire on it.
    """

    rule: str
    quiet: bool = False


class EndWhile(Effect, frozen=True, kw_only=True, omit_defaults=True, tag="end_while"):
    """Note that the condition of a `while` rule is no longer true of the member."""

    rule: str


AnyEffect = (
    AddTag
    | ReleaseTag
    | RemoveTag
    | AwardPoints
    | MultiplyPoints
    | SpendPoints
    | Hold
    | CloseHold
    | ActivatePoints
    | ExpirePoints
    | ReversePoints
    | RestorePoints
    | IssueCoupon
    | EndCoupon
    | RestoreCoupon
    | ChangeTier
    | StartMembership
    | EndMembership
    | DrawPrize
    | OpenTask
    | TellMember
    | SendMessage
    | CallWebhook
    | StartWait
    | EnterSegment
    | LeaveSegment
    | ChangeScore
    | BeginWhile
    | EndWhile
    | AbsorbMember
    | TakeBranch
)
