"""Rule sets with a conflict that was planted, and rule sets that have none by the way they are made.

A planted pair is true of a life that is made up first: every condition is put
together of questions whose answers in that life are known.
"""

import random
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from pydantic import TypeAdapter

from engine.evaluate import evaluate
from engine.language.catalogue import Catalogue
from engine.language.conditions import Condition
from engine.language.definitions import Definitions
from engine.language.predicates import prepare
from engine.schedule import DAY
from engine.values import instant_text
from tests.support.life import Life, Programme, at, rule

Json = dict[str, Any]
ORDER: Final = "Order Completed"
EVENTS: Final = (ORDER, "Product Viewed", "Checked In", "Visited")
WHEN: Final = "2026-11-24 04:00"
NOW: Final = "2026-11-23"
TAGS: Final = [f"t{number}" for number in range(40)]
CHANNELS: Final = ("app", "store", "web")


def _named(key: str) -> Json:
    return {"key": key, "name": {"en": key, "zh-Hans": key}}


def _tag(key: str, **said: Any) -> Json:
    return {**_named(key), "meaning": key, **said}


def _coupon(key: str, **said: Any) -> Json:
    return {**_named(key), "kind": "amount", "value": "10", "currency": "CNY", **said}


DEFINITIONS: Final[Json] = {
    "events": [
        {
            "name": "Visited",
            "label": {"en": "visit"},
            "properties": [
                {"name": "minutes", "label": {"en": "minutes"}, "type": "number"},
                {"name": "alone", "label": {"en": "alone"}, "type": "boolean"},
            ],
        }
    ],
    "attributes": [
        {"name": "age", "label": {"en": "age"}, "type": "number"},
        {"name": "vip", "label": {"en": "VIP"}, "type": "boolean"},
        {"name": "hobbies", "label": {"en": "hobbies"}, "type": "list"},
    ],
    "tags": [
        *map(_tag, TAGS),
        *(_tag(f"g{at}-{side}", group=f"group{at}") for at in range(6) for side in ("a", "b", "c")),
        *(_tag(f"below{at}", parent=f"t{at}") for at in range(4)),
    ],
    "coupons": [
        *(_coupon(f"S{at}", with_others=True) for at in range(12)),
        *(_coupon(f"X{at}") for at in range(12)),
        *(_coupon(f"G{at}", with_others=True, group="one-of") for at in range(12)),
        _coupon("GIFT", kind="gift", value=None, currency=None, with_others=True),
    ],
    "units": [
        {**_named("stars"), "combine": "multiply"},
        {**_named("miles"), "combine": "add"},
        {**_named("coins"), "combine": "highest"},
    ],
    "ladders": [
        {
            **_named(key),
            "measure": "count",
            "event": "Visited",
            "period": "ever",
            "tiers": [
                {**_named("low"), "reached_at": "1000"},
                {**_named("mid"), "reached_at": "2000"},
                {**_named("top"), "reached_at": "3000"},
            ],
        }
        for key in ("club", "staff")
    ],
    "budgets": [{**_named(f"once{at}"), "counts": "firings", "amount": "1"} for at in range(6)],
    "segments": [
        {
            **_named("fans"),
            "meaning": "fans",
            "condition": {"type": "compare", "fact": "member.age", "op": "gte", "value": 60},
        },
        {**_named("guests"), "meaning": "guests", "kind": "list"},
    ],
    "campaigns": [
        {**_named("june"), "from": "2027-06-01T00:00:00Z", "until": "2027-07-01T00:00:00Z"},
        {**_named("july"), "from": "2027-07-01T00:00:00Z", "until": "2027-08-01T00:00:00Z"},
    ],
}  # fmt: skip
_CONDITION: Final[TypeAdapter[Condition]] = TypeAdapter(Condition)
CATALOGUE: Final = Catalogue(Definitions.model_validate(DEFINITIONS))


class Planted(NamedTuple):
    """A rule set with a conflict in it: what it is, and between which rules."""

    code: str
    rules: tuple[str, ...]
    documents: list[Json]


def compare(fact: str, op: str, value: Any = None) -> Json:
    """Return a comparison."""
    return {"type": "compare", "fact": fact, "op": op, **({} if value is None else {"value": value})}


def history(measure: str, event: str, op: str, value: Any, **said: Any) -> Json:
    """Return a figure over the history, compared."""
    return {"type": "history", "measure": measure, "event": event, "op": op, "value": value, **said}


