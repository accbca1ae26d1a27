"""A clock that stands still until a test moves it."""

from engine.values import MICROSECONDS, Instant


class FixedClock:
    """Tells the instant it was set to.

    Attributes:
        instant: That instant: microseconds since the epoch.
    """

    def __init__(self, instant: Instant = 1_800_000_000 * MICROSECONDS) -> None:
        self.instant = instant

    def now(self) -> Instant:
        """Return the instant."""
        return self.instant

    def advance(self, seconds: int) -> None:
        """Let time pass."""
        self.instant += seconds * MICROSECONDS
