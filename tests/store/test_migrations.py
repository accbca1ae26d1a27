"""The migrations make what the tables say, and the triggers that keep the record."""

from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from api.store import approvals, balances, consequences, controls, decisions, log, migrate, rules, views
from api.store.approvals import Review
from api.store.balances import StoredPosting
from api.store.database import Database
from api.store.decisions import NewDecision
from api.store.grants import Pots
from api.store.rules import StoredVersion
from api.store.views import StoredCoupon
from engine.decision import Outcome, body
from engine.effects import AnyEffect, AwardPoints, DrawPrize, IssueCoupon
from engine.rules import Control
from tests.store.samples import AT, decision, entry
from tests.store.samples_ledger import awarded
from tests.support.clock import FixedClock


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


OLD_ROWS = (
    "INSERT INTO ledger_entry VALUES ('e1', 'programme:points', 'member:a:points:points', 5, 7, 1)",
    "INSERT INTO ledger_entry VALUES ('e2', 'member:会员:points', 'programme:points', 3, 8, 2)",
    "INSERT INTO coupon VALUES ('C1', 'TEN', 'm1', 'issued', 7, NULL, 1)",
    "INSERT INTO total VALUES ('welcome', 12)",
    """INSERT INTO lease (rule, owner, "left", expires_at) VALUES ('welcome', 'p:1', 2, 9)""",
)


class TestTheLoyaltyHalf:
    @pytest.fixture
    def upgraded(self, empty_url: str) -> str:
        """A database of the version before, with rows, brought up to date."""
        migrate.upgrade(empty_url)
        migrate.downgrade(empty_url, "0002")
        with Database.open(empty_url) as database, database.write() as connection:
            for row in OLD_ROWS:
                connection.execute(text(row.replace(":", r"\:")))
        migrate.upgrade(empty_url)
        return empty_url

    def test_old_rows_find_their_place(self, upgraded: str) -> None:
        """Whatever colons a member's key has."""
        with Database.open(upgraded) as database, database.write() as connection:
            assert [StoredPosting(1, awarded("e1", "a:points", 5, as_of=7))] == balances.ledger_of(
                connection, "a:points"
            )
            found = balances.ledger_of(connection, "会员")
            assert [("e2", "points", 3)] == [
                (one.posting.lot, one.posting.unit, one.posting.amount) for one in found
            ]
            coupon = views.coupon(connection, "C1")
            assert StoredCoupon("C1", "TEN", "m1", "issued", 7, None, 1) == coupon
            assert [("total/welcome", 12)] == list(connection.execute(text("SELECT * FROM pot")))
            assert [("total/welcome", 2)] == list(connection.execute(text('SELECT name, "left" FROM lease')))
        with Database.open(upgraded) as database:
            pots = Pots(database, FixedClock())
            with database.write() as connection:
                given = sum(pots.grant(connection, "total/welcome", 20) for _ in range(20))
        # Of the 12 that were counted, a lease that has ended held 2 unused; only PostgreSQL has leases.
        assert (8 if upgraded.startswith("sqlite") else 10) == given

    def test_the_ledger_refuses_changes_afterwards(self, upgraded: str) -> None:
        with Database.open(upgraded) as database:
            with refused(), database.write() as connection:
                connection.execute(text("UPDATE ledger_entry SET amount = 9"))
            with refused(), database.write() as connection:
                connection.execute(text("DELETE FROM ledger_entry"))

    def test_it_can_be_undone(self, upgraded: str) -> None:
        """Pots that the version before doesn't know go, and everything that it knows stays."""
        with Database.open(upgraded) as database, database.write() as connection:
            connection.execute(text("INSERT INTO pot VALUES ('budget/b//', 7)"))
        migrate.downgrade(upgraded, "0002")

        with Database.open(upgraded) as database, database.write() as connection:
            assert [("welcome", 12)] == list(connection.execute(text("SELECT * FROM total")))
            assert [("welcome", 2)] == list(connection.execute(text('SELECT rule, "left" FROM lease')))
            rows = connection.execute(text("SELECT * FROM ledger_entry ORDER BY id")).all()
            assert ("e1", "programme:points", "member:a:points:points", 5, 7, 1) == tuple(rows[0])
            indexes = inspect(connection).get_indexes("ledger_entry")
        assert {"ix_ledger_entry_credit", "ix_ledger_entry_debit"} == {one["name"] for one in indexes}


