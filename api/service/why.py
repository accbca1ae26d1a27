"""Why a rule fired for a member between two instants, or why it didn't: the entry, or a supposed one."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

import msgspec

from api.service.explaining import explain_entry
from api.service.recalling import Known, state_at
from api.service.refusal import Refusal
from api.service.rulebook import Rulebook
from api.service.story import Invented
from api.store import controls, decisions, log
from api.store.connection import Connection
from api.store.decisions import StoredDecision
from api.store.log import LoggedEntry
from engine.altering import World
from engine.amends import Amending
from engine.checklist import Answer, Trigger
from engine.decide import Evaluating, fold
from engine.decision import Decision
from engine.events import CONDITION_BEGAN, MEMBER_JOINED, TAG_REMOVED, TIMER_FIRED, Event
from engine.explanation import Explanation, answer_of, explanation
from engine.index import Index
from engine.language.compiled import CompiledRule
from engine.project import OF_RULES
from engine.remedies import Remedy
from engine.rules import Standing
from engine.state import MemberState
from engine.supposing import not_come, resumed, supposed
from engine.values import Instant, instant_text

_PAGE: Final = 200
_decision = msgspec.json.Decoder(Decision)


@dataclass(frozen=True, slots=True)
class LastAsked:
    """The last time a rule was asked: the entry, under which version, and what came of it."""

    entry: LoggedEntry
    version: int
    result: str
    reason: str


@dataclass(frozen=True, slots=True)
class Why:
    """Why a rule fired, or didn't.

    Attributes:
        rule: Key of the rule.
        at: The instant that is asked about: of a day, its last.
        index: The rules that decide: those of the entry, or those in force at the instant.
        standing: How the rule stood; None while it wasn't published yet.
        asked: When it was last asked, up to the instant; None if never.
        basis: The entry that is explained; None if its trigger is supposed to come at the instant.
        told: Everything that decides it; None while it wasn't published yet.
        amends: What would have to be different, all of it together, for the rule to fire: decided again with
            it. Empty if it fired, and if nothing that helps is known.
        published: When it was published first, if that was later.
    """

    rule: str
    at: Instant
    index: Index
    standing: Standing | None
    asked: LastAsked | None
    basis: LoggedEntry | None = None
    told: Explanation | None = None
    amends: tuple[Remedy, ...] = ()
    published: Instant | None = None


def why(
    connection: Connection, rulebook: Rulebook, member: str, rule: str, since: Instant, until: Instant
) -> Why:
    """Return why a rule fired for a member between two instants, both included, or why it didn't.

    Where it was asked then, that is explained; the last time if there were several. Where it wasn't, its
    trigger is supposed to come at the later of the two.

    Args:
        connection: A read transaction.
        rulebook: The rules.
        member: Key of the member.
        rule: Key of a rule that was published at some time.
        since: The earlier instant.
        until: The later instant.

    Raises:
        Refusal: `not-found` if nothing was known of the member then, or it was erased by then and nothing
            was asked for it.
    """
    place = log.place_at(connection, member, until)
    if not place:
        raise Refusal("not-found", f"Nothing was known of the member at {instant_text(until)}.")
    amending = Amending(rule, Invented, partial(_past, connection, rulebook, member))
    last = _last_asked(connection, rulebook, member, rule, place)
    if last is not None and last.entry.event.as_of >= since:
        found = _of_entry(connection, rulebook, amending, until, last)
        if found is not None:
            return found
    index = rulebook.index(controls.revision_at(connection, until))
    standing = index.rules.standing.get(rule)
    if standing is None:
        published = _published(connection, rule, index.rules.revision)
        amends = _once_published(connection, rulebook, amending, member, published)
        return Why(rule, until, index, standing, last, published=published, amends=amends)
    known = state_at(connection, rulebook, member, until)
    if known.state.erased_at is not None:
        gone = instant_text(known.state.erased_at)
        raise Refusal("not-found", f"The member was erased at {gone}; ask about an instant before that.")
    newest = _newest_of(connection, member, standing.rule, place)
    told, amends = supposing(known, standing, until, newest, amending)
    return Why(rule, until, index, standing, last, told=told, amends=amends)


def _published(connection: Connection, rule: str, revision: int) -> Instant | None:
    """Return when a rule was published first after a revision; None if it never was."""
    for control in controls.controls_after(connection, revision):
        if control.name == "Rule Published" and control.body["document"]["key"] == rule:
            return control.at
    return None


def _once_published(
    connection: Connection, rulebook: Rulebook, amending: Amending, member: str, published: Instant | None
) -> tuple[Remedy, ...]:
    """Return what would make a rule fire that wasn't published yet: that it is, and what it takes then."""
    if published is None:
        return ()
    known = state_at(connection, rulebook, member, published)
    standing = known.index.rules.standing.get(amending.key)
    if standing is None:
        return ()
    newest = _newest_of(connection, member, standing.rule, log.place_at(connection, member, published))
    _, amends = supposing(known, standing, published, newest, amending)
    return (Remedy(how="publish"), *amends) if amends and amends[0].how != "none" else ()


