"""What people changed, for auditors."""

from typing import Any

from api.store import people
from api.store.database import Database
from engine.values import instant_text


class Auditing:
    """Reads what people did."""

    def __init__(self, database: Database) -> None:
        """Make the use case of the database that it reads."""
        self._database = database

    def page(self, *, before: int | None, limit: int) -> dict[str, Any]:
        """Return what was done, newest first.

        Args:
            before: The `next` of the page before; None for the first.
            limit: How many entries a page has.
        """
        with self._database.read() as connection:
            found = people.audit_page(connection, before=before, limit=limit + 1)
        items = [
            {
                "id": one.id,
                "at": instant_text(one.at),
                "by": one.by,
                "action": one.action,
                "subject": one.subject,
                "detail": one.detail,
            }
            for one in found[:limit]
        ]
        return {"items": items, "next": found[limit - 1].id if len(found) > limit else None}
