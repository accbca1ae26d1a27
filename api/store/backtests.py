"""Back-tests that somebody asked for, and what they found."""

from typing import Final, NamedTuple

from sqlalchemy import Connection, insert, select, update

from api.store.schema import BACKTEST
from engine.values import Instant


class StoredBacktest(NamedTuple):
    """A back-test; the fields are those of the table.

    Attributes:
        id: Names it.
        status: `running`, `done`, `failed` or `cancelled`.
        started_at: When it was asked for.
        by: Who asked.
        asked: What is back-tested, as JSON.
        entries: Entries of the log when it began.
        checked: Entries that were decided so far.
        report: What it found, as JSON; empty unless it is done.
        finished_at: When it ended, or None.
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


_BACKTEST: Final = select(*(BACKTEST.c[name] for name in StoredBacktest._fields))


def begin(connection: Connection, new: StoredBacktest) -> None:
    """Note that a back-test runs."""
    connection.execute(insert(BACKTEST), new._asdict())


def advance(connection: Connection, backtest: str, checked: int) -> None:
    """Note how far a back-test has come."""
    change = update(BACKTEST).where(BACKTEST.c.id == backtest, BACKTEST.c.status == "running")
    connection.execute(change.values(checked=checked))


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
