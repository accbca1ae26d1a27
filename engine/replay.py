"""Decide again from the log alone, and name every difference from what was recorded.

Nothing recorded is trusted but the inputs: the entries, the rules under their
revisions, and what the host granted. Outcomes, digests and timers are made
again and compared.
"""

from collections.abc import Callable, Collection, Iterable
from typing import Any

import msgspec
import orjson

from engine.decide import Decided, Matching, fold
from engine.decision import Decision, Need
from engine.errors import EngineError, StateMismatch
from engine.events import Event
from engine.index import Index
from engine.rules import SETTLE
from engine.state import MemberState, changed
from engine.timers import due, fired_event

TOO_MANY = 100


class Logged(msgspec.Struct, frozen=True, kw_only=True):
    """One entry as it stands in the log, with what was recorded of its decision.

    Attributes:
        sequence: Place in the whole log.
        event: The entry.
        revision: Rule-set revision it was decided under.
        content: Digest of what the sender sent; empty for a timer.
        digest: The member's chain up to it.
        body: Canonical bytes of the decision; None where nothing was noteworthy.
    """

    sequence: int
    event: Event
    revision: int
    content: str
    digest: str
    body: bytes | None


class Divergence(msgspec.Struct, frozen=True, kw_only=True):
    """A difference that replay found.

    Attributes:
        member: Whose log.
        decision: `sequence` of the entry.
        path: What differs: `digest`, `decision/outcomes/0/effects/1/points`, `timer` …
        recorded: What stands in the record.
        replayed: What deciding again gives.
    """

    member: str
    decision: int
    path: str
    recorded: Any = None
    replayed: Any = None


class MemberReport(msgspec.Struct, kw_only=True):
    """What replaying one member's log gave.

    Attributes:
        checked: How many entries were decided again.
        divergences: Differences, at most 100 a member.
        state: The member after the last entry.
        passed: The member after those entries whose state was asked for, by place.
        decided: What each entry led to, with its place in the whole log: for the tables that follow.
        joined: What replaying those gave that became a part of this member, in their order.
    """

    checked: int
    divergences: list[Divergence]
    state: MemberState
    passed: dict[int, MemberState] = {}
    decided: list[tuple[int, Decided]] = []
    joined: list["MemberReport"] = []


Decider = Callable[[int], tuple[Index, Matching]]
"""Gives the rules in force at a revision, and their matching."""


Ended = Callable[[str], MemberState]
"""Gives a member that became a part of another, as it was at the end of its log."""

Replayed = Callable[[str], MemberReport]
"""Gives what replaying the log of a member gave that became a part of another."""


def nobody(member: str) -> Any:
    """Refuse to tell of another member: for a log that no merge is in.

    Raises:
        StateMismatch: Always.
    """
    raise StateMismatch(f"the log of {member!r}, which a merge ends, is not given")


def noteworthy(decision: Decision) -> bool:
    """Return whether a decision's record is kept (ruling 13)."""
    return bool(decision.outcomes) or bool(decision.refused)


def rebuild(
    member: str,
    entries: Iterable[Logged],
    decider: Decider,
    *,
    upto: Index | None = None,
    start: MemberState | None = None,
    absorbed: Ended = nobody,
) -> MemberState:
    """Return a member's state from its log, reading back what was granted.

    Args:
        member: Whose log.
        entries: The log, in order, from the first entry, or from behind `start`.
        decider: The rules by revision.
        upto: Rules whose figures the state must hold; those of the entries' own by default.
        start: A state that holds these figures already; the member before its first entry by default.
        absorbed: Gives the members that merges ended, with the same figures.
    """
    state = start or MemberState(member=member)
    for entry in entries:
        index, matching = decider(entry.revision)
        other = absorbed(entry.event.properties["absorbed"]) if entry.event.kind == "merge" else None
        state = _again(state, entry, _widened(index, upto), matching, other).state
    return state if upto is None else changed(state, tracked=upto.tracked)


def _widened(index: Index, upto: Index | None) -> Index:
    return index if upto is None else index.tracking(upto)


def replay(
    member: str,
    entries: Iterable[Logged],
    decider: Decider,
    *,
    upto: Index | None = None,
    passing: Collection[int] = (),
    absorbed: Replayed = nobody,
) -> MemberReport:
    """Decide a member's log again and collect every difference.

    Args:
        member: Whose log.
        entries: The log, in order, from the first entry.
        decider: The rules by revision.
        upto: Rules whose figures the state must hold at the end.
        passing: Places whose states are wanted, too.
        absorbed: Replays the members that merges ended, with the same figures. What is found there
            is theirs, and isn't added to what is found here.
    """
    report = MemberReport(checked=0, divergences=[], state=MemberState(member=member))
    for entry in entries:
        if len(report.divergences) >= TOO_MANY:
            break
        report.checked += 1
        index, matching = decider(entry.revision)
        _check(report, entry, _widened(index, upto), matching, absorbed)
        if entry.event.member_sequence in passing:
            report.passed[entry.event.member_sequence] = report.state
    if upto is not None:
        report.state = changed(report.state, tracked=upto.tracked)
    return report


