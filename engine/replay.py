"""Decide again from the log alone, and name every difference from what was recorded.

Nothing recorded is trusted but the inputs: the entries, the rules under their
revisions, and what the host granted. Outcomes, digests and timers are made
again and compared.
"""

from collections.abc import Callable, Iterable
from typing import Any

import msgspec
import orjson

from engine.decide import Decided, Matching, fold
from engine.decision import Decision, Need, link
from engine.diverging import Divergence, differences, other_fields
from engine.errors import EngineError, StateMismatch, UnknownGate, UnknownVersion
from engine.events import Event
from engine.gates import decidable
from engine.index import Index
from engine.rules import SETTLE
from engine.state import MemberState, changed
from engine.timers import Due, due, fired_event

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


class MemberReport(msgspec.Struct, kw_only=True):
    """What replaying one member's log gave.

    Attributes:
        checked: How many entries were decided again.
        divergences: Differences, at most 100 a member.
        state: The member after the last entry.
        cut: Whether an entry ended it that can't be decided, or has none before it: what comes behind
            wasn't looked at.
        lacking: The behaviour that would be needed to go on, and the release that has it; None if none is.
    """

    checked: int
    divergences: list[Divergence]
    state: MemberState
    cut: bool = False
    lacking: UnknownGate | None = None


Decider = Callable[[int], tuple[Index, Matching]]
"""Gives the rules in force at a revision, and their matching."""

Ended = Callable[[str], MemberState]
"""Gives a member that became a part of another, as it was at the end of its log."""

Replayed = Callable[[str], MemberReport]
"""Gives what replaying the log of a member gave that became a part of another."""

Follow = Callable[[MemberReport, Logged, Decided], None]
"""Told of each entry that was decided again, with what was found up to it."""


def nobody(member: str) -> Any:
    """Refuse to tell of another member: for a log that no merge is in.

    Raises:
        StateMismatch: Always.
    """
    raise StateMismatch(f"the log of {member!r}, which a merge ends, is not given")


