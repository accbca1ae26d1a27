"""What time it is, asked in one place.

Nothing else in the project reads the system's clock to decide anything, so a
test can stand at any instant it likes.
"""

import time
from typing import Protocol

from engine.values import Instant

_NANOSECONDS = 1_000


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> Instant:
        """Return the present instant: microseconds since 1970-01-01T00:00:00Z."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> Instant:
        """Return the present instant; it may step back when the machine's clock is set."""
        return time.time_ns() // _NANOSECONDS
