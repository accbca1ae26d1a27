"""Whether one rule is true whenever another is, and nothing holds it back then."""

from engine.conflicts.in_force import asking
from engine.conflicts.settling import is_searched_whole
from engine.counterfactual import smallest_change
from engine.language.actions import (
    AddTagAction,
    CallWebhookAction,
    OpenTaskAction,
    RemoveTagAction,
    SendMessageAction,
)
from engine.language.catalogue import Catalogue
from engine.language.compiled import CompiledRule
from engine.language.giving import AwardPointsAction, AwardPointsByAmountAction, MultiplyPointsAction
from engine.language.predicates import Group

_NEVER_SHORT = (
    AddTagAction,
    RemoveTagAction,
    AwardPointsAction,
    AwardPointsByAmountAction,
    MultiplyPointsAction,
    SendMessageAction,
    CallWebhookAction,
    OpenTaskAction,
)
"""Actions that never hold their rule back."""


def implies(one: CompiledRule, other: CompiledRule, catalogue: Catalogue) -> bool:
    """Return whether another rule's condition is surely true wherever one's is.

    Both are asked of the same facts. Sure is what a search of all facts says, each for itself; where
    texts are compared in part, not every text can be tried, and nothing is sure.
    """
    if other.condition is None:
        return True
    left = asking(other, None, catalogue).condition
    right = asking(one, None, catalogue).condition
    if left is None or not (is_searched_whole(left) and is_searched_whole(right)):
        return False
    apart = Group("not", (left,), "")
    both = apart if right is None else Group("all", (right, apart), "")
    return smallest_change(both, {}) is None


def always_first(one: CompiledRule, other: CompiledRule, *, in_order: bool = True) -> bool:
    """Return whether a rule surely fires at every moment at which both are true, and goes first if asked.

    Args:
        one: The rule.
        other: The other rule.
        in_order: Whether it must also go before the other one by priority and key.
    """
    if one.trigger is None or one.trigger != other.trigger:
        return False
    document, theirs = one.document, other.document
    if in_order and (document.priority, one.key) > (theirs.priority, other.key):
        return False
    if document.limits is not None or document.re_entry is not None or document.late != theirs.late:
        return False
    if document.campaign not in {None, theirs.campaign} or not _covers(one, other):
        return False
    return all(isinstance(action, _NEVER_SHORT) for action in one.journey.actions)


def _covers(one: CompiledRule, other: CompiledRule) -> bool:
    begins = one.active_from is None or (
        other.active_from is not None and one.active_from <= other.active_from
    )
    ends = one.active_until is None or (
        other.active_until is not None and other.active_until <= one.active_until
    )
    return begins and ends
