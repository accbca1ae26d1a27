"""The worker of the clock: fires what is ripe, in slices between requests (ruling 24)."""

from time import monotonic

from api.clock import Clock
from api.service.granting import supplier
from api.service.ingest import refresh
from api.service.rulebook import Rulebook
from api.service.unit import Unit
from api.store import members
from api.store.connection import Connection
from api.store.grants import TotalGrants
from engine.values import Instant

SLICE_SECONDS = 0.05
_CHUNK = 20


class Timers:
    """Fires timers as they become ripe."""

    def __init__(self, rulebook: Rulebook, totals: TotalGrants, clock: Clock) -> None:
        """Make the use case of its parts."""
        self._rulebook = rulebook
        self._totals = totals
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
            if not self._renew(connection):
                break
        else:
            return now
        while monotonic() < end:
            keys = members.due(connection, now, _CHUNK)
            if not keys:
                return members.next_wake(connection)
            self.fire(connection, keys, now)
        return now

    def _renew(self, connection: Connection) -> bool:
        """Derive the next due instants of some members again; tell whether there were any."""
        keys = members.outdated(connection, self._rulebook.newest, _CHUNK)
        if not keys:
            return False
        unit = self._unit(connection)
        unit.load(keys)
        unit.renew()
        return True

    def fire(self, connection: Connection, keys: list[str], now: Instant) -> int:
        """Fire what is ripe for some members; return how many entries that gave."""
        unit = self._unit(connection)
        unit.load(keys)
        fired = sum(
            unit.catch_up(key, now, recorded_at=now, mode="live", inclusive=True)
            for key in keys
            if unit.held_by.get(key) is None
        )
        unit.flush()
        unit.renew()
        return fired

    def _unit(self, connection: Connection) -> Unit:
        return Unit(connection, self._rulebook, self._rulebook.network(), supplier(connection, self._totals))
