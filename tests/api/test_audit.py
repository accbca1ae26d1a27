"""Whatever a person changes leaves a trace that names them (ruling 37)."""

import csv
import io
import json
from typing import Any, Final

from fastapi.routing import iter_route_contexts
from starlette.testclient import TestClient

import main
from api.service.people import Role
from engine.values import instant_text
from tests.api.conftest import PASSWORD, RULE, Programme

Json = dict[str, Any]
AUDITED: Final = {
    "PUT /v1/rules/{key}/draft": "draft-saved",
    "DELETE /v1/rules/{key}/draft": "draft-deleted",
    "POST /v1/rules/{key}/publish": "rule-published",
    "POST /v1/rules/{key}/pause": "rule-paused",
    "POST /v1/rules/{key}/resume": "rule-resumed",
    "POST /v1/rules/{key}/roll-back": "rule-rolled-back",
    "POST /v1/rules/{key}/submit": "draft-submitted",
    "POST /v1/rules/{key}/approve": "draft-approved",
    "POST /v1/rules/{key}/send-back": "draft-sent-back",
    "POST /v1/library/{key}/adopt": "draft-saved",
    "PUT /v1/programme/approval": "approval-demanded",
    "PUT /v1/programme": "definitions-changed",
    "PUT /v1/definitions/{kind}/{key:path}": "definitions-changed",
    "POST /v1/tags/{tag:path}/merge": "definitions-changed",
    "POST /v1/tags/{tag:path}/retire": "definitions-changed",
    "POST /v1/broadcasts": "broadcast-planned",
    "PUT /v1/broadcasts/{key}/draft": "broadcast-draft-saved",
    "DELETE /v1/broadcasts/{key}/draft": "broadcast-draft-deleted",
    "POST /v1/broadcasts/{key}/cancel": "broadcast-cancelled",
    "POST /v1/coupons/{coupon}/pool": "codes-imported",
    "POST /v1/duplicates/dismiss": "duplicate-dismissed",
    "POST /v1/replays": "replay-started",
    "POST /v1/replays/{replay}/cancel": "replay-cancelled",
    "POST /v1/backtests": "back-test-started",
    "DELETE /v1/backtests/{backtest}": "back-test-cancelled",
    "POST /v1/outbox/{message}/redeliver": "message-redelivered",
    "POST /v1/people": "person-added",
    "PUT /v1/people/{name:path}/role": "person-changed",
    "POST /v1/people/{name:path}/disable": "person-disabled",
    "POST /v1/people/{name:path}/enable": "person-enabled",
    "POST /v1/people/{name:path}/reset-password": "password-reset",
    "POST /v1/people/{name:path}/end-sessions": "sessions-ended",
    "PUT /v1/session/password": "password-changed",
    "POST /v1/keys": "key-made",
    "POST /v1/keys/{id}/rotate": "key-made",
    "POST /v1/keys/{id}/revoke": "key-revoked",
}
"""What leaves an audit entry, and which."""

LOGGED: Final = {
    "POST /v1/track",
    "POST /v1/identify",
    "POST /v1/alias",
    "POST /v1/batch",
    "POST /v1/import",
    "POST /v1/members/{key:path}/merge",
    "POST /v1/members/{key:path}/erase",
    "POST /v1/members/{key:path}/consent",
    "POST /v1/members/{key:path}/tags",
    "DELETE /v1/members/{key:path}/tags/{tag:path}",
    "POST /v1/members/{key:path}/segments",
    "DELETE /v1/members/{key:path}/segments/{segment}",
    "POST /v1/members/{key:path}/adjust",
    "POST /v1/members/{key:path}/level",
    "POST /v1/members/{key:path}/membership",
    "POST /v1/coupons/issue",
    "POST /v1/coupons/{code:path}/void",
    "POST /v1/redemptions",
    "POST /v1/redemptions/{redemption}/confirm",
    "POST /v1/redemptions/{redemption}/release",
    "POST /v1/entitlements/verify",
    "POST /v1/tasks/{task}/done",
    "POST /unsubscribe/{link}",
}
"""What enters the member's log, with who did it."""

CHANGING_NOTHING: Final = {
    "POST /v1/session",
    "DELETE /v1/session",
    "POST /v1/evaluate",
    "POST /v1/rules/check",
    "POST /v1/rules/check-conflicts",
    "POST /v1/templates/check",
    "POST /v1/templates/{key}/preview",
    "POST /v1/broadcasts/preview",
    "POST /v1/definitions/units/{key}/impact",
    "POST /v1/audience",
    "POST /v1/audience/check",
    "POST /v1/coupons/validate",
    "POST /v1/redemptions/quote",
    "POST /v1/verification",
}
"""What is a question, or who is there."""