def _past(connection: Connection, rulebook: Rulebook, member: str, at: Instant) -> tuple[MemberState, Index]:
    known = state_at(connection, rulebook, member, at)
    return known.state, known.index


def supposing(
    known: Known, standing: Standing, at: Instant, newest: Event | None, amending: Amending
) -> tuple[Explanation, tuple[Remedy, ...]]:
    """Return what would come of a rule if its trigger came at an instant, and what would make it fire.

    Args:
        known: The member then, and the rules in force.
        standing: The rule.
        at: The instant.
        newest: The last event that starts the rule; its properties are read. None if there was none.
        amending: Finds what would make it fire.
    """
    trigger = not_come(known.state, standing, known.index, at, newest.occurred_at if newest else None)
    properties = newest.properties if newest is not None else {}
    state, event = supposed(known.state, standing, known.index, at, properties)
    index = known.index if not standing.paused else resumed(known.index, standing, at)
    decision = fold(state, event, index, Evaluating(index), Invented()).decision
    answer = answer_of(decision, event, standing.rule)
    told = explanation(answer, event, state, standing, index, trigger, supposed=True)
    there = World(known.state, event, known.index)
    return told, amending.trigger(there, standing, trigger, dict(properties))


def _of_entry(
    connection: Connection, rulebook: Rulebook, amending: Amending, at: Instant, last: LastAsked
) -> Why | None:
    """Return what came of a rule on an entry, decided again; None if it wasn't asked after all."""
    again = explain_entry(connection, rulebook, last.entry.sequence)
    if again is None:
        return None
    rule = amending.key
    standing = again.index.rules.standing[rule]
    answer = answer_of(again.decision, again.event, standing.rule)
    if answer is None:
        return None
    trigger = came(again.event, standing.rule)
    made = explanation(answer, again.event, again.state, standing, again.index, trigger, supposed=False)
    last = replace(last, result=answer.result, reason=answer.reason)
    amends = amending.entry(World(again.state, again.event, again.index), answer)
    return Why(rule, at, again.index, standing, last, last.entry, made, amends)


def came(event: Event, rule: CompiledRule) -> Trigger:
    """Return what is known of a trigger that came, by its entry."""
    if event.kind == "timer" and event.properties["timer"] in OF_RULES:
        read: dict[str, Any] = {"due_at": event.properties["due_at"]}
        if rule.absence is not None:
            read |= {"event": rule.absence.event, "armed_at": event.properties["mark"]}
        return Trigger("", read)
    return Trigger("", {"event": rule.trigger or CONDITION_BEGAN, "last": event.occurred_at})


def _last_asked(
    connection: Connection, rulebook: Rulebook, member: str, rule: str, place: int
) -> LastAsked | None:
    """Return when a rule was last asked, up to a place of the member's log."""
    standing: dict[int, Standing | None] = {}
    before = place + 1
    while before > 1:
        page = log.newest(connection, member, before=before, limit=_PAGE)
        stored = decisions.read_many(connection, [one.sequence for one in page])
        for entry in page:
            if entry.revision not in standing:
                standing[entry.revision] = rulebook.index(entry.revision).rules.standing.get(rule)
            stood = standing[entry.revision]
            if stood is None or stood.paused or entry.event.mode == "facts-only":
                continue
            found = _asked(entry, stood.rule, stored.get(entry.sequence))
            if found is not None:
                return found
        before = page[-1].event.member_sequence if page else 0
    return None


def _asked(entry: LoggedEntry, rule: CompiledRule, stored: StoredDecision | None) -> LastAsked | None:
    event = entry.event
    if stored is not None and _names(rule) in stored.body:
        answer = answer_of(_decision.decode(stored.body), event, rule)
        if answer is not None:
            return _last(entry, rule, answer)
    unrecorded = _of_the_clock(event, rule) if event.kind == "timer" else _heard(event, rule)
    return LastAsked(entry, rule.version, "not_matched", "not-matched") if unrecorded else None


def _last(entry: LoggedEntry, rule: CompiledRule, answer: Answer) -> LastAsked:
    return LastAsked(entry, rule.version, answer.result, answer.reason)


def _names(rule: CompiledRule) -> bytes:
    """Return what stands in every record of a step in which a rule is asked."""
    name = CONDITION_BEGAN if rule.lasting else rule.trigger or TIMER_FIRED
    return msgspec.json.encode(name)


def _of_the_clock(event: Event, rule: CompiledRule) -> bool:
    timer = event.properties["timer"]
    if timer in OF_RULES:
        return bool(event.properties["name"] == rule.key)
    return timer in {"tag", "tags"} and rule.trigger == TAG_REMOVED


def _heard(event: Event, rule: CompiledRule) -> bool:
    return event.name == rule.trigger or (event.member_sequence == 1 and rule.trigger == MEMBER_JOINED)


def _newest_of(connection: Connection, member: str, rule: CompiledRule, place: int) -> Event | None:
    """Return the last event of the name that starts a rule, up to a place; None if there is none."""
    found = log.newest_named(connection, member, rule.trigger, place) if rule.trigger is not None else None
    return found.event if found is not None else None
