"""Invented rule documents, as plain JSON data: of the right shape, of any meaning."""

from decimal import Decimal
from typing import Any, TypeAlias

from hypothesis import strategies as st

from engine.language.conditions import MEASURE_LABELS
from engine.language.operators import OPERATORS

Json: TypeAlias = Any
"""What `json.loads` gives."""

JsonObject: TypeAlias = dict[str, Json]

EVENTS = st.sampled_from(
    ["Order Completed", "Product Viewed", "Tag Added", "Points Earned", "Coffee Spilled"]
)
FACTS = st.sampled_from(
    [
        "event.total", "event.channel", "event.tag", "event.unheard_of", "member.city", "member.phone",
        "member.points", "member.tags", "calendar.weekday", "calendar.hour",
    ]
)  # fmt: skip
TAGS = st.sampled_from(["churn-risk", "high-activity", "low-activity", "undefined"])
COUPONS = st.sampled_from(["WINBACK10", "WELCOME20", "NEW20", "UNDEFINED"])
TEMPLATES = st.sampled_from(["we-miss-you", "welcome", "member-day", "undefined"])
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
NUMBERS = st.one_of(st.integers(-5, 50), st.sampled_from(["0.5", "99.95", "-3"]))
INSTANTS = st.sampled_from(["2026-01-01T00:00:00Z", "2026-06-18T10:00:00+08:00", "2026-06-18T10:00:00"])
SCALARS = st.one_of(NUMBERS, WORDS, INSTANTS, TAGS, st.sampled_from(["mon", "sun"]), st.booleans())
OPERANDS = st.one_of(
    st.none(), SCALARS, st.lists(SCALARS, max_size=3), st.lists(NUMBERS, min_size=2, max_size=2)
)
DURATIONS = st.builds(
    lambda unit, amount: {unit: amount},
    st.sampled_from(["minutes", "hours", "days", "months", "years"]),
    st.integers(1, 10),
)


def said(required: JsonObject, **optional: st.SearchStrategy[Any]) -> st.SearchStrategy[JsonObject]:
    """Return objects with some members always and others sometimes; names may end in `_`."""
    always = {
        name: one if isinstance(one, st.SearchStrategy) else st.just(one) for name, one in required.items()
    }
    sometimes = {name.rstrip("_"): one for name, one in optional.items()}
    return st.fixed_dictionaries(always, optional=sometimes)


def histories(conditions: st.SearchStrategy[JsonObject]) -> st.SearchStrategy[JsonObject]:
    """Return figures over the history, with `where` taken from some conditions."""
    return said(
        {
            "type": "history",
            "measure": st.sampled_from(list(MEASURE_LABELS)),
            "event": EVENTS,
            "op": st.sampled_from(
                ["eq", "ne", "gte", "gt", "lte", "lt", "between", "is_known", "is_missing"]
            ),
        },
        property=st.sampled_from(["total", "channel"]),
        within=DURATIONS,
        where=conditions,
        counting=st.sampled_from(["with_this_event", "before_this_event"]),
        value=st.one_of(st.none(), NUMBERS, INSTANTS, st.lists(NUMBERS, max_size=3)),
    )


@st.composite
def fitting_comparisons(draw: st.DrawFn) -> JsonObject:
    """A comparison of a fact's own type, with a value that its operator takes."""
    fact, fact_type, values = draw(
        st.sampled_from(
            [
                ("member.points", "number", NUMBERS),
                ("calendar.hour", "number", NUMBERS),
                ("member.city", "text", WORDS),
                ("member.tier", "text", WORDS),
                ("member.tags", "list", TAGS),
                ("calendar.weekday", "text", st.sampled_from(["mon", "sun"])),
                ("event.total", "number", NUMBERS),
                ("event.channel", "text", WORDS),
            ]
        )
    )
    operator = draw(st.sampled_from([row for row in OPERATORS.values() if fact_type in row.types]))
    value: st.SearchStrategy[Json] = {
        "same": values,
        "text": values,
        "pair": st.lists(values, min_size=2, max_size=2).map(sorted_numbers),
        "many": st.lists(values, min_size=1, max_size=3),
        "none": st.none(),
    }[operator.operand]
    return {"type": "compare", "fact": fact, "op": operator.name, "value": draw(value)}


def sorted_numbers(pair: list[int | str]) -> list[int | str]:
    """Return the bounds with the lower one first."""
    return sorted(pair, key=Decimal)


COMPARISONS = st.one_of(
    fitting_comparisons(),
    fitting_comparisons(),
    said({"type": "compare", "fact": FACTS, "op": st.sampled_from(list(OPERATORS))}, value=OPERANDS),
)
CONDITIONS: st.SearchStrategy[JsonObject] = st.recursive(
    st.one_of(COMPARISONS, histories(COMPARISONS)),
    lambda inner: st.one_of(
        said({"type": st.sampled_from(["all", "any", "not"]), "of": st.lists(inner, max_size=3)}),
        histories(inner),
    ),
    max_leaves=6,
)
TRIGGERS = st.one_of(
    said({"type": "event", "event": EVENTS}, where=CONDITIONS),
    said({"type": "absence", "event": EVENTS, "for": DURATIONS}, or_joining=st.booleans()),
    said(
        {
            "type": "schedule",
            "every": st.sampled_from(["day", "week", "month"]),
            "at": st.sampled_from(["00:00", "23:59"]),
        },
        on_weekday=st.sampled_from(["mon", "sun"]),
        on_day=st.integers(1, 31),
        zone=st.sampled_from(["member", "programme"]),
    ),
)
ACTIONS = st.one_of(
    said({"type": "add_tag", "tag": TAGS}, expires_after=DURATIONS),
    said({"type": "remove_tag", "tag": TAGS}),
    said({"type": "award_points", "points": st.integers(1, 100)}),
    said(
        {
            "type": "award_points_by_amount",
            "points_per_unit": st.sampled_from(["1", "0.5", "0"]),
            "fact": st.sampled_from(["event.total", "event.channel"]),
        }
    ),
    said({"type": "issue_coupon", "coupon": COUPONS}, valid_for=DURATIONS),
    said({"type": "send_message", "channel": st.sampled_from(["email", "sms"]), "template": TEMPLATES}),
    said({"type": "call_webhook", "endpoint": "undefined"}),
    said({"type": "wait", "for": DURATIONS}),
)
EXAMPLES = said(
    {
        "name": "An example",
        "given": st.lists(
            said({"type": "track", "properties": st.dictionaries(WORDS, SCALARS, max_size=2)}), max_size=2
        ),
        "expect": st.lists(said({"type": "add_tag", "at": INSTANTS}), max_size=1),
    },
    with_=st.just([]),
    until=INSTANTS,
)
DOCUMENTS = said(
    {
        "language": 1,
        "key": st.sampled_from(["a", "b", "win-back"]),
        "name": st.dictionaries(st.sampled_from(["en", "zh-Hans"]), WORDS, min_size=1),
        "when": TRIGGERS,
        "then": st.lists(ACTIONS, max_size=3),
    },
    if_=CONDITIONS,
    note=WORDS,
    exit=said({"type": "event", "event": EVENTS}, where=CONDITIONS),
    limits=said({}, per_member=said({"times": st.integers(1, 3)}, within=DURATIONS), total=st.integers(1, 9)),
    active=said({}, from_=INSTANTS, until=INSTANTS),
    priority=st.integers(1, 100),
    late=said({"policy": st.sampled_from(["ignore", "fire", "fire_within"])}, within=DURATIONS),
    examples=st.lists(EXAMPLES, max_size=1),
)
"""Rule documents; most have something wrong that `check` names."""
