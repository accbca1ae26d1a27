"""What publishing would mean: counted in SQL as far as it goes, equal to reading every member."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from api.service import meaning, unit
from api.service.meaning import Meanings
from api.service.recalling import rebuilt
from api.store import audiences, controls, members
from engine.effects import BeginWhile
from engine.enacting import fold
from engine.index import Index
from engine.language.check import check
from engine.language.document import RuleDocument
from engine.language.parse import parse_rule
from engine.rules import Control
from engine.state import MemberState, changed
from engine.timers import due, zone_of
from engine.watch.looking import caught_up
from tests.api.conftest import Programme
from tests.api.crowd import CONDITIONS, NOW, Crowd, crowd
from tests.support.clock import FixedClock
from tests.support.life import rule

ABSENCES = st.fixed_dictionaries(
    {
        "type": st.just("absence"),
        "event": st.sampled_from(["Order Completed", "Coffee Spilled", "Never Heard Of"]),
        "for": st.one_of(
            st.fixed_dictionaries({"days": st.sampled_from([1, 29, 30, 31, 90])}),
            st.fixed_dictionaries({"hours": st.sampled_from([1, 24, 719])}),
            st.fixed_dictionaries({"months": st.sampled_from([1, 3])}),
            st.fixed_dictionaries({"years": st.just(1)}),
        ),
        "or_joining": st.booleans(),
    }
)


@pytest.fixture
def many(url: str) -> Iterator[Crowd]:
    """Members of every sort, in a database of either kind."""
    with crowd(url) as there:
        yield there


def meanings(there: Crowd) -> Meanings:
    return Meanings(there.database.read, there.rulebook, there.counting, FixedClock())


def one_by_one(there: Crowd, document: RuleDocument) -> int:
    """Return how many members are past a rule's threshold, by the state of each."""
    body = {"document": document.plain(), "version": 99, "past": "fire", "spread_seconds": 0}
    base = there.rulebook.index().rules
    after = Control(revision=base.revision + 1, name="Rule Published", at=NOW, by="", body=body)
    index = Index(fold([after], base))
    with there.database.read() as connection:
        return sum(is_past(state, index, document.key) for state in members.states(connection))


def is_past(state: MemberState, index: Index, key: str) -> bool:
    if index.rules.standing[key].rule.absence is not None:
        return any(one.name == key and one.due_at <= NOW for one in due(state, index, settle=0))
    assert index.watch is not None
    found = caught_up(index.watch, state, NOW, zone_of(state, index), str)
    return any(isinstance(one, BeginWhile) and one.rule == key for one in found)


def publish(there: Crowd, document: RuleDocument) -> None:
    """Put a rule in force, and let some members have dealt with it."""
    base = there.rulebook.index().rules
    body = {"document": document.plain(), "version": 1, "past": "fire"}
    control = Control(revision=base.revision + 1, name="Rule Published", at=NOW - 1, by="", body=body)
    with there.database.write() as connection:
        controls.append_control(connection, control)
        there.rulebook.learn([control])
        some = [one for one in members.states(connection) if int(one.member[1:]) % 3 == 0]
        dealt = [
            changed(
                one, consumed={document.key: NOW}, standing={document.key: NOW - 1}, seen=control.revision
            )
            for one in some
        ]
        members.save(connection, [members.SavedMember(one, None, control.revision) for one in dealt])


@pytest.mark.parametrize("known", [False, True])
def test_an_absence_is_counted_as_if_each_member_was_read(many: Crowd, known: bool) -> None:
    """Also of a rule that is in force, of which some members have dealt with their arming."""
    counts: list[int] = []

    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
    @given(ABSENCES)
    def equal(when: dict[str, Any]) -> None:
        document = parse_rule(rule(key="gone", when=when))
        counts.append(meanings(many).of(document).past)
        assert counts[-1] == one_by_one(many, document), when

    if known:
        publish(many, parse_rule(rule(key="gone", when={**_GONE, "for": {"days": 30}})))
    equal()
    assert 2 < len(set(counts))


