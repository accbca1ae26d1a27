"""What can go wrong in the store.

Our exception hierarchy:

    StoreError
        DatabaseBusy        another process writes to this SQLite file
        DatabaseMissing     there is no such SQLite file
        DatabaseReadOnly    something wants to write through a database opened for reading
        UnsupportedDatabase a URL that is neither SQLite nor PostgreSQL
        QueueFull           more events wait for the writer than it may hold back
        WriterClosed        the writer takes nothing more
        Stale               somebody changed it in between
        Moved               an id came to stand for another member in between

A duplicate, a conflict or a total that is used up is data, not an error.
"""


class StoreError(Exception):
    """The root of every error the store raises by itself."""


class DatabaseBusy(StoreError):
    """Another process is the one writer of this SQLite file (ruling 22)."""


class DatabaseMissing(StoreError):
    """The SQLite file to be read does not exist."""


class DatabaseUnreachable(StoreError):
    """No PostgreSQL server answers at the URL, or it lets us not in."""


class DatabaseReadOnly(StoreError):
    """The database was opened for reading only."""


class UnsupportedDatabase(StoreError):
    """The URL names neither an SQLite file nor a PostgreSQL database."""


class QueueFull(StoreError):
    """Too many events wait; the sender should come back later."""


class WriterClosed(StoreError):
    """The writer is closing and takes nothing more."""


class Stale(StoreError):
    """What was to be changed isn't what the caller had seen."""


class Moved(StoreError):
    """Whom an id stands for changed after it was looked up, by a merge or a new name: look again."""


class Unreadable(StoreError):
    """A row holds what the database itself can't give."""
