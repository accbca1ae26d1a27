"""The list of rules: by purpose, found by what is typed, a page at a time, quick however many there are."""

from time import perf_counter
from typing import Any

import pytest
from sqlalchemy import insert

from api.store.schema import RULE, RULE_VERSION
from engine.language.definitions import Definitions
from engine.language.parse import parse_rule
from tests.api.conftest import RULE as BIG
from tests.api.conftest import Programme

Json = dict[str, Any]
TAGS: Json = {
    "tags": [
        {"key": "t-lapse", "name": {"en": "Might leave", "zh-Hans": "流失风险"}, "meaning": "Quiet for long"},
        {"key": "vip", "name": {"en": "VIP", "zh-Hans": "贵宾"}, "meaning": "Buys a lot"},
    ]
}


def rule(key: str, name: str, *covers: str, **more: Any) -> Json:
    then = [{"type": "award_points", "points": 5}]
    return (
        BIG | {"key": key, "name": {"en": name, "zh-Hans": name}, "covers": list(covers), "then": then} | more
    )


RULES = [
    rule("zz-own", "My own"),
    rule("aa-own", "Another of mine", then=[{"type": "add_tag", "tag": "t-lapse"}]),
    rule("back", "Come back", "J5"),
    rule("hello", "Hello", "J1", "C2"),
    rule("hello-again", "Greeting", "J1"),
    rule("pack", "Pack", "C2"),
]


@pytest.fixture
def stocked(either: Programme) -> Programme:
    """Six rules: one is live, one is paused, the others are drafts."""
    either.services.definitions.merge(Definitions.model_validate(TAGS), by="test")
    for one in RULES:
        document = parse_rule(one)
        if document.key in {"hello", "pack"}:
            either.services.publish.publish_documents([document], by="test")
        else:
            either.services.rules.save_draft(document.key, document.canonical(), etag=None, by="test")
    either.services.publish.pause("pack", by="test")
    return either


def keys(said: Json) -> list[str]:
    return [one["key"] for one in said["items"]]


def test_they_stand_by_purpose_and_row(stocked: Programme) -> None:
    """One's own rules first, then the purposes as a programme meets them."""
    said = stocked.signed_in("marketer").get("/v1/rules").json()
    assert ["aa-own", "zz-own", "hello", "hello-again", "pack", "back"] == keys(said)
    assert [("own", 2), ("welcome", 3), ("keep", 1)] == [
        (one["key"], one["rules"]) for one in said["purposes"]
    ]
    assert ["own", "own", "welcome", "welcome", "welcome", "keep"] == [
        one["purpose"] for one in said["items"]
    ]
    assert ({"live": 1, "paused": 1, "draft": 4}, 6, None) == (said["statuses"], said["total"], said["next"])
    assert {"J1", "C2", "J5"} == said["rows"].keys()
    assert "Welcome" == said["rows"]["J1"]["en"]


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ({"search": "HELLO"}, ["hello", "hello-again"]),
        ({"search": "greeting"}, ["hello-again"]),
        ({"search": "c2"}, ["hello", "pack"]),
        ({"search": "新人礼包"}, ["hello", "pack"]),
        ({"search": "welcome hello"}, ["hello", "hello-again"]),
        ({"search": "流失"}, ["aa-own"]),
        ({"search": "t-lapse"}, ["aa-own"]),
        ({"search": "might completed"}, ["aa-own"]),
        ({"search": "hello mine"}, []),
        ({"search": "award_points"}, []),
        ({"status": "paused"}, ["pack"]),
        ({"status": "draft", "purpose": "welcome"}, ["hello-again"]),
        ({"purpose": "nothing"}, []),
    ],
)
def test_they_are_found(stocked: Programme, asked: Json, wanted: list[str]) -> None:
    """By name, key, row, purpose, and by the names of the tags that they speak of."""
    said = stocked.signed_in("marketer").get("/v1/rules", params=asked).json()
    assert (wanted, len(wanted)) == (keys(said), said["total"])


