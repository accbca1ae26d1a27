"""Checks of conditions: each comparison reads something that is there, and fits it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, get_args

from engine.errors import InvalidRule
from engine.events import TIMER_FIRED
from engine.language.actions import BranchAction, WaitForAction
from engine.language.base import words
from engine.language.catalogue import Catalogue, Fact
from engine.language.checks_tags import named_tag
from engine.language.conditions import (
    MEASURE_LABELS,
    MEASURE_TYPES,
    NET_EVENT,
    NET_PROPERTY,
    Compare,
    Condition,
    History,
)
from engine.language.diagnostics import Diagnostic, diagnostic, named
from engine.language.document import ExitWhile, RuleDocument
from engine.language.journey import Placed, placed, started_by
from engine.language.operators import OPERATORS, FactType, Operator
from engine.language.paths import ladder_of, operand_value, split, walk
from engine.language.segments import RFM_SEGMENTS
from engine.language.triggers import EventTrigger, Weekday

_WEEKDAYS: Final = frozenset(get_args(Weekday))
_RFM_KEYS: Final = frozenset(key for key, _, _ in RFM_SEGMENTS.values())
_PERSONAL_OPS: Final = frozenset({"is_known", "is_missing"})
_ALL_TIME: Final = frozenset({"first", "last", "days_since", "streak"})
_TOLD_AHEAD: Final = frozenset({"event.points", "event.expires_at"})
"""What a rule that runs ahead of an end is told: how much runs out, and when."""

_TYPES: Final = {
    "text": words("a text", "文本"),
    "number": words("a number", "数字"),
    "boolean": words("a yes/no", "是/否"),
    "instant": words("a time", "时间"),
    "list": words("a list", "列表"),
}
_ONE: Final = {
    "text": words("a text", "文本"),
    "number": words("a number", "数字"),
    "boolean": words("yes or no", "是或否"),
    "instant": words("a date and time with an offset", "带时区偏移的日期时间"),
    "list": words("a text", "文本"),
}
_MANY: Final = {
    "text": words("one or more texts", "一个或多个文本"),
    "number": words("one or more numbers", "一个或多个数字"),
    "list": words("one or more texts", "一个或多个文本"),
}
_PAIR: Final = {
    "number": words("two numbers, the lower and the upper", "两个数字：下限和上限"),
    "instant": words("two times with an offset, the earlier and the later", "两个带时区偏移的时间：先和后"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A tree of conditions in a document.

    Attributes:
        condition: Its root.
        path: JSON pointer of the root.
        event: Name of the event that `event.*` is read from, as `started_by` gives it.
        only_event: Whether it may speak of that event only: it is a `where`.
        inner: Whether it is the `where` of a history, inside another tree.
    """

    condition: Condition
    path: str
    event: str | None
    only_event: bool
    inner: bool = False


def places(document: RuleDocument) -> Iterator[Place]:
    """Yield every tree of conditions, in the order of the document."""
    when = document.when
    if isinstance(when, EventTrigger) and when.where is not None:
        yield from _with_inner(Place(when.where, "/when/where", when.event, only_event=True))
    if document.if_ is not None:
        yield from _with_inner(Place(document.if_, "/if", started_by(when), only_event=False))
    for one in placed(document):
        yield from _of_action(one)
    leave, goal = document.exit, document.goal
    if isinstance(leave, ExitWhile):
        yield from _with_inner(Place(leave.while_, "/exit/while", None, only_event=False))
    elif leave is not None and leave.where is not None:
        yield from _with_inner(Place(leave.where, "/exit/where", leave.event, only_event=True))
    if goal is not None and goal.where is not None:
        yield from _with_inner(Place(goal.where, "/goal/where", goal.event, only_event=True))


def _of_action(one: Placed) -> Iterator[Place]:
    action = one.action
    if isinstance(action, BranchAction):
        yield from _with_inner(Place(action.if_, f"{one.path}/if", one.event, only_event=False))
    elif isinstance(action, WaitForAction) and action.where is not None:
        yield from _with_inner(Place(action.where, f"{one.path}/where", action.event, only_event=True))


