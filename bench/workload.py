"""Rules and events that the benches share, drawn from a seed, in the product's own words.

There are 20 kinds of events. Every twentieth rule is an absence; the others start with an event and
ask three to five things: of the event, the member, its tags and its history. Each rule takes a band
of the event's total that is just as wide as it takes for a tenth of the events to have an effect,
whatever the number of rules.
"""

import time
from collections.abc import Iterator
from math import prod
from random import Random
from typing import Any, Final, NamedTuple

import orjson

from engine.events import ORDER_COMPLETED
from engine.programme.ends import RETURNS
from engine.values import Instant, instant_text
from rule_library import library_definitions

SEED: Final = 20_261_122
SHARE: Final = 0.1
"""Part of the events that have an effect."""

TOPICS: Final = (
    "Order Completed", "Product Viewed", "Checked In", "Cart Updated", "Review Written", "Order Refunded",
    "Coupon Redeemed", "Page Opened", "Store Visited", "Table Booked", "Gift Card Bought", "Friend Invited",
    "Survey Answered", "Game Played", "Video Watched", "Parcel Received", "Wish Added", "Card Scanned",
    "Order Cancelled", "Tasting Joined",
)  # fmt: skip
CHANNELS: Final = ("web", "app", "store", "mini-program")
STORES: Final = ("Xuhui", "Jing'an", "Pudong", "Hongqiao")
CITIES: Final = ("上海", "北京", "深圳", "杭州", "成都", "Paris", "London")
GRADES: Final = ("bronze", "silver", "gold", "platinum")
CATEGORIES: Final = tuple(f"category-{at}" for at in range(15))
TAGS: Final = tuple(f"tag-{at}" for at in range(30))
COUPONS: Final = ("WINBACK10", "MEMBERDAY10", "NEW20")
MOST: Final = 10_000
"""An event's total is below it."""

_CLOCK_EVERY: Final = 20
_LEAST_LIKELY: Final = 0.2
_WEIGHTS: Final = [1 / (at + 1) ** 0.5 for at in range(len(TOPICS))]
Json = dict[str, Any]


class Asked(NamedTuple):
    """A condition, and how many of the events it is true of."""

    condition: Json
    likely: float


class Happening(NamedTuple):
    """Something that happens to a member; a fraction is decimal text, as in the log."""

    member: int
    name: str
    properties: Json


def definitions() -> Json:
    """Return what the rules speak of: units, coupons, tags and templates of the library, and ours.

    Without levels: a move between them is an effect that no rule here asked for.
    """
    library: Json = library_definitions().model_dump(mode="json", by_alias=True, exclude_none=True)
    named = {part: library[part] for part in ("units", "coupons", "tags", "templates")}
    kinds = {"total": "number", "quantity": "number", "category": "text", "channel": "text", "store": "text"}
    properties = [{"name": name, "label": {"en": name}, "type": kind} for name, kind in kinds.items()]
    named["events"] = [{"name": name, "label": {"en": name}, "properties": properties} for name in TOPICS]
    named["attributes"] = [{"name": "grade", "label": {"en": "grade"}, "type": "text"}]
    named["tags"] += [{"key": key, "name": {"en": key}, "meaning": f"The mark {key}."} for key in TAGS]
    return named


def documents(count: int, seed: int = SEED, *, absences: bool = True) -> list[Json]:
    """Return so many rule documents; the same for the same seed."""
    choose = Random(seed)  # noqa: S311  a repeatable mix, no secret
    clocks = count // _CLOCK_EVERY if absences else 0
    each, more = divmod(count - clocks, len(TOPICS))
    found = [_absence(choose, at) for at in range(clocks)]
    for place, topic in enumerate(TOPICS):
        there = each + (1 if place < more else 0)
        found += [_rule(choose, topic, at, there) for at in range(there)]
    return found


