"""Transactions, snapshots, and the one writer of SQLite."""

import multiprocessing
import threading
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from api.store import members, migrate
from api.store.database import Database
from api.store.errors import DatabaseBusy, DatabaseMissing, DatabaseReadOnly, UnsupportedDatabase
from tests.store.samples import saved


def member_keys(database: Database) -> list[str]:
    with database.read() as connection:
        return list(connection.execute(text("SELECT key FROM member ORDER BY key")).scalars())


class TestTransactions:
    def test_what_is_written_is_read_by_others(self, database: Database) -> None:
        with database.write() as connection:
            members.save(connection, [saved("m1")])

        assert ["m1"] == member_keys(database)

    def test_it_knows_how_long_a_commit_takes(self, database: Database) -> None:
        """Lately, and of those that came to an end: one that is very long weighs little."""
        assert 0.0 == database.commit_seconds
        with suppress(ZeroDivisionError), database.write():
            raise ZeroDivisionError
        assert 0.0 == database.commit_seconds
        for number in range(9):
            with database.write() as connection:
                members.save(connection, [saved(f"m{number}")])

        assert 0.0 < database.commit_seconds < 1.0

    def test_an_exception_undoes_everything(self, database: Database) -> None:
        with suppress(ZeroDivisionError), database.write() as connection:
            members.save(connection, [saved("m1")])
            raise ZeroDivisionError

        assert [] == member_keys(database)

    def test_a_read_sees_one_snapshot(self, database: Database) -> None:
        """What is committed while a read goes on is not seen by it, but by the next."""
        with database.read() as reading:
            before = reading.execute(text("SELECT count(*) FROM member")).scalar_one()
            with database.write() as writing:
                members.save(writing, [saved("m1")])
            after = reading.execute(text("SELECT count(*) FROM member")).scalar_one()

        assert (0, 0) == (before, after)
        assert ["m1"] == member_keys(database)

    def test_a_read_cannot_write(self, database: Database) -> None:
        with pytest.raises(DBAPIError, match=r"(?i)read-?only"), database.read() as connection:
            members.save(connection, [saved("m1")])

    def test_opened_for_reading_it_refuses_to_write(self, database: Database, url: str) -> None:
        with (
            Database.open(url, writable=False) as other,
            pytest.raises(DatabaseReadOnly),
            other.write(),
        ):
            pytest.fail("a transaction began")


class TestOneWriter:
    """Ruling 22: one process writes to an SQLite file."""

    def test_a_second_writer_is_refused_with_advice(self, tmp_path: Path) -> None:
        url = f"sqlite:///{tmp_path / 'regulars.db'}"

        with Database.open(url), pytest.raises(DatabaseBusy, match="--url"):
            Database.open(url)

    def test_another_process_is_refused_and_told_who_writes(self, tmp_path: Path) -> None:
        url = f"sqlite:///{tmp_path / 'regulars.db'}"
        context = multiprocessing.get_context("spawn")
        answers = context.SimpleQueue()

        with Database.open(url):
            process = context.Process(target=_open, args=(url, answers))
            process.start()
            answer = answers.get()
            process.join()

        assert f"process {multiprocessing.current_process().pid} is writing" in answer

    def test_when_the_writer_is_gone_the_next_may_write(self, tmp_path: Path) -> None:
        url = f"sqlite:///{tmp_path / 'regulars.db'}"
        Database.open(url).dispose()

        Database.open(url).dispose()

    def test_a_reader_may_come_beside_the_writer(self, tmp_path: Path) -> None:
        url = f"sqlite:///{tmp_path / 'regulars.db'}"
        migrate.upgrade(url)
        with Database.open(url) as writer, Database.open(url, writable=False) as reader:
            with writer.write() as connection:
                members.save(connection, [saved("m1")])

            assert ["m1"] == member_keys(reader)

    def test_migrations_count_as_writing(self, tmp_path: Path) -> None:
        url = f"sqlite:///{tmp_path / 'regulars.db'}"

        with Database.open(url), pytest.raises(DatabaseBusy):
            migrate.upgrade(url)

    def test_threads_write_one_after_the_other(self, tmp_path: Path) -> None:
        url = f"sqlite:///{tmp_path / 'regulars.db'}"
        migrate.upgrade(url)
        with Database.open(url) as database:

            def write(number: int) -> None:
                with database.write() as connection:
                    members.save(connection, [saved(f"m{number}")])

            threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

            assert [f"m{number}" for number in range(8)] == member_keys(database)

    def test_it_is_durable_at_every_commit(self, tmp_path: Path) -> None:
        with (
            Database.open(f"sqlite:///{tmp_path / 'regulars.db'}") as database,
            database.write() as connection,
        ):
            settings = [
                connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
                for name in ("journal_mode", "synchronous", "foreign_keys")
            ]

        full = 2
        assert ["wal", full, 1] == settings


class TestUrls:
    @pytest.mark.parametrize("address", ["sqlite://", "sqlite:///:memory:", "mysql://localhost/regulars"])
    def test_other_databases_are_refused(self, address: str) -> None:
        with pytest.raises(UnsupportedDatabase):
            Database.open(address)

    def test_a_missing_file_is_not_made_by_reading(self, tmp_path: Path) -> None:
        path = tmp_path / "nothing.db"

        with pytest.raises(DatabaseMissing, match="migrate"):
            Database.open(f"sqlite:///{path}", writable=False)

        assert not path.exists()


def _open(url: str, answers: "multiprocessing.queues.SimpleQueue[str]") -> None:
    try:
        Database.open(url)
    except DatabaseBusy as error:
        answers.put(str(error))
    else:
        answers.put("opened")
