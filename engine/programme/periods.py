"""Calendar periods of levels in a member's zone: `calendar_year`, and `half_year` from January or July."""

from datetime import UTC, datetime

from engine.schedule import local, zone_named
from engine.values import Instant, to_instant

_JULY = 7


def period_start(period: str, instant: Instant, zone: str) -> Instant:
    """Return the first instant of the period that an instant lies in: a local midnight."""
    day = local(instant, zone)
    return _midnight(day.year, _JULY if period == "half_year" and day.month >= _JULY else 1, zone)


def period_end(period: str, instant: Instant, zone: str) -> Instant:
    """Return the first instant after the period that an instant lies in."""
    day = local(instant, zone)
    if period == "half_year" and day.month < _JULY:
        return _midnight(day.year, _JULY, zone)
    return _midnight(day.year + 1, 1, zone)


def later(one: Instant | None, other: Instant | None) -> Instant | None:
    """Return the later of two ends, of which None never comes."""
    return None if one is None or other is None else max(one, other)


def _midnight(year: int, month: int, zone: str) -> Instant:
    return to_instant(datetime(year, month, 1, tzinfo=zone_named(zone)).astimezone(UTC))
