"""Replay: the log decided again, and compared with everything that was recorded."""

from collections.abc import Iterable, Iterator
from itertools import chain, groupby, islice
from typing import Final, NamedTuple

from api.service.comparing import Comparing, Moving
from api.service.recalling import nearest, rebuilt
from api.service.replay_report import EVERYTHING, Asked, Progress, Report
from api.service.rulebook import Rulebook
from api.store import controls, merging, recorded, snapshots, stretches
from api.store.connection import Connection
from api.store.recorded import Recorded
from api.store.stretches import Stretch
from engine.decide import Matching
from engine.diverging import Divergence
from engine.errors import EngineError, UnknownGate, UnknownVersion
from engine.index import Index
from engine.programme.merging import ended
from engine.replay import TOO_MANY, Logged, MemberReport, rebuild, replay

_MEMBERS: Final = 200
_ENTRIES: Final = 10_000
_LONG: Final = 2_000
_LAST_PLACE: Final = 2**63 - 1


class Part(NamedTuple):
    """Some of the members: those whose key comes after `behind`, up to `upto`; None for all the rest."""

    behind: str = ""
    upto: str | None = None


EVERYBODY: Final = Part()


def replay_log(
    connection: Connection,
    asked: Asked = EVERYTHING,
    *,
    sample: int = 0,
    part: Part = EVERYBODY,
    progress: Progress | None = None,
) -> Report:
    """Decide the log again, from its own control entries, and compare.

    The index matches here, whichever matcher decided: it is the quicker one, and
    what one of them got wrong shows as a divergence.

    Whole logs are compared with what the tables and the snapshots hold, too. In
    a span, each member begins as its nearest snapshot has it.

    Memory is bounded by some hundred members, or some thousand entries, whatever the length of the log and
    of any member's. Only the coupons and tasks of one member are held all at once.

    Args:
        connection: A read transaction, so that all comes from one snapshot.
        asked: What to decide again; everything by default.
        sample: One in so many answers of the network is compared with the reference.
        part: Which members to replay; all by default.
        progress: Told what was found, from time to time; it may end the replay.
    """
    report = Report(asked=asked)
    if part == EVERYBODY:
        report.of = stretches.count(connection, asked.span, asked.member)
    rules = _Rules(connection, sample)
    if part.behind == "":
        report.add(rules.divergences)
    report.lacks(rules.lacking)
    replaying = _Replaying(connection, asked, rules)
    told = 0
    for member, others in replaying.found(part):
        report.take(member)
        report.add(others)
        if asked.strict and report.divergences:
            report.complete = False
            break
        if progress is not None and report.checked - told >= _ENTRIES:
            told = report.checked
            if not progress(report):
                report.complete = False
                break
    if progress is not None:
        progress(report)
    return report


class _Rules:
    """The rules of a log, as far as its control entries can be read."""

    def __init__(self, connection: Connection, sample: int) -> None:
        """Fold the control entries in, and check their own chain."""
        self.book = Rulebook(sample=sample, matcher="index")
        self.divergences: list[Divergence] = []
        self.lacking: UnknownGate | None = None
        previous = ""
        for control, digest in controls.with_digests(connection):
            if control.previous != previous or control.digest() != digest:
                self._differs(control.revision, digest, control.digest())
            previous = digest
            try:
                self.book.learn([control])
            except (EngineError, ValueError, KeyError, TypeError) as error:
                self.lacking = error if isinstance(error, UnknownGate) else None
                self._differs(control.revision, control.body.get("gates", "unreadable"), str(error))
                return

    def decider(self, revision: int) -> tuple[Index, Matching]:
        """Return the rules at a revision.

        Raises:
            UnknownGate: If it was written by a release that behaves otherwise than this one can.
            UnknownVersion: If there is no such revision, or it can't be read.
        """
        if not 0 <= revision <= self.book.newest:
            raise self.lacking or UnknownVersion(f"revision {revision} isn't in the log, or can't be read")
        return self.book.replayer(revision)

    def _differs(self, revision: int, recorded: object, replayed: str) -> None:
        path = f"control/{revision}"
        self.divergences.append(
            Divergence(member="", decision=0, path=path, recorded=recorded, replayed=replayed)
        )


_Found = Iterator[tuple[MemberReport, list[Divergence]]]


