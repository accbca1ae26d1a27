"""When a figure over the history changes without an event: what is counted leaves its window."""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from typing import NamedTuple

from engine.language.base import Span
from engine.language.predicates import Figure
from engine.reading import figure_of
from engine.schedule import DAY, local, shift
from engine.state import Past
from engine.values import Instant, MaybeValue, Number
from engine.watch.boundaries import QUARTER, next_day, steady

_EXACT = frozenset(("minutes", "hours", "days"))
_CLAMPED = 4 * DAY
"""Days 29 to 31 may share a day of a shorter month: so far a window by the calendar may go back."""
_LAST_SURE_DAY = 28

Answer = Callable[[MaybeValue], object]
"""What is made of a figure: whether a comparison holds, or a score."""


class Move(NamedTuple):
    """What one past event adds to a figure, and when it happened."""

    at: Instant
    amount: Number


def figure_change(
    figure: Figure, past: Past | None, as_of: Instant, zone: str, answer: Answer, marks: Iterable[Number]
) -> Instant | None:
    """Return the earliest instant after another at which what is made of a figure may change by itself.

    It may be too early, and is never too late; None for never. An event that
    is yet to happen by its own time changes a figure then.

    Args:
        figure: The figure.
        past: The series that it is taken over.
        as_of: The instant.
        zone: The member's IANA zone.
        answer: What is made of it.
        marks: Numbers at which the answer may change.
    """
    if past is None:
        return None
    now = answer(figure_of(figure, past, as_of, zone))
    if figure.measure == "days_since" and figure.within is None:
        return days_change(past.last, as_of, answer, now, marks)
    if figure.within is None:
        return None
    after = bisect_right(past.at, as_of)
    coming = past.at[after] if after < len(past.at) else None
    if figure.measure == "streak":
        broken = next_day(as_of, zone) if answer(0) != now else None
        return soonest(broken, coming)
    return soonest(_window(figure, past, as_of, zone, answer, now), coming)


def soonest(*instants: Instant | None) -> Instant | None:
    """Return the earliest of some instants; None stands for never."""
    return min((one for one in instants if one is not None), default=None)


def days_change(
    last: Instant, as_of: Instant, answer: Answer, now: object, marks: Iterable[Number]
) -> Instant | None:
    """Return when what is made of the whole days since an instant may change; see `figure_change`."""
    days = (as_of - last) // DAY
    for step in sorted(one for mark in marks for one in (int(mark // 1), int(mark // 1) + 1)):
        if step > days and answer(step) != now:
            return last + step * DAY
    return last if days < 0 else None


def _window(
    figure: Figure, past: Past, as_of: Instant, zone: str, answer: Answer, now: object
) -> Instant | None:
    within = figure.within or Span(0, "days")
    start = shift(as_of, -within.amount, within.unit, zone)
    low, high = bisect_right(past.at, start), bisect_right(past.at, as_of)
    moves = [Move(at, _amount(figure, past, place)) for place, at in enumerate(past.at[:high])]
    inside = moves[low:]
    gone = _leaving(figure, inside, answer, now)
    if within.unit in _EXACT:
        return gone + (as_of - start) if gone is not None else None
    leaves = _by_calendar(gone, start, as_of, within, zone) if gone is not None else None
    near = [one for one in reversed(moves[:low]) if one.at > start - _CLAMPED]
    back = _turns_back(as_of, zone) if _returning(figure, inside, near, answer, now) else None
    return soonest(leaves, back)


def _amount(figure: Figure, past: Past, place: int) -> Number:
    return past.values[place] if figure.measure == "sum" else 1


def _leaving(figure: Figure, inside: list[Move], answer: Answer, now: object) -> Instant | None:
    """Return when that happened whose leaving gives another answer, None if nothing's does."""
    if figure.measure not in {"count", "sum"}:
        return inside[0].at if inside else None
    left: Number = sum(one.amount for one in inside)
    for place, one in enumerate(inside):
        left -= one.amount
        together = place + 1 < len(inside) and inside[place + 1].at == one.at
        if not together and answer(left) != now:
            return one.at
    return None


def _returning(figure: Figure, inside: list[Move], near: list[Move], answer: Answer, now: object) -> bool:
    """Return whether the answer is another one once what has left comes back, the latest first."""
    if figure.measure not in {"count", "sum"}:
        return bool(near)
    total: Number = sum(one.amount for one in inside)
    for one in near:
        total += one.amount
        if answer(total) != now:
            return True
    return False


def _by_calendar(at: Instant, start: Instant, as_of: Instant, within: Span, zone: str) -> Instant:
    """Return an instant, after `as_of`, not after that at which an event leaves a window of months.

    Within a local day the window goes forward with the clock. It may go back at
    the end of a month, and where the clock is changed: there it is looked at anew.
    """
    leaves = shift(at, within.amount, within.unit, zone)
    sure = local(leaves, zone).day <= _LAST_SURE_DAY and steady(leaves, zone) and steady(at, zone)
    if sure and leaves > as_of and shift(leaves, -within.amount, within.unit, zone) == at:
        return leaves
    early = leaves - _CLAMPED // 2
    if early > as_of:
        return early
    step = as_of + max(at - start, 1)
    if not (steady(as_of, zone) and steady(start, zone) and steady(step, zone) and steady(at, zone)):
        step = min(step, (as_of // QUARTER + 1) * QUARTER)
    return min(step, next_day(as_of, zone))


def _turns_back(as_of: Instant, zone: str) -> Instant:
    """Return the next local midnight that begins a day on which a window of months may have gone back."""
    midnight = next_day(as_of, zone)
    while local(midnight, zone).day <= _LAST_SURE_DAY:
        midnight = next_day(midnight, zone)
    return midnight
