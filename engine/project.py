"""What a member is afterwards: the fold, one entry at a time.

Nothing here decides. `observe` takes in what the entry itself says, `apply`
what the rules asked for; both return new states.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from engine.decision import Decision, Outcome
from engine.evaluate import evaluate
from engine.events import (
    MEMBER_JOINED,
    ORDER_CANCELLED,
    ORDER_COMPLETED,
    ORDER_REFUNDED,
    TAG_REMOVED,
    Event,
)
from engine.facts import property_of, typed
from engine.ledger.books import Books
from engine.ledger.postings import Record
from engine.programme.applying import applied
from engine.programme.bookkeeping import Cause, ordered, refunded
from engine.rules import Index
from engine.schedule import shift
from engine.state import MemberState, Past, changed, remembered, with_firing
from engine.values import Instant, Number

ENDS = frozenset(("units", "coupons", "hold", "level", "membership"))
"""Timers of what a member holds; they have effects, of which the ledger or a table tells."""

_OF_ORDERS = frozenset((ORDER_COMPLETED, ORDER_REFUNDED, ORDER_CANCELLED))


class Internal(NamedTuple):
    """An event that an effect leads to inside the same decision (ruling 7).

    Attributes:
        name: What it is called.
        properties: What is told of it.
        before: The member's history without it.
    """

    name: str
    properties: dict[str, Any]
    before: dict[str, Past]


def joined(state: MemberState, event: Event, index: Index) -> tuple[MemberState, Internal]:
    """Return the member with its joining in the history, and the event that says so."""
    told = property_of(event.properties, "channel")
    return hear(state, MEMBER_JOINED, {"channel": told} if isinstance(told, str) else {}, index)


def observe(state: MemberState, event: Event, index: Index) -> MemberState:
    """Return the member with the entry itself taken in, before any rule is read.

    Args:
        state: The member before the entry.
        event: The next entry of the member's log.
        index: The rules in force, which say what of the history is kept.
    """
    revision = index.rules.revision
    changes: dict[str, Any] = {"sequence": event.member_sequence, "as_of": event.as_of}
    if state.joined_at is None:
        changes |= {"joined_at": event.occurred_at, "joined_revision": revision, "tracked": index.tracked}
    if event.kind == "timer":
        return changed(state, **changes)
    if event.zone is not None:
        changes["zone"] = event.zone
    if event.kind == "identify":
        told = {name: value for name, value in event.properties.items() if value is not None}
        gone = [name for name, value in event.properties.items() if value is None]
        attributes = {**state.attributes, **told}
        changes["attributes"] = {name: value for name, value in attributes.items() if name not in gone}
    changes["past"] = _remember(state, event, index)
    if event.kind == "track" and event.name in _OF_ORDERS:
        changes["books"] = _noted(state, event)
    if event.mode == "facts-only":
        changes["consumed"] = _stopped_clocks(changes["past"], state, event, index)
    return changed(state, **changes)


def _noted(state: MemberState, event: Event) -> Books:
    """Return the books with what an entry tells of an order, as far as it concerns them."""
    if event.name == ORDER_COMPLETED:
        return ordered(state.books, event)
    return refunded(state.books, event, whole=event.name == ORDER_CANCELLED)[0]


def hear(
    state: MemberState, name: str, properties: dict[str, Any], index: Index
) -> tuple[MemberState, Internal]:
    """Return the member with an internal event in its history, if a figure reads it, and the event."""
    past = _heard(state, name, properties, index)
    internal = Internal(name, properties, state.past)
    return (state if past is state.past else changed(state, past=past)), internal


def _remember(state: MemberState, event: Event, index: Index) -> dict[str, Past]:
    """Return the history with an entry of the log; its plain series is always kept."""
    past = {**state.past}
    _add(past, event.name, event.occurred_at, None, event.as_of, index)
    _enter(past, event.name, event.properties, event.occurred_at, event.as_of, index)
    return past


def _heard(state: MemberState, name: str, properties: Mapping[str, Any], index: Index) -> dict[str, Past]:
    """Return the history with an internal event; the same one if no figure reads it."""
    plain = name in index.rules.series
    if not plain and name not in index.kept_of:
        return state.past
    past = {**state.past}
    if plain:
        _add(past, name, state.as_of, None, state.as_of, index)
    _enter(past, name, properties, state.as_of, state.as_of, index)
    return past


def _enter(
    past: dict[str, Past],
    name: str,
    properties: Mapping[str, Any],
    at: Instant,
    as_of: Instant,
    index: Index,
) -> None:
    numbers: dict[str, Number | None] = {}
    for series, where in index.kept_of.get(name, ()):
        if where is not None and not evaluate(series.where, where.of_event(properties)):
            continue
        kept = series.property
        if kept is None:
            _add(past, series.key, at, None, as_of, index)
            continue
        if kept not in numbers:
            numbers[kept] = _number(properties, kept)
        if numbers[kept] is not None:
            _add(past, series.key, at, numbers[kept], as_of, index)


def _add(
    past: dict[str, Past], key: str, at: Instant, value: Number | None, as_of: Instant, index: Index
) -> None:
    window = index.rules.windowed.get(key)
    keep_after = None if window is None else as_of - window
    past[key] = remembered(past.get(key), at, index.rules.revision, value, keep_after=keep_after)


def _number(properties: Mapping[str, Any], name: str) -> Number | None:
    """Return the number that a property holds, or None."""
    value = typed(property_of(properties, name), "number")
    return value if isinstance(value, Number) else None


def _stopped_clocks(
    past: Mapping[str, Any], state: MemberState, event: Event, index: Index
) -> dict[str, Instant]:
    """Return the clocks that facts alone must not set off: what is due by now is dealt with."""
    consumed = dict(state.consumed)
    zone = event.zone or state.zone or index.rules.catalogue.programme.zone
    for standing in index.clock:
        key = standing.rule.key
        absence = standing.rule.absence
        if absence is None:
            consumed[key] = event.recorded_at
            continue
        series = past.get(absence.event)
        armed_at = series.last if series is not None else state.joined_at or event.occurred_at
        if shift(armed_at, *absence.for_.span, zone) <= event.recorded_at:
            consumed[key] = armed_at
    return consumed


class After(NamedTuple):
    """The member after an outcome, the internal events it leads to, and what it leaves in the books."""

    state: MemberState
    heard: list[Internal]
    records: list[Record]


def apply(state: MemberState, outcome: Outcome, index: Index, event: Event) -> After:
    """Return what an outcome's effects lead to.

    Args:
        state: The member before.
        outcome: A rule's outcome; its effects apply in their order.
        index: The rules in force.
        event: The entry that is decided.
    """
    heard: list[Internal] = []
    records: list[Record] = []
    if outcome.result == "fired":
        state = _counted(state, outcome, index)
    cause = Cause(outcome, event, index, state.zone or index.rules.catalogue.programme.zone)
    for effect in outcome.effects:
        state, led_to, moved = applied(state, effect, cause)
        records += moved
        for name, told in led_to:
            state, internal = hear(state, name, told, index)
            heard.append(internal)
    return After(state, heard, records)


def _counted(state: MemberState, outcome: Outcome, index: Index) -> MemberState:
    rule = index.rules.version(outcome.rule, outcome.version)
    limits = rule.document.limits
    if limits is None or limits.per_member is None:
        return state
    window = rule.per_member
    zone = state.zone or index.rules.catalogue.programme.zone
    start = shift(state.as_of, -window.amount, window.unit, zone) if window is not None else None
    fired = with_firing(state.fired.get(outcome.rule, []), state.as_of, start)
    return changed(state, fired={**state.fired, outcome.rule: fired})


def leave(state: MemberState, rules: list[str]) -> MemberState:
    """Return the member without the enrolments of some rules."""
    return changed(state, enrolments=[one for one in state.enrolments if one.rule not in rules])


def consume(state: MemberState, event: Event, index: Index) -> tuple[MemberState, list[Internal]]:
    """Return the member after a timer has been dealt with, whatever comes of it.

    An absence, an occurrence or a notice is marked, a wait is taken out of the
    enrolments, and a holder lets go of a tag. Other ends have effects.
    """
    kind, name = event.properties["timer"], event.properties["name"]
    if kind in ENDS:
        return state, []
    if kind in {"absence", "schedule", "before_expiry"}:
        return changed(state, consumed={**state.consumed, name: event.properties["mark"]}), []
    if kind == "wait":
        number = event.properties["mark"]
        kept = [one for one in state.enrolments if (one.rule, one.number) != (name, number)]
        return changed(state, enrolments=kept), []
    holders = {key: held for key, held in state.tags[name].items() if key != event.properties["holder"]}
    if holders:
        return changed(state, tags={**state.tags, name: holders}), []
    tags = {tag: held for tag, held in state.tags.items() if tag != name}
    state, internal = hear(changed(state, tags=tags), TAG_REMOVED, {"tag": name}, index)
    return state, [internal]


def project(state: MemberState, event: Event, decision: Decision, index: Index, *, chain: str) -> MemberState:
    """Return what the member is after an entry and what was decided on it.

    Args:
        state: The member before.
        event: The entry.
        decision: What was decided; taken as it is, nothing is decided again.
        index: The rules that were in force.
        chain: Digest of the entry, which the next one names.
    """
    first = state.joined_at is None
    state = observe(state, event, index)
    if first and event.mode != "facts-only" and not decision.refused:
        state, _ = joined(state, event, index)
    if event.kind == "timer":
        state, _ = consume(state, event, index)
    for outcome in decision.outcomes:
        if outcome.result == "exited":
            state = leave(state, [outcome.rule])
        elif outcome.result != "refused":
            state = apply(state, outcome, index, event).state
    return changed(state, chain=chain)
