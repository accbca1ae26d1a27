"""Why a rule did or didn't fire for a member: over HTTP, of an entry and of a trigger that is supposed."""

from typing import Any

from api.service.telling import Tellings, Ticking
from api.service.timers import Timers
from engine.values import MICROSECONDS, instant_text, parse_instant
from tests.api.conftest import Programme

Json = dict[str, Any]
DAY = 86_400 * MICROSECONDS
BIG: Json = {
    "language": 1,
    "key": "big",
    "name": {"en": "Big order", "zh-Hans": "大额订单"},
    "when": {"type": "event", "event": "Order Completed"},
    "if": {"type": "compare", "fact": "event.total", "op": "gte", "value": 100},
    "then": [{"type": "add_tag", "tag": "vip"}],
    "limits": {"per_member": {"times": 1, "within": {"days": 180}}},
}
GONE: Json = {
    "language": 1,
    "key": "gone",
    "name": {"en": "Gone"},
    "when": {"type": "absence", "event": "Order Completed", "for": {"days": 30}},
    "then": [{"type": "add_tag", "tag": "vip"}],
}


def order(programme: Programme, total: int, user: str = "m") -> None:
    now = programme.clock.now()
    call = {
        "userId": user,
        "messageId": f"o{now}",
        "event": "Order Completed",
        "properties": {"total": total},
    }
    assert 200 == programme.backend().post("/v1/track", json=call).status_code


def ask(
    programme: Programme, rule: str = "big", at: str | None = None, status: int = 200, member: str = "m"
) -> Json:
    asked = {"rule": rule} | ({"at": at} if at is not None else {})
    answer = programme.backend().get(f"/v1/members/{member}/explain", params=asked)
    assert status == answer.status_code, answer.text
    found: Json = answer.json()
    return found


def states(found: Json) -> dict[str, str]:
    return {one["kind"]: one["state"] for one in found["checks"]}


def hows(found: Json) -> list[str]:
    """What it takes for the rule to fire, one thing after the other."""
    return [one["how"] for one in (found["change"], *found["change"]["further"])]


def member(programme: Programme, key: str) -> str:
    return str(programme.backend().get(f"/v1/members/{key}").json()["id"])


def tick(programme: Programme) -> None:
    book, sources, clock = programme.services.rulebook, programme.sources, programme.clock
    programme.run(Ticking(Timers(book, sources, clock), Tellings(book, sources, clock), clock).tick)


class TestOfAnEntry:
    def test_it_fired(self, either: Programme) -> None:
        either.publish(BIG)
        order(either, 100)
        found = ask(either, at=instant_text(either.clock.now()))

        assert found["fires"]
        assert ("entry", None, None) == (found["basis"], found["blocked_by"], found["change"])
        assert {"holds"} == set(states(found).values())
        assert "fired" == found["asked"]["result"]
        assert "“大額訂單”已觸發。" == found["text"]["zh-Hant"]
        told = either.backend().get(f"/v1/decisions/{found['asked']['sequence']}").json()
        assert [("big", "fired")] == [(one["rule"], one["result"]) for one in told["outcomes"]]

    def test_a_condition_says_what_would_have_to_be_read(self, programme: Programme) -> None:
        programme.publish(BIG)
        order(programme, 99)
        found = ask(programme, at=instant_text(programme.clock.now())[:10])

        assert ("condition", "not_reached") == (found["blocked_by"], states(found)["per_member"])
        (change,) = found["change"]["facts"]["changes"]
        assert ("event.total", 99, 100) == (change["fact"], change["before"], change["after"])
        condition = next(one for one in found["checks"] if one["kind"] == "condition")
        assert 99 == condition["trace"]["read"]
        assert found["change"]["text"]["en"] in found["text"]["en"]

    def test_a_limit_says_when_it_frees(self, programme: Programme) -> None:
        """And from that very instant on it fires, an instant before it doesn't."""
        start = programme.clock.now()
        programme.publish(BIG)
        order(programme, 100)
        programme.clock.instant = start + DAY
        order(programme, 100)
        found = ask(programme, at=instant_text(start + DAY))

        assert ("per_member", "limited") == (found["blocked_by"], found["asked"]["result"])
        limit = next(one for one in found["checks"] if one["kind"] == "per_member")
        assert (1, 1) == (limit["read"]["fired"], limit["read"]["times"])
        freed = parse_instant(found["change"]["at"])
        assert start + 180 * DAY == freed
        programme.clock.instant = freed
        assert ask(programme, at=instant_text(freed))["would_fire"]
        assert "per_member" in [
            one["kind"]
            for one in ask(programme, at=instant_text(freed - 1))["checks"]
            if one["state"] == "fails"
        ]

    def test_another_of_its_group_came_first(self, programme: Programme) -> None:
        group = {"exclusive_group": "offers"}
        programme.publish(BIG | {"limits": group})
        programme.publish(BIG | {"key": "also", "name": {"en": "Also"}, "priority": 60, "limits": group})
        order(programme, 100)
        found = ask(programme, "also", at=instant_text(programme.clock.now()))

        assert "“Also” did not fire: another rule of its exclusive group came first." in found["text"]["en"]
        group_check = next(one for one in found["checks"] if one["kind"] == "group")
        assert ("fails", {"group": "offers", "rules": ["big"]}) == (group_check["state"], group_check["read"])
        assert found["change"] is None

    def test_an_absence(self, programme: Programme) -> None:
        programme.publish(GONE)
        start = programme.clock.now()
        order(programme, 1)
        programme.clock.instant = start + 10 * DAY
        before = ask(programme, "gone")
        due = parse_instant(before["change"]["at"])
        programme.clock.instant = due
        tick(programme)
        then = ask(programme, "gone", instant_text(due))
        programme.clock.instant = due + DAY
        later = ask(programme, "gone")

        assert ("trigger", "not-due", "supposed") == (
            before["blocked_by"],
            before["checks"][1]["reason"],
            before["basis"],
        )
        assert instant_text(start + 30 * DAY) == before["checks"][1]["read"]["due_at"]
        assert ("entry", True) == (then["basis"], then["fires"])
        assert ("told-already", "event", "Order Completed") == (
            later["checks"][1]["reason"],
            later["change"]["how"],
            later["change"]["event"],
        )
        assert then["asked"]["sequence"] == later["asked"]["sequence"]


