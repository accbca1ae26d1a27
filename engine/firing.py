"""One rule that is true of a member: what holds it back, and what it asks for."""

import hashlib
from typing import NamedTuple

from engine.decision import Need, Result
from engine.effects import (
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
from engine.index import Index
from engine.language.actions import (
    Action,
    AddTagAction,
    BranchAction,
    CallWebhookAction,
    OpenTaskAction,
    RemoveTagAction,
    SendMessageAction,
    WaitForAction,
)
from engine.language.base import Span
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
from engine.language.steps import WaitAction, WaitUntilAction
from engine.language.telling import TellMemberAction
from engine.programme.awards import award
from engine.programme.contacting import overdue, purpose_of
from engine.programme.issuing import issue
from engine.programme.memberships import started
from engine.programme.occasion import Occasion
from engine.programme.prizes import draw
from engine.programme.tagging import put_on
from engine.programme.telling import tell
from engine.programme.tiers import set_level
from engine.programme.way import Way
from engine.reading import count_within
from engine.schedule import next_date, next_local, shift
from engine.values import MICROSECONDS, Instant

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
    if rule.document.campaign is not None:
        ended = _out_of_campaign(rule.document.campaign, as_of, index)
        if ended is not None:
            return ended
    if _too_late(occasion, index):
        return Held("late", "event-late")
    return _entered(occasion) or _limited(occasion)


def _entered(occasion: Occasion) -> Held | None:
    """Return that the member is in the rule, or has been, where that keeps it from starting again."""
    rule, state = occasion.rule, occasion.state
    re_entry = rule.document.re_entry
    if re_entry == "once" and rule.key in state.fired:
        return Held("limited", "entered-before")
    if not state.enrolments or re_entry in {"restart", "always"}:
        return None
    inside = any(one.rule == rule.key and not one.follows_goal for one in state.enrolments)
    return Held("waiting", "already-enrolled") if inside else None


def _out_of_campaign(key: str, as_of: Instant, index: Index) -> Held | None:
    """Return why a campaign isn't in force, or None if it is."""
    campaign = index.rules.campaigns.get(key)
    if campaign is None:
        return Held("inactive", "no-campaign")
    if campaign.active_from is not None and as_of < campaign.active_from:
        return Held("inactive", "campaign-not-begun")
    if campaign.active_until is not None and as_of >= campaign.active_until:
        return Held("inactive", "campaign-ended")
    return None


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
    if _held_out(occasion):
        return Held("held_out", "hold-out")
    if limits is None:
        return None
    per_member = limits.per_member
    if per_member is not None:
        window = occasion.rule.per_member
        as_of = occasion.event.as_of
        start = shift(as_of, -window.amount, window.unit, occasion.zone) if window is not None else None
        if count_within(occasion.state.fired.get(occasion.rule.key, []), start, as_of) >= per_member.times:
            return Held("limited", "per-member")
    if occasion.rule.exclusive_group is not None and _beaten(occasion, occasion.rule.exclusive_group):
        return Held("limited", "exclusive-group")
    if limits.total is not None:
        need = Need(key=occasion.need_key("total"), kind="total", name=occasion.rule.key, limit=limits.total)
        if occasion.grant(need) is False:
            return Held("limited", "total")
    return None


def _beaten(occasion: Occasion, group: str) -> bool:
    """Return whether another rule of the group fires in this step, or has fired at this very instant."""
    if group in occasion.won:
        return True
    fired, as_of = occasion.state.fired, occasion.event.as_of
    rules = occasion.in_force.groups.get(group, ())
    return any(as_of in fired.get(key, ()) for key in rules if key != occasion.rule.key)


def _held_out(occasion: Occasion) -> bool:
    """Return whether the member is kept aside: from this rule, or from its whole campaign."""
    document = occasion.rule.document
    campaign = occasion.catalogue.campaigns.get(document.campaign) if document.campaign else None
    if campaign is not None and campaign.holdout_percent is not None:
        drawn = holdout_place(f"campaign/{campaign.key}", occasion.state.member)
        if drawn < campaign.holdout_percent:
            return True
    percent = document.limits.holdout_percent if document.limits is not None else None
    return percent is not None and holdout_place(document.key, occasion.state.member) < percent


def holdout_place(of: str, member: str) -> int:
    """Return the member's place, 0 to 99, in a hold-out draw: a hash, so always the same.

    Args:
        of: Whose draw it is: a rule's key, or `campaign/` and a campaign's.
        member: Key of the member.
    """
    seed = f"{of}\n{member}".encode()
    return int.from_bytes(hashlib.sha256(seed).digest()[:8], "big") % 100


def resolve(occasion: Occasion, run: Way) -> tuple[AnyEffect, ...]:
    """Return the effects of the actions that run now.

    An action whose amount comes to nothing (points of less than 1) has no effect.
    """
    effects: list[AnyEffect] = []
    for at in run.actions:
        effects += _effects(occasion, at, run)
    goal = occasion.rule.document.goal
    if goal is not None and goal.within is not None and not (effects and isinstance(effects[-1], StartWait)):
        effects += _followed(occasion, goal.within.span)
    return tuple(effects)


def _effects(occasion: Occasion, at: int, run: Way) -> list[AnyEffect]:
    action = occasion.rule.journey.actions[at]
    if isinstance(action, BranchAction):
        return [run.taken[at]]
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
        return put_on(occasion, at, action.tag)
    if isinstance(action, RemoveTagAction):
        return RemoveTag(id=effect_id, action=at, tag=action.tag)
    if isinstance(action, SendMessageAction):
        return SendMessage(
            id=effect_id,
            action=at,
            channel=action.channel,
            template=action.template,
            suppressed=overdue(occasion.event),
            purpose=purpose_of(occasion.catalogue, action.template),
        )
    if isinstance(action, CallWebhookAction):
        return CallWebhook(id=effect_id, action=at, endpoint=action.endpoint)
    if isinstance(action, OpenTaskAction):
        return OpenTask(
            id=effect_id, action=at, queue=action.queue, priority=action.priority, note=action.note
        )
    if isinstance(action, TellMemberAction):
        return tell(occasion, at, action)
    return _waiting(occasion, at, action)


def _waiting(occasion: Occasion, at: int, action: Action) -> StartWait | None:
    journey, now = occasion.rule.journey, occasion.event.as_of
    if isinstance(action, WaitAction):
        return _wait(occasion, at, journey.after(at), shift(now, *occasion.rule.spans[at], occasion.zone))
    if isinstance(action, WaitForAction):
        return _wait(occasion, at, journey.forks[at][1], shift(now, *occasion.rule.spans[at], occasion.zone))
    if isinstance(action, WaitUntilAction):
        member = action.zone == "member"
        zone = occasion.zone if member else occasion.catalogue.programme.zone
        return _wait(occasion, at, journey.after(at), _next_time(now, action, zone))
    return None


def _wait(occasion: Occasion, at: int, resume: int, due_at: Instant) -> StartWait:
    before = occasion.wait
    since, number = (before.started_at, before.number) if before is not None else (0, 0)
    return StartWait(
        id=occasion.effect_id(at), action=at, resume=resume, due_at=due_at, since=since, number=number
    )


def _next_time(now: Instant, action: WaitUntilAction, zone: str) -> Instant:
    if action.date is not None:
        return next_date(now, month=int(action.date[:2]), day=int(action.date[3:]), at=action.at, zone=zone)
    every = "week" if action.on_weekday is not None else "month" if action.on_day is not None else "day"
    return next_local(
        now, every=every, at=action.at, zone=zone, on_weekday=action.on_weekday, on_day=action.on_day
    )


def _followed(occasion: Occasion, within: Span) -> list[AnyEffect]:
    """Return the wait for the goal of a member who is through every action; none once its time is over."""
    began = occasion.wait.started_at if occasion.wait is not None else occasion.event.as_of
    end = shift(began, *within, occasion.zone)
    last = len(occasion.rule.journey.actions)
    return [_wait(occasion, last, last, end)] if end > occasion.event.as_of else []


def _spent(occasion: Occasion, at: int, action: SpendPointsAction) -> SpendPoints | None:
    unit = action.unit or POINTS
    points = min(action.points, occasion.state.books.account(unit).available)
    if points < 1:
        return None
    return SpendPoints(id=occasion.effect_id(at), action=at, points=points, unit=unit)
