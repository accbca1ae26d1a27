"""What was promised: told in public with every limit, verified in the store, and asked of members."""

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.service.chinese import traditional
from api.service.public_text import public_lines
from api.service.replaying import replay_log
from api.service.research import latest
from engine.language.catalogue import Catalogue
from engine.language.definitions import Definitions
from engine.language.document import RuleDocument
from engine.language.parse import parse_rule
from rule_library import LibraryEntry, library, library_definitions
from tests.api.conftest import Programme
from tests.api.shop import GOODS, given, stocked, told

CATALOGUE = Catalogue(library_definitions())


def verify(client: TestClient, number: int, **asked: Any) -> dict[str, Any]:
    return told(client, "/v1/entitlements/verify", {"id": f"v-{number}", "store": "Xuhui", **asked})


def names(client: TestClient, member: str) -> list[str]:
    items = client.get(f"/v1/members/{member}/timeline").json()["items"]
    return [one["name"] for one in items]


def test_a_code_is_verified_and_the_answer_stands_in_the_log(programme: Programme) -> None:
    """Asked again under the same id it is answered the same, once."""
    client = stocked(programme, "anna")
    (code,) = given(client, "RARE", "anna")

    first = verify(client, 1, code=f" {code.lower()} ")
    again = verify(client, 1, code=code)

    assert (True, "RARE", "anna") == (first["verified"], first["entitlement"], first["member"])
    assert first == again
    assert 1 == names(client, "anna").count("Entitlement Verified")


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"userId": "anna", "code": "NOSUCHCODE"}, "coupon-unknown"),
        ({"userId": "anna", "entitlement": "club"}, "not-entitled"),
        ({"userId": "anna", "entitlement": "gold"}, "not-entitled"),
    ],
)
def test_a_refusal_says_why_and_is_an_event_that_a_rule_follows_up(
    programme: Programme, asked: dict[str, Any], reason: str
) -> None:
    client = stocked(programme, "anna")
    follow_up = {
        "language": 1,
        "key": "follow-up",
        "name": {"en": "Follow up", "zh-Hans": "跟进"},
        "when": {"type": "event", "event": "Entitlement Refused"},
        "then": [{"type": "open_task", "queue": "care", "note": "Call"}],
    }
    events = [{"name": "Entitlement Refused", "label": {"en": "refused"}}]
    programme.services.definitions.merge(Definitions.model_validate({"events": events}), by="test")
    programme.publish(follow_up)

    answer = verify(client, 1, **asked)

    assert (False, reason) == (answer["verified"], answer["reason"])
    assert answer["text"]["zh-Hans"]
    assert 1 == len(client.get("/v1/tasks", params={"queue": "care"}).json()["items"])
    with programme.database.read() as connection:
        assert [] == replay_log(connection).divergences


def test_members_are_found_by_phone_and_what_they_hold_counts(programme: Programme) -> None:
    client = stocked(programme)
    traits = {"phone": "138 0000 0000"}
    client.post("/v1/identify", json={"userId": "ben", "traits": traits})
    given(client, "TEN", "ben")
    for number in range(5):
        order = {"order_id": f"o{number}", "total": 10}
        client.post("/v1/track", json={"userId": "ben", "event": "Order Completed", "properties": order})

    assert verify(client, 1, userId="+8613800000000", entitlement="TEN")["verified"]
    assert verify(client, 2, userId="13800000000", entitlement="silver")["verified"]
    assert "member-unknown" == verify(client, 3, userId="13900000000", entitlement="TEN")["reason"]


def test_a_code_in_another_hand_is_refused(programme: Programme) -> None:
    client = stocked(programme, "anna", "ben")
    (code,) = given(client, "RARE", "anna")

    answer = verify(client, 1, userId="ben", code=code)

    assert ("coupon-not-yours", "ben") == (answer["reason"], answer["member"])


def test_a_question_about_nothing_is_no_question(programme: Programme) -> None:
    client = stocked(programme, "anna")
    answer = client.post("/v1/entitlements/verify", json={"id": "v", "userId": "anna"})

    assert 422 == answer.status_code


def test_what_came_of_a_task_is_an_event_with_its_answers(programme: Programme) -> None:
    """Outcome and answers are read by rules: an unhappy member is called again."""
    client = stocked(programme, "anna")
    events = [
        {
            "name": "Task Done",
            "label": {"en": "task done"},
            "properties": [
                {"name": "outcome", "label": {"en": "outcome"}, "type": "text"},
                {"name": "answers.rating", "label": {"en": "rating"}, "type": "number"},
            ],
        }
    ]
    programme.services.definitions.merge(Definitions.model_validate({"events": events}), by="test")
    task = {"type": "open_task", "queue": "care", "note": "Call"}
    rule = {
        "language": 1,
        "name": {"en": "R", "zh-Hans": "规则"},
        "when": {"type": "event", "event": "Signed Up"},
    }
    unhappy = {"type": "compare", "fact": "event.answers.rating", "op": "lte", "value": 2}
    programme.services.publish.publish_documents(
        [
            parsed(rule | {"key": "care", "then": [task]}),
            parsed(
                rule
                | {
                    "key": "again",
                    "when": {"type": "event", "event": "Task Done", "where": unhappy},
                    "then": [task | {"queue": "managers"}],
                }
            ),
        ],
        by="test",
    )
    client.post("/v1/track", json={"userId": "anna", "event": "Signed Up"})
    (one,) = client.get("/v1/tasks", params={"queue": "care"}).json()["items"]
    said = {"answer": "Too bitter", "outcome": "reached", "answers": {"rating": 2, "again": False}}

    done = client.post(f"/v1/tasks/{one['id']}/done", json=said)

    assert 200 == done.status_code, done.text
    assert 1 == len(client.get("/v1/tasks", params={"queue": "managers"}).json()["items"])
    again = client.post(f"/v1/tasks/{one['id']}/done", json=said | {"answers": {"rating": 3}})
    assert (409, "message-conflict") == (again.status_code, again.json()["code"])


