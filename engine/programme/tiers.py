"""Levels: what a member has reached on a ladder, when it moves up, and what a review comes to.

A member moves up at once. A level is held for a time and then reviewed; only a
review takes one down. A level that was set by hand stands until its end, and
then the level is what is reached at that time: it is never a floor.
"""

from bisect import bisect_right
from decimal import Decimal
from typing import Literal, NamedTuple

from engine.effects import ChangeTier
from engine.language.ladders import Ladder
from engine.language.predicates import Figure
from engine.programme.periods import period_end, period_start
from engine.schedule import DAY, shift
from engine.state import Level, MemberState
from engine.values import Instant, Number

# The calendar of a member who moved may have the end of a period this much earlier or later.
_MOVED = 2 * DAY


class Change(NamedTuple):
    """What a `ChangeTier` says, besides where it stands in a decision; see there."""

    ladder: str
    tier: str | None
    before: str | None
    how: Literal["upgraded", "downgraded", "retained", "grace", "set"]
    until: Instant | None


class Next(NamedTuple):
    """The next level, and how much is missing to reach it, in the ladder's measure."""

    tier: str
    missing: Decimal


def applies(ladder: Ladder, state: MemberState) -> bool:
    """Return whether a ladder is for a member of this kind."""
    return ladder.definition.of_kind == state.attributes.get("kind")


def value(ladder: Ladder, state: MemberState, as_of: Instant, zone: str) -> Number:
    """Return what a member has reached by an instant, in the ladder's measure.

    Args:
        ladder: The ladder.
        state: The member.
        as_of: The instant; what happened at it counts.
        zone: The member's IANA zone. What happened at the first instant of a
            calendar period counts in it, and not in the one before.
    """
    if not ladder.figures:
        return state.books.account(ladder.definition.unit or "").earned
    period = ladder.definition.period
    if period in {"calendar_year", "half_year"}:
        return _total(ladder, state, period_start(period, as_of, zone) - 1, as_of)
    within = ladder.within
    after = shift(as_of, -within.amount, within.unit, zone) if within is not None else None
    return _total(ladder, state, after, as_of)


def reached(ladder: Ladder, value: Number) -> str | None:
    """Return the highest level that a value reaches, or None for below the first."""
    return ladder.tier(_rank(ladder, value))


def to_next(ladder: Ladder, state: MemberState, as_of: Instant, zone: str) -> Next | None:
    """Return the level that the member would move up to next, and how much is missing.

    Returns:
        None at the top, and where the ladder doesn't apply.
    """
    if not applies(ladder, state):
        return None
    now = value(ladder, state, as_of, zone)
    rank = max(_floor(ladder, state), _rank(ladder, now)) + 1
    key = ladder.tier(rank) if rank < len(ladder.thresholds) else None
    return Next(key, ladder.thresholds[rank] - now) if key is not None else None


def move(ladder: Ladder, state: MemberState, as_of: Instant, zone: str) -> Change | None:
    """Return the move up that a member has earned, or None.

    Reaching the same level again changes nothing before its review. A level
    that was set by hand gives way to one above both it and the level that had
    been reached when it was set.

    Args:
        ladder: The ladder.
        state: The member, with what has just happened taken in.
        as_of: The instant of the decision.
        zone: The member's IANA zone.
    """
    if not applies(ladder, state):
        return None
    rank = _rank(ladder, value(ladder, state, as_of, zone))
    if rank <= _floor(ladder, state):
        return None
    level = state.levels.get(ladder.key)
    before = level.tier if level is not None else None
    until = _held_until(ladder, rank, as_of, as_of, zone)
    return Change(ladder.key, ladder.tier(rank), before, "upgraded", until)


def review(ladder: Ladder, state: MemberState, as_of: Instant, zone: str) -> Change:
    """Return what becomes of a member's level at its `until`.

    A calendar period is reviewed as a whole once it is over; a grace adds to
    it what happens until the grace is over. Where the ladder no longer applies,
    a level that was earned stays as it is.

    Args:
        ladder: The ladder.
        state: The member; it has a level on the ladder.
        as_of: The instant of the review, not before `until`.
        zone: The member's IANA zone.
    """
    level = state.levels[ladder.key]
    held = ladder.rank(level.tier)
    due = level.until if level.until is not None else as_of
    if level.in_grace and ladder.grace is not None:
        due = shift(due, -ladder.grace.amount, ladder.grace.unit, zone)
    now = _rank(ladder, _under_review(ladder, state, due, as_of, zone))
    down = ladder.definition.downgrade
    if level.set_by_hand:
        rank = now if applies(ladder, state) else -1
    elif not applies(ladder, state):
        rank = held
    elif now >= held or down == "requalify":
        rank = now
    else:
        rank = held if down == "never" else held - 1
    graced = level.in_grace or level.set_by_hand
    if rank < held and ladder.grace is not None and not graced:
        until = shift(as_of, ladder.grace.amount, ladder.grace.unit, zone)
        return Change(ladder.key, level.tier, level.tier, "grace", until)
    until_next = _held_until(ladder, rank, due - _MOVED, as_of, zone)
    return Change(ladder.key, ladder.tier(rank), level.tier, _how(level.tier, rank, held), until_next)


