"""Control entries: what changed for everybody, and the lock that orders it against events (ruling 4)."""

from collections.abc import Iterator
from typing import Final

import orjson
from sqlalchemy import Connection, func, insert, select, text

from api.store.schema import CONTROL
from engine import canonical
from engine.rules import Control
from engine.values import Instant

# Any number will do, as long as nobody else takes advisory locks in this database.
_LOCK: Final = {"number": 0x5245_4755_4C41_5253}
_SHARED: Final = text("SELECT pg_advisory_xact_lock_shared(:number)")
_EXCLUSIVE: Final = text("SELECT pg_advisory_xact_lock(:number)")
_HEAD: Final = select(func.coalesce(func.max(CONTROL.c.revision), 0))


def head(connection: Connection, *, exclusive: bool) -> int:
    """Return the newest revision and keep it the newest until the transaction ends.

    Call it first in a transaction. On PostgreSQL batches of events share a lock
    that publishing takes for itself; on SQLite there is one writer anyway.

    Args:
        connection: A write transaction.
        exclusive: True to add a control entry, False to decide events.

    Returns:
        The revision; 0 before the first control entry.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(_EXCLUSIVE if exclusive else _SHARED, _LOCK)
    return newest(connection)


def newest(connection: Connection) -> int:
    """Return the newest revision there is; 0 before the first control entry."""
    return int(connection.execute(_HEAD).scalar_one())


def revision_at(connection: Connection, instant: Instant) -> int:
    """Return the newest revision that was there at an instant; 0 before the first control entry."""
    query = select(func.coalesce(func.max(CONTROL.c.revision), 0)).where(CONTROL.c.at <= instant)
    return int(connection.execute(query).scalar_one())


def append_control(connection: Connection, control: Control) -> None:
    """Add a control entry.

    Args:
        connection: The transaction in which `head` was called with `exclusive`.
        control: The entry, with the next revision.

    Raises:
        sqlalchemy.exc.IntegrityError: If the revision exists.
    """
    row = {
        "revision": control.revision,
        "name": control.name,
        "at": control.at,
        "by": control.by,
        "body": canonical.encode(control.body),
        "previous": control.previous,
        "digest": control.digest(),
    }
    connection.execute(insert(CONTROL), row)


def controls_after(connection: Connection, revision: int) -> Iterator[Control]:
    """Yield the control entries that follow a revision, in order."""
    for control, _ in with_digests(connection, revision):
        yield control


def with_digests(connection: Connection, revision: int = 0) -> Iterator[tuple[Control, str]]:
    """Yield the control entries that follow a revision, each with the digest that stands beside it."""
    query = select(CONTROL).where(CONTROL.c.revision > revision).order_by(CONTROL.c.revision)
    for row in connection.execute(query):
        control = Control(
            revision=row.revision,
            name=row.name,
            at=row.at,
            by=row.by,
            body=orjson.loads(row.body),
            previous=row.previous,
        )
        yield control, row.digest
