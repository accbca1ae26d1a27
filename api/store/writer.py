"""The writer: one thread that gathers what has arrived and commits it together.

An fsync costs the same for one event as for five hundred, so whatever waits
shares one transaction. A future is resolved only after its commit.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar, cast

from sqlalchemy import Connection

from api.clock import Clock
from api.store.database import Database, was_taken_back
from api.store.errors import QueueFull, WriterClosed
from engine.values import MICROSECONDS, Instant

S = TypeVar("S")
R = TypeVar("R")
T = TypeVar("T")

Process = Callable[[Connection, Sequence[S]], Sequence[R | Exception]]
"""Handles submissions in one transaction and gives a result, or a refusal, for each in order.
A submission that is refused must not have written anything. What the function raises undoes all."""

Tick = Callable[[Connection], Instant | None]
"""Does at most some 50 ms of timed work and says when it wants to be called again: at once (an
instant that has passed), later, or, with None, only when somebody calls `wake_at`."""

IDLE_SECONDS: Final = 1.0
"""The longest the tick is left alone: another process may have left it work, or the clock was set."""

_ATTEMPTS: Final = 4
_NEVER: Final[Instant] = 2**63 - 1
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Counters:
    """What a writer has done since it started.

    Attributes:
        batches: Transactions of events that were committed.
        events: Events in them.
        jobs: Jobs that were committed.
        ticks: Ticks that were committed.
        rollbacks: Transactions that were undone, of whichever kind.
    """

    batches: int = 0
    events: int = 0
    jobs: int = 0
    ticks: int = 0
    rollbacks: int = 0


class _Waiting(Generic[S, R]):
    """A submission that waits, and whom to tell."""

    def __init__(self, submission: S, weight: int) -> None:
        self.submission = submission
        self.weight = weight
        self.future: Future[R] = Future()


class _Job:
    """A piece of work for a transaction of its own, and whom to tell."""

    def __init__(self, work: Callable[[Connection], Any]) -> None:
        self.work = work
        self.future: Future[Any] = Future()


class Writer(Generic[S, R]):
    """Owns the thread that writes.

    Attributes:
        counters: What was done; for reading only.
    """

    def __init__(
        self,
        database: Database,
        process: Process[S, R],
        clock: Clock,
        *,
        tick: Tick | None = None,
        max_batch: int = 500,
        max_queued: int = 5_000,
    ) -> None:
        """Make a writer; `start` sets it going.

        Args:
            database: Where to write.
            process: Handles submissions of events.
            clock: Tells when the tick is due.
            tick: Timed work; ingest goes first (ruling 24).
            max_batch: Events in one transaction, unless one submission alone has more.
            max_queued: Events that may wait.
        """
        self.counters = Counters()
        self._database = database
        self._process = process
        self._clock = clock
        self._tick = tick
        self._max_batch = max_batch
        self._max_queued = max_queued
        self._waiting: deque[_Waiting[S, R]] = deque()
        self._jobs: deque[_Job] = deque()
        self._queued = 0
        self._wake: Instant = 0
        self._closing = False
        self._changed = threading.Condition()
        # A daemon, so that a process that fails before `close` can still end: what isn't
        # committed then was never acknowledged.
        self._thread = threading.Thread(target=self._run, name="regulars-writer", daemon=True)

    @property
    def queued(self) -> int:
        """How many events wait."""
        return self._queued

    def start(self) -> None:
        """Start to write."""
        self._thread.start()

    def submit_events(self, submission: S, weight: int) -> Future[R]:
        """Hand in events that stand or fall together.

        Args:
            submission: What `process` gets.
            weight: How many events it holds.

        Returns:
            A future with the result of `process`, once it is durable.

        Raises:
            QueueFull: If too many events wait already. An empty queue takes any weight.
            WriterClosed: If the writer is closing.
        """
        waiting: _Waiting[S, R] = _Waiting(submission, weight)
        with self._changed:
            self._refuse_if_closing()
            if self._queued and self._queued + weight > self._max_queued:
                raise QueueFull(f"{self._queued} events wait to be written; send this again a little later")
            self._waiting.append(waiting)
            self._queued += weight
            self._changed.notify()
        return waiting.future

    def submit_job(self, work: Callable[[Connection], T]) -> Future[T]:
        """Hand in work that gets a transaction of its own.

        Raises:
            WriterClosed: If the writer is closing.
        """
        job = _Job(work)
        with self._changed:
            self._refuse_if_closing()
            self._jobs.append(job)
            self._changed.notify()
        return cast("Future[T]", job.future)

    def wake_at(self, instant: Instant) -> None:
        """Let the tick run at an instant, if it would have slept longer."""
        with self._changed:
            self._wake = min(self._wake, instant)
            self._changed.notify()

    def close(self) -> None:
        """Finish what waits, then stop. Nothing more is taken from now on."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        if self._thread.ident is not None:
            self._thread.join()

    def _refuse_if_closing(self) -> None:
        if self._closing:
            raise WriterClosed("the writer is closing and takes nothing more")

    def _run(self) -> None:
        while self._wait():
            if self._jobs:
                self._run_job(self._jobs.popleft())
            batch = self._gather()
            if batch:
                self._run_batch(batch)
            if self._tick is not None and self._tick_is_due():
                self._run_tick(self._tick)

    def _wait(self) -> bool:
        """Sleep until there is something to do; tell whether to go on at all."""
        with self._changed:
            while not (self._jobs or self._waiting):
                if self._closing:
                    return False
                if self._tick is None:
                    self._changed.wait()
                    continue
                seconds = (self._wake - self._clock.now()) / MICROSECONDS
                if seconds <= 0:
                    break
                if not self._changed.wait(min(seconds, IDLE_SECONDS)):
                    self._wake = 0
            return True

    def _tick_is_due(self) -> bool:
        return not self._closing and self._wake <= self._clock.now()

    def _gather(self) -> list[_Waiting[S, R]]:
        """Take what waits, up to a batch; leave out whoever has given up waiting."""
        batch: list[_Waiting[S, R]] = []
        weight = 0
        with self._changed:
            while self._waiting:
                first = self._waiting[0]
                if batch and weight + first.weight > self._max_batch:
                    break
                self._waiting.popleft()
                self._queued -= first.weight
                if first.future.set_running_or_notify_cancel():
                    batch.append(first)
                    weight += first.weight
        return batch

    def _run_batch(self, batch: list[_Waiting[S, R]]) -> None:
        try:
            results = self._commit_batch(batch)
        except Exception as error:  # noqa: BLE001 - the edge of the thread: it must outlive any failure
            self._run_apart(batch, error)
            return
        self.counters.batches += 1
        self.counters.events += sum(one.weight for one in batch)
        for one, result in zip(batch, results, strict=True):
            if isinstance(result, Exception):
                one.future.set_exception(result)
            else:
                one.future.set_result(result)

    def _run_apart(self, batch: list[_Waiting[S, R]], error: Exception) -> None:
        """Run each submission of a failed batch alone, so that a poisonous one fails alone."""
        if len(batch) == 1:
            batch[0].future.set_exception(error)
            return
        _log.warning("a batch of %d submissions failed; each is tried alone", len(batch), exc_info=error)
        for one in batch:
            self._run_batch([one])

    def _commit_batch(self, batch: list[_Waiting[S, R]]) -> Sequence[R | Exception]:
        submissions = [one.submission for one in batch]

        def handle(connection: Connection) -> Sequence[R | Exception]:
            results = self._process(connection, submissions)
            if len(results) != len(submissions):
                raise RuntimeError(f"{len(submissions)} submissions were given {len(results)} results")
            return results

        return self._commit(handle)

    def _run_job(self, job: _Job) -> None:
        if not job.future.set_running_or_notify_cancel():
            return
        try:
            result = self._commit(job.work)
        except Exception as error:  # noqa: BLE001 - the edge of the thread: whoever waits gets it
            job.future.set_exception(error)
            return
        self.counters.jobs += 1
        job.future.set_result(result)

    def _run_tick(self, tick: Tick) -> None:
        with self._changed:
            self._wake = _NEVER
        try:
            wake = self._commit(tick)
        except Exception:  # noqa: BLE001 - the edge of the thread: it must outlive any failure
            _log.exception("the tick failed; it is tried again in a second")
            self.wake_at(self._clock.now() + MICROSECONDS)
            return
        self.counters.ticks += 1
        if wake is not None:
            self.wake_at(wake)

    def _commit(self, work: Callable[[Connection], T]) -> T:
        """Run work in a transaction of its own; again if the database took it back by itself."""
        attempt = 1
        while True:
            try:
                with self._database.write() as connection:
                    return work(connection)
            except Exception as error:
                self.counters.rollbacks += 1
                if attempt == _ATTEMPTS or not was_taken_back(error):
                    raise
            attempt += 1