def _with_inner(place: Place) -> Iterator[Place]:
    yield place
    for path, node in walk(place.condition, place.path):
        if isinstance(node, History) and node.where is not None:
            where = Place(node.where, f"{path}/where", node.event, only_event=True, inner=True)
            yield from _with_inner(where)


def condition_findings(document: RuleDocument, catalogue: Catalogue) -> Iterator[Diagnostic]:
    """Yield what is wrong with single conditions."""
    yield from _single(places(document), catalogue)


def tree_findings(condition: Condition, path: str, catalogue: Catalogue) -> Iterator[Diagnostic]:
    """Yield what is wrong with the single conditions of a tree that asks of a member, at no event.

    Args:
        condition: Its root.
        path: JSON pointer of the root.
        catalogue: What it may read.
    """
    for place in _with_inner(Place(condition, path, None, only_event=False)):
        for below, node in walk(place.condition, place.path):
            if isinstance(node, History) and node.event not in catalogue.events:
                yield diagnostic("unknown-event", f"{below}/event", name=node.event)
    yield from _single(_with_inner(Place(condition, path, None, only_event=False)), catalogue)


def _single(found: Iterator[Place], catalogue: Catalogue) -> Iterator[Diagnostic]:
    for place in found:
        for path, node in walk(place.condition, place.path):
            if isinstance(node, Compare):
                yield from _compare(node, path, place, catalogue)
            elif isinstance(node, History):
                yield from _history(node, path, place, catalogue)
            elif not node.of:
                yield diagnostic("empty-group", path)


def _compare(node: Compare, path: str, place: Place, catalogue: Catalogue) -> Iterator[Diagnostic]:
    fact = catalogue.facts.get(node.fact)
    if fact is None:
        yield diagnostic("unknown-fact", f"{path}/fact", name=node.fact)
        return
    if place.only_event and split(fact.path)[0] != "event":
        yield diagnostic("where-reads-member", f"{path}/fact", **named(fact.label))
    yield from event_fact(fact, f"{path}/fact", place.event, catalogue)
    if fact.personal and node.op not in _PERSONAL_OPS:
        yield diagnostic("personal-fact", f"{path}/op", **named(fact.label))
        return
    found = list(_operand(OPERATORS[node.op], fact.type, node.value, path))
    yield from found or _listed(fact, node, path, catalogue)


def event_fact(fact: Fact, path: str, event_name: str | None, catalogue: Catalogue) -> Iterator[Diagnostic]:
    """Yield what is wrong with reading a fact of an event there.

    Args:
        fact: Any fact; nothing is wrong with one that isn't of an event.
        path: JSON pointer of the place that reads it.
        event_name: Name of the event at hand, as `started_by` gives it.
        catalogue: Which events have which properties.
    """
    if split(fact.path)[0] != "event" or (event_name == TIMER_FIRED and fact.path in _TOLD_AHEAD):
        return
    if event_name in {None, TIMER_FIRED}:
        yield diagnostic("no-event-value", path, **named(fact.label))
        return
    event = catalogue.events.get(event_name or "")
    if event is not None and event_name not in (fact.events or []):
        yield diagnostic("fact-not-in-event", path, **named(event.label, "event"), **named(fact.label))


def _listed(fact: Fact, node: Compare, path: str, catalogue: Catalogue) -> Iterator[Diagnostic]:
    """Yield values that name a tag, a weekday, a level or a membership that isn't one."""
    within = fact.type == "text" and OPERATORS[node.op].operand == "text"  # a part of a name is none
    if node.value is None or within:
        return
    many = node.value if isinstance(node.value, list) else [node.value]
    for at, value in enumerate(many):
        where = f"{path}/value/{at}" if isinstance(node.value, list) else f"{path}/value"
        yield from _one_listed(fact, str(value), where, catalogue)


