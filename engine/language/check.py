"""Findings before publish: everything that can be said of a rule without running it."""

from collections.abc import Iterator, Sequence
from itertools import chain

from engine.errors import InvalidRule, InvalidValue
from engine.language.actions import WaitForAction
from engine.language.base import LANGUAGES, words
from engine.language.catalogue import Catalogue
from engine.language.checks_actions import action_findings
from engine.language.checks_campaigns import campaign_findings
from engine.language.checks_conditions import condition_findings, places
from engine.language.checks_days import day_findings
from engine.language.checks_ends import end_findings
from engine.language.checks_giving import giving_findings
from engine.language.checks_journeys import journey_findings
from engine.language.checks_loops import answer_findings, loop_findings
from engine.language.checks_ranges import range_findings
from engine.language.checks_standing import standing_findings
from engine.language.conditions import History
from engine.language.diagnostics import Diagnostic, diagnostic
from engine.language.document import MAX_DEPTH, Exit, RuleDocument
from engine.language.journey import placed
from engine.language.paths import depth, walk
from engine.language.triggers import AbsenceTrigger, EventTrigger, ScheduleTrigger
from engine.values import Instant, parse_instant

_LANGUAGE_NAMES = {"en": words("English", "英文"), "zh-Hans": words("Chinese", "中文")}
_EVERY = {"day": words("day", "天"), "week": words("week", "周"), "month": words("month", "月")}


def check(
    document: RuleDocument, catalogue: Catalogue, others: Sequence[RuleDocument] = ()
) -> list[Diagnostic]:
    """Return what is wrong, doubtful or worth knowing, in that order.

    A document without an `error` compiles.

    Args:
        document: The rule.
        catalogue: What it may speak of.
        others: The other rules that would be in force with it.
    """
    found = chain(
        _names(document),
        _schedule(document),
        day_findings(document, catalogue),
        _events(document, catalogue),
        _depth(document),
        condition_findings(document, catalogue),
        range_findings(document, catalogue),
        action_findings(document, catalogue),
        standing_findings(document, catalogue),
        journey_findings(document),
        giving_findings(document, catalogue, others),
        end_findings(document, catalogue, others),
        campaign_findings(document, catalogue),
        _active(document),
        _late(document),
        loop_findings(document, catalogue, others),
        answer_findings(document),
    )
    return sorted(found, key=lambda one: ("error", "warning", "note").index(one.severity))


def unreadable(error: InvalidRule) -> list[Diagnostic]:
    """Return the findings of data that `parse_rule` refused."""
    return [
        diagnostic(
            "invalid-shape", problem.path, reason=problem.text["en"], reason_zh=problem.text["zh-Hans"]
        )
        for problem in error.problems
    ]


def _names(document: RuleDocument) -> Iterator[Diagnostic]:
    told = {str(language): name for language, name in document.name.items()}
    for language in LANGUAGES:
        if not told.get(language, "").strip():
            called = _LANGUAGE_NAMES[language]
            yield diagnostic("missing-name", "/name", language=called["en"], language_zh=called["zh-Hans"])


def _schedule(document: RuleDocument) -> Iterator[Diagnostic]:
    when = document.when
    if not isinstance(when, ScheduleTrigger):
        return
    every = {"every": _EVERY[when.every]["en"], "every_zh": _EVERY[when.every]["zh-Hans"]}
    if when.every == "week" and when.on_weekday is None:
        yield diagnostic("schedule-needs-weekday", "/when/on_weekday")
    if when.every == "month" and when.on_day is None:
        yield diagnostic("schedule-needs-day", "/when/on_day")
    if when.every != "week" and when.on_weekday is not None:
        yield diagnostic("needless-schedule-day", "/when/on_weekday", **every)
    if when.every != "month" and when.on_day is not None:
        yield diagnostic("needless-schedule-day", "/when/on_day", **every)


def _events(document: RuleDocument, catalogue: Catalogue) -> Iterator[Diagnostic]:
    """Yield events that nobody has defined, wherever the rule names one."""
    when = document.when
    named = [("/when/event", when.event)] if isinstance(when, EventTrigger | AbsenceTrigger) else []
    named += [
        (f"{one.path}/event", one.action.event)
        for one in placed(document)
        if isinstance(one.action, WaitForAction)
    ]
    for place in places(document):
        for path, node in walk(place.condition, place.path):
            if isinstance(node, History):
                named.append((f"{path}/event", node.event))
    if isinstance(document.exit, Exit):
        named.append(("/exit/event", document.exit.event))
    if document.goal is not None:
        named.append(("/goal/event", document.goal.event))
    for path, name in named:
        if name not in catalogue.events:
            yield diagnostic("unknown-event", path, name=name)


def _depth(document: RuleDocument) -> Iterator[Diagnostic]:
    for place in places(document):
        if not place.inner and (deep := depth(place.condition)) > MAX_DEPTH:
            yield diagnostic("too-deep", place.path, depth=deep, most=MAX_DEPTH)


def _active(document: RuleDocument) -> Iterator[Diagnostic]:
    active = document.active
    if active is None:
        return
    read: list[Instant] = []
    for name, text in (("from", active.from_), ("until", active.until)):
        if text is None:
            continue
        try:
            read.append(parse_instant(text))
        except InvalidValue:
            yield diagnostic("bad-active", f"/active/{name}")
    if len(read) == len(("from", "until")) and read[1] <= read[0]:
        yield diagnostic("never-active", "/active/until")


def _late(document: RuleDocument) -> Iterator[Diagnostic]:
    late = document.late
    if late is not None and late.policy == "fire_within" and late.within is None:
        yield diagnostic("late-needs-within", "/late/within")
