"""Every kind of audit entry is brought about once, and says what was and what became (ruling 37)."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple, get_args

import pytest
from sqlalchemy import select, update
from starlette.testclient import TestClient

from api.service import backtests, replays
from api.service.backtest_apart import Stopped
from api.service.people import Role
from api.service.replay_report import Report
from api.store.actions import Action
from api.store.database import Database
from api.store.people import AuditEntry, Chosen, audit_page
from api.store.schema import OUTBOX
from tests.api.conftest import PASSWORD, RULE, Programme, running
from tests.support.commands import run_here

OPERATOR: Final = "command line"


class Told(NamedTuple):
    """What an entry must say; of data at least what is named here, and nothing where it is None.

    `url` is where it stands, if that isn't the database of all.
    """

    by: str
    subject: str
    old: Any
    new: Any
    url: str = ""


class Stage(NamedTuple):
    """Where a case plays; every case is over in a programme that others have used, under keys of its own."""

    programme: Programme
    empty: str
    folder: Path
    patch: pytest.MonkeyPatch

    def person(self, role: Role) -> TestClient:
        return self.programme.signed_in(role)

    def drafted(self, key: str, **more: Any) -> str:
        """Save a rule's draft and return its address."""
        path = f"/v1/rules/{key}"
        done(self.person("marketer").put(f"{path}/draft", json={**RULE, "key": key, **more}))
        return path

    def stepped(self, path: str, step: str, role: Role) -> None:
        client = self.person(role)
        etag = {"If-Match": client.get(path).json()["etag"]}
        done(client.post(f"{path}/{step}", json={"comment": "see there"}, headers=etag))

    def demand(self, approval: str) -> None:
        done(self.person("administrator").put("/v1/programme/approval", json={"approval": approval}))


Case = Callable[[Stage], Told]
CASES: Final[dict[str, Case]] = {}


def case(action: Action) -> Callable[[Case], Case]:
    """Register a function that brings an entry about."""

    def registered(one: Case) -> Case:
        CASES[action] = one
        return one

    return registered


def done(answer: Any) -> Any:
    assert answer.status_code < 300, answer.text
    return answer.json() if "json" in answer.headers.get("content-type", "") else None


def tell(stage: Stage, user: str, **call: Any) -> None:
    done(stage.programme.backend().post("/v1/identify", json={"userId": user, "traits": {}} | call))


@pytest.fixture(scope="module")
def shared(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programme]:
    """One programme for all cases."""
    file = tmp_path_factory.mktemp("audited") / "regulars.db"
    shutil.copy(sqlite_template, file)
    with running(f"sqlite:///{file}", matcher="index") as started:
        yield started


@case("draft-saved")
def _(stage: Stage) -> Told:
    path = stage.drafted("a-saved")
    stage.programme.clock.advance(600)  # or else it is one entry with the first
    client = stage.person("marketer")
    etag = {"If-Match": client.get(path).json()["etag"]}
    done(client.put(f"{path}/draft", json={**RULE, "key": "a-saved", "priority": 7}, headers=etag))
    return Told("marketer", "a-saved", {"priority": 50}, {"priority": 7})


@case("draft-deleted")
def _(stage: Stage) -> Told:
    path = stage.drafted("a-deleted", priority=9)
    assert stage.person("marketer").delete(f"{path}/draft").status_code < 300
    return Told("marketer", "a-deleted", {"priority": 9}, None)


@case("draft-submitted")
def _(stage: Stage) -> Told:
    stage.stepped(stage.drafted("a-submitted"), "submit", "marketer")
    return Told("marketer", "a-submitted", {"approval": "none"}, {"approval": "submitted"})


@case("draft-approved")
def _(stage: Stage) -> Told:
    path = stage.drafted("a-approved")
    stage.stepped(path, "submit", "marketer")
    stage.stepped(path, "approve", "approver")
    return Told("approver", "a-approved", {"approval": "submitted"}, {"approval": "approved"})


@case("draft-sent-back")
def _(stage: Stage) -> Told:
    path = stage.drafted("a-sent-back")
    stage.stepped(path, "submit", "marketer")
    stage.stepped(path, "send-back", "approver")
    return Told("approver", "a-sent-back", {"approval": "submitted"}, {"approval": "sent_back"})


@case("approval-dropped")
def _(stage: Stage) -> Told:
    path = stage.drafted("a-dropped")
    stage.stepped(path, "submit", "marketer")
    client = stage.person("marketer")
    etag = {"If-Match": client.get(path).json()["etag"]}
    done(client.put(f"{path}/draft", json={**RULE, "key": "a-dropped", "priority": 7}, headers=etag))
    return Told("marketer", "a-dropped", {"approval": "submitted"}, {"approval": "none"})


