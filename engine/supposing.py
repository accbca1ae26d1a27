"""A trigger that didn't come, as if it had: why it didn't, and the entry that it would have been."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from engine.checklist import Trigger
from engine.events import CONDITION_BEGAN, Event
from engine.index import Index
from engine.remedies import Remedy
from engine.rules import SETTLE, Standing
from engine.schedule import local
from engine.state import MemberState, changed
from engine.timers import Due, TimerKind, due_by, fired_event, zone_of
from engine.values import Instant

SOURCE: Final = "regulars:supposed"


def not_come(
    state: MemberState, standing: Standing, index: Index, instant: Instant, last: Instant | None
) -> Trigger:
    """Return why a rule's trigger didn't come at an instant, and what would have to happen for it to.

    Args:
        state: The member at the instant.
        standing: The rule.
        index: The rules in force.
        instant: When.
        last: When an event that starts the rule happened last; None if never, or for a rule of the clock.
    """
    rule = standing.rule
    if rule.trigger is not None:
        read = {"event": rule.trigger, "last": last}
        return Trigger("no-event", read, Remedy(how="event", event=rule.trigger, at=instant))
    if rule.lasting:
        since = state.standing.get(rule.key)
        if since is None:
            return Trigger("not-begun", {"since": None}, Remedy(how="facts"))
        return Trigger("begun-before", {"since": since})
    coming = due_by(state, standing, index, zone_of(state, index), SETTLE)
    if rule.absence is not None:
        return _absent(state, standing, coming)
    if coming is None:
        return Trigger("never-due", {"due_at": None})
    return Trigger("not-due", {"due_at": coming.due_at}, Remedy(how="time", at=coming.ripe_at))


def _absent(state: MemberState, standing: Standing, coming: Due | None) -> Trigger:
    """Return why an absence wasn't told: not armed, told already, over before the rule began, or not over."""
    rule = standing.rule
    event = rule.absence.event if rule.absence is not None else ""
    past = state.past.get(event)
    or_joining = rule.absence is not None and rule.absence.or_joining
    armed = past.last if past is not None else state.joined_at if or_joining else None
    read = {"event": event, "armed_at": armed, "due_at": coming.due_at if coming is not None else None}
    if coming is not None:
        return Trigger("not-due", read, Remedy(how="time", at=coming.ripe_at))
    again = Remedy(how="event", event=event)
    if armed is None:
        return Trigger("not-armed", read, again)
    told = state.consumed.get(rule.key, armed - 1) >= armed
    return Trigger("told-already" if told else "before-publication", read, again)


def supposed(
    state: MemberState, standing: Standing, index: Index, instant: Instant, told: Mapping[str, Any]
) -> tuple[MemberState, Event]:
    """Return the member and the entry by which a rule's trigger would have come at an instant.

    Args:
        state: The member at the instant.
        standing: The rule.
        index: The rules in force.
        instant: When.
        told: Properties of the event.
    """
    rule = standing.rule
    at = max(instant, state.as_of)
    if rule.lasting:
        state = changed(state, standing={**state.standing, rule.key: at})
        return state, _event(state, CONDITION_BEGAN, at, {"rule": rule.key})
    if rule.trigger is not None:
        return state, _event(state, rule.trigger, at, told)
    kind, mark = _clock(state, standing, index, at)
    due = Due(at, at, rule.document.priority, rule.key, kind, mark)
    return state, fired_event(state, due, recorded_at=at, mode="live")


def resumed(index: Index, standing: Standing, at: Instant) -> Index:
    """Return the rules in force, with one that is paused going on from an instant."""
    key, revision = standing.rule.key, index.rules.revision + 1
    going = replace(standing, paused=False, since=at, since_revision=revision)
    return Index(replace(index.rules, standing={**index.rules.standing, key: going}))


def _clock(state: MemberState, standing: Standing, index: Index, at: Instant) -> tuple[TimerKind, int]:
    """Return the kind of a rule's timer, and what it would mark."""
    rule, zone = standing.rule, zone_of(state, index)
    coming = due_by(state, standing, index, zone, SETTLE)
    if rule.absence is not None:
        past = state.past.get(rule.absence.event)
        return "absence", past.last if past is not None else at
    if rule.schedule is not None:
        return "schedule", local(at, zone).toordinal()
    if rule.before_expiry is not None:
        return "before_expiry", coming.mark if coming is not None else at
    year = coming.mark if coming is not None else local(at, zone).year
    return ("anniversary" if rule.anniversary is not None else "holiday"), year


def _event(state: MemberState, name: str, at: Instant, told: Mapping[str, Any]) -> Event:
    return Event(
        source=SOURCE,
        message_id=f"{state.member}:{state.sequence + 1}",
        kind="track",
        name=name,
        member=state.member,
        occurred_at=at,
        recorded_at=at,
        as_of=at,
        properties=dict(told),
        member_sequence=state.sequence + 1,
    )
