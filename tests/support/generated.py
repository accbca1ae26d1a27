"""A programme and its history, drawn from a seed: the same on every machine and in every year.

A hundred rules, of the library and generated ones, and as many events of as many members as one likes,
over two years, as lines of a file to import.
"""

from collections.abc import Iterator
from random import Random
from typing import Any, Final

import orjson

from engine.language.definitions import Definitions
from engine.language.document import RuleDocument
from engine.language.giving import DrawPrizeAction
from engine.language.parse import parse_rule
from engine.values import MICROSECONDS, Instant, instant_text, parse_instant
from rule_library import library, library_definitions

Json = dict[str, Any]
START: Final = parse_instant("2024-01-01T00:00:00Z")
RULES: Final = 100
_YEARS: Final[Instant] = 2 * 365 * 86_400 * MICROSECONDS
_OF_LIBRARY: Final = 50
_NAMES: Final = ("Order Completed", "Product Viewed", "Checked In", "Content Viewed", "Order Refunded")
_WEIGHTS: Final = (10, 6, 3, 2, 2)
_CITIES: Final = ("上海", "北京", "成都", "Paris")
_CHANNELS: Final = ("app", "store", "live")


def definitions() -> Definitions:
    """Return what the rules speak of: what the library has."""
    return library_definitions()


def documents() -> list[RuleDocument]:
    """Return the rules.

    None of them draws, since a draw's secret is another in every database, and none comes round each
    week for everybody, which would be most of the log.
    """
    known = [
        one.document
        for one in library()
        if one.document.when.type != "schedule"
        and not any(isinstance(action, DrawPrizeAction) for action in one.document.then)
    ]
    choose = Random(20_240_101)  # noqa: S311  a repeatable mix, no secret
    tags = sorted(tag.key for tag in definitions().tags)[:12]
    made = [parse_rule(_rule(choose, number, tags)) for number in range(RULES - _OF_LIBRARY)]
    return [*sorted(known, key=lambda one: one.key)[:_OF_LIBRARY], *made]


def lines(events: int, members: int) -> Iterator[bytes]:
    """Yield a history: so many events, evenly over two years, some members having many more than others."""
    choose = Random(20_261_122)  # noqa: S311  a repeatable mix, no secret
    ordered: dict[int, Json] = {}
    known: set[int] = set()
    for number in range(events):
        member = int(choose.random() ** 2 * members)
        at = START + _YEARS * number // events
        if member not in known:
            known.add(member)
            yield _line(number, member, at, {"type": "identify", "traits": _traits(choose, member)})
            continue
        (name,) = choose.choices(_NAMES, _WEIGHTS)
        told = _properties(choose, number)
        if name == "Order Refunded":
            told = {**ordered.get(member, told), "refund_id": f"r{number}"}
        elif name == "Order Completed":
            ordered[member] = told
        yield _line(number, member, at, {"type": "track", "event": name, "properties": told})


def _line(number: int, member: int, at: Instant, said: Json) -> bytes:
    call = {"messageId": f"e{number}", "userId": f"m{member}", "timestamp": instant_text(at), **said}
    return orjson.dumps(call) + b"\n"


def _traits(choose: Random, member: int) -> Json:
    day = f"{choose.randint(1, 12):02}-{choose.randint(1, 28):02}"
    return {"city": _CITIES[member % len(_CITIES)], "birthday": f"19{choose.randint(60, 99)}-{day}"}


def _properties(choose: Random, number: int) -> Json:
    return {
        "order_id": f"o{number}",
        "total": choose.randint(1, 60_000) / 100,
        "currency": "CNY",
        "quantity": choose.randint(1, 5),
        "channel": choose.choice(_CHANNELS),
    }


def _rule(choose: Random, number: int, tags: list[str]) -> Json:
    low = choose.randint(0, 500)
    asked = [
        {"type": "compare", "fact": "event.total", "op": "between", "value": [str(low), str(low + 40)]},
        choose.choice(
            (
                {"type": "compare", "fact": "member.city", "op": "in", "value": choose.sample(_CITIES, 2)},
                {"type": "compare", "fact": "event.channel", "op": "ne", "value": choose.choice(_CHANNELS)},
                {"type": "compare", "fact": "member.tags", "op": "has_not", "value": choose.choice(tags)},
            )
        ),
        {
            "type": "history",
            "measure": "count",
            "event": "Order Completed",
            "within": {"days": choose.choice((30, 90, 365))},
            "op": "gte",
            "value": choose.randint(1, 3),
        },
    ]
    given: tuple[list[Json], ...] = (
        [{"type": "award_points", "points": choose.randint(1, 50)}],
        [{"type": "add_tag", "tag": choose.choice(tags), "expires_after": {"days": choose.randint(5, 60)}}],
        [{"type": "issue_coupon", "coupon": "WINBACK10"}],
        [
            {"type": "wait", "for": {"days": choose.randint(1, 9)}},
            {"type": "add_tag", "tag": choose.choice(tags), "expires_after": {"days": 3}},
        ],
    )
    return {
        "language": 1,
        "key": f"generated-{number}",
        "name": {"en": f"Generated {number}", "zh-Hans": f"生成 {number}"},
        "when": {"type": "event", "event": _NAMES[number % 4]},
        "if": {"type": "all", "of": asked},
        "then": choose.choice(given),
        "limits": {"per_member": {"times": choose.randint(1, 9), "within": {"days": 90}}},
        "priority": choose.randint(1, 100),
    }
