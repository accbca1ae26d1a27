"""Why a rule fires for a member, or doesn't: everything that decides it, in the order in which it is asked.

Nothing is decided here a second time. An entry was decided, and a trigger that
didn't come is decided as if it came: what came of the rule names the first
reason, and with it everything before it holds and nothing behind it was
reached.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import msgspec

from engine.checklist import READERS, Answer, Basis, Kind, Trigger
from engine.decision import Decision, Outcome
from engine.evaluate import explain
from engine.events import CONDITION_BEGAN, Event
from engine.index import Index
from engine.language.compiled import CompiledRule
from engine.project import OF_RULES
from engine.rules import Standing
from engine.state import MemberState
from engine.trace import Trace

State = Literal["holds", "fails", "not_reached"]

ORDER: Final[tuple[Kind, ...]] = (
    "published", "paused", "trigger", "condition", "lineage", "active", "campaign", "late", "re_entry",
    "hold_out", "per_member", "group", "total", "supply", "budget", "chain", "messages",
)  # fmt: skip
"""What is asked before what; messages are weighed once the rule has fired and hold none of it back."""

_KINDS: Final[Mapping[str, Kind]] = {
    "not-published": "published",
    "paused": "paused",
    "not-matched": "condition",
    "own-descendant": "lineage",
    "not-yet-active": "active",
    "no-longer-active": "active",
    "no-campaign": "campaign",
    "campaign-not-begun": "campaign",
    "campaign-ended": "campaign",
    "event-late": "late",
    "entered-before": "re_entry",
    "already-enrolled": "re_entry",
    "hold-out": "hold_out",
    "per-member": "per_member",
    "exclusive-group": "group",
    "total": "total",
    "budget": "budget",
    "chain-too-deep": "chain",
    "chain-too-long": "chain",
}
"""Which part of the list a reason belongs to; any other is of what the actions need."""

_OF_STARTS: Final = frozenset(("fired", "limited", "late", "inactive", "waiting", "refused", "held_out"))


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that decides whether a rule fires.

    Attributes:
        kind: What is asked.
        state: Whether it holds; `not_reached` behind the first that fails.
        reason: Why it fails: a code; empty otherwise.
        read: What was read, by name; instants are microseconds.
        trace: For the condition: every part, with what it read.
        assumed: Whether it holds only for want of knowing better: what is scarce is taken to have been
            there for a trigger that didn't come.
    """

    kind: Kind
    state: State
    reason: str = ""
    read: Mapping[str, Any] = {}
    trace: Trace | None = None
    assumed: bool = False


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """Why a rule fired for a member, or didn't.

    Attributes:
        checks: Everything that decides it, in order.
        fires: Whether everything holds, the trigger among it.
        would_fire: Whether everything but the trigger holds.
        blocked_by: The first check that fails; None if all hold.
        reason: Why it fails; empty if all hold.
    """

    checks: Sequence[Check]
    fires: bool
    would_fire: bool
    blocked_by: Kind | None
    reason: str


def answer_of(decision: Decision, event: Event, rule: CompiledRule) -> Answer | None:
    """Return what came of asking a rule in a decision; None if it wasn't asked whether it starts.

    Of several times the first at which it fired counts, and the last if it never did.
    """
    found: Answer | None = None
    for number, step in enumerate(decision.steps):
        if not _asks(rule, event, number, step.name, step.properties):
            continue
        outcome = next((one for one in decision.outcomes if _starts(one, rule.key, number)), None)
        found = Answer(number, outcome, step.facts, step.lineage)
        if found.result == "fired":
            break
    return found


def _asks(rule: CompiledRule, event: Event, number: int, name: str, told: Mapping[str, Any]) -> bool:
    if number == 0 and event.kind == "timer" and event.properties["timer"] in OF_RULES:
        return bool(event.properties["name"] == rule.key)
    if rule.lasting:
        said = told if number else event.properties
        return name == CONDITION_BEGAN and said.get("rule") == rule.key
    return name == rule.trigger


def _starts(outcome: Outcome, key: str, step: int) -> bool:
    return (
        outcome.step == step
        and outcome.rule == key
        and outcome.result in _OF_STARTS
        and not outcome.enrolment
    )


def explanation(
    answer: Answer | None,
    event: Event,
    state: MemberState,
    standing: Standing,
    index: Index,
    trigger: Trigger,
    *,
    supposed: bool,
) -> Explanation:
    """Return everything that decides whether a rule fires, with the first reason why it doesn't.

    Args:
        answer: What came of it; None where nobody could be asked.
        event: The entry, or the one that is supposed.
        state: The member before it.
        standing: The rule.
        index: The rules in force.
        trigger: Whether the trigger came.
        supposed: Whether the entry is supposed, so that what is scarce is taken to be there.
    """
    reason = answer.reason if answer is not None else "not-matched"
    basis = Basis(answer, event, state, standing, index, trigger, supposed)
    checks = _checks(basis, reason)
    blocked = next((one for one in checks if one.state == "fails"), None)
    return Explanation(
        checks=checks,
        fires=blocked is None,
        would_fire=not reason,
        blocked_by=blocked.kind if blocked is not None else None,
        reason=blocked.reason if blocked is not None else "",
    )


def _checks(basis: Basis, reason: str) -> list[Check]:
    """Return the list; the first check that fails besides the trigger's is the one of a reason."""
    failing = kind_of(reason) if reason else None
    found: list[Check] = []
    behind = False
    for kind in ORDER:
        read = READERS[kind](basis) if kind in READERS else None
        why = reason if kind == failing else _unasked(kind, basis)
        if read is None and not why:
            continue
        state: State = "not_reached" if behind else "fails" if why else "holds"
        found.append(
            Check(
                kind=kind,
                state=state,
                reason=why if state == "fails" else "",
                read=read or {},
                trace=_trace(basis) if kind == "condition" else None,
                assumed=basis.supposed and state == "holds" and kind in {"total", "supply", "budget"},
            )
        )
        behind = behind or kind == failing
    return found


def _unasked(kind: Kind, basis: Basis) -> str:
    """Return why a rule isn't even asked, as far as a check says it; empty where it does not."""
    if kind == "paused":
        return "paused" if basis.standing.paused else ""
    return basis.trigger.reason if kind == "trigger" else ""


def _trace(basis: Basis) -> Trace | None:
    condition = basis.standing.rule.condition
    if condition is None or basis.answer is None:
        return None
    return explain(condition, basis.answer.facts)


def kind_of(reason: str) -> Kind:
    """Return the part of the list that a reason of the engine belongs to."""
    return _KINDS.get(reason, "supply")
