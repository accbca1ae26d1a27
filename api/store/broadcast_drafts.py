"""Broadcasts while they are being written."""

import hashlib
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from api.store.errors import Stale
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

    @property
    def etag(self) -> str:
        """What this draft, as it stands, is told from others by."""
        return hashlib.sha256("\n".join(map(str, self)).encode()).hexdigest()[:32]


_DRAFT: Final = select(*(BROADCAST_DRAFT.c[name] for name in StoredDraft._fields))


def save(connection: Connection, draft: StoredDraft, *, before: StoredDraft | None) -> None:
    """Keep a draft.

    Args:
        connection: A write transaction.
        draft: As it is now.
        before: The draft of this key that was looked at; None to begin one.

    Raises:
        Stale: If somebody saved it, or threw it away, in between.
    """
    if before is None:
        try:
            connection.execute(insert(BROADCAST_DRAFT), draft._asdict())
        except IntegrityError as error:
            raise Stale(f"draft {draft.key!r} was begun by somebody else in between") from error
    elif connection.execute(update(BROADCAST_DRAFT).where(_is(before)).values(draft._asdict())).rowcount != 1:
        raise Stale(f"draft {draft.key!r} was changed in between")


def read(connection: Connection, key: str) -> StoredDraft | None:
    """Return a draft, or None."""
    row = connection.execute(_DRAFT.where(BROADCAST_DRAFT.c.key == key)).one_or_none()
    return None if row is None else StoredDraft(*row)


def newest(connection: Connection, limit: int) -> list[StoredDraft]:
    """Return drafts, those saved last first."""
    query = _DRAFT.order_by(BROADCAST_DRAFT.c.changed_at.desc(), BROADCAST_DRAFT.c.key)
    return [StoredDraft(*row) for row in connection.execute(query.limit(limit))]


def drop(connection: Connection, draft: StoredDraft) -> None:
    """Throw a draft away.

    Raises:
        Stale: If it is no longer what was looked at.
    """
    if connection.execute(delete(BROADCAST_DRAFT).where(_is(draft))).rowcount != 1:
        raise Stale(f"draft {draft.key!r} was changed in between")


def _is(draft: StoredDraft) -> ColumnElement[bool]:
    return and_(*(BROADCAST_DRAFT.c[name] == value for name, value in draft._asdict().items()))