def test_counts_leave_out_their_own_filter(stocked: Programme) -> None:
    """So that each choice says what choosing it would show."""
    asked = {"status": "draft", "purpose": "welcome"}
    said = stocked.signed_in("marketer").get("/v1/rules", params=asked).json()
    assert {"live": 1, "paused": 1, "draft": 1} == said["statuses"]
    assert [("own", 2), ("welcome", 1), ("keep", 1)] == [
        (one["key"], one["rules"]) for one in said["purposes"]
    ]


def test_pages_follow_each_other(stocked: Programme) -> None:
    client = stocked.signed_in("marketer")
    seen, after = [], None
    while True:
        said = client.get("/v1/rules", params={"limit": 4} | ({"after": after} if after else {})).json()
        seen += keys(said)
        after = said["next"]
        if after is None:
            break
    assert ["aa-own", "zz-own", "hello", "hello-again", "pack", "back"] == seen
    for wrong in ({"after": "nobody"}, {"limit": 0}, {"limit": 1000}, {"status": "odd"}):
        assert 422 == client.get("/v1/rules", params=wrong).status_code


def test_it_follows_every_change(stocked: Programme) -> None:
    """Of a rule, and of the names of what it speaks of."""
    client = stocked.signed_in("marketer")
    first = client.get("/v1/rules", params={"search": "another"}).json()
    assert ["aa-own"] == keys(first)
    etag = client.get("/v1/rules/aa-own").json()["etag"]
    renamed = RULES[1] | {"name": {"en": "Renamed"}}
    assert 200 == client.put("/v1/rules/aa-own/draft", json=renamed, headers={"If-Match": etag}).status_code
    assert [] == keys(client.get("/v1/rules", params={"search": "another"}).json())
    (one,) = client.get("/v1/rules", params={"search": "renamed"}).json()["items"]
    assert "Might leave" in one["sentence"]["en"]
    named = {"tags": [TAGS["tags"][0] | {"name": {"en": "Asleep"}}]}
    stocked.services.definitions.merge(Definitions.model_validate(named), by="test")
    (one,) = client.get("/v1/rules", params={"search": "asleep"}).json()["items"]
    assert "Asleep" in one["sentence"]["en"]
    assert 204 == client.delete("/v1/rules/aa-own/draft").status_code
    assert 5 == client.get("/v1/rules").json()["total"]


def test_all_names_at_once(stocked: Programme) -> None:
    said = stocked.signed_in("auditor").get("/v1/rule-names").json()["items"]
    assert sorted(one["key"] for one in RULES) == [one["key"] for one in said]
    assert {"key": "pack", "name": {"en": "Pack", "zh-Hans": "Pack"}, "status": "paused"} == said[-2]


def test_ten_thousand_rules_are_listed_quickly(programme: Programme) -> None:
    """A page costs the rules on it: their sentences are worded, those of the others aren't."""
    many = [parse_rule(rule(f"r{number:05}", f"Rule {number}", "J1")) for number in range(10_000)]
    common = {"status": "live", "version": 1, "draft": None, "changed_at": 1, "changed_by": "test"}
    version = {"version": 1, "digest": "d", "revision": 1, "published_at": 1, "published_by": "test"}
    with programme.database.write() as connection:
        connection.execute(insert(RULE), [{"key": one.key, "etag": one.key, **common} for one in many])
        connection.execute(
            insert(RULE_VERSION), [{"key": one.key, "document": one.canonical(), **version} for one in many]
        )
    client = programme.signed_in("marketer")
    assert 10_000 == client.get("/v1/rules").json()["total"]
    begun = perf_counter()
    said = client.get("/v1/rules", params={"search": "rule 99"}).json()
    assert perf_counter() - begun < 3  # seconds; wording all of them takes a minute
    assert (280, 50) == (said["total"], len(said["items"]))
