"""Bring a database to the newest shape, as `main.py migrate` does."""

from pathlib import Path

from alembic import command
from alembic.config import Config

PROJECT_FILE = Path(__file__).parents[2] / "pyproject.toml"


def alembic_config(url: str) -> Config:
    """Alembic's configuration for the database at `url`."""
    config = Config(toml_file=PROJECT_FILE)
    # A URL may hold a percent sign, which the ini format would expand.
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def migrate(url: str) -> None:
    """Run every migration on the database at `url`."""
    command.upgrade(alembic_config(url), "head")
