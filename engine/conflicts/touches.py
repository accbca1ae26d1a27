"""What a rule does at the moment at which it fires: everything up to its first wait."""

from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from engine.language.actions import Action, AddTagAction, BranchAction, RemoveTagAction
from engine.language.benefits import POINTS
from engine.language.compiled import CompiledRule
from engine.language.giving import (
    AwardPointsAction,
    AwardPointsByAmountAction,
    IssueCouponAction,
    MultiplyPointsAction,
    SetTierAction,
)
from engine.language.journey import WAITS
from engine.language.predicates import Group, Node
from engine.language.tags import Taxonomy

TouchKind = Literal["add_tag", "remove_tag", "level", "coupon", "factor", "claim"]
_MOST_WAYS: Final = 32
_Guards = tuple[tuple[int, bool], ...]


class Touch(NamedTuple):
    """One thing that a rule does at once and another rule may do, too.

    Attributes:
        kind: What is done.
        of: The tag, ladder, coupon or unit; of a claim, the unit and the property.
        value: The level or the factor; empty for others.
        action: Index of the action.
        guards: Branches that lead there, each with the way that is taken.
    """

    kind: TouchKind
    of: str
    value: str
    action: int
    guards: _Guards


def touches(rule: CompiledRule, taxonomy: Taxonomy) -> list[Touch]:
    """Return what a rule does before its first wait, whichever way it goes."""
    journey = rule.journey
    found: dict[Touch, None] = {}
    ways: list[tuple[int, _Guards]] = [(0, ())]
    for _ in range(_MOST_WAYS):
        if not ways:
            break
        at, guards = ways.pop()
        while at < len(journey.actions) and not isinstance(journey.actions[at], WAITS):
            action = journey.actions[at]
            if isinstance(action, BranchAction):
                yes, no = journey.forks[at]
                ways.append((no, (*guards, (at, False))))
                at, guards = yes, (*guards, (at, True))
            else:
                found.update((one, None) for one in _touched(action, at, guards, taxonomy))
                at = journey.after(at)
    return list(found)


def guarding(rule: CompiledRule, guards: _Guards) -> list[Node]:
    """Return what must be true for a rule to go the way of some branches."""
    return [rule.tests[at] if way else Group("not", (rule.tests[at],), "") for at, way in guards]


def _touched(action: Action, at: int, guards: _Guards, taxonomy: Taxonomy) -> Iterator[Touch]:
    if isinstance(action, AddTagAction | RemoveTagAction):
        tag = taxonomy.standing(action.tag)
        if tag is not None:
            yield Touch("add_tag" if isinstance(action, AddTagAction) else "remove_tag", tag, "", at, guards)
    elif isinstance(action, SetTierAction):
        yield Touch("level", action.ladder, action.tier, at, guards)
    elif isinstance(action, IssueCouponAction):
        yield Touch("coupon", action.coupon, "", at, guards)
    elif isinstance(action, MultiplyPointsAction):
        yield Touch("factor", action.unit or POINTS, action.factor, at, guards)
    elif isinstance(action, AwardPointsAction | AwardPointsByAmountAction) and action.once_per is not None:
        yield Touch("claim", f"{action.unit or POINTS}/{action.once_per}", "", at, guards)
