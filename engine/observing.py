"""What an entry itself tells of a member, taken in before any rule is read."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from engine.events import (
    MEMBER_JOINED,
    ORDER_CANCELLED,
    ORDER_COMPLETED,
    ORDER_REFUNDED,
    Event,
)
from engine.facts import property_of
from engine.index import Index
from engine.programme.bookkeeping import completed, refunded
from engine.programme.contacting import OF_CONSENT, consented
from engine.programme.history import overheard, remember
from engine.programme.netting import net
from engine.programme.tagging import settled
from engine.schedule import last_day, shift
from engine.state import MemberState, Past, Told, changed
from engine.values import Instant
from engine.yearly import coming

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


class Stimulus(msgspec.Struct, frozen=True):
    """What the rules of one step are asked about.

    Attributes:
        name: Name of the event.
        properties: What is told of it.
        lineage: Rules whose effects led to it.
        before: The member's history without it.
    """

    name: str
    properties: Mapping[str, Any]
    lineage: tuple[str, ...]
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
    if index.watch is not None:
        changes["seen"] = index.watch.revision
    if state.tags and index.taxonomy.moved:
        changes["tags"] = settled(state.tags, index.taxonomy)
    if event.kind == "timer":
        return changed(state, **changes)
    if event.zone is not None:
        changes["zone"] = event.zone
    if event.kind == "identify":
        told = {name: value for name, value in event.properties.items() if value is not None}
        gone = [name for name, value in event.properties.items() if value is None]
        attributes = {**state.attributes, **told}
        changes["attributes"] = {name: value for name, value in attributes.items() if name not in gone}
        said = Told(event.occurred_at, event.source)
        changes["told"] = {**state.told, **dict.fromkeys(event.properties, said)}
    if event.name in OF_CONSENT and event.kind == "track":
        changes["consent"] = consented(state, event)
    changes["past"] = remember(state, event, index)
    if event.kind == "track" and event.name in _OF_ORDERS:
        changes |= _of_order(state, changes["past"], event, index)
    after = changed(state, **changes)
    if event.mode == "facts-only":
        return changed(after, seen=0, consumed=_stopped_clocks(after, event, index))
    return after


def _of_order(state: MemberState, past: dict[str, Past], event: Event, index: Index) -> dict[str, Any]:
    """Return the books, and the figures net of refunds, with what an entry tells of an order."""
    if event.name == ORDER_COMPLETED:
        books = completed(state.books, event, index.rules.catalogue.programme.returns_days)
    else:
        books = refunded(state.books, event, whole=event.name == ORDER_CANCELLED)[0]
    return {"books": books} | (net(state, past, books, event, index) if index.net_of else {})


def hear(
    state: MemberState, name: str, properties: dict[str, Any], index: Index
) -> tuple[MemberState, Internal]:
    """Return the member with an internal event in its history, if a figure reads it, and the event."""
    past = overheard(state, name, properties, index)
    internal = Internal(name, properties, state.past)
    return (state if past is state.past else changed(state, past=past)), internal


def _stopped_clocks(state: MemberState, event: Event, index: Index) -> dict[str, Instant]:
    """Return the clocks that facts alone must not set off: what is due by now is dealt with."""
    consumed = dict(state.consumed)
    own, now = index.rules.catalogue.programme.zone, event.recorded_at
    zone = state.zone or own
    for standing in index.clock:
        rule, key = standing.rule, standing.rule.key
        if rule.absence is not None:
            series = state.past.get(rule.absence.event)
            armed_at = series.last if series is not None else state.joined_at or event.occurred_at
            if shift(armed_at, *rule.absence.for_.span, zone) <= now:
                consumed[key] = armed_at
        elif rule.schedule is not None:
            consumed[key] = last_day(now, rule.schedule.at, zone if rule.schedule.zone == "member" else own)
        elif rule.before_expiry is not None:
            consumed[key] = now
        else:
            one = coming(state, standing, index, zone)
            if one is not None and one.due_at <= now:
                consumed[key] = one.year
    return consumed
