"""Whether the log is still what was sealed, asked by an auditor in the studio: one check at a time."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Final, Literal

import msgspec
import structlog

from api.clock import Clock
from api.service.proof.integrity import Report, check
from api.store.connection import Connection
from engine.values import Instant, instant_text

Json = dict[str, Any]
Status = Literal["none", "running", "done", "failed"]
_log = structlog.get_logger(__name__)
SHOWN: Final = 100
"""How many wrong rows are told of; the command line names a thousand."""


class Verification:
    """Checks the log in a thread of its own, and keeps what the last check of this process found."""

    def __init__(
        self, read_in: Callable[[], AbstractContextManager[Connection]], public: bytes, clock: Clock
    ) -> None:
        """Make the use case.

        Args:
            read_in: Opens a read transaction.
            public: The key that checkpoints are signed with: 32 bytes.
            clock: Our clock.
        """
        self._read = read_in
        self._public = public
        self._clock = clock
        self._lock = threading.Lock()
        self._status: Status = "none"
        self._started_at: Instant = 0
        self._checked = 0
        self._report = Report()

    def start(self) -> Json:
        """Begin a check, unless one is running, and return where it stands."""
        with self._lock:
            if self._status != "running":
                self._status, self._started_at, self._checked = "running", self._clock.now(), 0
                threading.Thread(target=self._work, name="verify", daemon=True).start()
        return self.standing()

    def standing(self) -> Json:
        """Return where the last check stands, and what it found once it is done."""
        status = self._status
        said: Json = msgspec.to_builtins(self._report) if status == "done" else {}
        return {
            "status": status,
            "started_at": None if status == "none" else instant_text(self._started_at),
            "checked": self._checked,
            "report": {**said, "wrong": said["wrong"][:SHOWN]} if said else None,
        }

    def _work(self) -> None:
        try:
            with self._read() as connection:
                self._report = check(connection, self._public, progress=self._came_to)
            self._checked = self._report.entries
            self._status = "done"
        except Exception:  # noqa: BLE001  the edge of the thread: the failure is logged and shown
            _log.exception("verification_failed")
            self._status = "failed"

    def _came_to(self, entries: int) -> None:
        self._checked = entries
