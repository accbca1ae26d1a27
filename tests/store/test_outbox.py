"""What must leave is taken by one, and leaves at least once; jobs remember how far they came."""

import pytest

from api.store import consequences, imports, outbox, replays
from api.store.consequences import NewOutbox
from api.store.database import Database
from api.store.imports import StoredImport
from api.store.outbox import Attempt
from api.store.replays import StoredReplay
from tests.store.samples import AT

LATER = AT + 1_000


def waiting(number: int, status: str = "pending") -> NewOutbox:
    return NewOutbox(f"e{number}", number, "m1", "r", "message", "sms", "hi", status, AT + number, None, AT)


@pytest.fixture
def filled(database: Database) -> Database:
    with database.write() as connection:
        consequences.write(connection, outbox=[waiting(1), waiting(2), waiting(3), waiting(4, "suppressed")])
    return database


def claimed(database: Database, now: int, limit: int = 10) -> list[str]:
    with database.write() as connection:
        return [one.id for one in outbox.claim(connection, now, LATER, limit)]


class TestClaim:
    def test_what_is_due_is_taken_once(self, filled: Database) -> None:
        assert ["e1"] == claimed(filled, AT + 2, 1)
        assert ["e2"] == claimed(filled, AT + 2)
        assert [] == claimed(filled, AT + 2)

    def test_it_is_due_again_if_nobody_says_how_it_went(self, filled: Database) -> None:
        """The process may have died while delivering."""
        claimed(filled, AT + 1)

        with filled.write() as connection:
            again = outbox.claim(connection, LATER, LATER + 1, 10)
        assert [("e2", 1), ("e3", 1), ("e1", 2)] == [(one.id, one.attempts) for one in again]

    @pytest.mark.postgres
    def test_two_processes_share_the_work(self, postgres_database: str) -> None:
        with Database.open(postgres_database) as database:
            with database.write() as connection:
                consequences.write(connection, outbox=[waiting(number) for number in range(1, 5)])
            with database.write() as one, database.write() as other:
                first = [message.id for message in outbox.claim(one, LATER, LATER + 1, 2)]
                second = [message.id for message in outbox.claim(other, LATER, LATER + 1, 4)]

        assert (["e1", "e2"], ["e3", "e4"]) == (first, second)


class TestAttempts:
    def test_a_failure_is_tried_again_and_then_given_up(self, filled: Database) -> None:
        with filled.write() as connection:
            outbox.record(
                connection, Attempt("e1", AT, False, "503"), status="pending", next_attempt_at=AT + 60
            )
            outbox.record(
                connection, Attempt("e1", AT + 60, False, "410"), status="dead", next_attempt_at=AT + 60
            )
            outbox.record(connection, Attempt("e2", AT, True, "200"), status="delivered", next_attempt_at=AT)

        with filled.read() as connection:
            found = {
                one.id: (one.status, one.last_error)
                for one in outbox.page(connection, status=None, before=None, limit=9)
            }
            tries = outbox.attempts(connection, ["e1", "e2", "e3"])
        assert {
            "e1": ("dead", "410"),
            "e2": ("delivered", None),
            "e3": ("pending", None),
            "e4": ("suppressed", None),
        } == found
        assert {
            "e1": [Attempt("e1", AT, False, "503"), Attempt("e1", AT + 60, False, "410")],
            "e2": [Attempt("e2", AT, True, "200")],
            "e3": [],
        } == tries

    def test_what_is_dead_can_be_sent_again(self, filled: Database) -> None:
        with filled.write() as connection:
            outbox.record(connection, Attempt("e1", AT, False, "410"), status="dead", next_attempt_at=AT)
            assert outbox.redeliver(connection, "e1", AT + 2)
            assert not outbox.redeliver(connection, "e1", AT + 2)
            assert not outbox.redeliver(connection, "e4", AT + 2)
            assert not outbox.redeliver(connection, "nothing", AT + 2)

        with filled.read() as connection:
            again = outbox.read(connection, "e1")
        assert again is not None
        assert ("pending", 0, AT + 2) == (again.status, again.attempts, again.next_attempt_at)

    def test_pages_are_newest_first(self, filled: Database) -> None:
        with filled.read() as connection:
            first = outbox.page(connection, status=None, before=None, limit=3)
            rest = outbox.page(connection, status=None, before=(first[-1].sequence, first[-1].id), limit=3)
            suppressed = outbox.page(connection, status="suppressed", before=None, limit=3)

        assert (["e4", "e3", "e2"], ["e1"]) == ([one.id for one in first], [one.id for one in rest])
        assert ["e4"] == [one.id for one in suppressed]


class TestJobs:
    def test_an_import_remembers_how_far_it_came(self, database: Database) -> None:
        with database.write() as connection:
            imports.begin(connection, "digest", "as-it-was", AT)
            imports.advance(connection, "digest", 500)
            assert StoredImport("digest", "as-it-was", "running", 500, AT) == imports.read(
                connection, "digest"
            )
            imports.finish(connection, "digest", AT + 9)
            assert StoredImport("digest", "as-it-was", "done", 500, AT, AT + 9) == imports.read(
                connection, "digest"
            )

    def test_an_import_begins_again(self, database: Database) -> None:
        with database.write() as connection:
            imports.begin(connection, "digest", "as-it-was", AT)
            imports.advance(connection, "digest", 500)
            imports.begin(connection, "digest", "facts-only", AT + 9)

            assert StoredImport("digest", "facts-only", "running", 0, AT) == imports.read(
                connection, "digest"
            )
            assert imports.read(connection, "other") is None

    def test_a_replay_keeps_its_report(self, database: Database) -> None:
        with database.write() as connection:
            replays.begin(connection, "r1", report=b"", at=AT, by="ann")
            replays.begin(connection, "r2", report=b"", at=AT + 1, by="ann")
            assert replays.note(connection, "r1", b"so far")
            assert replays.cancel(connection, "r1")
            assert not replays.note(connection, "r1", b"more")
            assert not replays.cancel(connection, "r1")
            replays.finish(connection, "r1", status="done", report=b"{}", at=AT + 2)

        with database.read() as connection:
            done = StoredReplay("r1", "done", AT, "ann", b"{}", AT + 2, beat_at=AT)
            assert done == replays.read(connection, "r1")
            other = StoredReplay("r2", "running", AT + 1, "ann", beat_at=AT + 1)
            assert [other, done] == replays.newest(connection, 5)
            assert replays.read(connection, "r3") is None
