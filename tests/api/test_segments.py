"""Segments over HTTP: how many are in them, who, and lists that are kept by hand."""

import pytest

from api.service.replaying import replay_log
from engine.language.definitions import Definitions
from tests.api.conftest import Programme
from tests.api.shop import Json, refused, told

SEGMENTS: Json = {
    "segments": [
        {"key": "friends", "name": {"en": "Friends"}, "meaning": "Friends of the house", "kind": "list"},
        {
            "key": "buyers",
            "name": {"en": "Buyers"},
            "meaning": "Who has ever bought",
            "kind": "condition",
            "condition": {
                "type": "history",
                "measure": "count",
                "event": "Order Completed",
                "op": "gte",
                "value": 1,
            },
        },
    ]
}


@pytest.fixture
def shop(programme: Programme) -> Programme:
    programme.services.definitions.merge(Definitions.model_validate(SEGMENTS), by="test")
    client = programme.backend()
    for member in ("ann", "bob", "cat"):
        told(client, "/v1/identify", {"userId": member, "traits": {"city": "Hangzhou"}})
    return programme


def put(programme: Programme, member: str, segment: str = "friends", request: str = "") -> Json:
    body = {"id": request or f"{segment}-{member}", "segment": segment, "why": "test"}
    return told(programme.backend(), f"/v1/members/{member}/segments", body)


def members_of(programme: Programme, segment: str, **query: str) -> Json:
    answer = programme.backend().get(f"/v1/segments/{segment}/members", params=query)
    assert 200 == answer.status_code, answer.text
    said: Json = answer.json()
    return said


def test_a_list_is_kept_by_hand(shop: Programme) -> None:
    """On once, whoever says so twice; off again; the log replays."""
    assert {"status": "done", "segment": "friends", "listed": True, "changed": True} == {
        key: put(shop, "ann")[key] for key in ("status", "segment", "listed", "changed")
    }
    since = members_of(shop, "friends")["items"][0]["since"]
    shop.clock.advance(60)
    assert not put(shop, "ann", request="again")["changed"]
    assert since == members_of(shop, "friends")["items"][0]["since"]
    put(shop, "bob")
    gone = shop.backend().delete(
        "/v1/members/ann/segments/friends", params={"id": "off-1", "why": "moved away"}
    )

    assert (200, False, True) == (gone.status_code, gone.json()["listed"], gone.json()["changed"])
    assert ["bob"] == [one["member"] for one in members_of(shop, "friends")["items"]]
    with shop.database.read() as connection:
        assert [] == replay_log(connection).divergences


def test_segments_tell_how_many_are_in_them(shop: Programme) -> None:
    put(shop, "ann")
    for member in ("ann", "bob"):
        order = {"event": "Order Completed", "userId": member, "properties": {"total": 5}}
        told(shop.backend(), "/v1/track", order)

    items = shop.backend().get("/v1/segments").json()["items"]

    assert [("friends", "list", 1), ("buyers", "condition", 2)] == [
        (one["key"], one["kind"], one["members"]) for one in items
    ]
    detail = shop.backend().get("/v1/members/ann").json()
    assert ["buyers", "friends"] == [one["segment"] for one in detail["segments"]]
    assert "Friends" == detail["segments"][1]["name"]["en"]


def test_members_come_by_pages(shop: Programme) -> None:
    for member in ("cat", "ann", "bob"):
        put(shop, member)

    first = members_of(shop, "friends", limit="2")
    second = members_of(shop, "friends", limit="2", after=first["next"])

    assert (["ann", "bob"], "bob") == ([one["member"] for one in first["items"]], first["next"])
    assert (["cat"], None) == ([one["member"] for one in second["items"]], second["next"])


def test_what_is_refused(shop: Programme) -> None:
    """A computed segment keeps itself, an unknown one is named, and so is a member that isn't there."""
    body = {"id": "x-1", "segment": "buyers", "why": "test"}
    computed = told(shop.backend(), "/v1/members/ann/segments", body)
    assert ("refused", "segment-computed") == (computed["status"], computed["reason"])
    unknown = told(shop.backend(), "/v1/members/ann/segments", {**body, "id": "x-2", "segment": "nope"})
    assert ("refused", "segment-unknown") == (unknown["status"], unknown["reason"])
    path = "/v1/members/ann/segments"
    assert (422, "invalid-request") == refused(shop.backend(), path, {"id": "x-3", "segment": "friends"})
    assert 404 == shop.backend().get("/v1/segments/nope/members").status_code
    assert 403 == shop.signed_in("auditor").post(path, json={**body, "id": "x-4"}).status_code
