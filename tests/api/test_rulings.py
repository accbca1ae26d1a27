"""The rulings that only the running service can show, each by its number (docs/rulings.md)."""

import sys
from pathlib import Path
from typing import Any

import pytest

from api.service.recalling import recorded
from api.service.replaying import replay_log
from api.service.rulebook import Rulebook
from api.service.timers import Timers
from api.service.warming import Warming
from api.store import decisions, log
from api.store.database import Database
from api.store.errors import DatabaseBusy
from engine import canonical
from engine.gates import GATES
from engine.match import is_available
from engine.matching import IndexMatching
from tests.api.conftest import RULE, Programme

COUNTING = {
    "language": 1,
    "key": "third-order",
    "name": {"en": "Third order", "zh-Hans": "第三单"},
    "when": {"type": "event", "event": "Order Completed"},
    "if": {
        "type": "history",
        "measure": "count",
        "event": "Order Completed",
        "within": {"days": 30},
        "op": "gte",
        "value": 3,
    },
    "then": [{"type": "add_tag", "tag": "vip"}],
}


def track(programme: Programme, number: int, **properties: Any) -> dict[str, Any]:
    sent = {
        "userId": "m1",
        "messageId": f"e{number}",
        "event": "Order Completed",
        "properties": properties,
    }
    told: dict[str, Any] = programme.backend().post("/v1/track", json=sent).json()
    return told


def test_ruling_5_entries_of_a_member_have_no_gaps(programme: Programme) -> None:
    """`member_sequence` counts 1, 2, 3 whatever else is going on."""
    for number in range(5):
        track(programme, number)
        programme.backend().post("/v1/track", json={"userId": f"other{number}", "event": "Checked In"})
    with programme.database.read() as connection:
        numbers = [entry.event.member_sequence for entry in log.entries(connection, "m1")]

    assert [1, 2, 3, 4, 5] == numbers


def test_ruling_6_timers_enter_as_events(programme: Programme) -> None:
    """What falls due stands in the log, decided like any other entry."""
    absence = {
        **COUNTING,
        "key": "gone",
        "when": {"type": "absence", "event": "Order Completed", "for": {"days": 1}},
        "if": None,
    }
    programme.publish({name: value for name, value in absence.items() if value is not None})
    track(programme, 1)
    programme.clock.advance(2 * 86_400)
    timers = Timers(programme.services.rulebook, programme.sources, programme.clock)
    programme.run(timers.tick)
    with programme.database.read() as connection:
        last = [*log.entries(connection, "m1")][-1].event
        report = replay_log(connection)

    assert ("timer", "Timer Fired", 2) == (last.kind, last.name, last.member_sequence)
    assert last.occurred_at + 60_000_000 == last.as_of
    assert [] == report.divergences


def test_ruling_11_new_rule_counts_what_happened_before_it(programme: Programme) -> None:
    """A figure that nobody kept is there when the rule that asks for it is published."""
    track(programme, 1)
    track(programme, 2)
    programme.publish(COUNTING)
    told = track(programme, 3)

    assert ["add_tag"] == [effect["type"] for effect in told["effects"]]
    with programme.database.read() as connection:
        assert [] == replay_log(connection).divergences


def test_ruling_13_only_what_is_noteworthy_is_kept(programme: Programme) -> None:
    """A decision's record stands when a rule fired; the chain's digest stands on every entry."""
    programme.publish()
    quiet, loud = track(programme, 1, total=1), track(programme, 2, total=500)
    with programme.database.read() as connection:
        kept = decisions.read_many(connection, [quiet["sequence"], loud["sequence"]])
        digests = [entry.digest for entry in log.entries(connection, "m1")]

    assert [loud["sequence"]] == [*kept]
    assert all(len(digest) == 64 for digest in digests)


@pytest.mark.parametrize(
    ("text", "stored"),
    [("88.50", "88.5"), ("0.1", "0.1"), ("1e2", 100), ("12345678901.123", "12345678901.123")],
)
def test_ruling_15_amounts_are_exact(programme: Programme, text: str, stored: str | int) -> None:
    """An amount is read from its text, never through a float."""
    body = f'{{"userId":"m1","messageId":"e","event":"Order Completed","properties":{{"total":{text}}}}}'
    answer = programme.backend().post("/v1/track", content=body, headers={"Content-Type": "application/json"})
    with programme.database.read() as connection:
        (entry,) = log.entries(connection, "m1")

    assert 200 == answer.status_code
    assert stored == entry.event.properties["total"]


