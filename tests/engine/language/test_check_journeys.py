"""What `check` says of the course of a rule: each finding at its place, and not of what is sound."""

from typing import Any, TypeAlias

import pytest

from engine.errors import InvalidRule
from engine.language.catalogue import Catalogue
from engine.language.check import check
from engine.language.definitions import Definitions
from engine.language.messages_journeys import JOURNEY_MESSAGES
from engine.language.parse import parse_rule

Json: TypeAlias = Any
EVENT = "Order Completed"
SIGNED = {"type": "event", "event": "Signed Up"}
ORDER = {"type": "event", "event": EVENT}
POINTS = {"type": "award_points", "points": 10}
STOP = {"type": "stop"}
WAIT = {"type": "wait", "for": {"days": 1}}
BIG = {"type": "compare", "fact": "event.total", "op": "gte", "value": 100}
RICH = {"type": "compare", "fact": "member.points", "op": "gte", "value": 100}
CATALOGUE = Catalogue(
    Definitions.model_validate(
        {
            "attributes": [{"name": "wedding", "label": {"en": "wedding", "zh-Hans": "婚"}, "type": "text"}],
            "tags": [{"key": "vip", "name": {"en": "VIP", "zh-Hans": "VIP"}, "meaning": "x"}],
            "events": [{"name": "Signed Up", "label": {"en": "Signed up", "zh-Hans": "注册"}}],
        }
    )
)


def rule(*then: Json, **parts: Json) -> Json:
    name = {"en": "A rule", "zh-Hans": "一条规则"}
    return {"language": 1, "key": "a-rule", "name": name, "when": SIGNED, "then": list(then), **parts}


def branch(*then: Json, asked: Json = RICH, **otherwise: Json) -> Json:
    made = {"type": "branch", "if": asked, "then": list(then)}
    return {**made, "else": otherwise["other"]} if otherwise else made


def wait_for(*then: Json, **more: Json) -> Json:
    return {"type": "wait_for", "event": EVENT, "timeout": {"days": 1}, "then": list(then), **more}


def nested(deep: int) -> Json:
    made: Json = POINTS
    for _ in range(deep - 1):
        made = branch(made)
    return made


def found(said: Json, *others: Json) -> dict[tuple[str, str], str]:
    document = parse_rule(said)
    findings = check(document, CATALOGUE, [parse_rule(one) for one in others])
    return {(one.code, one.path): one.severity for one in findings}


def by_hours(*then: Json) -> Json:
    return rule(*then, WAIT, POINTS)


CASES: list[tuple[str, str, Json, Json]] = [
    ("journey-too-deep", "/then", rule(nested(6)), rule(nested(5))),
    (
        "journey-too-long",
        "/then",
        rule(*[branch(*[POINTS] * 49)] * 2, POINTS),
        rule(*[branch(*[POINTS] * 49)] * 2),
    ),
    ("empty-branch", "/then/0", rule(branch()), rule(branch(other=[POINTS]))),
    ("empty-branch", "/then/0/then/0", rule(branch(branch(), POINTS)), rule(branch(branch(STOP), POINTS))),
    ("never-reached", "/then/0/then/1", rule(branch(STOP, POINTS)), rule(branch(POINTS, STOP), POINTS)),
    (
        "one-day-only",
        "/then/0/date",
        by_hours({"type": "wait_until", "at": "09:00", "on_day": 1, "date": "01-01"}),
        by_hours({"type": "wait_until", "at": "09:00", "date": "02-29"}),
    ),
    (
        "goal-without-wait",
        "/goal",
        rule(POINTS, goal=ORDER),
        rule(POINTS, goal={**ORDER, "within": {"days": 1}}),
    ),
    ("goal-without-wait", "/goal", rule(branch(POINTS), goal=ORDER), rule(branch(WAIT, POINTS), goal=ORDER)),
    ("re-entry-without-wait", "/re_entry", rule(POINTS, re_entry="restart"), rule(POINTS, re_entry="once")),
    ("wait-last", "/then/1", rule(POINTS, wait_for()), rule(POINTS, wait_for(POINTS))),
    (
        "exit-without-wait",
        "/exit",
        rule(branch(POINTS), exit=ORDER),
        rule(branch(wait_for(POINTS)), exit=ORDER),
    ),
    (
        "unknown-tag",
        "/then/0/else/0/tag",
        rule(branch(other=[{"type": "add_tag", "tag": "x"}])),
        rule(branch(POINTS)),
    ),
    (
        "unknown-fact",
        "/then/0/if/fact",
        rule(branch(POINTS, asked={**RICH, "fact": "member.x"})),
        rule(branch(POINTS)),
    ),
    (
        "no-event-value",
        "/then/1/if/fact",
        rule(WAIT, branch(POINTS, asked=BIG)),
        rule(wait_for(branch(POINTS, asked=BIG))),
    ),
    (
        "no-event-value",
        "/then/0/else/0/if/fact",
        rule(wait_for(**{"else": [branch(POINTS, asked=BIG)]})),
        rule(POINTS),
    ),
    (
        "where-reads-member",
        "/then/0/where/fact",
        rule(wait_for(POINTS, where=RICH)),
        rule(wait_for(POINTS, where=BIG)),
    ),
    (
        "no-event-value",
        "/exit/while/fact",
        rule(WAIT, POINTS, exit={"type": "condition", "while": BIG}),
        rule(WAIT, POINTS, exit={"type": "condition", "while": RICH}),
    ),
    (
        "unknown-event",
        "/goal/event",
        rule(WAIT, POINTS, goal={**ORDER, "event": "X"}),
        rule(WAIT, POINTS, goal=ORDER),
    ),
    ("unknown-event", "/then/0/event", rule(wait_for(POINTS, event="X")), rule(wait_for(POINTS))),
    (
        "add-and-remove",
        "/then/0/then/1",
        rule(branch({"type": "add_tag", "tag": "vip"}, {"type": "remove_tag", "tag": "vip"})),
        rule(branch({"type": "add_tag", "tag": "vip"}, other=[{"type": "remove_tag", "tag": "vip"}])),
    ),
]


