"""A part of the log decided again: by instants, by entries, of a member; strictly, told of, and cancelled."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from api.service import replays
from api.service.replay_report import Asked, Progress, Report
from api.service.replaying import replay_log
from api.service.replaying_apart import replay_apart
from api.store import stretches
from api.store.schema import EVENT
from engine.language.definitions import Definitions
from engine.language.parse import parse_rule
from engine.schedule import DAY
from engine.values import instant_text
from tests.api.conftest import Programme, running
from tests.api.loyal import DEFINITIONS, RULES, Lives
from tests.end_to_end.conftest import Command


@pytest.fixture
def lived(url: str) -> Iterator[Programme]:
    """Lives with refunds, redemptions, levels and timers, over a database of either kind."""
    with running(url) as programme:
        crm = [{"key": "crm", "name": {"en": "CRM"}, "url": "http://127.0.0.1:9/x"}]
        defined = Definitions.model_validate(DEFINITIONS | {"endpoints": crm})
        programme.services.definitions.merge(defined, by="test")
        programme.services.publish.publish_documents([parse_rule(one) for one in RULES], by="test")
        Lives(programme, seed=2).live(120)
        yield programme


def replayed(programme: Programme, **asked: Any) -> Report:
    with programme.database.read() as connection:
        return replay_log(connection, Asked(**asked))


def entries(programme: Programme) -> list[Any]:
    with programme.database.read() as connection:
        return list(connection.execute(select(EVENT).order_by(EVENT.c.sequence)))


def forge(programme: Programme, *members: str) -> list[int]:
    """Let an effect of some members' decisions be another; return which entries those are."""

    def change(connection: Any) -> list[int]:
        found = []
        for member in members:
            rows = connection.execute(
                text("SELECT sequence, body FROM decision WHERE member = :member ORDER BY sequence"),
                {"member": member},
            ).all()
            sequence, body = next(row for row in rows if b'"points":' in bytes(row.body))
            connection.execute(
                text("UPDATE decision SET body = :body WHERE sequence = :sequence"),
                {"body": bytes(body).replace(b'"points":', b'"points":9', 1), "sequence": sequence},
            )
            found.append(sequence)
        return found

    def unlock(connection: Any) -> None:
        if connection.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER IF EXISTS decision_refuses_update"))
        else:
            connection.execute(text("ALTER TABLE decision DISABLE TRIGGER USER"))

    programme.run(unlock)
    changed: list[int] = programme.run(change)
    return changed


def test_parts_are_the_whole(lived: Programme) -> None:
    """Weeks side by side, and stretches of entries, check each entry once, and find nothing."""
    logged = entries(lived)
    instants = sorted(one.as_of for one in logged)
    weeks = [
        replayed(lived, since=at, until=at + 7 * DAY) for at in range(instants[0], instants[-1] + 1, 7 * DAY)
    ]
    stretched = [replayed(lived, first=at, last=at + 24) for at in range(1, len(logged) + 1, 25)]

    for parts in (weeks, stretched):
        assert len(parts) > 5
        assert len(logged) == sum(one.checked for one in parts) == sum(one.of for one in parts)
        assert all(one.clean and one.complete for one in parts)
    assert len(logged) == replayed(lived).checked
    ends = replayed(lived, last=logged[-1].sequence)
    assert ends.digest == replayed(lived).digest


def test_what_is_wrong_is_found_in_its_own_part(lived: Programme) -> None:
    """At its place, and in no part that it isn't in; before it, members are built from what was granted."""
    (wrong,) = forge(lived, "m1")
    inside, behind = replayed(lived, first=wrong, last=wrong), replayed(lived, first=wrong + 1)

    (one,) = inside.divergences
    assert (wrong, "m1") == (one.decision, one.member)
    assert one.path.startswith("decision/outcomes/")
    assert replayed(lived, last=wrong - 1).clean
    assert behind.clean
    assert behind.checked + wrong == len(entries(lived))


