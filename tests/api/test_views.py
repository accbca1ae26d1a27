"""Members, timelines, decisions, and what would happen."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.conftest import RULE, Programme


def order(client: TestClient, number: int, total: float, member: str = "m1") -> dict[str, Any]:
    sent = {
        "userId": member,
        "messageId": f"{member}-{number}",
        "event": "Order Completed",
        "properties": {"order_id": f"A{number}", "total": total},
    }
    answer = client.post("/v1/track", json=sent)
    assert 200 == answer.status_code, answer.text
    told: dict[str, Any] = answer.json()
    return told


@pytest.fixture
def shop(programme: Programme) -> TestClient:
    """A backend's client, with a rule in force and two orders in the log."""
    programme.publish()
    client = programme.backend()
    order(client, 1, 99.5)
    order(client, 2, 120)
    return client


def test_a_member(shop: TestClient) -> None:
    member = shop.get("/v1/members/m1").json()

    assert {
        "id", "joined_at", "zone", "attributes", "personal", "tags", "points", "coupons", "journeys",
        "figures", "events", "balances", "levels", "memberships", "holds", "segments",
        "asked_for", "told", "merged", "erased", "consent", "waiting",
    } == member.keys()  # fmt: skip
    assert ["vip"] == [one["tag"] for one in member["tags"]]
    assert "rule:big-order" == member["tags"][0]["holders"][0]["holder"]
    assert [("TEN", "issued")] == [(one["coupon"], one["state"]) for one in member["coupons"]]
    assert ("Order Completed", 2) in [(one["event"], one["count"]) for one in member["figures"]]
    assert 2 == member["events"]


def test_a_timeline_in_pages(shop: TestClient) -> None:
    for number in range(3, 56):
        order(shop, number, 1)
    first = shop.get("/v1/members/m1/timeline").json()
    second = shop.get("/v1/members/m1/timeline", params={"before": first["next"]}).json()

    numbers = [one["member_sequence"] for one in first["items"] + second["items"]]
    assert list(range(55, 0, -1)) == numbers
    assert second["next"] is None
    entry = second["items"][-2]
    assert ["fired"] == [one["result"] for one in entry["decision"]["outcomes"]]
    assert "99.5" == second["items"][-1]["properties"]["total"]
    assert second["items"][-1]["decision"] is None


def test_members_in_pages(shop: TestClient) -> None:
    for number in range(60):
        order(shop, 1, 1, member=f"n{number:02}")
    first = shop.get("/v1/members").json()
    second = shop.get("/v1/members", params={"after": first["next"]}).json()

    assert 61 == len(first["items"]) + len(second["items"])
    assert ["n07"] == [one["id"] for one in shop.get("/v1/members?search=n07").json()["items"]]


def test_a_decision_with_its_reasons(shop: TestClient) -> None:
    (summary,) = shop.get("/v1/decisions", params={"rule": "big-order"}).json()["items"]
    assert {"id", "sequence", "member", "as_of", "name", "label", "outcomes"} == summary.keys()
    detail = shop.get(f"/v1/decisions/{summary['id']}").json()
    before = shop.get(f"/v1/decisions/{summary['id'] - 1}").json()

    (outcome,) = [one for one in detail["outcomes"] if one["rule"] == "big-order"]
    trace = outcome["trace"]
    assert (True, 120, 100, "/if") == (trace["holds"], trace["read"], trace["compared"], trace["path"])
    assert "order total" in trace["text"]["en"]
    assert any("VIP" in line for line in detail["explanation"]["en"])
    assert any("贵宾" in line for line in detail["explanation"]["zh-Hans"])
    assert before["digest"] == detail["previous_digest"]
    (held,) = before["outcomes"]
    assert ("not_matched", False, "99.5") == (held["result"], held["trace"]["holds"], held["trace"]["read"])
    assert "does not hold" in held["reason"]["en"]
    assert outcome["change"] is None
    assert {
        "proven": True,
        "changes": [
            {
                "fact": "event.total",
                "before": "99.5",
                "after": 100,
                "text": {"en": "order total is 100", "zh-Hans": "订单金额是 100"},
                "names": {},
            }
        ],
    } == held["change"]


