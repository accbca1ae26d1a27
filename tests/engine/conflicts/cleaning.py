"""Rule sets that have no conflict by the way they are made: what would be one is kept apart."""

import random
from collections.abc import Callable, Iterator
from typing import Any, Final

from tests.engine.conflicts.planting import (
    EVENTS,
    ORDER,
    Known,
    add,
    award,
    compare,
    history,
    issue,
    level,
    multiply,
    remove,
)
from tests.support.life import rule

Json = dict[str, Any]
Apart = tuple[Json, Json]
_TOUCHING: Final = (
    (add("t1"), remove("t1")),
    (add("g0-a"), add("g0-b")),
    (level("mid"), level("top")),
    (issue("S0"), issue("S1")),
    (multiply("2", "stars"), multiply("3", "stars")),
    (multiply("3", "coins"), multiply("2", "coins")),
)
"""Actions of which two rules must not do both at one moment."""


def _apart(chance: random.Random) -> Apart:
    """Return two conditions that can't both be true of one member at one event."""
    edge, days = chance.randint(2, 6), chance.choice((30, 60))
    tag = f"t{chance.randint(20, 39)}"
    many = history("count", ORDER, "gte", edge, within={"days": days})
    few = history("count", ORDER, "lt", edge, within={"days": chance.choice((days, 400))})
    tall, short = compare("event.total", "gte", edge * 50), compare("event.total", "lt", edge * 50)
    yes, no = compare("member.tags", "has", tag), compare("member.tags", "has_not", tag)
    here, there = compare("event.channel", "eq", "app"), compare("event.channel", "in", ["store", "web"])
    mon, tue = compare("calendar.weekday", "eq", "mon"), compare("calendar.weekday", "in", ["tue", "sun"])
    both = {"type": "all", "of": [many, tall]}
    neither = {"type": "not", "of": [{"type": "any", "of": [tall, yes]}]}
    new = history("days_since", ORDER, "lt", 10)
    old = history("count", ORDER, "eq", 0, within={"days": 30}, counting="before_this_event")
    return chance.choice([
        (many, few), (tall, short), (yes, no), (here, there), (mon, tue), (both, short), (both, few),
        (tall, neither), (yes, neither), (new, old), (here, {"type": "not", "of": [here]}),
        (compare("member.vip", "eq", True), compare("member.vip", "ne_or_missing", True)),
    ])  # fmt: skip


def _by_condition(chance: random.Random, one: Json, other: Json) -> list[Json]:
    left, right = _apart(chance)
    more = [Known(chance, ORDER).condition(2) for _ in range(2)]
    return [
        _rule(chance, "one", one, _all(left, more[0])),
        _rule(chance, "other", other, _all(right, more[1])),
    ]


def _by_dates(chance: random.Random, one: Json, other: Json) -> list[Json]:
    if chance.random() < 0.5:
        return [
            _rule(chance, "one", one, None, campaign="june"),
            _rule(chance, "other", other, None, campaign="july"),
        ]
    edge = f"2027-0{chance.randint(1, 9)}-01T00:00:00Z"
    return [
        _rule(chance, "one", one, None, active={"until": edge}),
        _rule(chance, "other", other, None, active={"from": edge}),
    ]


def _by_event(chance: random.Random, one: Json, other: Json) -> list[Json]:
    first, second = chance.sample(EVENTS, 2)
    return [_rule(chance, "one", one, None, event=first), _rule(chance, "other", other, None, event=second)]


def _by_clock(chance: random.Random, one: Json, other: Json) -> list[Json]:
    hour = chance.randint(0, 22)
    early = {"type": "schedule", "every": "day", "at": f"{hour:02}:00"}
    late = {"type": "schedule", "every": "week", "on_weekday": "mon", "at": f"{hour + 1:02}:00"}
    never = {"type": "schedule", "every": "week", "on_weekday": "tue", "at": f"{hour + 1:02}:00"}
    first, second = chance.choice(((early, late), (late, never), (early, never)))
    return [rule(key="one", when=first, then=[one]), rule(key="other", when=second, then=[other])]