class Known:
    """A life that was made up, and what is true in it at an event."""

    def __init__(self, chance: random.Random, event: str) -> None:
        self._chance = chance
        self.event = event
        self.tags = chance.sample(TAGS[20:], chance.randint(0, 3))
        asked = [self._question() for _ in range(40)]
        nodes = [prepare(_CONDITION.validate_python(one), CATALOGUE, "/if") for one in asked]
        probe = rule(
            key="probe", when={"type": "event", "event": event}, **{"if": {"type": "any", "of": asked}}
        )
        programme = Programme(DEFINITIONS)
        programme.publish(probe)
        life = Life(programme=programme)
        self._live(life)
        facts = life.decided[-1][1].decision.steps[-1].facts
        answers = [(one, evaluate(node, facts)) for one, node in zip(asked, nodes, strict=True)]
        self.true = [one for one, answer in answers if answer]
        self.false = [one for one, answer in answers if not answer]

    def _live(self, life: Life) -> None:
        chance = self._chance
        for days in sorted((chance.randint(1, 500) for _ in range(chance.randint(0, 5))), reverse=True):
            when = instant_text(at(WHEN) - days * DAY)
            name = chance.choice(EVENTS)
            life.track("2026-11-24 01:00", name, mode="facts-only", occurred=when, **self._told())
        life.track(
            "2026-11-24 01:30", "Member Identified", kind="identify", mode="facts-only",
            age=chance.randint(10, 50), vip=chance.random() < 0.5, city=chance.choice(("Hangzhou", "Suzhou")),
        )  # fmt: skip
        for tag in self.tags:
            life.track("2026-11-24 02:00", "Tag Granted", kind="request", tag=tag, why="test")
        life.track(WHEN, self.event, **self._told())

    def _told(self) -> Json:
        chance = self._chance
        said: Json = {"channel": chance.choice(CHANNELS), "total": chance.randint(1, 400), "currency": "CNY"}
        return {**said, "category": chance.choice(("tea", "cups")), "minutes": chance.randint(1, 90)}

    def _question(self) -> Json:
        chance = self._chance
        event, number = chance.choice(EVENTS), chance.randint(1, 400)
        within = chance.choice(
            ({}, {"within": {"days": chance.choice((30, 90, 400))}}, {"within": {"months": 2}})
        )
        where = chance.choice(({}, {"where": compare("event.channel", "eq", chance.choice(CHANNELS))}))
        several, city = chance.sample(TAGS[20:], 2), chance.choice(("Hangzhou", "Suzhou", "Su"))
        amount = "event.minutes" if self.event == "Visited" else "event.total"
        return chance.choice([
            compare("event.channel", chance.choice(("eq", "ne")), chance.choice(CHANNELS)),
            compare("event.channel", "in", chance.sample(CHANNELS, 2)),
            compare("event.category", chance.choice(("eq", "ne_or_missing")), chance.choice(("tea", "cups"))),
            compare(amount, chance.choice(("gte", "lt")), number),
            compare(amount, "between", [number, number + chance.randint(0, 200)]),
            compare("member.age", chance.choice(("gte", "lt", "ne")), chance.randint(10, 59)),
            compare("member.city", chance.choice(("eq", "ne", "starts_with", "contains")), city),
            compare("member.vip", "eq", chance.random() < 0.5),
            compare("member.language", "is_missing"),
            compare("member.tags", chance.choice(("has", "has_not")), several[0]),
            compare("member.tags", chance.choice(("has_any", "has_none", "has_all")), several),
            compare("calendar.weekday", "in", chance.sample(("mon", "tue", "wed", "sat", "sun"), 3)),
            history("count", event, chance.choice(("gte", "lte")), chance.randint(0, 3), **within, **where),
            history("count", event, "eq", chance.randint(0, 2), **within),
            history("sum", event, chance.choice(("gte", "lt")), number, property="total", **within, **where),
            history("days_since", event, chance.choice(("gte", "lte")), chance.randint(1, 400)),
            history("streak", event, "lte", chance.randint(1, 3)),
        ])  # fmt: skip

    def condition(self, most: int = 4) -> Json | None:
        """Return a condition that is true in this life, or none."""
        chance = self._chance
        parts = [self._part() for _ in range(chance.randint(0, most))]
        if not parts:
            return None
        return parts[0] if len(parts) == 1 else {"type": "all", "of": parts}

    def _part(self) -> Json:
        chance = self._chance
        form = chance.random()
        if form < 0.25 and self.false:
            return {
                "type": "not",
                "of": chance.sample(self.false, min(len(self.false), chance.randint(1, 2))),
            }
        if form < 0.5 and self.true:
            wrong = chance.sample(self.false, min(len(self.false), 2))
            of = [chance.choice(self.true), *wrong]
            chance.shuffle(of)
            return {"type": "any", "of": of}
        return chance.choice(self.true)


def _on(event: str, **said: Any) -> Json:
    return {"when": {"type": "event", "event": event}, **said}


def _asks(condition: Json | None) -> Json:
    return {} if condition is None else {"if": condition}


def _then(*actions: Json) -> Json:
    return {"then": list(actions)}


