"""The rule library as people look through it: worded and indexed once, for it comes with the product."""

from functools import cache
from typing import Any, Final, NamedTuple

from api.service.chinese import traditional
from api.service.library_needs import Need, needs_of
from engine.language.base import LANGUAGES, Text
from engine.language.catalogue import Catalogue
from engine.language.document import RuleDocument
from engine.language.wording import sentence
from rule_library import library, library_definitions, purposes, rows

Json = dict[str, Any]


class Shelved(NamedTuple):
    """A rule of the library.

    Attributes:
        document: The rule.
        purpose: Key of what it is for.
        sentence: It in words, by language, with the library's names.
        needs: What it speaks of.
        text: What it can be found by: English, and Chinese in both kinds of characters.
    """

    document: RuleDocument
    purpose: str
    sentence: Text
    needs: list[Need]
    text: str


class Shelf(NamedTuple):
    """The whole library.

    Attributes:
        rules: Every rule by key, by purpose and row.
        catalogue: What they speak of.
        purposes: Title of each purpose, by key.
        rows: Purpose and title of each row of the mission map, by id.
    """

    rules: dict[str, Shelved]
    catalogue: Catalogue
    purposes: dict[str, Text]
    rows: dict[str, tuple[str, Text]]


@cache
def shelf() -> Shelf:
    """Return the library; it is read and worded when it is first asked for."""
    catalogue = Catalogue(library_definitions())
    titles: Final = {row.id: (row.purpose, row.title) for row in rows()}
    meant = purposes()
    found = {
        one.key: _shelved(one.document, catalogue, titles[one.covers[0]][0], titles, meant)
        for one in library()
    }
    return Shelf(found, catalogue, meant, titles)


def _shelved(
    document: RuleDocument,
    catalogue: Catalogue,
    purpose: str,
    titles: dict[str, tuple[str, Text]],
    meant: dict[str, Text],
) -> Shelved:
    worded = {language: sentence(document, catalogue, language) for language in LANGUAGES}
    needs = needs_of(document, catalogue.definitions)
    guide = document.guide
    said: list[dict[Any, str]] = [dict(document.name), worded, dict(meant[purpose])]
    said += [dict(titles[row][1]) for row in document.covers]
    said += [dict(one.name) for one in needs]
    if guide is not None:
        said += [dict(guide.description), dict(guide.when_to_use)]
    chinese = "\n".join(one.get("zh-Hans", "") for one in said)
    text = [document.key, *document.covers, *(part for one in said for part in one.values())]
    return Shelved(document, purpose, worded, needs, "\n".join([*text, traditional(chinese)]).casefold())
