"""What a member's page says of messages: consent by channel, what waits, what left or not, and why."""

import re
from pathlib import Path
from typing import Any

import pytest

from api.channels.outgoing import Undelivered
from api.service.failures import failure_text
from api.service.replaying import replay_log
from tests.api.conftest import RULE, Programme
from tests.api.test_delivery import Box, delivery, ordered, told

CONSENT = "/v1/members/m1/consent"
SAID: dict[str, Any] = {"id": "c-1", "channel": "email", "given": False, "why": "Asked us on the phone"}
NIGHT = {
    "key": "night",
    "name": {"en": "Night", "zh-Hans": "夜间"},
    "quiet_hours": {"from": "00:00", "until": "23:59"},
}


@pytest.fixture
def box() -> Box:
    return Box()


def member(programme: Programme, key: str = "m1") -> dict[str, Any]:
    found: dict[str, Any] = programme.signed_in("auditor").get(f"/v1/members/{key}").json()
    return found


def of(programme: Programme, channel: str) -> dict[str, Any]:
    (found,) = (one for one in member(programme)["consent"] if one["channel"] == channel)
    return dict(found)


def messages(programme: Programme, **asked: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (
        programme.signed_in("auditor").get("/v1/outbox", params=asked).json()["items"]
    )
    return items


def test_consent_by_hand_is_an_event_with_who_and_why(programme: Programme, box: Box) -> None:
    """It holds from the next message on, and replays; sent again it is the same event."""
    ordered(programme)
    person = programme.signed_in("marketer")
    assert (None, True) == (of(programme, "email")["said"], of(programme, "email")["allowed"])

    first = person.post(CONSENT, json=SAID)
    assert 200 == first.status_code, first.text
    again = person.post(CONSENT, json=SAID)
    assert first.json()["sequence"] == again.json()["sequence"]
    assert 409 == person.post(CONSENT, json={**SAID, "given": True}).status_code

    assert [{"channel": "email", "why": "Asked us on the phone"}] == told(programme, "Consent Withdrawn")
    email = of(programme, "email")
    assert not email["allowed"]
    assert ("person:marketer", "Asked us on the phone") == (email["said"]["source"], email["said"]["why"])
    assert of(programme, "sms")["allowed"]
    order = {"userId": "m1", "event": "Order Completed", "properties": {"order_id": "A2", "total": 120}}
    assert 200 == programme.backend().post("/v1/track", json=order).status_code
    assert 1 == delivery(programme, box).work()
    with programme.database.read() as connection:
        assert [] == replay_log(connection).divergences


def test_a_channel_by_opt_in_is_closed_until_the_member_agrees(programme: Programme) -> None:
    setting = {"key": "sms", "name": {"en": "SMS"}, "consent": "opt_in"}
    person = programme.signed_in("marketer")
    assert 200 == person.put("/v1/definitions/channels/sms", json=setting).status_code
    ordered(programme)
    assert ("opt_in", False, None) == tuple(
        of(programme, "sms")[key] for key in ("policy", "allowed", "said")
    )

    shown = [one["channel"] for one in member(programme)["consent"]]
    assert ["email", "sms", "push", "wecom"] == shown  # the console reaches nobody
    agreed = programme.signed_in("marketer").post(CONSENT, json={**SAID, "channel": "all", "given": True})
    assert 200 == agreed.status_code, agreed.text

    assert [True] * 5 == [one["allowed"] for one in member(programme)["consent"]]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({**SAID, "channel": "fax"}, 422),
        ({**SAID, "why": ""}, 422),
        ({key: value for key, value in SAID.items() if key != "given"}, 422),
    ],
)
def test_what_is_said_of_consent_must_be_clear(
    programme: Programme, said: dict[str, Any], status: int
) -> None:
    ordered(programme)
    assert status == programme.signed_in("marketer").post(CONSENT, json=said).status_code
    assert [] == told(programme, "Consent Withdrawn")


def test_consent_makes_no_member_and_is_not_for_readers(programme: Programme) -> None:
    assert 404 == programme.signed_in("marketer").post(CONSENT, json=SAID).status_code
    assert 404 == programme.signed_in("auditor").get("/v1/members/m1").status_code
    assert 403 == programme.signed_in("auditor").post(CONSENT, json=SAID).status_code


