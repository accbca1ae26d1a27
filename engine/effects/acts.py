"""Effects that reach out, or let a rule wait and choose."""

from typing import Any, Literal

import msgspec

from engine.effects.base import Effect
from engine.values import Instant


class OpenTask(Effect, frozen=True, kw_only=True, omit_defaults=True, tag="open_task"):
    """Put a task for staff in a queue.

    Attributes:
        queue: Name of the queue.
        priority: `normal` or `high`.
        note: What is to be done; by language if it was written in several.
    """

    queue: str
    priority: Literal["normal", "high"]
    note: str | dict[str, str]


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
    properties: dict[str, Any] = msgspec.field(default_factory=dict)
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
    facts: dict[str, Any] = msgspec.field(default_factory=dict)