@case("approval-demanded")
def _(stage: Stage) -> Told:
    stage.demand("required")
    stage.demand("optional")
    return Told("administrator", "programme", {"approval": "required"}, {"approval": "optional"})


@case("rule-published")
def _(stage: Stage) -> Told:
    path = stage.drafted("a-published")
    done(stage.person("marketer").post(f"{path}/publish", json={"past": "skip"}))
    return Told("marketer", "a-published", None, {"key": "a-published", "priority": 50})


@case("rule-paused")
def _(stage: Stage) -> Told:
    stage.programme.publish({**RULE, "key": "a-paused"})
    done(stage.person("approver").post("/v1/rules/a-paused/pause"))
    return Told("approver", "a-paused", {"status": "live"}, {"status": "paused"})


@case("rule-rolled-back")
def _(stage: Stage) -> Told:
    path = "/v1/rules/a-rolled-back"
    for priority in (50, 7):
        client = stage.person("marketer")
        before = client.get(path)
        headers = {"If-Match": before.json()["etag"]} if before.status_code == 200 else {}
        rule = {**RULE, "key": "a-rolled-back", "priority": priority}
        done(client.put(f"{path}/draft", json=rule, headers=headers))
        done(client.post(f"{path}/publish", json={"past": "skip"}))
    done(stage.person("approver").post(f"{path}/roll-back", json={"version": 1}))
    return Told("approver", "a-rolled-back", {"priority": 7}, {"priority": 50})


@case("rule-resumed")
def _(stage: Stage) -> Told:
    stage.programme.publish({**RULE, "key": "a-resumed"})
    client = stage.person("marketer")
    done(client.post("/v1/rules/a-resumed/pause"))
    done(client.post("/v1/rules/a-resumed/resume"))
    return Told("marketer", "a-resumed", {"status": "paused"}, {"status": "live"})


@case("definitions-changed")
def _(stage: Stage) -> Told:
    client = stage.person("marketer")
    tag = {"key": "a", "name": {"en": "A"}, "meaning": "first"}
    done(client.put("/v1/definitions/tags/a", json=tag))
    done(client.put("/v1/definitions/tags/a", json={**tag, "meaning": "second"}))
    old, new = ({"tags": {"a": {"meaning": one}}} for one in ("first", "second"))
    return Told("marketer", "tags/a", old, new)


@case("broadcast-planned")
def _(stage: Stage) -> Told:
    plan = {"key": "a-planned", "name": {"en": "S"}, "template": "thanks", "channel": "email"}
    done(stage.person("marketer").post("/v1/broadcasts", json=plan))
    return Told("marketer", "broadcasts/a-planned", None, {"template": "thanks", "channel": "email"})


@case("broadcast-cancelled")
def _(stage: Stage) -> Told:
    plan = {"key": "a-off", "name": {"en": "S"}, "template": "thanks", "channel": "email"}
    client = stage.person("marketer")
    done(client.post("/v1/broadcasts", json=plan))
    done(client.post("/v1/broadcasts/a-off/cancel"))
    return Told("marketer", "broadcasts/a-off", {"state": "scheduled"}, {"state": "cancelled"})


@case("broadcast-draft-saved")
def _(stage: Stage) -> Told:
    done(stage.person("marketer").put("/v1/broadcasts/a-draft/draft", json={"name": {"en": "A"}}))
    return Told("marketer", "broadcasts/a-draft", None, {"name": {"en": "A"}})


@case("broadcast-draft-deleted")
def _(stage: Stage) -> Told:
    client = stage.person("marketer")
    done(client.put("/v1/broadcasts/a-gone/draft", json={"name": {"en": "A"}}))
    etag = {"If-Match": client.get("/v1/broadcasts/a-gone").json()["etag"]}
    assert client.delete("/v1/broadcasts/a-gone/draft", headers=etag).status_code < 300
    return Told("marketer", "broadcasts/a-gone", {"name": {"en": "A"}}, None)


def pooled(stage: Stage, coupon: str) -> None:
    client = stage.person("marketer")
    pool = {"key": coupon, "name": {"en": "P"}, "kind": "percent", "value": "5", "codes": "pool"}
    done(client.put(f"/v1/definitions/coupons/{coupon}", json=pool))
    codes = f"{coupon}A\n{coupon}B\n{coupon}B\n".encode()
    done(client.post(f"/v1/coupons/{coupon}/pool", content=codes, headers={"Content-Type": "text/csv"}))


