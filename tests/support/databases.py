"""One migrated database, of either kind: a test that asks for `url` runs on both."""

import shutil
from pathlib import Path

import pytest

from api.store import migrate

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
