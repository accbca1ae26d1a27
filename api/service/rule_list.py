"""The list of rules: by purpose, found by what is typed, a page at a time.

What can be looked for is taken from each document once and kept until the rule
changes, so that a page costs the rules on it and not those in the database.
Sentences, which cost the most, are only made of the rules on the page.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

import orjson

from api.service.refusal import Finding, Refusal
from api.service.rule_summary import RuleSummaries
from api.service.rulebook import Rulebook
from api.service.tag_uses import uses_of
from api.store import figures
from api.store import rules as store
from api.store.connection import Connection
from api.store.database import Database
from api.store.rules import RuleHead
from engine.language.base import words
from rule_library import Row, purposes, rows

Json = dict[str, Any]
OWN: Final = "own"
"""Purpose of a rule that names no row of the library: somebody's own."""

_OWN_TITLE: Final = words("Rules of your own", "自建规则")
_PARTS: Final = ("when", "if", "then", "exit", "goal", "limits", "campaign")


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


class _Entry(NamedTuple):
    """What a rule can be found by, and where it stands in the list."""

    etag: str
    place: tuple[int, int, str]
    purpose: str
    name: Json
    text: str
    tags: frozenset[str]


class RuleList:
    """Finds rules for people."""

    def __init__(self, database: Database, rulebook: Rulebook, summaries: RuleSummaries) -> None:
        """Make the use case of its parts."""
        self._database = database
        self._rulebook = rulebook
        self._summaries = summaries
        self._rows: dict[str, tuple[int, Row]] = {row.id: (at, row) for at, row in enumerate(rows())}
        self._purposes: dict[str, Json] = {OWN: _OWN_TITLE, **purposes()}
        self._order = {key: at for at, key in enumerate(self._purposes)}
        self._entries: dict[str, _Entry] = {}

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
            heads = store.heads(connection)
            entries = self._known(connection, heads)
            begin = _behind(after, entries)
            found = list(self._found(heads, entries, wanted.search))
            standing = [one for one in found if wanted.status in {"", one.status, one.approval}]
            meant = [one for one in found if wanted.purpose in {"", entries[one.key].purpose}]
            shown = [one for one in standing if wanted.purpose in {"", entries[one.key].purpose}]
            rest = [one for one in shown if begin is None or entries[one.key].place > begin]
            part = sorted(rest, key=lambda one: entries[one.key].place)[:limit]
            items = self._told(connection, part, entries)
        covered = [row for one in items for row in one["covers"] if row in self._rows]
        return {
            "items": items,
            "next": part[-1].key if len(rest) > limit else None,
            "total": len(shown),
            "statuses": Counter(state for one in meant for state in _states(one)),
            "purposes": self._counted(Counter(entries[one.key].purpose for one in standing)),
            "rows": {row: self._rows[row][1].title for row in covered},
        }

    def names(self) -> list[Json]:
        """Return key, name and state of every rule, by key."""
        with self._database.read() as connection:
            heads = store.heads(connection)
            entries = self._known(connection, heads)
        return [{"key": one.key, "name": entries[one.key].name, "status": one.status} for one in heads]

    def _told(
        self, connection: Connection, heads: Sequence[RuleHead], entries: dict[str, _Entry]
    ) -> list[Json]:
        keys = [one.key for one in heads]
        documents = store.documents(connection, keys)
        fired = figures.firings(connection, keys)
        return [
            {
                **self._summaries.of(one, documents.get(one.key), fired.get(one.key, 0)),
                "purpose": entries[one.key].purpose,
            }
            for one in heads
        ]

    def _counted(self, counts: Counter[str]) -> list[Json]:
        """Return how many rules there are for each purpose that has any, in the order of the list."""
        return [
            {"key": key, "title": title, "rules": counts[key]}
            for key, title in self._purposes.items()
            if counts[key]
        ]

    def _found(
        self, heads: Iterable[RuleHead], entries: dict[str, _Entry], search: str
    ) -> Iterator[RuleHead]:
        """Yield the rules in which all that is typed is found."""
        tags = self._rulebook.index().rules.catalogue.tags.values()
        called = [
            (word, {one.key for one in tags if any(word in said.casefold() for said in one.name.values())})
            for word in search.casefold().split()
        ]
        for one in heads:
            entry = entries[one.key]
            if all(word in entry.text or not entry.tags.isdisjoint(named) for word, named in called):
                yield one

    def _known(self, connection: Connection, heads: Sequence[RuleHead]) -> dict[str, _Entry]:
        """Return the entry of each rule, read anew where the rule has changed."""
        before = self._entries
        stale = [one.key for one in heads if one.key not in before or before[one.key].etag != one.etag]
        if not stale and len(before) == len(heads):
            return before
        documents = store.documents(connection, stale)
        changed = set(stale)
        self._entries = {
            one.key: self._entry(one, documents.get(one.key)) if one.key in changed else before[one.key]
            for one in heads
        }
        return self._entries

    def _entry(self, head: RuleHead, source: bytes | None) -> _Entry:
        said: Json = {} if source is None else orjson.loads(source)
        name: Json = said.get("name", {})
        covers: list[str] = said.get("covers", [])
        covered = [self._rows[row] for row in covers if row in self._rows]
        at, purpose = (covered[0][0], covered[0][1].purpose) if covered else (0, OWN)
        body = {part: said[part] for part in _PARTS if part in said}
        titles = [self._purposes[purpose], *(row.title for _, row in covered)]
        text = [head.key, *name.values(), *covers, *(one for title in titles for one in title.values())]
        return _Entry(
            etag=head.etag,
            place=(self._order[purpose], at, head.key),
            purpose=purpose,
            name=name,
            text="\n".join([*text, *_strings(body)]).casefold(),
            tags=frozenset(one.tag for one in uses_of(body)),
        )


def _states(one: RuleHead) -> Iterator[str]:
    """Yield how a rule stands, and how the approval of its draft does if somebody was asked for it."""
    yield one.status
    if one.approval != "none":
        yield one.approval


def _behind(after: str | None, entries: dict[str, _Entry]) -> tuple[int, int, str] | None:
    if after is None:
        return None
    entry = entries.get(after)
    if entry is None:
        finding = Finding("/query/after", f"there is no rule {after!r} any more; begin again")
        raise Refusal("invalid-request", "See errors.", [finding])
    return entry.place


def _strings(value: Any) -> Iterator[str]:
    """Yield what a part of a document says in words: keys of tags and coupons, names of events, values."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)
    elif isinstance(value, dict):
        for name, one in value.items():
            if name != "type":
                yield from _strings(one)
