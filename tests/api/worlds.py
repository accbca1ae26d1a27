"""Programmes with rules drawn from a seed, and a crowd's life told to each of them, the clock never late."""

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any, Final, NamedTuple

import orjson
from pydantic import SecretStr
from sqlalchemy import select

from api.assembly import Programme, assemble
from api.service.calls import Call, Told
from api.service.telling import Tellings, Ticking
from api.service.timers import Timers
from api.settings import Settings
from api.store.schema import COUPON, DECISION, EVENT
from engine.language.definitions import Definitions
from engine.language.parse import parse_rule
from engine.values import MICROSECONDS, Instant
from tests.api.conftest import SECRET, Trusting
from tests.support.clock import FixedClock
from tests.support.life import ORDER

Json = dict[str, Any]
START: Final[Instant] = 1_800_000_000 * MICROSECONDS
DAY: Final = 86_400
MEMBERS: Final = 5
TAGS: Final = ("churn-risk", "vip", "warm")
_NAME: Final = {"en": "n", "zh-Hans": "名"}

DEFINITIONS: Final[Json] = {
    "programme": {"zone": "Asia/Shanghai", "currency": "CNY"},
    "attributes": [
        {"name": "birthday", "label": _NAME, "type": "text"},
        {"name": "friend", "label": _NAME, "type": "text"},
        {"name": "grade", "label": _NAME, "type": "text"},
    ],
    "events": [
        {
            "name": name,
            "label": _NAME,
            "properties": [
                {"name": "total", "type": "number", "label": _NAME},
                {"name": "order_id", "type": "text", "label": _NAME},
            ],
        }
        for name in ("Checked In", "Friend Bought")
    ],
    "tags": [{"key": key, "name": _NAME, "meaning": "for a test"} for key in TAGS],
    "units": [{"key": "points", "name": _NAME, "expires_after": {"days": 40}}],
    "coupons": [
        {"key": "TEN", "name": _NAME, "kind": "percent", "value": "10", "valid_days": 20, "per_member": 3,
         "unit_cost": "4"},
        {"key": "GIFT", "name": _NAME, "kind": "gift", "valid_days": 9, "total": 4},
    ],
    "templates": [
        {"key": "news", "name": _NAME, "body": {"en": "Hello"}},
        {"key": "bill", "name": _NAME, "body": {"en": "Hello"}, "purpose": "service"},
    ],
    "endpoints": [{"key": "crm", "name": _NAME, "url": "https://crm.example/hook"}],
    "contact": [
        {"key": "calm", "name": _NAME, "quiet_hours": {"from": "21:00", "until": "09:00"},
         "caps": [{"times": 2, "within": {"days": 7}}]}
    ],
    "segments": [
        {"key": "gold", "name": _NAME, "meaning": "Graded gold",
         "condition": {"type": "history", "measure": "sum", "event": ORDER, "property": "total",
                       "within": {"days": 30}, "op": "gte", "value": 200}}
    ],
    "budgets": [{"key": "bonus", "name": _NAME, "counts": "points", "amount": "150", "period": "month"}],
    "ladders": [
        {"key": "tier", "name": _NAME, "measure": "sum", "currency": "CNY", "period": "rolling",
         "within": {"days": 60}, "downgrade": "one_level",
         "tiers": [{"key": "silver", "name": _NAME, "reached_at": "150"},
                   {"key": "black", "name": _NAME, "reached_at": "400"}]}
    ],
}  # fmt: skip


def _has(tag: str) -> Json:
    return {"type": "compare", "fact": "member.tags", "op": "has", "value": tag}


def _on(event: str, key: str | None = None, value: str | None = None) -> Json:
    where = {"type": "compare", "fact": f"event.{key}", "op": "eq", "value": value}
    return {"type": "event", "event": event, **({} if key is None else {"where": where})}


def _message(chance: Random) -> Json:
    return {"type": "send_message", "channel": chance.choice(["sms", "email"]),
            "template": chance.choice(["news", "news", "bill"])}  # fmt: skip


