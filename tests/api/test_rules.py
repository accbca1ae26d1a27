"""Rules and definitions over HTTP."""

import copy
import json
from typing import Any

import pytest

from engine.language.definitions import Definitions
from tests.api.conftest import RULE, Programme

PATH = "/v1/rules/big-order"


def test_from_draft_to_publication_and_back(programme: Programme) -> None:
    client = programme.signed_in("marketer")
    draft = client.put(f"{PATH}/draft", json=RULE).json()
    assert ("draft", None, True) == (draft["status"], draft["version"], draft["has_draft"])
    assert [] == [one for one in draft["diagnostics"] if one["severity"] == "error"]

    meaning = client.get(f"{PATH}/publication").json()
    assert {"past_threshold", "in_flight", "steps", "diagnostics"} == meaning.keys()
    live = client.post(f"{PATH}/publish", json={"past": "skip"}).json()
    assert ("live", 1, False, None) == (live["status"], live["version"], live["has_draft"], live["draft"])
    assert "paused" == client.post(f"{PATH}/pause").json()["status"]
    assert "live" == client.post(f"{PATH}/resume").json()["status"]
    (version,) = client.get(f"{PATH}/versions").json()["items"]
    assert (1, "marketer", "big-order") == (
        version["version"],
        version["published_by"],
        version["document"]["key"],
    )
    (summary,) = client.get("/v1/rules").json()["items"]
    assert {"en", "zh-Hans"} == summary["sentence"].keys()
    assert {
        "key", "name", "status", "version", "has_draft", "sentence", "changed_at", "changed_by", "fired",
        "covers", "priority", "purpose", "approval", "starts_at",
    } == summary.keys()  # fmt: skip


def test_of_two_authors_the_second_is_told(programme: Programme) -> None:
    client = programme.signed_in("marketer")
    etag = client.put(f"{PATH}/draft", json=RULE).json()["etag"]
    again = client.put(f"{PATH}/draft", json=RULE, headers={"If-Match": f'"{etag}"'})
    stale = client.put(f"{PATH}/draft", json=RULE, headers={"If-Match": etag})
    without = client.put(f"{PATH}/draft", json=RULE)

    assert [200, 412, 428] == [again.status_code, stale.status_code, without.status_code]
    assert ["draft-changed", "if-match-required"] == [stale.json()["code"], without.json()["code"]]


def test_a_draft_is_thrown_away(programme: Programme) -> None:
    client = programme.signed_in("marketer")
    client.put(f"{PATH}/draft", json=RULE)
    assert 204 == client.delete(f"{PATH}/draft").status_code
    assert 404 == client.get(PATH).status_code

    programme.publish()
    client = programme.signed_in("marketer")
    etag = client.get(PATH).json()["etag"]
    assert 200 == client.put(f"{PATH}/draft", json=RULE, headers={"If-Match": etag}).status_code
    left = client.delete(f"{PATH}/draft")
    assert (200, None, 1) == (left.status_code, left.json()["draft"], left.json()["version"])


def test_a_rule_with_errors_can_be_saved_but_not_published(programme: Programme) -> None:
    client = programme.signed_in("marketer")
    bad = copy.deepcopy(RULE)
    bad["then"] = [{"type": "add_tag", "tag": "undefined"}]
    saved = client.put(f"{PATH}/draft", json=bad)
    refused = client.post(f"{PATH}/publish", json={"past": "skip"})

    assert 200 == saved.status_code
    assert (422, "rule-not-ready") == (refused.status_code, refused.json()["code"])
    assert "unknown-tag" in [one["code"] for one in refused.json()["diagnostics"]]


@pytest.mark.parametrize(
    "sent",
    [
        None,
        1,
        "x",
        [],
        {},
        {"key": 1},
        {**RULE, "surprise": 1},
        {**RULE, "then": {}},
        {**RULE, "priority": 1.5},
    ],
)
def test_checking_never_fails(programme: Programme, sent: Any) -> None:
    answer = programme.signed_in("auditor").post("/v1/rules/check", content=json.dumps(sent))

    assert 200 == answer.status_code, answer.text
    assert answer.json()["diagnostics"]
    assert answer.json()["sentence"] is None


