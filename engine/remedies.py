"""What would have to be different in the world for a rule not to be held back any more."""

from typing import Literal

import msgspec

from engine.counterfactual import Counterfactual
from engine.events import Event
from engine.index import Index
from engine.language.compiled import CompiledRule
from engine.schedule import DAY, shift
from engine.state import MemberState
from engine.values import Instant

HOW = Literal["facts", "time", "earlier", "sooner", "event", "resume", "publish", "supply", "none"]


class Remedy(msgspec.Struct, frozen=True, kw_only=True):
    """A change by which a reason wouldn't hold.

    Attributes:
        how: `facts`: other facts would have to be read; `time`: the same thing at `at` or later;
            `earlier`: before `at`; `sooner`: the event would have to reach us by `at`; `event`: the event
            `event` would have to happen; `resume` and `publish`: the rule would have to be in force;
            `supply`: more would have to be there; `none`: nothing changes it for this member.
        at: The instant meant, or None.
        event: Name of the event meant, or empty.
        change: The facts meant, the fewest that are enough; None where it isn't about facts.
    """

    how: HOW
    at: Instant | None = None
    event: str = ""
    change: Counterfactual | None = None


_NONE = Remedy(how="none")
_NEVER = frozenset(("entered-before", "hold-out"))
_UNKNOWN = frozenset(("own-descendant", "exclusive-group", "no-campaign", "chain-too-deep", "chain-too-long"))


def remedy(
    reason: str, rule: CompiledRule, state: MemberState, event: Event, zone: str, index: Index
) -> Remedy | None:
    """Return the smallest change by which a reason wouldn't hold; None if nothing is known.

    Args:
        reason: Why the rule was held back.
        rule: The version.
        state: The member before the entry.
        event: The entry.
        zone: The member's IANA zone.
        index: The rules in force.
    """
    campaign = index.rules.campaigns.get(rule.document.campaign or "")
    match reason:
        case "not-yet-active":
            return Remedy(how="time", at=rule.active_from)
        case "no-longer-active":
            return Remedy(how="earlier", at=rule.active_until)
        case "campaign-not-begun" if campaign is not None:
            return Remedy(how="time", at=campaign.active_from)
        case "campaign-ended" if campaign is not None:
            return Remedy(how="earlier", at=campaign.active_until)
        case "event-late":
            return Remedy(how="sooner", at=_in_time(rule, event, zone, index))
        case "already-enrolled":
            waits = [one.due_at for one in state.enrolments if one.rule == rule.key and not one.follows_goal]
            return Remedy(how="time", at=max(waits, default=None))
        case "per-member":
            return _freed(rule, state, event.as_of, zone)
        case _:
            return _NONE if reason in _NEVER else None if reason in _UNKNOWN else Remedy(how="supply")


def _in_time(rule: CompiledRule, event: Event, zone: str, index: Index) -> Instant:
    """Return the last instant at which the event would have reached us in time."""
    end = event.occurred_at + index.rules.catalogue.programme.late_after_hours * (DAY // 24)
    late = rule.document.late
    if late is None or late.policy != "fire_within" or late.within is None:
        return end
    return max(end, shift(event.occurred_at, late.within.amount, late.within.unit, zone))


def _freed(rule: CompiledRule, state: MemberState, as_of: Instant, zone: str) -> Remedy:
    """Return when so many firings are out of the window that one more is admitted."""
    limits, window = rule.document.limits, rule.per_member
    if limits is None or limits.per_member is None or window is None:
        return _NONE
    fired = [one for one in state.fired.get(rule.key, []) if one <= as_of]
    leaving = fired[-limits.per_member.times]

    def out(at: Instant) -> bool:
        return shift(at, -window.amount, window.unit, zone) >= leaving

    low, high = as_of, shift(leaving, window.amount, window.unit, zone) + 4 * DAY
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if out(middle) else (middle, high)
    return Remedy(how="time", at=high)
