"""What members are told: languages, previews, gateways, and how they stop it."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from standardwebhooks import Webhook

from api.service.deliver import Delivery
from tests.api.conftest import RULE, Programme
from tests.api.receivers import receiving
from tests.api.test_delivery import Box, delivery, ordered, told

HELLO = {
    "key": "hello",
    "name": {"en": "Hello"},
    "subject": {"en": "Hi {{member.first_name|friend}}"},
    "body": {
        "en": "You have {{balance.points}}",
        "zh-Hans": "您有 {{balance.points}}",
        "zh-Hant": "您有 {{balance.points}} 點",
    },
    "html": {"en": "<p>{{ member.city }}</p>"},
}


@pytest.fixture
def box() -> Box:
    return Box()


def joined(programme: Programme, **traits: Any) -> None:
    answer = programme.backend().post("/v1/identify", json={"userId": "m1", "traits": traits})
    assert 200 == answer.status_code, answer.text


def preview(programme: Programme, **asked: Any) -> dict[str, Any]:
    client = programme.signed_in("marketer")
    answer = client.post("/v1/templates/hello/preview", json={"member": "m1", **asked})
    said: dict[str, Any] = answer.json()
    return said


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("", "You have 0"),
        ("zh-CN", "您有 0"),
        ("zh_TW", "您有 0 點"),
        ("zh-Hant", "您有 0 點"),
        ("fr", "You have 0"),
    ],
)
def test_a_template_is_sent_in_the_members_language(programme: Programme, language: str, text: str) -> None:
    joined(programme, language=language)
    said = preview(programme, template=HELLO)

    assert (text, "Hi friend") == (said["text"], said["subject"])


def test_a_preview_masks_personal_values_and_escapes_html(programme: Programme) -> None:
    joined(programme, firstName="小梅", city="<b>Xi'an</b>")
    said = preview(programme, template=HELLO)

    assert "Hi 小***" == said["subject"]
    assert "<p>&lt;b&gt;Xi&#x27;an&lt;/b&gt;</p>" == said["html"]
    assert 404 == preview(programme)["status"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ member.frist_name }}", "Did you mean 'member.first_name'?"),
        ("{{ secret }}", "Known are: balance.points, coupon.code"),
        ("{{ event.nothing }}", "nothing is called 'event.nothing'"),
    ],
)
def test_an_unknown_variable_is_refused_with_those_that_are_known(
    programme: Programme, text: str, said: str
) -> None:
    body = {"key": "x", "name": {"en": "X"}, "body": {"en": text}}
    answer = programme.signed_in("marketer").put("/v1/definitions/templates/x", json=body)

    assert 422 == answer.status_code
    (error,) = answer.json()["errors"]
    assert "/body/en" == error["path"]
    assert said in str(error)


def test_a_template_is_checked_while_it_is_written(programme: Programme) -> None:
    """Each text by itself: what can't be read, and what nobody knows, in both languages."""
    client = programme.signed_in("marketer")
    said = {
        "body": {"en": "Hi {{ member.frist_name }}", "zh-Hans": "您好 {{ name }"},
        "subject": {"en": "Hi"},
    }
    answer = client.post("/v1/templates/check", json=said)
    assert 200 == answer.status_code, answer.text
    unknown, stray = answer.json()["findings"]

    assert ("/body/en", "/body/zh-Hans") == (unknown["path"], stray["path"])
    assert "nothing is called 'member.frist_name'. Did you mean 'member.first_name'?" == unknown["text"]["en"]
    assert "没有名为“member.frist_name”的变量。是否应为“member.first_name”？" == unknown["text"]["zh-Hans"]
    assert "请写成 {{ name }}" in stray["text"]["zh-Hans"]
    assert [] == client.post("/v1/templates/check", json={"body": HELLO["body"]}).json()["findings"]


def test_what_a_template_may_ask_for_has_names_for_people(programme: Programme) -> None:
    client = programme.signed_in("auditor")
    found = {one["name"]: one["label"] for one in client.get("/v1/templates/variables").json()["items"]}

    assert "退订链接" == found["unsubscribe_url"]["zh-Hans"]
    assert {"member.firstName", "balance.points", "event.order_id", "coupon.code"} <= set(found)
    asked = " ".join(f"{{{{ {name} }}}}" for name in found)
    said = programme.signed_in("marketer").post("/v1/templates/check", json={"body": {"en": asked}})
    assert [] == said.json()["findings"]


