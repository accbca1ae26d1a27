"""What a decision asks for, with every value concrete.

The template it was made from is an action (`engine.language.actions`). Each
effect has an `id` derived from its place in the log, so that carrying it out
twice can be noticed.
"""

import msgspec

from engine.values import Instant


class Effect(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="type"):
    """One thing asked for.

    Attributes:
        id: 32 hexadecimal digits, derived from member, sequence, step, rule and action.
        action: Index of the action in the rule's `then`.
    """

    id: str
    action: int


class AddTag(Effect, frozen=True, kw_only=True, omit_defaults=True, tag="add_tag"):
    """Put a tag on the member.

    Attributes:
        tag: Key of the tag.
        holder: Who holds it there: `rule:<key>`, `person:<name>` or `api:<source>`.
        expires_at: First instant at which this holder lets go; None for never.
    """

    tag: str
    holder: str
    expires_at: Instant | None = None


class RemoveTag(Effect, frozen=True, kw_only=True, omit_defaults=True, tag="remove_tag"):
    """Take a tag off the member, whoever holds it."""

    tag: str


class AwardPoints(Effect, frozen=True, kw_only=True, omit_defaults=True, tag="award_points"):
    """Credit whole points, at least 1, to the member's account."""

    points: int


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


class SendMessage(Effect, frozen=True, kw_only=True, omit_defaults=True, tag="send_message"):
    """Request a message; the outbox delivers it.

    Attributes:
        channel: `email`, `sms`, `push`, `wecom` or `console`.
        template: Key of the message template.
        suppressed: Why it must not be sent, or None.
    """

    channel: str
    template: str
    suppressed: str | None = None


class CallWebhook(Effect, frozen=True, kw_only=True, omit_defaults=True, tag="call_webhook"):
    """Post a signed CloudEvent to a defined endpoint."""

    endpoint: str


class StartWait(Effect, frozen=True, kw_only=True, omit_defaults=True, tag="wait"):
    """Keep the member in the rule until an instant, then go on.

    Attributes:
        resume: Index of the first action after the wait.
        due_at: When to go on.
    """

    resume: int
    due_at: Instant


AnyEffect = AddTag | RemoveTag | AwardPoints | IssueCoupon | SendMessage | CallWebhook | StartWait