@case("codes-import-begun")
def _(stage: Stage) -> Told:
    pooled(stage, "P1")
    return Told("marketer", "coupons/P1", None, {"form": "csv"})


@case("codes-imported")
def _(stage: Stage) -> Told:
    pooled(stage, "P2")
    return Told("marketer", "coupons/P2", None, {"added": 2, "duplicates": 1, "invalid": 0})


@case("duplicate-dismissed")
def _(stage: Stage) -> Told:
    for user in ("a-cat", "a-ann"):
        tell(stage, user, traits={"phone": "138 0013 8000"})
    two = {"member": "a-cat", "other": "a-ann"}
    done(stage.person("administrator").post("/v1/duplicates/dismiss", json=two))
    return Told("administrator", "duplicates", None, two)


@case("message-redelivered")
def _(stage: Stage) -> Told:
    stage.programme.publish({**RULE, "key": "a-message"})
    tell(stage, "a-mei", traits={"email": "mei@example.com"})
    order = {"userId": "a-mei", "event": "Order Completed", "properties": {"order_id": "A1", "total": 120}}
    done(stage.programme.backend().post("/v1/track", json=order))
    mine = (OUTBOX.c.member == "a-mei") & (OUTBOX.c.rule == "a-message")
    with stage.programme.database.write() as connection:
        message = connection.execute(select(OUTBOX.c.id).where(mine)).scalar_one()
        connection.execute(update(OUTBOX).where(mine).values(status="dead"))
    done(stage.person("marketer").post(f"/v1/outbox/{message}/redeliver"))
    return Told("marketer", f"messages/{message}", {"status": "dead"}, {"status": "pending"})


def endless_replay(_connection: Any, asked: Any, *, progress: Callable[[Report], bool]) -> Report:
    report = Report(asked=asked, complete=False)
    while progress(report):
        pass
    return report


@case("replay-started")
def _(stage: Stage) -> Told:
    begun = done(stage.person("auditor").post("/v1/replays", json={"member": "a-mei"}))
    return Told("auditor", f"replays/{begun['id']}", None, {"member": "a-mei"})


@case("replay-cancelled")
def _(stage: Stage) -> Told:
    stage.patch.setattr(replays, "replay_log", endless_replay)
    client = stage.person("auditor")
    path = f"/v1/replays/{done(client.post('/v1/replays', json={}))['id']}"
    done(client.post(f"{path}/cancel"))
    while client.get(path).json()["status"] != "cancelled":
        pass
    return Told("auditor", path.removeprefix("/v1/"), {"status": "running"}, {"status": "cancelled"})


def endless_backtest(*_given: object, stopped: Callable[[], bool], **_more: object) -> None:
    while not stopped():
        pass
    raise Stopped


@case("back-test-started")
def _(stage: Stage) -> Told:
    begun = done(stage.person("marketer").post("/v1/backtests", json={"drafts": [], "others": "none"}))
    return Told("marketer", f"back-tests/{begun['id']}", None, {"others": "none", "drafts": []})


@case("back-test-cancelled")
def _(stage: Stage) -> Told:
    stage.patch.setattr(backtests, "backtest", endless_backtest)
    client = stage.person("marketer")
    begun = done(client.post("/v1/backtests", json={}))["id"]
    done(client.delete(f"/v1/backtests/{begun}"))
    return Told("marketer", f"back-tests/{begun}", {"status": "running"}, {"status": "cancelled"})


@case("proof-exported")
def _(stage: Stage) -> Told:
    tell(stage, "a-proven")
    stage.programme.services.sealing.seal()
    done(stage.person("auditor").get("/v1/proofs", params={"member": "a-proven"}))
    return Told("auditor", "proof", None, {"member": "a-proven"})


@case("audit-exported")
def _(stage: Stage) -> Told:
    assert 200 == stage.person("auditor").get("/v1/audit.jsonl?by=nobody").status_code
    return Told("auditor", "audit", None, {"form": "jsonl", "by": "nobody"})


@case("import-begun")
def _(stage: Stage) -> Told:
    file = stage.folder / "history.jsonl"
    call = {"type": "identify", "userId": "a-old", "traits": {}, "timestamp": "2020-01-01T00:00:00Z"}
    file.write_text(json.dumps(call) + "\n")
    run_here(stage.empty, "import", file, "--mode", "facts-only")
    said: Any = {"source": "import", "mode": "facts-only", "match": [], "until": None}
    return Told(OPERATOR, "imports/history.jsonl", None, said, stage.empty)


