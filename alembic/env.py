"""What Alembic runs for each command: every migration of one command in one transaction."""

from alembic import context
from sqlmodel import SQLModel

from api.store import tables  # noqa: F401 - fills the metadata
from api.store.database import Database

URL = context.config.get_main_option("sqlalchemy.url")


def migrate(url: str) -> None:
    """Run the command on the database at `url`, as its one writer."""
    with Database.open(url) as database, database.write() as connection:
        context.configure(
            connection=connection,
            target_metadata=SQLModel.metadata,
            render_as_batch=True,
            transactional_ddl=True,
        )
        with context.begin_transaction():
            context.run_migrations()


if URL is None:
    raise SystemExit("name the database: alembic -x … is not used here, run `main.py migrate`")
migrate(URL)
