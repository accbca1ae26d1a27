"""`next_change` is never late: between now and then nothing changes without an event (ruling 10)."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from engine.evaluate import evaluate
from engine.language.catalogue import Catalogue
from engine.language.conditions import Condition
from engine.language.predicates import Node, facts, figures, prepare
from engine.reading import Reading
from engine.schedule import shift
from engine.state import MemberState, Past
from engine.values import MICROSECONDS, Instant, Number
from engine.watch.changes import next_change
from tests.support.life import ORDER, at

HOUR = 3_600 * MICROSECONDS
DAY = 24 * HOUR
CATALOGUE = Catalogue()
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/St_Johns")
CONDITION: TypeAdapter[Condition] = TypeAdapter(Condition)


def history(**said: Any) -> dict[str, Any]:
    return {"type": "history", "measure": "count", "event": ORDER, "op": "gte", "value": 2} | said


def calendar(name: str, op: str, value: Any) -> dict[str, Any]:
    return {"type": "compare", "fact": f"calendar.{name}", "op": op, "value": value}


SPANS = st.sampled_from(
    [{"minutes": 90}, {"hours": 36}, {"days": 3}, {"days": 30}, {"months": 1}, {"months": 2}, {"years": 1}]
)
ORDERED = st.sampled_from(["gte", "gt", "lte", "lt", "eq", "ne"])
WINDOWED = st.builds(
    lambda within, net, op, value: history(within=within, net=net, op=op, value=value),
    SPANS,
    st.booleans(),
    ORDERED,
    st.integers(-2, 4),
)
SUMMED = st.builds(
    lambda within, net, op, value: history(
        measure="sum", property="total", within=within, net=net, op=op, value=value
    ),
    SPANS,
    st.booleans(),
    ORDERED,
    st.integers(-20, 60),
)
SINCE = st.builds(
    lambda op, value: history(measure="days_since", op=op, value=value),
    ORDERED,
    st.one_of(st.integers(0, 40), st.sampled_from(["2.5", "29.01"])),
)
STREAK = st.builds(
    lambda op, value: history(measure="streak", op=op, value=value), ORDERED, st.integers(0, 3)
)
BY_CALENDAR = st.one_of(
    st.builds(lambda op, value: calendar("hour", op, value), ORDERED, st.integers(0, 23)),
    st.builds(lambda op, value: calendar("day", op, value), ORDERED, st.integers(1, 31)),
    st.builds(lambda op, value: calendar("month", op, value), ORDERED, st.integers(1, 12)),
    st.builds(
        lambda value: calendar("weekday", "in", value), st.lists(st.sampled_from(["mon", "sat"]), min_size=1)
    ),
    st.builds(
        lambda value: calendar("month_day", "eq", value),
        st.sampled_from(["02-29", "03-01", "12-31", "01-01"]),
    ),
)
LEAVES = st.one_of(WINDOWED, SUMMED, SINCE, STREAK, BY_CALENDAR)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.builds(
        lambda kind, of: {"type": kind, "of": of},
        st.sampled_from(["all", "any", "not"]),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=5,
)


def state_of(condition: Node, instants: list[Instant]) -> MemberState:
    """Return a member who did something at some instants, with values that go up and down."""
    instants = sorted(instants)
    values: list[Number] = [[10, -5, 20, 7][place % 4] for place in range(len(instants))]
    past = {
        key: Past(len(instants), instants[0], instants[-1], 0, sum(values), instants, values)
        for key in {ORDER: None} | {one.series.key: None for one in figures(condition).values()}
        if instants
    }
    return MemberState(member="m", joined_at=0, past=past)


def truth(condition: Node, state: MemberState, as_of: Instant, zone: str) -> bool:
    reading = Reading(facts(condition), figures(condition).values())
    read = reading.facts(properties={}, before=state.past, state=state, as_of=as_of, zone=zone)
    return evaluate(condition, read)


def change(condition: Node, state: MemberState, as_of: Instant, zone: str) -> Instant | None:
    reading = Reading(facts(condition), figures(condition).values())
    read = reading.facts(properties={}, before=state.past, state=state, as_of=as_of, zone=zone)
    return next_change(condition, read, state, as_of, zone)


def never_late(
    said: dict[str, Any], instants: list[Instant], as_of: Instant, zone: str, looks: list[Instant]
) -> None:
    condition = prepare(CONDITION.validate_python(said), CATALOGUE, "")
    state = state_of(condition, instants)
    now = truth(condition, state, as_of, zone)
    turn = change(condition, state, as_of, zone)
    assert turn is None or turn > as_of
    for look in looks:
        instant = as_of + look
        if turn is None or instant < turn:
            assert now == truth(condition, state, instant, zone), (instant, turn)
    if turn is not None:
        assert now == truth(condition, state, turn - 1, zone)


def looks_within(days: int) -> st.SearchStrategy[list[Instant]]:
    fives = st.integers(1, days * 24 * 12).map(lambda five: five * HOUR // 12)
    return st.lists(fives, min_size=40, max_size=80)


BASES = st.sampled_from(
    [
        at("2026-02-26"),
        at("2026-03-27"),
        at("2026-10-24"),
        at("2026-05-30"),
        at("2024-02-28"),
        at("2026-11-01"),
    ]
)


@settings(max_examples=400)
@given(
    said=TREES,
    base=BASES,
    ago=st.lists(st.integers(-3 * 24, 75 * 24 * 4).map(lambda quarter: quarter * HOUR // 4), max_size=6),
    quarters=st.integers(-400, 400),
    zone=st.sampled_from(ZONES),
    looks=st.lists(
        st.integers(1, 90 * 24 * 12).map(lambda five: five * HOUR // 12), min_size=30, max_size=60
    ),
)
def test_nothing_changes_before_it(
    said: dict[str, Any], base: Instant, ago: list[Instant], quarters: int, zone: str, looks: list[Instant]
) -> None:
    as_of = base + quarters * HOUR // 4
    never_late(said, [as_of - one for one in ago], as_of, zone, looks)


@settings(max_examples=250)
@given(
    within=st.sampled_from([{"months": 1}, {"months": 2}, {"months": 12}, {"years": 1}]),
    value=st.integers(1, 3),
    base=BASES,
    near=st.lists(st.integers(-5 * 96, 5 * 96), min_size=1, max_size=4),
    quarters=st.integers(-200, 200),
    zone=st.sampled_from(ZONES),
    looks=looks_within(8),
)
def test_a_window_of_months_at_the_end_of_a_month_and_where_the_clock_is_changed(
    within: dict[str, int],
    value: int,
    base: Instant,
    near: list[int],
    quarters: int,
    zone: str,
    looks: list[Instant],
) -> None:
    """What is counted lies where the window begins: it may go back there, by days or by an hour."""
    as_of = base + quarters * HOUR // 4
    unit, amount = next(iter(within.items()))
    start = shift(as_of, -amount, unit, zone)
    never_late(
        history(within=within, value=value), [start + one * HOUR // 4 for one in near], as_of, zone, looks
    )


class TestExactly:
    @pytest.mark.parametrize(
        ("said", "expected"),
        [
            (history(within={"days": 30}, value=1), at("2026-03-31")),
            (history(within={"days": 30}, value=2), at("2026-03-12")),
            (history(within={"days": 30}, value=3), None),
            (history(within={"months": 1}, value=1), at("2026-04-01")),
            (history(measure="days_since", op="gte", value=30), at("2026-03-31")),
            (history(measure="days_since", op="lt", value=5), None),
            (history(value=2), None),
            (calendar("month", "eq", 5), at("2026-04-30T16:00:00Z")),
            (calendar("hour", "eq", 9), at("2026-03-11T01:00:00Z")),
        ],
    )
    def test_a_single_condition(self, said: dict[str, Any], expected: Instant | None) -> None:
        """Orders on 10 February and 1 March; it is 10 March, 10:00 in Shanghai."""
        condition = prepare(CONDITION.validate_python(said), CATALOGUE, "")
        state = state_of(condition, [at("2026-02-10"), at("2026-03-01")])
        assert expected == change(condition, state, at("2026-03-10 02:00"), "Asia/Shanghai")

    def test_a_group_waits_for_the_last_of_what_it_lacks(self) -> None:
        """At nine, but only in May: no need to look every morning of April."""
        said = {"type": "all", "of": [calendar("hour", "eq", 9), calendar("month", "eq", 5)]}
        condition = prepare(CONDITION.validate_python(said), CATALOGUE, "")
        turn = change(condition, state_of(condition, []), at("2026-03-10"), "Asia/Shanghai")
        assert at("2026-04-30T16:00:00Z") == turn
