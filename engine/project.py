"""What a member is afterwards: the fold, one entry at a time.

Nothing here decides. `observe` takes in what the entry itself says, `apply`
what the rules asked for; both return new states.
"""

from collections.abc import Iterable
from typing import NamedTuple

from engine.decision import RULE_CHANGED, Decision, Outcome
from engine.effects import AnyEffect
from engine.events import (
    TAG_REMOVED,
    Event,
)
from engine.index import Index
from engine.ledger.postings import Record
from engine.observing import Internal, hear, joined, observe
from engine.programme.applying import applied
from engine.programme.bookkeeping import Cause
from engine.schedule import shift
from engine.state import MemberState, changed, with_firing
from engine.values import Instant
from engine.watch.looking import Stale, with_looks

OF_RULES = frozenset(("absence", "schedule", "anniversary", "holiday", "before_expiry"))
"""Timers that start a rule; what they mark is dealt with once."""

ENDS = frozenset(("units", "coupons", "hold", "level", "membership"))
"""Timers of what a member holds; they have effects, of which the ledger or a table tells."""


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
        if rule.exclusive_group is None:
            return state
        return changed(state, fired={**state.fired, outcome.rule: [state.as_of]})
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
    if watch is None or event.mode == "facts-only" or event.kind == "erase":
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
