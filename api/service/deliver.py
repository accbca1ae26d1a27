"""Delivery: the outbox is emptied outside of every transaction, at least once, with one stable id."""

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from random import SystemRandom
from typing import Final, NamedTuple

import structlog

from api.channels.outgoing import Channel, Undelivered
from api.channels.webhook import Webhooks
from api.clock import Clock
from api.crypto import CryptoError
from api.service.composing import Composer
from api.service.metrics import DELIVERIES
from api.service.running import Run
from api.store import outbox
from api.store.connection import Connection
from api.store.database import Database
from api.store.outbox import Attempt, Outgoing, Status
from engine.values import MICROSECONDS, Instant

DELAYS: Final = (10, 30, 60, 180, 600, 1_800, 3_600, 7_200, 14_400, 28_800, 57_600, 86_400)
"""Seconds from one attempt to the next, give or take a fifth; after the last one it is dead."""

_BATCH: Final = 32
_WORKERS: Final = 8
_CLAIM: Final[Instant] = 300 * MICROSECONDS
_JITTER: Final = 0.2
_log = structlog.get_logger("deliver")


class _Result(NamedTuple):
    attempt: Attempt
    status: Status
    next_attempt_at: Instant


class Delivery:
    """Sends what stands in the outbox."""

    def __init__(
        self,
        database: Database,
        run: Run,
        composer: Composer,
        clock: Clock,
        *,
        channels: Mapping[str, Channel],
        webhooks: Webhooks,
    ) -> None:
        """Make the use case of its parts.

        Args:
            database: Where the outbox is read.
            run: Runs work in a write transaction and returns its result.
            composer: Makes what is sent.
            clock: Our clock.
            channels: Way out by channel; `console` serves those that aren't named.
            webhooks: Posts webhooks.
        """
        self._database = database
        self._run = run
        self._composer = composer
        self._clock = clock
        self._channels = channels
        self._webhooks = webhooks
        self._chance = SystemRandom()

    def work(self) -> int:
        """Deliver what is due; return how many attempts were made."""
        now = self._clock.now()
        due = self._run(lambda connection: outbox.claim(connection, now, now + _CLAIM, _BATCH))
        if not due:
            return 0
        with ThreadPoolExecutor(max_workers=min(_WORKERS, len(due)), thread_name_prefix="deliver") as pool:
            results = list(pool.map(self._attempt, due))
        self._run(lambda connection: _record(connection, results))
        return len(due)

    def _attempt(self, one: Outgoing) -> _Result:
        """Try to deliver one thing; never raises, so that one can't stop the others."""
        try:
            self._send(one)
        except Undelivered as error:
            return self._failed(one, error.reason, final=error.final)
        except CryptoError:
            return self._failed(one, "what is needed to send it can't be decrypted", final=True)
        except Exception:  # noqa: BLE001  the edge of a worker: it is logged, kept, and tried again
            _log.exception("delivery_failed", message=one.id)
            return self._failed(one, "something went wrong on our side; see the log", final=False)
        DELIVERIES.labels(one.channel, "delivered").inc()
        return _Result(
            Attempt(one.id, self._clock.now(), ok=True, detail="accepted"), "delivered", one.next_attempt_at
        )

    def _send(self, one: Outgoing) -> None:
        if one.kind == "webhook":
            with self._database.read() as connection:
                post = self._composer.post(connection, one)
            self._webhooks.post(post, self._clock.now())
            return
        gateway = self._composer.gateway(one.channel)
        if gateway is not None:
            with self._database.read() as connection:
                handed = self._composer.handed_over(connection, one, gateway)
            self._webhooks.post(handed, self._clock.now())
            return
        with self._database.read() as connection:
            message = self._composer.message(connection, one)
        self._channels.get(one.channel, self._channels["console"]).send(message)

    def _failed(self, one: Outgoing, reason: str, *, final: bool) -> _Result:
        now = self._clock.now()
        dead = final or one.attempts > len(DELAYS)
        DELIVERIES.labels(one.channel, "dead" if dead else "failed").inc()
        attempt = Attempt(one.id, now, ok=False, detail=reason)
        if dead:
            return _Result(attempt, "dead", one.next_attempt_at)
        seconds = DELAYS[one.attempts - 1] * self._chance.uniform(1 - _JITTER, 1 + _JITTER)
        return _Result(attempt, "pending", now + int(seconds * MICROSECONDS))


class DeliveryWorker:
    """The thread that delivers."""

    def __init__(self, works: Sequence[Callable[[], int]], every: float) -> None:
        """Make the worker; `start` sets it going.

        Args:
            works: What it does, in turn; each returns how much it did.
            every: Seconds between two looks when there was nothing to do.
        """
        self._works = works
        self._every = every
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="regulars-deliver", daemon=True)

    def start(self) -> None:
        """Begin to deliver."""
        self._thread.start()

    def close(self) -> None:
        """Finish what is being delivered, then stop."""
        self._closing.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _loop(self) -> None:
        while not self._closing.is_set():
            try:
                made = sum(work() for work in self._works)
            except Exception:  # noqa: BLE001  the edge of the thread: it must outlive any failure
                _log.exception("outbox_failed")
                made = 0
            if made == 0:
                self._closing.wait(self._every)


def _record(connection: Connection, results: list[_Result]) -> None:
    # In one order for everybody: so a merge, which moves messages, can't wait for us while we wait for it.
    for one in sorted(results, key=lambda each: each.attempt.message):
        outbox.record(connection, one.attempt, status=one.status, next_attempt_at=one.next_attempt_at)
