"""Which of a rule's actions run now: the way from one of them to the next wait."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from engine.effects import TakeBranch
from engine.evaluate import evaluate
from engine.language.actions import BranchAction
from engine.language.journey import WAITS
from engine.programme.occasion import Occasion


class Way(NamedTuple):
    """What runs now.

    Attributes:
        actions: Indices of the actions, in order; a wait is the last one.
        taken: What was decided at each branch, by its index.
    """

    actions: Sequence[int]
    taken: Mapping[int, TakeBranch]


def way(occasion: Occasion, start: int) -> Way:
    """Return the actions from one on that run now, choosing at branches by what is true now.

    Args:
        occasion: The rule with what it reads.
        start: Index of the action to begin with; the number of actions for none.
    """
    journey = occasion.rule.journey
    straight = journey.straight.get(start)
    if straight is not None:
        return Way(straight, {})
    actions: list[int] = []
    taken: dict[int, TakeBranch] = {}
    at = start
    while at < len(journey.actions):
        actions.append(at)
        action = journey.actions[at]
        if isinstance(action, WAITS):
            break
        if isinstance(action, BranchAction):
            taken[at] = _taken(occasion, at)
            at = journey.forks[at][0 if taken[at].way == "then" else 1]
        else:
            at = journey.after(at)
    return Way(actions, taken)


def _taken(occasion: Occasion, at: int) -> TakeBranch:
    rule, node = occasion.rule, occasion.rule.tests[at]
    facts: dict[str, Any] = occasion.in_force.read_later(rule, node.path, node).facts(
        properties=occasion.properties,
        before=occasion.before,
        state=occasion.state,
        as_of=occasion.event.as_of,
        zone=occasion.zone,
    )
    return TakeBranch(
        id=occasion.effect_id(at), action=at, way="then" if evaluate(node, facts) else "else", facts=facts
    )