COMMANDS: Final = {
    "publish": "rule-published",
    "define": "definitions-changed",
    "import": "import-begun",
    "merge": "an entry of the member's log",
    "erase": "erase-member",
    "export-member": "export-member",
    "seal": "log-sealed",
    "create-user": "person-added",
    "create-key": "key-made",
}
READING_COMMANDS: Final = {"backtest", "replay", "verify", "export-proof", "summary", "openapi"}
HOLDING_COMMANDS: Final = {"serve", "demo", "migrate"}


def entries(programme: Programme, **asked: Any) -> list[Json]:
    found: list[Json] = (
        programme.signed_in("administrator").get("/v1/audit", params={"limit": 500, **asked}).json()["items"]
    )
    return found


def auditor(programme: Programme) -> TestClient:
    return programme.signed_in("auditor")


def routes_of(programme: Programme) -> set[str]:
    routes = iter_route_contexts(programme.app.routes)
    return {f"{method} {one.path}" for one in routes for method in (one.methods or set()) - {"GET", "HEAD"}}


def test_every_change_is_known_to_leave_a_trace(programme: Programme) -> None:
    """A new route or command belongs into one of the tables, and into the test of what it leaves."""
    known = [*AUDITED, *LOGGED, *CHANGING_NOTHING]
    assert len(known) == len(set(known))
    assert routes_of(programme) - set(known) == set()
    assert set(known) - routes_of(programme) == set()
    assert set(main.COMMANDS) - {*COMMANDS, *READING_COMMANDS, *HOLDING_COMMANDS} == set()


def changed_everything(programme: Programme) -> None:
    """Let people change whatever leaves an audit entry."""
    mia, ann, ada = (programme.signed_in(one) for one in ("marketer", "approver", "administrator"))
    path = "/v1/rules/big-order"

    def done(answer: Any) -> Json:
        assert answer.status_code < 300, answer.text
        said: Json = answer.json() if answer.content else {}
        return said

    def etag() -> Json:
        return {"If-Match": mia.get(path).json()["etag"]}

    done(ada.put("/v1/programme/approval", json={"approval": "required"}))
    done(mia.put(f"{path}/draft", json=RULE))
    done(mia.post(f"{path}/submit", json={"comment": ""}, headers=etag()))
    done(ann.post(f"{path}/send-back", json={"comment": "=more"}, headers=etag()))
    done(mia.post(f"{path}/submit", json={"comment": ""}, headers=etag()))
    done(ann.post(f"{path}/approve", json={"comment": ""}, headers=etag()))
    done(mia.post(f"{path}/publish", json={"past": "skip"}))
    done(mia.put(f"{path}/draft", json={**RULE, "priority": 7}, headers=etag()))
    done(mia.delete(f"{path}/draft"))
    done(mia.post(f"{path}/pause"))
    done(mia.post(f"{path}/resume"))
    tag = {"key": "new", "name": {"en": "New"}, "meaning": "new"}
    done(mia.put("/v1/definitions/tags/new", json=tag))
    done(mia.post("/v1/tags/new/retire", json={}))
    pool = {"key": "P", "name": {"en": "P"}, "kind": "percent", "value": "5", "codes": "pool"}
    done(mia.put("/v1/definitions/coupons/P", json=pool))
    done(mia.post("/v1/coupons/P/pool", content=b"A\nB\n", headers={"Content-Type": "text/csv"}))
    plan = {"key": "spring", "name": {"en": "S"}, "template": "thanks", "channel": "email"}
    done(mia.put("/v1/broadcasts/autumn/draft", json={"name": {"en": "A"}}))
    draft = mia.get("/v1/broadcasts/autumn").json()["etag"]
    done(mia.delete("/v1/broadcasts/autumn/draft", headers={"If-Match": draft}))
    done(mia.post("/v1/broadcasts", json=plan))
    done(mia.post("/v1/broadcasts/spring/cancel"))
    done(ada.post("/v1/replays", json={}))


def test_changes_leave_entries_with_what_was_and_what_became(either: Programme) -> None:
    changed_everything(either)
    found = {(one["action"], one["subject"]): one for one in reversed(entries(either))}
    assert {"test", "command line", "marketer", "approver", "administrator"} >= {
        one["by"] for one in found.values()
    }

    published = found["rule-published", "big-order"]
    assert (None, "add_tag") == (published["old"], published["new"]["then"][0]["type"])
    saved = entries(either, action="draft-saved")[0]
    assert (50, 7) == (saved["old"]["priority"], saved["new"]["priority"])
    assert 7 == found["draft-deleted", "big-order"]["old"]["priority"]
    assert ({"status": "live"}, {"status": "paused"}) == tuple(
        found["rule-paused", "big-order"][name] for name in ("old", "new")
    )
    assert {"approval": "required"} == found["approval-demanded", "programme"]["new"]
    made, retired = reversed(entries(either, action="definitions-changed", subject="tags/new"))
    assert ({}, "New") == (made["old"], made["new"]["tags"]["new"]["name"]["en"])
    assert [False, True] == [
        one["tags"]["new"].get("retired", False) for one in (retired["old"], retired["new"])
    ]
    assert {"added": 2, "duplicates": 0, "invalid": 0} == found["codes-imported", "coupons/P"]["new"]
    assert ({"state": "scheduled"}, {"state": "cancelled"}) == tuple(
        found["broadcast-cancelled", "broadcasts/spring"][name] for name in ("old", "new")
    )


