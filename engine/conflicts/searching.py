"""Looks for a member and a timeline that show a case: facts by search, their truth by deciding.

Conditions are made true of facts by the smallest change; the facts are brought
about by entries; what the engine then reads says which are still wrong.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final, Literal, NamedTuple

from engine.conflicts.asked import asked_of
from engine.conflicts.cases import Case
from engine.conflicts.confirming import moments, shows, used_together
from engine.conflicts.in_force import asking, in_force
from engine.conflicts.instants import instants, window
from engine.conflicts.plan import Meeting, Plan
from engine.conflicts.settling import settled, tests
from engine.conflicts.telling import Teller
from engine.conflicts.timeline import CannotBe, timeline
from engine.conflicts.witness import Witness
from engine.counterfactual import smallest_change
from engine.errors import EngineError
from engine.firing import holdout_place
from engine.index import Index
from engine.language.compiled import CompiledRule
from engine.language.predicates import Node, Test, figures, together
from engine.rules import SETTLE, RuleSet
from engine.schedule import DAY
from engine.values import MISSING, Instant, MaybeValue

_ROUNDS: Final = 8
_DETOURS: Final = 8
_AHEAD: Final = 800 * DAY
_MOST_NAMES: Final = 10_000
_CALENDAR: Final = "calendar."

Verdict = Literal["found", "apart", "held", "given_up"]


class Answer(NamedTuple):
    """What looking at a case came to.

    Attributes:
        verdict: `found`; `apart`: no facts make all conditions true; `held`: both are true, and yet it
            doesn't show; `given_up`: it couldn't be told.
        witness: Who shows it, if somebody does.
    """

    verdict: Verdict
    witness: Witness | None = None


class _Gap(NamedTuple):
    """What keeps rules from coming together: the plan that would mend it, or why there is none."""

    plan: Plan | None
    verdict: Verdict


def search(case: Case, base: RuleSet, at: Instant) -> Answer:
    """Look for a member and a timeline that show a case.

    Args:
        case: What is looked for.
        base: The programme without its rules, by `bare`.
        at: The instant from which on it counts.
    """
    span = window(case.rules, base, at)
    if span is None:
        return Answer("apart")
    plain = tuple(
        asking(rule, touch, base.catalogue) for rule, touch in zip(case.rules, case.touches, strict=True)
    )
    index = in_force(base, plain)
    verdicts: list[Verdict] = []
    for meeting in case.meetings:
        order = [plain[place] for place in meeting.order]
        asked = _beforehand(meeting, order)
        if asked is not None and smallest_change(asked, {}) is None:
            verdicts.append("apart")
            continue
        for instant in instants(meeting, index, order, asked, span):
            plan = Plan(meeting, order, instant, instant, _begin(case))
            answer = _with_detours(case, plan, index, base)
            if answer.verdict == "found":
                return answer
            verdicts.append(answer.verdict)
    for verdict in ("given_up", "held"):
        if verdict in verdicts:
            return Answer("given_up" if verdict == "given_up" else "held")
    return Answer("apart")


def _begin(case: Case) -> dict[str, MaybeValue]:
    """Return what is wished from the start: of a claim, something to be claimed."""
    return {f"event.{case.about['property']}": "order-1"} if case.code == "claimed" else {}


def _beforehand(meeting: Meeting, order: Sequence[CompiledRule]) -> Node | None:
    """Return what the rules ask that are asked of the same facts."""
    same = order[:1] if meeting.follows else order
    return together(*(one.condition for one in same), path="")


def _with_detours(case: Case, plan: Plan, index: Index, base: RuleSet) -> Answer:
    """Let the rules come together, and where that ends nowhere, again without wishing one of the facts.

    Facts are searched each for itself, but some move together: who ordered today has ordered in the last
    30 days. So what was wished first may be what can't be.
    """
    answer, wished = _meet(case, plan, index, base, ())
    for fact in wished[:_DETOURS] if answer.verdict == "given_up" else ():
        other, _ = _meet(case, plan, index, base, (fact,))
        if other.verdict == "found":
            return other
    return answer


def _meet(
    case: Case, plan: Plan, index: Index, base: RuleSet, avoided: Collection[str]
) -> tuple[Answer, list[str]]:
    """Let the rules come together at an instant, mending the member's life until they do.

    Args:
        case: What is to be shown.
        plan: Where to begin.
        index: The rules.
        base: The programme without them.
        avoided: Facts that aren't wished to be others.

    Returns:
        What came of it, and which facts were wished.
    """
    tried: list[Plan] = []
    verdict: Verdict = "given_up"
    for _ in range(_ROUNDS):
        tried.append(plan)
        try:
            teller = _lived(plan, case, index)
        except (CannotBe, EngineError):
            break
        confirmed = _shown(case, plan, index, base, teller)
        if confirmed is not None:
            return Answer("found", confirmed), []
        gap = _gap(plan, teller, avoided)
        if gap.plan is None or gap.plan in tried:
            verdict = "given_up" if gap.plan is not None else gap.verdict
            break
        plan = gap.plan
    wished = [fact for one in tried for fact in (*one.figures, *one.lists, *one.facts)]
    return Answer(verdict), list(dict.fromkeys(wished))


def _lived(plan: Plan, case: Case, index: Index) -> Teller:
    """Return a member's life as planned, decided entry by entry."""
    teller = Teller(_name(case.rules, index), index)
    for told in timeline(plan, index.rules):
        teller.happen(told)
    if plan.meeting.how == "clock":
        ahead = _AHEAD if plan.rules[0].before_expiry is not None else SETTLE
        teller.clock(plan.at + ahead, inclusive=True)
    return teller


