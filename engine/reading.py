"""The snapshot of facts that the rules of one step read."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from typing import Any

from engine.facts import calendar_fact, property_of, typed
from engine.language.operators import FactType
from engine.language.predicates import Figure
from engine.schedule import DAY, shift
from engine.state import MemberState, Past
from engine.values import MISSING, Instant, MaybeValue


def read_facts(
    wanted: Mapping[str, FactType],
    figures: Iterable[Figure],
    *,
    properties: Mapping[str, Any],
    before: Mapping[str, Past],
    state: MemberState,
    as_of: Instant,
    zone: str,
) -> dict[str, MaybeValue]:
    """Read everything that some rules may ask, once.

    Args:
        wanted: Declared type by fact path.
        figures: Figures over the history.
        properties: Properties of the event; empty for a clock's instant.
        before: The member's history without the triggering event.
        state: The member with it.
        as_of: The instant that windows end at.
        zone: The member's IANA zone.

    Returns:
        Values by fact key. A missing fact isn't there.
    """
    found: dict[str, MaybeValue] = {}
    for path, fact_type in wanted.items():
        value = _fact(path, fact_type, properties, state, as_of, zone)
        if value is not MISSING:
            found[path] = value
    for figure in figures:
        past = (state.past if figure.with_this_event else before).get(figure.series.key)
        value = figure_of(figure, past, as_of, zone)
        if value is not MISSING:
            found[figure.key] = value
    return found


def _fact(
    path: str,
    fact_type: FactType,
    properties: Mapping[str, Any],
    state: MemberState,
    as_of: Instant,
    zone: str,
) -> MaybeValue:
    kind, name = path.split(".", 1)
    if kind == "event":
        return typed(property_of(properties, name), fact_type)
    if kind == "calendar":
        return calendar_fact(name, as_of, zone)
    if name == "tags":
        return sorted(state.tags)
    if name == "points":
        return state.points
    return typed(property_of(state.attributes, name), fact_type)


def figure_of(figure: Figure, past: Past | None, as_of: Instant, zone: str) -> MaybeValue:
    """Return a figure over a series at an instant.

    A window is half-open: (as_of - window, as_of]. A count or a sum over
    nothing is 0; the other measures are then missing.
    """
    if past is None:
        return 0 if figure.measure in {"count", "sum"} else MISSING
    if figure.within is None:
        return _all_time(figure.measure, past, as_of)
    start = shift(as_of, -figure.within.amount, figure.within.unit, zone)
    low, high = bisect_right(past.at, start), bisect_right(past.at, as_of)
    if figure.measure == "count":
        return high - low
    if figure.measure == "sum":
        return sum(past.values[low:high])
    if low == high:
        return MISSING
    if figure.measure == "first":
        return past.at[low]
    last = past.at[high - 1]
    return last if figure.measure == "last" else (as_of - last) // DAY


def _all_time(measure: str, past: Past, as_of: Instant) -> MaybeValue:
    if measure == "count":
        return past.count
    if measure == "sum":
        return past.total
    if measure == "first":
        return past.first
    return past.last if measure == "last" else (as_of - past.last) // DAY


def count_within(instants: list[Instant], after: Instant | None, until: Instant) -> int:
    """Return how many sorted instants lie in (after, until]; `after` None is unbounded."""
    low = 0 if after is None else bisect_right(instants, after)
    return max(0, bisect_left(instants, until + 1) - low)
