"""The rule library over HTTP: looked through, played and adopted into a programme with nothing in it."""

from typing import Any

from starlette.testclient import TestClient

from api.service.library_shelf import shelf
from rule_library import library
from tests.api.conftest import Programme

Json = dict[str, Any]
VARIED = (
    "activation-30d",
    "buy-tea-pass",
    "birthday-gift",
    "churn-care",
    "gold-birthday-gift",
    "interest-bought",
    "ladder-down",
    "new-member-pack",
    "points-per-order",
    "rfm-win-back",
    "vip3-gift",
    "win-back-journey",
)


def keys(said: Json) -> list[str]:
    return [one["key"] for one in said["items"]]


def places(said: Json) -> list[tuple[str, str]]:
    return [(one["kind"], one["key"]) for one in said["needs"]]


def tags(client: TestClient) -> list[str]:
    return [one["key"] for one in client.get("/v1/definitions/tags").json()["items"]]


def test_it_is_looked_through_by_purpose_row_and_words(programme: Programme) -> None:
    """In three kinds of writing, page by page, with counts that add up."""
    client = programme.signed_in("auditor")
    first = client.get("/v1/library?limit=100").json()
    rest = client.get("/v1/library", params={"limit": 100, "after": first["next"]}).json()
    assert [one.key for one in library()] == keys(first) + keys(rest)
    assert rest["next"] is None
    assert first["total"] == len(library()) == sum(one["rules"] for one in first["purposes"])

    for words in ("lapsed 90", "流失预警", "流失預警"):
        assert "win-back-90d" in keys(client.get("/v1/library", params={"search": words}).json()), words
    assert 0 == client.get("/v1/library", params={"search": "lapsed no-such-word"}).json()["total"]
    of_row = client.get("/v1/library?row=J4").json()
    assert all("J4" in one["covers"] for one in of_row["items"])
    assert of_row["total"] == next(one["rules"] for one in of_row["rows"] if one["id"] == "J4")
    kept = client.get("/v1/library?purpose=keep").json()
    assert {"keep"} == {one["purpose"]["key"] for one in kept["items"]}
    assert 422 == client.get("/v1/library?after=nothing").status_code
    assert 404 == client.get("/v1/library/nothing").status_code


def test_every_kind_of_rule_is_adopted_and_published(either: Programme) -> None:
    """A programme with nothing in it has what each needs afterwards, and no error is left."""
    client = either.signed_in("marketer")
    for key in VARIED:
        lacking = places(client.get(f"/v1/library/{key}").json())
        made = client.post(f"/v1/library/{key}/adopt", json={"with_definitions": True})
        assert 200 == made.status_code, made.text
        assert [] == [one for one in made.json()["diagnostics"] if one["severity"] == "error"], key
        after = client.get(f"/v1/library/{key}").json()
        assert [] == after["needs"], (key, lacking)
        assert {"key": key, "status": "draft"} == after["adopted"]
        done = client.post(f"/v1/rules/{key}/publish", json={"past": "skip"})
        assert 200 == done.status_code, (key, done.text)


def test_without_definitions_it_says_what_is_needed(programme: Programme) -> None:
    client = programme.signed_in("marketer")
    needs = [("tags", "churn-risk"), ("coupons", "WINBACK10")]
    assert needs == places(client.get("/v1/library/win-back-90d").json())

    said = client.post("/v1/library/win-back-90d/adopt", json={}).json()
    assert {"unknown-tag", "unknown-coupon"} <= {one["code"] for one in said["diagnostics"]}
    assert ["vip"] == tags(client)


def test_adopted_twice(programme: Programme) -> None:
    """A key is never overwritten, and what was refused left nothing behind."""
    client = programme.signed_in("marketer")
    assert 200 == client.post("/v1/library/win-back-90d/adopt", json={}).status_code
    again = client.post("/v1/library/win-back-90d/adopt", json={"with_definitions": True})
    assert (409, "key-taken") == (again.status_code, again.json()["code"])
    assert "'win-back-90d'" in again.json()["detail"]
    assert ["vip"] == tags(client)

    free = client.get("/v1/library/win-back-90d").json()["free_key"]
    assert "win-back-90d-2" == free
    made = client.post("/v1/library/win-back-90d/adopt", json={"key": free, "with_definitions": True}).json()
    assert (free, free) == (made["key"], made["draft"]["key"])
    assert ["vip", "churn-risk"] == tags(client)
    assert 422 == client.post("/v1/library/win-back-90d/adopt", json={"key": "No Key"}).status_code


def test_what_is_defined_stays_as_it_is(programme: Programme) -> None:
    client = programme.signed_in("administrator")
    own = {"key": "churn-risk", "name": {"en": "Ours"}, "meaning": "Our own"}
    assert 200 == client.put("/v1/definitions/tags/churn-risk", json=own).status_code
    assert [("coupons", "WINBACK10")] == places(client.get("/v1/library/win-back-90d").json())
    client.post("/v1/library/win-back-90d/adopt", json={"with_definitions": True})
    meanings = {one["key"]: one["meaning"] for one in client.get("/v1/definitions/tags").json()["items"]}
    assert "Our own" == meanings["churn-risk"]


def test_adopting_is_written_down(programme: Programme) -> None:
    client = programme.signed_in("administrator")
    client.post("/v1/library/win-back-90d/adopt", json={"with_definitions": True})
    entries = client.get("/v1/audit").json()["items"]
    told = {(one["action"], one["by"]) for one in entries}
    assert {("draft-saved", "administrator"), ("definitions-changed", "administrator")} <= told


def test_only_who_writes_rules_adopts(programme: Programme) -> None:
    client = programme.signed_in("approver")
    assert 403 == client.post("/v1/library/win-back-90d/adopt", json={}).status_code
    assert 200 == client.get("/v1/library/win-back-90d").status_code


def test_an_example_is_lived_step_by_step(programme: Programme) -> None:
    """The order, then time passes, then what the rule did, in words and with the promised effects."""
    client = programme.signed_in("auditor")
    said = client.get("/v1/library/win-back-90d/examples/0").json()
    assert ["track", "timer"] == [one["event"]["kind"] for one in said["steps"]]
    assert "2026-04-01T04:00:00Z" == said["steps"][1]["as_of"]
    (outcome,) = said["steps"][1]["outcomes"]
    assert ("fired", ["add_tag", "issue_coupon"]) == (
        outcome["result"],
        [one["type"] for one in outcome["effects"]],
    )
    assert all(one["text"]["zh-Hans"] for one in outcome["effects"])
    assert said["expect"] == said["effects"]
    assert 404 == client.get("/v1/library/win-back-90d/examples/99").status_code


def test_examples_keep_their_promise(programme: Programme) -> None:
    """Without the segments that it doesn't read, an example has the same effects."""
    client = programme.signed_in("auditor")
    for key in VARIED:
        for number in range(min(2, len(shelf().rules[key].document.examples))):
            said = client.get(f"/v1/library/{key}/examples/{number}").json()
            assert said["expect"] == said["effects"], (key, number)
