"""Audiences: what SQL counts is what the evaluator counts, and an estimate's interval holds."""

from collections.abc import Iterator
from json import dumps
from random import Random
from time import sleep
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import select

from api.service.asking_members import question
from api.service.audience import cells, estimated
from api.service.counting import Counting
from api.service.pace import Pace
from api.service.refusal import Refusal
from api.store import audiences as stored
from api.store import members, narrowing
from api.store.narrowed import Truth
from api.store.schema import MEASURE, PURCHASE
from tests.api.conftest import Programme as Running
from tests.api.crowd import CONDITIONS, NOW, Crowd, crowd


@pytest.fixture
def counting_house(url: str) -> Iterator[Crowd]:
    """Members of every sort, in a database of either kind."""
    with crowd(url) as there:
        yield there


def test_sql_counts_whom_the_evaluator_counts(
    counting_house: Crowd,
) -> None:
    """Over generated conditions and members of every sort."""
    database, rulebook, audiences = (
        counting_house.database,
        counting_house.rulebook,
        counting_house.audiences,
    )
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

            def found(where: Truth) -> set[str]:
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


def test_an_estimate_that_looks_at_everybody_is_the_count(counting_house: Crowd) -> None:
    """Over every cell of the hash, each once, by SQL and by the evaluator."""

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(CONDITIONS)
    def holds(condition: dict[str, Any]) -> None:
        try:
            exact = counting_house.audiences.count(condition)
        except Refusal:
            return
        assert (exact, exact, exact) == counting_house.audiences.estimate(condition), condition

    holds()


@pytest.mark.parametrize("total", [1, 300, 20_000, 1_000_000, 100_000_000])
@pytest.mark.parametrize("cost", [0.000005, 0.00005, 0.01])
def test_an_estimate_costs_the_same_whatever_the_number_of_members(total: int, cost: float) -> None:
    """Cells are disjoint; as many members are looked at as there is time for, and not many more."""
    spent = [0.0]
    seen: dict[int, int] = {}
    places = 64 * 1_024
    for one in cells(total, Pace(lambda: spent[0], 2_000), 0.12):
        assert seen.get(one.partition, -1) < one.first <= one.last < 1_024
        seen[one.partition] = one.last
        spent[0] += cost * total * (one.last - one.first + 1) / places
    looked_at = spent[0] / cost
    assert looked_at <= max(0.12 / cost + 16, 16 * max(1, total / places))
    assert looked_at >= 0.7 * min(total, 0.12 / cost) or total < 1_000


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


@pytest.mark.parametrize(
    ("condition", "wrong"),
    [
        (None, []),
        ({"type": "compare", "fact": "member.city", "op": "eq", "value": "Hangzhou"}, []),
        ({"type": "compare", "fact": "event.total", "op": "gte", "value": 1}, ["/fact"]),
        (
            {"type": "all", "of": [{"type": "compare", "fact": "member.city", "op": "eq", "value": 1}]},
            ["/of/0/value"],
        ),
        ({"type": "history"}, None),
        ([], None),
        ("x", None),
        (1, None),
    ],
)
def test_checking_a_condition_never_fails(
    programme: Running, condition: Any, wrong: list[str] | None
) -> None:
    answer = programme.signed_in("auditor").post("/v1/audience/check", content=dumps(condition))
    said = answer.json()
    found = [one["path"] for one in said["diagnostics"]]

    assert 200 == answer.status_code
    assert found == wrong if wrong is not None else found
    assert (condition is None or wrong is None) == (said["sentence"] is None)


def test_what_is_sound_can_be_asked(programme: Running) -> None:
    """Nothing is found exactly where asking isn't refused."""
    client = programme.backend()
    compare = {"type": "compare", "fact": "member.city", "op": "eq", "value": "Hangzhou"}
    for condition in (
        compare,
        {"type": "all", "of": [compare]},
        compare | {"fact": "member.ctiy"},
        {"type": "x"},
    ):
        sound = client.post("/v1/audience/check", json=condition).json()["diagnostics"] == []
        assert sound == (client.post("/v1/audience", json={"condition": condition}).status_code == 200)


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
