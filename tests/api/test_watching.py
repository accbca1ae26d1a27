"""Segments, scores and `while` rules over a database: what is stored is what the log leads to."""

from collections import Counter
from random import Random
from typing import Any

import pytest
from sqlalchemy import select, update

from api.service.calls import Call
from api.service.replay_report import Report
from api.service.replaying import replay_log
from api.service.statistics import RETRY, Statistics
from api.service.timers import Timers
from api.store import members
from api.store.tables.holdings import MemberSegmentRow
from engine.language.definitions import Definitions
from engine.language.parse import parse_rule
from engine.schedule import DAY
from engine.state import MemberState
from tests.api.conftest import Programme

Json = dict[str, Any]
SEGMENT = MemberSegmentRow.__table__  # type: ignore[attr-defined]
HOURS = 3_600
DAYS = 24 * HOURS


def bought(measure: str, value: int, days: int) -> Json:
    said = {"type": "history", "measure": measure, "event": "Order Completed", "op": "gte", "value": value}
    return said | ({"property": "total"} if measure == "sum" else {}) | {"within": {"days": days}}


def within(segment: str, op: str = "has") -> Json:
    return {"type": "compare", "fact": "member.segments", "op": op, "value": segment}


def named(key: str, **said: Any) -> Json:
    return {"key": key, "name": {"en": key, "zh-Hans": key}, "meaning": "Made up"} | said


def rule(key: str, when: Json, *then: Json, **more: Any) -> Json:
    return {"language": 1, "key": key, "name": {"en": key}, "when": when, "then": list(then)} | more


def edges(*numbers: int) -> Json:
    return {"by": "edges", "edges": [str(one) for one in numbers]}


DEFINITIONS = {
    "programme": {"zone": "Asia/Shanghai", "currency": "CNY"},
    "tags": [named("active"), named("valued"), named("gone")],
    "segments": [
        named("regular", condition=bought("count", 2, 20)),
        named("big", condition={"type": "all", "of": [within("regular"), bought("sum", 150, 40)]}),
        named("friends", kind="list"),
    ],
    "scores": [
        {"key": "fixed", "name": {"en": "Fixed"}, "within": {"days": 30}, "recency": edges(3, 7, 14, 21),
         "frequency": edges(2, 3, 4, 5), "monetary": edges(50, 100, 200, 300)},
        {"key": "fifths", "name": {"en": "Fifths"}, "within": {"days": 60}, "recency": edges(3, 7, 14, 21)},
    ],
}  # fmt: skip
RULES = [
    rule("stays", {"type": "while"}, {"type": "add_tag", "tag": "active"}, **{"if": within("regular")}),
    rule(
        "befriended",
        {"type": "while"},
        {"type": "add_tag", "tag": "valued"},
        {"type": "wait", "for": {"days": 5}},
        {"type": "award_points", "points": 7},
        **{"if": {"type": "any", "of": [within("friends"), within("big")]}},
    ),
    rule(
        "left",
        {"type": "event", "event": "Segment Exited"},
        {"type": "add_tag", "tag": "gone"},
        **{"if": within("regular", "has_not")},
    ),
    rule("scored", {"type": "event", "event": "Score Changed"}, {"type": "award_points", "points": 1}),
]


def prepared(programme: Programme) -> Programme:
    """Put the definitions and rules in force."""
    services = programme.services
    services.definitions.merge(Definitions.model_validate(DEFINITIONS), by="test")
    services.publish.publish_documents([parse_rule(one) for one in RULES], by="test")
    return programme


@pytest.fixture
def watched(either: Programme) -> Programme:
    """The programme over either database, with everything that is watched in force."""
    return prepared(either)


def statistics(programme: Programme) -> Statistics:
    services = programme.services
    return Statistics(programme.database, services.rulebook, services.publish, programme.clock)


def order(programme: Programme, member: str, total: int) -> None:
    sent = {"userId": member, "event": "Order Completed", "properties": {"total": total}}
    answer = programme.backend().post("/v1/track", json=sent)
    assert 200 == answer.status_code, answer.text


def listed(programme: Programme, member: str, name: str = "Segment Listed") -> None:
    """Put a member on a list, or take it off."""
    call = Call(
        source="test",
        message_id=f"{name}-{member}-{programme.clock.now()}",
        kind="request",
        name=name,
        user_id=member,
        properties={"segment": "friends", "why": "test"},
        content="",
    )
    programme.services.ingest.submit([call]).result()


def tick(programme: Programme) -> None:
    """Let everything happen that is due by now."""
    timers = Timers(programme.services.rulebook, programme.sources, programme.clock)
    for _ in range(1_000):
        wake = programme.run(timers.tick)
        if wake is None or wake > programme.clock.now():
            return


