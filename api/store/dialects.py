"""Statements that SQLite and PostgreSQL spell alike but SQLAlchemy keeps apart."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Connection, Executable, Table
from sqlalchemy.dialects import postgresql, sqlite

ByDialect: TypeAlias = Mapping[str, Executable]


def upsert(table: Table, keys: Sequence[str], changes: Sequence[str]) -> ByDialect:
    """Return, by dialect, an insert that changes some columns where the key exists.

    Args:
        table: Where to write.
        keys: Columns of the primary key.
        changes: Columns that take the new row's values; none to leave the old row as it is.
    """
    return {
        "sqlite": _settled(sqlite.insert(table), keys, changes),
        "postgresql": _settled(postgresql.insert(table), keys, changes),
    }


def execute(connection: Connection, statement: ByDialect, rows: Sequence[Mapping[str, Any]]) -> None:
    """Run a statement once for each row, in one call of the driver; do nothing for no rows."""
    if rows:
        connection.execute(statement[connection.dialect.name], rows)


def _settled(
    insert: sqlite.Insert | postgresql.Insert, keys: Sequence[str], changes: Sequence[str]
) -> Executable:
    if not changes:
        return insert.on_conflict_do_nothing(index_elements=keys)
    return insert.on_conflict_do_update(
        index_elements=keys, set_={name: insert.excluded[name] for name in changes}
    )