def _one_listed(fact: Fact, value: str, path: str, catalogue: Catalogue) -> Iterator[Diagnostic]:
    if fact.source == "tags":
        yield from named_tag(value, path, catalogue)
    elif fact.source == "memberships" and value not in catalogue.memberships:
        yield diagnostic("unknown-membership", path, name=value)
    elif (fact.source == "segments" and value not in catalogue.segments) or (
        fact.source == "rfm_segments" and value not in _RFM_KEYS
    ):
        yield diagnostic("unknown-segment", path, name=value)
    elif fact.source == "weekdays" and value not in _WEEKDAYS:
        yield diagnostic("wrong-value", path, expected="mon, tue, … or sun", expected_zh="mon、tue……sun 之一")
    elif fact.source == "tiers":
        yield from unknown_tier(ladder_of(fact.path), value, path, catalogue)


def unknown_tier(ladder: str | None, tier: str, path: str, catalogue: Catalogue) -> Iterator[Diagnostic]:
    """Yield a level that a ladder doesn't have; nothing where there is no such ladder."""
    definition = catalogue.ladders.get(ladder or "")
    if definition is not None and all(one.key != tier for one in definition.tiers):
        yield diagnostic("unknown-tier", path, name=tier, **named(definition.name, "ladder"))


def _history(node: History, path: str, place: Place, catalogue: Catalogue) -> Iterator[Diagnostic]:
    if place.only_event:
        yield diagnostic("where-reads-member", path, name=node.event)
    yield from _operand(OPERATORS[node.op], MEASURE_TYPES[node.measure], node.value, path)
    if node.within is not None and node.measure in _ALL_TIME:
        en, zh = MEASURE_LABELS[node.measure]
        yield diagnostic("bad-window", f"{path}/within", measure=en, measure_zh=zh)
    if node.measure == "sum":
        yield from _summed(node, path, catalogue)
    elif node.property_ is not None:
        yield diagnostic("needless-property", f"{path}/property", name=node.property_)
    if node.net and not _can_be_net(node):
        yield diagnostic("not-refundable", f"{path}/net")


def _can_be_net(node: History) -> bool:
    """Return whether a refund takes something off a figure: off the number of orders, or their totals."""
    summed = node.measure == "sum" and node.property_ in {None, NET_PROPERTY}
    return node.event == NET_EVENT and (summed or node.measure == "count")


def _summed(node: History, path: str, catalogue: Catalogue) -> Iterator[Diagnostic]:
    event = catalogue.events.get(node.event)
    if node.property_ is not None and event is None:
        return  # nothing is known of the event, so its property may be there
    types = {one.name: one.type for one in event.properties} if event is not None else {}
    if types.get(node.property_ or "") != "number":
        yield diagnostic("missing-property", f"{path}/property", event=node.event)


def _operand(operator: Operator, fact_type: FactType, value: object, path: str) -> Iterator[Diagnostic]:
    if fact_type not in operator.types:
        yield diagnostic(
            "wrong-operator",
            f"{path}/op",
            op=operator.wording["en"],
            op_zh=operator.wording["zh-Hans"],
            type=_TYPES[fact_type]["en"],
            type_zh=_TYPES[fact_type]["zh-Hans"],
        )
        return
    if operator.operand == "none":
        if value is not None:
            yield diagnostic("needless-value", f"{path}/value")
        return
    expected = _expected(operator, fact_type)
    if value is None or value == "":
        yield diagnostic("missing-value", f"{path}/value", **expected)
        return
    try:
        operand_value(operator, fact_type, value)
    except InvalidRule:
        yield diagnostic("wrong-value", f"{path}/value", **expected)


def _expected(operator: Operator, fact_type: FactType) -> dict[str, str]:
    said = {"pair": _PAIR, "many": _MANY}.get(operator.operand, _ONE)[fact_type]
    return {"expected": said["en"], "expected_zh": said["zh-Hans"]}
