"""Broadcasts while they are being written."""

from typing import Final, NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from api.store.schema import BROADCAST_DRAFT
from engine.values import Instant


class StoredDraft(NamedTuple):
    """A broadcast that isn't planned yet.

    Attributes:
        key: What it will be named for ever once it is planned.
        document: What is said of it so far, as JSON.
        changed_at: When it was saved last.
        changed_by: By whom.
    """

    key: str
    document: str
    changed_at: Instant
    changed_by: str


_DRAFT: Final = select(*(BROADCAST_DRAFT.c[name] for name in StoredDraft._fields))


def save(connection: Connection, draft: StoredDraft) -> None:
    """Keep a draft; the one before of the same key goes."""
    own = BROADCAST_DRAFT.c.key == draft.key
    if connection.execute(update(BROADCAST_DRAFT).where(own).values(draft._asdict())).rowcount == 0:
        connection.execute(insert(BROADCAST_DRAFT), draft._asdict())


def read(connection: Connection, key: str) -> StoredDraft | None:
    """Return a draft, or None."""
    row = connection.execute(_DRAFT.where(BROADCAST_DRAFT.c.key == key)).one_or_none()
    return None if row is None else StoredDraft(*row)


def newest(connection: Connection, limit: int) -> list[StoredDraft]:
    """Return drafts, those saved last first."""
    query = _DRAFT.order_by(BROADCAST_DRAFT.c.changed_at.desc(), BROADCAST_DRAFT.c.key)
    return [StoredDraft(*row) for row in connection.execute(query.limit(limit))]


def drop(connection: Connection, key: str) -> bool:
    """Throw a draft away; tell whether there was one."""
    return connection.execute(delete(BROADCAST_DRAFT).where(BROADCAST_DRAFT.c.key == key)).rowcount == 1
