"""What a member holds, where it stands, and what it waits for, as values."""

import msgspec

from engine.values import Instant


class Held(msgspec.Struct, frozen=True, array_like=True):
    """One holder's grip on a tag (ruling 18).

    Attributes:
        since: When this holder put it on.
        until: First instant at which it lets go; None for never.
        why: Why, in a person's words; empty for a rule.
    """

    since: Instant
    until: Instant | None = None
    why: str = ""


class Coupon(msgspec.Struct, frozen=True, array_like=True):
    """One coupon in the member's hands.

    Attributes:
        coupon: Key of its definition.
        issued_at: When it was given.
        expires_at: First instant at which it can't be redeemed; None for never.
        held_by: Id of the redemption that it is set aside for, or empty.
    """

    coupon: str
    issued_at: Instant
    expires_at: Instant | None = None
    held_by: str = ""


class Level(msgspec.Struct, frozen=True, array_like=True):
    """Where a member stands on a ladder.

    Attributes:
        tier: Key of the level; None for below the first.
        since: When it came there.
        until: When it is reviewed, or a set level ends; None for never.
        set_by_hand: Whether a person or a rule set it; it is then no floor once it ends.
        earned: For a level that was set: the level that was earned when it was.
        in_grace: Whether it would have been lost, but for the grace.
    """

    tier: str | None
    since: Instant
    until: Instant | None = None
    set_by_hand: bool = False
    earned: str | None = None
    in_grace: bool = False


class Membership(msgspec.Struct, frozen=True, array_like=True):
    """A membership that is running: since when, and the first instant at which it has ended."""

    since: Instant
    until: Instant


class Told(msgspec.Struct, frozen=True, array_like=True):
    """When an attribute was last told of a member, by the sender's time, and by which source."""

    at: Instant
    source: str


class Awarded(msgspec.Struct, frozen=True, array_like=True):
    """What a capped action has awarded in a period: the period's first instant, and how much."""

    start: Instant
    amount: int


class Score(msgspec.Struct, frozen=True, array_like=True):
    """Where a member stands by recency, frequency and money.

    Attributes:
        recency: 1 to 5, 5 the best; so the others.
        frequency: By the number of events.
        monetary: By their sum.
        code: Recency, frequency and money in that order, `1` for high and `0` for not.
        segment: Key of the one of the eight segments that the code stands for.
        band: Key of the band of the loyalty ladder, or empty.
        since: When it last changed.
    """

    recency: int
    frequency: int
    monetary: int
    code: str
    segment: str
    band: str
    since: Instant

    def fact(self, name: str) -> int | str | None:
        """Return `recency`, `frequency`, `monetary`, `code`, `segment` or `band`; None for nothing."""
        value: int | str | None = getattr(self, name, None)
        return value or None


class Enrolment(msgspec.Struct, frozen=True, array_like=True):
    """A member waiting in a rule.

    Attributes:
        rule: Key of the rule.
        version: Version that it finishes on.
        number: Sequence of the entry that began it; names the enrolment.
        resume: Index of the next action, once the time is up.
        due_at: When to go on.
        started_at: When the rule began for the member.
        at: Index of the action that waits; equal to `resume` when only the goal is waited for.
    """

    rule: str
    version: int
    number: int
    resume: int
    due_at: Instant
    started_at: Instant
    at: int = -1

    @property
    def follows_goal(self) -> bool:
        """Whether the member is through and only followed to see whether the goal is reached."""
        return self.at == self.resume


class Consent(msgspec.Struct, frozen=True, array_like=True):
    """Whether a member agrees to marketing by a channel.

    Attributes:
        given: Whether it was given, or withdrawn.
        at: `occurred_at` of the event that said so.
        source: Who sent that event.
        why: The reason that a person gave for it, or empty.
    """

    given: bool
    at: Instant
    source: str
    why: str = ""


class HeldMessage(msgspec.Struct, frozen=True, array_like=True):
    """A message that waits for quiet hours to end.

    Attributes:
        id: Id of the effect that asked for it.
        rule: Key of the rule, or `@broadcast`.
        version: Version of the rule.
        action: Index of the action.
        channel: Way out.
        template: Key of the template.
        until: When the quiet hours end.
        origin: `member_sequence` of the entry that asked for it.
        enrolment: Number of the enrolment that goes on behind it; 0 if none does.
    """

    id: str
    rule: str
    version: int
    action: int
    channel: str
    template: str
    until: Instant
    origin: int
    enrolment: int = 0
