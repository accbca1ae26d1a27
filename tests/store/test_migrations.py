"""The migrations make what the tables say, and the triggers that keep the record."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from api.store import consequences, controls, log, migrate, rules
from api.store.database import Database
from api.store.rules import StoredVersion
from engine.ledger import award
from engine.rules import Control
from tests.store.samples import AT, entry


def test_the_migrations_make_the_tables_as_declared(empty_url: str) -> None:
    """After an upgrade there is nothing that Alembic would change."""
    migrate.upgrade(empty_url)

    with Database.open(empty_url, writable=False) as database, database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert [] == compare_metadata(context, SQLModel.metadata)
    with Database.open(empty_url, writable=False) as database:
        assert migrate.head() == migrate.current(database)


def test_they_can_be_undone_and_run_again(empty_url: str) -> None:
    migrate.upgrade(empty_url)
    migrate.downgrade(empty_url, "base")

    with Database.open(empty_url, writable=False) as database, database.read() as connection:
        assert ["alembic_version"] == inspect(connection).get_table_names()
    with Database.open(empty_url, writable=False) as database:
        assert migrate.current(database) is None

    migrate.upgrade(empty_url)


@pytest.fixture
def written(database: Database) -> Database:
    """A database with a row in every table that is written once."""
    with database.write() as connection:
        log.append(connection, [entry("m1", 1)])
        controls.append_control(
            connection, Control(revision=1, name="Rule Paused", at=AT, by="ann", body={"key": "r"})
        )
        rules.save_draft(connection, "r", b"{}", expected=None, at=AT, by="ann")
        stored = rules.read(connection, "r")
        assert stored is not None
        rules.publish(connection, StoredVersion("r", 1, "d", b"{}", 1, AT, "ann"), expected=stored.etag)
        posted = award(effect_id="e1", member="m1", points=5, as_of=AT)
        consequences.write(connection, entries=[(posted, 1)])
    return database


@pytest.mark.parametrize("table", ["event", "control", "rule_version", "ledger_entry"])
class TestWrittenOnce:
    def test_a_row_is_never_changed(self, written: Database, table: str) -> None:
        column = {"event": "digest", "control": "digest", "rule_version": "digest", "ledger_entry": "id"}[
            table
        ]

        with refused(), written.write() as connection:
            connection.execute(text(f"UPDATE {table} SET {column} = 'x'"))  # noqa: S608 - our own names

        assert 1 == count(written, table)

    def test_a_row_is_never_deleted(self, written: Database, table: str) -> None:
        with refused(), written.write() as connection:
            connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - our own names

        assert 1 == count(written, table)


@pytest.mark.postgres
def test_a_table_is_never_emptied_at_once(postgres_database: str) -> None:
    """PostgreSQL could take all rows away without deleting any."""
    with Database.open(postgres_database) as database, refused(), database.write() as connection:
        connection.execute(text("TRUNCATE event"))


def refused() -> "pytest.RaisesExc[DBAPIError]":
    return pytest.raises(DBAPIError, match="are never changed")


def count(database: Database, table: str) -> int:
    with database.read() as connection:
        query = text(f"SELECT count(*) FROM {table}")  # noqa: S608 - our own names
        return int(connection.execute(query).scalar_one())