def test_saves_of_a_draft_by_one_person_in_the_same_minutes_are_one_entry(either: Programme) -> None:
    """Who types leaves one entry in ten minutes: from what was before the first to what the last has made."""
    for priority, pause in ((1, 0), (2, 0), (3, 599)):
        either.clock.advance(pause)
        saved(either, "marketer", priority)
    assert [(None, 3)] == told(either)
    assert instant_text(either.clock.now()) == entries(either, subject="typed")[0]["at"]

    either.clock.advance(1)  # ten minutes of their own begin
    for priority in (4, 5):
        saved(either, "marketer", priority)
    assert [(3, 5), (None, 3)] == told(either)
    saved(either, "administrator", 6)
    saved(either, "marketer", 7)
    assert [(6, 7), (5, 6), (3, 5), (None, 3)] == told(either)


def saved(programme: Programme, role: Role, priority: int) -> None:
    client = programme.signed_in(role)
    found = client.get("/v1/rules/typed")
    etag = {"If-Match": found.json()["etag"]} if found.status_code == 200 else {}
    document = {**RULE, "key": "typed", "priority": priority}
    assert client.put("/v1/rules/typed/draft", json=document, headers=etag).status_code < 300


def told(programme: Programme) -> list[tuple[int | None, int]]:
    """The priorities that the entries of a rule tell, newest first."""
    found = entries(programme, action="draft-saved", subject="typed")
    return [(one["old"] and one["old"]["priority"], one["new"]["priority"]) for one in found]


def test_people_and_keys_are_told_of_without_their_secrets(programme: Programme) -> None:
    people = programme.services.people
    people.create_person("ben", "marketer", PASSWORD, by="ada")
    people.create_person("ben", "approver", PASSWORD + "!", by="ada")
    key = programme.services.keys.create("kiosk", ["redeem"], by="ada")
    programme.services.keys.revoke(key.split("_")[1], by="ada")

    revoked, made, changed, added = entries(programme, by="ada")
    assert ("people/ben", None, {"role": "marketer", "password": "set"}) == tuple(
        added[name] for name in ("subject", "old", "new")
    )
    assert ({"role": "marketer"}, {"role": "approver", "password": "changed"}) == (
        changed["old"],
        changed["new"],
    )
    assert {"source": "kiosk", "scopes": ["redeem"], "owner": None} == made["new"] == revoked["old"]
    said = json.dumps(entries(programme))
    assert PASSWORD not in said
    assert key.split("_")[2] not in said


def test_entries_are_filtered_and_taken_away(either: Programme) -> None:
    changed_everything(either)
    client = auditor(either)
    assert {"approver"} == {one["by"] for one in entries(either, by="approver")}
    assert {"broadcasts/autumn", "broadcasts/spring"} == {
        one["subject"] for one in entries(either, subject="broadcasts")
    }
    at = entries(either)[0]["at"]
    assert [] == entries(either, until=at, by="marketer")
    assert entries(either, **{"from": at, "by": "marketer"})
    assert 422 == client.get("/v1/audit?from=soon").status_code
    assert 403 == either.signed_in("marketer").get("/v1/audit.csv").status_code

    table = client.get("/v1/audit.csv", params={"subject": "big-order"})
    assert "text/csv; charset=utf-8" == table.headers["content-type"]
    rows = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))
    lines = [json.loads(one) for one in client.get("/v1/audit.jsonl?subject=big-order").text.splitlines()]
    assert entries(either, subject="big-order") == lines
    assert [str(one["id"]) for one in lines] == [row["id"] for row in rows]
    assert not [cell for row in rows for cell in row.values() if cell[:1] in "=+-@" and cell]
    taken = entries(either, action="audit-exported")
    assert [("auditor", "jsonl"), ("auditor", "csv")] == [(one["by"], one["new"]["form"]) for one in taken]


def test_what_is_large_is_kept_as_its_digest(either: Programme) -> None:
    """A property with as many keywords as it may have, each as long as it may be: 93 KB."""
    keywords = [f"{number:03}" + "词" * 61 for number in range(500)]
    note = {"name": "note", "label": {"en": "N"}, "type": "text", "personal": True, "keywords": keywords}
    event = {"name": "Told", "label": {"en": "T"}, "properties": [note]}
    answer = either.signed_in("marketer").put("/v1/definitions/events/Told", json=event)
    assert 200 == answer.status_code, answer.text
    (entry,) = entries(either, subject="events")

    assert {"digest", "bytes"} == set(entry["new"])
    assert 90_000 < entry["new"]["bytes"] < 120_000
    assert 64 == len(entry["new"]["digest"])
