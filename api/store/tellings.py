"""What one member's decision tells another member, until it is in that member's log."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import orjson
from sqlalchemy import Connection, delete, select, update

from api.store.dialects import RowInsert
from api.store.schema import TELLING
from engine import canonical
from engine.events import Mode
from engine.values import Instant

Json = dict[str, object]


class Telling(NamedTuple):
    """An event that is to happen to another member.

    Attributes:
        id: The effect's id, which becomes the event's `message_id`.
        member: Key of the member who is told.
        event: Name of the event.
        properties: What is told of it.
        mode: Mode of the entry that led to it.
        occurred_at: When that was decided.
        due_at: When it is to be tried.
    """

    id: str
    member: str
    event: str
    properties: Json
    mode: Mode
    occurred_at: Instant
    due_at: Instant


_KEEP: Final = RowInsert(TELLING, Telling._fields)
_DUE: Final = (
    select(*(TELLING.c[name] for name in Telling._fields))
    .order_by(TELLING.c.due_at, TELLING.c.id)
    .with_for_update(skip_locked=True)
)


def keep(connection: Connection, tellings: Sequence[Telling]) -> None:
    """Keep what is to be told, in the transaction of the decision that tells it."""
    _KEEP.execute(connection, [one._replace(properties=_text(one)) for one in tellings])  # type: ignore[arg-type]


def due(connection: Connection, now: Instant, limit: int) -> list[Telling]:
    """Return what is to be told by now, soonest first; other processes leave it alone meanwhile.

    Args:
        connection: The write transaction that decides it.
        now: Our clock.
        limit: How many at most.
    """
    rows = connection.execute(_DUE.where(TELLING.c.due_at <= now).limit(limit))
    return [Telling(*row)._replace(properties=orjson.loads(row.properties)) for row in rows]


def done(connection: Connection, ids: Sequence[str]) -> None:
    """Forget what is in its member's log now."""
    connection.execute(delete(TELLING).where(TELLING.c.id.in_(ids)))


def postpone(connection: Connection, ids: Sequence[str], until: Instant) -> None:
    """Let something be tried again later."""
    connection.execute(update(TELLING).where(TELLING.c.id.in_(ids)).values(due_at=until))


def _text(one: Telling) -> str:
    return canonical.encode(one.properties).decode()
