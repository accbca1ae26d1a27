"""The snapshot of facts that the rules of one step read."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from engine.facts import AS_TYPED, calendar_fact, property_of
from engine.language.operators import FactType
from engine.language.predicates import Figure
from engine.language.tags import Taxonomy
from engine.schedule import DAY, local, shift
from engine.state import POINTS_AGE, MemberState, Past
from engine.values import MISSING, Instant, MaybeValue

_OWN = ("balance.", "level.", "rfm.", "consent.")
_HELD = frozenset(("tier", "memberships", "segments", POINTS_AGE))


class Reading:
    """What some rules read, made ready: everything is read once, in one pass."""

    def __init__(
        self, wanted: Mapping[str, FactType], figures: Iterable[Figure], taxonomy: Taxonomy | None = None
    ) -> None:
        """Make ready to read.

        Args:
            wanted: Declared type by fact path.
            figures: Figures over the history.
            taxonomy: Which tags count as which others, where the member's tags may be wanted.
        """
        self._taxonomy = taxonomy if taxonomy is not None and (taxonomy.above or taxonomy.moved) else None
        self._figures = list(figures)
        self._event: list[_Told] = []
        self._member: list[_Told] = []
        self._own: list[tuple[str, str]] = []
        self._calendar: list[tuple[str, str]] = []
        self._tags = "member.tags" in wanted
        self._points = "member.points" in wanted
        for path, fact_type in wanted.items():
            kind, name = path.split(".", 1)
            if kind == "event":
                self._event.append((path, name, "." in name, AS_TYPED[fact_type]))
            elif kind == "calendar":
                self._calendar.append((path, name))
            elif name in _HELD or name.startswith(_OWN):
                self._own.append((path, name))
            elif name not in {"tags", "points"}:
                self._member.append((path, name, "." in name, AS_TYPED[fact_type]))

    def facts(
        self,
        *,
        properties: Mapping[str, Any],
        before: Mapping[str, Past],
        state: MemberState,
        as_of: Instant,
        zone: str,
    ) -> dict[str, MaybeValue]:
        """Return the snapshot that the rules are asked of.

        Args:
            properties: Properties of the event; empty for a clock's instant.
            before: The member's history without the triggering event.
            state: The member with it.
            as_of: The instant that windows end at.
            zone: The member's IANA zone.

        Returns:
            Values by fact key. A missing fact isn't there.
        """
        found: dict[str, MaybeValue] = {}
        if properties:
            _told(self._event, properties, found)
        if self._member:
            _told(self._member, state.attributes, found)
        if self._tags:
            taxonomy = self._taxonomy
            found["member.tags"] = [*(taxonomy.held(state.tags) if taxonomy else sorted(state.tags))]
        if self._points:
            found["member.points"] = state.points
        if self._own or self._calendar:
            self._known(state, as_of, zone, found)
        for figure in self._figures:
            past = (state.past if figure.with_this_event else before).get(figure.series.key)
            value = figure_of(figure, past, as_of, zone)
            if value is not MISSING:
                found[figure.key] = value
        return found

    def _known(self, state: MemberState, as_of: Instant, zone: str, found: dict[str, MaybeValue]) -> None:
        for path, name in self._own:
            own = state.fact(name)
            if own is not None:
                found[path] = own
        for path, name in self._calendar:
            value = calendar_fact(name, as_of, zone)
            if value is not MISSING:
                found[path] = value

    def of_event(self, properties: Mapping[str, Any]) -> dict[str, MaybeValue]:
        """Return the facts of the event alone; figures, the member and the calendar aren't asked."""
        found: dict[str, MaybeValue] = {}
        _told(self._event, properties, found)
        return found


_Told = tuple[str, str, bool, Callable[[Any], MaybeValue]]


def _told(wanted: list[_Told], told: Mapping[str, Any], found: dict[str, MaybeValue]) -> None:
    for path, name, dotted, as_typed in wanted:
        value = property_of(told, name) if dotted else told.get(name)
        if value is not None:
            value = as_typed(value)
            if value is not MISSING:
                found[path] = value


def figure_of(figure: Figure, past: Past | None, as_of: Instant, zone: str) -> MaybeValue:
    """Return a figure over a series at an instant.

    A window is half-open: (as_of - window, as_of]. A count, a sum or a streak
    over nothing is 0; the other measures are then missing.
    """
    if past is None:
        return 0 if figure.measure in {"count", "sum", "streak"} else MISSING
    if figure.within is None:
        return _all_time(figure.measure, past, as_of)
    start = shift(as_of, -figure.within.amount, figure.within.unit, zone)
    low, high = bisect_right(past.at, start), bisect_right(past.at, as_of)
    if figure.measure == "count":
        return high - low
    if figure.measure == "sum":
        return sum(past.values[low:high])
    if figure.measure == "streak":
        return _streak(past.at[low:high], as_of, zone)
    if low == high:
        return MISSING
    if figure.measure == "first":
        return past.at[low]
    last = past.at[high - 1]
    return last if figure.measure == "last" else (as_of - last) // DAY


def _streak(instants: list[Instant], as_of: Instant, zone: str) -> int:
    """Return how many local days in a row have an instant, back from the day of `as_of`."""
    day = local(as_of, zone).date().toordinal()
    last = day
    for instant in reversed(instants):
        one = local(instant, zone).date().toordinal()
        if one == last:
            last -= 1
        elif one < last:
            break
    return day - last


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