def run_on(programme: Programme, days: int) -> None:
    """Let the clock run, and the worker look once a day."""
    for _ in range(days):
        programme.clock.advance(DAYS)
        tick(programme)


def replayed(programme: Programme) -> Report:
    with programme.database.read() as connection:
        return replay_log(connection)


def states(programme: Programme) -> dict[str, MemberState]:
    with programme.database.read() as connection:
        return {state.member: state for state in members.states(connection)}


def rows(programme: Programme) -> dict[str, dict[str, int]]:
    """Return the segments of members as the table says, each with its beginning."""
    found: dict[str, dict[str, int]] = {}
    with programme.database.read() as connection:
        for row in connection.execute(select(SEGMENT)):
            found.setdefault(row.member, {})[row.segment] = row.since
    return found


def test_the_table_follows_the_member(watched: Programme) -> None:
    """In with the second order; out when the first leaves the window, at its instant; replay agrees."""
    start = watched.clock.now()
    order(watched, "ann", 100)
    watched.clock.advance(DAYS)
    order(watched, "ann", 100)
    inside = rows(watched)
    run_on(watched, 25)

    assert {"ann": {"regular": start + DAY, "big": start + DAY}} == inside
    assert {} == rows(watched)
    ann = states(watched)["ann"]
    assert ["gone"] == list(ann.tags)
    assert {} == ann.standing
    assert ann.points >= 7
    assert [] == replayed(watched).divergences


@pytest.mark.parametrize(
    "change",
    [
        {"since": 12},
        {"segment": "big"},
        {"member": "bob"},
    ],
)
def test_a_planted_difference_is_named(watched: Programme, change: Json) -> None:
    """Whatever of a row is changed behind our back, replay names the member and the table."""
    for member in ("ann", "bob"):
        order(watched, member, 10)
    order(watched, "ann", 10)
    assert [] == replayed(watched).divergences
    with watched.database.write() as connection:
        connection.execute(update(SEGMENT).where(SEGMENT.c.member == "ann").values(change))
    found = replayed(watched).divergences

    assert ("ann", "segment/regular") in {(one.member, one.path) for one in found}


def test_members_who_merge_are_of_the_lists_of_both(watched: Programme) -> None:
    """A list goes over, since when it was; the rest is read anew over both, and nothing fires for it."""
    order(watched, "ann", 90)
    watched.clock.advance(HOURS)
    order(watched, "bob", 90)
    listed(watched, "bob")
    since = watched.clock.now()
    watched.clock.advance(HOURS)
    answer = watched.backend().post("/v1/alias", json={"userId": "ann", "previousId": "bob"})
    assert 200 == answer.status_code, answer.text
    run_on(watched, 1)

    ann = states(watched)["ann"]
    assert {"friends", "regular", "big"} == set(ann.segments)
    assert since == ann.segments["friends"]
    assert {"ann": ann.segments} == rows(watched)
    assert {"valued"} == set(ann.tags)
    assert {"stays", "befriended"} == set(ann.standing)
    assert 2 == ann.scores["fixed"].frequency
    run_on(watched, 45)
    assert ["friends"] == list(states(watched)["ann"].segments)
    assert [] == replayed(watched).divergences


@pytest.mark.parametrize("seed", range(3))
def test_random_lives_replay(watched: Programme, seed: int) -> None:
    """Orders, lists, merges and days at random: the table is the states', and replay finds no difference."""
    random, worker = Random(seed), statistics(watched)  # noqa: S311  invented lives need no secrets
    people = [f"m{number}" for number in range(5)]
    for step in range(50):
        watched.clock.advance(random.choice((60, HOURS, DAYS, DAYS, 4 * DAYS)))
        if random.random() < 0.5:
            tick(watched)
        worker.work()
        member, other = random.sample(people, 2)
        match random.choice(("order", "order", "order", "list", "unlist")):
            case "order":
                order(watched, member, random.randint(1, 120))
            case "list":
                listed(watched, member)
            case "unlist":
                listed(watched, member, "Segment Unlisted")
        if step in {25, 40}:
            order(watched, member, 5)
            order(watched, other, 5)
            watched.backend().post("/v1/alias", json={"userId": member, "previousId": other})
            people.remove(other)
    run_on(watched, 10)

    found = {key: state.segments for key, state in states(watched).items() if state.segments}
    assert found == rows(watched)
    assert [] == replayed(watched).divergences
    assert watched.services.rulebook.index().rules.statistics["fifths"]
    assert any(state.scores for state in states(watched).values())


