"""The outbox: at least once, with one id, patiently, and then given up."""

import time
from typing import Any

import pytest
from standardwebhooks import Webhook

from api.channels.outgoing import Message, Undelivered
from api.channels.webhook import Webhooks
from api.service.deliver import DELAYS, Delivery, DeliveryWorker
from api.service.reporting import Reporting
from api.service.timers import Timers
from api.store import outbox
from engine.values import MICROSECONDS, parse_instant
from tests.api.conftest import RULE, Programme
from tests.api.receivers import receiving


class Box:
    """Keeps messages, or refuses them."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.refuse: Undelivered | None = None

    def send(self, message: Message) -> None:
        self.messages.append(message)
        if self.refuse is not None:
            raise self.refuse


@pytest.fixture
def box() -> Box:
    return Box()


def delivery(programme: Programme, box: Box) -> Delivery:
    return Delivery(
        programme.database,
        programme.run,
        programme.composer,
        programme.clock,
        channels={"console": box},
        webhooks=Webhooks(allow_private=True),
    )


def ordered(programme: Programme, rule: dict[str, Any] = RULE) -> None:
    """Let a member make an order that a rule answers with a message or a webhook."""
    programme.publish(rule)
    client = programme.backend()
    traits = {"name": "王小梅", "email": "mei@example.com", "language": "en"}
    assert 200 == client.post("/v1/identify", json={"userId": "m1", "traits": traits}).status_code
    properties = {"order_id": "A1", "total": 120}
    order = {"userId": "m1", "event": "Order Completed", "properties": properties}
    assert 200 == client.post("/v1/track", json=order).status_code


def statuses(programme: Programme, **asked: str) -> list[str]:
    items = programme.signed_in("auditor").get("/v1/outbox", params=asked).json()["items"]
    return [one["status"] for one in items]


def test_personal_values_are_opened_only_to_send(programme: Programme, box: Box) -> None:
    ordered(programme)
    assert 1 == delivery(programme, box).work()

    (message,) = box.messages
    assert ("mei@example.com", "For 王小梅") == (message.to, message.subject)
    assert message.text.startswith("Hello 王小梅, use ")
    assert message.text.endswith(" after order A1.")
    assert ["delivered"] == statuses(programme)
    assert 0 == delivery(programme, box).work()


def test_a_notice_says_how_much_ends_and_on_which_day(programme: Programme, box: Box) -> None:
    client = programme.signed_in("marketer")
    stars = {"key": "stars", "name": {"en": "Stars"}, "expires_after": {"days": 30}}
    body = {"en": "{{ event.points }} of {{ balance.stars }} end on {{ event.expires_at }}{{ coupon.code }}."}
    ending = {"key": "ending", "name": {"en": "Ending"}, "body": body}
    for path, said in (("units/stars", stars), ("templates/ending", ending)):
        assert 200 == client.put(f"/v1/definitions/{path}", json=said).status_code
    notice = {
        "key": "notice",
        "name": {"en": "Notice"},
        "when": {"type": "before_expiry", "of": "points", "unit": "stars", "for": {"days": 7}},
        "then": [{"type": "send_message", "channel": "console", "template": "ending"}],
    }
    programme.publish({"language": 1, **notice})
    award = {"type": "award_points_by_amount", "points_per_unit": "1", "fact": "event.total", "unit": "stars"}
    ordered(programme, {**RULE, "then": [award]})
    programme.clock.advance(24 * 86_400)
    timers = Timers(programme.services.rulebook, programme.sources, programme.clock)
    programme.run(timers.tick)
    delivery(programme, box).work()

    assert ["120 of 120 end on 2027-02-14."] == [one.text for one in box.messages]


def test_it_is_tried_again_and_then_given_up(programme: Programme, box: Box) -> None:
    ordered(programme)
    box.refuse = Undelivered("busy")
    sender = delivery(programme, box)
    for delay in DELAYS:
        assert 1 == sender.work()
        programme.clock.advance(int(delay * 0.79))
        assert 0 == sender.work()
        programme.clock.advance(int(delay * 0.42) + 1)
    assert ["pending"] == statuses(programme)
    assert 1 == sender.work()

    assert ["dead"] == statuses(programme, status="dead")
    assert 1 == len({one.id for one in box.messages})
    assert len(DELAYS) + 1 == len(box.messages)


def test_a_dead_letter_is_sent_again_by_hand(programme: Programme, box: Box) -> None:
    ordered(programme)
    box.refuse = Undelivered("no such user", final=True)
    sender = delivery(programme, box)
    sender.work()
    client = programme.signed_in("marketer")
    (dead,) = client.get("/v1/outbox?status=dead").json()["items"]
    assert ("no such user", [False]) == (dead["last_error"], [one["ok"] for one in dead["deliveries"]])

    box.refuse = None
    assert "pending" == client.post(f"/v1/outbox/{dead['id']}/redeliver").json()["status"]
    assert 409 == client.post(f"/v1/outbox/{dead['id']}/redeliver").status_code
    sender.work()
    assert ["delivered"] == statuses(programme)
    assert [dead["id"]] * 2 == [one.id for one in box.messages]


def test_what_was_claimed_by_a_process_that_died_is_due_again(programme: Programme, box: Box) -> None:
    ordered(programme)
    now = programme.clock.now()
    programme.run(lambda connection: outbox.claim(connection, now, now + 300 * MICROSECONDS, 10))
    sender = delivery(programme, box)
    assert 0 == sender.work()

    programme.clock.advance(300)
    assert 1 == sender.work()


def test_a_mistake_of_ours_stops_nothing(
    programme: Programme, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    ordered(programme)

    def fail(*_given: object) -> None:
        raise RuntimeError("a secret detail")

    monkeypatch.setattr(box, "send", fail)
    assert 1 == delivery(programme, box).work()
    (one,) = programme.signed_in("auditor").get("/v1/outbox").json()["items"]
    assert "pending" == one["status"]
    assert "secret" not in one["last_error"]


def test_a_webhook_reaches_its_endpoint(programme: Programme, box: Box) -> None:
    programme.clock.instant = int(time.time()) * MICROSECONDS
    rule = {**RULE, "then": [{"type": "call_webhook", "endpoint": "crm"}]}
    with receiving() as receiver:
        endpoint = {"key": "crm", "name": {"en": "CRM"}, "url": receiver.url}
        client = programme.signed_in("marketer")
        secret = client.put("/v1/definitions/endpoints/crm", json=endpoint).json()["secret"]
        ordered(programme, rule)
        sender = delivery(programme, box)
        receiver.status = 503
        assert 1 == sender.work()
        programme.clock.advance(13)
        receiver.status = 204
        assert 1 == sender.work()

    assert 2 == len(receiver.posts)
    event = Webhook(secret).verify(receiver.posts[1][1], receiver.posts[1][0])
    assert ("m1", "big-order", "Order Completed") == (
        event["data"]["member"],
        event["data"]["rule"],
        event["data"]["event"]["name"],
    )
    assert receiver.posts[0][0]["webhook-id"] == receiver.posts[1][0]["webhook-id"] == event["id"]
    assert ["delivered"] == statuses(programme)


def test_the_worker_outlives_failures(
    programme: Programme, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    ordered(programme)
    sender = delivery(programme, box)
    work, calls = sender.work, iter([RuntimeError("once"), None])

    def sometimes() -> int:
        error = next(calls, None)
        if error is not None:
            raise error
        return work()

    monkeypatch.setattr(sender, "work", sometimes)
    worker = DeliveryWorker([sender.work], every=0.01)
    worker.start()
    for _ in range(500):
        if box.messages:
            break
        time.sleep(0.01)
    worker.close()

    assert 1 == len(box.messages)


def reporting(programme: Programme) -> Reporting:
    services = programme.services
    return Reporting(
        programme.database, programme.run, services.rulebook, services.door, services.ingest.submit
    )


def told(programme: Programme, name: str) -> list[dict[str, Any]]:
    """Return what a member's log tells of its messages under a name, oldest first."""
    items = programme.signed_in("auditor").get("/v1/members/m1/timeline").json()["items"]
    return [one["properties"] for one in reversed(items) if one["name"] == name]


