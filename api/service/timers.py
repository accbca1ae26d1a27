"""The worker of the clock: fires what is ripe, in slices between requests (ruling 24)."""

from collections.abc import Callable
from time import monotonic

import structlog

from api.clock import Clock
from api.service.granting import Sources, Supply
from api.service.ingest import refresh
from api.service.metrics import POSTPONED
from api.service.rulebook import Rulebook
from api.service.unit import Unit
from api.store import members
from api.store.connection import Connection
from api.store.database import was_taken_back
from engine.values import MICROSECONDS, Instant

SLICE_SECONDS = 0.05
_CHUNK = 20
_PUT_OFF: Instant = 300 * MICROSECONDS
_log = structlog.get_logger(__name__)
Work = Callable[[Connection, list[str], Instant], None]


class Timers:
    """Fires timers as they become ripe."""

    def __init__(self, rulebook: Rulebook, sources: Sources, clock: Clock) -> None:
        """Make the use case of its parts."""
        self._rulebook = rulebook
        self._sources = sources
        self._clock = clock

    def tick(self, connection: Connection) -> Instant | None:
        """Do one slice of work; return when there is more, or None if nothing is pending.

        Members whose next due instant was derived under an older rule set are
        brought up to date first, some at a time (ruling 8).
        """
        refresh(connection, self._rulebook)
        now = self._clock.now()
        end = monotonic() + SLICE_SECONDS
        while monotonic() < end:
            keys = members.outdated(connection, self._rulebook.newest, _CHUNK)
            if not keys:
                break
            self._each(connection, keys, now, self._renew)
        else:
            return now
        while monotonic() < end:
            keys = members.due(connection, now, _CHUNK)
            if not keys:
                return members.next_wake(connection)
            self._each(connection, keys, now, self._fire)
        return now

    def _each(self, connection: Connection, keys: list[str], now: Instant, work: Work) -> None:
        """Do some members' work together; if it fails, one by one, and put off whoever it fails for.

        One member whose timers can't be decided, for whatever reason, must not
        keep everybody else's from firing.
        """
        try:
            with connection.begin_nested():
                work(connection, keys, now)
        except Exception as error:
            if was_taken_back(error):
                raise
            if len(keys) > 1:
                for key in keys:
                    self._each(connection, [key], now, work)
                return
            _log.exception("timers_postponed", member=keys[0])
            POSTPONED.inc()
            members.postpone(connection, keys[0], now + _PUT_OFF, self._rulebook.newest)

    def _renew(self, connection: Connection, keys: list[str], _now: Instant) -> None:
        """Derive the next due instants of some members again."""
        unit = self._unit(connection)
        unit.load(keys)
        unit.renew()

    def _fire(self, connection: Connection, keys: list[str], now: Instant) -> None:
        """Fire what is ripe for some members."""
        unit = self._unit(connection)
        unit.load(keys)
        for key in keys:
            if unit.held_by.get(key) is None:
                unit.catch_up(key, now, recorded_at=now, mode="live", inclusive=True)
        unit.flush()
        unit.renew()

    def _unit(self, connection: Connection) -> Unit:
        return Unit(connection, self._rulebook, self._rulebook.network(), Supply(connection, self._sources))
