"""People and keys, as administrators look after them."""

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.assembly import assemble
from api.service.refusal import Refusal
from engine.values import instant_text
from tests.api.conftest import ORIGIN, PASSWORD, Programme, Trusting
from tests.support.clock import FixedClock


@pytest.fixture
def admin(request: pytest.FixtureRequest) -> TestClient:
    """An administrator of the programme that the test is about."""
    name = "either" if "either" in request.fixturenames else "programme"
    shop: Programme = request.getfixturevalue(name)
    return shop.signed_in("administrator")


def entering(programme: Programme, name: str, password: str) -> TestClient:
    """Return the client of somebody who signs in."""
    client = programme.browser()
    answer = client.post("/v1/session", json={"name": name, "password": password})
    assert 200 == answer.status_code, answer.text
    return client


def told(client: TestClient, name: str) -> dict[str, Any]:
    """Return what the list says of a person."""
    (found,) = (one for one in client.get("/v1/people").json()["items"] if one["name"] == name)
    return dict(found)


def refused(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


def test_a_newcomer_changes_the_password_first(programme: Programme, admin: TestClient) -> None:
    """What an administrator has seen lets in, and no further than to a password of one's own."""
    invited = admin.post("/v1/people", json={"name": "mei/li", "role": "marketer"}).json()
    assert (True, None, None) == tuple(invited[name] for name in ("temporary", "seen_at", "disabled_at"))
    mei = entering(programme, "mei/li", invited["password"])
    other = entering(programme, "mei/li", invited["password"])
    assert mei.get("/v1/session").json()["temporary"]
    assert (403, "password-change-required") == refused(mei.get("/v1/rules"))

    def change(old: str, new: str) -> Any:
        return mei.put("/v1/session/password", json={"old": old, "new": new})

    assert (401, "wrong-password") == refused(change("a wrong one", PASSWORD))
    assert (422, "invalid-request") == refused(change(invited["password"], "short"))
    assert (422, "invalid-request") == refused(change(invited["password"], invited["password"]))
    assert 200 == change(invited["password"], PASSWORD).status_code
    assert 200 == mei.get("/v1/rules").status_code
    assert 401 == other.get("/v1/session").status_code
    assert instant_text(programme.clock.now()) == told(admin, "mei/li")["seen_at"]
    assert (422, "invalid-request") == refused(
        admin.post("/v1/people", json={"name": "mei/li", "role": "auditor"})
    )


def test_whoever_is_kept_out_is_out_at_once(either: Programme, admin: TestClient) -> None:
    client = either.signed_in("marketer")
    assert 200 == client.get("/v1/rules").status_code
    assert admin.post("/v1/people/marketer/disable").json()["disabled_at"]
    assert 401 == client.get("/v1/rules").status_code
    answer = either.browser().post("/v1/session", json={"name": "marketer", "password": PASSWORD})
    assert (401, "wrong-password") == refused(answer)

    assert admin.post("/v1/people/marketer/enable").json()["disabled_at"] is None
    assert 401 == client.get("/v1/rules").status_code
    again = entering(either, "marketer", PASSWORD)
    assert 200 == admin.post("/v1/people/marketer/end-sessions").status_code
    assert 401 == again.get("/v1/rules").status_code


def test_a_new_role_ends_the_sessions_of_the_old(programme: Programme, admin: TestClient) -> None:
    client = programme.signed_in("marketer")
    assert "auditor" == admin.put("/v1/people/marketer/role", json={"role": "auditor"}).json()["role"]
    assert 401 == client.get("/v1/session").status_code
    assert "auditor" == entering(programme, "marketer", PASSWORD).get("/v1/session").json()["role"]
    assert (404, "not-found") == refused(admin.put("/v1/people/nobody/role", json={"role": "auditor"}))


def test_an_administrator_is_always_left(either: Programme, admin: TestClient) -> None:
    """Nobody keeps themselves out, and of two who would keep each other out the second can't."""
    own = [
        admin.put("/v1/people/administrator/role", json={"role": "auditor"}),
        admin.post("/v1/people/administrator/disable"),
        admin.post("/v1/people/administrator/reset-password"),
    ]
    assert [(403, "forbidden")] * 3 == [refused(one) for one in own]
    accounts = either.services.accounts
    either.services.people.create_person("ada", "administrator", PASSWORD)
    assert ["ada", "administrator"] == accounts.administrators()
    assert 200 == admin.post("/v1/people/ada/disable").status_code
    either.services.people.create_person("ben", "marketer", PASSWORD)
    with pytest.raises(Refusal, match="Make somebody else an administrator"):
        accounts.set_role("administrator", "auditor", by="ben")
    with pytest.raises(Refusal, match="Make somebody else an administrator"):
        accounts.disable("administrator", by="ben")
    assert {"items": ["administrator"]} == entering(either, "ben", PASSWORD).get(
        "/v1/people/administrators"
    ).json()


def test_a_reset_password_is_told_once(programme: Programme, admin: TestClient) -> None:
    client = programme.signed_in("approver")
    said = admin.post("/v1/people/approver/reset-password").json()
    assert 401 == client.get("/v1/session").status_code
    assert (403, "password-change-required") == refused(
        entering(programme, "approver", said["password"]).get("/v1/rules")
    )
    assert "password" not in told(admin, "approver")


def test_a_key_is_made_replaced_and_ended(either: Programme, admin: TestClient) -> None:
    """The secret is told when the key is made, and never again."""
    body = {"source": "till-7", "scopes": ["members:read"], "owner": "administrator"}
    first = admin.post("/v1/keys", json=body).json()["key"]
    assert 200 == either.backend(first).get("/v1/members").status_code
    identity = first.split("_")[1]
    second = admin.post(f"/v1/keys/{identity}/rotate").json()["key"]
    assert 401 == either.backend(first).get("/v1/members").status_code
    assert 200 == either.backend(second).get("/v1/members").status_code
    listed = {one["id"]: one for one in admin.get("/v1/keys").json()["items"]}
    assert body == {name: listed[second.split("_")[1]][name] for name in body}
    assert listed[identity]["revoked_at"]
    assert listed[identity]["used_at"]
    assert listed[second.split("_")[1]]["revoked_at"] is None
    assert first.split("_")[2] not in json.dumps(listed)

    assert 200 == admin.post(f"/v1/keys/{second.split('_')[1]}/revoke").status_code
    assert 401 == either.backend(second).get("/v1/members").status_code
    assert (409, "wrong-status") == refused(admin.post(f"/v1/keys/{identity}/revoke"))
    assert (409, "wrong-status") == refused(admin.post(f"/v1/keys/{identity}/rotate"))
    assert (404, "not-found") == refused(admin.post("/v1/keys/0/revoke"))
    wrongs: list[dict[str, Any]] = [
        {"scopes": []},
        {"scopes": ["all"]},
        {"owner": "x"},
        {"source": "regulars:x"},
    ]
    for wrong in wrongs:
        assert (422, "invalid-request") == refused(admin.post("/v1/keys", json={**body, **wrong}))


def test_every_process_refuses_an_ended_key(either: Programme) -> None:
    """A process that has just used it asks the database again a tenth of a second later."""
    if not either.settings.database_url.startswith("postgresql"):
        pytest.skip("one process writes to an SQLite file, so no other remembers its keys")
    other = assemble(either.settings, FixedClock(either.clock.now()), Trusting(), timers=False)
    try:
        other.writer.start()
        people, clock = other.services.people, other.services.clock
        assert isinstance(clock, FixedClock)
        assert people.backend(either.key) == people.known_backend(either.key) is not None
        either.services.keys.revoke(either.key.split("_")[1])
        clock.advance(1)
        assert people.known_backend(either.key) is None
        assert people.backend(either.key) is None
        assert people.known_backend(either.key) is None
    finally:
        other.close()


def test_one_asks_while_the_others_go_on(programme: Programme) -> None:
    people = programme.services.people
    assert people.backend(programme.key) == people.known_backend(programme.key)
    programme.clock.advance(1)
    assert people.known_backend(programme.key) is None
    assert people.known_backend(programme.key) is not None
    programme.clock.advance(10)
    assert [None, None] == [people.known_backend(programme.key) for _ in range(2)]


def test_no_secret_is_written_down(
    programme: Programme, admin: TestClient, capfd: pytest.CaptureFixture[str]
) -> None:
    """Audit entries say from what to what, and neither they nor the logs hold a password or a key."""
    invited = admin.post("/v1/people", json={"name": "ben", "role": "marketer"}).json()
    entering(programme, "ben", invited["password"]).put(
        "/v1/session/password", json={"old": invited["password"], "new": "ben's own password"}
    )
    admin.put("/v1/people/ben/role", json={"role": "approver"})
    admin.post("/v1/people/ben/disable")
    admin.post("/v1/people/ben/enable")
    admin.post("/v1/people/ben/end-sessions")
    reset = admin.post("/v1/people/ben/reset-password").json()
    key = admin.post("/v1/keys", json={"source": "till", "scopes": ["redeem"]}).json()["key"]
    new = admin.post(f"/v1/keys/{key.split('_')[1]}/rotate").json()["key"]

    entries = admin.get("/v1/audit?subject=people/ben").json()["items"]
    assert [
        ("password-reset", None, {"password": "changed"}),
        ("sessions-ended", None, None),
        ("person-enabled", {"disabled": True}, {"disabled": False}),
        ("person-disabled", {"disabled": False}, {"disabled": True}),
        ("person-changed", {"role": "marketer"}, {"role": "approver"}),
        ("password-changed", None, {"password": "changed"}),
        ("person-added", None, {"role": "marketer", "password": "set"}),
    ] == [(one["action"], one["old"], one["new"]) for one in entries]
    assert ["administrator"] * 5 + ["ben", "administrator"] == [one["by"] for one in entries]
    said = admin.get("/v1/audit.jsonl").text + "".join(capfd.readouterr())
    secrets = [invited["password"], reset["password"], "ben's own password"]
    assert [] == [one for one in [*secrets, key.split("_")[2], new.split("_")[2]] if one in said]
    assert ORIGIN not in said


def test_settings_are_read_by_everybody_and_changed_by_administrators(
    programme: Programme, admin: TestClient
) -> None:
    said = programme.signed_in("auditor").get("/v1/settings").json()
    assert ("CNY", "optional") == (said["programme"]["currency"], said["programme"]["approval"])
    assert {"email": "console"}.items() <= {one["channel"]: one["by"] for one in said["ways_out"]}.items()
    assert programme.settings.origin == said["checkpoints"]["key"].split("+")[0]
    assert programme.settings.database_url not in json.dumps(said)

    admin.put("/v1/programme/approval", json={"approval": "required"})
    told = {"name": {"en": "Corner shop"}, "zone": "Europe/Berlin", "currency": "EUR", "late_after_hours": 5}
    changed = admin.put("/v1/programme", json=told).json()["programme"]
    assert told | {"approval": "required"} == {name: changed[name] for name in (*told, "approval")}
    assert "Europe/Berlin" == admin.get("/v1/catalogue").json()["programme"]["zone"]
    entry = admin.get("/v1/audit?action=definitions-changed").json()["items"][0]
    assert ("Europe/Berlin", "administrator") == (entry["new"]["programme"]["zone"], entry["by"])
    wrong = admin.put("/v1/programme", json={"zone": "Mars/Base"})
    assert ((422, "invalid-request"), "/programme/zone") == (
        refused(wrong),
        wrong.json()["errors"][0]["path"],
    )