def add(tag: str) -> Json:
    return {"type": "add_tag", "tag": tag}


def remove(tag: str) -> Json:
    return {"type": "remove_tag", "tag": tag}


def issue(coupon: str) -> Json:
    return {"type": "issue_coupon", "coupon": coupon}


def multiply(factor: str, unit: str) -> Json:
    return {"type": "multiply_points", "factor": factor, "unit": unit}


def award(points: int = 10, **said: Any) -> Json:
    return {"type": "award_points", "points": points, **said}


def level(tier: str, ladder: str = "club") -> Json:
    return {"type": "set_tier", "ladder": ladder, "tier": tier}


def _two(chance: random.Random, event: str, one: Json, other: Json) -> list[Json]:
    """Return two rules on an event, each true of the same life."""
    known = Known(chance, event)
    return [
        rule(key="one", **_on(event), **_asks(known.condition()), **_then(*_around(chance, one))),
        rule(key="other", **_on(event), **_asks(known.condition()), **_then(*_around(chance, other))),
    ]


def _around(chance: random.Random, action: Json) -> list[Json]:
    """Return an action among others, sometimes behind a branch that leads to it."""
    if chance.random() < 0.15:
        asked = compare("member.age", "gte", 18)
        action = {"type": "branch", "if": asked, "then": [action], "else": [add("t19")]}
    more = [award(5), {"type": "open_task", "queue": "desk", "note": "look"}]
    return [*chance.sample(more, chance.randint(0, 2)), action]


Planter = Callable[[random.Random], tuple[str, list[Json]]]


def _tags(chance: random.Random) -> tuple[str, list[Json]]:
    return "tag", _two(chance, chance.choice(EVENTS), add("t1"), remove("t1"))


def _rivals(chance: random.Random) -> tuple[str, list[Json]]:
    return "tag-group", _two(chance, chance.choice(EVENTS), add("g0-a"), add("g0-b"))


def _levels(chance: random.Random) -> tuple[str, list[Json]]:
    return "level", _two(chance, chance.choice(EVENTS), level("mid"), level("top"))


def _coupons(chance: random.Random) -> tuple[str, list[Json]]:
    return "coupons", _two(chance, chance.choice(EVENTS), issue("S0"), issue(chance.choice(("S0", "S1"))))


def _factors(chance: random.Random) -> tuple[str, list[Json]]:
    unit = chance.choice(("stars", "miles"))
    return "factors", _two(chance, chance.choice(EVENTS), multiply("2", unit), multiply("1.5", unit))


def _outdone(chance: random.Random) -> tuple[str, list[Json]]:
    """Who fulfils the second condition always fulfils the first, and the first factor is the higher one."""
    known = Known(chance, ORDER)
    parts = [part for part in (known.condition(2), known.condition(2)) if part is not None and _whole(part)]
    wide = parts[0] if parts else None
    narrow = {"type": "all", "of": parts} if len(parts) > 1 else wide
    return "outdone", [
        rule(key="one", **_on(ORDER), **_asks(wide), **_then(multiply("3", "coins"))),
        rule(key="other", **_on(ORDER), **_asks(narrow), **_then(multiply("2", "coins"))),
    ]


def _claimed(chance: random.Random) -> tuple[str, list[Json]]:
    _, (one, other) = _outdone(chance)
    once = award(10, once_per="order_id")
    return "claimed", [
        one | {"priority": 10} | _then(once),
        other | {"priority": 20} | _then(once, add("t2")),
    ]


def _whole(condition: Json) -> bool:
    """Whether a condition compares texts as a whole only; nothing is sure of parts of texts."""
    return "starts_with" not in str(condition) and "contains" not in str(condition)


def _twins(chance: random.Random) -> tuple[str, list[Json]]:
    known = Known(chance, chance.choice(EVENTS))
    said = {**_on(known.event), **_asks(known.condition()), **_then(add("t3"), award(7))}
    return "same", [rule(key="one", **said), rule(key="other", **said)]


def _chained(chance: random.Random) -> tuple[str, list[Json]]:
    """One rule puts a tag on; another, which hears of it, takes off what the first has put on."""
    known = Known(chance, chance.choice(EVENTS))
    heard = {"type": "event", "event": "Tag Added", "where": compare("event.tag", "eq", "t5")}
    return "tag", [
        rule(key="one", **_on(known.event), **_asks(known.condition()), **_then(add("t4"), add("t5"))),
        rule(key="other", when=heard, **_then(remove("t4"))),
    ]


