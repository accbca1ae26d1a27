"""Signs of life of work that runs in the background, so that what nobody works on any more is told apart.

Whoever runs it says every few seconds that it does. Where nothing was heard for the length of the lease, the
process is gone: whichever process of ours is asked about the work then says that it was interrupted.
"""

import threading
from collections.abc import Callable
from types import TracebackType
from typing import Final

import structlog

from engine.values import MICROSECONDS, Instant

_log = structlog.get_logger(__name__)
BEAT_SECONDS: Final = 10.0
LEASE: Final[Instant] = 90 * MICROSECONDS
"""How long nothing may be heard of work that runs."""


class Heartbeat:
    """Tells from a thread of its own that work goes on, until the block is left."""

    def __init__(self, tell: Callable[[], object]) -> None:
        """Make it of what says so."""
        self._tell = tell
        self._over = threading.Event()

    def __enter__(self) -> None:
        """Begin."""
        threading.Thread(target=self._beat, name="heartbeat", daemon=True).start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Be silent from now on."""
        self._over.set()

    def _beat(self) -> None:
        while not self._over.wait(BEAT_SECONDS):
            try:
                self._tell()
            except Exception:  # noqa: BLE001  a beat that is missed is no reason to stop the work
                _log.warning("heartbeat_missed", exc_info=True)