def nothing_follows(found: MemberReport, entry: Logged, decided: Decided) -> None:
    """Leave what follows from an entry alone: for a log that no tables were made of."""


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

    Raises:
        UnknownGate: If an entry was decided by a release that behaves otherwise than this one can.
    """
    state = start or MemberState(member=member)
    for entry in entries:
        index, matching = decider(entry.revision)
        decidable(index.rules.gates)
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
    start: MemberState | None = None,
    follow: Follow = nothing_follows,
    absorbed: Replayed = nobody,
    most: int = TOO_MANY,
) -> MemberReport:
    """Decide a member's log again and collect every difference.

    One entry is looked at after the other, and none is kept.

    Args:
        member: Whose log.
        entries: The log, in order, from the first entry, or from behind `start`.
        decider: The rules by revision.
        upto: Rules whose figures the state must hold at the end.
        start: The member where the entries begin, with these figures; before its first entry by default.
        follow: Told of each entry that could be decided, in order.
        absorbed: Replays the members that merges ended, with the same figures. What is found there
            is theirs, and isn't added to what is found here.
        most: With how many differences to stop.
    """
    report = MemberReport(checked=0, divergences=[], state=start or MemberState(member=member))
    checking = _Checking(report, absorbed, follow)
    for entry in entries:
        if report.cut or len(report.divergences) >= most:
            break
        try:
            index, matching = decider(entry.revision)
            decidable(index.rules.gates)
        except UnknownGate as error:
            report.cut, report.lacking = True, error
            break
        except UnknownVersion as error:
            checking.ends(entry, str(error))
            break
        report.checked += 1
        checking.check(entry, _widened(index, upto), matching)
    if upto is not None:
        report.state = changed(report.state, tracked=upto.tracked)
    return report


class _Checking:
    """Decides the entries of one member again, in order, and notes what differs."""

    def __init__(self, report: MemberReport, absorbed: Replayed, follow: Follow) -> None:
        self._report = report
        self._absorbed = absorbed
        self._follow = follow
        self._missed: Due | None = None
        self._other = ""

    def check(self, entry: Logged, index: Index, matching: Matching) -> None:
        """Decide the next entry and compare."""
        found = len(self._report.divergences)
        try:
            if not self._follows(entry, index):
                return
            other = self._joined(entry, index) if entry.event.kind == "merge" else None
            decided = _again(self._report.state, entry, index, matching, other)
        except (EngineError, KeyError, StopIteration, TypeError, ValueError, msgspec.MsgspecError) as error:
            self._report.cut = True
            if len(self._report.divergences) == found:
                self.ends(entry, f"{type(error).__name__}: {error}")
            return
        expected = decided.body if noteworthy(decided.decision) else None
        if expected != entry.body:
            for path, recorded, replayed in differences(entry.body, expected):
                self._differs(entry, path, recorded, replayed)
        self._chain(entry, decided)
        self._follow(self._report, entry, decided)

    def ends(self, entry: Logged, why: str) -> None:
        """Note that an entry can't be decided, so that nobody knows what comes behind it."""
        self._report.cut = True
        self._differs(entry, "entry", None, f"can't be decided: {why}")

    def _follows(self, entry: Logged, index: Index) -> bool:
        """A timer must have been due, and nothing that was ripe, and no entry, may have been left out."""
        event, state = entry.event, self._report.state
        pending = due(state, index, settle=SETTLE if event.mode == "live" else 0)
        first = pending[0] if pending and event.mode != "facts-only" else None
        if event.member_sequence != state.sequence + 1:
            self._report.cut = True
            if first is not None and first.ripe_at < event.as_of:
                self._differs(entry, "timer", None, first._asdict())
            else:
                self._differs(entry, "sequence", event.member_sequence, state.sequence + 1)
            return False
        if event.kind == "timer":
            self._fired(entry, pending[0] if pending else None)
        elif first is not None and first.ripe_at < event.as_of and not self._is_missed(first):
            self._missed = first
            self._differs(entry, "timer", None, first._asdict())
        return True

    def _is_missed(self, one: Due) -> bool:
        """Return whether a timer that wasn't fired was told of already."""
        return self._missed is not None and one._replace(ripe_at=0) == self._missed._replace(ripe_at=0)

    def _fired(self, entry: Logged, first: Due | None) -> None:
        event = entry.event
        if first is None:
            self._differs(entry, "timer", event.properties, None)
            return
        expected = fired_event(self._report.state, first, recorded_at=event.recorded_at, mode=event.mode)
        if expected != event:
            said, wanted = msgspec.structs.asdict(event), msgspec.structs.asdict(expected)
            self._differs(entry, "timer", *other_fields(said, wanted))

    def _joined(self, entry: Logged, index: Index) -> MemberState:
        """The log of a member that ends must end where the merge says, and nothing ripe may be left in it."""
        event = entry.event
        other = self._absorbed(event.properties["absorbed"]).state
        for name, found in (("sequence", other.sequence), ("chain", other.chain)):
            if event.properties[name] != found:
                self._differs(entry, f"absorbed/{name}", event.properties[name], found)
        pending = due(other, index, settle=SETTLE if event.mode == "live" else 0)
        if event.mode != "facts-only" and pending and pending[0].ripe_at < event.as_of:
            self._differs(entry, "absorbed/timer", None, pending[0]._asdict())
        return other

    def _chain(self, entry: Logged, decided: Decided) -> None:
        """Compare the chain, and go on with what is recorded, so that one wrong link is told of once."""
        if decided.digest == entry.digest:
            self._other, self._report.state = "", decided.state
            return
        follows = self._other and link(self._other, entry.event, entry.content, decided.body) == entry.digest
        if not follows:
            self._differs(entry, "digest", entry.digest, decided.digest)
        self._other = "" if follows else decided.digest
        self._report.state = changed(decided.state, chain=entry.digest)

    def _differs(self, entry: Logged, path: str, recorded: Any, replayed: Any) -> None:
        self._report.divergences.append(
            Divergence(
                member=self._report.state.member,
                decision=entry.sequence,
                path=path,
                recorded=recorded,
                replayed=replayed,
            )
        )


def grants_of(entry: Logged) -> dict[str, Any]:
    """Return what was granted when an entry was decided, by need."""
    if entry.body is None or b'"grants":' not in entry.body:
        return {}
    return dict(orjson.loads(entry.body).get("grants", {}))


def granted(entry: Logged) -> Callable[[Need], Any]:
    """Return what answers needs with what was granted when the entry was decided."""
    grants = grants_of(entry)
    return lambda need: grants.get(need.key, False)


def _again(
    state: MemberState, entry: Logged, index: Index, matching: Matching, other: MemberState | None
) -> Decided:
    known = grants_of(entry)
    return fold(state, entry.event, index, matching, lambda _: False, entry.content, other, known=known)
