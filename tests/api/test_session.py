"""Signing in."""

import pytest

from api.settings import Settings
from tests.api.conftest import PASSWORD, Programme


def test_signing_in_and_out(programme: Programme) -> None:
    client = programme.signed_in("marketer")
    assert {"name": "marketer", "role": "marketer", "temporary": False} == client.get("/v1/session").json()

    assert 204 == client.delete("/v1/session").status_code
    assert 401 == client.get("/v1/session").status_code


def test_the_cookie_is_guarded(programme: Programme) -> None:
    programme.services.people.create_person("mei", "auditor", PASSWORD)
    answer = programme.browser().post("/v1/session", json={"name": "mei", "password": PASSWORD})

    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "max-age=43200" in cookie
    assert "set-cookie" not in programme.browser().get("/healthz").headers


@pytest.mark.parametrize("name", ["mei", "nobody"])
def test_wrong_passwords_are_slowed_down(programme: Programme, name: str) -> None:
    programme.services.people.create_person("mei", "auditor", PASSWORD)
    client = programme.browser()
    wrong = [client.post("/v1/session", json={"name": name, "password": "x"}) for _ in range(6)]

    assert [401] * 5 + [429] == [answer.status_code for answer in wrong]
    assert ("too-many-sign-ins", "900") == (
        wrong[5].json()["code"],
        str(int(wrong[5].headers["retry-after"]) - 1),
    )
    assert 429 == client.post("/v1/session", json={"name": name, "password": PASSWORD}).status_code
    programme.clock.advance(901)
    status = client.post("/v1/session", json={"name": name, "password": PASSWORD}).status_code
    assert (200 if name == "mei" else 401) == status


def test_a_session_ends_after_twelve_hours(programme: Programme) -> None:
    client = programme.signed_in("auditor")
    programme.clock.advance(12 * 3_600 - 1)
    assert 200 == client.get("/v1/session").status_code

    programme.clock.advance(1)
    assert 401 == client.get("/v1/session").status_code


def test_a_new_password_ends_every_session(programme: Programme) -> None:
    client = programme.signed_in("auditor")
    programme.services.people.create_person("auditor", "auditor", PASSWORD + "!")

    assert 401 == client.get("/v1/session").status_code


def test_a_forged_cookie_is_none(programme: Programme) -> None:
    client = programme.browser()
    client.cookies.set("regulars_session", "eyJuYW1lIjoiYWRtaW4ifQ.AAAA")

    assert 401 == client.get("/v1/session").status_code


def test_another_site_cannot_sign_a_person_in(programme: Programme) -> None:
    headers = {"Origin": "https://evil.example"}
    answer = programme.browser().post("/v1/session", json={"name": "a", "password": "b"}, headers=headers)

    assert "cross-origin" == answer.json()["code"]


@pytest.mark.parametrize(
    "sent",
    [b"", b"{", b"[]", b'{"name":"a"}', b'{"name":1,"password":"x"}', b'{"name":"a","password":"b","x":1}'],
)
def test_bad_bodies(programme: Programme, sent: bytes) -> None:
    answer = programme.browser().post("/v1/session", content=sent)

    assert answer.status_code in {400, 422}
    assert "application/problem+json" == answer.headers["content-type"]


def test_settings_read_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:////data/x.db")
    monkeypatch.setenv("REGULARS_ALLOWED_HOSTS", "Shop.example, *.example.org")
    monkeypatch.setenv("REGULARS_PORT", "9000")
    settings = Settings()

    assert ("/data/x.db.key", 9000) == (str(settings.key_file), settings.port)
    assert frozenset({"shop.example", "*.example.org"}) == settings.allowed_hosts
