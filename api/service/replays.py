"""Replays that people ask for: one runs at a time, in the background, and its report is kept."""

import threading
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from time import monotonic
from typing import Any, Final

import msgspec
import structlog

from api.clock import Clock
from api.service.heartbeat import LEASE, Heartbeat
from api.service.refusal import Refusal
from api.service.replay_report import Asked, Progress, Report
from api.service.replaying import replay_log
from api.service.replaying_apart import processes_worth, replay_apart
from api.store import replays, stretches
from api.store.connection import Connection
from api.store.errors import WriterClosed
from api.store.people import AuditEntry, note
from api.store.replays import StoredReplay
from engine.values import instant_text

_log = structlog.get_logger(__name__)
Run = Callable[[Callable[[Connection], Any]], Any]
_NOTE_SECONDS: Final = 1.0


class Replays:
    """Runs replays and remembers what they found."""

    def __init__(self, url: str, read: Callable[[], Any], run: Run, clock: Clock) -> None:
        """Make the use case of its parts.

        Args:
            url: The database, for the processes that share a long replay.
            read: Opens a read transaction.
            run: Runs work in a write transaction.
            clock: Our clock.
        """
        self._url = url
        self._read = read
        self._run = run
        self._clock = clock
        self._one_at_a_time = threading.Lock()

    def start(self, asked: Asked, *, by: str) -> dict[str, Any]:
        """Begin a replay, and return it."""
        replay_id = uuid.uuid4().hex
        at = self._clock.now()
        body = msgspec.json.encode(Report(asked=asked))
        new = msgspec.to_builtins(asked)

        def begin(connection: Connection) -> None:
            replays.begin(connection, replay_id, report=body, at=at, by=by)
            note(connection, AuditEntry(at, by, "replay-started", f"replays/{replay_id}", new=new))

        self._run(begin)
        threading.Thread(target=self._work, args=(replay_id, asked), name="replay", daemon=True).start()
        found = self.get(replay_id)
        if found is None:
            raise RuntimeError("a replay vanished as it began")
        return found

    def cancel(self, replay: str, *, by: str) -> dict[str, Any] | None:
        """Ask a replay to end before it is through, and return it; None if there is no such replay.

        Raises:
            Refusal: `wrong-status` if it doesn't run any more.
        """
        was, new = {"status": "running"}, {"status": "cancelled"}
        entry = AuditEntry(self._clock.now(), by, "replay-cancelled", f"replays/{replay}", old=was, new=new)

        def cancel(connection: Connection) -> bool:
            running = replays.cancel(connection, replay)
            if running:
                note(connection, entry)
            return running

        asked = self._run(cancel)
        found = self.get(replay)
        if found is not None and not asked and found["status"] != "cancelling":
            raise Refusal("wrong-status", "The replay has ended already.")
        return found

    def get(self, replay: str) -> dict[str, Any] | None:
        """Return a replay as JSON data, or None."""
        stored = self._stored(replay)
        if stored is not None and self._interrupted([stored]):
            stored = self._stored(replay)
        return None if stored is None else plain(stored)

    def newest(self, limit: int) -> list[dict[str, Any]]:
        """Return the replays that were asked for last, newest first."""
        found = self._newest(limit)
        if self._interrupted(found):
            found = self._newest(limit)
        return [plain(one) for one in found]

    def _stored(self, replay: str) -> StoredReplay | None:
        with self._read() as connection:
            return replays.read(connection, replay)

    def _newest(self, limit: int) -> list[StoredReplay]:
        with self._read() as connection:
            return replays.newest(connection, limit)

    def _interrupted(self, found: Sequence[StoredReplay]) -> bool:
        """End those that nobody works on any more; return whether there were any."""
        now = self._clock.now()
        runs = ("running", "cancelling")
        lost = [one.id for one in found if one.status in runs and one.beat_at < now - LEASE]
        if lost:
            self._run(lambda connection: replays.interrupt(connection, lost, before=now - LEASE, at=now))
        return bool(lost)

    def _beat(self, replay: str) -> None:
        at = self._clock.now()
        self._run(lambda connection: replays.beat(connection, replay, at))

    def _work(self, replay_id: str, asked: Asked) -> None:
        with Heartbeat(lambda: self._beat(replay_id)), self._one_at_a_time:
            watched = _Watched(replay_id, asked, self._run)
            status = "done"
            try:
                if watched.noted():
                    watched.report = self._replay(asked, watched.goes_on)
            except Exception:  # noqa: BLE001  the edge of the thread: the failure is logged and shown
                _log.exception("replay_failed", replay=replay_id)
                status = "failed"
            if watched.ended:
                status = "cancelled"
            body = msgspec.json.encode(watched.report)
            at = self._clock.now()
            with suppress(WriterClosed):  # the server stops: whoever asks next is told of an interruption
                self._run(
                    lambda connection: replays.finish(
                        connection, replay_id, status=status, report=body, at=at
                    )
                )

    def _replay(self, asked: Asked, progress: Progress) -> Report:
        """Decide again, over all cores where there is much to do, after whatever else they have to do."""
        with self._read() as connection:
            processes = processes_worth(stretches.count(connection, asked.span, asked.member))
            if processes == 1 or asked.member is not None:
                return replay_log(connection, asked, progress=progress)
        return replay_apart(self._url, asked, processes=processes, gently=True, progress=progress)


class _Watched:
    """A replay that runs: what it has found is noted every second, and with that it hears when to end.

    Attributes:
        report: What it has found.
        ended: Whether somebody has cancelled it.
    """

    def __init__(self, replay_id: str, asked: Asked, run: Run) -> None:
        self.report = Report(asked=asked, complete=False)
        self.ended = False
        self._id = replay_id
        self._run = run
        self._noted_at = 0.0

    def goes_on(self, report: Report) -> bool:
        """Take in what was found so far; return whether to go on."""
        self.report = report
        return monotonic() - self._noted_at < _NOTE_SECONDS or self.noted()

    def noted(self) -> bool:
        """Note what was found so far; return whether to go on."""
        self._noted_at = monotonic()
        body = msgspec.json.encode(self.report)
        self.ended = not self._run(lambda connection: replays.note(connection, self._id, body))
        return not self.ended


def plain(stored: StoredReplay) -> dict[str, Any]:
    """Return a replay as JSON data; the digest is there once all was looked at."""
    report = msgspec.json.decode(stored.report, type=Report) if stored.report else Report()
    said = report.plain()
    if stored.status != "done" or not report.complete:
        said["digest"] = None
    return {
        "id": stored.id,
        "status": stored.status,
        "by": stored.by,
        "started_at": instant_text(stored.started_at),
        "finished_at": instant_text(stored.finished_at) if stored.finished_at is not None else None,
        **said,
    }