def _scheduled(chance: random.Random) -> tuple[str, list[Json]]:
    at = f"{chance.randint(0, 23):02}:30"
    one = {"type": "schedule", "every": "day", "at": at}
    other = chance.choice(
        (one, {"type": "schedule", "every": "month", "on_day": chance.randint(1, 31), "at": at})
    )
    orders = history("count", ORDER, "gte", chance.randint(1, 4), within={"days": 90})
    tagged = compare("member.tags", "has", "t30")
    return "tag", [
        rule(key="one", when=one, **_asks(chance.choice((orders, tagged))), **_then(add("t1"))),
        rule(key="other", when=other, **_asks(chance.choice((None, tagged, orders))), **_then(remove("t1"))),
    ]


def _absent(chance: random.Random) -> tuple[str, list[Json]]:
    when = {"type": "absence", "event": ORDER, "for": {"days": chance.choice((30, 60, 90))}}
    money = history("sum", ORDER, "gte", 500, property="total", within={"days": 400})
    older = compare("member.age", "gte", chance.randint(20, 40))
    return "coupons", [
        rule(key="one", when=when, **_asks(chance.choice((money, None))), **_then(issue("S2"))),
        rule(key="other", when=when, **_asks(older), **_then(issue("S3"))),
    ]


def _yearly(chance: random.Random) -> tuple[str, list[Json]]:
    of = chance.choice(("birthday", "joining"))
    when = {"type": "anniversary", "of": of, "at": "09:00", "before": {"days": chance.randint(1, 20)}}
    return "level", [
        rule(key="one", when=when, **_asks(compare("member.vip", "eq", True)), **_then(level("mid"))),
        rule(key="other", when=when, **_then(level("low"))),
    ]


def _entered(chance: random.Random) -> tuple[str, list[Json]]:
    when, vip = {"type": "entered", "segment": "fans"}, compare("member.vip", "eq", True)
    return "tag", [
        rule(key="one", when=when, **_asks(chance.choice((None, vip))), **_then(add("t1"))),
        rule(key="other", when=when, **_then(remove("t1"))),
    ]  # fmt: skip


def _lasting(chance: random.Random) -> tuple[str, list[Json]]:
    many = history("count", ORDER, "gte", chance.randint(1, 4), within={"days": 60})
    both = {"type": "all", "of": [many, compare("member.tags", "has_not", "t33")]}
    return "tag-group", [
        rule(key="one", when={"type": "while"}, **_asks(many), **_then(add("g1-a"))),
        rule(key="other", when={"type": "while"}, **_asks(both), **_then(add("g1-b"))),
    ]  # fmt: skip


def _circle(chance: random.Random) -> tuple[str, list[Json]]:
    length = chance.randint(2, 3)
    tags = [f"t{number}" for number in range(7, 7 + length)]
    asked = [
        None,
        compare("member.vip", "ne_or_missing", True),
        history("count", ORDER, "gte", 1, within={"days": 30}),
    ]
    return "circle", [
        rule(
            key=("one", "other", "third")[at],
            when={"type": "event", "event": "Tag Added", "where": compare("event.tag", "eq", tag)},
            **_asks(chance.choice(asked)),
            **_then(remove(tags[(at + 1) % length]), add(tags[(at + 1) % length])),
        )
        for at, tag in enumerate(tags)
    ]  # fmt: skip


def _circle_by_points(chance: random.Random) -> tuple[str, list[Json]]:
    enough = compare("event.points", "gte", chance.randint(1, 20))
    return "circle", [
        rule(key="one", **_on("Points Earned"), **_asks(enough), **_then(issue("X0"))),
        rule(key="other", **_on("Coupon Issued"), **_then(award(30))),
    ]


PLANTERS: Final[list[Planter]] = [
    _tags, _rivals, _levels, _coupons, _factors, _outdone, _claimed, _twins, _chained, _scheduled, _absent,
    _yearly, _entered, _lasting, _circle, _circle_by_points,
]  # fmt: skip


def planted(seed: int) -> Planted:
    """Return a rule set with a conflict, in surroundings of other rules."""
    chance = random.Random(seed)  # noqa: S311  cases to try, no secret
    code, documents = PLANTERS[seed % len(PLANTERS)](chance)
    more = [_surrounding(chance, at) for at in range(chance.randint(3, 8))]
    keys = tuple(one["key"] for one in documents)
    documents = [*documents, *more]
    chance.shuffle(documents)
    return Planted(code, keys, documents)


def _surrounding(chance: random.Random, at: int) -> Json:
    known = chance.choice(EVENTS)
    asked = chance.choice(
        (None, compare("event.total", "gte", chance.randint(1, 300)), compare("member.age", "lt", 30))
    )
    if known == "Visited" and asked is not None:
        asked = compare("event.minutes", "gte", 5)
    action = chance.choice((award(3), add(f"t{10 + at}"), issue("GIFT"), remove(f"t{10 + at}"), issue("X1")))
    return rule(
        key=f"more-{at}", **_on(known), **_asks(asked), **_then(action), priority=chance.randint(1, 100)
    )
