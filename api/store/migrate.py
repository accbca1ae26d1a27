"""Bring a database to the shape that the code expects.

The scripts are in `alembic/versions`; `[tool.alembic]` in pyproject.toml says
so, for us and for Alembic's own command line.
"""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from api.store.database import Database

_PROJECT_FILE: Final = Path(__file__).parents[2] / "pyproject.toml"


def upgrade(url: str) -> None:
    """Run every migration that the database lacks, in one transaction.

    Raises:
        DatabaseBusy: If another process writes to the SQLite file.
    """
    command.upgrade(_config(url), "head")


def downgrade(url: str, revision: str) -> None:
    """Undo migrations down to a revision; `base` undoes all, and all data with them.

    Raises:
        DatabaseBusy: If another process writes to the SQLite file.
    """
    command.downgrade(_config(url), revision)


def current(database: Database) -> str | None:
    """Return the revision that a database is at; None if no migration ever ran."""
    with database.read() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str | None:
    """Return the revision that the code expects."""
    return ScriptDirectory.from_config(Config(toml_file=_PROJECT_FILE)).get_current_head()


def _config(url: str) -> Config:
    config = Config(toml_file=_PROJECT_FILE)
    # A URL may hold a percent sign, which the ini format would expand.
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config
