"""Snapshots (ruling 13), firings in all that come to nothing (12), and members whose timers fail."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import delete, select, text, update

from api.service import unit
from api.service.explaining import explain_entry
from api.service.replaying import replay_log
from api.service.timers import Timers
from api.store import log, snapshots, stretches
from api.store.schema import POT, SNAPSHOT
from engine.replay import Logged
from engine.state import MemberState, pack, unpack
from engine.timers import Due, due
from tests.api.conftest import Programme

ORDER = {"type": "event", "event": "Order Completed"}
SPENT: dict[str, Any] = {
    "language": 1,
    "key": "spent",
    "name": {"en": "Spent a lot", "zh-Hans": "消费多"},
    "when": ORDER,
    "if": {
        "type": "history",
        "measure": "sum",
        "event": "Order Completed",
        "property": "total",
        "within": {"days": 3650},
        "op": "gte",
        "value": 5300,
    },
    "then": [{"type": "add_tag", "tag": "vip"}],
}

GONE: dict[str, Any] = {
    "language": 1,
    "key": "gone",
    "name": {"en": "Gone"},
    "when": {"type": "absence", "event": "Order Completed", "for": {"days": 1}},
    "then": [{"type": "add_tag", "tag": "vip"}],
}


def orders(programme: Programme, count: int, start: int = 0) -> None:
    calls = [
        {
            "type": "track",
            "userId": "m1",
            "messageId": f"o{number}",
            "event": "Order Completed",
            "properties": {"total": 10},
        }
        for number in range(start, start + count)
    ]
    for at in range(0, count, 100):
        answer = programme.backend().post("/v1/batch", json={"batch": calls[at : at + 100]})
        assert answer.json()["success"], answer.text


@pytest.fixture
def long_lived(programme: Programme) -> Programme:
    programme.publish(SPENT)
    orders(programme, 540)
    return programme


class TestSnapshots:
    def test_one_every_256_entries(self, long_lived: Programme) -> None:
        with long_lived.database.read() as connection:
            kept = snapshots.of_members(connection, ["m1"])["m1"]
            digests = {one.event.member_sequence: one.digest for one in log.entries(connection, "m1")}

        assert [256, 512] == sorted(kept)
        assert all(unpack(state).chain == digests[place] for place, state in kept.items())

    def test_explaining_begins_at_the_nearest(
        self, long_lived: Programme, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The 535th entry is explained from the 512th on, and in the same words as from the first on."""
        read_from: list[int] = []
        entries = stretches.entries

        def noting(connection: Any, stretch: stretches.Stretch) -> Iterator[Logged]:
            read_from.append(stretch.first - 1)
            yield from entries(connection, stretch)

        monkeypatch.setattr(stretches, "entries", noting)
        rulebook = long_lived.services.rulebook
        with long_lived.database.read() as connection:
            short = explain_entry(connection, rulebook, 535)
        long_lived.run(lambda connection: connection.execute(delete(SNAPSHOT)))
        with long_lived.database.read() as connection:
            whole = explain_entry(connection, rulebook, 535)

        assert [512, 0] == read_from
        assert short is not None
        assert whole is not None
        assert (whole.decision, whole.state, whole.asked) == (short.decision, short.state, short.asked)
        assert [5350] == [one.trace.read for one in short.asked if one.trace]

    def test_older_than_a_rule_it_cannot_serve(self, long_lived: Programme) -> None:
        """What a later rule reads of the history isn't in an earlier snapshot; the log has it."""
        long_lived.publish({**SPENT, "key": "many", "if": {**SPENT["if"], "measure": "count", "value": 541}})
        orders(long_lived, 1, start=540)
        with long_lived.database.read() as connection:
            told = explain_entry(connection, long_lived.services.rulebook, 541)

        assert told is not None
        results = {one.outcome.rule: (one.outcome.result, one.trace and one.trace.read) for one in told.asked}
        assert ("fired", 541) == results["many"]

    def test_changed_by_hand_is_named(self, long_lived: Programme) -> None:
        def change(connection: Any) -> None:
            query = select(SNAPSHOT.c.state).where(SNAPSHOT.c.member_sequence == 256)
            state = unpack(connection.execute(query).scalar_one())
            forged = pack(MemberState(**{**state_of(state), "points": 99}))
            chosen = SNAPSHOT.c.member_sequence == 256
            connection.execute(update(SNAPSHOT).where(chosen).values(state=forged))

        long_lived.run(change)
        with long_lived.database.read() as connection:
            (found,) = replay_log(connection).divergences

        assert ("snapshot/state/points", 256, "99", "0") == (
            found.path,
            found.decision,
            found.recorded,
            found.replayed,
        )


