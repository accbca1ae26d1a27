"""Replays that people ask for: one runs at a time, in the background, and its report is kept."""

import threading
import uuid
from collections.abc import Callable
from typing import Any

import msgspec
import structlog

from api.clock import Clock
from api.service.replaying import Report, replay_log
from api.store import replays
from api.store.connection import Connection
from api.store.replays import StoredReplay
from engine.values import instant_text

_log = structlog.get_logger(__name__)
Run = Callable[[Callable[[Connection], Any]], Any]


class Replays:
    """Runs replays and remembers what they found."""

    def __init__(self, read: Callable[[], Any], run: Run, clock: Clock) -> None:
        """Make the use case of its parts.

        Args:
            read: Opens a read transaction.
            run: Runs work in a write transaction.
            clock: Our clock.
        """
        self._read = read
        self._run = run
        self._clock = clock
        self._one_at_a_time = threading.Lock()

    def start(self, member: str | None, *, by: str) -> dict[str, Any]:
        """Begin a replay of one member or of all, and return it."""
        replay_id = uuid.uuid4().hex
        at = self._clock.now()
        self._run(lambda connection: replays.begin(connection, replay_id, at=at, by=by))
        threading.Thread(target=self._work, args=(replay_id, member), name="replay", daemon=True).start()
        found = self.get(replay_id)
        if found is None:
            raise RuntimeError("a replay vanished as it began")
        return found

    def get(self, replay: str) -> dict[str, Any] | None:
        """Return a replay as JSON data, or None."""
        with self._read() as connection:
            stored = replays.read(connection, replay)
        return None if stored is None else plain(stored)

    def newest(self, limit: int) -> list[dict[str, Any]]:
        """Return the replays that were asked for last, newest first."""
        with self._read() as connection:
            return [plain(one) for one in replays.newest(connection, limit)]

    def _work(self, replay_id: str, member: str | None) -> None:
        with self._one_at_a_time:
            status, report = "done", Report()
            try:
                with self._read() as connection:
                    report = replay_log(connection, member=member)
            except Exception:  # noqa: BLE001  the edge of the thread: the failure is logged and shown
                _log.exception("replay_failed", replay=replay_id)
                status = "failed"
            body = msgspec.json.encode(report)
            at = self._clock.now()
            self._run(
                lambda connection: replays.finish(connection, replay_id, status=status, report=body, at=at)
            )


def plain(stored: StoredReplay) -> dict[str, Any]:
    """Return a replay as JSON data."""
    report = msgspec.json.decode(stored.report, type=Report) if stored.report else Report()
    return {
        "id": stored.id,
        "status": stored.status,
        "by": stored.by,
        "started_at": instant_text(stored.started_at),
        "finished_at": instant_text(stored.finished_at) if stored.finished_at is not None else None,
        "checked": report.checked,
        "members": report.members,
        "divergences": [msgspec.to_builtins(one) for one in report.divergences],
        "more": report.more,
        "digest": report.digest,
    }
