"""Which rules were asked in a witness's life, and what they read then."""

from collections.abc import Iterator
from typing import NamedTuple

from engine.conflicts.plan import Plan
from engine.conflicts.telling import Teller
from engine.conflicts.witness import Chapter
from engine.language.compiled import CompiledRule
from engine.language.predicates import facts
from engine.reading import Reading
from engine.values import MaybeValue


class Asked(NamedTuple):
    """A rule, and what it read when it was asked; no chapter if it was read at the end."""

    rule: CompiledRule
    facts: dict[str, MaybeValue]
    chapter: Chapter | None = None
    step: int = 0


def asked_of(plan: Plan, teller: Teller) -> Iterator[Asked]:
    """Yield each rule with what it read when it was asked, up to the first that wasn't asked at all."""
    last: Asked | None = None
    for rule in plan.rules:
        if rule.lasting or (plan.meeting.how == "change" and rule.trigger != plan.meeting.event):
            yield Asked(rule, _reads(rule, teller))
            continue
        last = _when_asked(rule, plan, teller, last if plan.meeting.follows else None)
        if last is None:
            return
        yield last


def _when_asked(rule: CompiledRule, plan: Plan, teller: Teller, behind: Asked | None) -> Asked | None:
    """Return a rule as it was asked when it fired, or else the first time, behind another if one is given."""
    first: Asked | None = None
    for chapter in teller.chapters:
        if chapter.event.as_of < plan.at or (behind is not None and chapter is not behind.chapter):
            continue
        for number, step in enumerate(chapter.decision.steps):
            if behind is not None and number <= behind.step:
                continue
            timer = chapter.event.kind == "timer" and number == 0
            if rule.trigger != step.name if not timer else chapter.event.properties["name"] != rule.key:
                continue
            asked = Asked(rule, step.facts, chapter, number)
            first = first or asked
            outcomes = (one for one in chapter.decision.outcomes if one.step == number)
            if any(one.rule == rule.key and one.result == "fired" for one in outcomes):
                return asked
    return first


def _reads(rule: CompiledRule, teller: Teller) -> dict[str, MaybeValue]:
    """Return what a rule reads of the member at the end."""
    state, index = teller.state, teller.index
    reading = Reading(facts(rule.condition), rule.figures.values(), index.taxonomy)
    zone = state.zone or index.rules.catalogue.programme.zone
    return reading.facts(properties={}, before=state.past, state=state, as_of=state.as_of, zone=zone)
