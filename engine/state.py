"""What a member is, by everything that has happened so far.

A `MemberState` is a cache of the fold over the member's log: it can be thrown
away and built again. It is a value: nothing changes one in place; `project`
and the functions here return new ones that share what didn't change.
"""

from bisect import bisect_right, insort
from typing import Any

import msgspec

from engine.ledger.books import Books
from engine.schedule import DAY
from engine.values import Instant, Number

_NO_BOOKS = Books()
POINTS_AGE = "points_age_days"


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


class Past(msgspec.Struct, array_like=True):
    """Past events of one series.

    Attributes:
        count: How many.
        first: `occurred_at` of the earliest.
        last: `occurred_at` of the latest.
        revision: Rule-set revision under which the latest was taken in.
        total: Sum of the kept property.
        at: Each `occurred_at` that may lie in a window yet, sorted; empty when no figure has one.
        values: The kept property of each, in the order of `at`.
    """

    count: int
    first: Instant
    last: Instant
    revision: int
    total: Number = 0
    at: list[Instant] = []
    values: list[Number] = []


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
    """

    given: bool
    at: Instant
    source: str


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


class MemberState(msgspec.Struct, kw_only=True, array_like=True):
    """Everything a decision may read of a member.

    Attributes:
        member: The member's key.
        sequence: `member_sequence` of the last entry folded in.
        as_of: The last instant decided at; it never decreases.
        joined_at: `occurred_at` of the first entry; None before it.
        joined_revision: Rule-set revision under which the first entry was taken in.
        chain: Digest of the last entry; the next one names it.
        zone: IANA zone last told of the member, or None.
        tracked: Identity of the set of series that `past` holds.
        attributes: What was told of the member; personal values are tokens.
        tags: Holders by tag, then by holder.
        points: What can be spent of the unit `points`; the books say the same.
        coupons: Coupons by code.
        past: Series by key.
        consumed: By rule of the clock, what has been dealt with: the arming (absence), the end it ran
            ahead of, the local day (schedule) or the year (anniversary, holiday).
        fired: By rule with a limit, when it fired, sorted.
        enrolments: Waits, in the order they began.
        books: Lots, holds, debts and orders.
        levels: Where the member stands, by ladder.
        memberships: Memberships that are running, by key.
        issued: How many coupons it was ever given, by definition.
        awarded: By capped action (`<rule>.<action>`), what it awarded in the period.
        consent: What the member said of marketing, by channel.
        waiting: Messages that wait for quiet hours to end, in the order they were asked for.
        told: By attribute, when and by whom it was last told; of one that was taken back, too.
        merged_into: Key of the member that this one became a part of; empty for a member in its own right.
        segments: Segments that the member is in, with since when.
        scores: Recency, frequency and money, by key of the score.
        standing: `while` rules whose condition is true of the member, with since when.
        looks: When a watched condition may change by the clock alone, by its key in `engine.watch`.
        seen: Rule-set revision up to which new and changed conditions have been read of the member.
    """

    member: str
    sequence: int = 0
    as_of: Instant = 0
    joined_at: Instant | None = None
    joined_revision: int = 0
    chain: str = ""
    zone: str | None = None
    tracked: str = ""
    attributes: dict[str, Any] = {}
    tags: dict[str, dict[str, Held]] = {}
    points: int = 0
    coupons: dict[str, Coupon] = {}
    past: dict[str, Past] = {}
    consumed: dict[str, Instant] = {}
    fired: dict[str, list[Instant]] = {}
    enrolments: list[Enrolment] = []
    books: Books = _NO_BOOKS
    levels: dict[str, Level] = {}
    memberships: dict[str, Membership] = {}
    issued: dict[str, int] = {}
    awarded: dict[str, Awarded] = {}
    told: dict[str, Told] = {}
    merged_into: str = ""
    segments: dict[str, Instant] = {}
    scores: dict[str, Score] = {}
    standing: dict[str, Instant] = {}
    looks: dict[str, Instant] = {}
    seen: int = 0
    consent: dict[str, Consent] = {}
    waiting: list[HeldMessage] = []

    def fact(self, name: str) -> Any:
        """Return what `member.<name>` says, None where it says nothing.

        `tier` is the level on the ladder of that name and, where there is none, what was told of the
        member; `level.<ladder>`, `balance.<unit>`, `consent.<channel>`, `memberships`, `segments`,
        `rfm.<score>.<part>` and `points_age_days` (whole days since the oldest points that can be spent
        were earned) are the programme's own.
        """
        kind, _, key = name.partition(".")
        if kind == "balance":
            return self.books.account(key).available
        if kind == "consent":
            said = self.consent.get(key)
            return said.given if said is not None else None
        if kind == "level" or name == "tier":
            level = self.levels.get(key or "tier")
            if level is not None or key:
                return level.tier if level is not None else None
        if name == "memberships":
            return sorted(self.memberships)
        if name == "segments":
            return sorted(self.segments)
        if kind == "rfm":
            score, _, part = key.rpartition(".")
            return self.scores[score].fact(part) if score in self.scores else None
        if name == POINTS_AGE:
            earned = [lot.earned_at for lot in self.books.account("points").lots if lot.active_at is None]
            return (self.as_of - min(earned)) // DAY if earned else None
        return self.attributes.get(name)


_encoder = msgspec.msgpack.Encoder(decimal_format="string")
_decoder = msgspec.msgpack.Decoder(MemberState)


def pack(state: MemberState) -> bytes:
    """Return a state as bytes for its row."""
    return _encoder.encode(state)


def unpack(data: bytes) -> MemberState:
    """Return the state that `pack` wrote."""
    return _decoder.decode(data)


def changed(state: MemberState, **changes: Any) -> MemberState:
    """Return a state with some attributes replaced; the rest is shared."""
    return msgspec.structs.replace(state, **changes)


def remembered(
    past: Past | None,
    occurred_at: Instant,
    revision: int,
    value: Number | None,
    *,
    keep_after: Instant | None,
) -> Past:
    """Return a series with one more event in it.

    Args:
        past: The series so far, or None.
        occurred_at: When the event happened; late ones find their place.
        revision: Rule-set revision under which it is taken in.
        value: The kept property, or None if the series keeps none.
        keep_after: Single instants after it are kept, for figures with a window;
            older ones can't lie in one any more. None keeps none.
    """
    kept = value if value is not None else 0
    if past is None:
        past = Past(0, occurred_at, occurred_at, revision)
    at, values = past.at, past.values
    if keep_after is not None:
        gone = bisect_right(at, keep_after)
        if occurred_at > keep_after:
            place = bisect_right(at, occurred_at)
            at = [*at[gone:place], occurred_at, *at[place:]]
            values = [*values[gone:place], kept, *values[place:]] if value is not None else values
        elif gone:
            at, values = at[gone:], values[gone:]
    newest = occurred_at >= past.last
    return Past(
        past.count + 1,
        min(past.first, occurred_at),
        max(past.last, occurred_at),
        revision if newest else past.revision,
        past.total + kept,
        at,
        values,
    )


def with_firing(fired: list[Instant], instant: Instant, keep_after: Instant | None) -> list[Instant]:
    """Return the firings with one more, without those at or before `keep_after`."""
    kept = [one for one in fired if keep_after is None or one > keep_after]
    insort(kept, instant)
    return kept
