"""Members of every sort, written as they are kept, and counted; for what must agree with the evaluator."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from hypothesis import strategies as st

from api.service.audience import Audiences
from api.service.counting import Counting
from api.service.rulebook import Rulebook
from api.store import controls, counted, members
from api.store.database import Database
from api.store.holdings import StateChange, write_holdings
from api.store.members import SavedMember
from engine.index import Index
from engine.language.definitions import Definitions
from engine.language.operators import OPERATORS
from engine.language.parse import parse_rule
from engine.ledger.books import Account, Books, Lot
from engine.rules import Control
from engine.schedule import DAY
from engine.state import Held, Level, Membership, MemberState, Past
from tests.support.clock import FixedClock
from tests.support.documents import sorted_numbers
from tests.support.life import rule

DEFINED: dict[str, Any] = {
    "attributes": [
        {"name": "grade", "label": {"en": "Grade"}, "type": "text"},
        {"name": "score", "label": {"en": "Score"}, "type": "number"},
        {"name": "checked", "label": {"en": "Checked"}, "type": "boolean"},
        {"name": "since", "label": {"en": "Since"}, "type": "instant"},
        {"name": "likes", "label": {"en": "Likes"}, "type": "list"},
    ],
    "tags": [
        {"key": "a", "name": {"en": "a"}, "meaning": "a"},
        {"key": "b", "name": {"en": "b"}, "meaning": "b", "parent": "a"},
        {"key": "c", "name": {"en": "c"}, "meaning": "c"},
        {"key": "d", "name": {"en": "d"}, "meaning": "d", "merged_into": "b"},
    ],
    "segments": [
        {"key": "list", "name": {"en": "List"}, "meaning": "A list", "kind": "list"},
        {
            "key": "gold",
            "name": {"en": "Gold"},
            "meaning": "Graded gold",
            "condition": {"type": "compare", "fact": "member.grade", "op": "eq", "value": "gold"},
        },
    ],
    "memberships": [{"key": "club", "name": {"en": "Club"}, "lasts": {"years": 1}}],
    "ladders": [
        {
            "key": key,
            "name": {"en": key},
            "measure": "count",
            "event": "Order Completed",
            "period": "ever",
            "tiers": [
                {"key": one, "name": {"en": one}, "reached_at": at}
                for one, at in (("low", "1"), ("high", "9"))
            ],
        }
        for key in ("tier", "staff")
    ],
    "events": [
        {
            "name": "Coffee Spilled",
            "label": {"en": "Spilled"},
            "properties": [{"name": "litres", "label": {"en": "Litres"}, "type": "number"}],
        }
    ],
}
READ: dict[str, Any] = {
    "type": "any",
    "of": [
        {"type": "history", "measure": "count", "event": one, "op": "gt", "value": 1, "within": {"days": 30}}
        | more
        for one, more in (
            ("Order Completed", {}),
            ("Order Completed", {"net": True}),
            ("Coffee Spilled", {}),
            ("Coffee Spilled", {"measure": "sum", "property": "litres"}),
            ("Order Completed", {"net": True}),
            ("Order Completed", {"measure": "sum", "property": "total", "net": True}),
        )
    ],
}
"""What the rules in force read of the history."""
NOW = FixedClock().now()
VALUES: dict[str, list[Any]] = {
    "grade": [None, "gold", "silver", "7", "2026-01-01T00:00:00Z", "", "nul\0", "Gold"],
    "score": [None, 0, 7, -3, "0.5", "7", Decimal("0.25"), 2**52, "0.1234567", "no number", True, [1]],
    "checked": [None, True, False, "true"],
    "since": [None, "2026-01-01T00:00:00Z", "2026-01-01T08:00:00+08:00", "soon", 5],
    "likes": [None, [], ["a"], "a"],
    "tier": [None, "low", "high", 3],
}


def _past(chance: Random, index: Index) -> dict[str, Past]:
    """Return a history in which whatever is in a narrower series is in the plain one of its event, too."""
    found: dict[str, Past] = {}
    for event in ("Order Completed", "Coffee Spilled"):
        days = sorted(NOW - round(chance.choice([0, 1, 29.5, 30, 30.5, 100, -0.5]) * DAY) for _ in range(3))
        keys = [key for key, one in sorted(index.rules.series.items()) if one.event == event]
        if chance.random() < 0.3:
            continue
        for key in [event, *(one for one in keys if one != event and chance.random() < 0.7)]:
            at = days if key == event else sorted(chance.sample(days, 2))
            total: Any = chance.choice([0, 5, Decimal("0.5"), Decimal("0.1234567")])
            if key in index.rules.series and index.rules.series[key].net:
                at = sorted([*at, NOW])  # a refund, long after the order
            values = [total, *(-1 for _ in at[1:])]
            found[key] = Past(len(at) + chance.randrange(3), at[0], at[-1], 1, total, at, values)
    return found


def member_of_some_sort(number: int, chance: Random, index: Index) -> MemberState:
    points = chance.choice([0, 0, 5, 70])
    account = Account(lots=(Lot("l", points, None, None),)) if points else None
    levels = {
        key: Level(chance.choice([None, "low", "high"]), 1)
        for key in ("tier", "staff")
        if chance.random() < 0.5
    }
    return MemberState(
        member=f"m{number}",
        sequence=1,
        joined_at=1,
        tracked=index.tracked,
        attributes={name: chance.choice(values) for name, values in VALUES.items()},
        tags={one: {"p": Held(1)} for one in "abcd" if chance.random() < 0.4},
        points=points,
        books=Books(accounts={"points": account}) if account else Books(),
        levels=levels,
        memberships={"club": Membership(1, 2)} if chance.random() < 0.4 else {},
        past=_past(chance, index),
        segments={one: 1 for one in ("list", "gold") if chance.random() < 0.4},
    )


@dataclass(frozen=True, slots=True)
class Crowd:
    """Some hundred members in a database, and what asks of them."""

    database: Database
    rulebook: Rulebook
    counting: Counting
    audiences: Audiences


@contextmanager
def crowd(url: str) -> Iterator[Crowd]:
    """Fill a migrated database."""
    with Database.open(url) as database:
        rulebook = Rulebook(matcher="index")
        body = {"definitions": Definitions.model_validate(DEFINED).model_dump(mode="json", by_alias=True)}
        reads = {"document": parse_rule(rule(**{"if": READ})).plain(), "version": 1}
        known = [
            Control(revision=1, name="Definitions Changed", at=0, by="t", body=body),
            Control(revision=2, name="Rule Published", at=0, by="t", body=reads),
        ]
        chance = Random(7)  # noqa: S311  invented members
        with database.write() as connection:
            for control in known:
                controls.append_control(connection, control)
            rulebook.learn(known)
            states = [member_of_some_sort(number, chance, rulebook.index()) for number in range(300)]
            members.save(connection, [SavedMember(one, None, 1) for one in states])
            write_holdings(connection, [StateChange(MemberState(member=one.member), one) for one in states])
            counted.write_members(connection, states)

        def run(work: Any) -> Any:
            with database.write() as connection:
                return work(connection)

        counting = Counting(run)
        # Its stopwatch stands still: an estimate has all the time there is, and looks at everybody.
        audiences = Audiences(database, rulebook, counting, FixedClock(), lambda: 0.0)
        yield Crowd(database, rulebook, counting, audiences)
        audiences.close()


NUMBERS = st.sampled_from([0, 1, 5, 7, -3, "0.5", "0.25", "0.1234567", 70, 2**52])
DAYS = st.sampled_from([0, 1, 29, 30, 31, "29.5", -1])
INSTANTS = st.sampled_from(["2026-01-01T00:00:00Z", "2025-12-31T23:59:59.999999Z"])
TEXTS = st.sampled_from(["gold", "silver", "7", "Gold", "", "low", "high"])
_FACTS = [
    ("member.grade", "text", TEXTS), ("member.tier", "text", TEXTS), ("member.level.staff", "text", TEXTS),
    ("member.score", "number", NUMBERS), ("member.points", "number", NUMBERS),
    ("member.balance.points", "number", NUMBERS), ("member.checked", "boolean", st.booleans()),
    ("member.since", "instant", INSTANTS), ("member.tags", "list", st.sampled_from(["a", "b", "c"])),
    ("member.segments", "list", st.sampled_from(["list", "gold"])),
    ("member.memberships", "list", st.just("club")), ("member.likes", "list", st.just("a")),
    ("calendar.month", "number", NUMBERS),
]  # fmt: skip


@st.composite
def comparisons(draw: st.DrawFn) -> dict[str, Any]:
    fact, fact_type, values = draw(st.sampled_from(_FACTS))
    return {"type": "compare", "fact": fact} | draw(_asked(fact_type, values))


@st.composite
def histories(draw: st.DrawFn) -> dict[str, Any]:
    measure = draw(st.sampled_from(["count", "first", "last", "days_since", "sum"]))
    event = draw(st.sampled_from(["Order Completed", "Coffee Spilled"]))
    values = {"first": INSTANTS, "last": INSTANTS, "days_since": DAYS}.get(measure, NUMBERS)
    kind = "instant" if measure in {"first", "last"} else "number"
    asked = draw(_asked(kind, values).filter(lambda one: one["op"] in _OF_HISTORY))
    more: dict[str, Any] = {"event": event}
    if measure == "sum":
        more = {"property": "litres", "event": "Coffee Spilled"}
    if measure in {"count", "sum"} and draw(st.booleans()):
        more = {"event": "Order Completed", "net": True} | ({"property": "total"} if measure == "sum" else {})
    within = {"within": {"days": 30}} if measure in {"count", "sum"} and draw(st.booleans()) else {}
    if measure == "count" and event == "Order Completed" and draw(st.booleans()):
        more |= {"net": True}
    return {"type": "history", "measure": measure} | more | within | asked


_OF_HISTORY = {"eq", "ne", "gte", "gt", "lte", "lt", "between", "is_known", "is_missing"}


@st.composite
def _asked(draw: st.DrawFn, fact_type: Any, values: st.SearchStrategy[Any]) -> dict[str, Any]:
    operator = draw(st.sampled_from([one for one in OPERATORS.values() if fact_type in one.types]))
    pairs = st.lists(values, min_size=2, max_size=2)
    operand = {
        "same": values,
        "text": values,
        "pair": pairs.map(sorted_numbers if fact_type == "number" else sorted),
        "many": st.lists(values, min_size=1, max_size=3),
        "none": st.none(),
    }[operator.operand]
    return {"op": operator.name, "value": draw(operand)}


CONDITIONS = st.recursive(
    st.one_of(comparisons(), histories()),
    lambda inner: st.fixed_dictionaries(
        {"type": st.sampled_from(["all", "any", "not"]), "of": st.lists(inner, min_size=1, max_size=3)}
    ),
    max_leaves=5,
)