def rules(chance: Random, *, scarce: bool) -> list[Json]:
    """Return rules of many kinds, some of those that there are; `scarce` are those that members share."""
    days = chance.choice([3, 7, 12])
    tag, other = chance.sample(TAGS, 2)
    kinds: list[Json] = [
        {"key": "by-amount", "when": _on(ORDER), "then": [
            {"type": "award_points_by_amount", "points_per_unit": chance.choice(["1", "0.5"]),
             "fact": "event.total", **({"once_per": "order_id"} if scarce else {})}]},
        {"key": "big", "when": _on(ORDER),
         "if": {"type": "compare", "fact": "event.total", "op": "gte", "value": chance.choice([40, 90])},
         "then": [{"type": "add_tag", "tag": tag, "expires_after": {"days": days}}]},
        {"key": "follow-up", "when": _on("Tag Added", "tag", tag),
         "then": [{"type": "issue_coupon", "coupon": chance.choice(["TEN", "GIFT"]) if scarce else "TEN"},
                  _message(chance)]},
        {"key": "gone", "when": {"type": "absence", "event": ORDER, "for": {"days": days},
                                 "or_joining": chance.random() < 0.5},
         "then": [{"type": "add_tag", "tag": other}, {"type": "wait", "for": {"hours": 30}},
                  _message(chance), {"type": "award_points", "points": 3}],
         **({"exit": {"type": "event", "event": ORDER}} if chance.random() < 0.5 else {})},
        {"key": "journey", "when": _on(ORDER), "re_entry": chance.choice(["restart", "once"]),
         "then": [{"type": "wait_for", "event": "Checked In", "timeout": {"days": days}},
                  {"type": "branch", "if": _has(tag), "then": [{"type": "award_points", "points": 11}],
                   "else": [{"type": "wait_until", "at": "10:00"}, _message(chance)]}]},
        {"key": "check-in", "when": _on("Checked In"), "then": [{"type": "award_points", "points": 5}],
         "limits": {"per_member": {"times": 2, "within": {"days": days}}}},
        {"key": "bonus", "when": _on(ORDER), "then": [{"type": "award_points", "points": 30}],
         "limits": {"budget": "bonus"}},
        {"key": "few", "when": _on(chance.choice([ORDER, "Checked In"])),
         "then": [{"type": "add_tag", "tag": "warm"}],
         "limits": {"total": 6, "per_member": {"times": chance.choice([2, 3])}}},
        {"key": "weekly", "when": {"type": "schedule", "every": "week", "on_weekday": "fri", "at": "12:00"},
         "if": _has("warm"), "then": [{"type": "award_points", "points": 2}]},
        {"key": "notice", "when": {"type": "before_expiry", "of": "points", "for": {"days": 5}},
         "then": [{"type": "call_webhook", "endpoint": "crm"}]},
        {"key": "fan", "when": {"type": "while"},
         "if": {"type": "compare", "fact": "member.segments", "op": "has", "value": "gold"},
         "then": [{"type": "add_tag", "tag": other}]},
        {"key": "late", "when": _on(ORDER), "late": {"policy": chance.choice(["fire", "ignore"])},
         "then": [{"type": "award_points", "points": 1}, {"type": "remove_tag", "tag": other}]},
        {"key": "kept-aside", "when": _on("Checked In"), "then": [_message(chance)],
         "limits": {"holdout_percent": 40}},
        {"key": "raised", "when": _on("Tier Upgraded"), "then": [{"type": "issue_coupon", "coupon": "GIFT"}]},
        {"key": "friend", "when": _on(ORDER), "then": [
            {"type": "tell_member", "member": "member.friend", "event": "Friend Bought"}]},
        {"key": "thanks", "when": _on("Friend Bought"), "then": [{"type": "award_points", "points": 7}]},
        {"key": "ended", "when": _on("Tag Removed", "tag", tag), "then": [_message(chance)]},
    ]  # fmt: skip
    shared = () if scarce else ("bonus", "few", "raised", "friend")
    chosen = [one for one in kinds if chance.random() < 0.55 and one["key"] not in shared]
    return [
        {"language": 1, "name": _NAME, "priority": chance.choice([10, 50, 50, 90]), **one} for one in chosen
    ]


