"""One rule that is true of a member: what holds it back, and what it asks for."""

import hashlib
from typing import NamedTuple

from engine.decision import Need, Result
from engine.effects import (
    AddTag,
    AnyEffect,
    CallWebhook,
    ChangeTier,
    MultiplyPoints,
    OpenTask,
    RemoveTag,
    SendMessage,
    SpendPoints,
    StartWait,
)
from engine.events import Event
from engine.language.actions import (
    Action,
    AddTagAction,
    CallWebhookAction,
    OpenTaskAction,
    RemoveTagAction,
    SendMessageAction,
    WaitAction,
)
from engine.language.benefits import POINTS
from engine.language.giving import (
    AwardPointsAction,
    AwardPointsByAmountAction,
    DrawPrizeAction,
    IssueCouponAction,
    MultiplyPointsAction,
    SetTierAction,
    SpendPointsAction,
    StartMembershipAction,
)
from engine.programme.awards import award
from engine.programme.issuing import issue, short
from engine.programme.memberships import started
from engine.programme.occasion import Occasion
from engine.programme.prizes import draw
from engine.programme.tiers import set_level
from engine.reading import count_within
from engine.rules import OVERDUE, Index
from engine.schedule import shift
from engine.values import MICROSECONDS

HOUR = 3_600 * MICROSECONDS


class Held(NamedTuple):
    """Why a rule that is true doesn't fire."""

    result: Result
    reason: str


def held_back(occasion: Occasion, index: Index, lineage: tuple[str, ...]) -> Held | None:
    """Return what holds a rule back, or None if it fires. The first reason counts."""
    rule, as_of = occasion.rule, occasion.event.as_of
    if rule.key in lineage:
        return Held("refused", "own-descendant")
    if rule.active_from is not None and as_of < rule.active_from:
        return Held("inactive", "not-yet-active")
    if rule.active_until is not None and as_of >= rule.active_until:
        return Held("inactive", "no-longer-active")
    if _too_late(occasion, index):
        return Held("late", "event-late")
    if any(one.rule == rule.key for one in occasion.state.enrolments):
        return Held("waiting", "already-enrolled")
    held = _limited(occasion)
    if held is not None:
        return held
    why = short(occasion)
    return Held("limited", why) if why else None


def _too_late(occasion: Occasion, index: Index) -> bool:
    event = occasion.event
    if event.mode != "live" or event.kind == "timer":
        return False
    delay = event.recorded_at - event.occurred_at
    if delay <= index.rules.catalogue.programme.late_after_hours * HOUR:
        return False
    late = occasion.rule.document.late
    if late is None or late.policy == "ignore":
        return True
    if late.policy == "fire" or late.within is None:
        return False
    return shift(event.occurred_at, late.within.amount, late.within.unit, occasion.zone) < event.recorded_at


def _limited(occasion: Occasion) -> Held | None:
    limits = occasion.rule.document.limits
    if limits is None:
        return None
    if limits.holdout_percent is not None and holdout_place(occasion) < limits.holdout_percent:
        return Held("held_out", "hold-out")
    per_member = limits.per_member
    if per_member is not None:
        window = occasion.rule.per_member
        as_of = occasion.event.as_of
        start = shift(as_of, -window.amount, window.unit, occasion.zone) if window is not None else None
        if count_within(occasion.state.fired.get(occasion.rule.key, []), start, as_of) >= per_member.times:
            return Held("limited", "per-member")
    if limits.total is not None:
        need = Need(key=occasion.need_key("total"), kind="total", name=occasion.rule.key, limit=limits.total)
        if occasion.grant(need) is False:
            return Held("limited", "total")
    return None


def holdout_place(occasion: Occasion) -> int:
    """Return the member's place, 0 to 99, in a rule's hold-out draw: a hash, so always the same."""
    seed = f"{occasion.rule.key}\n{occasion.state.member}".encode()
    return int.from_bytes(hashlib.sha256(seed).digest()[:8], "big") % 100


def resolve(occasion: Occasion, start: int) -> tuple[AnyEffect, ...]:
    """Return the effects of a rule's actions from one on, up to the next wait.

    An action whose amount comes to nothing (points of less than 1) has no effect.
    """
    effects: list[AnyEffect] = []
    for at in range(start, len(occasion.rule.document.then)):
        effects += _effects(occasion, at)
        if effects and isinstance(effects[-1], StartWait):
            break
    return tuple(effects)


def _effects(occasion: Occasion, at: int) -> list[AnyEffect]:
    action = occasion.rule.document.then[at]
    if isinstance(action, DrawPrizeAction):
        return draw(occasion, at, action)
    effect = _given(occasion, at, action) or _done(occasion, at, action)
    return [effect] if effect is not None else []


def _given(occasion: Occasion, at: int, action: Action) -> AnyEffect | None:
    """Return the effect of an action that gives or takes something that counts; None for another."""
    effect_id = occasion.effect_id(at)
    if isinstance(action, AwardPointsAction | AwardPointsByAmountAction):
        return award(occasion, at, action)
    if isinstance(action, MultiplyPointsAction):
        return MultiplyPoints(id=effect_id, action=at, factor=action.factor, unit=action.unit or POINTS)
    if isinstance(action, SpendPointsAction):
        return _spent(occasion, at, action)
    if isinstance(action, IssueCouponAction):
        return issue(occasion, at, action)
    if isinstance(action, SetTierAction):
        ladder = occasion.in_force.rules.ladders.get(action.ladder)
        if ladder is None:
            return None
        change = set_level(
            ladder, occasion.state, action.tier, occasion.event.as_of, occasion.zone, occasion.after(at)
        )
        return ChangeTier(id=effect_id, action=at, **change._asdict())
    if isinstance(action, StartMembershipAction):
        return started(occasion, at, action)
    return None


def _done(occasion: Occasion, at: int, action: Action) -> AnyEffect | None:
    """Return the effect of an action that tags, tells, calls, asks staff, or waits."""
    effect_id = occasion.effect_id(at)
    if isinstance(action, AddTagAction):
        holder = f"rule:{occasion.rule.key}"
        return AddTag(id=effect_id, action=at, tag=action.tag, holder=holder, expires_at=occasion.after(at))
    if isinstance(action, RemoveTagAction):
        return RemoveTag(id=effect_id, action=at, tag=action.tag)
    if isinstance(action, SendMessageAction):
        return SendMessage(
            id=effect_id,
            action=at,
            channel=action.channel,
            template=action.template,
            suppressed=_overdue(occasion.event),
        )
    if isinstance(action, CallWebhookAction):
        return CallWebhook(id=effect_id, action=at, endpoint=action.endpoint)
    if isinstance(action, OpenTaskAction):
        return OpenTask(
            id=effect_id, action=at, queue=action.queue, priority=action.priority, note=action.note
        )
    if isinstance(action, WaitAction):
        due_at = shift(occasion.event.as_of, *occasion.rule.spans[at], occasion.zone)
        return StartWait(id=effect_id, action=at, resume=at + 1, due_at=due_at)
    return None


def _spent(occasion: Occasion, at: int, action: SpendPointsAction) -> SpendPoints | None:
    unit = action.unit or POINTS
    points = min(action.points, occasion.state.books.account(unit).available)
    if points < 1:
        return None
    return SpendPoints(id=occasion.effect_id(at), action=at, points=points, unit=unit)


def _overdue(event: Event) -> str | None:
    """Return why a message mustn't be sent any more, or None."""
    if event.kind != "timer" or event.mode != "live":
        return None
    late = event.recorded_at - event.properties["due_at"] > OVERDUE
    return "overdue" if late else None
