"""One migrated database, of either kind: every test here runs on both."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.store.database import Database
from tests.support.clock import FixedClock
from tests.support.databases import BOTH


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
