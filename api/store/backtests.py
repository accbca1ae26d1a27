"""Back-tests that somebody asked for, and what they found."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection, insert, select, update

from api.store.schema import BACKTEST
from engine.values import Instant


class StoredBacktest(NamedTuple):
    """A back-test; the fields are those of the table.

    Attributes:
        id: Names it.
        status: `running`, `done`, `failed`, `cancelled` or `interrupted`.
        started_at: When it was asked for.
        by: Who asked.
        asked: What is back-tested, as JSON.
        entries: Entries of the log when it began.
        checked: Entries that were decided so far.
        report: What it found, as JSON; empty unless it is done.
        finished_at: When it ended, or None.
        beat_at: When whoever runs it was heard of last.
    """

    id: str
    status: str
    started_at: Instant
    by: str
    asked: bytes
    entries: int
    checked: int = 0
    report: bytes = b""
    finished_at: Instant | None = None
    beat_at: Instant = 0


_BACKTEST: Final = select(*(BACKTEST.c[name] for name in StoredBacktest._fields))


def begin(connection: Connection, new: StoredBacktest) -> None:
    """Note that a back-test runs."""
    connection.execute(insert(BACKTEST), new._asdict())


def advance(connection: Connection, backtest: str, checked: int) -> bool:
    """Note how far a back-test has come; return whether it is to go on."""
    change = update(BACKTEST).where(BACKTEST.c.id == backtest, BACKTEST.c.status == "running")
    return connection.execute(change.values(checked=checked)).rowcount == 1


def beat(connection: Connection, backtest: str, at: Instant) -> None:
    """Note that somebody works on a back-test."""
    change = update(BACKTEST).where(BACKTEST.c.id == backtest, BACKTEST.c.status == "running")
    connection.execute(change.values(beat_at=at))


def interrupt(connection: Connection, ids: Sequence[str], *, before: Instant, at: Instant) -> None:
    """Note that back-tests of which nothing was heard since `before` won't come to their end."""
    silent = (BACKTEST.c.status == "running") & (BACKTEST.c.beat_at < before)
    change = update(BACKTEST).where(BACKTEST.c.id.in_(ids), silent)
    connection.execute(change.values(status="interrupted", finished_at=at))


def finish(connection: Connection, backtest: str, *, status: str, report: bytes, at: Instant) -> bool:
    """Note how a running back-test ended; return whether it was running."""
    change = update(BACKTEST).where(BACKTEST.c.id == backtest, BACKTEST.c.status == "running")
    done = {"status": status, "report": report, "finished_at": at}
    return connection.execute(change.values(done)).rowcount == 1


def read(connection: Connection, backtest: str) -> StoredBacktest | None:
    """Return a back-test, or None."""
    row = connection.execute(_BACKTEST.where(BACKTEST.c.id == backtest)).one_or_none()
    return None if row is None else StoredBacktest(*row)


def newest(connection: Connection, limit: int) -> list[StoredBacktest]:
    """Return the back-tests that were asked for last, newest first."""
    query = _BACKTEST.order_by(BACKTEST.c.started_at.desc(), BACKTEST.c.id).limit(limit)
    return [StoredBacktest(*row) for row in connection.execute(query)]
