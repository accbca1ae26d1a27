"""One migrated database, of either kind: every test here runs on both."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.store import migrate
from api.store.database import Database
from tests.support.clock import FixedClock

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file that the others are copied from."""
    path = tmp_path_factory.mktemp("template") / "regulars.db"
    migrate.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_database(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a migrated SQLite database of one's own."""
    shutil.copy(sqlite_template, tmp_path / "regulars.db")
    return f"sqlite:///{tmp_path / 'regulars.db'}"


@pytest.fixture(params=BOTH)
def url(request: pytest.FixtureRequest) -> str:
    """The URL of a migrated database of one's own."""
    name = "postgres_database" if request.param == "postgresql" else "sqlite_database"
    return str(request.getfixturevalue(name))


@pytest.fixture(params=BOTH)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without any table."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_empty_database"))
    return f"sqlite:///{tmp_path / 'empty.db'}"


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """That database, open."""
    with Database.open(url) as opened:
        yield opened


@pytest.fixture
def clock() -> FixedClock:
    """A clock that stands still."""
    return FixedClock()
