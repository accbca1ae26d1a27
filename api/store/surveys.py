"""Answers that members gave, as they stand in the log."""

from collections.abc import Iterator
from typing import Any

import orjson
from sqlalchemy import Connection, select

from api.store.schema import EVENT

_CHUNK = 1_000


def answers(connection: Connection, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield member and properties of every event of a name, in the order of the log.

    Args:
        connection: A read transaction.
        name: Name of the event.
    """
    query = select(EVENT.c.member, EVENT.c.properties).where(EVENT.c.name == name, EVENT.c.kind == "track")
    rows = connection.execution_options(yield_per=_CHUNK).execute(query.order_by(EVENT.c.sequence))
    for row in rows:
        yield row.member, orjson.loads(row.properties)
