"""The rule library in the studio: looked through, shown, and adopted as drafts."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from api.service.definitions import DefinitionsService
from api.service.library_needs import Need, definitions_for, missing
from api.service.library_play import example_summary, played
from api.service.library_shelf import Shelved, shelf
from api.service.refusal import Finding, Refusal
from api.service.rulebook import Rulebook
from api.service.rules import RulesService
from api.store import rules as store
from api.store.connection import Connection
from api.store.database import Database
from engine.language.catalogue import Catalogue
from engine.language.definitions import Definitions

Json = dict[str, Any]
_NUMBERED: Final = range(2, 100)
_LONGEST: Final = 64


class Sought(NamedTuple):
    """Which rules of the library are looked for; empty for any.

    Attributes:
        search: Words that must all be in the rule, in English or Chinese.
        purpose: Key of what it is for.
        row: Id of a row of the mission map that it covers.
    """

    search: str = ""
    purpose: str = ""
    row: str = ""


class Library:
    """Finds rules of the library for people, and lets them begin rules of their own with them."""

    def __init__(
        self, database: Database, rulebook: Rulebook, rules: RulesService, definitions: DefinitionsService
    ) -> None:
        """Make the use case of its parts."""
        self._database = database
        self._rulebook = rulebook
        self._rules = rules
        self._definitions = definitions

    def page(self, sought: Sought, after: str | None, limit: int) -> Json:
        """Return a page of the library, by purpose.

        Args:
            sought: Which rules.
            after: Key of the rule that the page comes after; None for the first page.
            limit: How many at most.

        Raises:
            Refusal: `invalid-request` if there is no rule `after`.
        """
        if after is not None and after not in shelf().rules:
            raise Refusal(
                "invalid-request", "See errors.", [Finding("/query/after", "is the `next` of a page before")]
            )
        words = sought.search.casefold().split()
        found = [one for one in shelf().rules.values() if all(word in one.text for word in words)]
        of_row = [one for one in found if sought.row in {"", *one.document.covers}]
        of_purpose = [one for one in found if sought.purpose in {"", one.purpose}]
        shown = [one for one in of_row if sought.purpose in {"", one.purpose}]
        begin = 0
        if after is not None:
            order = list(shelf().rules)
            begin = sum(order.index(one.document.key) <= order.index(after) for one in shown)
        part = shown[begin : begin + limit]
        with self._database.read() as connection:
            adopted = _adopted(connection, [one.document.key for one in part])
        return {
            "items": [self._told(one, adopted) for one in part],
            "next": part[-1].document.key if begin + limit < len(shown) else None,
            "total": len(shown),
            "purposes": _purposes(Counter(one.purpose for one in of_row)),
            "rows": _rows(Counter(row for one in of_purpose for row in one.document.covers)),
        }

    def detail(self, key: str) -> Json:
        """Return a rule of the library with its examples, and a key that it could be adopted under.

        Raises:
            Refusal: `not-found`.
        """
        one = _shelved(key)
        with self._database.read() as connection:
            adopted = _adopted(connection, [key])
            free = _free_key(connection, key)
        guide = one.document.guide
        return {
            **self._told(one, adopted),
            "rows": _rows(Counter(one.document.covers)),
            "document": one.document.plain(),
            "parameters": []
            if guide is None
            else [each.model_dump(mode="json") for each in guide.parameters],
            "examples": [example_summary(each) for each in one.document.examples],
            "free_key": free,
        }

    def play(self, key: str, number: int) -> Json:
        """Return an example step by step.

        Args:
            key: Key of the rule.
            number: Place of the example, from 0.

        Raises:
            Refusal: `not-found`.
        """
        if number >= len(_shelved(key).document.examples):
            raise Refusal("not-found", "The rule has no such example.")
        return played(key, number)

    def adopt(self, key: str, *, under: str | None, with_definitions: bool, by: str) -> Json:
        """Begin a rule with one of the library and return its RuleDetail; all of it is done, or nothing.

        Args:
            key: Key of the rule in the library.
            under: Key of the rule that is made; None for the same.
            with_definitions: Whether what it needs and isn't defined yet is defined as in the library.
            by: Who asks.

        Raises:
            Refusal: `not-found`, or `key-taken` if there is a rule of the key.
        """
        one = _shelved(key)
        document = one.document.model_copy(update={"key": under or key})

        def lacking(catalogue: Catalogue) -> Definitions:
            return definitions_for(one.needs, catalogue) if with_definitions else Definitions()

        self._definitions.add(lacking, by=by, also=self._rules.beginning(document, by=by))
        return self._rules.detail(document.key)

    def _told(self, one: Shelved, adopted: dict[str, Json]) -> Json:
        document, guide = one.document, one.document.guide
        catalogue = self._rulebook.index().rules.catalogue
        return {
            "key": document.key,
            "name": dict(document.name),
            "description": {} if guide is None else dict(guide.description),
            "when_to_use": {} if guide is None else dict(guide.when_to_use),
            "purpose": {"key": one.purpose, "title": shelf().purposes[one.purpose]},
            "covers": document.covers,
            "sentence": one.sentence,
            "adopted": adopted.get(document.key),
            "needs": [_need(each) for each in missing(one.needs, catalogue)],
        }


def _need(one: Need) -> Json:
    return {"kind": one.kind, "key": one.key, "name": one.name}


def _shelved(key: str) -> Shelved:
    found = shelf().rules.get(key)
    if found is None:
        raise Refusal("not-found", "The library has no such rule.")
    return found


def _numbered(key: str) -> list[str]:
    """Return the key and those that further copies get, without the keys of other rules of the library."""
    further = [f"{key[: _LONGEST - 3]}-{number}" for number in _NUMBERED]
    return [key, *(one for one in further if one not in shelf().rules)]


def _adopted(connection: Connection, keys: Iterable[str]) -> dict[str, Json]:
    """Return the rule that each of the library was adopted as, the first of them, with how it stands."""
    copies = {key: _numbered(key)[:10] for key in keys}
    standing = store.statuses(connection, [one for some in copies.values() for one in some])
    found: dict[str, Json] = {}
    for key, some in copies.items():
        first = next((one for one in some if one in standing), None)
        if first is not None:
            found[key] = {"key": first, "status": standing[first]}
    return found


def _free_key(connection: Connection, key: str) -> str:
    copies = _numbered(key)
    taken = store.statuses(connection, copies)
    return next((one for one in copies if one not in taken), "")


def _purposes(counts: Counter[str]) -> list[Json]:
    return [
        {"key": key, "title": title, "rules": counts[key]}
        for key, title in shelf().purposes.items()
        if counts[key]
    ]


def _rows(counts: Counter[str]) -> list[Json]:
    return [
        {"id": row, "purpose": purpose, "title": title, "rules": counts[row]}
        for row, (purpose, title) in shelf().rows.items()
        if counts[row]
    ]
