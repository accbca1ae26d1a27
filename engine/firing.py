"""One rule that is true of a member: what holds it back, and what it asks for."""

import hashlib
from collections.abc import Callable, Mapping
from decimal import ROUND_FLOOR, Decimal
from typing import Any, NamedTuple

from engine import canonical
from engine.decision import Need, Result
from engine.effects import (
    AddTag,
    AnyEffect,
    AwardPoints,
    CallWebhook,
    IssueCoupon,
    RemoveTag,
    SendMessage,
    StartWait,
)
from engine.events import Event
from engine.facts import property_of, typed
from engine.language.actions import (
    AddTagAction,
    AwardPointsAction,
    AwardPointsByAmountAction,
    CallWebhookAction,
    IssueCouponAction,
    RemoveTagAction,
    SendMessageAction,
    WaitAction,
)
from engine.language.compiled import CompiledRule
from engine.reading import count_within
from engine.rules import OVERDUE, Index
from engine.schedule import DAY, shift
from engine.state import MemberState
from engine.values import MICROSECONDS, Instant, MaybeValue

HOUR = 3_600 * MICROSECONDS


class Firing(NamedTuple):
    """A rule whose condition is true, with what it may read.

    Attributes:
        rule: The version that is asked.
        state: The member at the beginning of the step.
        event: The entry that is decided.
        zone: The member's IANA zone.
        facts: The snapshot that the step read.
        step: Number of the step.
        grant: Asks the host for something; None while it is lacking.
    """

    rule: CompiledRule
    state: MemberState
    event: Event
    zone: str
    facts: Mapping[str, MaybeValue]
    step: int
    grant: Callable[[Need], Any]

    def after(self, action: int) -> Instant | None:
        """Return the instant until which an action's effect lasts, or its wait goes on; None for ever."""
        span = self.rule.spans.get(action)
        return None if span is None else shift(self.event.as_of, *span, self.zone)

    def effect_id(self, action: int) -> str:
        """Return the id of an action's effect: derived, so that it is the same on replay."""
        place = [
            self.event.member,
            self.event.member_sequence,
            self.step,
            self.rule.key,
            self.rule.version,
            action,
        ]
        return canonical.digest(place)[:32]

    def need_key(self, action: int | str) -> str:
        """Return the name of a need within the entry."""
        return f"{self.step}.{self.rule.key}.{action}"


class Held(NamedTuple):
    """Why a rule that is true doesn't fire."""

    result: Result
    reason: str


def held_back(firing: Firing, index: Index, lineage: tuple[str, ...]) -> Held | None:
    """Return what holds a rule back, or None if it fires. The first reason counts."""
    rule, as_of = firing.rule, firing.event.as_of
    if rule.key in lineage:
        return Held("refused", "own-descendant")
    if rule.active_from is not None and as_of < rule.active_from:
        return Held("inactive", "not-yet-active")
    if rule.active_until is not None and as_of >= rule.active_until:
        return Held("inactive", "no-longer-active")
    if _too_late(firing, index):
        return Held("late", "event-late")
    if any(one.rule == rule.key for one in firing.state.enrolments):
        return Held("waiting", "already-enrolled")
    return _limited(firing)


def _too_late(firing: Firing, index: Index) -> bool:
    event = firing.event
    if event.mode != "live" or event.kind == "timer":
        return False
    delay = event.recorded_at - event.occurred_at
    if delay <= index.rules.catalogue.programme.late_after_hours * HOUR:
        return False
    late = firing.rule.document.late
    if late is None or late.policy == "ignore":
        return True
    if late.policy == "fire" or late.within is None:
        return False
    return shift(event.occurred_at, late.within.amount, late.within.unit, firing.zone) < event.recorded_at