def test_a_day_of_a_long_life_begins_at_a_snapshot(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 600 entries, 88 are decided again for the last: those behind the snapshot after the 512th."""
    programme.publish()
    backend = programme.backend()
    for batch in range(6):
        programme.clock.advance(86_400)
        calls = [
            {"type": "track", "userId": "m1", "messageId": f"e{batch}-{at}", "event": "Order Completed",
             "properties": {"total": 100}}
            for at in range(100)
        ]  # fmt: skip
        assert backend.post("/v1/batch", json={"batch": calls}).json()["success"]
    read: list[tuple[int, int]] = []
    plain = stretches.entries

    def watched(connection: Any, stretch: stretches.Stretch) -> Any:
        read.append((stretch.first, stretch.last))
        return plain(connection, stretch)

    monkeypatch.setattr(stretches, "entries", watched)
    last = entries(programme)[-1].sequence
    report = replayed(programme, first=last)

    assert (1, True) == (report.checked, report.clean)
    (_, before), (first, end) = read
    assert before == first - 1
    assert first == end
    assert 513 == read[0][0]


def test_strict_stops_at_the_first(lived: Programme) -> None:
    """Collecting finds all three; strict one, and says that it didn't come to its end."""
    wrong = forge(lived, "m0", "m1", "m2")
    all_of_them, first = replayed(lived), replayed(lived, strict=True)
    apart = replay_apart(lived.settings.database_url, Asked(strict=True), processes=2)

    assert set(wrong) == {one.decision for one in all_of_them.divergences}
    assert all_of_them.complete
    assert ([wrong[0]], False) == ([one.decision for one in first.divergences], first.complete)
    assert not apart.complete
    assert {one.decision for one in apart.divergences} < set(wrong) | {wrong[0]}


def test_it_is_told_how_far_it_is_and_ends_when_told(
    lived: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.service.replaying._ENTRIES", 20)
    told: list[tuple[int, int]] = []

    def twice(report: Report) -> bool:
        told.append((report.checked, report.of))
        return len(told) < 2

    with lived.database.read() as connection:
        report = replay_log(connection, progress=twice)

    of = len(entries(lived))
    assert {of} == {one for _, one in told}
    assert 0 < told[0][0] < told[1][0] < of
    assert (told[1][0], False, []) == (report.checked, report.complete, report.divergences)


class TestOverHttp:
    def test_a_range(self, lived: Programme) -> None:
        client = lived.signed_in("auditor")
        logged = entries(lived)
        since, until = logged[20].as_of, logged[60].as_of
        wanted = {"from": instant_text(since), "until": instant_text(until), "strict": True}
        found = ended(client, client.post("/v1/replays", json=wanted).json())

        assert ("done", [], True) == (found["status"], found["divergences"], found["complete"])
        within = [one for one in logged if since <= one.as_of < until]
        assert (len(within), len(within)) == (found["of"], found["checked"])
        whole = {"member": None, "first": None, "last": None}
        assert whole | wanted == found["asked"]
        assert 64 == len(found["digest"])
        again = client.post(f"/v1/replays/{found['id']}/cancel")
        assert (409, "wrong-status") == (again.status_code, again.json()["code"])
        assert 404 == client.post("/v1/replays/none/cancel").status_code

    @pytest.mark.parametrize(
        ("wanted", "path"),
        [
            ({"from": "2026-03-02T00:00:00Z", "until": "2026-03-02T00:00:00Z"}, "/until"),
            ({"from": "yesterday"}, "/from"),
            ({"first": 9, "last": 8}, "/last"),
            ({"first": 0}, "/first"),
            ({"until": 12}, "/until"),
        ],
    )
    def test_ranges_that_are_none(self, programme: Programme, wanted: dict[str, Any], path: str) -> None:
        answer = programme.signed_in("auditor").post("/v1/replays", json=wanted)

        assert 422 == answer.status_code
        assert [path] == [one["path"] for one in answer.json()["errors"]]

    def test_it_is_cancelled(self, programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
        """It tells how far it is while it runs; once it has ended, what it had found stays."""

        def endless(_connection: Any, asked: Asked, *, progress: Progress) -> Report:
            report = Report(asked=asked, of=1_000, checked=400, complete=False)
            while progress(report):
                pass
            return report

        monkeypatch.setattr(replays, "replay_log", endless)
        monkeypatch.setattr(replays, "_NOTE_SECONDS", 0.0)
        client = programme.signed_in("auditor")
        begun = client.post("/v1/replays", json={}).json()
        running_now: dict[str, Any] = begun
        while running_now["checked"] == 0:
            running_now = client.get(f"/v1/replays/{begun['id']}").json()
        asked = client.post(f"/v1/replays/{begun['id']}/cancel").json()
        found = ended(client, begun)

        assert ("running", 400, 1_000) == tuple(running_now[key] for key in ("status", "checked", "of"))
        assert asked["status"] in {"cancelling", "cancelled"}
        assert ("cancelled", 400, False, None) == tuple(
            found[key] for key in ("status", "checked", "complete", "digest")
        )


def ended(client: Any, begun: dict[str, Any]) -> dict[str, Any]:
    found = begun
    while found["status"] in {"running", "cancelling"}:
        found = client.get(f"/v1/replays/{begun['id']}").json()
    return found


def test_the_command_takes_a_range_and_writes_a_report(command: Command, tmp_path: Path) -> None:
    """Exit codes: 0 for a clean part, 1 for a difference if strict, 2 for an instant that is none."""
    assert 0 == command("migrate").code
    with running(f"sqlite:///{tmp_path / 'regulars.db'}") as programme:
        programme.publish()
        for number in range(4):
            programme.clock.advance(86_400)
            call = {"userId": "m1", "messageId": f"e{number}", "event": "Order Completed",
                    "properties": {"total": 200}}  # fmt: skip
            assert 200 == programme.backend().post("/v1/track", json=call).status_code
        days = [instant_text(one.as_of) for one in entries(programme)]
        (wrong, *_) = [one.sequence for one in entries(programme)]
        programme.run(lambda connection: spoil(connection, wrong))
    file = tmp_path / "report.json"
    clean = command("replay", "--from", days[1], "--until", days[3], "--strict", "--report", file)
    spoilt = command("replay", "--last", "2", "--strict", "--json")
    senseless = command("replay", "--from", "tomorrow")

    assert (0, 1, 2) == (clean.code, spoilt.code, senseless.code)
    report = json.loads(file.read_text())
    assert (2, 2, True) == (report["checked"], report["of"], report["complete"])
    assert days[1] == report["asked"]["from"]
    told = json.loads(spoilt.out)
    assert [(wrong, "digest")] == [(one["decision"], one["path"]) for one in told["divergences"]]
    assert not told["complete"]
    assert "RFC 3339" in senseless.err


def spoil(connection: Any, sequence: int) -> None:
    """Let the digest of an entry be another."""
    connection.execute(text("DROP TRIGGER event_refuses_update"))
    said = text("UPDATE event SET digest = :digest WHERE sequence = :sequence")
    connection.execute(said, {"digest": "0" * 64, "sequence": sequence})