def test_ruling_19_messages_are_requested_and_then_delivered(programme: Programme) -> None:
    """A decision puts a message in the outbox, under the effect's own id."""
    programme.publish()
    told = track(programme, 1, total=500)
    message = next(effect for effect in told["effects"] if effect["type"] == "send_message")
    waiting = programme.signed_in("auditor").get("/v1/outbox").json()["items"]

    assert [message["id"]] == [one["id"] for one in waiting]


def test_ruling_20_personal_values_stay_out_of_log_and_state(programme: Programme) -> None:
    """Name, phone and e-mail are in the vault only, sealed; the log holds tokens."""
    traits = {"name": "王小梅", "phone": "13800138000", "email": "mei@example.com", "city": "杭州"}
    sent = {"userId": "m1", "messageId": "i1", "traits": traits}
    assert 200 == programme.backend().post("/v1/identify", json=sent).status_code
    with programme.database.read() as connection:
        (entry,) = log.entries(connection, "m1")
    held = b"".join(
        path.read_bytes()
        for path in Path(programme.settings.database_url.removeprefix("sqlite:///")).parent.iterdir()
    )

    assert "杭州" == entry.event.properties["city"]
    assert {"tok_"} == {entry.event.properties[name][:4] for name in ("name", "phone", "email")}
    assert not [one for one in ("王小梅", "13800138000", "mei@example.com") if one.encode() in held]


def test_ruling_21_duplicates_and_conflicts(programme: Programme) -> None:
    """The same message again gives the original result; other content under its id is refused."""
    programme.publish()
    first, again = track(programme, 1, total=500), track(programme, 1, total=500)
    other = track(programme, 1, total=501)

    assert ("accepted", "duplicate") == (first["status"], again["status"])
    assert (first["sequence"], first["effects"]) == (again["sequence"], again["effects"])
    assert 409 == other["status"]


def test_ruling_22_one_writer(programme: Programme) -> None:
    """While a process writes to an SQLite file, another one is told so."""
    with pytest.raises(DatabaseBusy):
        Database.open(programme.settings.database_url)


def test_ruling_23_decisions_name_their_gates(programme: Programme) -> None:
    """Each decision names the behaviours of the engine that it was made under."""
    programme.publish()
    told = track(programme, 1, total=500)
    with programme.database.read() as connection:
        stored = decisions.read(connection, told["sequence"])

    assert stored is not None
    assert b'"gates":' + canonical.encode(GATES) in stored.body


class TestRuling25:
    def test_sound_rules_are_tried_in_a_child(self, programme: Programme) -> None:
        """Good rules pass in a process of their own."""
        programme.publish()

        assert Warming().sound(programme.services.rulebook, [])

    @pytest.mark.skipif(not is_available(), reason="durable-rules isn't there to be tried")
    @pytest.mark.parametrize("target", ["die", "hang"])
    def test_child_that_dies_or_hangs_costs_only_the_network(self, target: str) -> None:
        """After repeated failures the index decides, and says why."""
        rulebook = Rulebook()
        warming = Warming(seconds=3.0, target=_die if target == "die" else _hang)
        sound = warming.sound(rulebook, [])
        rulebook.distrust("warming failed")

        assert not sound
        assert "warming failed" == rulebook.distrusted
        assert isinstance(rulebook.network(), IndexMatching)


def _die(_told: bytes) -> None:
    sys.exit(139)


def _hang(_told: bytes) -> None:
    import time  # noqa: PLC0415  only the child needs it

    time.sleep(60)


def test_every_decision_of_the_service_replays(programme: Programme) -> None:
    """What the service logged is decided to the same bytes from the database alone."""
    programme.publish()
    programme.publish(COUNTING)
    for number in range(4):
        track(programme, number, total=60 * number, channel="门店")
    with programme.database.read() as connection:
        report = replay_log(connection)
        assert 4 == len([*recorded(connection, "m1")])

    assert (4, []) == (report.checked, report.divergences)
    assert RULE["key"] in programme.services.rulebook.index().rules.standing