def _limited(firing: Firing) -> Held | None:
    limits = firing.rule.document.limits
    if limits is None:
        return None
    if limits.holdout_percent is not None and holdout_place(firing) < limits.holdout_percent:
        return Held("held_out", "hold-out")
    per_member = limits.per_member
    if per_member is not None:
        window = firing.rule.per_member
        as_of = firing.event.as_of
        start = shift(as_of, -window.amount, window.unit, firing.zone) if window is not None else None
        if count_within(firing.state.fired.get(firing.rule.key, []), start, as_of) >= per_member.times:
            return Held("limited", "per-member")
    if limits.total is not None:
        need = Need(key=firing.need_key("total"), kind="total", name=firing.rule.key, limit=limits.total)
        if firing.grant(need) is False:
            return Held("limited", "total")
    return None


def holdout_place(firing: Firing) -> int:
    """Return the member's place, 0 to 99, in a rule's hold-out draw: a hash, so always the same."""
    seed = f"{firing.rule.key}\n{firing.state.member}".encode()
    return int.from_bytes(hashlib.sha256(seed).digest()[:8], "big") % 100


def resolve(firing: Firing, start: int) -> tuple[AnyEffect, ...]:
    """Return the effects of a rule's actions from one on, up to the next wait.

    An action whose amount comes to nothing (points of less than 1) has no effect.
    """
    effects: list[AnyEffect] = []
    actions = firing.rule.document.then
    for at in range(start, len(actions)):
        effect = _effect(firing, at)
        if effect is not None:
            effects.append(effect)
        if isinstance(effect, StartWait):
            break
    return tuple(effects)


def _effect(firing: Firing, at: int) -> AnyEffect | None:
    action = firing.rule.document.then[at]
    effect_id = firing.effect_id(at)
    if isinstance(action, AddTagAction):
        holder = f"rule:{firing.rule.key}"
        return AddTag(id=effect_id, action=at, tag=action.tag, holder=holder, expires_at=firing.after(at))
    if isinstance(action, RemoveTagAction):
        return RemoveTag(id=effect_id, action=at, tag=action.tag)
    if isinstance(action, AwardPointsAction):
        return AwardPoints(id=effect_id, action=at, points=action.points)
    if isinstance(action, AwardPointsByAmountAction):
        points = _points(firing, at, action.fact)
        return AwardPoints(id=effect_id, action=at, points=points) if points >= 1 else None
    if isinstance(action, IssueCouponAction):
        return _coupon(firing, at, action)
    if isinstance(action, SendMessageAction):
        return SendMessage(
            id=effect_id,
            action=at,
            channel=action.channel,
            template=action.template,
            suppressed=_overdue(firing.event),
        )
    if isinstance(action, CallWebhookAction):
        return CallWebhook(id=effect_id, action=at, endpoint=action.endpoint)
    if isinstance(action, WaitAction):
        due_at = shift(firing.event.as_of, *firing.rule.spans[at], firing.zone)
        return StartWait(id=effect_id, action=at, resume=at + 1, due_at=due_at)
    return None


def _points(firing: Firing, at: int, fact: str) -> int:
    amount = firing.facts.get(fact)
    if amount is None:
        amount = typed(property_of(firing.event.properties, fact.split(".", 1)[1]), "number")
    if isinstance(amount, bool) or not isinstance(amount, int | Decimal):
        return 0
    product = Decimal(amount) * Decimal(firing.rule.rates[at])
    return int(product.to_integral_value(rounding=ROUND_FLOOR))


def _coupon(firing: Firing, at: int, action: IssueCouponAction) -> IssueCoupon:
    code = firing.grant(Need(key=firing.need_key(at), kind="code", name=action.coupon))
    until = firing.after(at)
    if until is None and at in firing.rule.coupon_days:
        until = firing.event.as_of + firing.rule.coupon_days[at] * DAY
    return IssueCoupon(
        id=firing.effect_id(at), action=at, coupon=action.coupon, code=code or "", expires_at=until
    )


def _overdue(event: Event) -> str | None:
    """Return why a message mustn't be sent any more, or None."""
    if event.kind != "timer" or event.mode != "live":
        return None
    late = event.recorded_at - event.properties["due_at"] > OVERDUE
    return "overdue" if late else None