BIRTHDAY = {"type": "anniversary", "of": "birthday", "at": "09:00"}
BY_DAY = {**BIRTHDAY, "of": "attribute", "attribute": "member.wedding"}
MID_AUTUMN = {"type": "holiday", "calendar": "lunar", "month": 8, "day": 15, "at": "10:00"}


def on(**when: Json) -> Json:
    return {**rule(POINTS), "when": when}


CASES += [
    ("needs-attribute", "/when/attribute", on(**BIRTHDAY | {"of": "attribute"}), on(**BY_DAY)),
    ("needless-attribute", "/when/attribute", on(**BY_DAY | {"of": "joining"}), on(**BIRTHDAY)),
    ("unknown-fact", "/when/attribute", on(**BY_DAY | {"attribute": "member.x"}), on(**BY_DAY)),
    ("personal-fact", "/when/attribute", on(**BY_DAY | {"attribute": "member.phone"}), on(**BY_DAY)),
    ("needs-text-fact", "/when/attribute", on(**BY_DAY | {"attribute": "member.points"}), on(**BY_DAY)),
    (
        "before-and-after",
        "/when/after",
        on(**BIRTHDAY, before={"days": 7}, after={"days": 1}),
        on(**BIRTHDAY, after={"days": 1}),
    ),
    ("no-such-day", "/when/day", on(**MID_AUTUMN | {"day": 31}), on(**MID_AUTUMN)),
    (
        "no-such-day",
        "/when/day",
        on(type="holiday", month=2, day=30, at="10:00"),
        on(type="holiday", month=2, day=29, at="10:00"),
    ),
    ("lunar-last-day", "/when/day", on(**MID_AUTUMN | {"day": 30}), on(**MID_AUTUMN | {"day": 29})),
    ("lunar-leap-month", "/when/leap", on(**MID_AUTUMN, leap=True), on(**MID_AUTUMN)),
    (
        "needless-leap",
        "/when/leap",
        on(**MID_AUTUMN | {"calendar": "gregorian", "leap": True}),
        on(**MID_AUTUMN),
    ),
]


@pytest.mark.parametrize(
    ("code", "path", "bad", "good"), CASES, ids=[f"{at}-{case[0]}" for at, case in enumerate(CASES)]
)
def test_finds_what_is_wrong_and_only_that(code: str, path: str, bad: Json, good: Json) -> None:
    """Each finding stands at its place; the sound neighbour has none of the kind, and no error."""
    assert (code, path) in found(bad)
    assert code not in [name for name, _ in found(good)]
    assert "error" not in found(good).values()


def test_every_code_has_a_case() -> None:
    """No finding about journeys is without a case."""
    assert set(JOURNEY_MESSAGES) <= {case[0] for case in CASES}


def test_a_rule_that_starts_itself_again_is_found_inside_a_branch() -> None:
    """The circle is told at the action that closes it, however deep it stands."""
    added = {"type": "event", "event": "Tag Added"}
    again = rule(WAIT, branch(POINTS, other=[{"type": "add_tag", "tag": "vip"}]), when=added)

    assert ("tag-loop", "/then/1/else/0") in found(again)


def test_problems_of_nested_parts_are_true_pointers() -> None:
    """What validation refuses is told where it stands in the JSON."""
    broken = rule(
        branch({"type": "award_points", "points": "x"}, asked={**RICH, "op": "no"}, other=[{"type": "wait"}])
    )
    with pytest.raises(InvalidRule) as refused:
        parse_rule(broken)

    paths = [one.path for one in refused.value.problems]
    assert ["/then/0/if/op", "/then/0/then/0/points", "/then/0/else/0/for"] == paths