class TestStatistics:
    def test_a_score_has_edges_with_its_first_members_and_then_once_a_day(self, programme: Programme) -> None:
        """With nobody there is nothing to publish. Then within ten minutes, and a day later; not before."""
        worker = statistics(prepared(programme))
        assert 0 == worker.work()
        order(programme, "ann", 10)
        programme.clock.instant += RETRY - 1
        assert 0 == worker.work()
        programme.clock.instant += 1
        assert 1 == worker.work()
        order(programme, "bob", 30)
        programme.clock.instant += DAY - 1
        assert 0 == worker.work()
        programme.clock.instant += 1
        assert 1 == worker.work()
        assert ["10", "10", "30", "30"] == self.money(programme)

    def test_a_new_score_waits_ten_minutes_at_most(self, programme: Programme) -> None:
        worker = statistics(prepared(programme))
        order(programme, "ann", 10)
        assert 1 == worker.work()
        new = {"scores": [{"key": "later", "name": {"en": "Later"}, "within": {"days": 9}}]}
        programme.services.definitions.merge(Definitions.model_validate(new), by="test")
        programme.clock.instant += RETRY
        assert 1 == worker.work()
        assert {"fifths", "later"} == set(programme.services.rulebook.index().rules.statistics)

    def test_a_member_of_two_histories_counts_once_with_both(self, programme: Programme) -> None:
        """What a new score reads of the history is read from the logs of both."""
        worker = statistics(prepared(programme))
        for member in ("ann", "bob", "bob"):
            order(programme, member, 10)
        joined = {"userId": "ann", "previousId": "bob"}
        assert 200 == programme.backend().post("/v1/alias", json=joined).status_code
        new = {"scores": [{"key": "later", "name": {"en": "Later"}, "within": {"days": 9}}]}
        programme.services.definitions.merge(Definitions.model_validate(new), by="test")

        assert ["3", "3", "3", "3"] == worker.edges()["later"]["frequency"]

    def test_edges_that_stay_as_they_were_are_not_published_again(self, programme: Programme) -> None:
        """Only the days since the last order change from day to day; without them nothing is new."""
        worker = statistics(prepared(programme))
        order(programme, "ann", 10)
        worker.work()
        revision = programme.services.rulebook.newest
        assert {} == worker.publish(by="test")
        assert revision == programme.services.rulebook.newest

    def test_only_members_whose_score_changes_are_told_of(self, programme: Programme) -> None:
        """Five are scored by their first edges; an order of one changes the edges, and few scores."""
        worker = statistics(prepared(programme))
        for place, member in enumerate("abcde", start=1):
            order(programme, member, 10 * place)
        worker.work()
        programme.clock.advance(HOURS)
        tick(programme)
        before = states(programme)
        order(programme, "a", 25)
        programme.clock.instant += DAY
        assert 1 == worker.work()
        programme.clock.advance(HOURS)
        tick(programme)
        after = states(programme)

        changed = {key for key in after if self.scores(before[key]) != self.scores(after[key])}
        awarded = {key for key in after if after[key].sequence != before[key].sequence}
        assert {1, 2, 3, 4, 5} == {before[key].scores["fifths"].monetary for key in before}
        assert changed == awarded
        assert set() < changed < set("abcde")
        assert [] == replayed(programme).divergences

    @staticmethod
    def money(programme: Programme) -> list[str]:
        return programme.services.rulebook.index().rules.statistics["fifths"]["monetary"]

    @staticmethod
    def scores(state: MemberState) -> Counter[tuple[int, int, int]]:
        return Counter((one.recency, one.frequency, one.monetary) for one in state.scores.values())


@pytest.mark.parametrize("past", ["skip", "fire"])
def test_publishing_counts_of_whom_it_is_true_already(programme: Programme, past: str) -> None:
    """Two of three are counted; with `fire` at one an hour they fire within two hours, else not at all."""
    prepared(programme)
    for member, times in (("ann", 2), ("bob", 2), ("eve", 1)):
        for _ in range(times):
            order(programme, member, 10)
    said = rule("late", {"type": "while"}, {"type": "add_tag", "tag": "gone"}, **{"if": bought("sum", 20, 9)})
    client = programme.signed_in("marketer")
    assert 200 == client.put("/v1/rules/late/draft", json=said).status_code
    meaning = client.get("/v1/rules/late/publication").json()
    answer = client.post("/v1/rules/late/publish", json={"past": past, "per_hour": 1})
    assert 200 == answer.status_code, answer.text
    programme.clock.advance(2 * HOURS)
    tick(programme)

    assert 2 == meaning["past_threshold"]
    spread = programme.services.rulebook.index().rules.standing["late"].spread
    assert (2 * HOURS * 1_000_000 if past == "fire" else 0) == spread
    told = {key for key, state in states(programme).items() if "gone" in state.tags}
    assert ({"ann", "bob"} if past == "fire" else set()) == told
    assert [] == replayed(programme).divergences