class TestSupposed:
    def test_the_newest_event_is_read(self, programme: Programme) -> None:
        programme.publish(BIG)
        order(programme, 99)
        programme.clock.instant += DAY
        found = ask(programme)

        assert ("supposed", "trigger", False) == (
            found["basis"],
            found["blocked_by"],
            found["would_fire"],
        )
        assert [99] == [one["trace"]["read"] for one in found["checks"] if one["kind"] == "condition"]
        assert ("event", "Order Completed") == (found["change"]["how"], found["change"]["event"])
        assert ["event", "facts"] == hows(found)
        (total,) = found["change"]["further"][0]["facts"]["changes"]
        assert ("event.total", 99, 100) == (total["fact"], total["before"], total["after"])
        assert found["change"]["text"]["en"] in found["text"]["en"]
        assert "not_matched" == found["asked"]["result"]

    def test_paused_and_not_yet_published(self, programme: Programme) -> None:
        start = programme.clock.now()
        order(programme, 100)
        programme.clock.instant = start + DAY
        programme.publish(BIG)
        programme.clock.instant = start + 2 * DAY
        programme.services.publish.pause("big", by="test")
        programme.clock.instant = start + 3 * DAY
        order(programme, 100)
        paused = ask(programme)
        early = ask(programme, at=instant_text(start))

        assert ("paused", True, None) == (paused["blocked_by"], paused["would_fire"], paused["asked"])
        assert "resume" == paused["change"]["how"]
        assert (None, "published") == (early["version"], early["blocked_by"])
        assert instant_text(start + DAY) == early["checks"][0]["read"]["since"]
        assert ["resume", "event"] == hows(paused)
        assert ["publish", "event"] == hows(early)

    def test_what_cannot_be_answered(self, programme: Programme) -> None:
        programme.publish(BIG)
        order(programme, 1)

        for rule, at, status, code in (
            ("other", None, 404, "not-found"),
            ("big", "2001-01-01", 404, "not-found"),
            ("big", "2999-01-01", 422, "invalid-request"),
            ("big", "yesterday", 422, "invalid-request"),
            ("big", "2026-02-30", 422, "invalid-request"),
        ):
            assert code == ask(programme, rule, at, status)["code"], (rule, at)


class TestOfWhoIsNoMoreAsThen:
    def test_a_part_answers_for_itself_until_it_is_one(self, either: Programme) -> None:
        either.publish(BIG)
        for user, total in (("m", 99), ("n", 100)):
            order(either, total, user)
            either.clock.advance(60)
        then = instant_text(either.clock.now())
        either.clock.advance(60)
        joined = either.backend().post("/v1/alias", json={"userId": "m", "previousId": "n"})
        assert 200 == joined.status_code, joined.text
        either.clock.advance(60)
        whole = member(either, "n")

        assert {"m", "n"} == {whole, *(one for one in ("m", "n") if one != whole)}
        part = "n" if whole == "m" else "m"
        assert (part, whole) == (
            ask(either, at=then, member=part)["member"],
            ask(either, member=part)["member"],
        )
        assert ask(either, at=then, member="n")["asked"]["result"] == "fired"
        assert ask(either, at=then, member="m")["asked"]["result"] == "not_matched"

    def test_of_who_was_erased_what_was_decided_is_still_told(self, either: Programme) -> None:
        either.publish(BIG)
        order(either, 100)
        then = instant_text(either.clock.now())
        either.clock.advance(60)
        client = either.signed_in("administrator")
        gone = client.post("/v1/members/m/erase", json={"id": "r1", "why": "asked for it"})
        assert 200 == gone.status_code, gone.text
        either.clock.advance(60)

        assert ask(either, at=then)["fires"]
        assert "was erased at" in ask(either, status=404)["detail"]