def parsed(document: dict[str, Any]) -> RuleDocument:

    return parse_rule(document)


def test_benefits_are_ranked_by_what_is_sure_of_their_worth(programme: Programme) -> None:
    """A member's latest score counts; two enthusiasts don't outrank many."""
    client = stocked(programme)
    scores = [("gift", f"m{n}", 5 if n % 3 else 4) for n in range(12)]
    scores += [
        ("lounge", "m1", 5),
        ("lounge", "m2", 4),
        ("gift", "m1", 5),
        ("spam", "m1", 9),
        ("spam", "m1", 1),
    ]
    for number, (benefit, member, score) in enumerate(scores):
        body = {
            "userId": member,
            "messageId": f"r{number}",
            "event": "Benefit Rated",
            "properties": {"benefit": benefit, "score": score},
        }
        assert 200 == client.post("/v1/track", json=body).status_code

    items = programme.signed_in("auditor").get("/v1/benefits/ranking").json()["items"]

    assert ["gift", "lounge", "spam"] == [one["benefit"] for one in items]
    assert [12, 2, 1] == [one["members"] for one in items]
    assert {"1": 0, "2": 0, "3": 0, "4": 4, "5": 8} == items[0]["scores"]
    assert "4.67" == items[0]["mean"]
    assert 401 == programme.browser().get("/v1/benefits/ranking").status_code


def test_only_the_latest_score_of_a_member_counts() -> None:
    answers: list[tuple[str, dict[str, Any]]] = [
        ("a", {"benefit": "x", "score": 1}),
        ("a", {"benefit": "x", "score": 5}),
        ("b", {"benefit": "x", "score": "5"}),
        ("b", {"score": 5}),
    ]

    assert {"x": [5]} == latest(answers)


def test_the_public_text_tells_every_limit(programme: Programme) -> None:
    """In three languages, without what concerns only the programme."""
    stocked(programme)
    big = next(one for one in GOODS["coupons"] if one["key"] == "BIG")
    programme.services.definitions.merge(
        Definitions.model_validate({"coupons": [big | {"at_most": "50", "total": 9, "valid_days": 30}]}),
        by="test",
    )
    rule = {
        "language": 1,
        "key": "spring",
        "name": {"en": "Spring", "zh-Hans": "春季"},
        "when": {"type": "event", "event": "Order Completed"},
        "then": [{"type": "issue_coupon", "coupon": "BIG"}],
        "limits": {"per_member": {"times": 1}, "budget": "spring", "holdout_percent": 10}
        | {"exclusive_group": "seasonal"},
        "active": {"from": "2026-03-01T00:00:00+08:00", "until": "2026-04-01T00:00:00+08:00"},
    }
    programme.publish(rule)

    said = programme.signed_in("auditor").get("/v1/rules/spring/public-text").json()
    english, chinese, traditional_text = (" ".join(said["text"][one]) for one in ("en", "zh-Hans", "zh-Hant"))

    for told_of in (
        "at least 200",
        "at most 50",
        "9 in all",
        "30 days",
        "at most 1×",
        "100.50 CNY",
        "until 1 Apr 2026",
        "Not together with other offers",
    ):
        assert told_of in english, told_of
    assert "hold" not in english.replace("holding", "")
    assert "seasonal" not in english + chinese
    assert "对照" not in chinese
    assert "订单须满 200" in chinese
    assert "訂單須滿 200" in traditional_text
    assert 404 == programme.signed_in("administrator").get("/v1/rules/nothing/public-text").status_code


@pytest.mark.parametrize("entry", library(), ids=lambda entry: entry.key)
def test_every_rule_of_the_library_has_a_public_text(entry: LibraryEntry) -> None:
    """Each number that bounds it is in the text, and every line is in both languages."""
    lines = list(public_lines(entry.document, CATALOGUE))

    assert all(one["en"] and one["zh-Hans"] for one in lines)
    assert not any(re.search("None|\\{|…", one["en"]) for one in lines), lines
    text = " ".join(one["en"] for one in lines)
    for action in entry.document.then:
        coupon = CATALOGUE.coupons.get(getattr(action, "coupon", None) or "")
        if coupon is not None:
            for bound in (coupon.minimum_spend, coupon.at_most, coupon.per_member, coupon.total):
                assert bound is None or str(bound) in text
    assert traditional("会员积分、优惠券") == "會員積分、優惠券"
