"""What a member is afterwards: the fold, one entry at a time.

Nothing here decides. `observe` takes in what the entry itself says, `apply`
what the rules asked for; both return new states.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import msgspec

from engine.decision import RULE_CHANGED, Decision, Outcome
from engine.effects import AnyEffect
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
from engine.index import Index
from engine.ledger.books import Books
from engine.ledger.postings import Record
from engine.programme.applying import applied
from engine.programme.bookkeeping import Cause, completed, refunded
from engine.programme.contacting import OF_CONSENT, consented
from engine.programme.tagging import settled
from engine.schedule import last_day, shift
from engine.state import MemberState, Past, Told, changed, remembered, with_firing
from engine.values import Instant, Number
from engine.watch.looking import Stale, with_looks
from engine.yearly import coming

OF_RULES = frozenset(("absence", "schedule", "anniversary", "holiday", "before_expiry"))
"""Timers that start a rule; what they mark is dealt with once."""

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
    changes["past"] = _remember(state, event, index)
    if event.kind == "track" and event.name in _OF_ORDERS:
        changes["books"] = _noted(state, event, index)
    after = changed(state, **changes)
    if event.mode == "facts-only":
        return changed(after, seen=0, consumed=_stopped_clocks(after, event, index))
    return after


def _noted(state: MemberState, event: Event, index: Index) -> Books:
    """Return the books with what an entry tells of an order."""
    if event.name == ORDER_COMPLETED:
        return completed(state.books, event, index.rules.catalogue.programme.returns_days)
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


class After(NamedTuple):
    """The member after an outcome, the internal events it leads to, and what it leaves in the books."""

    state: MemberState
    heard: list[Internal]
    records: list[Record]


def apply(
    state: MemberState, outcome: Outcome, index: Index, event: Event, absorbed: MemberState | None = None
) -> After:
    """Return what an outcome's effects lead to.

    Args:
        state: The member before.
        outcome: A rule's outcome; its effects apply in their order.
        index: The rules in force.
        event: The entry that is decided.
        absorbed: The member that ends by a merge; None otherwise.
    """
    heard: list[Internal] = []
    records: list[Record] = []
    if outcome.enrolment:
        state = without(state, outcome.rule, outcome.enrolment)
    if outcome.result == "fired":
        state = _counted(state, outcome, index)
    zone = state.zone or index.rules.catalogue.programme.zone
    cause = Cause(outcome, event, index, zone, absorbed)
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
    once = rule.document.re_entry == "once"
    if not once and (limits is None or limits.per_member is None):
        return state
    window = rule.per_member
    zone = state.zone or index.rules.catalogue.programme.zone
    start = shift(state.as_of, -window.amount, window.unit, zone) if window is not None else None
    fired = with_firing(state.fired.get(outcome.rule, []), state.as_of, None if once else start)
    return changed(state, fired={**state.fired, outcome.rule: fired})


def without(state: MemberState, rule: str, number: int, due_at: Instant | None = None) -> MemberState:
    """Return the member without one wait.

    Args:
        state: The member.
        rule: Key of the rule.
        number: What the wait is called.
        due_at: When it is due, to tell it from another that the same entry began; any of them by default.
    """
    kept = [*state.enrolments]
    for one in kept:
        if (one.rule, one.number) == (rule, number) and due_at in {None, one.due_at}:
            kept.remove(one)
            break
    return changed(state, enrolments=kept)


def consume(state: MemberState, event: Event, index: Index) -> tuple[MemberState, list[Internal]]:
    """Return the member after a timer has been dealt with, whatever comes of it.

    An absence, an occurrence or a notice is marked, a wait is taken out of the
    enrolments, a message out of those that wait, and a holder lets go of a tag.
    Tags that were merged or retired have been dealt with when the entry was taken
    in. Other ends have effects.
    """
    kind, name = event.properties["timer"], event.properties["name"]
    if kind in ENDS or kind in {"tags", "standing"}:
        return state, []
    if kind in OF_RULES:
        return changed(state, consumed={**state.consumed, name: event.properties["mark"]}), []
    if kind == "message":
        held = event.properties["message"]
        return changed(state, waiting=[one for one in state.waiting if one.id != held]), []
    if kind == "wait":
        return without(state, name, event.properties["mark"], event.properties["due_at"]), []
    return _let_go(state, index.taxonomy.standing(name) or name, event, index)


def _let_go(state: MemberState, tag: str, event: Event, index: Index) -> tuple[MemberState, list[Internal]]:
    """Return the member without a grip whose end has come, unless a merge has made it last longer."""
    holder, holders = event.properties["holder"], state.tags.get(tag, {})
    if holder not in holders or holders[holder].until != event.properties["mark"]:
        return state, []
    left = {key: held for key, held in holders.items() if key != holder}
    if left:
        return changed(state, tags={**state.tags, tag: left}), []
    tags = {key: held for key, held in state.tags.items() if key != tag}
    state, internal = hear(changed(state, tags=tags), TAG_REMOVED, {"tag": tag}, index)
    return state, [internal]


def project(
    state: MemberState,
    event: Event,
    decision: Decision,
    index: Index,
    *,
    chain: str,
    absorbed: MemberState | None = None,
) -> MemberState:
    """Return what the member is after an entry and what was decided on it.

    Args:
        state: The member before.
        event: The entry.
        decision: What was decided; taken as it is, nothing is decided again.
        index: The rules that were in force.
        chain: Digest of the entry, which the next one names.
        absorbed: The member that ends by a merge; None otherwise.
    """
    first = state.joined_at is None
    before = state
    state = observe(state, event, index)
    stale = watching(before, state, event, index)
    if stale is not None and decision.refused:
        stale.ever = stale.watch.everything
    sent = [one for one in decision.outcomes if one.reason == RULE_CHANGED]
    for outcome in sent:
        state = apply(state, outcome, index, event).state
    if first and event.mode != "facts-only" and not decision.refused:
        state, internal = joined(state, event, index)
        _noticed(stale, state, state, [internal], ())
    if event.kind == "timer":
        last = state
        state, heard = consume(state, event, index)
        _noticed(stale, last, state, heard, ())
    for outcome in decision.outcomes:
        if outcome.result != "refused" and outcome.reason != RULE_CHANGED:
            last = state
            state, heard, _ = apply(state, outcome, index, event, absorbed)
            _noticed(stale, last, state, heard, outcome.effects)
    return changed(looked_at(state, stale, index), chain=chain)


def watching(before: MemberState, observed: MemberState, event: Event, index: Index) -> Stale | None:
    """Return what an entry itself may have changed of what is watched; None if nothing is, or may be yet.

    Args:
        before: The member before the entry.
        observed: The member with the entry taken in.
        event: The entry.
        index: The rules in force.
    """
    watch = index.watch
    if watch is None or event.mode == "facts-only":
        return None
    stale = Stale(watch)
    stale.begin(before, event.as_of)
    if before.seen < watch.revision:
        stale.ever |= watch.since_then(before.seen)
    if event.kind != "timer":
        stale.heard(event.name)
        stale.parts(before, observed)
    return stale


def _noticed(
    stale: Stale | None,
    before: MemberState,
    after: MemberState,
    heard: Iterable[Internal],
    effects: Iterable[AnyEffect],
) -> None:
    if stale is None:
        return
    stale.parts(before, after)
    for internal in heard:
        stale.heard(internal.name)
    for effect in effects:
        stale.moved(effect)


def looked_at(state: MemberState, stale: Stale | None, index: Index) -> MemberState:
    """Return the member with the instants at which what was looked at may change by the clock."""
    if stale is None or not stale.ever:
        return state
    return with_looks(state, stale.watch, stale.ever, state.zone or index.rules.catalogue.programme.zone)
