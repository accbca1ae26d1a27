"""A programme whose log is worth proving: rules fire, members have chains, and all of it is sealed."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from api.store.connection import Connection
from api.store.database import Database
from tests.api.conftest import Programme, running

ENTRIES = 40
MEMBERS = 7
TABLES = ("event", "control", "sealed_entry", "checkpoint")


def orders(start: int, count: int) -> list[dict[str, Any]]:
    """Calls of orders, every other big enough for the rule."""
    return [
        {
            "type": "track",
            "userId": f"m{number % MEMBERS}",
            "messageId": f"e{number}",
            "event": "Order Completed",
            "properties": {"total": 60 + number % 2 * 60, "order_id": f"o{number}", "名": "茶\u0001"},
        }
        for number in range(start, start + count)
    ]


def take_in(programme: Programme, start: int, count: int) -> None:
    """Take orders in, five hundred at a time."""
    for first in range(start, start + count, 500):
        calls = orders(first, min(500, start + count - first))
        answer = programme.backend().post("/v1/batch", json={"batch": calls})
        assert answer.json()["success"], answer.text


@pytest.fixture
def sealed(url: str) -> Iterator[Programme]:
    """Forty entries, sealed by two checkpoints, over a database of either kind."""
    with running(url) as programme:
        programme.publish()
        take_in(programme, 0, ENTRIES // 2)
        programme.services.sealing.seal()
        take_in(programme, ENTRIES // 2, ENTRIES // 2)
        programme.services.sealing.seal()
        yield programme


def unguard(database: Database, connection: Connection) -> None:
    """Let whoever owns the database change what is written once, as an intruder would."""
    for table in (*TABLES, "anchor"):
        if database.dialect == "postgresql":
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        else:
            for change in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_refuses_{change}"))
