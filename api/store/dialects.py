"""Writing and finding many rows at once, in the way that each database is quickest at.

SQLite runs a prepared statement once for each row, and takes a list as JSON.
PostgreSQL gets one array for each column, or one for the list. Statements are
worded once, when a module is loaded, and given to the driver as they are: for
rows by the hundred, SQLAlchemy's own binding costs as much as the database.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

import orjson
from sqlalchemy import Connection, Dialect, Row, Table, make_url

_POSTGRESQL: Final[Dialect] = make_url("postgresql+psycopg://").get_dialect()()


class RowInsert:
    """An insert of rows that all give the same columns."""

    def __init__(
        self,
        table: Table,
        columns: Sequence[str],
        *,
        keys: Sequence[str] = (),
        changes: Sequence[str] = (),
        adds: Sequence[str] = (),
    ) -> None:
        """Make the statement for either database.

        Args:
            table: Where to write.
            columns: What each row gives, in this order.
            keys: Columns of which a row that exists already may hold the same
                values; by default that is an error.
            changes: Columns that such a row then takes over; by default it stays as it is.
            adds: Columns whose value is then added to the row's own.
        """
        quoted = {name: _POSTGRESQL.identifier_preparer.quote(name) for name in columns}
        into = f"INSERT INTO {table.name} ({', '.join(quoted.values())})"
        taken_over = [f"{quoted[name]} = excluded.{quoted[name]}" for name in changes]
        added = [f"{quoted[name]} = {table.name}.{quoted[name]} + excluded.{quoted[name]}" for name in adds]
        action = _on_conflict([quoted[name] for name in keys], [*taken_over, *added])
        types = [table.c[name].type.compile(dialect=_POSTGRESQL) for name in columns]
        arrays = ", ".join(f"CAST(%s AS {one}[])" for one in types)
        # Every name in it is one of our own.
        self._sqlite = f"{into} VALUES ({', '.join('?' * len(columns))}){action}"
        self._postgresql = f"{into} SELECT * FROM unnest({arrays}){action}"  # noqa: S608

    def execute(self, connection: Connection, rows: Sequence[tuple[Any, ...]]) -> int:
        """Insert the rows, in their order; do nothing for none.

        Args:
            connection: A write transaction.
            rows: Values in the order of the columns. With `changes` or `adds`, no two rows may have the
                same keys.

        Returns:
            How many rows were inserted or changed.

        Raises:
            sqlalchemy.exc.IntegrityError: If a row breaks a constraint.
        """
        return _run(connection, self._sqlite, self._postgresql, rows)


class RowUpdate:
    """A change of rows by their key, where a value that isn't given leaves the row's own."""

    def __init__(self, table: Table, key: str, columns: Sequence[str], *, kept: Sequence[str] = ()) -> None:
        """Make the statement for either database.

        Args:
            table: What to change.
            key: Column that names a row.
            columns: What is given for each row, in this order; the key comes last.
            kept: Those of the columns whose value stays when None is given.
        """
        given = [*columns, key]
        types = [table.c[name].type.compile(dialect=_POSTGRESQL) for name in given]
        arrays = ", ".join(f"CAST(%s AS {one}[])" for one in types)
        quoted = {name: _POSTGRESQL.identifier_preparer.quote(name) for name in given}

        def assigned(value: Callable[[str], str]) -> str:
            return ", ".join(
                f"{quoted[name]} = "
                + (f"coalesce({value(name)}, {table.name}.{quoted[name]})" if name in kept else value(name))
                for name in columns
            )

        # Every name in it is one of our own.
        self._sqlite = f"UPDATE {table.name} SET {assigned(lambda _: '?')} WHERE {quoted[key]} = ?"  # noqa: S608
        self._postgresql = (
            f"UPDATE {table.name} SET {assigned(lambda name: f'new.{quoted[name]}')} "  # noqa: S608
            f"FROM unnest({arrays}) AS new ({', '.join(quoted.values())}) "
            f"WHERE {table.name}.{quoted[key]} = new.{quoted[key]}"
        )

    def execute(self, connection: Connection, rows: Sequence[tuple[Any, ...]]) -> int:
        """Change the rows; do nothing for none.

        Args:
            connection: A write transaction.
            rows: Values in the order of the columns, then the key. No two rows may have the same key.

        Returns:
            How many rows were found and changed.
        """
        return _run(connection, self._sqlite, self._postgresql, rows)


class ListQuery:
    """A query with lists among its values.

    In its text `{value}` stands for a value and `{list}` for a list that a
    column is looked up in: `SELECT … WHERE kind = {value} AND token IN {list}`.
    """

    def __init__(self, sql: str, *, postgresql: str | None = None) -> None:
        """Word the query for either database.

        Args:
            sql: The query.
            postgresql: Other words for PostgreSQL, with `%s` for each value.
        """
        self._sqlite = sql.format(value="?", list="(SELECT value FROM json_each(?))")
        as_array = sql.replace("IN {list}", "= ANY({value})")
        self._postgresql = postgresql or as_array.format(value="%s")

    def execute(self, connection: Connection, *values: Any) -> Sequence[Row[*tuple[Any, ...]]]:
        """Return the rows that the query finds with its values, in the order of the text."""
        if connection.dialect.name != "sqlite":
            return connection.exec_driver_sql(self._postgresql, values).all()
        given = (orjson.dumps(one).decode() if isinstance(one, list) else one for one in values)
        return connection.exec_driver_sql(self._sqlite, tuple(given)).all()


def _run(connection: Connection, sqlite: str, postgresql: str, rows: Sequence[tuple[Any, ...]]) -> int:
    if not rows:
        return 0
    if connection.dialect.name == "sqlite":
        return connection.exec_driver_sql(sqlite, list(rows)).rowcount
    return connection.exec_driver_sql(postgresql, tuple(map(list, zip(*rows, strict=True)))).rowcount


def _on_conflict(keys: Sequence[str], changes: Sequence[str]) -> str:
    if not keys:
        return ""
    action = f"UPDATE SET {', '.join(changes)}" if changes else "NOTHING"
    return f" ON CONFLICT ({', '.join(keys)}) DO {action}"