def set_level(
    ladder: Ladder,
    state: MemberState,
    tier: str | None,
    as_of: Instant,
    zone: str,
    until: Instant | None = None,
) -> Change:
    """Return the change by which a person or a rule puts a member on a level.

    Args:
        ladder: The ladder.
        state: The member.
        tier: Key of one of its levels; None for below the first.
        as_of: The instant of the decision.
        zone: The member's IANA zone.
        until: First instant at which it has ended; None for as long as a level
            that was earned then would be held.
    """
    level = state.levels.get(ladder.key)
    end = until if until is not None else _hold(ladder, as_of, as_of, zone)
    return Change(ladder.key, tier, level.tier if level is not None else None, "set", end)


def level_after(effect: ChangeTier, state: MemberState, as_of: Instant, ladder: Ladder, zone: str) -> Level:
    """Return where a member stands after a change; what was decided is in the effect.

    Args:
        effect: The change.
        state: The member before it.
        as_of: The instant of the decision.
        ladder: The ladder.
        zone: The member's IANA zone.
    """
    before = state.levels.get(ladder.key)
    by_hand = effect.how == "set"
    return Level(
        tier=effect.tier,
        since=before.since if before is not None and before.tier == effect.tier else as_of,
        until=effect.until,
        set_by_hand=by_hand,
        earned=reached(ladder, value(ladder, state, as_of, zone)) if by_hand else None,
        in_grace=effect.how == "grace",
    )


def _how(before: str | None, rank: int, held: int) -> Literal["upgraded", "downgraded", "retained"]:
    if rank > held:
        return "upgraded"
    # A level that is no longer defined ranks as none, but is lost all the same.
    return "downgraded" if rank < held or (rank < 0 and before is not None) else "retained"


def _rank(ladder: Ladder, value: Number) -> int:
    return bisect_right(ladder.thresholds, value) - 1


def _floor(ladder: Ladder, state: MemberState) -> int:
    """Return the place above which a member moves up by itself."""
    level = state.levels.get(ladder.key)
    if level is None:
        return -1
    held = ladder.rank(level.tier)
    return max(held, ladder.rank(level.earned)) if level.set_by_hand else held


def _under_review(ladder: Ladder, state: MemberState, due: Instant, as_of: Instant, zone: str) -> Number:
    """Return the value that a review looks at.

    Args:
        ladder: The ladder.
        state: The member.
        due: When the level was to be reviewed, before any grace.
        as_of: The instant of the review.
        zone: The member's IANA zone.
    """
    period = ladder.definition.period
    if period in {"rolling", "ever"}:
        return value(ladder, state, as_of, zone)
    inside = due - _MOVED
    in_grace = state.levels[ladder.key].in_grace
    last = as_of if in_grace else min(as_of, period_end(period, inside, zone) - 1)
    return _total(ladder, state, period_start(period, inside, zone) - 1, last)


def _held_until(ladder: Ladder, rank: int, period: Instant, as_of: Instant, zone: str) -> Instant | None:
    """Return when a level is reviewed; None for one that can't be lost.

    Args:
        ladder: The ladder.
        rank: Place of the level.
        period: An instant of the calendar period in which it was reached.
        as_of: The instant from which it is held.
        zone: The member's IANA zone.
    """
    if rank < 0 or ladder.thresholds[rank] == 0:
        return None
    return _hold(ladder, period, as_of, zone)


def _hold(ladder: Ladder, period: Instant, as_of: Instant, zone: str) -> Instant | None:
    hold = ladder.hold or ladder.within
    if hold is not None:
        return shift(as_of, hold.amount, hold.unit, zone)
    kind = ladder.definition.period
    if kind in {"rolling", "ever"}:
        return None
    end = period_end(kind, period_end(kind, period, zone), zone)
    return end if end > as_of else period_end(kind, as_of, zone)


def _total(ladder: Ladder, state: MemberState, after: Instant | None, until: Instant) -> Number:
    """Return what was counted in (after, until], less what was taken off; `after` None is all time."""
    first, *rest = ladder.figures
    return _sum(first, state, after, until) - sum(_sum(one, state, after, until) for one in rest)


def _sum(figure: Figure, state: MemberState, after: Instant | None, until: Instant) -> Number:
    past = state.past.get(figure.series.key)
    if past is None:
        return 0
    if after is None:
        return past.count if figure.measure == "count" else past.total
    low, high = bisect_right(past.at, after), bisect_right(past.at, until)
    return high - low if figure.measure == "count" else sum(past.values[low:high])
