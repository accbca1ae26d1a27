"""The shape of the database."""

from api.commands.opening import explained, settings_of_operator
from api.store.migrate import upgrade


def migrate() -> None:
    """Bring the database to the newest shape; it is made if it doesn't exist."""
    with explained():
        upgrade(settings_of_operator().database_url)
