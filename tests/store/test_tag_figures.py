"""Tags in numbers, on both kinds of database."""

import pytest
from sqlalchemy import Connection, insert

from api.store import tag_figures
from api.store.database import Database
from api.store.schema import MEMBER, TAG
from api.store.tag_figures import Baskets, TagFigures


def put(connection: Connection, *rows: tuple[str, str, str, int]) -> None:
    columns = ("member", "tag", "holder", "since")
    connection.execute(insert(TAG), [dict(zip(columns, row, strict=True)) for row in rows])


def people(connection: Connection, count: int) -> None:
    row = {"joined_at": 0, "sequence": 1, "revision": 0, "state": b""}
    members = [row | {"key": f"m{at}", "partition": at % 64} for at in range(count)]
    connection.execute(insert(MEMBER), members)


@pytest.fixture
def told(database: Database) -> Database:
    with database.write() as connection:
        people(connection, 128)
        put(
            connection,
            ("m1", "a", "rule:x", 5),
            ("m1", "a", "person:li", 9),
            ("m2", "a", "api:crm", 7),
            ("m2", "a", "api:shop", 8),
            ("m2", "b", "rule:x", 3),
            ("m70", "b", "rule:x", 4),
        )
    return database


def test_each_member_counts_once_however_many_hold(told: Database) -> None:
    with told.read() as connection:
        assert {"a": TagFigures(2, 9, 1, 1, 1), "b": TagFigures(2, 4, 2, 0, 0)} == tag_figures.of_tags(
            connection
        )
        assert (2, 2, 0) == tuple(tag_figures.with_tag(connection, tag) for tag in ("a", "b", "c"))
        assert (1, 0) == tuple(tag_figures.with_both(connection, "a", other) for other in ("b", "c"))


def test_baskets_are_of_everybody_or_of_whole_partitions(told: Database) -> None:
    with told.read() as connection:
        assert Baskets([("a",), ("a", "b"), ("b",)], 128, 100) == tag_figures.baskets(connection, 1000)
        # 4 of 64 partitions: m0 to m3 and m64 to m67
        assert Baskets([("a",), ("a", "b")], 8, 6) == tag_figures.baskets(connection, 8)
