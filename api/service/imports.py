"""Taking in history: a file of calls, with the clock following the events, or facts only.

An import can be stopped at any point, `kill -9` included, and run again: lines
that are in the log already are passed over, because a line's id is the digest
of the file and its number (ruling 21).
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO, Literal, NamedTuple

from api.clock import Clock
from api.service.calls import Call, Told
from api.service.door import Door
from api.service.granting import Sources, Supply
from api.service.identity import Members, members_of
from api.service.ingest import refresh
from api.service.merging import Moment, merge, settle
from api.service.rulebook import Rulebook
from api.service.unit import Unit
from api.service.vault import Vault
from api.store import imports, log, members
from api.store.connection import Connection
from api.store.identities import Identity
from engine.errors import EngineError
from engine.events import Event
from engine.values import Instant, instant_text

ImportMode = Literal["as-it-was", "facts-only"]
Write = Callable[[], AbstractContextManager[Connection]]
_BATCH = 500
_DUE = 200


class LineRefused(Exception):
    """A line can't be read as a call; the text says why and what to do."""


Decode = Callable[[bytes, str], Told | None]
"""Reads one line: its bytes, and the id that it has if it names none. None for a line that says
nothing, such as a header. Raises `LineRefused`."""


class Rejected(NamedTuple):
    """A line that was not taken in."""

    line: int
    reason: str


class Progress(NamedTuple):
    """How far an import has come.

    Attributes:
        step: `reading`, `deciding`, or `clock` (the time after the last event).
        done: Lines, or, of the clock, timers fired.
        total: Lines in all; 0 when not known.
    """

    step: Literal["reading", "deciding", "clock"]
    done: int
    total: int


class Imported(NamedTuple):
    """What an import did.

    Attributes:
        taken: Lines that were taken in now.
        known: Lines that were in the log already.
        later: Lines after `until`, left for another run.
        timers: Timers that fired.
        rejected: Lines that can't be taken in, with reasons.
    """

    taken: int
    known: int
    later: int
    timers: int
    rejected: list[Rejected]


class _Line(NamedTuple):
    at: Instant
    number: int
    offset: int
    length: int


class Parts(NamedTuple):
    """What an import is made of.

    Attributes:
        rulebook: The rules.
        sources: Supply what only the host can give.
        vault: Keeps personal values.
        door: Takes personal values out.
        clock: Our clock; only `recorded_at` is read from it.
        write: Opens a write transaction.
    """

    rulebook: Rulebook
    sources: Sources
    vault: Vault
    door: Door
    clock: Clock
    write: Write