def test_the_outbox_of_a_member_says_why_in_words(programme: Programme, box: Box) -> None:
    ordered(programme)
    other = {"userId": "m2", "event": "Order Completed", "properties": {"order_id": "B1", "total": 120}}
    assert 200 == programme.backend().post("/v1/track", json=other).status_code
    box.refuse = Undelivered("the mail server answered 550", final=True)
    delivery(programme, box).work()
    programme.signed_in("marketer").post(CONSENT, json=SAID)
    again = {"userId": "m1", "event": "Order Completed", "properties": {"order_id": "A2", "total": 120}}
    assert 200 == programme.backend().post("/v1/track", json=again).status_code

    suppressed, dead = messages(programme, member="m1")

    assert ("suppressed", "会员未同意接收该渠道的营销消息") == (
        suppressed["status"],
        suppressed["reason"]["zh-Hans"],
    )
    assert ("dead", "邮件服务器返回 550") == (dead["status"], dead["reason"]["zh-Hans"])
    assert (RULE["name"], "e-mail") == (dead["rule_name"], dead["channel_name"]["en"])
    assert ["m2"] == [one["member"] for one in messages(programme, member="m2")]
    assert 3 == len(messages(programme))


def test_a_message_that_waits_is_on_the_members_page_until_it_leaves(programme: Programme) -> None:
    person = programme.signed_in("marketer")
    assert 200 == person.put("/v1/definitions/contact/night", json=NIGHT).status_code
    ordered(programme)

    (waiting,) = member(programme)["waiting"]
    (held,) = messages(programme, member="m1")

    assert (held["id"], held["next_attempt_at"]) == (waiting["id"], waiting["until"])
    assert (held["target_name"], held["rule_name"]) == (waiting["template_name"], waiting["rule_name"])
    assert "waits until the member's quiet hours are over" == held["reason"]["en"]


def test_a_journey_says_which_step_waits_and_what_comes_then(programme: Programme) -> None:
    thanks = {"type": "send_message", "channel": "email", "template": "thanks"}
    opened = {"type": "wait_for", "event": "Message Opened", "timeout": {"days": 3}, "then": [thanks]}
    programme.publish({**RULE, "key": "by-time", "then": [{"type": "wait", "for": {"days": 2}}, thanks]})
    programme.publish({**RULE, "key": "by-event", "then": [opened]})
    bought = {"type": "event", "event": "Order Completed", "within": {"days": 9}}
    programme.publish({**RULE, "key": "through", "then": [thanks], "goal": bought})
    ordered(programme, {**RULE, "key": "at-once", "then": [thanks]})

    found = {one["rule"]: one for one in member(programme)["journeys"]}

    assert {"by-time", "by-event", "through"} == set(found)
    assert ("goal", None, None) == tuple(found["through"][one] for one in ("waits", "step", "then"))
    assert ("time", "wait 2 days") == (found["by-time"]["waits"], found["by-time"]["step"]["en"])
    assert "e-mail" in found["by-time"]["then"]["en"]
    assert "event" == found["by-event"]["waits"]
    assert "wait up to 3 days for message opened" == found["by-event"]["step"]["en"]
    assert "2 天" in found["by-time"]["step"]["zh-Hans"]


def test_every_failure_of_ours_is_worded() -> None:
    """Whatever the code says when it can't deliver reads in Chinese, too."""
    root = Path(__file__).parents[2] / "api"
    said = [
        text
        for path in sorted([*root.glob("channels/*.py"), root / "service" / "composing.py"])
        for text in re.findall(r'Undelivered\(\s*f?"([^"]+)"', path.read_text(encoding="utf-8"))
    ]
    assert len(said) > 12
    for text in said:
        detail = re.sub(r"\{[^}]*!r\}", "'x'", text)
        detail = re.sub(r"\{[^}]*\}", "x", detail)
        assert re.search(r"[一-鿿]", failure_text(detail)["zh-Hans"]), detail
