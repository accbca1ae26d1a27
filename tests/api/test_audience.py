"""Audiences: what SQL counts is what the evaluator counts, and an estimate's interval holds."""

from collections.abc import Iterator
from decimal import Decimal
from random import Random
from time import sleep
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from api.service.asking_members import question
from api.service.audience import Audiences, estimated
from api.service.counting import Counting
from api.service.refusal import Refusal
from api.service.rulebook import Rulebook
from api.store import audiences as stored
from api.store import controls, counted, members, narrowing
from api.store.database import Database
from api.store.holdings import StateChange, write_holdings
from api.store.members import SavedMember
from api.store.schema import MEASURE, PURCHASE
from engine.index import Index
from engine.language.definitions import Definitions
from engine.language.operators import OPERATORS
from engine.language.parse import parse_rule
from engine.ledger.books import Account, Books, Lot
from engine.rules import Control
from engine.schedule import DAY
from engine.state import Held, Level, Membership, MemberState, Past
from tests.api.conftest import Programme as Running
from tests.support.clock import FixedClock
from tests.support.documents import sorted_numbers
from tests.support.life import rule

DEFINED: dict[str, Any] = {
    "attributes": [
        {"name": "grade", "label": {"en": "Grade"}, "type": "text"},
        {"name": "score", "label": {"en": "Score"}, "type": "number"},
        {"name": "checked", "label": {"en": "Checked"}, "type": "boolean"},
        {"name": "since", "label": {"en": "Since"}, "type": "instant"},
        {"name": "likes", "label": {"en": "Likes"}, "type": "list"},
    ],
    "tags": [
        {"key": "a", "name": {"en": "a"}, "meaning": "a"},
        {"key": "b", "name": {"en": "b"}, "meaning": "b", "parent": "a"},
        {"key": "c", "name": {"en": "c"}, "meaning": "c"},
        {"key": "d", "name": {"en": "d"}, "meaning": "d", "merged_into": "b"},
    ],
    "memberships": [{"key": "club", "name": {"en": "Club"}, "lasts": {"years": 1}}],
    "ladders": [
        {
            "key": key,
            "name": {"en": key},
            "measure": "count",
            "event": "Order Completed",
            "period": "ever",
            "tiers": [
                {"key": one, "name": {"en": one}, "reached_at": at}
                for one, at in (("low", "1"), ("high", "9"))
            ],
        }
        for key in ("tier", "staff")
    ],
    "events": [
        {
            "name": "Coffee Spilled",
            "label": {"en": "Spilled"},
            "properties": [{"name": "litres", "label": {"en": "Litres"}, "type": "number"}],
        }
    ],
}
READ: dict[str, Any] = {
    "type": "any",
    "of": [
        {"type": "history", "measure": "count", "event": one, "op": "gt", "value": 1, "within": {"days": 30}}
        | more
        for one, more in (
            ("Order Completed", {}),
            ("Coffee Spilled", {}),
            ("Coffee Spilled", {"measure": "sum", "property": "litres"}),
        )
    ],
}
"""What the rules in force read of the history."""
NOW = FixedClock().now()
VALUES: dict[str, list[Any]] = {
    "grade": [None, "gold", "silver", "7", "2026-01-01T00:00:00Z", "", "nul\0", "Gold"],
    "score": [None, 0, 7, -3, "0.5", "7", Decimal("0.25"), 2**52, "0.1234567", "no number", True, [1]],
    "checked": [None, True, False, "true"],
    "since": [None, "2026-01-01T00:00:00Z", "2026-01-01T08:00:00+08:00", "soon", 5],
    "likes": [None, [], ["a"], "a"],
    "tier": [None, "low", "high", 3],
}


def _past(chance: Random, index: Index) -> dict[str, Past]:
    found: dict[str, Past] = {}
    for key in sorted(index.rules.series):
        if chance.random() < 0.7:
            days = sorted(NOW - round(chance.choice([0, 1, 29.5, 30, 30.5, -0.5]) * DAY) for _ in range(2))
            total: Any = chance.choice([0, 5, Decimal("0.5"), Decimal("0.1234567")])
            found[key] = Past(chance.randrange(1, 5), days[0], days[1], 1, total, days, [total, 0])
    return found


def _member(number: int, chance: Random, index: Index) -> MemberState:
    points = chance.choice([0, 0, 5, 70])
    account = Account(lots=(Lot("l", points, None, None),)) if points else None
    levels = {
        key: Level(chance.choice([None, "low", "high"]), 1)
        for key in ("tier", "staff")
        if chance.random() < 0.5
    }
    return MemberState(
        member=f"m{number}",
        sequence=1,
        joined_at=1,
        tracked=index.tracked,
        attributes={name: chance.choice(values) for name, values in VALUES.items()},
        tags={one: {"p": Held(1)} for one in "abcd" if chance.random() < 0.4},
        points=points,
        books=Books(accounts={"points": account}) if account else Books(),
        levels=levels,
        memberships={"club": Membership(1, 2)} if chance.random() < 0.4 else {},
        past=_past(chance, index),
    )


