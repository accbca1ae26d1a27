"""What falls due by itself: derived from the state and the rules, never stored.

Only the ends of what a member holds are kept, in the state: waits, messages,
tags, lots, coupons, holds, levels and memberships.
Everything here is a pure function, so a replay finds the same instants.
"""

import zlib
from collections.abc import Iterator
from typing import Any, Final, Literal, NamedTuple

from engine.events import TIMER_FIRED, Event, Mode
from engine.index import Index
from engine.language.triggers import BeforeExpiryTrigger
from engine.rules import SETTLE, Standing
from engine.schedule import next_day, shift
from engine.state import HeldMessage, MemberState
from engine.values import Instant
from engine.watch.looking import due_at
from engine.yearly import coming

TimerKind = Literal[
    "absence", "schedule", "anniversary", "holiday", "before_expiry", "wait", "tag", "tags", "units",
    "coupons", "hold", "level", "membership", "message", "standing",
]  # fmt: skip
_SOURCE = "regulars:clock"
PRIORITY: Final = 50
"""What goes before what where neither says so."""


class Due(NamedTuple):
    """One instant that falls due for a member; sorts in the order of firing.

    Attributes:
        ripe_at: When it may fire: the due instant, plus the settling time of an absence.
        due_at: When it is due.
        priority: Priority of the rule, 0 for an end.
        name: Key of the rule, the tag, the unit, the ladder or the membership, id of the hold; empty
            for coupons, for tags that were merged or retired, and for watched conditions.
        kind: What kind of timer.
        mark: Absence: the instant it was armed at. Schedule: the local day, as an ordinal.
            Anniversary and holiday: the year. Ahead of an end: the end. Wait: the enrolment's number.
            Message: the entry that asked for it. Otherwise the due instant.
        detail: Holder of the tag, id of the message, or empty.
    """

    ripe_at: Instant
    due_at: Instant
    priority: int
    name: str
    kind: TimerKind
    mark: int
    detail: str = ""


def zone_of(state: MemberState, index: Index) -> str:
    """Return the member's IANA zone, or the programme's."""
    return state.zone or index.rules.catalogue.programme.zone


def due(state: MemberState, index: Index, *, settle: Instant = SETTLE) -> list[Due]:
    """Return what is due for a member, soonest first: one instant per clock.

    Args:
        state: The member.
        index: The rules in force.
        settle: How long an absence waits for events on their way, in
            microseconds; 0 in an import.
    """
    return sorted(_pending(state, index, settle))


def next_due(state: MemberState, index: Index, *, settle: Instant = SETTLE) -> Instant | None:
    """Return the instant at which the member next needs the worker, or None."""
    pending = _pending(state, index, settle)
    return min([one.ripe_at for one in pending]) if pending else None


def _pending(state: MemberState, index: Index, settle: Instant) -> list[Due]:
    if state.joined_at is None or state.merged_into or state.erased_at is not None:
        return []
    found: list[Due] = []
    zone = zone_of(state, index)
    for standing in index.clock:
        one = due_by(state, standing, index, zone, settle)
        if one is not None:
            found.append(one)
    for wait in state.enrolments:
        priority = index.rules.version(wait.rule, wait.version).document.priority
        found.append(Due(wait.due_at, wait.due_at, priority, wait.rule, "wait", wait.number))
    for tag, holders in state.tags.items():
        for holder, held in holders.items():
            if held.until is not None:
                found.append(Due(held.until, held.until, 0, tag, "tag", held.until, holder))
    if state.waiting:
        found += [_of_message(message, index) for message in state.waiting]
    if state.tags and index.taxonomy.moved and not index.taxonomy.moved.keys().isdisjoint(state.tags):
        at = index.rules.moved_at
        found.append(Due(at, at, 0, "", "tags", at))
    found += _ends(state)
    found += _watched(state, index, zone) if index.watch is not None else ()
    return found


def _watched(state: MemberState, index: Index, zone: str) -> list[Due]:
    """Return when what is watched is to be looked at again; one timer deals with all of then."""
    turn = due_at(state, index.watch, zone) if index.watch is not None else None
    return [_end("standing", "", turn)] if turn is not None else []


def _of_message(held: HeldMessage, index: Index) -> Due:
    """Return when a message that waits for quiet hours to end is looked at again: by its rule's priority."""
    priority = index.rules.version(held.rule, held.version).document.priority if held.version else PRIORITY
    return Due(held.until, held.until, priority, held.rule, "message", held.origin, held.id)


def _ends(state: MemberState) -> list[Due]:
    """Return the next end of each kind of thing that a member holds; one timer deals with all of then."""
    found: list[Due] = []
    for unit, account in state.books.accounts.items():
        ends = [end for lot in account.lots for end in (lot.active_at, lot.expires_at) if end is not None]
        if ends:
            found.append(_end("units", unit, min(ends)))
    if state.coupons:
        ends = [one.expires_at for one in state.coupons.values() if one.expires_at and not one.held_by]
        if ends:
            found.append(_end("coupons", "", min(ends)))
    if state.books.holds or state.levels or state.memberships:
        found += [_end("hold", key, one.until) for key, one in state.books.holds.items()]
        found += [_end("level", key, one.until) for key, one in state.levels.items() if one.until is not None]
        found += [_end("membership", key, one.until) for key, one in state.memberships.items()]
    return found