class Step(NamedTuple):
    """Something that is told: when, of whom, and what; `coupon` names a code that is filled in.

    With `erased`, that member is erased instead, and whoever tells of it afterwards is another.
    """

    at: Instant
    told: Told
    coupon: tuple[str, str, int] | None = None
    erased: str = ""


def life(chance: Random, steps: int) -> list[Step]:
    """Return what a crowd does, in the order in which it reaches us."""
    found: list[Step] = []
    now = START
    for number in range(MEMBERS):
        now += 7 * MICROSECONDS
        friend = f"m{chance.randrange(MEMBERS)}"
        found.append(Step(now, Told(kind="identify", message_id=f"i{number}", user_id=f"m{number}",
                                    name="Member Identified", properties={"friend": friend})))  # fmt: skip
    merges = 2
    for number in range(steps):
        gap = chance.choice((40, 900, 3_600, 9_000, DAY // 2, DAY, 2 * DAY))
        now += gap * MICROSECONDS + chance.randrange(1, MICROSECONDS)
        member = f"m{chance.randrange(MEMBERS)}"
        what = chance.choice(
            ("order",) * 5 + ("check-in",) * 3 + ("refund", "person", "void", "merge", "tag")
        )
        merges -= what == "merge"
        if (what == "merge" and merges < 0) or (what == "void" and merges < 2):
            what = "order"  # whose coupon was the first of two is another question once they are one member
        found.append(_step(what, number, member, now, chance))
    return found


def erasing(steps: list[Step], chance: Random) -> list[Step]:
    """Return a life in which two members are erased on the way; some had become a part of others before."""
    places = sorted(chance.sample(range(len(steps) // 2, len(steps)), 2))
    members = chance.sample(range(MEMBERS), 2)
    found = list(steps)
    for place, member in zip(places, members, strict=True):
        at = steps[place].at + 1
        told = Told(kind="track", name="", message_id=f"x{member}", user_id=f"m{member}", properties={})
        found.append(Step(at, told, erased=f"m{member}"))
    return sorted(found, key=lambda one: one.at)


def _step(what: str, number: int, member: str, now: Instant, chance: Random) -> Step:
    late = chance.choice((0, 0, 0, 0, 5, 100)) * 3_600 * MICROSECONDS
    said: Json = {"message_id": f"e{number}", "user_id": member}
    at = now - late
    order = {"order_id": f"o{number - chance.choice((0, 0, 0, 2))}", "currency": "CNY",
             "total": chance.choice((20, 50, 95, 120))}  # fmt: skip
    coupon, asked = None, Json()
    if what == "order":
        told = Told(kind="track", name=ORDER, properties=order, occurred_at=at, **said)
    elif what == "refund":
        order["order_id"] = f"o{chance.randrange(max(1, number))}"
        told = Told(kind="track", name="Order Refunded", properties=order, **said)
    elif what == "check-in":
        told = Told(kind="track", name="Checked In", properties={"total": 1}, occurred_at=at, **said)
    elif what == "merge":
        other = f"m{(int(member[1:]) + chance.randrange(1, MEMBERS)) % MEMBERS}"
        told = Told(kind="alias", name="Member Identified", previous_id=other, **said)
    elif what == "tag":
        asked = {"tag": chance.choice(TAGS), "why": "test", "by": "p"}
        told = Told(
            kind="request", name=chance.choice(("Tag Granted", "Tag Withdrawn")), properties=asked, **said
        )
    elif what == "void":
        coupon = (member, chance.choice(("TEN", "GIFT")), chance.randrange(2))
        told = Told(kind="request", name="Coupon Voiding", properties={"code": "", "why": "test"}, **said)
    else:
        asked = {"unit": "points", "amount": chance.choice((25, -5)), "why": "test"}
        told = Told(kind="request", name="Points Adjusted", properties=asked, **said)
    return Step(now, told, coupon)


class World:
    """A programme of its own, whose clock stops at everything that falls due."""

    def __init__(self, url: str, parts: Programme, clock: FixedClock) -> None:
        self.url = url
        self.parts = parts
        self._clock = clock
        book, sources = parts.services.rulebook, parts.sources
        self._ticking = Ticking(Timers(book, sources, clock), Tellings(book, sources, clock), clock)

    def publish(self, documents: list[Json]) -> None:
        """Put rules in force."""
        self.parts.services.publish.publish_documents([parse_rule(one) for one in documents], by="test")

    def live(self, steps: list[Step]) -> list[Step]:
        """Tell what happens; return what of it entered the log."""
        taken: list[Step] = []
        for step in steps:
            self.wait(step.at - 1)
            self._clock.instant = step.at
            filled = self._filled(step)
            call = self._call(filled)
            (result,) = self.parts.services.ingest.submit([call]).result(30)
            assert result.status in {"accepted", "answered", "duplicate", "unknown"}, result
            if result.sequence is not None:
                taken.append(filled)
        return taken

    def wait(self, until: Instant) -> None:
        """Let the clock run, stopping at every instant at which something is due."""
        while True:
            wake = self.parts.run(self._ticking.tick)
            if wake is None or wake > until:
                self._clock.instant = max(self._clock.instant, until)
                return
            self._clock.instant = max(self._clock.instant, wake)

    def _call(self, step: Step) -> Call:
        if step.erased:
            told = {"by": "p", "why": "test"}
            name = f"x{step.erased}"
            return self.parts.services.erasing.call(step.erased, told, source="test", message_id=name)
        catalogue = self.parts.services.rulebook.index().rules.catalogue
        return self.parts.services.door.admit(step.told, "test", catalogue)

    def _filled(self, step: Step) -> Step:
        """Fill in the code that the member was given here; one from elsewhere stays where none was."""
        if step.coupon is None:
            return step
        member, kind, number = step.coupon
        with self.parts.database.read() as connection:
            row = COUPON.c
            query = select(row.code).where(row.member == member, row.coupon == kind).order_by(row.sequence)
            given = list(connection.execute(query).scalars())
        if number >= len(given):
            return step
        properties = {**step.told.properties, "code": given[number]}
        told = Told(kind="request", name="Coupon Voiding", properties=properties,
                    message_id=step.told.message_id, user_id=member)  # fmt: skip
        return step._replace(told=told)

    def decided(self, since: Instant = 0) -> dict[str, list[Any]]:
        """Return what was decided from an instant on, by member: instant, event, outcomes with effects."""
        found: dict[str, list[Any]] = {}
        with self.parts.database.read() as connection:
            query = select(EVENT, DECISION.c.body).join(DECISION, DECISION.c.sequence == EVENT.c.sequence)
            query = query.where(EVENT.c.as_of >= since)
            for row in connection.execute(query.order_by(EVENT.c.member, EVENT.c.member_sequence)):
                body = orjson.loads(row.body)
                said = told(row.as_of, row.name, body.get("outcomes", []), body.get("refused", ""))
                found.setdefault(row.member, []).append(said)
        return found


def told(as_of: Instant, name: str, outcomes: Any, refused: str) -> Any:
    """Return a decision as it is compared: but for codes, and what is made of versions."""
    plain = orjson.loads(orjson.dumps(outcomes, default=str))
    for outcome in plain:
        outcome.pop("version")
        for effect in outcome.get("effects", []):
            for unlike in ("id", "code", "waited"):
                effect.pop(unlike, None)
    return as_of, name, plain, refused


@contextmanager
def world(url: str) -> Iterator[World]:
    """Run a programme over a migrated database, with definitions and no rule."""
    settings = Settings(DATABASE_URL=url, secret=SecretStr(SECRET), check_sample=0, matcher="index")
    clock = FixedClock(START - 60 * MICROSECONDS)
    parts = assemble(settings, clock, Trusting(), timers=False)
    parts.writer.start()
    try:
        parts.services.definitions.merge(Definitions.model_validate(DEFINITIONS), by="test")
        yield World(url, parts, clock)
    finally:
        parts.close()
