"""The list of rules: by purpose, found by what is typed, a page at a time.

Sentences, which cost the most, are only made of the rules on the page.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from typing import Any, NamedTuple

from api.service.refusal import Finding, Refusal
from api.service.rule_index import Entry, Found, RuleIndex
from api.service.rule_summary import RuleSummaries
from api.service.rulebook import Rulebook
from api.store import figures
from api.store import rules as store
from api.store.connection import Connection
from api.store.database import Database

Json = dict[str, Any]


class Wanted(NamedTuple):
    """Which rules are looked for; empty for any.

    Attributes:
        search: Words that must all be in the rule: in its key, its names, what it is for, what it
            speaks of, or the names of its tags.
        status: How it stands, or how the approval of its draft does.
        purpose: Key of what it is for.
    """

    search: str = ""
    status: str = ""
    purpose: str = ""

    def holds(self, entry: Entry) -> bool:
        """Return whether a rule that is found stands and is meant as asked."""
        return self.purpose in {"", entry.purpose} and (not self.status or self.status in entry.states)


class RuleList:
    """Finds rules for people."""

    def __init__(self, database: Database, rulebook: Rulebook, summaries: RuleSummaries) -> None:
        """Make the use case of its parts."""
        self._database = database
        self._summaries = summaries
        self._index = RuleIndex(rulebook)

    def learn(self) -> None:
        """Read what every rule is found by, so that whoever lists them first doesn't wait for it."""
        with self._database.read() as connection:
            self._index.entries(connection)

    def page(self, wanted: Wanted, after: str | None, limit: int) -> Json:
        """Return a page of rules, by purpose.

        Args:
            wanted: Which rules.
            after: Key of the rule that the page comes after; None for the first page.
            limit: How many at most.

        Raises:
            Refusal: `invalid-request` if there is no rule `after`.
        """
        with self._database.read() as connection:
            found = self._index.found(connection, wanted.search)
            start = 0
            if after is not None:
                place = self._there(connection, after).place
                start = bisect_right(found.entries, place, key=lambda one: one.place)
            rest = (one for one in islice(found.entries, start, None) if wanted.holds(one))
            part = list(islice(rest, limit + 1))
            items = self._told(connection, part[:limit])
        covered = [row for one in items for row in one["covers"] if row in self._index.rows]
        return {
            "items": items,
            "next": part[limit - 1].head.key if len(part) > limit else None,
            **self._counted(found, wanted),
            "rows": {row: self._index.rows[row][1].title for row in covered},
        }

    def names(self, search: str, after: str, limit: int) -> Json:
        """Return key, name and state of the rules in which all that is typed is found, by key.

        Args:
            search: As in `Wanted`.
            after: Key that the page comes after; empty for the first page.
            limit: How many at most.
        """
        with self._database.read() as connection:
            found = self._index.found(connection, search).entries
        heads = sorted((one for one in found if one.head.key > after), key=lambda one: one.head.key)
        return {
            "items": [
                {"key": one.head.key, "name": one.name, "status": one.head.status} for one in heads[:limit]
            ],
            "next": heads[limit - 1].head.key if len(heads) > limit else None,
        }

    def naming(self, key: str) -> list[Json]:
        """Return key, name and state of the rules that name something by its key."""
        with self._database.read() as connection:
            found = self._index.naming(connection, key)
        return [{"key": one.head.key, "name": one.name, "status": one.head.status} for one in found]

    def _there(self, connection: Connection, key: str) -> Entry:
        entry = self._index.entries(connection).get(key)
        if entry is None:
            finding = Finding("/query/after", f"there is no rule {key!r} any more; begin again")
            raise Refusal("invalid-request", "See errors.", [finding])
        return entry

    def _told(self, connection: Connection, entries: Sequence[Entry]) -> list[Json]:
        keys = [one.head.key for one in entries]
        documents = store.documents(connection, keys)
        fired = figures.firings(connection, keys)
        return [
            {
                **self._summaries.of(one.head, documents.get(one.head.key), fired.get(one.head.key, 0)),
                "purpose": one.purpose,
            }
            for one in entries
        ]

    def _counted(self, found: Found, wanted: Wanted) -> Json:
        """Return how many there are in all, of each state and for each purpose without that filter."""
        statuses: Counter[str] = Counter()
        standing = found.purposes if not wanted.status else Counter[str]()
        for (state, purpose), count in found.states.items():
            if wanted.purpose in {"", purpose}:
                statuses[state] += count
            if wanted.status == state:
                standing[purpose] += count
        return {
            "total": standing[wanted.purpose] if wanted.purpose else standing.total(),
            "statuses": statuses,
            "purposes": [
                {"key": key, "title": title, "rules": standing[key]}
                for key, title in self._index.purposes.items()
                if standing[key]
            ],
        }