def test_a_good_rule_is_read_out(programme: Programme) -> None:
    said = programme.signed_in("auditor").post("/v1/rules/check", json=RULE).json()["sentence"]

    assert "VIP" in said["en"]
    assert "贵宾" in said["zh-Hans"]


@pytest.mark.parametrize("sent", [b"{}", b"[]", b"{", b"\xff", b"[" * 100_000])
def test_what_is_no_rule_is_not_saved(programme: Programme, sent: bytes) -> None:
    answer = programme.signed_in("marketer").put(f"{PATH}/draft", content=sent)

    assert (422, "invalid-request") == (answer.status_code, answer.json()["code"])


def test_the_key_is_that_of_the_address(programme: Programme) -> None:
    answer = programme.signed_in("marketer").put("/v1/rules/other/draft", json=RULE)

    assert "/key" == answer.json()["errors"][0]["path"]


def test_the_language_and_the_catalogue(programme: Programme) -> None:
    client = programme.signed_in("auditor")
    schema = client.get("/v1/schema").json()

    assert {"schema", "operators", "messages"} == schema.keys()
    assert ["vip"] == [one["key"] for one in client.get("/v1/catalogue").json()["tags"]]
    assert ["TEN"] == [one["key"] for one in client.get("/v1/definitions/coupons").json()["items"]]


@pytest.mark.parametrize(
    ("address", "said", "path"),
    [
        ("tags/x", {"key": "x", "name": {"en": "X"}}, "/meaning"),
        ("tags/x", {"key": "y", "name": {"en": "X"}, "meaning": "m"}, "/key"),
        ("tags/x", [], ""),
        ("templates/x", {"key": "x", "name": {"en": "X"}, "body": {"en": "{% for x %}"}}, "/body/en"),
        ("templates/x", {"key": "x", "name": {"en": "X"}, "body": {"en": "{{ x|upper }}"}}, "/body/en"),
        ("endpoints/x", {"key": "x", "name": {"en": "X"}, "url": "file:///etc/passwd"}, "/url"),
    ],
)
def test_definitions_that_are_none(programme: Programme, address: str, said: Any, path: str) -> None:
    answer = programme.signed_in("marketer").put(f"/v1/definitions/{address}", json=said)

    assert (422, path) == (answer.status_code, answer.json()["errors"][0]["path"])


def test_definitions_are_replaced_by_key(programme: Programme) -> None:
    client = programme.signed_in("marketer")
    tag = {"key": "vip", "name": {"en": "Very"}, "meaning": "Buys a lot"}
    assert 200 == client.put("/v1/definitions/tags/vip", json=tag).status_code
    event = {"name": "Tea Poured", "label": {"en": "tea"}, "properties": []}
    assert 200 == client.put("/v1/definitions/events/Tea Poured", json=event).status_code

    assert ["Very"] == [one["name"]["en"] for one in client.get("/v1/definitions/tags").json()["items"]]
    assert ["TEN"] == [one["key"] for one in client.get("/v1/definitions/coupons").json()["items"]]


def test_an_endpoints_secret_is_shown_once(programme: Programme) -> None:
    client = programme.signed_in("marketer")
    endpoint = {"key": "crm", "name": {"en": "CRM"}, "url": "https://crm.example/hook"}
    first = client.put("/v1/definitions/endpoints/crm", json=endpoint).json()
    second = client.put("/v1/definitions/endpoints/crm", json=endpoint).json()

    assert first["secret"].startswith("whsec_")
    assert "secret" not in second
    assert "whsec_" not in client.get("/v1/catalogue").text


def test_merging_keeps_what_it_does_not_name(programme: Programme) -> None:
    more = Definitions.model_validate({"tags": [{"key": "new", "name": {"en": "N"}, "meaning": "n"}]})
    programme.services.definitions.merge(more, by="test")

    assert {"vip", "new"} == programme.services.rulebook.index().rules.catalogue.tags.keys()
