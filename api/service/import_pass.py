"""One pass of an import over the lines of a file, and over the time after them."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import BinaryIO, Literal, NamedTuple

from api.clock import Clock
from api.service.calls import Call
from api.service.door import Door
from api.service.granting import Sources, Supply
from api.service.history_lines import Decode, HistoryFile, Line, LineRefused, Rejected
from api.service.identity import Members
from api.service.ingest import refresh
from api.service.merging import Moment, merge, settle
from api.service.rulebook import Rulebook
from api.service.unit import Unit
from api.service.vault import Vault
from api.store import imports, log, members
from api.store.connection import Connection
from engine.errors import EngineError
from engine.events import Event
from engine.values import Instant

ImportMode = Literal["as-it-was", "facts-only"]
Write = Callable[[], AbstractContextManager[Connection]]
BATCH = 500
_DUE = 200


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


class Way(NamedTuple):
    """In which way a file is taken in.

    Attributes:
        source: `source` of the events.
        mode: `as-it-was` or `facts-only`.
        match: Kinds of names (`phone`, `email` …) by which an id that is new is found to be a member's.
    """

    source: str
    mode: ImportMode
    match: Sequence[str] = ()


class Pass:
    """Takes lines in, and lets time go by.

    Attributes:
        timers: How many timers fired on the way.
    """

    def __init__(
        self, parts: Parts, file: HistoryFile, decode: Decode, way: Way, rejected: list[Rejected]
    ) -> None:
        """Make ready.

        Args:
            parts: What an import is made of.
            file: The file.
            decode: Reads a line.
            way: In which way.
            rejected: Is told of the lines that can't be taken in.
        """
        self._parts = parts
        self._file = file
        self._decode = decode
        self._way = way
        self._rejected = rejected
        self._now = parts.clock.now()
        self.timers = 0

    def events(self, lines: Sequence[Line], progress: Callable[[Progress], None]) -> tuple[int, int]:
        """Take the lines in, in the order of time; return how many were new and how many known."""
        taken = known = 0
        with self._file.path.open("rb") as file:
            for start in range(0, len(lines), BATCH):
                batch = lines[start : start + BATCH]
                with self._parts.write() as connection:
                    refresh(connection, self._parts.rulebook)
                    if self._way.mode == "as-it-was":
                        self.timers += self._ripe(connection, batch[0].at - 1)
                    done, before = self._batch(connection, file, batch)
                    imports.advance(connection, self._file.digest, start + len(batch))
                taken += done
                known += before
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
        keys = members.due(connection, until, _DUE, held_by=self._file.digest)
        if not keys:
            return 0
        unit = self._unit(connection)
        unit.load(keys)
        fired = sum(
            unit.catch_up(key, until, recorded_at=self._now, mode="as-it-was", inclusive=True) for key in keys
        )
        unit.flush()
        unit.renew(keys)
        return max(1, fired)

    def _batch(self, connection: Connection, file: BinaryIO, batch: Sequence[Line]) -> tuple[int, int]:
        """Take some lines in; return how many that was, and how many were in before."""
        calls = [(line, call) for line in batch if (call := self._call(file, line)) is not None]
        known = log.find_duplicates(connection, [(call.source, call.message_id) for _, call in calls])
        fresh = [one for one in calls if (one[1].source, one[1].message_id) not in known]
        named = Members(connection, [call for _, call in fresh], match=self._way.match)
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
        return len(done), len(calls) - len(fresh)

    def _decide(self, unit: Unit, named: Members, place: int, call: Call, at: Instant) -> str | None:
        member, other = named.key(place), named.same(place)
        if any(unit.held_by.get(key) not in {None, self._file.digest} for key in (member, other or member)):
            return "another import holds this member; finish or repeat that one first"
        before = len(unit.taken)
        if other is not None:
            return self._merge(unit, named, (member, other), call, at)
        if self._way.mode == "as-it-was":
            unit.catch_up(member, at, recorded_at=self._now, mode=self._way.mode, inclusive=False)
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
                    mode=self._way.mode,
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
            if not merge(unit, named, pair, call, Moment(at, self._now, at, self._way.mode)):
                return "more than 1,000 timers are due before it; run the import again"
        except EngineError as error:
            return str(error)
        self.timers += len(unit.taken) - before - 1
        return None

    def _call(self, file: BinaryIO, line: Line) -> Call | None:
        """Return the call of a line; None if it can't be read as one any more."""
        file.seek(line.offset)
        try:
            told = self._decode(file.read(line.length), self._file.message_id(line.number))
        except LineRefused as error:
            self._rejected.append(Rejected(line.number, str(error)))
            return None
        if told is None:
            changed = "the file changed while it was being read; run the import again"
            self._rejected.append(Rejected(line.number, changed))
            return None
        return self._parts.door.admit(told, self._way.source, self._parts.rulebook.index().rules.catalogue)

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
