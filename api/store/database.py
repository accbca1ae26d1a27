"""One database, SQLite or PostgreSQL, and its transactions.

SQLite has exactly one writer: one process, held by a lock file, and in it one
connection. Reads go through other connections and see the last commit.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any, Final, Literal, Self

from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from api.store.errors import (
    DatabaseMissing,
    DatabaseReadOnly,
    DatabaseUnreachable,
    Moved,
    UnsupportedDatabase,
)
from api.store.lockfile import WriterLock

# Values of statements can be personal, so no error message shows them.
_QUIET: Final[dict[str, Any]] = {"hide_parameters": True}

DialectName = Literal["sqlite", "postgresql"]

_BUSY_MILLISECONDS: Final = 10_000
_WRITING: Final = [
    "journal_mode = WAL",
    "synchronous = FULL",
    "cache_size = -65536",  # KiB: the upper levels of the indexes of some million rows
    "wal_autocheckpoint = 8000",  # pages: a page that is written often goes to the file once
    "secure_delete = ON",  # what is deleted is overwritten: an erased value must not stay in a free place
]
_COMMITS: Final = 8
"""Of how many commits the time is taken, the last one weighing most."""

_COMMIT_GROWTH: Final = 4
_COMMIT_LEAST: Final = 0.001
_READERS: Final = 16
_OVERFLOW: Final = 32
# The database took all of it back, so that doing it again is safe: serialisation failure, deadlock, and a row
# that another process wrote first (the same message, sent to two servers at once), which is found next time.
_TAKEN_BACK: Final = frozenset({"40001", "40P01", "23505"})


class Database:
    """A database that is open.

    Attributes:
        url: Where it is.
        dialect: `sqlite` or `postgresql`.
        commit_seconds: How long a commit has taken lately.
    """

    def __init__(self, url: URL, dialect: DialectName, lock: WriterLock | None, *, writable: bool) -> None:
        self.url = url
        self.dialect: DialectName = dialect
        self._lock = lock
        self._reader, self._writer = _engines(url, dialect)
        self._writable = writable
        self.commit_seconds = 0.0

    @classmethod
    def open(cls, url: str, *, writable: bool = True) -> Self:
        """Open a database. Nothing is connected before it is needed.

        Args:
            url: `sqlite:///path/to/file.db` or `postgresql+psycopg://…`.
            writable: Whether this process writes. On SQLite it then becomes the
                one writer, until `dispose`.

        Raises:
            DatabaseBusy: If another process writes to the SQLite file.
            DatabaseMissing: If an SQLite file to be read isn't there.
            DatabaseUnreachable: If no PostgreSQL server answers, or it lets us not in.
            UnsupportedDatabase: If the URL names another kind of database, or isn't one.
        """
        try:
            parsed = make_url(url)
        except ArgumentError as error:
            raise UnsupportedDatabase(
                "the database URL can't be read; write sqlite:///file.db or postgresql+psycopg://user@host/name"
            ) from error
        backend = parsed.get_backend_name()
        if backend == "postgresql":
            opened = cls(parsed.set(drivername="postgresql+psycopg"), "postgresql", None, writable=writable)
            opened._reach()
            return opened
        if backend != "sqlite" or parsed.database in {None, "", ":memory:"}:
            raise UnsupportedDatabase(
                f"{parsed.render_as_string()!r} is neither sqlite:///file nor postgresql+psycopg://…"
            )
        path = Path(str(parsed.database))
        if not writable:
            if not path.exists():
                raise DatabaseMissing(f"{path} does not exist; `main.py migrate` creates it")
            return cls(parsed, "sqlite", None, writable=False)
        path.parent.mkdir(parents=True, exist_ok=True)
        return cls(parsed, "sqlite", WriterLock(path), writable=True)

    def _reach(self) -> None:
        try:
            with self._writer.connect():
                return
        except OperationalError as error:
            self.dispose()
            reason = " ".join(str(error.orig).split())
            raise DatabaseUnreachable(f"{self.url.render_as_string()} can't be reached: {reason}") from error

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection in a transaction, committed at the end, rolled back on any exception.

        On SQLite it is the one writing connection: a second thread waits for the first.

        Raises:
            DatabaseReadOnly: If the database was opened for reading.
        """
        if not self._writable:
            raise DatabaseReadOnly(f"{self.url.render_as_string()} was opened for reading only")
        with self._writer.begin() as connection:
            yield connection
            ended = monotonic()
        # One that took very long, as when the log is written to the file, says little of the next.
        took = min(monotonic() - ended, _COMMIT_GROWTH * self.commit_seconds + _COMMIT_LEAST)
        self.commit_seconds += (took - self.commit_seconds) / _COMMITS

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection that sees one snapshot of what is committed, and can't write."""
        with self._reader.begin() as connection:
            yield connection

    def clean(self, tables: Sequence[str]) -> bool:
        """Let what was deleted leave the files of the database, too, as far as the database can.

        SQLite has overwritten it in its pages; older pages go with the log of writes. PostgreSQL frees the
        places of dead rows, and overwrites them when it uses those again.

        Args:
            tables: Which tables rows were deleted from.

        Returns:
            False if somebody still reads an older state, so that it couldn't be done now.
        """
        if self.dialect == "postgresql":
            apart = self._writer.execution_options(isolation_level="AUTOCOMMIT")
            with apart.connect() as connection:
                connection.exec_driver_sql(f"VACUUM {', '.join(tables)}")
            return True
        whole = self._writer.raw_connection()  # outside of any transaction
        try:
            cursor = whole.cursor()
            cursor.execute("PRAGMA busy_timeout = 100")  # whoever writes isn't kept waiting for a reader
            busy: int = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            cursor.execute(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")
        finally:
            whole.close()
        return busy == 0

    def dispose(self) -> None:
        """Close every connection and let the next writer in."""
        self._reader.dispose()
        self._writer.dispose()
        if self._lock is not None:
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.dispose()


def was_taken_back(error: Exception) -> bool:
    """Tell whether a transaction met another one, so that a second try is safe and may succeed."""
    if isinstance(error, Moved):
        return True
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in _TAKEN_BACK


def _engines(url: URL, dialect: DialectName) -> tuple[Engine, Engine]:
    """Return what reads and what writes."""
    if dialect == "postgresql":
        shared = create_engine(url, pool_size=_READERS, max_overflow=_OVERFLOW, pool_pre_ping=True, **_QUIET)
        return shared.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True), shared
    writer = _sqlite_engine(url, pool_size=1, max_overflow=0)
    _begin_with(writer, "BEGIN IMMEDIATE", _WRITING)
    reader = _sqlite_engine(url, pool_size=_READERS, max_overflow=_OVERFLOW)
    _begin_with(reader, "BEGIN", ["query_only = ON"])
    return reader, writer


def _sqlite_engine(url: URL, *, pool_size: int, max_overflow: int) -> Engine:
    return create_engine(
        url,
        poolclass=QueuePool,
        pool_size=pool_size,
        max_overflow=max_overflow,
        connect_args={"check_same_thread": False},
        **_QUIET,
    )


def _begin_with(engine: Engine, begin: str, pragmas: Sequence[str]) -> None:
    """Let each connection start with some settings and each transaction with one statement."""
    settings = [f"busy_timeout = {_BUSY_MILLISECONDS}", "foreign_keys = ON", *pragmas]

    def on_connect(connection: DBAPIConnection, _record: object) -> None:
        # Python's sqlite3 would begin transactions by itself, later and weaker than we mean.
        connection.isolation_level = None
        cursor = connection.cursor()
        for setting in settings:
            cursor.execute(f"PRAGMA {setting}")
        cursor.close()

    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", on_begin)
