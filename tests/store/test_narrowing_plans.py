"""What SQL is asked before members are counted reads no more than it must."""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event, true

from api.store import migrate, narrowing
from api.store.narrowed import Narrowed


def test_whether_anybody_is_odd_is_read_from_an_index(tmp_path: Path) -> None:
    """However many members there are, most often nobody is."""
    url = f"sqlite:///{tmp_path / 'plans.db'}"
    migrate.upgrade(url)
    engine = create_engine(url)
    asked: list[tuple[str, Any]] = []
    event.listen(engine, "before_cursor_execute", lambda *one: asked.append((one[2], one[3])))
    with engine.connect() as connection:
        _ask(connection)
        plans = [
            step[3]
            for statement, values in list(asked)
            for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
        ]

    assert 2 == len(plans)
    assert all(plan.startswith("SEARCH") and "_odd" in plan for plan in plans), plans


def _ask(connection: Connection) -> None:
    narrowed = Narrowed(
        true(), exact=True, attributes=frozenset({"a:city"}), sums=frozenset({"Order Completed"})
    )
    narrowing.odd(connection, narrowed, "")
