"""The lock that makes one process the only writer of an SQLite file (ruling 22)."""

import fcntl
import os
from pathlib import Path
from typing import IO

from api.store.errors import DatabaseBusy


class WriterLock:
    """A lock file beside the database, held until `release`.

    The kernel lets go of it when the process ends, however it ends, so there
    is never a stale lock to remove.
    """

    def __init__(self, database: Path) -> None:
        """Take the lock of a database file.

        Raises:
            DatabaseBusy: If another process, or this one, holds it.
        """
        self._file = _held(database, database.with_name(f"{database.name}.lock"))

    def release(self) -> None:
        """Let the next writer in. The file stays: removing it would race with whoever opens it."""
        self._file.close()


def _held(database: Path, path: Path) -> IO[str]:
    file = path.open("a+", encoding="ascii")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.seek(0)
        holder = file.read().strip() or "unknown"
        file.close()
        raise DatabaseBusy(
            f"process {holder} is writing to {database}; stop it first, or let it do the work: publish "
            "and define take --url with the address it serves"
        ) from error
    file.truncate(0)
    file.write(f"{os.getpid()}\n")
    file.flush()
    return file
