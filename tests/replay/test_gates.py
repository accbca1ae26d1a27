"""Behaviours of the engine by name: what was decided under some is replayed under the same (ruling 23)."""

from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import pytest
from sqlalchemy import text

from api.service import controlling
from api.service.replay_report import Lacking, Report
from api.service.replaying import replay_log
from api.store import controls
from api.store.connection import Connection
from engine import gates
from engine.effects import IssueCoupon
from engine.errors import UnknownGate
from engine.gates import BEGINNING, FINE_SPREAD, GATES, RELEASE
from engine.rules import Control
from tests.api.conftest import Programme, running
from tests.end_to_end.conftest import Command
from tests.engine.watch.test_segments import bought
from tests.engine.watch.test_while import lasting
from tests.support.life import Life, at, rule
from tests.support.life import Programme as Rules

MINUTES: Final = 60
TAGS: Final = [{"key": "active", "name": {"en": "a"}, "meaning": "for a test"}]
NEWER: Final = {"gates": [*GATES, "2027-02-other"], "release": "0.4.0"}


def came_up(rules: Rules, spread_minutes: int) -> int:
    """Return how many minutes after a `while` rule was published it fires for a member who was there."""
    rules.publish(rule(key="keep", **{"if": bought(2, 30)}))
    life = Life(programme=rules)
    life.track("2026-01-01")
    life.track("2026-01-10")
    rules.publish(lasting(), at("2026-01-12"), past="fire", spread_seconds=spread_minutes * MINUTES)
    life.until("2026-01-14")
    assert [] == life.replayed().divergences
    (event,) = (
        event for event, decided in life.decided if event.kind == "timer" and decided.decision.effects
    )
    return (event.as_of - at("2026-01-12")) // (MINUTES * 1_000_000)


def test_a_short_spread_is_kept_since_its_gate_and_was_an_hour_before() -> None:
    """One member's slot: the same part of an hour, or of the ten minutes that were asked for."""
    before, since = Rules({"tags": TAGS}), Rules({"tags": TAGS})
    since.add("Engine Changed", {"gates": [*GATES], "release": RELEASE})
    of_an_hour, of_ten_minutes = came_up(before, 10), came_up(since, 10)

    assert (BEGINNING,) == before.index.rules.gates
    assert 10 < of_an_hour < 60
    assert of_ten_minutes < 10
    assert abs(of_an_hour - 6 * of_ten_minutes) <= 6


WAITING: Final = rule(
    key="twice",
    re_entry="always",
    then=[
        {"type": "wait_for", "event": "Checked In", "timeout": {"days": 9}},
        {"type": "award_points", "points": 3},
        {"type": "issue_coupon", "coupon": "TEN"},
    ],
)


@pytest.mark.parametrize(("said", "apart"), [([BEGINNING], 1), ([*GATES], 2)])
def test_two_waits_that_one_event_ends_have_effects_of_their_own(said: list[str], apart: int) -> None:
    """Since its gate; before, both effects had one id, and both coupons one code."""
    rules = Rules()
    rules.add("Engine Changed", {"gates": said, "release": RELEASE})
    rules.publish(WAITING)
    life = Life(programme=rules)
    life.track("2026-01-01")
    life.track("2026-01-02")
    decision = life.track("2026-01-03", "Checked In").decision

    assert ["resumed", "resumed"] == [one.result for one in decision.outcomes]
    assert 2 * apart == len({effect.id for effect in decision.effects})
    codes = [effect.code for effect in decision.effects if isinstance(effect, IssueCoupon)]
    assert apart == len(set(codes))
    assert [] == life.replayed().divergences


def test_two_waits_that_one_event_ends_are_both_booked(programme: Programme) -> None:
    programme.publish(WAITING)
    for number, event in enumerate(("Order Completed", "Order Completed", "Checked In")):
        call = {"userId": "m", "messageId": f"e{number}", "event": event, "properties": {"total": 10}}
        assert 200 == programme.backend().post("/v1/track", json=call).status_code
    member = programme.signed_in("administrator").get("/v1/members/m").json()

    assert [6] == [one["available"] for one in member["balances"] if one["unit"] == "points"]
    assert 2 == len({one["code"] for one in member["coupons"]})
    assert replayed(programme).clean


def test_the_digest_covers_the_gates() -> None:
    """The same entry under other gates has another digest, also where nothing of its decision is kept."""
    digests = []
    for said in ([BEGINNING], [*GATES]):
        rules = Rules({"tags": TAGS})
        rules.add("Engine Changed", {"gates": said, "release": RELEASE})
        life = Life(programme=rules)
        life.track("2026-01-01", event="Product Viewed")
        assert life.logged[-1].body is None
        digests.append(life.logged[-1].digest)

    assert 2 == len(set(digests))