def happenings(count: int, members: int, seed: int = SEED) -> Iterator[Happening]:
    """Yield so many events of members that are drawn evenly; a refund is of the member's last order."""
    choose = Random(seed)  # noqa: S311  a repeatable mix, no secret
    ordered: dict[int, Json] = {}
    for name in choose.choices(TOPICS, weights=_WEIGHTS, k=count):
        one = Happening(choose.randrange(members), name, _properties(choose))
        if name == ORDER_COMPLETED:
            ordered[one.member] = {"order_id": one.properties["order_id"], "total": one.properties["total"]}
        yield (
            one._replace(properties=one.properties | ordered.get(one.member, {})) if name in RETURNS else one
        )


def calls(run: str, count: int, members: int, seed: int = SEED) -> Iterator[bytes]:
    """Yield the same events as JSON texts of Segment calls that happen now.

    Args:
        run: Begins every `messageId`, so that another run's events are others.
        count: How many.
        members: How many members they are of.
        seed: Draws them.
    """
    at = instant_text(time.time_ns() // 1000)
    for number, one in enumerate(happenings(count, members, seed)):
        yield call(one, f"{run}-{number}", at)


def history(count: int, members: int, start: Instant, end: Instant) -> Iterator[bytes]:
    """Yield the same events as lines of a file to import, evenly between two instants."""
    for number, one in enumerate(happenings(count, members)):
        at = start + (end - start) * number // count
        yield call(one, f"history-{number}", instant_text(at)) + b"\n"


def call(one: Happening, message: str, at: str) -> bytes:
    """Return an event as the JSON text of a Segment call.

    Args:
        one: What happens.
        message: Its `messageId`.
        at: Its `timestamp`.
    """
    # A fraction is sent as a number.
    told = orjson.dumps(one.properties | {"total": float(one.properties["total"])}).decode()
    return (
        f'{{"type":"track","userId":"{member(one.member)}","messageId":"{message}","timestamp":"{at}",'
        f'"event":"{one.name}","properties":{told}}}'
    ).encode()


def profiles(run: str, members: int) -> Iterator[bytes]:
    """Yield a Segment call for each member that tells of its city and grade."""
    for number in range(members):
        yield orjson.dumps(
            {
                "type": "identify",
                "userId": member(number),
                "messageId": f"{run}-profile-{number}",
                "traits": attributes(number),
            }
        )


def member(number: int) -> str:
    """Return the key of a member."""
    return f"m-{number}"


def attributes(number: int) -> Json:
    """Return what is told of a member."""
    return {"city": CITIES[number % len(CITIES)], "grade": GRADES[number // len(CITIES) % len(GRADES)]}


def _properties(choose: Random) -> Json:
    whole, cents = divmod(choose.randrange(MOST * 100), 100)
    return {
        "order_id": f"o-{choose.randrange(10**9):09}",
        "total": f"{whole}.{cents:02}".rstrip("0") if cents else whole,
        "currency": "CNY",
        "quantity": choose.randint(1, 10),
        "category": choose.choice(CATEGORIES),
        "channel": choose.choice(CHANNELS),
        "store": choose.choice(STORES),
    }


def _absence(choose: Random, at: int) -> Json:
    topic = choose.choice(TOPICS)
    return {
        "language": 1,
        "key": f"absence-{at}",
        "name": {"en": f"No {topic}, {at}", "zh-Hans": f"没有 {topic}，{at}"},
        "when": {"type": "absence", "event": topic, "for": {"days": choose.randint(30, 180)}},
        "if": _of_member(choose).condition,
        "then": [{"type": "add_tag", "tag": choose.choice(TAGS), "expires_after": {"days": 60}}],
    }


def _rule(choose: Random, topic: str, at: int, there: int) -> Json:
    kinds = (_of_event, _of_member, _of_history, _of_tags, _of_event, _of_history)
    while True:
        asked = [choose.choice(kinds)(choose) for _ in range(choose.randint(2, 4))]
        if choose.random() < SHARE * 2:
            asked[-1] = _either(_of_event(choose), _of_member(choose))
        likely = prod(one.likely for one in asked)
        if likely >= _LEAST_LIKELY:
            break
    width = SHARE / there / likely * MOST
    low = choose.uniform(0, MOST - width)
    band = {
        "type": "compare",
        "fact": "event.total",
        "op": "between",
        "value": [f"{low:.4f}", f"{low + width:.4f}"],
    }
    conditions = [_of_topic(one.condition, topic) for one in asked]
    return {
        "language": 1,
        "key": f"{topic.lower().replace(' ', '-')}-{at}",
        "name": {"en": f"{topic}, {at}", "zh-Hans": f"{topic}，{at}"},
        "when": {"type": "event", "event": topic, "where": band},
        "if": {"type": "all", "of": conditions},
        "then": [_action(choose)],
        "priority": choose.randint(1, 100),
    }


def _of_topic(condition: Json, topic: str) -> Json:
    return condition | {"event": topic} if condition["type"] == "history" else condition


def _compare(fact: str, operator: str, value: Any, likely: float) -> Asked:
    return Asked({"type": "compare", "fact": fact, "op": operator, "value": value}, likely)


def _of_event(choose: Random) -> Asked:
    kind = choose.randrange(4)
    if kind == 0:
        return _compare("event.channel", "eq", choose.choice(CHANNELS), 1 / len(CHANNELS))
    if kind == 1:
        return _compare("event.channel", "ne", choose.choice(CHANNELS), 1 - 1 / len(CHANNELS))
    some = choose.randint(5, 12)
    if kind == 2:
        return _compare("event.category", "in", choose.sample(CATEGORIES, some), some / len(CATEGORIES))
    least = choose.randint(2, 7)
    return _compare("event.quantity", "gte", least, (11 - least) / 10)


def _of_member(choose: Random) -> Asked:
    kind = choose.randrange(3)
    if kind == 0:
        some = choose.randint(3, 6)
        return _compare("member.city", "in", choose.sample(CITIES, some), some / len(CITIES))
    if kind == 1:
        one = _compare("member.city", "eq", choose.choice(CITIES), 1 / len(CITIES))
        return Asked({"type": "not", "of": [one.condition]}, 1 - one.likely)
    return _compare("member.grade", "in", choose.sample(GRADES, 2), 2 / len(GRADES))


def _of_tags(choose: Random) -> Asked:
    return _compare("member.tags", "has_not", choose.choice(TAGS), 1)


def _of_history(choose: Random) -> Asked:
    days = choose.choice((7, 30, 90, 365))
    asked: Json = {"type": "history", "within": {"days": days}}
    kind = choose.randrange(3)
    if kind == 0:
        asked |= {"measure": "count", "op": "lte", "value": choose.randint(5_000, 9_000)}
    elif kind == 1:
        asked |= {"measure": "sum", "property": "total", "op": "gte", "value": 1}
    else:
        where = {"type": "compare", "fact": "event.channel", "op": "eq", "value": choose.choice(CHANNELS)}
        asked |= {"measure": "count", "where": where, "op": "lt", "value": choose.randint(5_000, 9_000)}
    return Asked(asked, 1)


def _either(left: Asked, right: Asked) -> Asked:
    likely = 1 - (1 - left.likely) * (1 - right.likely)
    return Asked({"type": "any", "of": [left.condition, right.condition]}, likely)


def _action(choose: Random) -> Json:
    kind = choose.choices(("points", "amount", "tag", "kept", "coupon", "message"), (2, 2, 2, 1, 2, 1))[0]
    if kind == "points":
        return {"type": "award_points", "points": choose.randint(1, 200)}
    if kind == "amount":
        return {"type": "award_points_by_amount", "points_per_unit": "0.5", "fact": "event.total"}
    if kind == "tag":
        return {"type": "add_tag", "tag": choose.choice(TAGS)}
    if kind == "kept":
        return {"type": "add_tag", "tag": choose.choice(TAGS), "expires_after": {"days": 60}}
    if kind == "coupon":
        return {"type": "issue_coupon", "coupon": choose.choice(COUPONS)}
    return {"type": "send_message", "channel": "email", "template": "we-miss-you"}
