"""Who may do what: every route has a guard, and docs/http-api.md says which."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from starlette.testclient import TestClient

from api.deps import Anyone, Guard
from api.service.people import ROLES, Role
from tests.api.conftest import SCOPES, Programme


def guards_in(dependant: Dependant) -> Iterator[Guard | Anyone]:
    if isinstance(dependant.call, Guard | Anyone):
        yield dependant.call
    for inner in dependant.dependencies:
        yield from guards_in(inner)


def guarded(programme: Programme) -> dict[str, list[Guard | Anyone]]:
    """Return the guards of every route, by `METHOD /address` with `{}` for each part that varies."""
    found: dict[str, list[Guard | Anyone]] = {}
    for route in iter_route_contexts(programme.app.routes):
        for method in route.methods or ():
            found[f"{method} {nameless(str(route.path))}"] = list(guards_in(route.dependant))
    return found


def nameless(path: str) -> str:
    return re.sub(r"\{.*?\}", "{}", path)


def documented(root: Path) -> dict[str, str]:
    """Return who may do what by docs/http-api.md."""
    found: dict[str, str] = {}
    for line in (root / "docs/http-api.md").read_text(encoding="utf-8").splitlines():
        row = re.split(r"(?<!\\)\|", line)
        calls = re.findall(r"`((?:GET|POST|PUT|DELETE) )?(/[^`\s?]+)", row[1]) if len(row) == 5 else []
        method = ""
        who = [one.strip() for one in row[2].split("·")] if calls else []
        for at, (told, path) in enumerate(calls):
            method = told.strip() or method
            target = path if path.startswith("/v1") else f"/v1/rules/{{key}}{path}"
            found[f"{method} {nameless(target)}"] = who[at] if len(who) == len(calls) else who[0]
    return found


def test_every_route_has_one_guard(programme: Programme) -> None:
    """Deny by default: a route that nobody thought of must not be open."""
    without = [call for call, guards in guarded(programme).items() if len(guards) != 1]

    assert [] == without
    assert 30 < len(guarded(programme))


UNSUBSCRIBING = ("GET /unsubscribe/{}", "POST /unsubscribe/{}")


def test_only_these_are_open(programme: Programme) -> None:
    open_to_all = {call for call, guards in guarded(programme).items() if isinstance(guards[0], Anyone)}

    assert {"POST /v1/session", "GET /healthz", "GET /readyz", *UNSUBSCRIBING} == open_to_all


def test_guards_are_as_documented(programme: Programme, project_root: Path) -> None:
    real = guarded(programme)
    for call, who in documented(project_root).items():
        (guard,) = real[call]
        if who == "anyone":
            assert isinstance(guard, Anyone), call
            continue
        assert isinstance(guard, Guard), call
        roles = set(ROLES) if "person" in who else {role for role in ROLES if role in who}
        scopes = set(re.findall(r"`([a-z:]+)`", who))
        assert (roles, scopes) == (set(guard.roles), set(guard.scopes)), call


def test_every_route_is_documented(programme: Programme, project_root: Path) -> None:
    ours = {call for call in guarded(programme) if " /v1/" in call}

    assert ours == set(documented(project_root))


@pytest.mark.parametrize("role", ROLES)
def test_roles_by_routes(programme: Programme, role: Role) -> None:
    """Every role asks every address; a 401 or 403 comes exactly where the guard says so."""
    client = programme.signed_in(role)
    nobody = programme.browser()
    for call, (guard,) in guarded(programme).items():
        method, path = call.split(" ")
        address = path.replace("{}", "1")
        if isinstance(guard, Anyone) or path == "/metrics":
            continue
        if call != "DELETE /v1/session":
            status = client.request(method, address).status_code
            assert (status == 403) is (role not in guard.roles), (call, status)
        assert 401 == nobody.request(method, address).status_code, call


def test_scopes_by_routes(programme: Programme) -> None:
    for scope in SCOPES:
        client = programme.backend(programme.services.keys.create("one", [scope]))
        for call, (guard,) in guarded(programme).items():
            method, path = call.split(" ")
            if isinstance(guard, Guard):
                status = client.request(method, path.replace("{}", "1")).status_code
                assert (status == 403) is (scope not in guard.scopes), (call, scope, status)


@pytest.mark.parametrize(
    "header",
    ["Basic !!!", "Basic ", "Bearer nonsense", "Bearer rg_a_b", "Basic cmdfYV9iOg==", "Bearer rg_a_\u00fc"],
)
def test_keys_that_are_none(programme: Programme, header: str) -> None:
    answer = programme.browser().get("/v1/members", headers={b"Authorization": header.encode()})

    assert (401, "unauthenticated") == (answer.status_code, answer.json()["code"])
    assert "Basic" in answer.headers["www-authenticate"]


def test_a_revoked_key_ends_at_once(programme: Programme) -> None:
    client = programme.backend()
    assert 200 == client.get("/v1/members").status_code
    programme.services.keys.revoke(programme.key.split("_")[1])

    assert 401 == client.get("/v1/members").status_code


def test_a_key_works_as_bearer(programme: Programme) -> None:
    headers = {"Authorization": f"Bearer {programme.key}"}

    assert 200 == programme.browser().get("/v1/members", headers=headers).status_code


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://localhost"}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({}, 403),
    ],
)
def test_other_sites_cannot_use_a_session(programme: Programme, headers: dict[str, str], status: int) -> None:
    client = programme.signed_in("marketer")
    del client.headers["Origin"]

    assert status == client.post("/v1/rules/check", json={}, headers=headers).status_code
    assert 200 == client.get("/v1/rules", headers=headers).status_code


def test_metrics_are_for_this_machine_and_for_keys(programme: Programme) -> None:
    near = TestClient(programme.app, base_url="http://localhost", client=("127.0.0.1", 5000))
    far = programme.browser()

    assert "regulars_calls" in near.get("/metrics").text
    assert 401 == far.get("/metrics").status_code
    assert 200 == programme.backend().get("/metrics").status_code
