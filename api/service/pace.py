"""How much work fits into a slice of time, by what the work has cost so far (ruling 24)."""

from collections.abc import Callable
from typing import Final

Stopwatch = Callable[[], float]
"""Returns seconds from any beginning; it never goes back."""

FIRST: Final = 16
"""How many are taken while it isn't known what one costs."""

MOST: Final = 500
"""How many are taken together at most."""

_LITTLE: Final = 8
"""What part of what was done lately is the least that is worth beginning."""

_GROWTH: Final = 2
"""How many times as dear, or as many, as lately is believed: a machine may have been busy elsewhere."""


class Pace:
    """Knows what one piece of work costs, and so how many can be begun in the time that is left."""

    def __init__(self, stopwatch: Stopwatch, most: int = MOST) -> None:
        """Begin without knowing what anything costs.

        Args:
            stopwatch: Measures how long work takes.
            most: How many are taken together at most.
        """
        self._stopwatch = stopwatch
        self._most = most
        self._cost = 0.0
        self._took = FIRST
        self._begun_at = 0.0

    def begin(self, end: float) -> int:
        """Return how many pieces to do now, at most twice as many as lately.

        0 means that what would fit isn't worth beginning.

        Args:
            end: When the slice ends, by the stopwatch.
        """
        self._begun_at = self._stopwatch()
        left = end - self._begun_at
        if left <= 0:
            return 0
        if self._cost <= 0:
            return FIRST
        room = int(left / self._cost)
        return min(self._most, _GROWTH * self._took, room) if room >= self._took // _LITTLE else 0

    def done(self, count: int) -> None:
        """Take note that so many pieces have been done since `begin`; more than none."""
        cost = (self._stopwatch() - self._begun_at) / count
        if not self._cost:
            self._cost = cost
        elif cost > self._cost:
            self._cost = min(cost, _GROWTH * self._cost)
        else:
            self._cost = (self._cost + cost) / 2
        self._took = max(FIRST, count, self._took // _GROWTH)
