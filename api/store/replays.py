"""Replays that somebody asked for, and what they found."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection, insert, select, update

from api.store.schema import REPLAY
from engine.values import Instant


class StoredReplay(NamedTuple):
    """A replay.

    Attributes:
        id: Names it.
        status: `running`, `cancelling`, `done`, `cancelled`, `failed` or `interrupted`.
        started_at: When it was asked for.
        by: Who asked.
        report: What it has found, as JSON.
        finished_at: When it ended, or None.
        beat_at: When whoever runs it was heard of last.
    """

    id: str
    status: str
    started_at: Instant
    by: str
    report: bytes = b""
    finished_at: Instant | None = None
    beat_at: Instant = 0


_REPLAY: Final = select(
    REPLAY.c.id,
    REPLAY.c.status,
    REPLAY.c.started_at,
    REPLAY.c.by,
    REPLAY.c.report,
    REPLAY.c.finished_at,
    REPLAY.c.beat_at,
)
_RUNNING: Final = REPLAY.c.status.in_(["running", "cancelling"])


def begin(connection: Connection, replay_id: str, *, report: bytes, at: Instant, by: str) -> None:
    """Note that a replay runs."""
    new = StoredReplay(replay_id, "running", at, by, report, beat_at=at)
    connection.execute(insert(REPLAY), new._asdict())


def note(connection: Connection, replay_id: str, report: bytes) -> bool:
    """Note what a replay has found so far; return whether it is to go on."""
    running = update(REPLAY).where(REPLAY.c.id == replay_id, REPLAY.c.status == "running")
    return connection.execute(running.values(report=report)).rowcount > 0


def cancel(connection: Connection, replay_id: str) -> bool:
    """Ask a replay to end before it is through; return whether it was running."""
    running = update(REPLAY).where(REPLAY.c.id == replay_id, REPLAY.c.status == "running")
    return connection.execute(running.values(status="cancelling")).rowcount > 0


def finish(connection: Connection, replay_id: str, *, status: str, report: bytes, at: Instant) -> None:
    """Note how a replay that runs ended, `done`, `cancelled` or `failed`, and what it found until then."""
    change = {"status": status, "report": report, "finished_at": at}
    connection.execute(update(REPLAY).where(REPLAY.c.id == replay_id, _RUNNING).values(change))


def beat(connection: Connection, replay_id: str, at: Instant) -> None:
    """Note that somebody works on a replay."""
    connection.execute(update(REPLAY).where(REPLAY.c.id == replay_id, _RUNNING).values(beat_at=at))


def interrupt(connection: Connection, ids: Sequence[str], *, before: Instant, at: Instant) -> None:
    """Note that replays of which nothing was heard since `before` won't come to their end."""
    silent = update(REPLAY).where(REPLAY.c.id.in_(ids), _RUNNING, REPLAY.c.beat_at < before)
    connection.execute(silent.values(status="interrupted", finished_at=at))


def read(connection: Connection, replay_id: str) -> StoredReplay | None:
    """Return a replay, or None."""
    row = connection.execute(_REPLAY.where(REPLAY.c.id == replay_id)).one_or_none()
    return None if row is None else StoredReplay(*row)


def newest(connection: Connection, limit: int) -> list[StoredReplay]:
    """Return the replays that were asked for last, newest first."""
    query = _REPLAY.order_by(REPLAY.c.started_at.desc(), REPLAY.c.id).limit(limit)
    return [StoredReplay(*row) for row in connection.execute(query)]
