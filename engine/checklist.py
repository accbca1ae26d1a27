"""What is read of everything that decides whether a rule fires: one reader for each part of the list."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import msgspec

from engine.decision import Outcome
from engine.effects import SendMessage
from engine.events import Event
from engine.firing import holdout_place
from engine.index import Index
from engine.language.compiled import Campaign
from engine.reading import count_within
from engine.remedies import Remedy
from engine.rules import Standing
from engine.schedule import shift
from engine.state import MemberState
from engine.timers import zone_of
from engine.values import MICROSECONDS, MaybeValue

Kind = Literal[
    "published", "paused", "trigger", "condition", "lineage", "active", "campaign", "late", "re_entry",
    "hold_out", "per_member", "group", "total", "supply", "budget", "chain", "messages",
]  # fmt: skip


class Answer(msgspec.Struct, frozen=True):
    """What came of asking a rule whether it starts.

    Attributes:
        step: Number of the step in which it was asked.
        outcome: What came of it; None if its condition was false.
        facts: What was read.
        lineage: Rules whose effects led to the step.
    """

    step: int
    outcome: Outcome | None
    facts: Mapping[str, MaybeValue]
    lineage: tuple[str, ...] = ()

    @property
    def result(self) -> str:
        """What came of it, as an outcome says it."""
        return self.outcome.result if self.outcome is not None else "not_matched"

    @property
    def reason(self) -> str:
        """Why it didn't fire; empty if it did."""
        return self.outcome.reason if self.outcome is not None else "not-matched"


class Trigger(msgspec.Struct, frozen=True):
    """Whether a rule's trigger came: why not, and what is known of it."""

    reason: str
    read: Mapping[str, Any]
    remedy: Remedy | None = None


@dataclass(frozen=True, slots=True)
class Basis:
    """What an explanation stands on.

    Attributes:
        answer: What came of the rule; None where nobody could be asked.
        event: The entry, or the one that is supposed.
        state: The member before it.
        standing: The rule.
        index: The rules in force.
        trigger: Whether the trigger came.
        supposed: Whether the entry is supposed.
    """

    answer: Answer | None
    event: Event
    state: MemberState
    standing: Standing
    index: Index
    trigger: Trigger
    supposed: bool

    @property
    def zone(self) -> str:
        """The member's IANA zone."""
        return zone_of(self.state, self.index)

    @property
    def campaign(self) -> Campaign | None:
        """The rule's campaign; None if it has none, or it isn't defined any more."""
        return self.index.rules.campaigns.get(self.standing.rule.document.campaign or "")


Read = Mapping[str, Any] | None
"""What was read; None where a rule has nothing to do with a part of the list."""


def _published(basis: Basis) -> Read:
    return {"version": basis.standing.rule.version, "since": basis.standing.since}


def _paused(basis: Basis) -> Read:
    return {"paused": True} if basis.standing.paused else None


def _trigger(basis: Basis) -> Read:
    return basis.trigger.read


def _condition(basis: Basis) -> Read:
    return {} if basis.standing.rule.condition is not None else None


def _lineage(basis: Basis) -> Read:
    lineage = basis.answer.lineage if basis.answer is not None else ()
    return {"rules": list(lineage)} if lineage else None


def _active(basis: Basis) -> Read:
    rule = basis.standing.rule
    if rule.document.active is None:
        return None
    return {"at": basis.event.as_of, "from": rule.active_from, "until": rule.active_until}


def _campaign(basis: Basis) -> Read:
    key, one = basis.standing.rule.document.campaign, basis.campaign
    if key is None:
        return None
    began, ended = (one.active_from, one.active_until) if one is not None else (None, None)
    return {"campaign": key, "at": basis.event.as_of, "from": began, "until": ended}


def _late(basis: Basis) -> Read:
    event, late = basis.event, basis.standing.rule.document.late
    if event.kind == "timer" or event.mode != "live":
        return None
    return {
        "delay_seconds": (event.recorded_at - event.occurred_at) // MICROSECONDS,
        "late_after_hours": basis.index.rules.catalogue.programme.late_after_hours,
        "policy": late.policy if late is not None else "ignore",
    }


def _re_entry(basis: Basis) -> Read:
    rule, state = basis.standing.rule, basis.state
    policy = rule.document.re_entry
    inside = [one.due_at for one in state.enrolments if one.rule == rule.key and not one.follows_goal]
    if policy != "once" and not inside:
        return None
    return {
        "policy": policy or "not_while_waiting",
        "waiting_until": max(inside, default=None),
        "entered": len(state.fired.get(rule.key, [])),
    }


def _hold_out(basis: Basis) -> Read:
    document, one = basis.standing.rule.document, basis.campaign
    of_rule = document.limits.holdout_percent if document.limits is not None else None
    of_campaign = one.definition.holdout_percent if one is not None else None
    if of_rule is None and of_campaign is None:
        return None
    read = {"percent": of_rule, "place": holdout_place(document.key, basis.state.member)}
    if one is None or of_campaign is None:
        return read
    place = holdout_place(f"campaign/{one.definition.key}", basis.state.member)
    return {**read, "campaign_percent": of_campaign, "campaign_place": place}


def _per_member(basis: Basis) -> Read:
    rule, as_of = basis.standing.rule, basis.event.as_of
    limit = rule.document.limits.per_member if rule.document.limits is not None else None
    if limit is None:
        return None
    window = rule.per_member
    start = shift(as_of, -window.amount, window.unit, basis.zone) if window is not None else None
    fired = count_within(basis.state.fired.get(rule.key, []), start, as_of)
    return {"fired": fired, "times": limit.times, "since": start}


def _group(basis: Basis) -> Read:
    group = basis.standing.rule.exclusive_group
    if group is None:
        return None
    others = [key for key in basis.index.groups.get(group, []) if key != basis.standing.rule.key]
    return {"group": group, "rules": others}


def _total(basis: Basis) -> Read:
    limits = basis.standing.rule.document.limits
    return {"total": limits.total} if limits is not None and limits.total is not None else None


def _budget(basis: Basis) -> Read:
    limits, one = basis.standing.rule.document.limits, basis.campaign
    own = limits.budget if limits is not None else None
    shared = one.definition.budget if one is not None else None
    return {"budget": own, "campaign_budget": shared} if own or shared else None


def _messages(basis: Basis) -> Read:
    outcome = basis.answer.outcome if basis.answer is not None else None
    if outcome is None:
        return None
    sent = [one for one in outcome.effects if isinstance(one, SendMessage)]
    held = [
        {"channel": one.channel, "template": one.template, "suppressed": one.suppressed, "until": one.until}
        for one in sent
    ]
    return {"messages": held} if held else None


READERS: Final[Mapping[Kind, Callable[[Basis], Read]]] = {
    "published": _published,
    "paused": _paused,
    "trigger": _trigger,
    "condition": _condition,
    "lineage": _lineage,
    "active": _active,
    "campaign": _campaign,
    "late": _late,
    "re_entry": _re_entry,
    "hold_out": _hold_out,
    "per_member": _per_member,
    "group": _group,
    "total": _total,
    "budget": _budget,
    "messages": _messages,
}
"""What is read for each part of the list; what a rule needs for its actions shows only where it lacks."""
