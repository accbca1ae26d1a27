"""Every error has one shape, and docs/problems.md lists them all."""

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.errors import PROBLEMS
from tests.api.conftest import Programme

SHAPE = {"type", "title", "status", "detail", "code"}


def test_every_code_is_documented(project_root: Path) -> None:
    text = (project_root / "docs/problems.md").read_text(encoding="utf-8")
    rows = {
        code: int(status) for code, status in re.findall(r"^\| `([a-z-]+)` \| (\d+) \|", text, re.MULTILINE)
    }

    assert {code: one.status for code, one in PROBLEMS.items()} == rows


def test_every_code_that_is_raised_is_known(project_root: Path) -> None:
    sources = [path.read_text(encoding="utf-8") for path in (project_root / "api").rglob("*.py")]
    raised = {code for text in sources for code in re.findall(r'Refusal\(\s*"([a-z-]+)"', text)}

    assert raised <= set(PROBLEMS)


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "/nowhere", "not-found"),
        ("GET", "/v1/track", "method-not-allowed"),
        ("POST", "/v1/track", "forbidden"),
        ("GET", "/v1/rules/none", "not-found"),
        ("GET", "/v1/rules/NONE!", "invalid-request"),
        ("GET", "/v1/rules/none/versions", "not-found"),
        ("GET", "/v1/members/none", "not-found"),
        ("GET", "/v1/members/none/timeline", "not-found"),
        ("GET", "/v1/members/none/timeline?before=x", "invalid-request"),
        ("GET", "/v1/members?search=" + "x" * 300, "invalid-request"),
        ("GET", "/v1/decisions/1", "not-found"),
        ("GET", "/v1/decisions/x", "invalid-request"),
        ("GET", "/v1/decisions/99999999999999999999", "invalid-request"),
        ("GET", "/v1/decisions?before=0", "invalid-request"),
        ("GET", "/v1/outbox?status=lost", "invalid-request"),
        ("GET", "/v1/outbox?before=x", "invalid-request"),
        ("GET", "/v1/outbox?before=99999999999999999999:x", "invalid-request"),
        ("POST", "/v1/outbox/none/redeliver", "not-found"),
        ("GET", "/v1/definitions/none", "not-found"),
        ("PUT", "/v1/definitions/tags/x", "malformed-json"),
        ("POST", "/v1/evaluate", "malformed-json"),
        ("POST", "/v1/rules/check", "malformed-json"),
        ("PUT", "/v1/rules/x/draft", "invalid-request"),
        ("DELETE", "/v1/rules/x/draft", "not-found"),
        ("GET", "/v1/rules/x/publication", "no-draft"),
        ("POST", "/v1/rules/x/publish", "malformed-json"),
        ("POST", "/v1/rules/x/pause", "wrong-status"),
        ("POST", "/v1/rules/x/resume", "wrong-status"),
        ("POST", "/v1/replays", "forbidden"),
    ],
)
def test_the_shape_of_every_error(programme: Programme, method: str, path: str, code: str) -> None:
    answer = programme.signed_in("marketer").request(method, path)
    told = answer.json()

    assert "application/problem+json" == answer.headers["content-type"]
    assert (code, answer.status_code) == (told["code"], told["status"]), told
    assert SHAPE <= told.keys() <= SHAPE | {"errors", "diagnostics"}
    assert f"https://regulars.dev/problems/{code}" == told["type"]
    assert told["detail"].endswith(".") or told["detail"]


def test_a_mistake_of_ours_tells_nothing(programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_given: object) -> None:
        raise RuntimeError("a secret detail")

    monkeypatch.setattr(type(programme.services.rule_list), "page", fail)
    answer = programme.signed_in("marketer").get("/v1/rules")

    assert (500, "internal") == (answer.status_code, answer.json()["code"])
    assert "secret" not in answer.text


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "", "127.0.0.1@evil"])
def test_unknown_hosts_are_refused(programme: Programme, host: str) -> None:
    answer = programme.browser().get("/healthz", headers={"Host": host})

    assert (400, "unknown-host") == (answer.status_code, answer.json()["code"])


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1:9", "[::1]:8000", "[::1]"])
def test_our_own_hosts_are_served(programme: Programme, host: str) -> None:
    assert 200 == programme.browser().get("/healthz", headers={"Host": host}).status_code


def test_every_answer_has_the_safe_headers(programme: Programme) -> None:
    client = programme.browser()
    for answer in (client.get("/healthz"), client.get("/nowhere"), client.get("/v1/rules")):
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "nosniff" == answer.headers["x-content-type-options"]
    assert "no-store" == client.get("/v1/rules").headers["cache-control"]


def test_it_is_alive_and_ready(programme: Programme) -> None:
    client: TestClient = programme.browser()

    assert [200, 200] == [client.get("/healthz").status_code, client.get("/readyz").status_code]


def test_openapi_is_for_people_and_complete(programme: Programme) -> None:
    assert 401 == programme.browser().get("/openapi.json").status_code
    described = programme.signed_in("auditor").get("/openapi.json").json()

    track = described["paths"]["/v1/track"]["post"]
    assert "example" in track["requestBody"]["content"]["application/json"]
    assert {"400", "401", "409", "413", "429"} <= track["responses"].keys()
    assert "Problem" in described["components"]["schemas"]