def test_a_gate_that_is_not_known_names_the_release() -> None:
    rules = Rules()
    with pytest.raises(UnknownGate, match=r"2027-02-other.*release 0\.4\.0 is needed"):
        rules.add("Engine Changed", NEWER)


def append(connection: Connection, body: dict[str, Any]) -> None:
    (*_, (last, digest)) = controls.with_digests(connection)
    control = Control(
        revision=last.revision + 1, name="Engine Changed", at=last.at, by="test", body=body, previous=digest
    )
    controls.append_control(connection, control)


def order(programme: Programme, number: int) -> None:
    call = {"userId": f"m{number % 3}", "messageId": f"e{number}", "event": "Order Completed",
            "properties": {"total": 100 + number}}  # fmt: skip
    assert 200 == programme.backend().post("/v1/track", json=call).status_code


def replayed(programme: Programme) -> Report:
    with programme.database.read() as connection:
        return replay_log(connection)


class TestTakingOver:
    def test_an_empty_log_has_its_gates_from_the_first_control_entry(self, programme: Programme) -> None:
        with programme.database.read() as connection:
            first, *_ = controls.controls_after(connection, 0)

        assert {"gates": [*GATES], "release": RELEASE}.items() <= first.body.items()
        assert GATES == programme.services.rulebook.index().rules.gates

    def test_an_older_log_is_taken_over_once_and_replays(self, url: str) -> None:
        """What was decided before goes on being decided as it was; what comes after has the gate."""
        with patch.object(controlling, "GATES", (BEGINNING,)), running(url) as old:
            old.publish()
            order(old, 0)
            before = old.services.rulebook.newest
        for number in (1, 2):
            with running(url) as new:
                order(new, number)
                assert GATES == new.services.rulebook.index().rules.gates
                assert (BEGINNING,) == new.services.rulebook.index(before).rules.gates
                names = [one.name for one in controls_of(new)]
                assert 1 == names.count("Engine Changed")
                assert replayed(new).clean

    def test_a_newer_log_is_refused_with_the_release(self, command: Command, tmp_path: Path) -> None:
        """No command that writes, and no server, goes on with it; it says which release can."""
        assert 0 == command("migrate").code
        with running(f"sqlite:///{tmp_path / 'regulars.db'}") as programme:
            programme.run(lambda connection: append(connection, NEWER))
        ended = command("publish", Path("rule_library") / "win-back-90d.rule.json")

        assert 2 == ended.code
        assert "release 0.4.0 is needed" in ended.err


def controls_of(programme: Programme) -> list[Control]:
    with programme.database.read() as connection:
        return [*controls.controls_after(connection, 0)]


class TestReplaying:
    def test_what_a_newer_release_decided_is_named_and_the_rest_is_checked(
        self, programme: Programme
    ) -> None:
        programme.publish()
        for number in range(6):
            order(programme, number)
        known = programme.services.rulebook.newest
        programme.run(lambda connection: append(connection, NEWER))
        programme.run(lambda connection: moved(connection, "m1", known + 1))
        report = replayed(programme)

        assert [Lacking("2027-02-other", "0.4.0")] == report.lacking
        assert (1, 5, False) == (report.cut, report.checked, report.clean)
        (one,) = report.divergences
        assert (f"control/{known + 1}", NEWER["gates"]) == (one.path, one.recorded)
        assert "release 0.4.0 is needed" in one.replayed

    def test_what_can_not_be_decided_without_a_gate_any_more(
        self, url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A release that has dropped the way of before says so, and goes on with what came later."""
        with patch.object(controlling, "GATES", (BEGINNING,)), running(url) as old:
            old.publish()
            order(old, 0)
        with running(url) as new:
            for number in (1, 2, 4):
                order(new, number)
            monkeypatch.setattr(gates, "SETTLED", ((FINE_SPREAD, "0.2.0"),))
            report = replayed(new)

        assert [Lacking(FINE_SPREAD, "0.2.0")] == report.lacking
        assert (1, 3, []) == (report.cut, report.checked, report.divergences)


def moved(connection: Connection, member: str, revision: int) -> None:
    """Let a member's last entry have been decided under another revision."""
    connection.execute(text("DROP TRIGGER IF EXISTS event_refuses_update"))
    last = "SELECT max(sequence) FROM event WHERE member = :member"
    said = text(f"UPDATE event SET revision = :revision WHERE sequence = ({last})")  # noqa: S608
    connection.execute(said, {"revision": revision, "member": member})
