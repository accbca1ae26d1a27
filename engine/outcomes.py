"""What comes of one rule, one wait that went on, or one request: an outcome with its effects."""

from collections.abc import Callable, Sequence
from typing import Any

from engine.decision import Need, Outcome, Result
from engine.effects import AnyEffect
from engine.events import AT_THE_TILL, Event
from engine.firing import held_back, resolve
from engine.programme.awards import multiplied
from engine.programme.issuing import over_budget, short, unaffordable
from engine.programme.occasion import Occasion, derived_id
from engine.programme.requests import carry_out
from engine.rules import Index
from engine.state import MemberState
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
    return _said(occasion, "fired", "", resolve(occasion, 0))


def resumed(occasion: Occasion, start: int) -> Outcome:
    """Return what comes of a rule whose wait is over, from the action with an index on."""
    why = short(occasion, start)
    return (
        _said(occasion, "limited", why) if why else _said(occasion, "resumed", "", resolve(occasion, start))
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
    return _said(occasion, "limited", why) if why else outcome


def of_request(
    state: MemberState, event: Event, index: Index, grant: Callable[[Need], Any]
) -> tuple[Outcome, dict[str, Any]]:
    """Return what comes of what a till or a person asks for, and what they are told."""
    asker = "@till" if event.name in AT_THE_TILL else "@person"

    def effect_id(at: int) -> str:
        return derived_id(event, 0, asker, 0, at)

    effects, answer = carry_out(state, event, index.rules.catalogue, effect_id, grant)
    result: Result = "refused" if answer.get("status") == "refused" else "done"
    reason = answer.get("reason", "")
    return (
        Outcome(step=0, rule=asker, version=0, result=result, reason=reason, effects=effects),
        answer,
    )


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


def _said(occasion: Occasion, result: Result, reason: str, effects: tuple[AnyEffect, ...] = ()) -> Outcome:
    rule = occasion.rule
    return Outcome(
        step=occasion.step,
        rule=rule.key,
        version=rule.version,
        result=result,
        reason=reason,
        effects=effects,
    )