class Imports:
    """Takes in files of calls."""

    def __init__(self, parts: Parts) -> None:
        """Make the use case of its parts."""
        self._parts = parts

    def run(
        self,
        path: Path,
        decode: Decode,
        *,
        source: str,
        mode: ImportMode,
        until: Instant | None,
        progress: Callable[[Progress], None],
        match: Sequence[str] = (),
    ) -> Imported:
        """Take a file in.

        Args:
            path: The file.
            decode: Reads a line.
            source: `source` of the events.
            mode: `as-it-was` or `facts-only`.
            until: Events up to it are taken in, then timers up to it fire; by
                default the last event's instant.
            progress: Told how far it has come.
            match: Kinds of names (`phone`, `email` …) by which an id that is new is found to be a member's.
        """
        digest = file_digest(path)
        rejected: list[Rejected] = []
        lines, names = self._read(path, decode, digest, rejected, progress, match)
        wanted = [line for line in lines if until is None or line.at <= until]
        end = until if until is not None else (wanted[-1].at if wanted else 0)
        run = _Run(self._parts, path, decode, digest, source, mode, rejected, match=match)
        with self._parts.write() as connection:
            imports.begin(connection, digest, mode, self._parts.clock.now())
        self._hold(names, digest)
        taken, known = run.events(wanted, progress)
        timers = run.clock(end, progress) if mode == "as-it-was" else 0
        with self._parts.write() as connection:
            refresh(connection, self._parts.rulebook)
            members.release(connection, digest)
            imports.finish(connection, digest, self._parts.clock.now())
        return Imported(taken, known, len(lines) - len(wanted), timers + run.timers, rejected)

    def _read(
        self,
        path: Path,
        decode: Decode,
        digest: str,
        rejected: list[Rejected],
        progress: Callable[[Progress], None],
        match: Sequence[str],
    ) -> tuple[list[_Line], list[Identity]]:
        """Read every line once: when it happened, and by which names it says whom it is about."""
        lines: list[_Line] = []
        names: dict[Identity, None] = {}
        for number, offset, text in _lines(path):
            try:
                told = decode(text, line_id(digest, number))
                if told is None:
                    continue
                if told.occurred_at is None:
                    raise LineRefused(
                        "a line of history needs a timestamp; add one such as 1997-01-12T12:00:00Z"
                    )
            except LineRefused as error:
                rejected.append(Rejected(number, str(error)))
                continue
            lines.append(_Line(told.occurred_at, number, offset, len(text)))
            names |= dict.fromkeys(self._names(told, match))
            if number % 5_000 == 0:
                progress(Progress("reading", number, 0))
        lines.sort(key=lambda line: (line.at, line.number))
        return lines, list(names)

    def _names(self, told: Told, match: Sequence[str]) -> Iterator[Identity]:
        """Yield the names by which a line may find a member."""
        door = self._parts.door
        if told.user_id is not None:
            yield Identity("user_id", door.known_as(told.user_id))
        elif told.anonymous_id is not None:
            yield Identity("anonymous_id", told.anonymous_id)
        if told.previous_id is not None:
            yield Identity("previous", door.known_as(told.previous_id))
        if match and told.kind == "identify":
            catalogue = self._parts.rulebook.index().rules.catalogue
            taken = door.admit(told, "", catalogue).personal
            for one in taken:
                if one.identity is not None and one.identity in match:
                    yield Identity(one.identity, one.token)

    def _hold(self, names: Sequence[Identity], holder: str) -> None:
        for start in range(0, len(names), _BATCH):
            some = names[start : start + _BATCH]
            with self._parts.write() as connection:
                members.hold(connection, members_of(connection, some), holder)