@pytest.fixture
def counting_house(url: str) -> Iterator[tuple[Database, Rulebook, Audiences]]:
    """Members of every sort, written as they are kept, and counted."""
    with Database.open(url) as database:
        rulebook = Rulebook(matcher="index")
        body = {"definitions": Definitions.model_validate(DEFINED).model_dump(mode="json", by_alias=True)}
        reads = {"document": parse_rule(rule(**{"if": READ})).plain(), "version": 1}
        known = [
            Control(revision=1, name="Definitions Changed", at=0, by="t", body=body),
            Control(revision=2, name="Rule Published", at=0, by="t", body=reads),
        ]
        chance = Random(7)  # noqa: S311  invented members
        with database.write() as connection:
            for control in known:
                controls.append_control(connection, control)
            rulebook.learn(known)
            states = [_member(number, chance, rulebook.index()) for number in range(300)]
            members.save(connection, [SavedMember(one, None, 1) for one in states])
            write_holdings(connection, [StateChange(MemberState(member=one.member), one) for one in states])
            counted.write_members(connection, states)

        def run(work: Any) -> Any:
            with database.write() as connection:
                return work(connection)

        audiences = Audiences(database, rulebook, Counting(run), FixedClock())
        yield database, rulebook, audiences
        audiences.close()


NUMBERS = st.sampled_from([0, 1, 5, 7, -3, "0.5", "0.25", "0.1234567", 70, 2**52])
DAYS = st.sampled_from([0, 1, 29, 30, 31, "29.5", -1])
INSTANTS = st.sampled_from(["2026-01-01T00:00:00Z", "2025-12-31T23:59:59.999999Z"])
TEXTS = st.sampled_from(["gold", "silver", "7", "Gold", "", "low", "high"])
_FACTS = [
    ("member.grade", "text", TEXTS), ("member.tier", "text", TEXTS), ("member.level.staff", "text", TEXTS),
    ("member.score", "number", NUMBERS), ("member.points", "number", NUMBERS),
    ("member.balance.points", "number", NUMBERS), ("member.checked", "boolean", st.booleans()),
    ("member.since", "instant", INSTANTS), ("member.tags", "list", st.sampled_from(["a", "b", "c"])),
    ("member.memberships", "list", st.just("club")), ("member.likes", "list", st.just("a")),
    ("calendar.month", "number", NUMBERS),
]  # fmt: skip


@st.composite
def comparisons(draw: st.DrawFn) -> dict[str, Any]:
    fact, fact_type, values = draw(st.sampled_from(_FACTS))
    return {"type": "compare", "fact": fact} | draw(_asked(fact_type, values))


@st.composite
def histories(draw: st.DrawFn) -> dict[str, Any]:
    measure = draw(st.sampled_from(["count", "first", "last", "days_since", "sum"]))
    event = draw(st.sampled_from(["Order Completed", "Coffee Spilled"]))
    values = {"first": INSTANTS, "last": INSTANTS, "days_since": DAYS}.get(measure, NUMBERS)
    kind = "instant" if measure in {"first", "last"} else "number"
    asked = draw(_asked(kind, values).filter(lambda one: one["op"] in _OF_HISTORY))
    more = {"property": "litres", "event": "Coffee Spilled"} if measure == "sum" else {"event": event}
    within = {"within": {"days": 30}} if measure in {"count", "sum"} and draw(st.booleans()) else {}
    return {"type": "history", "measure": measure} | more | within | asked


_OF_HISTORY = {"eq", "ne", "gte", "gt", "lte", "lt", "between", "is_known", "is_missing"}


@st.composite
def _asked(draw: st.DrawFn, fact_type: Any, values: st.SearchStrategy[Any]) -> dict[str, Any]:
    operator = draw(st.sampled_from([one for one in OPERATORS.values() if fact_type in one.types]))
    pairs = st.lists(values, min_size=2, max_size=2)
    operand = {
        "same": values,
        "text": values,
        "pair": pairs.map(sorted_numbers if fact_type == "number" else sorted),
        "many": st.lists(values, min_size=1, max_size=3),
        "none": st.none(),
    }[operator.operand]
    return {"op": operator.name, "value": draw(operand)}


CONDITIONS = st.recursive(
    st.one_of(comparisons(), histories()),
    lambda inner: st.fixed_dictionaries(
        {"type": st.sampled_from(["all", "any", "not"]), "of": st.lists(inner, min_size=1, max_size=3)}
    ),
    max_leaves=5,
)


