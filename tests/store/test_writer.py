"""Group commit: many submissions, one transaction, no acknowledgement before it is durable."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from queue import SimpleQueue

import psycopg
import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from api.store import members
from api.store.database import Database
from api.store.errors import QueueFull, WriterClosed
from api.store.writer import Tick, Writer
from tests.store.samples import saved
from tests.support.clock import FixedClock

SECONDS = 10


class Refused(Exception):
    """What `Members` answers to a submission it doesn't want."""


class Members:
    """Writes a member for each submission: the key is the submission.

    Attributes:
        batches: The submissions of each call.
        gate: Calls wait until it is set.
        entered: Set once a call has begun.
    """

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.gate = threading.Event()
        self.gate.set()
        self.entered = threading.Event()

    def __call__(self, connection: Connection, submissions: Sequence[str]) -> Sequence[str | Exception]:
        self.batches.append(list(submissions))
        wanted = [saved(key) for key in submissions if not key.startswith("refused")]
        members.save(connection, wanted)
        self.entered.set()
        assert self.gate.wait(SECONDS)
        if "poison" in submissions:
            raise ValueError("poison")
        return [Refused(key) if key.startswith("refused") else key.upper() for key in submissions]


@pytest.fixture
def process() -> Members:
    return Members()


@pytest.fixture
def writer(database: Database, process: Members, clock: FixedClock) -> Iterator[Writer[str, str]]:
    made: Writer[str, str] = Writer(database, process, clock, max_batch=5, max_queued=20)
    made.start()
    yield made
    process.gate.set()
    made.close()


def held_up(writer: Writer[str, str], process: Members) -> Future[str]:
    """Occupy the writer with one submission, so that what follows has to wait."""
    process.gate.clear()
    first = writer.submit_events("first", 1)
    assert process.entered.wait(SECONDS)
    return first


def visible(database: Database) -> list[str]:
    with database.read() as connection:
        return list(connection.execute(text("SELECT key FROM member ORDER BY key")).scalars())


class TestCommit:
    def test_it_is_acknowledged_only_when_committed(
        self, database: Database, writer: Writer[str, str], process: Members
    ) -> None:
        """At the moment a future is done, another connection already sees the row."""
        seen: SimpleQueue[list[str]] = SimpleQueue()
        process.gate.clear()
        future = writer.submit_events("m1", 1)
        future.add_done_callback(lambda _: seen.put(visible(database)))
        assert process.entered.wait(SECONDS)

        assert not future.done()
        assert [] == visible(database)

        process.gate.set()
        assert "M1" == future.result(SECONDS)
        assert ["m1"] == seen.get(timeout=SECONDS)

    def test_what_waits_shares_a_transaction(self, writer: Writer[str, str], process: Members) -> None:
        first = held_up(writer, process)
        futures = [writer.submit_events(f"m{number}", 1) for number in range(5)]
        process.gate.set()

        assert ["M0", "M1", "M2", "M3", "M4"] == [future.result(SECONDS) for future in futures]
        assert "FIRST" == first.result(SECONDS)
        assert [["first"], ["m0", "m1", "m2", "m3", "m4"]] == process.batches
        assert (2, 6, 0) == (writer.counters.batches, writer.counters.events, writer.counters.rollbacks)

    def test_a_batch_has_so_many_events_at_most(self, writer: Writer[str, str], process: Members) -> None:
        held_up(writer, process)
        futures = [
            writer.submit_events(key, weight) for key, weight in (("a", 3), ("b", 3), ("c", 2), ("d", 9))
        ]
        process.gate.set()
        for future in futures:
            future.result(SECONDS)

        assert [["first"], ["a"], ["b", "c"], ["d"]] == process.batches

    def test_whoever_gave_up_waiting_is_left_out(self, writer: Writer[str, str], process: Members) -> None:
        held_up(writer, process)
        given_up = writer.submit_events("a", 1)
        kept = writer.submit_events("b", 1)
        assert given_up.cancel()
        process.gate.set()
        kept.result(SECONDS)

        assert [["first"], ["b"]] == process.batches