class _Run:
    """One pass of an import over its lines, and over the time after them."""

    def __init__(
        self,
        parts: Parts,
        path: Path,
        decode: Decode,
        digest: str,
        source: str,
        mode: ImportMode,
        rejected: list[Rejected],
        *,
        match: Sequence[str],
    ) -> None:
        self._match = match
        self._parts = parts
        self._path = path
        self._decode = decode
        self._digest = digest
        self._source = source
        self._mode: ImportMode = mode
        self._rejected = rejected
        self._now = parts.clock.now()
        self.timers = 0

    def events(self, lines: Sequence[_Line], progress: Callable[[Progress], None]) -> tuple[int, int]:
        """Take the lines in, in the order of time; return how many were new and how many known."""
        taken = known = 0
        with self._path.open("rb") as file:
            for start in range(0, len(lines), _BATCH):
                batch = lines[start : start + _BATCH]
                with self._parts.write() as connection:
                    refresh(connection, self._parts.rulebook)
                    if self._mode == "as-it-was":
                        self.timers += self._ripe(connection, batch[0].at - 1)
                    fresh = self._batch(connection, file, batch)
                    imports.advance(connection, self._digest, start + len(batch))
                taken += fresh
                known += len(batch) - fresh
                progress(Progress("deciding", start + len(batch), len(lines)))
        return taken, known

    def clock(self, until: Instant, progress: Callable[[Progress], None]) -> int:
        """Let the time after the last event pass; return how many timers fired."""
        fired = 0
        while True:
            with self._parts.write() as connection:
                refresh(connection, self._parts.rulebook)
                count = self._due(connection, until)
            if count == 0:
                return fired
            fired += count
            progress(Progress("clock", fired, 0))

    def _ripe(self, connection: Connection, until: Instant) -> int:
        fired = 0
        while count := self._due(connection, until):
            fired += count
        return fired

    def _due(self, connection: Connection, until: Instant) -> int:
        keys = members.due(connection, until, _DUE, held_by=self._digest)
        if not keys:
            return 0
        unit = self._unit(connection)
        unit.load(keys)
        fired = sum(
            unit.catch_up(key, until, recorded_at=self._now, mode="as-it-was", inclusive=True) for key in keys
        )
        unit.flush()
        unit.renew()
        return max(1, fired)

    def _batch(self, connection: Connection, file: BinaryIO, batch: Sequence[_Line]) -> int:
        calls = [self._call(file, line) for line in batch]
        known = log.find_duplicates(connection, [(call.source, call.message_id) for call in calls])
        fresh = [
            (line, call)
            for line, call in zip(batch, calls, strict=True)
            if (call.source, call.message_id) not in known
        ]
        named = Members(connection, [call for _, call in fresh], match=self._match)
        unit = self._unit(connection)
        unit.load(key for at in range(len(fresh)) for key in named.concerned(at))
        done: list[int] = []
        for at, (line, call) in enumerate(fresh):
            reason = self._decide(unit, named, at, call, line.at)
            if reason is None:
                done.append(at)
            else:
                self._rejected.append(Rejected(line.number, reason))
        unit.flush()
        suspected = named.link(done)
        self._parts.vault.keep(connection, [(named.key(at), fresh[at][1].personal) for at in done])
        settle(connection, unit, self._parts.vault, suspected, self._now)
        return len(fresh)

    def _decide(self, unit: Unit, named: Members, place: int, call: Call, at: Instant) -> str | None:
        member, other = named.key(place), named.same(place)
        if any(unit.held_by.get(key) not in {None, self._digest} for key in (member, other or member)):
            return "another import holds this member; finish or repeat that one first"
        before = len(unit.taken)
        if other is not None:
            return self._merge(unit, named, (member, other), call, at)
        if self._mode == "as-it-was":
            unit.catch_up(member, at, recorded_at=self._now, mode=self._mode, inclusive=False)
        self.timers += len(unit.taken) - before
        state = unit.states[member]
        try:
            unit.take(
                Event(
                    source=call.source,
                    message_id=call.message_id,
                    kind=call.kind,
                    name=call.name,
                    member=member,
                    occurred_at=at,
                    recorded_at=self._now,
                    as_of=max(at, state.as_of),
                    mode=self._mode,
                    properties=call.properties,
                    member_sequence=state.sequence + 1,
                    zone=call.zone,
                ),
                call.content,
            )
        except EngineError as error:
            return str(error)
        return None

    def _merge(
        self, unit: Unit, named: Members, pair: tuple[str, str], call: Call, at: Instant
    ) -> str | None:
        before = len(unit.taken)
        try:
            if not merge(unit, named, pair, call, Moment(at, self._now, at, self._mode)):
                return "more than 1,000 timers are due before it; run the import again"
        except EngineError as error:
            return str(error)
        self.timers += len(unit.taken) - before - 1
        return None

    def _call(self, file: BinaryIO, line: _Line) -> Call:
        file.seek(line.offset)
        told = self._decode(file.read(line.length), line_id(self._digest, line.number))
        if told is None:
            raise LineRefused("the file changed while it was being read; run the import again")
        return self._parts.door.admit(told, self._source, self._parts.rulebook.index().rules.catalogue)

    def _unit(self, connection: Connection) -> Unit:
        parts = self._parts
        return Unit(
            connection,
            parts.rulebook,
            parts.rulebook.network(),
            Supply(connection, parts.sources),
            settle=0,
            deliver=False,
        )


def file_digest(path: Path) -> str:
    """Return the digest that names a file's import."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def line_id(digest: str, number: int) -> str:
    """Return the id of a line that names none."""
    return f"{digest[:32]}:{number}"


def _lines(path: Path) -> Iterator[tuple[int, int, bytes]]:
    """Yield number, offset and bytes of every line that isn't blank."""
    offset = 0
    with path.open("rb") as file:
        for number, text in enumerate(file, start=1):
            if text.strip():
                yield number, offset, text
            offset += len(text)


def described(imported: Imported, until: Instant | None) -> str:
    """Return what an import did, in one line."""
    clock = f", clock at {instant_text(until)}" if until is not None else ""
    return (
        f"{imported.taken} taken in, {imported.known} known already, {imported.later} later, "
        f"{imported.timers} timers fired, {len(imported.rejected)} rejected{clock}"
    )
