"""What people and backends get wrong: the answer says what to do, in both languages, and nothing changes."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from engine.language.definitions import Definitions
from tests.api.conftest import Programme

Json = dict[str, Any]
LANGUAGES = {"en", "zh-Hans"}


def segment(key: str, *reads: str) -> Json:
    condition = {"type": "compare", "fact": "member.segments", "op": "has_any", "value": list(reads)}
    whole = {"key": key, "name": {"en": key}, "meaning": "for a test"}
    return whole | ({"condition": condition} if reads else {"kind": "list"})


def put(client: TestClient, kind: str, body: Json) -> Any:
    return client.put(f"/v1/definitions/{kind}/{body['key']}", json=body)


def advice(answer: Any, path: str) -> Json:
    """Return what a refusal says of a place; of a definition in both languages."""
    assert 422 == answer.status_code, answer.text
    (text,) = {
        str(one["path"]): one["text"] for one in answer.json()["errors"] if one["path"] == path
    }.values()
    assert LANGUAGES == set(text)
    return dict(text)


def test_a_segment_that_refers_to_itself(programme: Programme) -> None:
    client = programme.signed_in("marketer")
    said = advice(put(client, "segments", segment("a", "a")), "/condition")

    assert said["en"] == "The segment “a” refers to itself: a → a. Remove one of these references."
    assert said["zh-Hans"] == "分群“a”引用了自身：a → a。请删除其中一处引用。"
    assert [] == client.get("/v1/definitions/segments").json()["items"]


def test_a_segment_that_refers_to_itself_over_two(programme: Programme) -> None:
    """The circle is told at the segment that would close it, and at the others where they stand."""
    client = programme.signed_in("marketer")
    for one in (segment("a"), segment("b", "a"), segment("c", "b")):
        assert 200 == put(client, "segments", one).status_code
    answer = put(client, "segments", segment("a", "c"))

    assert "a → c → b → a" in advice(answer, "/condition")["en"]
    assert "b → a → c → b" in advice(answer, "/segments/1/condition")["en"]
    assert "list" == client.get("/v1/definitions/segments").json()["items"][0]["kind"]
    assert 200 == put(client, "segments", segment("a")).status_code


def tagged(key: str, on: str, puts_on: str) -> Json:
    """A rule that starts with one tag and puts another on, a day later."""
    return {
        "language": 1,
        "key": key,
        "name": {"en": key, "zh-Hans": key},
        "when": {
            "type": "event",
            "event": "Tag Added",
            "where": {"type": "compare", "fact": "event.tag", "op": "eq", "value": on},
        },
        "then": [{"type": "wait", "for": {"days": 1}}, {"type": "add_tag", "tag": puts_on}],
    }


@pytest.fixture
def tags(programme: Programme) -> TestClient:
    known = [{"key": key, "name": {"en": key}, "meaning": "for a test"} for key in ("hot", "cold", "warm")]
    programme.services.definitions.merge(Definitions.model_validate({"tags": known}), by="test")
    return programme.signed_in("marketer")


def test_journeys_that_loop(programme: Programme, tags: TestClient) -> None:
    """The rule that would close the circle isn't published; who waits in the others isn't touched."""
    for rule in (tagged("heat", "cold", "hot"), tagged("cool", "hot", "cold")):
        assert 200 == tags.put(f"/v1/rules/{rule['key']}/draft", json=rule).status_code
    assert 200 == tags.post("/v1/rules/heat/publish", json={"past": "skip"}).status_code
    answer = tags.post("/v1/rules/cool/publish", json={"past": "skip"})
    (found,) = [one for one in answer.json()["diagnostics"] if one["severity"] == "error"]

    assert (422, "rule-not-ready") == (answer.status_code, answer.json()["code"])
    assert ("tag-loop", "/then/1") == (found["code"], found["path"])
    assert "cool → heat → cool" in found["text"]["en"]
    assert found["text"]["zh-Hans"].startswith("规则互相触发，形成循环")
    assert "Break the circle" in found["fix"]["en"]
    assert "请用条件或其他标签打破循环" in found["fix"]["zh-Hans"]
    assert "draft" == tags.get("/v1/rules/cool").json()["status"]


@pytest.mark.parametrize(
    ("text", "en", "zh"),
    [
        ("{{ member.pionts }}", "Did you mean 'member.points'?", "是否应为“member.points”？"),
        ("{{ secret }}", "nothing is called 'secret'. Known are: ", "没有名为“secret”的变量。可用的变量："),
        ("{% for a in b %}", "write {{ name }}", "请写成 {{ name }}"),
    ],
)
def test_a_template_with_an_unknown_variable(programme: Programme, text: str, en: str, zh: str) -> None:
    client = programme.signed_in("marketer")
    body = {"key": "x", "name": {"en": "X"}, "body": {"en": "Hello", "zh-Hans": text}}
    said = advice(put(client, "templates", body), "/body/zh-Hans")

    assert en in said["en"]
    assert zh in said["zh-Hans"]


LEAP = "A leap month comes only in some years"


@pytest.mark.parametrize(
    ("day", "code", "severity", "en", "zh"),
    [
        (
            {"day": 31},
            "no-such-day",
            "error",
            "Month 8 never has a day 31; 30 is its last.",
            "8 月没有 31 日",
        ),
        (
            {"day": 30},
            "lunar-last-day",
            "note",
            "In years in which this lunar month has 29 days",
            "最后一天触发",
        ),
        ({"day": 15, "leap": True}, "lunar-leap-month", "warning", LEAP, "闰月只在部分年份出现"),
        (
            {"day": 31, "month": 6, "calendar": "gregorian"},
            "no-such-day",
            "error",
            "never has a day 31",
            "6 月",
        ),
    ],
)
def test_a_date_that_not_every_year_has(
    programme: Programme, day: Json, code: str, severity: str, en: str, zh: str
) -> None:
    """One that never comes is an error; of one that some years lack it is said what happens in those."""
    when = {"type": "holiday", "calendar": "lunar", "month": 8, "at": "10:00"} | day
    rule = {"language": 1, "key": "moon", "name": {"en": "Moon"}, "when": when}
    rule["then"] = [{"type": "add_tag", "tag": "vip"}]
    found = programme.signed_in("marketer").post("/v1/rules/check", json=rule).json()["diagnostics"]
    (one,) = [each for each in found if each["code"] == code]

    assert severity == one["severity"]
    assert en in one["text"]["en"]
    assert zh in one["text"]["zh-Hans"]
    assert LANGUAGES <= set(one["fix"])


def test_a_zone_that_does_not_exist(programme: Programme) -> None:
    """Devices tell it: the order is taken in without it, the zone that was known stays, and it is said so."""
    client = programme.backend()
    order: Json = {"type": "track", "userId": "ann", "event": "Order Completed"}
    there = order | {"messageId": "1", "context": {"timezone": "Europe/Berlin"}}
    nowhere = order | {"messageId": "2", "context": {"timezone": "Mars/Olympus"}}
    first, second = client.post("/v1/batch", json={"batch": [there, nowhere]}).json()["items"]
    alone = client.post("/v1/track", json=nowhere | {"messageId": "3"}).json()
    whole = client.post("/v1/batch", json={"batch": [order], "context": {"timezone": "Mars/Olympus"}}).json()

    assert "warnings" not in first
    for answer in (second, alone, whole["items"][0]):
        assert "accepted" == answer["status"]
        (warning,) = answer["warnings"]
        assert "/context/timezone" == warning["path"]
        assert "'Mars/Olympus' is not an IANA time zone such as Asia/Shanghai" in warning["text"]
    assert "Europe/Berlin" == client.get("/v1/members/ann").json()["zone"]


@pytest.mark.parametrize(
    ("merges", "en", "zh"),
    [
        ([("hot", "hot")], "can't be merged into itself; choose another", "标签不能合并到自身，请选择另一个"),
        (
            [("hot", "warm"), ("warm", "hot")],
            "'hot' is merged into 'warm' itself; choose",
            "“hot”已合并到“warm”",
        ),
        (
            [("hot", "warm"), ("warm", "cold"), ("cold", "hot")],
            "'hot' is merged into 'warm' itself; choose a tag that is in use",
            "请选择使用中的标签",
        ),
    ],
)
def test_a_tag_merged_into_itself(tags: TestClient, merges: list[tuple[str, str]], en: str, zh: str) -> None:
    """At once, or by way of others."""
    *before, last = merges
    for key, into in before:
        assert 200 == tags.post(f"/v1/tags/{key}/merge", json={"into": into}).status_code
    said = advice(tags.post(f"/v1/tags/{last[0]}/merge", json={"into": last[1]}), "/into")

    assert en in said["en"]
    assert zh in said["zh-Hans"]


def test_a_circle_of_merges_by_definition(tags: TestClient) -> None:
    """A backend that writes the definitions itself closes no circle either."""
    rest = {"name": {"en": "x"}, "meaning": "for a test"}
    assert 200 == put(tags, "tags", {"key": "hot", "merged_into": "cold", **rest}).status_code
    said = advice(put(tags, "tags", {"key": "cold", "merged_into": "hot", **rest}), "/merged_into")

    assert "leads back to itself by way of “hot”. Take one of the tags" in said["en"]
    assert "请断开其中一环" in said["zh-Hans"]


def test_a_batch_with_a_broken_call(programme: Programme) -> None:
    """The seventeenth of twenty: the rest goes in, and all of it may be sent again once it is mended."""
    client = programme.backend()
    batch: list[Json] = [
        {"type": "track", "userId": f"m{number}", "event": "Order Completed", "messageId": f"o-{number}"}
        for number in range(1, 21)
    ]
    mended = list(batch)
    batch[16] = batch[16] | {"timestamp": "the fifth of January"}
    first = client.post("/v1/batch", json={"batch": batch}).json()
    again = client.post("/v1/batch", json={"batch": mended}).json()

    assert not first["success"]
    (refused,) = [one for one in first["items"] if one["status"] == "rejected"]
    assert (16, "/timestamp") == (refused["index"], refused["errors"][0]["path"])
    assert "RFC 3339" in refused["errors"][0]["text"]
    assert again["success"]
    assert ["duplicate"] * 16 + ["accepted"] + ["duplicate"] * 3 == [one["status"] for one in again["items"]]
    assert 20 == len(client.get("/v1/members").json()["items"])
