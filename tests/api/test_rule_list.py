"""The list of rules: by purpose, found by what is typed, a page at a time, quick however many there are."""

import time
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter
from typing import Any

import pytest
from sqlalchemy import Connection, event, insert

from api.service.rule_index import RuleIndex
from api.service.rule_list import Wanted
from api.store import rules as store
from api.store.rules import RuleHead
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


def test_names_are_searched_and_paged(stocked: Programme) -> None:
    """Whoever picks one of very many types some of its name."""
    client = stocked.signed_in("auditor")

    def names(**asked: Any) -> tuple[list[str], str | None]:
        said = client.get("/v1/rule-names", params=asked).json()
        return keys(said), said["next"]

    assert (["aa-own", "back"], "back") == names(limit=2)
    assert (["hello", "hello-again"], "hello-again") == names(limit=2, after="back")
    assert (["hello", "hello-again"], None) == names(search="hello")
    assert 422 == client.get("/v1/rule-names", params={"limit": 501}).status_code


def test_where_a_definition_is_named_is_told(stocked: Programme) -> None:
    """By rules and by other definitions, whole keys alone, and not by what only is called so."""
    group = {"key": "t-lapse-2", "name": {"en": "Lapsed"}, "meaning": "m", "parent": "t-lapse"}
    stocked.services.definitions.merge(Definitions.model_validate({"tags": [group]}), by="test")
    client = stocked.signed_in("auditor")
    said = client.get("/v1/definitions/tags/t-lapse/uses").json()
    assert (["aa-own"], [("tags", "t-lapse-2")]) == (
        keys({"items": said["rules"]}),
        [(one["kind"], one["key"]) for one in said["definitions"]],
    )
    assert {"rules": [], "definitions": []} == client.get("/v1/definitions/tags/t-lapse-2/uses").json()
    for wrong in ("tags/t-laps", "odd/t-lapse"):
        assert 404 == client.get(f"/v1/definitions/{wrong}/uses").status_code


def test_another_process_sees_every_change(stocked: Programme) -> None:
    """What is kept in memory follows each change by its turn, and is what reading anew would give."""
    services = stocked.services
    kept = RuleIndex(services.rulebook)

    def check() -> list[str]:
        with stocked.database.read() as connection:
            known, anew = kept.found(connection, ""), RuleIndex(services.rulebook).found(connection, "")
        assert anew == known
        return [one.head.key for one in known.entries]

    before = check()
    new = parse_rule(rule("new", "New", "J5"))
    services.rules.save_draft("new", new.canonical(), etag=None, by="test")
    assert {*before, "new"} == set(check())
    client = stocked.signed_in("administrator")
    approver = stocked.signed_in("approver")

    def matched(key: str) -> Json:
        return {"If-Match": client.get(f"/v1/rules/{key}").json()["etag"]}

    for one, step, body in (
        (client, "submit", {}),
        (approver, "approve", {}),
        (client, "publish", {"past": "skip"}),
    ):
        answer = one.post(f"/v1/rules/new/{step}", json=body, headers=matched("new"))
        assert 200 == answer.status_code, answer.text
        check()
    services.publish.pause("new", by="test")
    check()
    client.delete("/v1/rules/zz-own/draft", headers=matched("zz-own"))
    assert "zz-own" not in check()


def test_a_page_reads_the_rules_on_it_and_what_has_changed(programme: Programme) -> None:
    """However many rules there are: no statement asks for all of them again."""
    for number in range(30):
        key = f"r{number:02}"
        document = parse_rule(rule(key, f"Rule {number}", "J1"))
        programme.services.rules.save_draft(key, document.canonical(), etag=None, by="test")
    asked: list[tuple[str, Any]] = []
    with programme.database.read() as connection:
        event.listen(connection.engine, "before_cursor_execute", lambda *one: asked.append((one[2], one[3])))

    def page() -> list[int]:
        """Return how many rules each statement of a page reads that asks for some."""
        asked.clear()
        said = programme.services.rule_list.page(Wanted(search="rule"), None, 5)
        assert (5, 30) == (len(said["items"]), said["total"])
        with programme.database.read() as connection:
            return [
                len(connection.exec_driver_sql(statement, values).all())
                for statement, values in list(asked)
                if " rule" in statement and "rule_turn" not in statement and "firing" not in statement
            ]

    assert 30 in page()
    assert [5] == page()
    stored = programme.signed_in("marketer").get("/v1/rules/r07").json()
    document = parse_rule(rule("r07", "Rule seven", "J1"))
    programme.services.rules.save_draft("r07", document.canonical(), etag=stored["etag"], by="test")
    assert [1, 1, 5] == page()
    with programme.database.read() as connection:
        heads = [one for one in asked if "rule.turn >" in one[0]][:1]
        plans = [connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {one}", told).all() for one, told in heads]
    assert ["SEARCH rule USING INDEX ix_rule_turn (turn>?)"] == [step[3] for plan in plans for step in plan]


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


def test_rules_are_read_once_by_whoever_comes_first(
    stocked: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eight who list them at once wait for one reading; afterwards nothing is read again."""
    asked: list[int | None] = []

    def slow(connection: Connection, *, after: int | None) -> list[RuleHead]:
        asked.append(after)
        time.sleep(0.1)
        return heads(connection, after=after)

    heads = store.heads
    monkeypatch.setattr(store, "heads", slow)
    rules = stocked.services.rule_list
    with ThreadPoolExecutor(8) as pool:
        listed = [pool.submit(rules.page, Wanted(), None, 10) for _ in range(8)]
        assert [len(RULES)] * 8 == [one.result()["total"] for one in listed]
    rules.learn()
    assert [None] == asked