def _shown(case: Case, plan: Plan, index: Index, base: RuleSet, teller: Teller) -> Witness | None:
    """Return the witness if a moment shows the case, under the very rules and nothing else."""
    if not any(shows(case, moment, index) for moment in moments(teller.chapters)):
        return None
    own = in_force(base, case.rules)
    again = _lived(plan, case, own)
    for moment in moments(again.chapters):
        if shows(case, moment, own):
            places = tuple(place for place, _ in moment)
            if case.code == "coupons" and not used_together(case, again, moment):
                return None
            at = moment[-1][1].event.as_of
            return Witness(member=again.state.member, at=at, chapters=tuple(again.chapters), moment=places)
    return None


def _name(rules: Sequence[CompiledRule], index: Index) -> str:
    """Return the first of some made-up names whom no rule holds out."""
    outs: list[tuple[str, int]] = []
    for rule in rules:
        limits = rule.document.limits
        if limits is not None and limits.holdout_percent is not None:
            outs.append((rule.key, limits.holdout_percent))
        campaign = index.rules.catalogue.campaigns.get(rule.document.campaign or "")
        if campaign is not None and campaign.holdout_percent is not None:
            outs.append((f"campaign/{campaign.key}", campaign.holdout_percent))
    names = (f"witness-{number}" for number in range(1, _MOST_NAMES))
    return next(
        (name for name in names if all(holdout_place(of, name) >= percent for of, percent in outs)), "witness"
    )


def _gap(plan: Plan, teller: Teller, avoided: Collection[str]) -> _Gap:
    """Return how the member's life must change for the conditions of all rules to hold."""
    known: dict[str, MaybeValue] = {}
    read_before: set[str] = set()
    nodes: list[Node] = []
    pinned = False
    moment, first = plan.moment, None
    for asked in asked_of(plan, teller):
        first = first or asked
        if first is asked and plan.meeting.how == "clock" and asked.chapter is not None:
            moment = asked.chapter.event.as_of
        told = plan.meeting.how == "event" and (asked.chapter, asked.step) == (first.chapter, first.step)
        node = asked.rule.condition
        if node is not None:
            fixed = _fixed(known, asked.facts, read_before, avoided, told=told)
            read = {test.fact for test in tests(node)}
            pinned = pinned or any(fixed(test) for test in tests(node) if not test.fact.startswith(_CALENDAR))
            nodes.append(settled(node, fixed, asked.facts))
            read_before |= read
        known = {**asked.facts, **known}
    joint = together(*nodes, path="")
    change = smallest_change(joint, known)
    if change is None:
        return _Gap(None, "given_up" if pinned else "apart")
    if not change.changes and moment == plan.moment:
        return _Gap(None, "held")
    mended = plan.changed(change.changes, figures(joint))
    return _Gap(replace(mended, moment=moment), "given_up")


def _fixed(
    known: Mapping[str, MaybeValue],
    read: Mapping[str, MaybeValue],
    before: Collection[str],
    avoided: Collection[str],
    *,
    told: bool,
) -> Callable[[Test], bool]:
    """Return which facts can't be wished: the calendar's, and what rules before have changed.

    Args:
        known: What rules before have read.
        read: What the rule has read.
        before: Facts that rules before have asked for.
        avoided: Facts that aren't wished to be others.
        told: Whether the event that the rule was asked about is the one that is told.
    """

    def fixed(test: Test) -> bool:
        if test.fact.startswith("event."):
            return not told or test.fact in avoided
        if test.fact.startswith(_CALENDAR) or test.fact in avoided:
            return True
        return test.fact in before and known.get(test.fact, MISSING) != read.get(test.fact, MISSING)

    return fixed
