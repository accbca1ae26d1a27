"""Checks across rules: rules that set each other off in a circle."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine import events
from engine.errors import InvalidRule
from engine.language.actions import Action, AddTagAction, RemoveTagAction, SendMessageAction
from engine.language.benefits import POINTS
from engine.language.catalogue import Catalogue
from engine.language.conditions import Compare, Condition, History, Not
from engine.language.diagnostics import Diagnostic, diagnostic
from engine.language.document import RuleDocument
from engine.language.giving import (
    AwardPointsAction,
    AwardPointsByAmountAction,
    DrawPrizeAction,
    IssueCouponAction,
    SetTierAction,
    SpendPointsAction,
    StartMembershipAction,
)
from engine.language.journey import each, located
from engine.language.operators import OPERATORS
from engine.language.paths import operand_value, split
from engine.language.telling import TellMemberAction
from engine.language.triggers import EventTrigger

_BECAME = (events.MESSAGE_SENT, events.MESSAGE_FAILED, events.MESSAGE_SUPPRESSED)


@dataclass(frozen=True, slots=True)
class Caused:
    """An event that an action may lead to.

    Attributes:
        name: Name of the event.
        properties: Those of its properties that are known before it happens.
    """

    name: str
    properties: Mapping[str, str]


def caused(action: Action, catalogue: Catalogue) -> list[Caused]:
    """Return the events that an action may lead to.

    A multiplier leads to none of its own: what it changes is told by the awards.
    """
    if isinstance(action, DrawPrizeAction):
        return _drawn(action, catalogue)
    if isinstance(action, StartMembershipAction):
        told = {"membership": action.membership}
        return [Caused(events.MEMBERSHIP_STARTED, told), Caused(events.MEMBERSHIP_RENEWED, told)]
    if isinstance(action, AddTagAction):
        gone = catalogue.taxonomy.displaced_by(action.tag)
        off = [Caused(events.TAG_REMOVED, {"tag": tag}) for tag in gone]
        return [*off, Caused(events.TAG_ADDED, {"tag": action.tag})]
    one = _given(action) or _done(action)
    return [one] if one is not None else []


def _given(action: Action) -> Caused | None:
    if isinstance(action, AwardPointsAction | AwardPointsByAmountAction):
        return Caused(events.POINTS_EARNED, {"unit": action.unit or POINTS})
    if isinstance(action, SpendPointsAction):
        return Caused(events.POINTS_REDEEMED, {"unit": action.unit or POINTS})
    if isinstance(action, IssueCouponAction):
        return Caused(events.COUPON_ISSUED, {"coupon": action.coupon})
    if isinstance(action, SetTierAction):
        return Caused(events.TIER_SET, {"ladder": action.ladder, "tier": action.tier})
    return None


def _done(action: Action) -> Caused | None:
    if isinstance(action, RemoveTagAction):
        return Caused(events.TAG_REMOVED, {"tag": action.tag})
    if isinstance(action, TellMemberAction):
        return Caused(action.event, {})
    if isinstance(action, SendMessageAction):
        return Caused(events.MESSAGE_REQUESTED, {"channel": action.channel, "template": action.template})
    return None


def _drawn(action: DrawPrizeAction, catalogue: Catalogue) -> list[Caused]:
    """Return what a draw may lead to: any prize that may come, and what it gives."""
    found = [Caused(events.PRIZE_DRAWN, {"wheel": action.wheel})]
    wheel = catalogue.wheels.get(action.wheel)
    for prize in wheel.prizes if wheel is not None else []:
        if prize.gives == "points":
            found.append(Caused(events.POINTS_EARNED, {"unit": POINTS}))
        elif prize.coupon is not None:
            found.append(Caused(events.COUPON_ISSUED, {"coupon": prize.coupon}))
    return found


def loop_findings(
    document: RuleDocument, catalogue: Catalogue, others: Sequence[RuleDocument]
) -> Iterator[Diagnostic]:
    """Yield the shortest circle that leads from this rule back to it.

    Args:
        document: The rule that is checked.
        catalogue: What a wheel's prizes are.
        others: The other rules that would be in force with it; an older version of the same
            rule among them is left out.
    """
    rules = {rule.key: rule for rule in [*others, document]}
    circle = circle_of(document.key, lambda key: _set_off_by(rules[key], rules, catalogue))
    if circle:
        cause = _cause(document, rules[circle[1]], catalogue)
        yield diagnostic("tag-loop", cause, rules=" → ".join(circle))


def circle_of(key: str, set_off_by: Callable[[str], Iterable[str]]) -> list[str]:
    """Return the shortest circle that leads from a rule back to it, the rule at both ends; empty for none.

    Args:
        key: Key of the rule.
        set_off_by: Keys of the rules that a rule may set off.
    """
    ways = {key: [key]}
    waiting = deque([key])
    while waiting:
        last = waiting.popleft()
        for follower in set_off_by(last):
            if follower == key:
                return [*ways[last], follower]
            if follower not in ways:
                ways[follower] = [*ways[last], follower]
                waiting.append(follower)
    return []


def followers(rules: Iterable[RuleDocument], catalogue: Catalogue) -> dict[str, list[str]]:
    """Return which rules each rule may set off by what it does, as far as can be said beforehand, by key."""
    listening: dict[str, list[RuleDocument]] = {}
    known = list(rules)
    for rule in known:
        if isinstance(rule.when, EventTrigger):
            listening.setdefault(rule.when.event, []).append(rule)
    found: dict[str, list[str]] = {}
    for rule in known:
        events = [event for action in each(rule.then) for event in caused(action, catalogue)]
        heard = (other for event in events for other in listening.get(event.name, ()) if _hears(other, event))
        found[rule.key] = list(dict.fromkeys(other.key for other in heard))
    return found


def answer_findings(document: RuleDocument) -> Iterator[Diagnostic]:
    """Yield each message that may answer what became of itself, again and again.

    What became of a message comes back as an event of its own, so no chain is there to be cut.
    """
    when, limits = document.when, document.limits
    if not isinstance(when, EventTrigger) or when.event not in _BECAME:
        return
    if limits is not None and limits.per_member is not None:
        return
    asked = [one for one in (when.where, document.if_) if one is not None]
    for at, action in enumerate(document.then):
        if isinstance(action, SendMessageAction):
            told = {"channel": action.channel, "template": action.template, "rule": document.key}
            event = Caused(when.event, told)
            if all(_may_hold(one, event) is not False for one in asked):
                yield diagnostic("message-loop", f"/then/{at}")


def _cause(document: RuleDocument, follower: RuleDocument, catalogue: Catalogue) -> str:
    """Return the pointer of the action by which a rule sets another off."""
    return next(
        path for path, action in located(document.then, "/then") if _starts(action, follower, catalogue)
    )


def _set_off_by(rule: RuleDocument, rules: Mapping[str, RuleDocument], catalogue: Catalogue) -> Iterator[str]:
    for key, other in rules.items():
        if any(_starts(action, other, catalogue) for action in each(rule.then)):
            yield key


def _starts(action: Action, rule: RuleDocument, catalogue: Catalogue) -> bool:
    """Whether what an action causes may start a rule, as far as can be said beforehand."""
    return any(_hears(rule, event) for event in caused(action, catalogue))


def _hears(rule: RuleDocument, event: Caused) -> bool:
    """Whether an event may start a rule, as far as can be said beforehand."""
    when = rule.when
    if not isinstance(when, EventTrigger) or event.name != when.event:
        return False
    return all(_may_hold(one, event) is not False for one in (when.where, rule.if_) if one is not None)


def _may_hold(condition: Condition, event: Caused) -> bool | None:
    """Return whether a condition holds of a caused event; None when that isn't known before."""
    if isinstance(condition, History):
        return None
    if isinstance(condition, Compare):
        return _compare(condition, event)
    answers = [_may_hold(part, event) for part in condition.of]
    if condition.type == "all":
        return False if False in answers else None if None in answers else True
    some = True if True in answers else None if None in answers else False
    if isinstance(condition, Not):
        return None if some is None else not some
    return some


def _compare(condition: Compare, event: Caused) -> bool | None:
    scope, name = split(condition.fact)
    told = event.properties.get(name) if scope == "event" else None
    operator = OPERATORS[condition.op]
    if told is None or "text" not in operator.types:
        return None
    try:
        return operator.test(told, operand_value(operator, "text", condition.value))
    except InvalidRule:
        return None
