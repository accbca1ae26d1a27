"""What the shortcut answers is what the framework answers, to the last word: the good and the bad."""

from dataclasses import replace
from typing import Any

import pytest
from starlette.testclient import TestClient

import api.app
from api.app import ENDPOINTS, create_app
from tests.api.conftest import PASSWORD, Programme
from tests.api.shop import ORDER, Json, given, stocked
from tests.api.test_guards import guarded, nameless

REDEMPTIONS, VALIDATE = "/v1/redemptions", "/v1/coupons/validate"
SEEN = ("content-type", "cache-control", "www-authenticate", "retry-after", "x-content-type-options")
LONG = "r" * 129


def without_shortcut(programme: Programme) -> Programme:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(api.app, "ENDPOINTS", {})
        return replace(programme, app=create_app(programme.services, programme.settings))


@pytest.fixture
def clients(programme: Programme) -> tuple[TestClient, TestClient]:
    """A client of the application, and one of the same application without the shortcut."""
    return stocked(programme, "m1", "m2"), without_shortcut(programme).backend()


def same(clients: tuple[TestClient, TestClient], path: str, **sent: Any) -> Any:
    """Send a call both ways, and return the answer, which is one."""
    quick, slow = (client.post(path, **sent) for client in clients)
    assert (slow.status_code, slow.json()) == (quick.status_code, quick.json()), path
    assert [slow.headers.get(name) for name in SEEN] == [quick.headers.get(name) for name in SEEN], path
    return quick


def test_everything_that_a_till_does(clients: tuple[TestClient, TestClient]) -> None:
    """Sent a second time, past the shortcut, a request gets its original answer."""
    (code,) = given(clients[0], "FIVE", "m1")
    wish: Json = {"userId": "m1", "order": ORDER, "units": {"points": 1000}, "coupons": [code]}

    assert "quoted" == same(clients, f"{REDEMPTIONS}/quote", json=wish).json()["status"]
    for order in ({}, {"order": ORDER}, {"order": {"total": 0.5, "currency": "CNY"}}):
        assert 200 == same(clients, VALIDATE, json={"code": code, "userId": "m1", **order}).status_code
    assert "reserved" == same(clients, REDEMPTIONS, json={**wish, "redemption": "r-1"}).json()["status"]
    assert "coupon-held" == same(clients, VALIDATE, json={"code": code}).json()["reason"]
    done = same(clients, f"{REDEMPTIONS}/r-1/confirm", json={"userId": "m1"}).json()
    assert "redeemed" == done["status"]
    assert (
        "reserved"
        == same(
            clients,
            REDEMPTIONS,
            json={
                "redemption": "r:2~",
                "userId": "m2",
                "order": ORDER,
                "best": True,
                "units": {"points": 100},
                "hold_minutes": 5,
            },
        ).json()["status"]
    )
    assert "released" == same(clients, f"{REDEMPTIONS}/r:2~/release", json={"userId": "m2"}).json()["status"]


BODIES: list[Any] = [
    {},
    [],
    None,
    1,
    {"userId": ""},
    {"userId": 7},
    {"userId": "nobody"},
    {"userId": "m1", "more": 1},
    {"userId": "m1", "order": {}},
    {"userId": "m1", "order": ORDER, "units": {"points": -1}, "redemption": "bad-1"},
    {"userId": "m1", "order": ORDER, "units": {"dust": 1}, "redemption": "bad-2"},
    {"userId": "m1", "order": {**ORDER, "total": 10**17}, "redemption": "bad-3"},
    {"userId": "m1", "order": ORDER, "redemption": "with space"},
    {"userId": "m1", "order": ORDER, "redemption": LONG},
    {"userId": "m1", "order": ORDER, "coupons": "none", "redemption": "bad-4"},
    {"code": ""},
    {"code": "x" * 65},
    {"code": "0000000000000"},
    {"code": "unknown", "userId": "m1", "order": {"total": "x"}},
]
ADDRESSES = [
    REDEMPTIONS,
    f"{REDEMPTIONS}/quote",
    f"{REDEMPTIONS}/never-was/confirm",
    f"{REDEMPTIONS}/never-was/release",
    VALIDATE,
]


@pytest.mark.parametrize("path", ADDRESSES)
def test_bad_bodies(clients: tuple[TestClient, TestClient], path: str) -> None:
    for body in BODIES:
        same(clients, path, json=body)
    for content in (b"", b"{", b"\xff", b'{"userId": "m\\u0000"}', b"[" * 200):
        same(clients, path, content=content)
    same(clients, path, content=b"x", headers={"content-encoding": "gzip"})
    assert 415 == same(clients, path, content=b"{}", headers={"content-encoding": "br"}).status_code


@pytest.mark.parametrize("path", ADDRESSES)
def test_who_may_not(clients: tuple[TestClient, TestClient], programme: Programme, path: str) -> None:
    """A refusal of the caller comes before one of the body."""
    clients = programme.browser(), without_shortcut(programme).browser()
    people = programme.services.people
    senders = programme.services.keys.create("shop", ["events:write"])
    assert 401 == same(clients, path, json={}).status_code
    for given_key in ("", "wrong", senders):
        answer = same(clients, path, json={}, headers={"authorization": f"Bearer {given_key}"})
        assert (403 if given_key == senders else 401) == answer.status_code
    assert 401 == same(clients, path, json={}, headers={"authorization": "Basic !"}).status_code
    for role in ("marketer", "auditor"):
        people.create_person(role, role, PASSWORD)
        for client in clients:
            assert 200 == client.post("/v1/session", json={"name": role, "password": PASSWORD}).status_code
        same(clients, path, json={})
        same(clients, path, json={}, headers={"Origin": "https://elsewhere.example"})


@pytest.mark.parametrize("redemption", ["a b", "é", LONG, "a%2Fb", ".", "a;b", "%00", "quote", "x/y"])
def test_odd_addresses(clients: tuple[TestClient, TestClient], redemption: str) -> None:
    for last in ("confirm", "release", "burn", ""):
        same(clients, f"{REDEMPTIONS}/{redemption}/{last}", json={"userId": "m1"})


def test_other_methods_are_left_to_the_framework(clients: tuple[TestClient, TestClient]) -> None:
    quick, slow = ([client.get(path).status_code for path in ADDRESSES] for client in clients)
    assert slow == quick


def test_every_address_is_a_route(programme: Programme) -> None:
    """With the same guard, so that nobody is let past one."""
    known = guarded(programme)

    for path, (guard, _) in ENDPOINTS.items():
        assert [guard] == known[f"POST {nameless(path)}"]
