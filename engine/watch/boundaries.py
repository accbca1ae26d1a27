"""Instants at which a zone's calendar turns over: hours, days, and changes of the clock."""

from datetime import UTC, datetime, timedelta

from engine.schedule import local, zone_named
from engine.values import MICROSECONDS, Instant, to_instant

HOUR = 3_600 * MICROSECONDS
QUARTER = HOUR // 4
_NEAR = 3 * HOUR


def next_hour(instant: Instant, zone: str) -> Instant:
    """Return the first instant after another at which the local hour may be another."""
    moment = local(instant, zone)
    return _turn(instant, moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1), zone)


def next_day(instant: Instant, zone: str) -> Instant:
    """Return the first instant after another at which the local day may be another."""
    moment = local(instant, zone)
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return _turn(instant, midnight, zone)


def steady(instant: Instant, zone: str) -> bool:
    """Return whether the clock of a zone isn't changed within three hours of an instant."""
    return _offset(instant - _NEAR, zone) == _offset(instant + _NEAR, zone)


def _turn(instant: Instant, wall: datetime, zone: str) -> Instant:
    """Return when the wall reads so, or when the clock is changed on the way there, if that is sooner."""
    naive = wall.replace(tzinfo=zone_named(zone), fold=0)
    turn = to_instant(naive.astimezone(UTC))
    if turn <= instant:
        turn = to_instant(naive.replace(fold=1).astimezone(UTC))
    if turn <= instant:
        turn = instant + QUARTER
    return _changed(instant, turn, zone)


def _changed(low: Instant, high: Instant, zone: str) -> Instant:
    """Return when the clock of a zone is changed in (low, high], `high` if it isn't."""
    before = _offset(low, zone)
    if _offset(high, zone) == before:
        return high
    first, last = low // MICROSECONDS, -(-high // MICROSECONDS)
    while last - first > 1:
        middle = (first + last) // 2
        if _offset(middle * MICROSECONDS, zone) == before:
            first = middle
        else:
            last = middle
    return min(high, last * MICROSECONDS)


def _offset(instant: Instant, zone: str) -> timedelta | None:
    return local(instant, zone).utcoffset()