def test_what_became_of_a_message_comes_back_as_an_event(programme: Programme, box: Box) -> None:
    """Ruling 19: sent or failed, once each, with what rules may ask of it."""
    ordered(programme)
    delivery(programme, box).work()
    assert [1, 0] == [reporting(programme).work(), reporting(programme).work()]

    (sent,) = told(programme, "Message Sent")
    said = {"channel": "email", "purpose": "marketing", "rule": "big-order", "template": "thanks"}
    assert {**said, "message": box.messages[0].id} == sent


def test_a_report_that_was_interrupted_is_the_same_event(programme: Programme, box: Box) -> None:
    ordered(programme)
    delivery(programme, box).work()
    stopped = reporting(programme)
    stopped._run = lambda _work: None  # type: ignore[assignment]
    assert 1 == stopped.work()
    programme.clock.advance(60)

    assert [1, 0] == [reporting(programme).work(), reporting(programme).work()]
    assert 1 == len(told(programme, "Message Sent"))


def test_a_rule_falls_back_to_another_channel_once_the_first_has_failed(
    programme: Programme, box: Box
) -> None:
    failed = {"type": "compare", "fact": "event.channel", "op": "eq", "value": "email"}
    recall = {
        "language": 1,
        "key": "recall",
        "name": {"en": "Recall", "zh-Hans": "召回"},
        "when": {"type": "event", "event": "Message Failed", "where": failed},
        "then": [{"type": "send_message", "channel": "sms", "template": "thanks"}],
    }
    programme.publish(recall)
    ordered(programme)
    box.refuse = Undelivered("the mail server answered 550", final=True)
    sender = delivery(programme, box)
    sender.work()
    reporting(programme).work()
    box.refuse = None
    sender.work()
    reporting(programme).work()

    assert ["email", "sms"] == [one.channel for one in box.messages]
    (failure,) = told(programme, "Message Failed")
    assert ("email", "the mail server answered 550") == (failure["channel"], failure["reason"])
    assert ["sms"] == [one["channel"] for one in told(programme, "Message Sent")]