@pytest.mark.parametrize("known", [False, True])
def test_a_while_rule_is_counted_as_if_each_member_was_read(many: Crowd, known: bool) -> None:
    counts: list[int] = []

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(CONDITIONS)
    @example({"type": "compare", "fact": "member.segments", "op": "has", "value": "gold"})
    def equal(condition: dict[str, Any]) -> None:
        document = parse_rule(rule(key="lasts", when={"type": "while"}, **{"if": condition}))
        if any(one.severity == "error" for one in check(document, many.rulebook.index().rules.catalogue)):
            return
        counts.append(meanings(many).of(document).past)
        assert counts[-1] == one_by_one(many, document), condition

    if known:
        publish(many, parse_rule(rule(key="lasts", when={"type": "while"}, **{"if": _ORDERED})))
    equal()
    assert 2 < len(set(counts))


_GONE: dict[str, Any] = {"type": "absence", "event": "Order Completed", "for": {"days": 90}}
_ORDERED: dict[str, Any] = {
    "type": "history", "measure": "count", "event": "Order Completed", "op": "gte", "value": 1,
}  # fmt: skip


def test_only_whom_sql_cant_speak_of_is_read(many: Crowd, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new absence of so many days reads nobody, one of months those who are near it, and so for `while`."""
    read: list[str] = []
    load = members.load

    def noting(connection: Any, keys: Any) -> Any:
        keys = list(keys)
        read.extend(keys)
        return load(connection, keys)

    monkeypatch.setattr(members, "load", noting)
    exact = {"type": "compare", "fact": "member.grade", "op": "eq", "value": "gold"}
    often = {**_ORDERED, "value": 2, "within": {"days": 2}}
    asked = [
        (rule(key="days", when=_GONE), 0),
        (rule(key="months", when={**_GONE, "for": {"months": 1}}), 180),
        (rule(key="exact", when={"type": "while"}, **{"if": exact}), 60),
        (rule(key="both", when={"type": "while"}, **{"if": {"type": "all", "of": [exact, often]}}), 80),
    ]
    for said, most in asked:
        read.clear()
        meanings(many).of(parse_rule(said))
        assert len(read) <= most, said


def test_a_count_is_told_again_within_the_hour(many: Crowd, monkeypatch: pytest.MonkeyPatch) -> None:
    """Publishing takes the number that its step told, as long as nothing was published in between."""
    clock = FixedClock()
    asked = Meanings(many.database.read, many.rulebook, many.counting, clock)
    document = parse_rule(rule(key="gone", when=_GONE))
    expected = asked.of(document).past
    counted: list[int] = []
    count_in = audiences.count_in

    def noting(*given: Any) -> int:
        counted.append(1)
        return count_in(*given)

    monkeypatch.setattr(audiences, "count_in", noting)
    clock.advance(3_599)
    assert (expected, 0) == (asked.past(document), len(counted))
    clock.advance(1)
    asked.past(document)
    assert 1 == len(counted)
    publish(many, parse_rule(rule(key="another", when=_GONE)))
    asked.past(document)
    assert 2 == len(counted)


def test_a_members_log_is_read_once_to_publish_and_once_to_go_on(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a figure that nobody kept, and `fire`; whom SQL rules out isn't read to publish at all."""
    client = programme.backend()
    for member, times in (("ann", 2), ("bob", 2), ("eve", 1)):
        for at in range(times):
            call = {"userId": member, "messageId": f"{member}{at}", "event": "Order Completed"}
            assert 200 == client.post("/v1/track", json={**call, "properties": {"total": 5}}).status_code
    again: list[str] = []

    def noting(connection: Any, rulebook: Any, member: str, *, upto: Index) -> MemberState:
        again.append(member)
        return rebuilt(connection, rulebook, member, upto=upto)

    for module in (meaning, unit):
        monkeypatch.setattr(module, "rebuilt", noting)
    said = rule(
        key="often", when={"type": "while"}, **{"if": {**_ORDERED, "value": 2, "within": {"days": 9}}}
    )
    browser = programme.signed_in("marketer")
    assert 200 == browser.put("/v1/rules/often/draft", content=json.dumps(said)).status_code
    assert 2 == browser.get("/v1/rules/often/publication").json()["past_threshold"]
    answer = browser.post("/v1/rules/often/publish", json={"past": "fire", "per_hour": 1})

    assert 200 == answer.status_code, answer.text
    assert ["ann", "bob"] == sorted(again)
    assert 7_200_000_000 == programme.services.rulebook.index().rules.standing["often"].spread