def _by_budget(chance: random.Random, one: Json, other: Json) -> list[Json]:
    """A budget of one firing in all: whoever comes first takes it."""
    limits = {"budget": f"once{chance.randint(0, 5)}"}
    return [
        _rule(chance, "one", one, None, limits=limits),
        _rule(chance, "other", other, None, limits=limits),
    ]


def _by_definition(chance: random.Random, *_: Json) -> list[Json]:
    """What is given can't be used or earned together, and neither always wins."""
    one, other = chance.choice([
        (issue("X0"), issue("X1")), (issue("X2"), issue("S2")), (issue("G0"), issue("G1")),
        (issue("GIFT"), issue("S3")), (add("t2"), remove("t3")), (level("mid"), level("top", "staff")),
        (level("mid"), level("mid")), (multiply("2", "stars"), multiply("3", "miles")), (award(5), award(6)),
    ])  # fmt: skip
    return [_rule(chance, "one", one, None), _rule(chance, "other", other, compare("member.age", "gte", 20))]


def _in_order(chance: random.Random, *_: Json) -> list[Json]:
    """Only the highest factor counts, or only the first claim, and each has moments of its own."""
    one, other = compare("event.channel", "eq", "app"), compare("event.total", "gte", chance.randint(10, 200))
    if chance.random() < 0.5:
        return [
            _rule(chance, "one", multiply("3", "coins"), one),
            _rule(chance, "other", multiply("2", "coins"), other),
        ]
    once = award(10, once_per="order_id")
    return [
        _rule(chance, "one", once, one, event=ORDER, priority=10),
        _rule(chance, "other", once, other, event=ORDER, priority=20),
    ]


def _chain(chance: random.Random, *_: Json) -> list[Json]:
    """Rules that set each other off, and never come round."""
    vip = compare("member.vip", "eq", True)
    back = chance.choice((
        [remove("t12"), award(4)],
        [add("t11")],  # it is on when this is heard, so that nothing is added
    ))  # fmt: skip
    heard = {"type": "event", "event": "Tag Added", "where": compare("event.tag", "eq", "t10")}
    also = {"type": "event", "event": "Tag Added", "where": compare("event.tag", "eq", "t11")}
    return [
        _rule(chance, "one", add("t10"), vip),
        rule(key="other", when=heard, then=[add("t11")]),
        rule(key="third", when=also, then=back),
    ]


_WAYS: Final[list[Callable[[random.Random, Json, Json], list[Json]]]] = [
    _by_condition, _by_condition, _by_condition, _by_dates, _by_event, _by_clock, _by_budget, _by_definition,
    _in_order, _chain,
]  # fmt: skip


def clean(seed: int) -> list[Json]:
    """Return a rule set without a conflict, made of rules that touch the same things but never at once."""
    chance = random.Random(seed)  # noqa: S311  cases to try, no secret
    made = _WAYS[seed % len(_WAYS)](chance, *chance.choice(_TOUCHING))
    more = [
        _rule(
            chance,
            f"more-{at}",
            chance.choice((award(at + 100), add(f"t{13 + at}"), issue("X11"))),
            None,
            priority=at + 1,
        )
        for at in range(chance.randint(2, 6))
    ]
    documents = [*made, *_unlike(more)]
    chance.shuffle(documents)
    return documents


def _unlike(documents: list[Json]) -> Iterator[Json]:
    """Yield rules of which no two are alike."""
    seen: list[tuple[Json, list[Json]]] = []
    for one in documents:
        if (one["when"], one["then"]) not in seen:
            seen.append((one["when"], one["then"]))
            yield one


def _all(*conditions: Json | None) -> Json:
    return {"type": "all", "of": [one for one in conditions if one is not None]}


def _rule(
    chance: random.Random, key: str, action: Json, asked: Json | None, event: str = ORDER, **said: Any
) -> Json:
    condition = {} if asked is None else {"if": asked}
    then = [action, *([{"type": "open_task", "queue": key, "note": "look"}] if chance.random() < 0.3 else [])]
    return rule(key=key, when={"type": "event", "event": event}, then=then, **condition, **said)