def test_decisions_of_a_member(shop: TestClient) -> None:
    order(shop, 1, 500, member="m2")

    assert ["m2"] == [one["member"] for one in shop.get("/v1/decisions?member=m2").json()["items"]]
    assert [] == shop.get("/v1/decisions?rule=none").json()["items"]


def test_decisions_by_instant_and_outcome(shop: TestClient) -> None:
    """Of a period its beginning counts and its end doesn't; an outcome is a result, or several."""
    (found,) = shop.get("/v1/decisions").json()["items"]

    def seek(**asked: str) -> list[int]:
        answer = shop.get("/v1/decisions", params=asked)
        assert 200 == answer.status_code, answer.text
        return [one["id"] for one in answer.json()["items"]]

    at = found["as_of"]
    assert [found["id"]] == seek(**{"from": at})
    assert [] == seek(until=at)
    assert [found["id"]] == seek(until="2099-01-01T00:00:00Z", outcome="acted", rule="big-order")
    assert [found["id"]] == seek(outcome="fired", member=found["member"])
    assert [] == seek(outcome="suppressed")
    assert [] == seek(outcome="ended", member=found["member"])
    assert "invalid-request" == shop.get("/v1/decisions?from=yesterday").json()["code"]
    assert "invalid-request" == shop.get("/v1/decisions?outcome=good").json()["code"]


def test_what_a_call_would_do(programme: Programme, shop: TestClient) -> None:
    call = {"type": "track", "userId": "m3", "event": "Order Completed", "properties": {"total": 150.5}}
    answer = shop.post("/v1/evaluate?dry=true", json={"call": call})

    assert 200 == answer.status_code, answer.text
    (decision,) = answer.json()["decisions"]
    assert "fired" in [one["result"] for one in decision["outcomes"]]
    assert ["vip"] == [one["tag"] for one in answer.json()["member"]["tags"]]
    assert 404 == shop.get("/v1/members/m3").status_code


def test_a_story_of_an_invented_member(programme: Programme) -> None:
    given = [
        {
            "type": "track",
            "event": "Order Completed",
            "timestamp": "2036-01-01T00:00:00Z",
            "properties": {"total": 200, "email": "mei@example.com"},
        }
    ]
    asked = {"rules": [RULE], "given": given, "until": "2036-01-15T00:00:00Z"}
    answer = programme.signed_in("marketer").post("/v1/evaluate?dry=true", json=asked)

    assert 200 == answer.status_code, answer.text
    assert 1 == len(answer.json()["member"]["coupons"])
    assert "mei@example.com" not in answer.text


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"call": {}},
        {"call": {"type": "track", "event": "E"}},
        {"rules": [{}], "given": []},
        {"rules": [RULE], "given": [{"type": "track"}]},
        {"rules": [RULE], "given": [], "until": "tomorrow"},
        {"rules": 7},
        {"rules": [RULE] * 51},
    ],
)
def test_questions_that_are_none(programme: Programme, asked: dict[str, Any]) -> None:
    answer = programme.backend().post("/v1/evaluate?dry=true", json=asked)

    assert answer.status_code in {400, 422}, answer.text


def test_evaluating_must_be_asked_for_as_dry(programme: Programme) -> None:
    assert 422 == programme.backend().post("/v1/evaluate", json={"call": {}}).status_code


def test_a_replay(programme: Programme, shop: TestClient) -> None:
    client = programme.signed_in("auditor")
    begun = client.post("/v1/replays", json={})
    assert 200 == begun.status_code, begun.text
    found: dict[str, Any] = {}
    for _ in range(500):
        found = client.get(f"/v1/replays/{begun.json()['id']}").json()
        if found["status"] != "running":
            break
    assert ("done", []) == (found["status"], found["divergences"])
    assert 404 == client.get("/v1/replays/none").status_code