def state_of(state: MemberState) -> dict[str, Any]:
    return {name: getattr(state, name) for name in state.__struct_fields__}


def test_a_firing_in_all_that_came_to_nothing_is_given_back(programme: Programme) -> None:
    """A chain that is cut applies nothing, so the firing that began it is still to be had."""
    links = [
        {
            "language": 1,
            "key": f"link-{number}",
            "name": {"en": f"Link {number}"},
            "when": {"type": "event", "event": "Tag Added"},
            "if": {"type": "compare", "fact": "event.tag", "op": "eq", "value": f"t{number}"},
            "then": [{"type": "add_tag", "tag": f"t{number + 1}"}],
            "limits": {"total": 5},
        }
        for number in range(10)
    ]
    start = {**links[0], "key": "start", "when": ORDER, "then": [{"type": "add_tag", "tag": "t0"}]}
    start.pop("if")
    client = programme.signed_in("administrator")
    tags = [{"key": f"t{number}", "name": {"en": f"T{number}"}, "meaning": "x"} for number in range(11)]
    for tag in tags:
        assert 200 == client.put(f"/v1/definitions/tags/{tag['key']}", json=tag).status_code
    for one in (start, *links):
        programme.publish(one)
    orders(programme, 1)

    def granted(connection: Any) -> dict[str, int]:
        return {row.name: row.granted for row in connection.execute(select(POT))}

    assert dict.fromkeys(
        ["total/start", *(f"total/link-{number}" for number in range(8))], 0
    ) == programme.run(granted)
    with programme.database.read() as connection:
        report = replay_log(connection)
        told = explain_entry(connection, programme.services.rulebook, 1)

    assert [] == report.divergences
    assert told is not None
    assert "chain-too-deep" == told.decision.refused


def test_a_member_whose_timers_fail_keeps_nobody_waiting(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others' timers fire, the failing one is put off by five minutes, and fires once it can."""
    programme.publish(GONE)
    for member in ("m1", "bad", "m3"):
        call = {"userId": member, "messageId": member, "event": "Order Completed"}
        assert 200 == programme.backend().post("/v1/track", json=call).status_code

    def failing(state: MemberState, *given: Any, **named: Any) -> list[Due]:
        if state.member == "bad":
            raise ZeroDivisionError
        return due(state, *given, **named)

    monkeypatch.setattr(unit, "due", failing)
    timers = Timers(programme.services.rulebook, programme.sources, programme.clock)
    programme.clock.advance(2 * 86_400)

    def until_done() -> int | None:
        while True:
            wake = programme.run(timers.tick)
            if wake is None or wake > programme.clock.now():
                return wake

    wake = until_done()

    def tagged(connection: Any) -> set[str]:
        return set(connection.execute(text("SELECT member FROM member_tag")).scalars())

    assert {"m1", "m3"} == programme.run(tagged)
    assert programme.clock.now() + 300_000_000 == wake
    late = {"userId": "bad", "messageId": "late", "event": "Order Completed"}
    assert 500 == programme.backend().post("/v1/track", json=late).status_code
    monkeypatch.setattr(unit, "due", due)
    assert wake == until_done()
    assert {"m1", "m3"} == programme.run(tagged)
    programme.clock.advance(300)
    until_done()
    assert {"m1", "m3", "bad"} == programme.run(tagged)


def test_what_was_put_off_still_fires_before_the_next_event(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Putting a member off moves when the worker looks, not what is due (ruling 1)."""
    programme.publish(GONE)
    call = {"userId": "bad", "messageId": "first", "event": "Order Completed"}
    assert 200 == programme.backend().post("/v1/track", json=call).status_code
    timers = Timers(programme.services.rulebook, programme.sources, programme.clock)
    programme.clock.advance(2 * 86_400)
    with monkeypatch.context() as broken:
        broken.setattr(unit, "due", lambda *_given, **_named: 1 // 0)
        programme.run(timers.tick)
    assert 200 == programme.backend().post("/v1/track", json={**call, "messageId": "second"}).status_code
    with programme.database.read() as connection:
        kinds = [entry.event.kind for entry in log.entries(connection, "bad")]
        report = replay_log(connection)

    assert (["track", "timer", "track"], []) == (kinds, report.divergences)