def drew(place: int, *more: AnyEffect) -> Outcome:
    """What comes of a rule whose second action drew a prize."""
    drawn = DrawPrize(id=f"d{place}", action=1, wheel="spin", prize="car", number="1", commitment="c")
    first = AwardPoints(id=f"p{place}", action=0, points=9)
    return Outcome(step=0, rule="r", version=2, result="fired", effects=(first, drawn, *more))


def test_prizes_drawn_before_they_were_kept_are_found(empty_url: str) -> None:
    """What is filled in from old decisions is what would have been kept of them, over some pages."""
    migrate.upgrade(empty_url)
    points = (
        AwardPoints(id="q2", action=1, points=5),
        AwardPoints(id="q3", action=1, points=7, unit="growth"),
        AwardPoints(id="q4", action=2, points=3),
    )
    coupon = IssueCoupon(id="c3", action=1, coupon="TEN", code="C-3", expires_at=None)
    told: dict[int, list[Outcome]] = {
        1: [Outcome(step=0, rule="s", version=1, result="held_out"), drew(1)],
        2: [drew(2, *points)],
        1_500: [drew(3, coupon)],
        2_400: [drew(4), drew(5, AwardPoints(id="q5", action=1, points=1))],
    }
    none = Outcome(step=0, rule="s", version=1, result="fired", effects=(points[2],))
    rows = [decision("m", place, *told.get(place, [none])) for place in range(1, 2_500)]
    with Database.open(empty_url) as database, database.write() as connection:
        decisions.append(connection, [NewDecision(one.sequence, one, body(one)) for one in rows])
    kept = prizes_in(empty_url)

    migrate.downgrade(empty_url, "0009")
    migrate.upgrade(empty_url)

    assert ["d1", "d2", "d3", "d4", "d5"] == [row[0] for row in kept]
    assert [(0, None), (5, None), (0, "C-3"), (0, None), (1, None)] == [tuple(row[-2:]) for row in kept]
    assert kept == prizes_in(empty_url)


def prizes_in(url: str) -> list[tuple[Any, ...]]:
    with Database.open(url, writable=False) as database, database.read() as connection:
        query = text("SELECT id, rule, version, wheel, prize, points, code FROM drawn_prize ORDER BY id")
        return [tuple(row) for row in connection.execute(query)]


def test_what_is_counted_is_counted_anew(empty_url: str) -> None:
    """With refunds in it that came before their orders and weren't kept."""
    migrate.upgrade(empty_url)
    migrate.downgrade(empty_url, "0018")
    with Database.open(empty_url) as database, database.write() as connection:
        connection.execute(text("INSERT INTO projection VALUES ('counted', 9)"))
        connection.execute(text("INSERT INTO projection VALUES ('other', 9)"))
        connection.execute(text("INSERT INTO purchase VALUES (7, 'm', 1, 'o', 'CNY', 100, false)"))
    migrate.upgrade(empty_url)

    with Database.open(empty_url, writable=False) as database, database.read() as connection:
        assert [] == list(connection.execute(text("SELECT * FROM purchase")))
        reached = connection.execute(text("SELECT name, sequence FROM projection ORDER BY name"))
        assert [("counted", 0), ("other", 9)] == [tuple(row) for row in reached]


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
        approvals.add(connection, Review("r", AT, "bob", "approved", "d", ""))
        consequences.write(connection, postings=[(awarded("e1", "m1", 5), 1, "m1")])
    return database


@pytest.mark.parametrize("table", ["event", "control", "rule_version", "rule_review", "ledger_entry"])
class TestWrittenOnce:
    def test_a_row_is_never_changed(self, written: Database, table: str) -> None:
        column = "id" if table == "ledger_entry" else "digest"

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
