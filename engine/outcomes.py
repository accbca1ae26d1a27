"""What comes of one rule, one wait that went on, or one request: an outcome with its effects."""

from collections.abc import Callable, Sequence
from typing import Any

from engine.decision import RULE_CHANGED, Need, Outcome, Result
from engine.effects import AnyEffect, SendMessage, StartWait
from engine.events import AT_THE_TILL, BROADCAST_DUE, Event
from engine.firing import held_back, resolve
from engine.index import Index
from engine.programme.awards import multiplied
from engine.programme.issuing import over_budget, short, unaffordable
from engine.programme.occasion import Occasion, derived_id
from engine.programme.requests import carry_out
from engine.programme.way import way
from engine.state import Enrolment, MemberState
from engine.timers import expiring
from engine.values import instant_text


def fired(occasion: Occasion, lineage: tuple[str, ...]) -> Outcome:
    """Return what comes of a rule that is true of the member.

    Args:
        occasion: The rule with what it reads.
        lineage: Rules whose effects led here; none of them may fire again.
    """
    held = held_back(occasion, occasion.in_force, lineage)
    if held is not None:
        return _said(occasion, held.result, held.reason)
    run = way(occasion, 0)
    why = short(occasion, run.actions)
    return _said(occasion, "limited", why) if why else _said(occasion, "fired", "", resolve(occasion, run))


def resumed(occasion: Occasion, start: int, ending: int = 0) -> Outcome:
    """Return what comes of a rule whose wait is over.

    Args:
        occasion: The rule with what it reads.
        start: Index of the action to go on with.
        ending: Number of the wait that an event ends; 0 if it ran out.
    """
    run = way(occasion, start)
    why = short(occasion, run.actions)
    if why:
        return _said(occasion, "limited", why, enrolment=ending)
    return _said(occasion, "resumed", "", resolve(occasion, run), ending)


def ended_wait(
    wait: Enrolment,
    step: int,
    result: Result,
    reason: str,
    dropped: tuple[SendMessage, ...] = (),
    *,
    ending: bool = True,
) -> Outcome:
    """Return that a member who waited in a rule is out of it.

    Args:
        wait: The wait.
        step: Number of the step.
        result: `exited`, or `reached` for its goal.
        reason: Why.
        dropped: Messages of the rule that wait for quiet hours and aren't sent any more.
        ending: Whether the wait is still among the member's; not where it has just run out.
    """
    return Outcome(
        step=step,
        rule=wait.rule,
        version=wait.version,
        result=result,
        reason=reason,
        effects=dropped,
        enrolment=wait.number if ending else 0,
    )


def transferred(wait: Enrolment, event: Event, index: Index) -> Outcome | None:
    """Return what becomes of a wait whose version was replaced; None if it goes on as it is.

    It keeps its instant, its number and its beginning. Where the step is gone, the member leaves.
    """
    place, at = (wait.rule, wait.version), wait.at
    resume = wait.resume
    while (sent := index.rules.transfers.get(place)) is not None:
        if sent.version is None or at not in sent.places:
            return ended_wait(wait, 0, "exited", RULE_CHANGED)
        place, (at, resume) = (wait.rule, sent.version), sent.places[at]
    if place[1] == wait.version:
        return None
    started = StartWait(
        id=derived_id(event, 0, wait.rule, place[1], f"moved.{wait.number}.{wait.at}"),
        action=at,
        resume=resume,
        due_at=wait.due_at,
        since=wait.started_at,
        number=wait.number,
    )
    return Outcome(
        step=0,
        rule=wait.rule,
        version=place[1],
        result="moved",
        reason=RULE_CHANGED,
        effects=(started,),
        enrolment=wait.number,
    )


def counted(asked: Sequence[tuple[Occasion, Outcome]]) -> list[Outcome]:
    """Return a step's outcomes with their awards multiplied and capped, in their order."""
    if not asked:
        return []
    first = asked[0][0]
    return multiplied([one for _, one in asked], first.in_force.rules, first.state, first.zone)


def afforded(occasion: Occasion, outcome: Outcome, state: MemberState, *, lacking: bool) -> Outcome:
    """Return an outcome, or why it can't be carried out.

    Args:
        occasion: The rule.
        outcome: What comes of it, with its awards counted.
        state: The member, after the outcomes before it in the step.
        lacking: Whether something is still to be granted. What a draw gives, and so what it costs a
            budget, is known only once nothing is.
    """
    if not outcome.effects:
        return outcome
    why = unaffordable(state, outcome, occasion.catalogue)
    if not why and not lacking and over_budget(occasion, outcome.effects):
        why = "budget"
    return _said(occasion, "limited", why, enrolment=outcome.enrolment) if why else outcome


def of_request(
    state: MemberState, event: Event, index: Index, grant: Callable[[Need], Any]
) -> tuple[Outcome, dict[str, Any]]:
    """Return what comes of what a till, a person or a broadcast asks for, and what they are told."""
    asker = _asker(event.name)

    def effect_id(at: int) -> str:
        return derived_id(event, 0, asker, 0, at)

    effects, answer = carry_out(state, event, index.rules.catalogue, effect_id, grant)
    result: Result = "refused" if answer.get("status") == "refused" else "done"
    reason = answer.get("reason", "")
    return (
        Outcome(step=0, rule=asker, version=0, result=result, reason=reason, effects=effects),
        answer,
    )


def _asker(request: str) -> str:
    if request == BROADCAST_DUE:
        return "@broadcast"
    return "@till" if request in AT_THE_TILL else "@person"


def notice(state: MemberState, event: Event, index: Index) -> dict[str, Any]:
    """Return what a notice tells of: how much ends, and when; nothing for another timer."""
    told = event.properties
    if told["timer"] != "before_expiry":
        return {}
    when = index.rules.standing[told["name"]].rule.before_expiry
    if when is None:
        return {}
    amount = sum(one.amount for one in expiring(state, when) if one.end == told["mark"])
    return {"points": amount, "expires_at": instant_text(told["mark"])}


def _said(
    occasion: Occasion,
    result: Result,
    reason: str,
    effects: tuple[AnyEffect, ...] = (),
    enrolment: int = 0,
) -> Outcome:
    rule = occasion.rule
    return Outcome(
        step=occasion.step,
        rule=rule.key,
        version=rule.version,
        result=result,
        reason=reason,
        effects=effects,
        enrolment=enrolment,
    )
