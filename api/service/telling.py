"""What one member's decision tells another: decided in the other's own log, in a transaction of its own.

The decision that tells and the one that is told share no transaction, so no two
members' locks are held at once. What is told stands in a table in between, and
leaves it in the very transaction that puts it into the log: it is decided exactly
once, also after a crash.
"""

from collections.abc import Sequence
from typing import Final

import structlog

from api.clock import Clock
from api.service.granting import Sources, Supply
from api.service.ingest import refresh
from api.service.metrics import POSTPONED
from api.service.rulebook import Rulebook
from api.service.timers import Timers
from api.service.unit import MAX_TIMERS, Unit
from api.store import merging, tellings
from api.store.connection import Connection
from api.store.database import was_taken_back
from api.store.tellings import Telling
from engine import canonical
from engine.events import TOLD_BY_MEMBER, Event
from engine.state import MemberState
from engine.values import MICROSECONDS, Instant

_BATCH: Final = 50
_PUT_OFF: Final[Instant] = 300 * MICROSECONDS
_log = structlog.get_logger(__name__)


class Tellings:
    """Takes in what members' decisions tell other members."""

    def __init__(self, rulebook: Rulebook, sources: Sources, clock: Clock) -> None:
        """Make the use case of its parts."""
        self._rulebook = rulebook
        self._sources = sources
        self._clock = clock

    def work(self, connection: Connection) -> int:
        """Decide some of what waits, in this transaction; return how many were dealt with."""
        now = self._clock.now()
        waiting = tellings.due(connection, now, _BATCH)
        if waiting:
            refresh(connection, self._rulebook)
            self._each(connection, waiting, now)
        return len(waiting)

    def _each(self, connection: Connection, waiting: Sequence[Telling], now: Instant) -> None:
        """Take some in together; if it fails, one by one, and put off what can't be decided."""
        try:
            with connection.begin_nested():
                self._take(connection, waiting, now)
        except Exception as error:
            if was_taken_back(error):
                raise
            if len(waiting) > 1:
                for one in waiting:
                    self._each(connection, [one], now)
                return
            _log.exception("telling_postponed", telling=waiting[0].id, member=waiting[0].member)
            POSTPONED.inc()
            tellings.postpone(connection, [waiting[0].id], now + _PUT_OFF)

    def _take(self, connection: Connection, waiting: Sequence[Telling], now: Instant) -> None:
        unit = Unit(connection, self._rulebook, self._rulebook.network(), Supply(connection, self._sources))
        # Whom a decision told may have become a part of somebody since.
        homes = merging.homes(connection, [one.member for one in waiting])
        waiting = [one._replace(member=homes[one.member]) for one in waiting]
        unit.load(one.member for one in waiting)
        done: list[str] = []
        later: list[str] = []
        for one in waiting:
            if unit.states[one.member].erased_at is not None:
                done.append(one.id)  # there is nobody to tell
                continue
            ready = unit.held_by[one.member] is None and self._caught_up(unit, one, now)
            (done if ready else later).append(one.id)
            if ready:
                unit.take(_event(one, unit.states[one.member], now), canonical.digest(one.properties))
        tellings.done(connection, done)
        if later:
            tellings.postpone(connection, later, now + MICROSECONDS)
        unit.flush()

    @staticmethod
    def _caught_up(unit: Unit, one: Telling, now: Instant) -> bool:
        """Fire what is ripe for the member before it is told; return whether that was all of it."""
        as_of = max(_as_of(one, now), unit.states[one.member].as_of)
        fired = unit.catch_up(one.member, as_of, recorded_at=now, mode=one.mode, inclusive=False)
        return fired < MAX_TIMERS


class Ticking:
    """What the writer does between requests: timers, and what members tell each other, taking turns."""

    def __init__(self, timers: Timers, tellings: Tellings, clock: Clock) -> None:
        """Make it of its parts."""
        self._timers = timers
        self._tellings = tellings
        self._clock = clock
        self._timers_next = False

    def tick(self, connection: Connection) -> Instant | None:
        """Do one slice of work; return when there is more, or None if nothing is pending.

        A slice of the one kind is followed by a slice of the other, so that neither starves.
        """
        if not self._timers_next and self._tellings.work(connection):
            self._timers_next = True
            return self._clock.now()
        wake = self._timers.tick(connection)
        now = self._clock.now() if self._timers_next else wake
        self._timers_next = False
        return now


def _event(one: Telling, state: MemberState, now: Instant) -> Event:
    return Event(
        source=TOLD_BY_MEMBER,
        message_id=one.id,
        kind="track",
        name=one.event,
        member=one.member,
        occurred_at=one.occurred_at,
        recorded_at=now,
        as_of=max(_as_of(one, now), state.as_of),
        mode=one.mode,
        properties=dict(one.properties),
        member_sequence=state.sequence + 1,
    )


def _as_of(one: Telling, now: Instant) -> Instant:
    """Return when it is decided: now; or, told by history, when it was told."""
    return now if one.mode == "live" else one.occurred_at
