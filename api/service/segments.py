"""Segments: what they mean, how many are in them, and who."""

from typing import Any, Final

from api.service.refusal import Refusal
from api.service.rulebook import Rulebook
from api.store.database import Database
from api.store.segments import in_segment, sizes
from engine.values import instant_text

_MOST: Final = 200


class Segments:
    """Reads who is in a segment."""

    def __init__(self, database: Database, rulebook: Rulebook) -> None:
        """Make the use case of its parts."""
        self._database = database
        self._rulebook = rulebook

    def listing(self) -> dict[str, Any]:
        """Return every segment that is defined, in their order, with how many members are in it."""
        defined = self._rulebook.index().rules.catalogue.segments
        with self._database.read() as connection:
            counts = sizes(connection)
        return {
            "items": [
                {
                    "key": one.key,
                    "name": one.name,
                    "meaning": one.meaning,
                    "kind": one.kind,
                    "members": counts.get(one.key, 0),
                }
                for one in defined.values()
            ]
        }

    def members(self, key: str, after: str, limit: int) -> dict[str, Any]:
        """Return a page of a segment's members, by key.

        Args:
            key: Key of the segment.
            after: The member that the page comes after; empty for the first page.
            limit: How many at most, up to 200.

        Raises:
            Refusal: `not-found`.
        """
        if key not in self._rulebook.index().rules.catalogue.segments:
            raise Refusal("not-found", f"No segment is called {key!r}; define it first.")
        wanted = min(limit, _MOST)
        with self._database.read() as connection:
            found = in_segment(connection, key, after, wanted + 1)
        page = found[:wanted]
        return {
            "items": [{"member": member, "since": instant_text(since)} for member, since in page],
            "next": page[-1][0] if len(found) > wanted else None,
        }