def test_sql_counts_whom_the_evaluator_counts(
    counting_house: tuple[Database, Rulebook, Audiences],
) -> None:
    """Over generated conditions and members of every sort."""
    database, rulebook, audiences = counting_house
    decided: list[bool] = []

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(CONDITIONS)
    def holds(condition: dict[str, Any]) -> None:
        try:
            asked = question(rulebook, condition, NOW)
        except Refusal:  # a condition with an error has no audience
            return
        with database.read() as connection:
            expected = {one.member for one in members.states(connection) if asked.holds(one)}
            odd = narrowing.odd(connection, asked.narrowed, asked.tracked)

            def found(where: narrowing.Truth) -> set[str]:
                return {one.member for one in stored.found_in(connection, where, limit=1000)}

            assert expected <= found(asked.narrowed.candidates(odd)), condition
            sure = asked.narrowed.sure(odd)
            if sure is not None:
                assert expected - found(odd) == found(sure), condition
            decided.append(sure is not None)
        assert len(expected) == audiences.count(condition), condition
        assert expected == set(audiences.members(condition)), condition

    holds()
    assert sum(decided) > len(decided) / 4


@pytest.mark.parametrize("share", [0.0, 0.001, 0.04, 0.5, 0.97, 1.0])
def test_an_estimates_interval_holds(share: float) -> None:
    """Drawn without replacement from a finite whole, 93 of 100 intervals or more hold the truth."""
    chance = Random(11)  # noqa: S311  a simulation
    total, looked_at, runs = 4_000, 500, 400
    everybody = [number < share * total for number in range(total)]
    held = 0
    for _ in range(runs):
        about = estimated(sum(chance.sample(everybody, looked_at)), looked_at, total)
        held += about.low <= sum(everybody) <= about.high
    assert held >= 0.93 * runs


def test_all_that_was_looked_at_is_no_estimate() -> None:
    assert (7, 7, 7) == estimated(7, 64, 64)


def test_it_is_counted_in_the_background(programme: Running) -> None:
    """At first nobody is counted; then there is an exact count, and an estimate for another condition."""
    client = programme.backend()
    for number in range(30):
        traits = {"city": "Hangzhou" if number % 3 else "Suzhou"}
        client.post("/v1/identify", json={"userId": f"m{number}", "traits": traits})
    city = {"type": "compare", "fact": "member.city", "op": "eq", "value": "Suzhou"}
    first = client.post("/v1/audience", json={"condition": city})
    assert (200, None, "sql") == (first.status_code, first.json()["estimate"], first.json()["reading"])
    answer = first.json()
    for _ in range(200):
        answer = client.post("/v1/audience", json={"condition": city}).json()
        if answer["exact"] is not None:
            break
        sleep(0.05)
    assert 10 == answer["exact"]["members"]
    estimate = client.post("/v1/audience", json={"condition": city}).json()["estimate"]
    assert estimate["low"] <= 10 <= estimate["high"]
    everybody = client.post("/v1/audience", json={}).json()
    assert everybody["estimate"]["low"] <= 30 <= everybody["estimate"]["high"]


def test_a_bad_condition_is_named_at_its_place(programme: Running) -> None:
    bad = {"type": "all", "of": [{"type": "compare", "fact": "event.total", "op": "gte", "value": 1}]}
    answer = programme.backend().post("/v1/audience", json={"condition": bad})
    assert (422, "/of/0/fact") == (answer.status_code, answer.json()["errors"][0]["path"])


def test_counting_follows_the_log(programme: Running) -> None:
    """What changed since is counted again, orders and refunds among it; a refund is at most the order."""
    client = programme.backend()
    counting = Counting(programme.run)

    def track(event: str, **properties: Any) -> None:
        body = {"userId": "m1", "event": event, "properties": properties}
        assert 200 == client.post("/v1/track", json=body).status_code

    track("Order Completed", order_id="o1", total="12.5", currency="CNY")
    counting.catch_up()
    track("Order Refunded", order_id="o1", total=2, currency="CNY")
    track("Order Cancelled", order_id="o1")
    track("Order Refunded", order_id="o1", total=3)
    track("Order Completed", order_id="o2", total=1000, currency="JPY")
    counting.catch_up()
    counting.catch_up()
    with programme.database.read() as connection:
        kept = connection.execute(select(PURCHASE.c.minor, PURCHASE.c.currency).order_by(PURCHASE.c.sequence))
        assert [(1250, "CNY"), (-200, "CNY"), (-1050, "CNY"), (1000, "JPY")] == [tuple(row) for row in kept]
        counts = connection.execute(select(MEASURE.c.series, MEASURE.c["count"]).order_by(MEASURE.c.series))
        assert [("Order Cancelled", 1), ("Order Completed", 2), ("Order Refunded", 2)] == [
            tuple(row) for row in counts
        ]
