"""Imports, and how far each has come (ruling 22)."""

from typing import Final, NamedTuple

from sqlalchemy import Connection, select, update

from api.store.dialects import RowInsert
from api.store.schema import IMPORT
from engine.values import Instant


class StoredImport(NamedTuple):
    """An import.

    Attributes:
        id: Digest of the file.
        mode: `as-it-was` or `facts-only`.
        status: `running` or `done`.
        cursor: Lines that are dealt with, in the order of time.
        started_at: When it was first begun.
        finished_at: When it was done, or None.
    """

    id: str
    mode: str
    status: str
    cursor: int
    started_at: Instant
    finished_at: Instant | None = None


_BEGIN: Final = RowInsert(
    IMPORT, StoredImport._fields, keys=["id"], changes=["mode", "status", "cursor", "finished_at"]
)
_IMPORT: Final = select(
    IMPORT.c.id,
    IMPORT.c.mode,
    IMPORT.c.status,
    IMPORT.c.cursor,
    IMPORT.c.started_at,
    IMPORT.c.finished_at,
)


def begin(connection: Connection, import_id: str, mode: str, at: Instant) -> None:
    """Begin an import at its first line; one that was begun before begins again."""
    _BEGIN.execute(connection, [StoredImport(import_id, mode, "running", 0, at)])


def advance(connection: Connection, import_id: str, cursor: int) -> None:
    """Note how many lines are dealt with, in the transaction that deals with them."""
    connection.execute(update(IMPORT).where(IMPORT.c.id == import_id).values(cursor=cursor))


def finish(connection: Connection, import_id: str, at: Instant) -> None:
    """Note that an import is done."""
    change = {"status": "done", "finished_at": at}
    connection.execute(update(IMPORT).where(IMPORT.c.id == import_id).values(change))


def read(connection: Connection, import_id: str) -> StoredImport | None:
    """Return an import, or None."""
    row = connection.execute(_IMPORT.where(IMPORT.c.id == import_id)).one_or_none()
    return None if row is None else StoredImport(*row)


def running(connection: Connection) -> list[StoredImport]:
    """Return the imports that were begun and not finished, oldest first."""
    query = _IMPORT.where(IMPORT.c.status == "running").order_by(IMPORT.c.started_at, IMPORT.c.id)
    return [StoredImport(*row) for row in connection.execute(query)]
