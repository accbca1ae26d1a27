"""Finds rules that get in each other's way, and proves each finding."""

from collections.abc import Sequence

from engine.conflicts.cases import cases
from engine.conflicts.in_force import bare
from engine.conflicts.searching import search
from engine.conflicts.witness import Conflict, Report
from engine.language.compiled import CompiledRule
from engine.rules import RuleSet
from engine.values import Instant


def find_conflicts(
    rules: Sequence[CompiledRule], base: RuleSet, at: Instant, *, of: str | None = None
) -> Report:
    """Return rules that get in each other's way, each time with a member and a timeline that show it.

    Args:
        rules: The rules that are, or would be, in force.
        base: The rule set whose definitions, calendar and statistics hold.
        at: The instant from which on it counts; what is over by then is left out.
        of: Key of a rule; only what concerns it is looked at. None for all.
    """
    alone = bare(base)
    in_order = sorted(rules, key=lambda one: (one.document.priority, one.key))
    found: list[Conflict] = []
    apart = held = looked = 0
    given_up: list[tuple[str, ...]] = []
    for case in cases(in_order, base.catalogue):
        keys = tuple(rule.key for rule in case.rules)
        if of is not None and of not in keys:
            continue
        looked += 1
        answer = search(case, alone, at)
        if answer.witness is not None:
            actions = tuple(touch.action if touch is not None else None for touch in case.touches)
            found.append(
                Conflict(
                    code=case.code, rules=keys, about=case.about, actions=actions, witness=answer.witness
                )
            )
        elif answer.verdict == "apart":
            apart += 1
        elif answer.verdict == "held":
            held += 1
        else:
            given_up.append(keys)
    return Report(conflicts=tuple(found), looked=looked, apart=apart, held=held, given_up=tuple(given_up))