def test_a_suppressed_message_is_told_of_with_its_reason(programme: Programme, box: Box) -> None:
    client = programme.backend()
    withdrawn = {"userId": "m1", "event": "Consent Withdrawn", "properties": {"channel": "email"}}
    assert 200 == client.post("/v1/track", json=withdrawn).status_code
    ordered(programme)
    assert 0 == delivery(programme, box).work()
    reporting(programme).work()

    (suppressed,) = told(programme, "Message Suppressed")
    assert ("no-consent", "email") == (suppressed["reason"], suppressed["channel"])
    assert ["suppressed"] == statuses(programme)


def test_a_message_waits_in_the_outbox_for_quiet_hours_to_end(programme: Programme, box: Box) -> None:
    """The held row becomes the one that leaves, with the event that asked for it and its coupon."""
    quiet = {"from": "00:00", "until": "23:59"}
    policy = {"key": "night", "name": {"en": "Night", "zh-Hans": "夜间"}, "quiet_hours": quiet}
    client = programme.signed_in("marketer")
    assert 200 == client.put("/v1/definitions/contact/night", json=policy).status_code
    ordered(programme)
    (held,) = programme.signed_in("marketer").get("/v1/outbox?status=held").json()["items"]
    assert ("held", "quiet-hours") == (held["status"], held["last_error"])
    assert 0 == delivery(programme, box).work()
    assert 0 == reporting(programme).work()

    until = parse_instant(held["next_attempt_at"])
    programme.clock.advance((until - programme.clock.now()) // MICROSECONDS)
    timers = Timers(programme.services.rulebook, programme.sources, programme.clock)
    programme.run(timers.tick)
    assert 1 == delivery(programme, box).work()
    assert box.messages[0].text.endswith(" after order A1.")
    assert held["id"] == box.messages[0].id
    assert ["delivered"] == statuses(programme)
