"""What rules are found by, kept in memory and brought up to date by what has changed since.

Reading it costs the rules that have changed, not those in the database: every change of a rule has a turn
of its own, so that one number says whether anything has.
"""

import threading
from collections import Counter, OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import orjson

from api.service.rulebook import Rulebook
from api.service.tag_uses import uses_of
from api.store import rules as store
from api.store import turns
from api.store.connection import Connection
from api.store.rules import RuleHead
from api.store.turns import Turn
from engine.language.base import words
from rule_library import Row, purposes, rows

Json = dict[str, Any]
OWN: Final = "own"
"""Purpose of a rule that names no row of the library: somebody's own."""

_OWN_TITLE: Final = words("Rules of your own", "自建规则")
_PARTS: Final = ("when", "if", "then", "exit", "goal", "limits", "campaign")
_SEARCHES_KEPT: Final = 16


class Entry(NamedTuple):
    """A rule as it is listed, and what it can be found by.

    Attributes:
        head: How it stands.
        place: Where it stands in the list.
        purpose: Key of what it is for.
        name: What it is called, by language.
        text: What is searched.
        tags: Keys of the tags that it speaks of.
    """

    head: RuleHead
    place: tuple[int, int, str]
    purpose: str
    name: Json
    text: str
    tags: frozenset[str]

    @property
    def states(self) -> Iterator[str]:
        """How it stands, and how the approval of its draft does if somebody was asked for it."""
        yield self.head.status
        if self.head.approval != "none":
            yield self.head.approval


class Found(NamedTuple):
    """The rules in which all that is typed is found.

    Attributes:
        entries: In the order of the list.
        purposes: How many there are for each purpose.
        states: How many there are of each state for each purpose.
    """

    entries: Sequence[Entry]
    purposes: Counter[str]
    states: Counter[tuple[str, str]]


class _Kept(NamedTuple):
    """Every rule as of a turn."""

    turn: int
    entries: Mapping[str, Entry]
    ordered: Sequence[Entry]


class RuleIndex:
    """Keeps what every rule is found by."""

    def __init__(self, rulebook: Rulebook) -> None:
        """Begin with nothing known."""
        self._rulebook = rulebook
        self.rows: dict[str, tuple[int, Row]] = {row.id: (at, row) for at, row in enumerate(rows())}
        self.purposes: dict[str, Json] = {OWN: _OWN_TITLE, **purposes()}
        self._order = {key: at for at, key in enumerate(self.purposes)}
        self._kept = _Kept(-1, {}, ())
        self._one_at_a_time = threading.Lock()
        self._searches: OrderedDict[tuple[int, int, str], Found] = OrderedDict()

    def entries(self, connection: Connection) -> Mapping[str, Entry]:
        """Return every rule by key, read anew where it has changed."""
        return self._fresh(connection).entries

    def found(self, connection: Connection, search: str) -> Found:
        """Return the rules in which every word is found, in the order of the list.

        Args:
            connection: Where to read.
            search: Words that must all be in a rule, or in the names of its tags.
        """
        kept = self._fresh(connection)
        asked = (kept.turn, self._rulebook.newest, search.casefold())
        found = self._searches.get(asked)
        if found is None:
            hits = self._matching(kept.ordered, asked[2].split())
            found = self._searches[asked] = Found(
                hits,
                Counter(one.purpose for one in hits),
                Counter((state, one.purpose) for one in hits for state in one.states),
            )
            while len(self._searches) > _SEARCHES_KEPT:
                self._searches.popitem(last=False)
        return found

    def naming(self, connection: Connection, key: str) -> list[Entry]:
        """Return the rules that say a key as a value: in what they wait for, ask, do, or are limited by."""
        wanted = key.casefold()
        likely = [one for one in self._fresh(connection).ordered if wanted in one.text]
        documents = store.documents(connection, [one.head.key for one in likely])
        return [
            one
            for one in likely
            if one.head.key in documents and key in _strings(_body(orjson.loads(documents[one.head.key])))
        ]

    def _matching(self, entries: Sequence[Entry], typed: Sequence[str]) -> Sequence[Entry]:
        """Return the rules with every word; the longest is looked for first, as it leaves the fewest."""
        tags = self._rulebook.index().rules.catalogue.tags.values()
        for word in sorted(typed, key=len, reverse=True):
            named = {one.key for one in tags if any(word in said.casefold() for said in one.name.values())}
            if named:
                entries = [one for one in entries if word in one.text or not one.tags.isdisjoint(named)]
            else:
                entries = [one for one in entries if word in one.text]
        return entries

    def _fresh(self, connection: Connection) -> _Kept:
        now = turns.now(connection)
        with self._one_at_a_time:  # who comes while it is read waits for it, and doesn't read it again
            if now.last > self._kept.turn:
                self._kept = self._read(connection, self._kept, now)
            return self._kept

    def _read(self, connection: Connection, kept: _Kept, now: Turn) -> _Kept:
        whole = kept.turn < 0 or now.removed > kept.turn
        heads = store.heads(connection, after=None if whole else kept.turn)
        known = {} if whole else dict(kept.entries)
        changed = [one for one in heads if _differs(kept.entries.get(one.key), one)]
        documents = store.documents(connection, [one.key for one in changed])
        known.update((one.key, self._entry(one, documents.get(one.key))) for one in changed)
        if whole:
            known.update((one.key, kept.entries[one.key]) for one in heads if one.key not in known)
        return _Kept(now.last, known, sorted(known.values(), key=lambda one: one.place))

    def _entry(self, head: RuleHead, source: bytes | None) -> Entry:
        said: Json = {} if source is None else orjson.loads(source)
        name: Json = said.get("name", {})
        covers: list[str] = said.get("covers", [])
        covered = [self.rows[row] for row in covers if row in self.rows]
        at, purpose = (covered[0][0], covered[0][1].purpose) if covered else (0, OWN)
        body = _body(said)
        titles = [self.purposes[purpose], *(row.title for _, row in covered)]
        text = [head.key, *name.values(), *covers, *(one for title in titles for one in title.values())]
        return Entry(
            head=head,
            place=(self._order[purpose], at, head.key),
            purpose=purpose,
            name=name,
            text="\n".join([*text, *_strings(body)]).casefold(),
            tags=frozenset(one.tag for one in uses_of(body)),
        )


def _body(said: Json) -> Json:
    """Return what a rule waits for, asks, does and is limited by."""
    return {part: said[part] for part in _PARTS if part in said}


def _differs(known: Entry | None, head: RuleHead) -> bool:
    return known is None or known.head != head


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
