"""Slices of the worker: never longer than they may be, whatever a member costs, and nobody is forgotten."""

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import text

from api.service.pace import FIRST, MOST, Pace
from api.service.timers import LEAST_SECONDS, SLICE_SECONDS, Timers
from api.service.unit import Unit
from api.store import members
from api.store.connection import Connection
from tests.api.conftest import Programme

BIRTHDAY: dict[str, Any] = {
    "language": 1,
    "key": "birthday",
    "name": {"en": "Birthday", "zh-Hans": "生日"},
    "when": {"type": "anniversary", "of": "birthday", "at": "09:00"},
    "then": [{"type": "award_points", "points": 88}],
}
ZONES = ("Asia/Shanghai", "Europe/London", "America/New_York")


class Watch:
    """A stopwatch that goes on only when it is told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def slice_of(pace: Pace, watch: Watch, costs: list[float]) -> int:
    """Do what fits into a slice; return how many pieces."""
    end, done = watch.seconds + SLICE_SECONDS, 0
    while costs[done:] and (count := min(pace.begin(end), len(costs) - done)):
        watch.seconds += sum(costs[done : done + count])
        pace.done(count)
        done += count
    return done


@pytest.mark.parametrize("cost", [0.00002, 0.0003, 0.001, 0.002])
def test_a_slice_is_used_but_not_exceeded(cost: float) -> None:
    watch = Watch()
    pace = Pace(watch)
    for _ in range(3):
        before = watch.seconds
        done = slice_of(pace, watch, [cost] * 10_000)
        assert watch.seconds - before <= SLICE_SECONDS + 1e-9
        assert done >= 0.8 * SLICE_SECONDS / cost - 1


def cost_of(pace: Pace, watch: Watch) -> float:
    """Return what a piece is believed to cost, in seconds."""
    return 0.04 / pace.begin(watch.seconds + 0.04)


def test_what_a_piece_costs_is_believed_step_by_step() -> None:
    """What was slow only once, because the machine was busy, makes the next slices no tenth as large."""
    watch = Watch()
    pace = Pace(watch)
    for _ in range(3):
        slice_of(pace, watch, [0.0002] * 1_000)
    assert cost_of(pace, watch) == pytest.approx(0.0002, rel=0.2)
    watch.seconds += 100 * 0.01
    pace.done(100)
    assert cost_of(pace, watch) == pytest.approx(0.0004, rel=0.2)
    watch.seconds += 100 * 0.0002
    pace.done(100)
    assert cost_of(pace, watch) == pytest.approx(0.0003, rel=0.2)
    for _ in range(6):
        pace.begin(watch.seconds + 1)
        watch.seconds += 100 * 0.002
        pace.done(100)
    assert cost_of(pace, watch) == pytest.approx(0.002, rel=0.2)


def test_nothing_is_begun_that_takes_longer_than_there_is() -> None:
    watch = Watch()
    pace = Pace(watch)
    assert FIRST == pace.begin(1.0)
    watch.seconds += 0.3 * FIRST
    pace.done(FIRST)
    assert 0 == pace.begin(watch.seconds + 0.29)
    assert 0 == pace.begin(watch.seconds)
    assert 0 < pace.begin(watch.seconds + 100) <= MOST


def born(programme: Programme, count: int) -> None:
    """Let members be known whose birthday is one day, in several zones."""
    client = programme.backend()
    month_day = "01-20"
    for number in range(count):
        traits = {"birthday": month_day}
        call = {
            "userId": f"m{number}",
            "traits": traits,
            "context": {"timezone": ZONES[number % len(ZONES)]},
        }
        assert 200 == client.post("/v1/identify", json=call).status_code


def fired(programme: Programme) -> Counter[str]:
    with programme.database.read() as connection:
        query = text("SELECT member FROM event WHERE kind = 'timer'")
        return Counter(connection.execute(query).scalars())


@pytest.mark.parametrize(
    ("each", "commit"), [(0.001, 0.0), (0.006, 0.0), (0.5, 0.0), (0.006, 0.03), (0.006, 9.0)]
)
def test_birthdays_fire_in_slices_as_large_as_what_they_cost_lets_them_be(
    either: Programme, monkeypatch: pytest.MonkeyPatch, each: float, commit: float
) -> None:
    """Each member once, whatever it costs; a slice ends with the member during which its time was up.

    How long the commit takes is counted in, as far as anything is left for the work.
    """
    born(either, 24)
    either.publish(BIRTHDAY)
    watch = Watch()
    catch_up = Unit.catch_up

    def dear(unit: Unit, *given: Any, **more: Any) -> int:
        watch.seconds += each
        return catch_up(unit, *given, **more)

    timers = Timers(
        either.services.rulebook, either.sources, either.clock, watch, commit_takes=lambda: commit
    )
    room = max(LEAST_SECONDS, SLICE_SECONDS - commit)
    wake: Any = either.clock.now()
    while wake is not None and wake <= either.clock.now():
        wake = either.run(timers.tick)
    monkeypatch.setattr(Unit, "catch_up", dear)
    either.clock.advance(40 * 86_400)
    slices: list[int] = []
    while sum(slices) < 24:
        before, began = sum(fired(either).values()), watch.seconds
        either.run(timers.tick)
        slices.append(sum(fired(either).values()) - before)
        assert slices[-1] >= 1
        assert watch.seconds - began < room + each
    assert {f"m{number}": 1 for number in range(24)} == fired(either)
    most = max(1, int(room / each) + 1)
    assert -(-24 // most) <= len(slices) <= -(-24 // max(1, most // 2))


def test_due_instants_are_derived_anew_without_writing_states(
    either: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a rule is published; a member whose state had to be built again is the one that is written."""
    born(either, 9)
    saved: list[str] = []
    save = members.save

    def noting(connection: Connection, rows: Any) -> None:
        rows = list(rows)
        saved.extend(one.state.member for one in rows)
        save(connection, rows)

    monkeypatch.setattr(members, "save", noting)
    either.publish(BIRTHDAY)
    timers = Timers(either.services.rulebook, either.sources, either.clock)
    while (wake := either.run(timers.tick)) is not None and wake <= either.clock.now():
        pass
    assert [] == saved
    with either.database.read() as connection:
        rows = connection.execute(text("SELECT next_due_at, revision FROM member")).all()
    newest = either.services.rulebook.newest
    assert {newest} == {row.revision for row in rows}
    assert len(ZONES) == len({row.next_due_at for row in rows})

    lately = {"type": "history", "measure": "count", "event": "Signed Up", "within": {"days": 3}}
    asks = {**BIRTHDAY, "key": "lately", "if": {**lately, "op": "gte", "value": 1}}
    either.publish(asks)
    while (wake := either.run(timers.tick)) is not None and wake <= either.clock.now():
        pass
    assert {f"m{number}" for number in range(9)} == set(saved)