def _end(kind: TimerKind, name: str, at: Instant) -> Due:
    return Due(at, at, 0, name, kind, at)


def due_by(state: MemberState, standing: Standing, index: Index, zone: str, settle: Instant) -> Due | None:
    """Return when a rule of the clock is next due for a member, or None.

    Args:
        state: The member, who has joined.
        standing: The rule.
        index: The rules in force.
        zone: The member's IANA zone.
        settle: How long an absence waits for events on their way.
    """
    if standing.rule.absence is not None:
        return _absence(state, standing, zone, settle)
    if standing.rule.before_expiry is not None:
        return _before_expiry(state, standing, zone)
    if standing.rule.schedule is not None:
        return _schedule(state, standing, index)
    one = coming(state, standing, index, zone)
    if one is None:
        return None
    rule = standing.rule
    kind: TimerKind = "anniversary" if rule.anniversary is not None else "holiday"
    return Due(one.due_at, one.due_at, rule.document.priority, rule.key, kind, one.year)


class Ending(NamedTuple):
    """Something that ends: when, how much of it, and when the member got it."""

    end: Instant
    amount: int
    since: Instant


def expiring(state: MemberState, when: BeforeExpiryTrigger) -> Iterator[Ending]:
    """Yield everything that a rule runs ahead of."""
    if when.of == "points":
        for lot in state.books.account(when.unit or "points").lots:
            if lot.expires_at is not None:
                yield Ending(lot.expires_at, lot.left, lot.earned_at)
    elif when.of == "coupon":
        for coupon in state.coupons.values():
            if coupon.expires_at is not None and when.unit in {None, coupon.coupon}:
                yield Ending(coupon.expires_at, 1, coupon.issued_at)
    else:
        for name, membership in state.memberships.items():
            if when.unit in {None, name}:
                yield Ending(membership.until, 1, membership.since)


def _before_expiry(state: MemberState, standing: Standing, zone: str) -> Due | None:
    """Return the next notice: once for each end. One that was due before the rule began may be skipped."""
    when, ahead = standing.rule.before_expiry, standing.rule.waits
    if when is None or ahead is None:
        return None
    key, since = standing.rule.key, standing.since
    done = state.consumed.get(key, 0)
    was_there = state.joined_revision < standing.since_revision
    for end, _, held_since in sorted(expiring(state, when)):
        due_at = ripe_at = shift(end, -ahead.amount, ahead.unit, zone)
        if end <= done or due_at < held_since:  # what lasts less than the notice is not told of
            continue
        if was_there and due_at <= since:
            if standing.past == "skip":
                continue
            ripe_at = max(due_at, min(since + _slot(state.member, key, standing.spread), end - 1))
        return Due(ripe_at, due_at, standing.rule.document.priority, key, "before_expiry", end)
    return None


def _absence(state: MemberState, standing: Standing, zone: str, settle: Instant) -> Due | None:
    when, waits = standing.rule.absence, standing.rule.waits
    if when is None or waits is None:
        return None
    past = state.past.get(when.event)
    if past is not None:
        armed_at, revision = past.last, past.revision
    elif when.or_joining and state.joined_at is not None:
        armed_at, revision = state.joined_at, state.joined_revision
    else:
        return None
    key = standing.rule.key
    if state.consumed.get(key, armed_at - 1) >= armed_at:
        return None
    due_at = shift(armed_at, *waits, zone)
    ripe_at = due_at + settle
    if revision < standing.since_revision and due_at <= standing.since:
        if standing.past == "skip":
            return None
        ripe_at = standing.since + _slot(state.member, key, standing.spread)
    return Due(ripe_at, due_at, standing.rule.document.priority, key, "absence", armed_at)


def _schedule(state: MemberState, standing: Standing, index: Index) -> Due | None:
    when = standing.rule.schedule
    if when is None or state.joined_at is None:
        return None
    key = standing.rule.key
    anchor = state.joined_at
    if state.joined_revision < standing.since_revision:
        anchor = max(anchor, standing.since)
    zone = zone_of(state, index) if when.zone == "member" else index.rules.catalogue.programme.zone
    due_at, day = next_day(
        anchor,
        every=when.every,
        at=when.at,
        zone=zone,
        on_weekday=when.on_weekday,
        on_day=when.on_day,
        after_day=state.consumed.get(key),
    )
    return Due(due_at, due_at, standing.rule.document.priority, key, "schedule", day)


def _slot(member: str, rule: str, spread: Instant) -> Instant:
    """Return the member's place within the time over which a late start is spread."""
    return zlib.crc32(f"{member}\n{rule}".encode()) * spread >> 32


def fired_event(state: MemberState, one: Due, *, recorded_at: Instant, mode: Mode) -> Event:
    """Return the log entry by which a due instant enters the log (ruling 6)."""
    properties: dict[str, Any] = {"timer": one.kind, "name": one.name, "due_at": one.due_at, "mark": one.mark}
    if one.detail:
        properties["message" if one.kind == "message" else "holder"] = one.detail
    return Event(
        source=_SOURCE,
        message_id=f"{state.member}:{state.sequence + 1}:{one.kind}:{one.name}",
        kind="timer",
        name=TIMER_FIRED,
        member=state.member,
        occurred_at=one.due_at,
        recorded_at=recorded_at,
        as_of=max(one.ripe_at, state.as_of),
        mode=mode,
        properties=properties,
        member_sequence=state.sequence + 1,
    )