def _check(report: MemberReport, entry: Logged, index: Index, matching: Matching, absorbed: Replayed) -> None:
    def differs(path: str, recorded: Any, replayed: Any) -> None:
        report.divergences.append(
            Divergence(
                member=report.state.member,
                decision=entry.sequence,
                path=path,
                recorded=recorded,
                replayed=replayed,
            )
        )

    try:
        _check_clock(report.state, entry, index, differs)
        other = None
        if entry.event.kind == "merge":
            report.joined.append(absorbed(entry.event.properties["absorbed"]))
            other = report.joined[-1].state
            _check_end(other, entry, index, differs)
        decided = _again(report.state, entry, index, matching, other)
    except (EngineError, KeyError, StopIteration, TypeError, ValueError, msgspec.MsgspecError) as error:
        differs("entry", None, f"can't be decided: {type(error).__name__}: {error}")
        return
    expected = decided.body if noteworthy(decided.decision) else None
    if expected != entry.body:
        for path, recorded, replayed in _differences(entry.body, expected):
            differs(path, recorded, replayed)
    if decided.digest != entry.digest:
        differs("digest", entry.digest, decided.digest)
    report.state = changed(decided.state, chain=entry.digest)
    if decided.records or decided.decision.outcomes:
        report.decided.append((entry.sequence, decided))


def granted(entry: Logged) -> Callable[[Need], Any]:
    """Return what answers needs with what was granted when the entry was decided."""
    grants: dict[str, Any] = orjson.loads(entry.body).get("grants", {}) if entry.body is not None else {}

    def supply(need: Need) -> Any:
        return grants.get(need.key, False)

    return supply


def _again(
    state: MemberState, entry: Logged, index: Index, matching: Matching, other: MemberState | None
) -> Decided:
    return fold(state, entry.event, index, matching, granted(entry), entry.content, other)


def _check_end(
    other: MemberState, entry: Logged, index: Index, differs: Callable[[str, Any, Any], None]
) -> None:
    """The log of a member that ends must end where the merge says, and nothing ripe may be left in it."""
    event = entry.event
    for name, found in (("sequence", other.sequence), ("chain", other.chain)):
        if event.properties[name] != found:
            differs(f"absorbed/{name}", event.properties[name], found)
    pending = due(other, index, settle=SETTLE if event.mode == "live" else 0)
    if event.mode != "facts-only" and pending and pending[0].ripe_at < event.as_of:
        differs("absorbed/timer", None, pending[0]._asdict())


def _check_clock(
    state: MemberState, entry: Logged, index: Index, differs: Callable[[str, Any, Any], None]
) -> None:
    """A timer must have been due, and nothing that was ripe may have been left out."""
    event = entry.event
    pending = due(state, index, settle=SETTLE if event.mode == "live" else 0)
    if event.kind == "timer":
        first = pending[0] if pending else None
        expected = (
            fired_event(state, first, recorded_at=event.recorded_at, mode=event.mode) if first else None
        )
        if expected != event:
            differs("timer", event.properties, expected.properties if expected is not None else None)
    elif event.mode != "facts-only" and pending and pending[0].ripe_at < event.as_of:
        differs("timer", None, pending[0]._asdict())


def _differences(recorded: bytes | None, replayed: bytes | None) -> list[tuple[str, Any, Any]]:
    try:
        left = orjson.loads(recorded) if recorded is not None else None
    except orjson.JSONDecodeError:
        return [("decision", "not readable", None)]
    right = orjson.loads(replayed) if replayed is not None else None
    found: list[tuple[str, Any, Any]] = []
    _compare("decision", left, right, found)
    return found or [("decision", "other bytes", "canonical bytes")]


def _compare(path: str, left: Any, right: Any, found: list[tuple[str, Any, Any]]) -> None:
    if isinstance(left, dict) and isinstance(right, dict):
        for key in sorted({**left, **right}):
            _compare(f"{path}/{key}", left.get(key), right.get(key), found)
    elif isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        for place, (one, other) in enumerate(zip(left, right, strict=True)):
            _compare(f"{path}/{place}", one, other, found)
    elif left != right:
        found.append((path, left, right))
