"""Taking in history: a file of calls, with the clock following the events, or facts only.

An import can be stopped at any point, `kill -9` included, and run again: lines
that are in the log already are passed over, because a line's id is the digest
of the file and its number (ruling 21).
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from api.service.calls import Told
from api.service.history_lines import Decode, HistoryFile, Line, LineRefused, Rejected
from api.service.identity import members_of
from api.service.import_pass import BATCH, Parts, Pass, Progress, Way
from api.service.ingest import refresh
from api.store import imports, log, members
from api.store.identities import Identity
from engine.values import Instant, instant_text


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


class Imports:
    """Takes in files of calls."""

    def __init__(self, parts: Parts) -> None:
        """Make the use case of its parts."""
        self._parts = parts

    def run(
        self,
        file: HistoryFile,
        decode: Decode,
        way: Way,
        *,
        until: Instant | None,
        progress: Callable[[Progress], None],
    ) -> Imported:
        """Take a file in.

        Args:
            file: The file.
            decode: Reads a line.
            way: In which way.
            until: Events up to it are taken in, then timers up to it fire; by
                default the last event's instant.
            progress: Told how far it has come.
        """
        rejected: list[Rejected] = []
        lines, names = self._read(file, decode, way, rejected, progress)
        wanted = [line for line in lines if until is None or line.at <= until]
        end = until if until is not None else (wanted[-1].at if wanted else 0)
        one = Pass(self._parts, file, decode, way, rejected)
        with self._parts.write() as connection:
            imports.begin(connection, file.digest, way.mode, self._parts.clock.now())
        self._hold(names, file.digest)
        taken, known = one.events(wanted, progress)
        timers = one.clock(end, progress) if way.mode == "as-it-was" else 0
        with self._parts.write() as connection:
            refresh(connection, self._parts.rulebook)
            members.release(connection, file.digest)
            imports.finish(connection, file.digest, self._parts.clock.now())
            ids = {file.message_id(line.line): line for line in rejected}
            mended = log.find_duplicates(connection, [(way.source, name) for name in ids])
        left = [line for name, line in ids.items() if (way.source, name) not in mended]
        known += len(mended)
        return Imported(taken, known, len(lines) - len(wanted), timers + one.timers, left)

    def _read(
        self,
        file: HistoryFile,
        decode: Decode,
        way: Way,
        rejected: list[Rejected],
        progress: Callable[[Progress], None],
    ) -> tuple[list[Line], list[Identity]]:
        """Read every line once: when it happened, and by which names it says whom it is about."""
        lines: list[Line] = []
        names: dict[Identity, None] = {}
        for number, offset, text in file.lines():
            try:
                told = decode(text, file.message_id(number))
                if told is None:
                    continue
                if told.occurred_at is None:
                    raise LineRefused(
                        "a line of history needs a timestamp; add one such as 1997-01-12T12:00:00Z"
                    )
            except LineRefused as error:
                rejected.append(Rejected(number, str(error)))
                continue
            lines.append(Line(told.occurred_at, number, offset, len(text)))
            names |= dict.fromkeys(self._names(told, way.match))
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
        for start in range(0, len(names), BATCH):
            some = names[start : start + BATCH]
            with self._parts.write() as connection:
                members.hold(connection, members_of(connection, some), holder)


def described(imported: Imported, until: Instant | None) -> str:
    """Return what an import did, in one line."""
    clock = f", clock at {instant_text(until)}" if until is not None else ""
    return (
        f"{imported.taken} taken in, {imported.known} known already, {imported.later} later, "
        f"{imported.timers} timers fired, {len(imported.rejected)} rejected{clock}"
    )
