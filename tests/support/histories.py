"""Recorded histories: logs as the product wrote them, kept as files, and put back to be replayed.

    python -m tests.support.histories DATABASE_URL FILE

A file holds one JSON object a line, packed with gzip: the control entries, then every entry of the log
with what was decided on it, all as they stand in the database. Later releases must come to the same.
"""

import gzip
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import orjson
from sqlalchemy import Connection, Table, insert, select

from api.service.replay_report import Asked, Report
from api.service.replaying import replay_log
from api.store.database import Database
from api.store.schema import CONTROL, DECISION, EVENT

Json = dict[str, Any]
_TABLES: Final[dict[str, Table]] = {"control": CONTROL, "event": EVENT, "decision": DECISION}
_JSON: Final = ("body", "properties")
"""Columns that hold canonical JSON, which is the same bytes again after it was read."""


def recorded(connection: Connection) -> Iterator[Json]:
    """Yield the rows of a log: each with the name of its table under `table`."""
    for name, table in _TABLES.items():
        for row in connection.execute(select(table).order_by(next(iter(table.primary_key)))):
            read = {
                key: orjson.loads(value) if key in _JSON else value for key, value in row._mapping.items()
            }
            yield {"table": name, **read}


def write(rows: Iterable[Json], file: Path) -> None:
    """Write a history."""
    with gzip.GzipFile(file, "wb", mtime=0) as packed:
        packed.writelines(orjson.dumps(row, option=orjson.OPT_SORT_KEYS) + b"\n" for row in rows)


def read(file: Path) -> list[Json]:
    """Return the rows of a history."""
    with gzip.open(file) as packed:
        return [orjson.loads(line) for line in packed]


def put(rows: Iterable[Json], connection: Connection) -> None:
    """Put a history into an empty database: the log alone, without what follows from it."""
    for name, table in _TABLES.items():
        found = [
            {key: _bytes(value) if key in _JSON else value for key, value in row.items() if key != "table"}
            for row in rows
            if row["table"] == name
        ]
        if found:
            connection.execute(insert(table), found)


def _bytes(value: Json | bytes) -> bytes:
    return value if isinstance(value, bytes) else orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def replayed(rows: list[Json], database: Database, asked: Asked | None = None) -> Report:
    """Put a history into an empty database and decide it again, from its first entry on."""
    with database.write() as connection:
        put(rows, connection)
    with database.read() as connection:
        return replay_log(connection, asked or Asked(first=1))


def main(url: str, file: str) -> None:
    """Record the log of a database."""
    with Database.open(url, writable=False) as database, database.read() as connection:
        write(recorded(connection), Path(file))


if __name__ == "__main__":
    main(*sys.argv[1:])
