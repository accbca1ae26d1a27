"""What SQL is asked of many members reads no more than it must."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event, true

from api.store import members, merging, migrate, narrowing, views
from api.store.narrowed import Narrowed


def test_whether_anybody_is_odd_is_read_from_an_index(tmp_path: Path) -> None:
    """However many members there are, most often nobody is."""

    def ask(connection: Connection) -> None:
        narrowed = Narrowed(
            true(), exact=True, attributes=frozenset({"a:city"}), sums=frozenset({"Order Completed"})
        )
        narrowing.odd(connection, narrowed, "")

    plans = _plans(tmp_path, ask)
    assert 2 == len(plans)
    assert all(plan.startswith("SEARCH") and "_odd" in plan for plan in plans), plans


def test_every_state_is_read_in_the_order_of_the_keys(tmp_path: Path) -> None:
    """If each page were sorted anew, a million members would take a thousand sorts of all that are left."""
    plans = _plans(tmp_path, lambda connection: list(members.states(connection)))
    assert ["SEARCH member USING INDEX sqlite_autoindex_member_1 (key>?)"] == plans


def test_the_parts_of_a_member_are_found_by_an_index(tmp_path: Path) -> None:
    plans = _plans(tmp_path, lambda connection: merging.parts(connection, "m-1"))
    assert all("ix_member_merged_into (merged_into=?)" in plan for plan in plans if "member" in plan), plans
    assert plans


def test_members_are_found_without_sorting_all_that_begin_so(tmp_path: Path) -> None:
    """Of a million whose keys begin alike, a page is read; and whoever is known by what was typed."""
    plans = _plans(tmp_path, lambda connection: views.find_members(connection, search=["m"], limit=51))
    assert any("key>? AND key<?" in plan for plan in plans), plans
    assert not any(plan.startswith("SCAN member") or "FOR ORDER BY" in plan for plan in plans), plans


def _plans(folder: Path, ask: Callable[[Connection], object]) -> list[str]:
    """Return the steps by which SQLite would answer what is asked."""
    url = f"sqlite:///{folder / 'plans.db'}"
    migrate.upgrade(url)
    engine = create_engine(url)
    asked: list[tuple[str, Any]] = []
    event.listen(engine, "before_cursor_execute", lambda *one: asked.append((one[2], one[3])))
    with engine.connect() as connection:
        ask(connection)
        return [
            step[3]
            for statement, values in list(asked)
            for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
        ]
