"""Instants by the calendar: durations, local times, what comes next.

Minutes, hours and days are exact. Months and years are calendar units in a
zone, clamped to the month's end (ruling 3). A local time that a change to
summer time skips is taken as the same wall reading with the offset from before
the change (PEP 495, fold 0), so that every day has exactly one 02:30.
"""

import calendar
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.errors import InvalidValue
from engine.values import MICROSECONDS, Instant, to_datetime, to_instant

DAY = 86_400 * MICROSECONDS
_EXACT = {"minutes": 60 * MICROSECONDS, "hours": 3_600 * MICROSECONDS, "days": DAY}
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@lru_cache(maxsize=1024)
def zone_named(name: str) -> ZoneInfo:
    """Return an IANA zone. Zone data is that of the pinned `tzdata` package.

    Raises:
        InvalidValue: If there is no such zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise InvalidValue(f"{name[:64]!r} is not an IANA time zone such as Asia/Shanghai") from error


def shift(instant: Instant, amount: int, unit: str, zone: str) -> Instant:
    """Return the instant so long after another; a negative amount goes back.

    Args:
        instant: Where to start.
        amount: How many units.
        unit: `minutes`, `hours`, `days`, `months` or `years`.
        zone: IANA zone in which months and years are counted.
    """
    exact = _EXACT.get(unit)
    if exact is not None:
        return instant + amount * exact
    months = amount * (12 if unit == "years" else 1)
    local = to_datetime(instant).astimezone(zone_named(zone))
    index = local.year * 12 + local.month - 1 + months
    year, month = index // 12, index % 12 + 1
    last = calendar.monthrange(year, month)[1]
    moved = local.replace(year=year, month=month, day=min(local.day, last))
    return to_instant(moved.astimezone(UTC))


def longest(amount: int, unit: str) -> Instant:
    """Return a time that no duration of so many units exceeds, in any zone: for what may be forgotten."""
    exact = _EXACT.get(unit)
    return amount * (exact if exact is not None else (31 if unit == "months" else 366) * DAY) + DAY


def local(instant: Instant, zone: str) -> datetime:
    """Return the wall reading of an instant in a zone."""
    return to_datetime(instant).astimezone(zone_named(zone))


def next_local(
    after: Instant,
    *,
    every: str,
    at: str,
    zone: str,
    on_weekday: str | None = None,
    on_day: int | None = None,
) -> Instant:
    """Return the first instant strictly after another at which a local time comes round.

    Args:
        after: The instant that it must follow.
        every: `day`, `week` (on `on_weekday`) or `month` (on `on_day`, the
            last day where the month is shorter).
        at: Local time `HH:MM`.
        zone: IANA zone of the local time.
        on_weekday: `mon` to `sun`, for `week`.
        on_day: 1 to 31, for `month`.
    """
    info = zone_named(zone)
    hour, minute = int(at[:2]), int(at[3:])
    day = local(after, zone).date()
    for _ in range(64):
        if _falls_on(day.year, day.month, day.day, every, on_weekday, on_day):
            moment = datetime(day.year, day.month, day.day, hour, minute, tzinfo=info)
            instant = to_instant(moment.astimezone(UTC))
            if instant > after:
                return instant
        day += timedelta(days=1)
    raise InvalidValue(f"no {every!r} schedule falls within 64 days")


def start_of(instant: Instant, every: str, zone: str) -> Instant:
    """Return the first instant of the local day, week (from Monday), month or year that an instant is in.

    Args:
        instant: The instant.
        every: `day`, `week`, `month` or `year`.
        zone: IANA zone of the calendar.
    """
    day = local(instant, zone).date()
    if every == "week":
        day -= timedelta(days=day.weekday())
    elif every == "month":
        day = day.replace(day=1)
    elif every == "year":
        day = day.replace(month=1, day=1)
    return _midnight(day, zone)


def year_end(instant: Instant, zone: str) -> Instant:
    """Return the first instant of the local year after the one that an instant is in."""
    return _midnight(date(local(instant, zone).year + 1, 1, 1), zone)


def _midnight(day: date, zone: str) -> Instant:
    moment = datetime(day.year, day.month, day.day, tzinfo=zone_named(zone))
    return to_instant(moment.astimezone(UTC))


def _falls_on(
    year: int, month: int, day: int, every: str, on_weekday: str | None, on_day: int | None
) -> bool:
    if every == "day":
        return True
    if every == "week":
        return WEEKDAYS[calendar.weekday(year, month, day)] == on_weekday
    return day == min(on_day or 1, calendar.monthrange(year, month)[1])
