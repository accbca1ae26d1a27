"""Effects on where a member stands: levels, memberships, segments, scores, `while` rules, and a merge."""

from typing import Literal

from engine.effects.base import Effect
from engine.values import Instant


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


class AbsorbMember(Effect, frozen=True, kw_only=True, omit_defaults=True, tag="absorb_member"):
    """Make another member, with all that it was and had, a part of this one.

    Attributes:
        member: Key of the member that ends.
        ended: Rules in which a wait ends by it, in their order.
    """

    member: str
    ended: tuple[str, ...] = ()


class EraseMember(Effect, frozen=True, kw_only=True, omit_defaults=True, tag="erase_member"):
    """Let a member be no more: what it had lapses, its waits end, and its consent is withdrawn."""