class TestFailure:
    def test_a_poisonous_submission_fails_alone(
        self, database: Database, writer: Writer[str, str], process: Members
    ) -> None:
        held_up(writer, process)
        futures = {key: writer.submit_events(key, 1) for key in ("a", "poison", "b")}
        process.gate.set()

        assert ["A", "B"] == [futures[key].result(SECONDS) for key in ("a", "b")]
        with pytest.raises(ValueError, match="poison"):
            futures["poison"].result(SECONDS)
        assert [["first"], ["a", "poison", "b"], ["a"], ["poison"], ["b"]] == process.batches
        assert ["a", "b", "first"] == visible(database)
        assert 2 == writer.counters.rollbacks

    def test_a_refusal_is_an_answer_and_undoes_nothing(
        self, database: Database, writer: Writer[str, str], process: Members
    ) -> None:
        held_up(writer, process)
        futures = {key: writer.submit_events(key, 1) for key in ("a", "refused")}
        process.gate.set()

        assert "A" == futures["a"].result(SECONDS)
        with pytest.raises(Refused):
            futures["refused"].result(SECONDS)
        assert ["a", "first"] == visible(database)
        assert 0 == writer.counters.rollbacks

    def test_a_commit_that_fails_is_not_acknowledged(
        self, database: Database, writer: Writer[str, str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(*_: object) -> None:
            raise OSError("disk full")

        with monkeypatch.context() as patched:
            patched.setattr("sqlalchemy.engine.default.DefaultDialect.do_commit", broken)
            future = writer.submit_events("m1", 1)
            with pytest.raises(OSError, match="disk full"):
                future.result(SECONDS)

        assert "M2" == writer.submit_events("m2", 1).result(SECONDS)
        assert ["m2"] == visible(database)

    def test_what_the_database_took_back_is_tried_again(self, writer: Writer[str, str]) -> None:
        """A deadlock's victim was rolled back as a whole, so that nothing is done twice."""
        tries: list[int] = []

        def unlucky(_: Connection) -> str:
            tries.append(1)
            if len(tries) < 3:
                raise DBAPIError("SELECT 1", {}, psycopg.errors.DeadlockDetected())
            return "done"

        assert "done" == writer.submit_job(unlucky).result(SECONDS)
        assert (2, 1) == (writer.counters.rollbacks, writer.counters.jobs)


class TestQueue:
    def test_a_full_queue_refuses(self, writer: Writer[str, str], process: Members) -> None:
        held_up(writer, process)
        writer.submit_events("a", 15)
        writer.submit_events("b", 5)

        with pytest.raises(QueueFull, match="20 events wait"):
            writer.submit_events("c", 1)
        assert 20 == writer.queued

    def test_it_takes_more_once_there_is_room(self, writer: Writer[str, str], process: Members) -> None:
        held_up(writer, process)
        last = writer.submit_events("a", 20)
        process.gate.set()
        last.result(SECONDS)

        assert "B" == writer.submit_events("b", 20).result(SECONDS)
        assert 0 == writer.queued

    def test_an_empty_queue_takes_any_weight(self, writer: Writer[str, str]) -> None:
        assert "A" == writer.submit_events("a", 1_000).result(SECONDS)


class TestJobs:
    def test_a_job_is_committed_before_its_future_is_done(
        self, database: Database, writer: Writer[str, str]
    ) -> None:
        def job(connection: Connection) -> int:
            members.save(connection, [saved("m1")])
            return 7

        assert 7 == writer.submit_job(job).result(SECONDS)
        assert ["m1"] == visible(database)

    def test_a_job_that_fails_leaves_nothing(self, database: Database, writer: Writer[str, str]) -> None:
        def job(connection: Connection) -> None:
            members.save(connection, [saved("m1")])
            raise ValueError("no")

        with pytest.raises(ValueError, match="no"):
            writer.submit_job(job).result(SECONDS)
        assert [] == visible(database)
        assert "M2" == writer.submit_events("m2", 1).result(SECONDS)


class TestClose:
    def test_what_waits_is_finished(
        self, database: Database, writer: Writer[str, str], process: Members
    ) -> None:
        held_up(writer, process)
        waiting = [writer.submit_events(f"m{number}", 1) for number in range(12)]
        closing = threading.Thread(target=writer.close)
        closing.start()
        process.gate.set()
        closing.join(SECONDS)

        assert all(future.done() for future in waiting)
        assert 13 == len(visible(database))

    def test_nothing_more_is_taken(self, writer: Writer[str, str]) -> None:
        writer.close()

        with pytest.raises(WriterClosed):
            writer.submit_events("a", 1)
        with pytest.raises(WriterClosed):
            writer.submit_job(lambda _: None)


class TestTick:
    """Ruling 24: timed work runs between requests."""

    def run(self, database: Database, clock: FixedClock, tick: Tick, process: Members) -> Writer[str, str]:
        writer: Writer[str, str] = Writer(database, process, clock, tick=tick)
        writer.start()
        return writer

    def test_it_runs_until_it_asks_for_rest(
        self, database: Database, clock: FixedClock, process: Members
    ) -> None:
        ran = threading.Semaphore(0)
        wakes = [clock.instant, clock.instant, clock.instant + 10**15]

        def tick(_: Connection) -> int:
            ran.release()
            return wakes.pop(0) if len(wakes) > 1 else wakes[0]

        writer = self.run(database, clock, tick, process)
        for _ in range(3):
            assert ran.acquire(timeout=SECONDS)
        again = ran.acquire(timeout=0.2)
        writer.close()

        assert not again

    def test_ingest_goes_first(self, database: Database, clock: FixedClock, process: Members) -> None:
        """However much timed work there is, a submission waits for one slice at most."""
        order: list[str] = []
        slices = threading.Semaphore(0)

        def tick(_: Connection) -> int:
            order.append("tick")
            assert slices.acquire(timeout=SECONDS)
            return 0

        writer = self.run(database, clock, tick, process)
        future = writer.submit_events("a", 1)
        future.add_done_callback(lambda _: order.append("event"))
        slices.release()
        assert "A" == future.result(SECONDS)
        slices.release(100_000)
        writer.close()

        assert ["tick", "event"] == order[:2]

    def test_an_earlier_instant_wakes_it(
        self, database: Database, clock: FixedClock, process: Members
    ) -> None:
        ran = threading.Semaphore(0)

        def tick(_: Connection) -> int | None:
            ran.release()
            return None

        writer = self.run(database, clock, tick, process)
        assert ran.acquire(timeout=SECONDS)
        writer.wake_at(clock.instant)
        woken = ran.acquire(timeout=0.5)
        writer.close()

        assert woken

    def test_its_failure_stops_nothing(self, database: Database, clock: FixedClock, process: Members) -> None:
        failed = threading.Event()

        def tick(connection: Connection) -> int | None:
            if not failed.is_set():
                members.save(connection, [saved("half")])
                failed.set()
                raise ValueError("tick")
            return None

        writer = self.run(database, clock, tick, process)
        assert failed.wait(SECONDS)
        answer = writer.submit_events("a", 1).result(SECONDS)
        writer.close()

        assert "A" == answer
        assert ["a"] == visible(database)
        assert 1 == writer.counters.rollbacks
