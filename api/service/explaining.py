"""Why a rule fired, and why another didn't: decided again, with every condition shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from api.service.recalling import as_logged, bodies, rebuilt, state_before
from api.service.rulebook import Rulebook
from api.store import log
from api.store.connection import Connection
from engine.counterfactual import Counterfactual, smallest_change
from engine.decide import Evaluating, fold
from engine.decision import BY_ITSELF, Decision, Outcome
from engine.evaluate import explain
from engine.events import Event
from engine.index import Index
from engine.language.compiled import CompiledRule
from engine.project import OF_RULES
from engine.replay import granted
from engine.state import MemberState
from engine.trace import Trace
from engine.values import MaybeValue


class Asked(NamedTuple):
    """One rule that was asked in a step, and its answer.

    Attributes:
        rule: The version that was asked; None for what the programme does by itself.
        step: Number of the step.
        outcome: What came of it; a rule that didn't match has the result `not_matched`.
        trace: Every condition with what it read; None for a rule without any, a wait that went on,
            and what the programme does by itself.
        change: The smallest change to what was read that would have made it match; None where it
            matched, and where nothing was found.
    """

    rule: CompiledRule | None
    step: int
    outcome: Outcome
    trace: Trace | None
    change: Counterfactual | None = None


@dataclass(frozen=True, slots=True)
class Explained:
    """A decision with every rule that was asked."""

    event: Event
    decision: Decision
    index: Index
    asked: list[Asked]
    state: MemberState


def explained(event: Event, decision: Decision, index: Index, state: MemberState) -> Explained:
    """Return a decision with a trace for every rule that was asked in any step."""
    asked: list[Asked] = []
    for number, step in enumerate(decision.steps):
        outcomes = [one for one in decision.outcomes if one.step == number]
        rules = _rules_asked(event, number, step.name, index)
        keys = [one.key for one in rules]
        by_rule = {one.rule: one for one in outcomes if not _unasked(one, keys)}
        asks = next((at for at, one in enumerate(outcomes) if not _unasked(one, keys)), len(outcomes))
        asked.extend(_without_question(one, index) for one in outcomes[:asks])
        for rule in rules:
            outcome = by_rule.get(rule.key)
            if outcome is None:
                outcome = Outcome(step=number, rule=rule.key, version=rule.version, result="not_matched")
            facts: dict[str, MaybeValue] = step.facts
            trace = explain(rule.condition, facts) if rule.condition is not None else None
            missed = outcome.result == "not_matched"
            change = smallest_change(rule.condition, facts) if missed else None
            asked.append(Asked(rule, number, outcome, trace, change))
        asked.extend(_without_question(one, index) for one in outcomes[asks:] if _unasked(one, keys))
    return Explained(event, decision, index, asked, state)


def explain_entry(connection: Connection, rulebook: Rulebook, sequence: int) -> Explained | None:
    """Decide a logged entry again and explain it; None if there is no such entry."""
    found = log.entry_at(connection, sequence)
    if found is None:
        return None
    event = found.event
    index = rulebook.index(found.revision)
    state = state_before(connection, rulebook, event.member, event.member_sequence, upto=index)
    (entry,) = as_logged([found], bodies(connection, [sequence]))
    absorbed = None
    if event.kind == "merge":
        absorbed = rebuilt(connection, rulebook, event.properties["absorbed"], upto=index)
    again = fold(state, event, index, Evaluating(index), granted(entry), entry.content, absorbed).decision
    return explained(event, again, index, state)


def _unasked(outcome: Outcome, asked: Sequence[str]) -> bool:
    """Return whether no rule was asked for an outcome, of those that were: it went on, left, or is ours."""
    return (
        outcome.result in {"exited", "moved", "reached", "resumed"}
        or bool(outcome.enrolment)
        or outcome.rule not in asked
    )


def _without_question(outcome: Outcome, index: Index) -> Asked:
    rule = index.rules.version(outcome.rule, outcome.version) if outcome.rule not in BY_ITSELF else None
    return Asked(rule, outcome.step, outcome, None)


def _rules_asked(event: Event, number: int, name: str, index: Index) -> list[CompiledRule]:
    if number == 0 and event.kind == "timer":
        if event.properties["timer"] not in OF_RULES:
            return []
        return [index.rules.standing[event.properties["name"]].rule]
    return [one.rule for one in index.by_topic.get(name, []) if not one.paused]
