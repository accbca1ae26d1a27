"""Conflicts over HTTP: of the rules in force, and of a draft among them, in words and with who shows them."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from api.service.conflict_wording import conflict_fix, conflict_text
from engine.conflicts import find_conflicts
from engine.conflicts.witness import KINDS
from engine.language.parse import parse_rule
from tests.api.conftest import ORIGIN, RULE, Programme
from tests.engine.conflicts.planting import DEFINITIONS, NOW, PLANTERS, planted
from tests.support.life import Programme as Told
from tests.support.life import at

Json = dict[str, Any]
BIG = RULE | {"then": [{"type": "add_tag", "tag": "vip"}]}
MANY = {"type": "history", "measure": "count", "event": "Order Completed", "op": "gte", "value": 3}
PLAIN = BIG | {
    "key": "plain-again",
    "name": {"en": "Plain again", "zh-Hans": "恢复普通"},
    "if": {
        "type": "all",
        "of": [MANY, {"type": "compare", "fact": "member.city", "op": "eq", "value": "Suzhou"}],
    },
    "then": [{"type": "remove_tag", "tag": "vip"}],
}


@pytest.fixture
def author(programme: Programme) -> TestClient:
    programme.services.publish.publish_documents([parse_rule(BIG)], by="test")
    return programme.signed_in("marketer")


def check(client: TestClient, document: Json) -> Any:
    return client.post("/v1/rules/check-conflicts", json={"document": document}, headers={"Origin": ORIGIN})


def test_a_draft_is_told_with_who_shows_it(author: TestClient) -> None:
    (found,) = check(author, PLAIN).json()["items"]

    assert (found["kind"], found["code"], found["about"]) == ("contradict", "tag", {"tag": "vip"})
    assert found["text"] == {
        "en": "“Big order” adds tag “VIP” and “Plain again” removes it at the same moment;"
        " in the end the member doesn't have it.",
        "zh-Hans": "“大额订单”添加标签“贵宾”，“恢复普通”在同一时刻移除它；最终会员没有该标签。",
    }
    assert [(one["key"], one["action"]) for one in found["rules"]] == [
        ("big-order", "/then/0"),
        ("plain-again", "/then/0"),
    ]
    witness = found["witness"]
    assert witness["member"]["attributes"] == {"city": "Suzhou"}
    assert [(one["name"], one["mode"], one["shows"]) for one in witness["timeline"]] == [
        ("Order Completed", "facts-only", False),
        ("Order Completed", "facts-only", False),
        ("Member Identified", "facts-only", False),
        ("Order Completed", "live", True),
    ]
    assert [(one["rule"], one["result"]) for one in witness["timeline"][-1]["outcomes"]] == [
        ("big-order", "fired"),
        ("plain-again", "fired"),
    ]


def test_of_an_exclusive_group_only_one_fires_so_nothing_is_in_the_way(programme: Programme) -> None:
    group = {"limits": {"exclusive_group": "standing"}}
    programme.services.publish.publish_documents([parse_rule(BIG | group)], by="test")
    client = programme.signed_in("marketer")

    assert [] == check(client, PLAIN | group).json()["items"]
    assert 1 == len(check(client, PLAIN).json()["items"])


def test_a_draft_stands_for_the_version_in_force(author: TestClient) -> None:
    said = check(author, BIG | {"then": [{"type": "remove_tag", "tag": "vip"}]}).json()

    assert (said["looked"], said["items"]) == (0, [])


def test_a_draft_that_cannot_be_compiled_is_refused_with_what_to_do(author: TestClient) -> None:
    answer = check(author, BIG | {"then": 5})

    assert (answer.status_code, answer.json()["code"]) == (422, "rule-not-ready")
    assert [one["path"] for one in answer.json()["errors"]] == ["/document/then"]


def test_those_in_force_are_told_by_pages(programme: Programme, author: TestClient) -> None:
    more = [PLAIN | {"key": f"plain-{at}", "if": MANY | {"value": at}} for at in (2, 3)]
    programme.services.publish.publish_documents([parse_rule(one) for one in (PLAIN, *more)], by="test")

    first = author.get("/v1/rule-conflicts", params={"limit": 2}).json()
    rest = author.get("/v1/rule-conflicts", params={"limit": 2, "after": first["next"]}).json()
    programme.services.publish.pause("big-order", by="test")
    after = author.get("/v1/rule-conflicts").json()

    assert (first["looked"], first["confirmed"], first["given_up"]) == (3, 3, [])
    assert [one["rules"][1]["key"] for one in (*first["items"], *rest["items"])] == [
        "plain-2",
        "plain-3",
        "plain-again",
    ]
    assert rest["next"] is None
    assert after["items"] == []


def test_each_code_reads_in_both_languages() -> None:
    """No place of a text is left open, whatever the conflict is about."""
    codes: set[str] = set()
    for seed in range(len(PLANTERS)):
        told = Told(DEFINITIONS)
        for document in planted(seed).documents:
            told.publish(document)
        base = told.index.rules
        rules = [one.rule for one in told.index.standing]
        for conflict in find_conflicts(rules, base, at(NOW)).conflicts:
            codes.add(conflict.code)
            text, fix = conflict_text(conflict, told.index), conflict_fix(conflict)
            assert all("{" not in one and one.strip() for one in (*text.values(), *fix.values()))
    assert codes == set(KINDS)
