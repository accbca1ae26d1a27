"""Days of the year on which a rule of the clock is due: anniversaries and holidays.

Each year is dealt with once, whatever is told of the member or wherever it
moves. A day whose time has passed where the member now is counts until that
day is over.
"""

import calendar
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final, NamedTuple

from engine.index import Index
from engine.language.days import AnniversaryTrigger, Days, HolidayTrigger
from engine.lunisolar import Lunisolar
from engine.rules import Standing
from engine.schedule import at_local, local
from engine.state import MemberState
from engine.values import Instant

_AHEAD: Final = 64
"""Years to look ahead; a leap month of the Chinese calendar may be long in coming."""

_FEBRUARY: Final = 2
_LEAP_DAY: Final = 29
_MONTH_AND_DAY: Final = len("MM-DD")


class Occurrence(NamedTuple):
    """A day of the year that a rule is due on: when, and which year it is of."""

    due_at: Instant
    year: int


def coming(state: MemberState, standing: Standing, index: Index, zone: str) -> Occurrence | None:
    """Return the next time that a rule of an anniversary or a holiday is due for a member, or None.

    Args:
        state: The member.
        standing: The rule.
        index: The rules in force.
        zone: The member's IANA zone.
    """
    if standing.rule.anniversary is not None:
        return _anniversary(state, standing.rule.anniversary, standing, index, zone)
    if standing.rule.holiday is not None:
        return _holiday(state, standing.rule.holiday, standing, index, zone)
    return None


def _anniversary(
    state: MemberState, when: AnniversaryTrigger, standing: Standing, index: Index, zone: str
) -> Occurrence | None:
    told = _told(state, when, zone)
    if told is None:
        return None
    month, day, born = told
    place = zone if when.zone == "member" else index.rules.catalogue.programme.zone

    def of_year(year: int) -> date | None:
        if year <= born:
            return None
        if (month, day) == (_FEBRUARY, _LEAP_DAY) and not calendar.isleap(year):
            return date(year, 3, 1) if when.leap_day == "1_march" else date(year, 2, 28)
        return date(year, month, day)

    return _next(state, standing, of_year, _distance(when), when.at, place)


def _holiday(
    state: MemberState, when: HolidayTrigger, standing: Standing, index: Index, zone: str
) -> Occurrence | None:
    table = index.rules.lunisolar
    place = zone if when.zone == "member" else index.rules.catalogue.programme.zone
    return _next(state, standing, lambda year: date_of(when, year, table), _distance(when), when.at, place)


def date_of(when: HolidayTrigger, year: int, table: Lunisolar) -> date | None:
    """Return the day of our calendar that a holiday falls on in a year, or None."""
    if when.calendar == "lunar":
        return table.day(year, when.month, when.day, leap=when.leap)
    last = calendar.monthrange(year, when.month)[1]
    return date(year, when.month, min(when.day, last))


def _next(
    state: MemberState,
    standing: Standing,
    of_year: Callable[[int], date | None],
    distance: int,
    at: str,
    zone: str,
) -> Occurrence | None:
    anchor = state.joined_at or 0
    if state.joined_revision < standing.since_revision:
        anchor = max(anchor, standing.since)
    done = state.consumed.get(standing.rule.key, 0)
    today = local(max(anchor, state.as_of), zone).date()
    start = max(done + 1, today.year - 1)
    for year in range(start, start + _AHEAD):
        told = of_year(year)
        if told is None:
            continue
        day = told + timedelta(days=distance)
        due_at = at_local(day, at, zone)
        if due_at is not None and due_at > anchor and (due_at >= state.as_of or day == today):
            return Occurrence(due_at, year)
    return None


def _told(state: MemberState, when: AnniversaryTrigger, zone: str) -> tuple[int, int, int] | None:
    """Return month and day of a member's day, and the year that it is an anniversary of (0 for any)."""
    if when.of == "joining":
        joined = local(state.joined_at or 0, zone).date()
        return joined.month, joined.day, joined.year
    path = when.attribute or "member.birthday" if when.of == "attribute" else "member.birthday"
    return month_and_day(state.attributes.get(path.partition(".")[2]))


def month_and_day(text: object) -> tuple[int, int, int] | None:
    """Read `MM-DD` or `YYYY-MM-DD`: month, day, and the year or 0. None for anything else."""
    if not isinstance(text, str):
        return None
    year = text[: -_MONTH_AND_DAY - 1] if len(text) > _MONTH_AND_DAY else "2000"
    whole = f"{year}-{text[-_MONTH_AND_DAY:]}"
    if len(whole) != len("YYYY-MM-DD"):
        return None
    try:
        day = date.fromisoformat(whole)
    except ValueError:
        return None
    return day.month, day.day, day.year if len(text) > _MONTH_AND_DAY else 0


def _distance(when: AnniversaryTrigger | HolidayTrigger) -> int:
    before, after = _days(when.before), _days(when.after)
    return after - before


def _days(said: Days | None) -> int:
    return said.days if said is not None else 0
