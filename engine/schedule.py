"""Instants by the calendar: durations, local times, what comes next.

Minutes, hours and days are exact. Months and years are calendar units in a
zone, clamped to the month's end (ruling 3). A local time that a change to
summer time skips is the first instant after the change, and one that comes
twice is its first: so every day has exactly one 02:30.
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
    return next_day(after, every=every, at=at, zone=zone, on_weekday=on_weekday, on_day=on_day)[0]


def next_day(
    after: Instant,
    *,
    every: str,
    at: str,
    zone: str,
    on_weekday: str | None = None,
    on_day: int | None = None,
    after_day: int | None = None,
) -> tuple[Instant, int]:
    """Return what `next_local` does, with its local day as an ordinal.

    Args:
        after: The instant that it must follow.
        every: As for `next_local`.
        at: As for `next_local`.
        zone: As for `next_local`.
        on_weekday: As for `next_local`.
        on_day: As for `next_local`.
        after_day: A local day, as an ordinal, that has been dealt with already, with all before it.
    """
    day = local(after, zone).toordinal()
    if after_day is not None and after_day >= day:
        day = after_day + 1
    while True:
        instant, day = _coming(day, every, at, zone, on_weekday, on_day)
        if instant > after:
            return instant, day
        day += 1


@lru_cache(maxsize=65_536)
def _coming(
    day: int, every: str, at: str, zone: str, on_weekday: str | None, on_day: int | None
) -> tuple[Instant, int]:
    """Return the first time from a local day on, and its day: the same for all members, so kept."""
    for _ in range(64):
        day = _falling(date.fromordinal(day), every, on_weekday, on_day)
        instant = at_local(date.fromordinal(day), at, zone)
        if instant is not None:
            return instant, day
        day += 1
    raise InvalidValue(f"no {every!r} schedule falls within 64 times")


def last_day(until: Instant, at: str, zone: str) -> int:
    """Return the last local day, as an ordinal, whose clock has shown a time by an instant."""
    day = local(until, zone).date()
    shown = at_local(day, at, zone)
    return day.toordinal() - (shown is not None and shown > until)


def next_date(after: Instant, *, month: int, day: int, at: str, zone: str) -> Instant:
    """Return the first instant strictly after another at which a day of the year and its time come round.

    Args:
        after: The instant that it must follow.
        month: 1 to 12.
        day: 1 to 31; the last day of the month in a year in which it is shorter.
        at: Local time `HH:MM`.
        zone: IANA zone of the local time.
    """
    year = local(after, zone).year
    for one in range(year, year + 3):
        instant = at_local(date(one, month, min(day, calendar.monthrange(one, month)[1])), at, zone)
        if instant is not None and instant > after:
            return instant
    raise InvalidValue(f"no {month:02}-{day:02} falls within 2 years")


@lru_cache(maxsize=65_536)
def at_local(day: date, at: str, zone: str) -> Instant | None:
    """Return the instant at which a day's clock shows a time; None if the zone leaves out the whole day.

    Where the clock is put forward over it, that is the first instant after; where it comes twice, the first.

    Args:
        day: A local day.
        at: Local time `HH:MM`.
        zone: IANA zone.
    """
    info = zone_named(zone)
    wall = datetime(day.year, day.month, day.day, int(at[:2]), int(at[3:]), tzinfo=info)
    moment = wall.astimezone(UTC)
    if moment.astimezone(info).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return to_instant(moment)
    change = _change(wall.replace(fold=1).astimezone(UTC), moment, info)
    if change.astimezone(info).date() != day and _skipped(day, info):
        return None
    return to_instant(change)


def _change(low: datetime, high: datetime, info: ZoneInfo) -> datetime:
    """Return the first second, after one moment and up to another, at which a zone's clock is put forward."""
    before = low.astimezone(info).utcoffset()
    start, seconds = low, (high - low) // timedelta(seconds=1)
    while seconds > 1:
        half = seconds // 2
        middle = start + timedelta(seconds=half)
        if middle.astimezone(info).utcoffset() == before:
            start, seconds = middle, seconds - half
        else:
            seconds = half
    return start + timedelta(seconds=seconds)


def _skipped(day: date, info: ZoneInfo) -> bool:
    """Return whether a zone leaves out a whole day, as Samoa did when it crossed the date line."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=info)
    return midnight.astimezone(UTC).astimezone(info).date() != day


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


def _falling(day: date, every: str, on_weekday: str | None, on_day: int | None) -> int:
    """Return the first day from one on that a schedule falls on, as an ordinal."""
    if every == "day":
        return day.toordinal()
    if every == "week":
        return day.toordinal() + (WEEKDAYS.index(on_weekday or "mon") - day.weekday()) % 7
    last = calendar.monthrange(day.year, day.month)[1]
    falls = day.replace(day=min(on_day or 1, last))
    if falls < day:
        following = day.replace(day=1) + timedelta(days=last)
        last = calendar.monthrange(following.year, following.month)[1]
        falls = following.replace(day=min(on_day or 1, last))
    return falls.toordinal()
