"""Every change of the clock from 2000 to 2037 in five zones: each local time comes exactly once a day."""

from bisect import bisect_left
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.replay import replay
from engine.schedule import DAY, at_local, next_day, shift
from engine.values import MICROSECONDS, to_datetime, to_instant
from tests.support.life import ORDER, Life, at, rule

ZONES = ("America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Tehran")
MANY = {
    "America/New_York": 76,
    "Europe/Berlin": 76,
    "Australia/Lord_Howe": 76,
    "America/Sao_Paulo": 39,
    "Asia/Tehran": 42,
}
MINUTE = 60 * MICROSECONDS
TIMES = [f"{minute // 60:02}:{minute % 60:02}" for minute in range(0, 24 * 60, 15)]
POINTS = [{"type": "award_points", "points": 1}]


@cache
def transitions(zone: str) -> list[datetime]:
    """Return the hours in which a zone's clock is put forward or back, by looking at every hour."""
    info = ZoneInfo(zone)
    found: list[datetime] = []
    hour = datetime(2000, 1, 1, tzinfo=UTC)
    before = hour.astimezone(info).utcoffset()
    while hour.year < 2038:
        hour += timedelta(hours=1)
        offset = hour.astimezone(info).utcoffset()
        if offset != before:
            found.append(hour)
        before = offset
    return found


def first_shown(zone: str, around: datetime) -> dict[tuple[date, str], int]:
    """Return when the clock first shows each local time or a later one, by looking at every minute."""
    info = ZoneInfo(zone)
    start = around.replace(minute=0) - timedelta(days=2)
    minutes = [start + timedelta(minutes=one) for one in range(84 * 60)]
    highest: list[datetime] = []
    for minute in minutes:
        wall = minute.astimezone(info).replace(tzinfo=None)
        highest.append(max(wall, highest[-1]) if highest else wall)
    days = sorted({one.date() for one in highest})[1:-1]
    return {
        (day, shown): to_instant(minutes[bisect_left(highest, datetime.fromisoformat(f"{day} {shown}"))])
        for day in days
        for shown in TIMES
    }


@pytest.mark.parametrize("zone", ZONES)
def test_each_local_time_comes_once_a_day_across_every_change(zone: str) -> None:
    """A skipped time is the first instant after, a doubled one its first; no day is repeated."""
    found = transitions(zone)
    assert MANY[zone] == len(found)
    for change in found:
        expected = first_shown(zone, change)
        days = sorted({day for day, _ in expected})
        for shown in TIMES:
            instants = [expected[day, shown] for day in days]
            assert instants == [at_local(day, shown, zone) for day in days], (zone, change, shown)
            walked = []
            now = instants[0] - 1
            for _ in days:
                now, ordinal = next_day(now, every="day", at=shown, zone=zone)
                walked.append((now, ordinal))
            assert list(zip(instants, [one.toordinal() for one in days], strict=True)) == walked


@pytest.mark.parametrize("zone", ZONES)
def test_days_and_absences_are_exact_across_every_change(zone: str) -> None:
    """So many days are so many times 24 hours, whatever the clocks do."""
    for change in transitions(zone):
        start = to_instant(change) - 12 * 60 * MINUTE
        assert start + 3 * DAY == shift(start, 3, "days", zone)
    life = Life(rule(when={"type": "absence", "event": ORDER, "for": {"days": 30}}, then=POINTS))
    for change in transitions(zone)[::7]:
        life.track(to_datetime(to_instant(change) - 15 * DAY).isoformat(), zone=zone)
    last = to_instant(transitions(zone)[::7][-1]) + 400 * DAY
    life.until(to_datetime(last).isoformat())

    due = [event.properties["due_at"] for event, _ in life.decided if event.kind == "timer"]
    assert [to_instant(one) + 15 * DAY for one in transitions(zone)[::7]] == due


@pytest.mark.parametrize("zone", ZONES)
def test_calendar_months_keep_the_clock_and_are_clamped(zone: str) -> None:
    """A month later the clock shows the same, on the same day or the month's last."""
    info = ZoneInfo(zone)
    for change in transitions(zone):
        wall = datetime(change.year, change.month, 1, 12, 34, tzinfo=info) - timedelta(days=1)
        moved = to_datetime(shift(to_instant(wall.astimezone(UTC)), 1, "months", zone)).astimezone(info)
        assert (12, 34) == (moved.hour, moved.minute)
        last = (date(moved.year + moved.month // 12, moved.month % 12 + 1, 1) - timedelta(days=1)).day
        assert min(wall.day, last) == moved.day


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("shown", ["00:00", "02:15", "02:30", "23:59"])
def test_daily_rule_fires_exactly_once_each_local_day(zone: str, shown: str) -> None:
    """Over two years with their changes, every local day has one firing and its own."""
    daily = rule(when={"type": "schedule", "every": "day", "at": shown}, then=POINTS)
    life = Life(daily)
    life.track("2016-12-31T12:00:00Z", zone=zone)
    life.until("2018-12-31T12:00:00Z")

    days = [
        to_datetime(event.as_of).astimezone(ZoneInfo(zone)).date()
        for event, _ in life.decided
        if event.kind == "timer"
    ]
    first = days[0]
    assert [first + timedelta(days=one) for one in range(len(days))] == days
    assert len(days) in {729, 730, 731}
    assert [] == replay("m1", life.logged, life.programme.decider).divergences


WORLD = ("Pacific/Kiritimati", "Asia/Shanghai", "Europe/Berlin", "America/New_York", "Pacific/Pago_Pago")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 40), st.sampled_from(WORLD)), min_size=1, max_size=12))
def test_members_who_move_never_have_a_day_twice(moves: list[tuple[int, str]]) -> None:
    """Wherever a member goes, no local day is dealt with twice, and none of where it stays is left out."""
    daily: dict[str, Any] = rule(when={"type": "schedule", "every": "day", "at": "09:00"}, then=POINTS)
    life = Life(daily)
    life.identify("2026-03-01", zone="Asia/Shanghai")
    now = at("2026-03-01")
    for hours, zone in moves:
        now += hours * 60 * MINUTE
        life.identify(to_datetime(now).isoformat(), zone=zone)
    end = now + 3 * DAY
    life.until(to_datetime(end).isoformat())

    marks = [event.properties["mark"] for event, _ in life.decided if event.kind == "timer"]
    assert marks == sorted(set(marks))
    assert [1] * (len(marks) - 1) == [after - before for before, after in pairwise(marks)]
    assert [] == replay("m1", life.logged, life.programme.decider).divergences


def test_a_zone_that_leaves_out_a_day_leaves_out_its_firing() -> None:
    """Samoa went from 29 to 31 December 2011: there was no 30th, and nothing fires for it."""
    life = Life(rule(when={"type": "schedule", "every": "day", "at": "09:00"}, then=POINTS))
    life.track("2011-12-29T00:00:00Z", zone="Pacific/Apia")
    life.until("2012-01-01T12:00:00Z")

    days = [
        date.fromordinal(event.properties["mark"]).isoformat()
        for event, _ in life.decided
        if event.kind == "timer"
    ]
    assert ["2011-12-29", "2011-12-31", "2012-01-01"] == days