class _Replaying:
    """Decides members again: yields what their logs gave, and where the tables say otherwise."""

    def __init__(self, connection: Connection, asked: Asked, rules: _Rules) -> None:
        self._connection = connection
        self._asked = asked
        self._rules = rules
        self._upto = rules.book.index()
        self._most = 1 if asked.strict else TOO_MANY

    def found(self, part: Part) -> _Found:
        """Decide again what is asked, of some members."""
        everything = self._asked.whole and self._asked.member is None
        return self._everybody(part) if everything else self._stretches(part)

    def _everybody(self, part: Part) -> _Found:
        """Decide everything again, some hundred members at a time."""
        entries = stretches.all_entries(self._connection, behind=part.behind, upto=part.upto)
        chunk: dict[str, list[Logged]] = {}
        held = 0
        for key, group in groupby(entries, key=lambda entry: entry.event.member):
            log = iter(group)
            chunk[key] = list(islice(log, _LONG))
            held += len(chunk[key])
            if len(chunk[key]) == _LONG:
                begun = chunk.pop(key)
                yield from self._compared(chunk)
                chunk, held = {}, 0
                yield self._long(key, chain(begun, log))
            elif len(chunk) >= _MEMBERS or held >= _ENTRIES:
                yield from self._compared(chunk)
                chunk, held = {}, 0
        yield from self._compared(chunk)

    def _stretches(self, part: Part) -> _Found:
        """Decide again what is asked of each member."""
        asked = self._asked
        found = stretches.stretches(
            self._connection, asked.span, member=asked.member, behind=part.behind, upto=part.upto
        )
        for stretch in found:
            if asked.whole:
                yield self._long(stretch.member, self._entries(stretch))
            else:
                yield self._stretch(stretch), []

    def _compared(self, chunk: dict[str, list[Logged]]) -> _Found:
        """Decide whole logs again, and compare what follows from them with the tables."""
        if not chunk:
            return
        kept = recorded.of_members(self._connection, list(chunk))
        taken = snapshots.of_members(self._connection, list(chunk))
        for key, entries in chunk.items():
            comparing = Comparing(kept[key])
            comparing.taken(taken.get(key, {}))
            comparing.stored(kept[key].postings)
            yield self._followed(key, entries, kept[key], comparing)

    def _long(self, member: str, entries: Iterator[Logged]) -> tuple[MemberReport, list[Divergence]]:
        """Do the same with one log of any length, of which only some entries are held at a time."""
        kept = recorded.of_members(self._connection, [member], ledger=False)[member]
        comparing = Comparing(kept)
        return self._followed(member, self._beside(member, entries, comparing), kept, comparing)

    def _beside(self, member: str, entries: Iterator[Logged], comparing: Comparing) -> Iterator[Logged]:
        """Yield a log's entries, and read what the ledger and the snapshots hold of some at a time."""
        place = sequence = -_LAST_PLACE
        while some := list(islice(entries, _LONG)):
            upto = max(place, some[-1].event.member_sequence)
            comparing.taken(snapshots.between(self._connection, member, place, upto))
            yield from some
            last = max(sequence, some[-1].sequence)
            comparing.stored(recorded.postings(self._connection, member, sequence, last))
            place, sequence = upto, last
        comparing.taken(snapshots.between(self._connection, member, place, None))
        comparing.stored(recorded.postings(self._connection, member, sequence, None))

    def _followed(
        self, member: str, entries: Iterable[Logged], kept: Recorded, comparing: Comparing
    ) -> tuple[MemberReport, list[Divergence]]:
        """Decide a whole log again, and compare what followed from it once it is known to be sound."""
        found = replay(
            member,
            entries,
            self._rules.decider,
            upto=self._upto,
            absorbed=lambda key: self._part(key, comparing.moving),
            follow=comparing.follow,
            most=self._most,
        )
        if kept.merged_into is not None and self._is_merged(member, kept.merged_into):
            found.state = ended(found.state, kept.merged_into)
        sound = not found.divergences and not found.cut
        return found, list(comparing.differences(found.state)) if sound else []

    def _stretch(self, stretch: Stretch) -> MemberReport:
        """Decide a stretch of a member's log again, from the member as it was before it."""
        member, first, _ = stretch
        start = nearest(self._connection, member, first, self._upto)
        before = Stretch(member, start.sequence + 1, first - 1)
        found = MemberReport(checked=0, divergences=[], state=start)
        try:
            found.state = rebuild(
                member,
                self._entries(before) if start.sequence + 1 < first else (),
                self._rules.decider,
                upto=self._upto,
                start=start,
                absorbed=lambda key: self._ended(key).state,
            )
        except UnknownGate as error:
            found.cut, found.lacking = True, error
            return found
        except (EngineError, KeyError, StopIteration, TypeError, ValueError) as error:
            found.cut = True
            entry = next(self._entries(stretch))
            text = f"the member before it can't be built again: {type(error).__name__}: {error}"
            found.divergences.append(
                Divergence(member=member, decision=entry.sequence, path="entry", replayed=text)
            )
            return found
        return replay(
            member,
            self._entries(stretch),
            self._rules.decider,
            upto=self._upto,
            start=found.state,
            absorbed=self._ended,
            most=self._most,
        )

    def _entries(self, stretch: Stretch) -> Iterator[Logged]:
        return stretches.entries(self._connection, stretch)

    def _part(self, member: str, whole: Moving) -> MemberReport:
        """Decide the log of a member again that became a part of another, and hand on what it had left."""
        moving = Moving()
        found = replay(
            member,
            self._entries(Stretch(member, 1, _LAST_PLACE)),
            self._rules.decider,
            upto=self._upto,
            absorbed=lambda key: self._part(key, moving),
            follow=moving.follow,
        )
        whole.join(moving)
        return found

    def _ended(self, member: str) -> MemberReport:
        """Return a member that became a part of another, without looking at its log's own record."""
        state = rebuilt(self._connection, self._rules.book, member, upto=self._upto)
        return MemberReport(checked=0, divergences=[], state=state)

    def _is_merged(self, member: str, whole: str) -> bool:
        """Return whether the log of one member says that another became a part of it."""
        merges = merging.merges(self._connection, whole)
        return any(one.event.properties["absorbed"] == member for one in merges)