def test_a_preview_names_what_is_missing(programme: Programme) -> None:
    """What stands in for a missing value is not missed; nor is what another language asks for."""
    joined(programme, city="Hangzhou")
    template = {
        "key": "hello",
        "name": {"en": "Hello"},
        "body": {
            "en": "{{ member.city }} {{ coupon.code }} {{ member.first_name|friend }}",
            "zh-Hans": "{{ event.total }}",
        },
        "when_missing": "fail",
    }

    said = preview(programme, template=template, language="en")

    assert (["coupon.code"], "Hangzhou  friend") == (said["missing"], said["text"])


def test_a_value_that_must_not_be_missing_fails_the_message(programme: Programme, box: Box) -> None:
    strict = {
        "key": "thanks",
        "name": {"en": "T"},
        "body": {"en": "{{ member.city }}"},
        "when_missing": "fail",
    }
    client = programme.signed_in("marketer")
    assert 200 == client.put("/v1/definitions/templates/thanks", json=strict).status_code
    ordered(programme)
    delivery(programme, box).work()

    (dead,) = programme.signed_in("auditor").get("/v1/outbox?status=dead").json()["items"]
    assert "member.city is missing" in dead["last_error"]


def test_a_member_unsubscribes_by_the_link_of_a_message(programme: Programme, box: Box) -> None:
    """The page asks before it does anything; the mail program's button posts without a page."""
    ordered(programme)
    delivery(programme, box).work()
    link = box.messages[0].unsubscribe.removeprefix("http://localhost:8000")
    anybody = programme.browser()
    asked = anybody.get(link)
    assert 200 == asked.status_code
    assert "e-mail" in asked.text
    assert [] == told(programme, "Consent Withdrawn")

    done = anybody.post(
        link, content="List-Unsubscribe=One-Click", headers={"Origin": "https://mail.example"}
    )
    assert 200 == done.status_code
    assert [{"channel": "email"}] == told(programme, "Consent Withdrawn")
    assert 404 == anybody.get(f"{link[:-4]}aaaa").status_code

    order = {"userId": "m1", "event": "Order Completed", "properties": {"order_id": "A2", "total": 120}}
    effects = programme.backend().post("/v1/track", json=order).json()
    assert 0 == delivery(programme, box).work(), effects


def test_a_service_message_has_no_link(programme: Programme, box: Box) -> None:
    receipt = {"key": "thanks", "name": {"en": "T"}, "body": {"en": "Paid"}, "purpose": "service"}
    client = programme.signed_in("marketer")
    assert 200 == client.put("/v1/definitions/templates/thanks", json=receipt).status_code
    ordered(programme)
    delivery(programme, box).work()

    assert "" == box.messages[0].unsubscribe


@pytest.mark.parametrize(("channel", "to"), [("sms", "13800138000"), ("wecom", "o-1"), ("push", "")])
def test_a_gateway_takes_a_channels_messages_as_signed_webhooks(
    programme: Programme, box: Box, channel: str, to: str
) -> None:
    with receiving() as receiver:
        gateway = {"key": "gate", "name": {"en": "Gate"}, "url": receiver.url}
        client = programme.signed_in("administrator")
        secret = client.put("/v1/definitions/endpoints/gate", json=gateway).json()["secret"]
        setting = {"key": channel, "name": {"en": channel}, "endpoint": "gate"}
        assert 200 == client.put(f"/v1/definitions/channels/{channel}", json=setting).status_code
        joined(programme, phone="13800138000", openid="o-1")
        message = {"type": "send_message", "channel": channel, "template": "thanks"}
        ordered(programme, {**RULE, "then": [message]})
        sender: Delivery = delivery(programme, box)
        assert 1 == sender.work()

        ((headers, body),) = receiver.posts
    moment = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    signed = Webhook(secret).sign(headers["webhook-id"], moment, body.decode())
    assert signed == headers["webhook-signature"]
    event = json.loads(body)
    assert "dev.regulars.message" == event["type"]
    said = event["data"]
    assert (channel, to, "thanks") == (said["channel"], said["to"], said["template"])
    assert said["text"].startswith("Hello 王小梅")
    assert [] == box.messages
