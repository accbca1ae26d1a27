"""The worker of the clock: fires what is ripe, in slices between requests (ruling 24)."""

from collections.abc import Callable
from functools import partial
from time import monotonic

import structlog

from api.clock import Clock
from api.service.granting import Sources, Supply
from api.service.ingest import refresh
from api.service.metrics import POSTPONED
from api.service.pace import Pace, Stopwatch
from api.service.rulebook import Rulebook
from api.service.unit import Unit
from api.store import members
from api.store.connection import Connection
from api.store.database import was_taken_back
from engine.values import MICROSECONDS, Instant

SLICE_SECONDS = 0.045
"""How long a slice of work takes with its commit, so that it is over within 50 ms."""

LEAST_SECONDS = 0.01
"""How long it works in any case, however long a commit takes: each slice has one."""

_PUT_OFF: Instant = 300 * MICROSECONDS
_log = structlog.get_logger(__name__)
Keys = list[str]
Work = Callable[[Connection, Keys, Instant, float], int]
"""Does some members' work until an end, and returns for how many of them it did: at least one."""


class Timers:
    """Fires timers as they become ripe."""

    def __init__(
        self,
        rulebook: Rulebook,
        sources: Sources,
        clock: Clock,
        stopwatch: Stopwatch = monotonic,
        *,
        commit_takes: Callable[[], float] = lambda: 0.0,
    ) -> None:
        """Make the use case of its parts.

        Args:
            rulebook: The rules.
            sources: What only the host can give.
            clock: Our clock.
            stopwatch: Measures how long work takes.
            commit_takes: Returns how many seconds a commit takes these days.
        """
        self._commit_takes = commit_takes
        self._rulebook = rulebook
        self._sources = sources
        self._clock = clock
        self._stopwatch = stopwatch
        self._renewing = Pace(stopwatch)
        self._firing = Pace(stopwatch)

    def tick(self, connection: Connection) -> Instant | None:
        """Do one slice of work; return when there is more, or None if nothing is pending.

        Members whose next due instant was derived under an older rule set are
        brought up to date first, some at a time (ruling 8).
        """
        refresh(connection, self._rulebook)
        now = self._clock.now()
        end = self._stopwatch() + max(LEAST_SECONDS, SLICE_SECONDS - self._commit_takes())
        old = partial(members.outdated, connection, self._rulebook.newest)
        due = partial(members.due, connection, now)
        renewed = self._through(connection, old, self._renewing, self._renew, now, end)
        if not renewed or not self._through(connection, due, self._firing, self._fire, now, end):
            return now
        return members.next_wake(connection)

    def _through(
        self,
        connection: Connection,
        find: Callable[[int], Keys],
        pace: Pace,
        work: Work,
        now: Instant,
        end: float,
    ) -> bool:
        """Do one kind of work, at least for one member, until the time is up; return whether none is left."""
        count = max(1, pace.begin(end))
        while count:
            keys = find(count)
            if not keys:
                return True
            pace.done(self._each(connection, keys, now, end, work))
            count = pace.begin(end)
        return False

    def _each(self, connection: Connection, keys: Keys, now: Instant, end: float, work: Work) -> int:
        """Do some members' work together; if it fails, one by one, and put off whoever it fails for.

        One member whose timers can't be decided, for whatever reason, must not
        keep everybody else's from firing.

        Returns:
            How many of them are dealt with.
        """
        try:
            with connection.begin_nested():
                return work(connection, keys, now, end)
        except Exception as error:
            if was_taken_back(error):
                raise
            if len(keys) > 1:
                return sum(self._each(connection, [key], now, end, work) for key in keys)
            _log.exception("timers_postponed", member=keys[0])
            POSTPONED.inc()
            members.postpone(connection, keys[0], now + _PUT_OFF, self._rulebook.newest)
            return 1

    def _renew(self, connection: Connection, keys: Keys, _now: Instant, end: float) -> int:
        """Derive the next due instants of some members again."""
        unit = self._unit(connection)
        unit.load(keys, enough=lambda: self._stopwatch() >= end)
        unit.renew(unit.states)
        return len(unit.states)

    def _fire(self, connection: Connection, keys: Keys, now: Instant, end: float) -> int:
        """Fire what is ripe for some members."""
        unit = self._unit(connection)
        unit.load(keys)
        done: list[str] = []
        for key in keys:
            if unit.held_by.get(key) is None:
                unit.catch_up(key, now, recorded_at=now, mode="live", inclusive=True)
            done.append(key)
            if self._stopwatch() >= end:
                break
        unit.flush()
        unit.renew(done)
        return len(done)

    def _unit(self, connection: Connection) -> Unit:
        return Unit(connection, self._rulebook, self._rulebook.network(), Supply(connection, self._sources))
