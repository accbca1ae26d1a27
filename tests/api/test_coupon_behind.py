"""A message tells of the coupon that its own journey issued, also after a wait."""

from typing import Any

from api.service.replaying import replay_log
from api.service.timers import Timers
from api.store import outbox
from engine.language.definitions import Definitions
from tests.api.conftest import DEFINITIONS, Programme

Json = dict[str, Any]
REMINDER = {"key": "reminder", "name": {"en": "Reminder"}, "body": {"en": "{{ coupon.code|none }}"}}
RECEIPT = {"key": "receipt", "name": {"en": "Receipt"}, "body": {"en": "{{ event.total|none }}"}}
ISSUE: Json = {"type": "issue_coupon", "coupon": "TEN"}
SEND: Json = {"type": "send_message", "channel": "console", "template": "reminder"}
WAIT: Json = {"type": "wait", "for": {"days": 3}}
BIG: Json = {"type": "compare", "fact": "event.total", "op": "gte", "value": 100}


def published(programme: Programme, *then: Json, contact: Json | None = None, **said: Any) -> None:
    goods: Json = {**DEFINITIONS}
    goods["templates"] = [*goods["templates"], REMINDER, RECEIPT]
    goods = goods | {"programme": {"zone": "Asia/Shanghai"}, "contact": [contact] if contact else []}
    programme.services.definitions.merge(Definitions.model_validate(goods), by="test")
    when = {"type": "event", "event": "Signed Up"}
    document: Json = {"language": 1, "key": "r", "name": {"en": "R"}, "when": when, "then": [*then]}
    programme.publish(document | said)


def happens(programme: Programme, event: str = "Signed Up", member: str = "ann", **properties: Any) -> None:
    body = {"userId": member, "event": event, "properties": properties}
    assert 200 == programme.backend().post("/v1/track", json=body).status_code


def later(programme: Programme, days: float) -> None:
    programme.clock.advance(int(days * 86_400))
    programme.run(Timers(programme.services.rulebook, programme.sources, programme.clock).tick)


def codes(programme: Programme) -> list[str]:
    """Return the codes that every coupon has, in the order they were issued."""
    held = programme.backend().get("/v1/members/ann").json()["coupons"]
    return [one["code"] for one in sorted(held, key=lambda one: one["issued_at"])]


def texts(programme: Programme) -> list[str]:
    """Return what each message that may leave says, oldest first."""
    with programme.database.read() as connection:
        assert [] == replay_log(connection).divergences
        found = outbox.page(connection, status="pending", before=None, limit=50)
        return [programme.composer.message(connection, one).text for one in reversed(found)]


def test_after_a_wait_it_is_the_one_issued_before_it(either: Programme) -> None:
    """Also over two waits; each time the member begins anew, it is that time's."""
    published(either, ISSUE, WAIT, SEND, WAIT, SEND)
    happens(either)
    later(either, 3)
    later(either, 3)
    happens(either)
    later(either, 3)

    first, second = codes(either)
    assert [first, first, second] == texts(either)


def test_a_time_without_a_coupon_tells_of_none(programme: Programme) -> None:
    """What was issued when the member was in the rule before is not told again."""
    asked = {"type": "branch", "if": BIG, "then": [ISSUE]}
    published(programme, asked, WAIT, SEND)
    happens(programme, total=100)
    later(programme, 3)
    happens(programme, total=1)
    later(programme, 3)

    assert [*codes(programme), "none"] == texts(programme)


def test_after_an_event_that_was_waited_for(programme: Programme) -> None:
    waits: Json = {"type": "wait_for", "event": "Seen", "timeout": {"days": 9}, "then": [SEND]}
    published(programme, ISSUE, waits)
    happens(programme)
    happens(programme, "Seen")

    assert codes(programme) == texts(programme)


def test_another_rules_coupon_is_not_told_after_a_wait(programme: Programme) -> None:
    published(programme, WAIT, SEND)
    other = {"language": 1, "key": "other", "name": {"en": "O"}, "then": [ISSUE]}
    programme.publish(other | {"when": {"type": "event", "event": "Signed Up"}})
    happens(programme)
    later(programme, 3)

    assert 1 == len(codes(programme))
    assert ["none"] == texts(programme)


def test_what_quiet_hours_held_tells_of_it_too(programme: Programme) -> None:
    """At 16:00 in Shanghai they begin to hold: once what was issued with it, once what was before a wait."""
    quiet = {"from": "15:00", "until": "18:00", "then": "hold"}
    calm: Json = {"key": "calm", "name": {"en": "Calm"}, "caps": [], "quiet_hours": quiet}
    published(programme, ISSUE, SEND, WAIT, SEND, contact=calm)
    happens(programme)
    later(programme, 0.2)
    later(programme, 2.8)
    later(programme, 0.2)

    assert codes(programme) * 2 == texts(programme)


def test_what_the_event_told_stands_in_the_message(either: Programme) -> None:
    """Also in one that quiet hours hold, and after a wait: that of the event that the rule began with."""
    quiet = {"from": "15:00", "until": "18:00", "then": "hold"}
    calm: Json = {"key": "calm", "name": {"en": "Calm"}, "caps": [], "quiet_hours": quiet}
    told = {**SEND, "template": "receipt"}
    published(either, told, WAIT, told, contact=calm)
    for total in (12, 7):
        happens(either, total=total)
        later(either, 0.2)
        later(either, 2.8)
        later(either, 0.2)

    assert ["12", "12", "7", "7"] == texts(either)


def test_an_event_that_was_waited_for_is_told_itself(programme: Programme) -> None:
    told = {**SEND, "template": "receipt"}
    wait = {
        "type": "wait_for",
        "event": "Order Completed",
        "timeout": {"days": 3},
        "then": [told],
        "else": [told],
    }
    published(programme, wait)
    happens(programme, total=12)
    happens(programme, "Order Completed", total=30)
    happens(programme, "Signed Up", "bob", total=8)
    later(programme, 3)

    assert ["30", "8"] == texts(programme)


def test_after_a_merge_it_is_the_one_that_was_issued_under_the_other_name(either: Programme) -> None:
    published(either, ISSUE, WAIT, SEND)
    happens(either, "Seen", "bob")
    either.clock.advance(60)
    happens(either)
    merged = either.backend().post("/v1/alias", json={"userId": "bob", "previousId": "ann"})
    assert 200 == merged.status_code
    later(either, 3)

    assert codes(either) == texts(either)