@case("log-sealed")
def _(stage: Stage) -> Told:
    run_here(stage.empty, "seal")
    return Told(OPERATOR, "log", None, {"entries": 0}, stage.empty)


@case("person-added")
def _(stage: Stage) -> Told:
    stage.programme.services.people.create_person("ben", "marketer", PASSWORD, by="ada")
    return Told("ada", "people/ben", None, {"role": "marketer", "password": "set"})


@case("person-changed")
def _(stage: Stage) -> Told:
    for role in ("marketer", "approver"):
        stage.programme.services.people.create_person("bob", role, PASSWORD, by="ada")
    return Told("ada", "people/bob", {"role": "marketer"}, {"role": "approver", "password": "changed"})


def looked_after(stage: Stage, name: str, *steps: str) -> None:
    stage.programme.services.people.create_person(name, "marketer", PASSWORD)
    for step in steps:
        done(stage.person("administrator").post(f"/v1/people/{name}/{step}", json={}))


@case("person-disabled")
def _(stage: Stage) -> Told:
    looked_after(stage, "dan", "disable")
    return Told("administrator", "people/dan", {"disabled": False}, {"disabled": True})


@case("person-enabled")
def _(stage: Stage) -> Told:
    looked_after(stage, "eve", "disable", "enable")
    return Told("administrator", "people/eve", {"disabled": True}, {"disabled": False})


@case("password-reset")
def _(stage: Stage) -> Told:
    looked_after(stage, "fay", "reset-password")
    return Told("administrator", "people/fay", None, {"password": "changed"})


@case("sessions-ended")
def _(stage: Stage) -> Told:
    looked_after(stage, "gus", "end-sessions")
    return Told("administrator", "people/gus", None, None)


@case("password-changed")
def _(stage: Stage) -> Told:
    looked_after(stage, "hal")
    client = stage.programme.browser()
    done(client.post("/v1/session", json={"name": "hal", "password": PASSWORD}))
    done(client.put("/v1/session/password", json={"old": PASSWORD, "new": PASSWORD + "!"}))
    return Told("hal", "people/hal", None, {"password": "changed"})


@case("key-made")
def _(stage: Stage) -> Told:
    key = stage.programme.services.keys.create("kiosk", ["redeem"], by="ada")
    said = {"source": "kiosk", "scopes": ["redeem"], "owner": None}
    return Told("ada", f"keys/{key.split('_')[1]}", None, said)


@case("key-revoked")
def _(stage: Stage) -> Told:
    key = stage.programme.services.keys.create("till", ["redeem"], by="ada").split("_")[1]
    stage.programme.services.keys.revoke(key, by="ada")
    return Told("ada", f"keys/{key}", {"source": "till", "scopes": ["redeem"], "owner": None}, None)


@case("erase-member")
def _(stage: Stage) -> Told:
    tell(stage, "a-erased")
    client = stage.person("administrator")
    done(client.post("/v1/members/a-erased/erase", json={"id": "e1", "why": "asked for it"}))
    return Told("administrator", "a-erased", None, None)


@case("export-member")
def _(stage: Stage) -> Told:
    tell(stage, "a-exported")
    done(stage.person("administrator").get("/v1/members/a-exported/export"))
    return Told("administrator", "a-exported", None, None)


def says(expected: Any, said: Any) -> bool:
    """Whether data holds at least what is expected of it."""
    if isinstance(expected, dict) and isinstance(said, dict):
        return all(name in said and says(one, said[name]) for name, one in expected.items())
    return bool(expected == said)


@pytest.mark.parametrize("action", get_args(Action))
def test_an_entry_says_who_did_what(
    shared: Programme, action: Action, sqlite_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever adds an action to the list adds a case; what isn't in the list can't be written (mypy)."""
    assert action in CASES, "bring it about in a case of its own"
    ours = shared.settings.database_url
    before = len(listed(ours, action))
    told = CASES[action](Stage(shared, sqlite_database, tmp_path, monkeypatch))
    entries = listed(told.url, action) if told.url else listed(ours, action)[before:]

    entry = [one for one in entries if one.subject == told.subject][-1]
    assert told.by == entry.by
    assert says(told.old, entry.old), entry
    assert says(told.new, entry.new), entry


def listed(url: str, action: Action) -> list[AuditEntry]:
    """Return the entries of a kind, oldest first."""
    with Database.open(url, writable=False) as database, database.read() as connection:
        found = audit_page(connection, before=None, limit=500, chosen=Chosen(action=action))
    return found[::-1]
