"""A member, by everything that has happened so far."""

from typing import Any

import msgspec

from engine.ledger.books import Books
from engine.schedule import DAY
from engine.state.held import (
    Awarded,
    Consent,
    Coupon,
    Enrolment,
    Held,
    HeldMessage,
    Level,
    Membership,
    Score,
    Told,
)
from engine.state.past import Counted, Past
from engine.values import Instant

_NO_BOOKS = Books()
POINTS_AGE = "points_age_days"


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
        counted: Orders among the figures that are net of refunds, by order number.
        erased_at: When the member was erased; None while it is there.
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
    counted: dict[str, Counted] = {}
    erased_at: Instant | None = None

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
