"""Replays that somebody asked for, and what they found."""

from typing import Final, NamedTuple

from sqlalchemy import Connection, insert, select, update

from api.store.schema import REPLAY
from engine.values import Instant


class StoredReplay(NamedTuple):
    """A replay.

    Attributes:
        id: Names it.
        status: `running`, `done` or `failed`.
        started_at: When it was asked for.
        by: Who asked.
        report: What it found, as JSON; empty while it runs.
        finished_at: When it ended, or None.
    """

    id: str
    status: str
    started_at: Instant
    by: str
    report: bytes = b""
    finished_at: Instant | None = None


_REPLAY: Final = select(
    REPLAY.c.id,
    REPLAY.c.status,
    REPLAY.c.started_at,
    REPLAY.c.by,
    REPLAY.c.report,
    REPLAY.c.finished_at,
)


def begin(connection: Connection, replay_id: str, *, at: Instant, by: str) -> None:
    """Note that a replay runs."""
    connection.execute(insert(REPLAY), StoredReplay(replay_id, "running", at, by)._asdict())


def finish(connection: Connection, replay_id: str, *, status: str, report: bytes, at: Instant) -> None:
    """Note how a replay ended, `done` or `failed`, and what it found so far."""
    change = {"status": status, "report": report, "finished_at": at}
    connection.execute(update(REPLAY).where(REPLAY.c.id == replay_id).values(change))


def read(connection: Connection, replay_id: str) -> StoredReplay | None:
    """Return a replay, or None."""
    row = connection.execute(_REPLAY.where(REPLAY.c.id == replay_id)).one_or_none()
    return None if row is None else StoredReplay(*row)


def newest(connection: Connection, limit: int) -> list[StoredReplay]:
    """Return the replays that were asked for last, newest first."""
    query = _REPLAY.order_by(REPLAY.c.started_at.desc(), REPLAY.c.id).limit(limit)
    return [StoredReplay(*row) for row in connection.execute(query)]
