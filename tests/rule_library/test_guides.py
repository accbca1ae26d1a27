"""The library teaches: every row of the mission map has a rule, and every rule says how it is to be used."""

import re
from typing import Any

import pytest

from engine.language.base import LANGUAGES
from rule_library import LibraryEntry, by_row, library, purposes, rows

ENTRIES = library()
each_entry = pytest.mark.parametrize(
    "entry", [one for one in ENTRIES if one.document.guide is not None], ids=lambda entry: entry.key
)
CHINESE = re.compile("[\u4e00-\u9fff]{2}")
ENGLISH = re.compile("[a-z]{3}")


def test_every_row_of_the_mission_map_is_covered() -> None:
    """No row without a working rule."""
    assert [] == [row for row, entries in by_row(ENTRIES).items() if not entries]


def test_there_are_71_rows_each_with_a_purpose_and_a_title() -> None:
    assert 71 == len({row.id for row in rows()}) == len(rows())
    assert {row.purpose for row in rows()} == set(purposes())
    for title in (*(row.title for row in rows()), *purposes().values()):
        assert set(LANGUAGES) == set(title)


def test_the_library_is_in_the_order_of_purpose() -> None:
    """What a programme begins with comes first."""
    place = {row.id: at for at, row in enumerate(rows())}
    found = [(place[one.covers[0]], one.key) for one in ENTRIES]

    assert sorted(found) == found
    assert len(ENTRIES) >= 70


@each_entry
def test_says_what_it_does_and_when_to_use_it(entry: LibraryEntry) -> None:
    """In both languages, each in its own."""
    guide = entry.document.guide
    assert guide is not None

    for said in (guide.description, guide.when_to_use):
        assert ENGLISH.search(said["en"])
        assert not CHINESE.search(said["en"].replace("“", ""))
        assert CHINESE.search(said["zh-Hans"])


@each_entry
def test_names_what_is_to_be_adapted(entry: LibraryEntry) -> None:
    """Each parameter points at something that the document says, and is called something."""
    guide = entry.document.guide
    assert guide is not None

    assert 1 <= len(guide.parameters)
    plain = entry.document.plain()
    for one in guide.parameters:
        assert resolved(plain, one.at) is not None, one.at
        assert set(LANGUAGES) <= set(one.label)
        assert not one.at.startswith(("/key", "/name", "/covers", "/examples", "/guide"))


@each_entry
def test_shows_one_that_fires_one_that_must_not_and_the_boundary(entry: LibraryEntry) -> None:
    """Each by an example of its own."""
    examples = entry.document.examples

    assert {"fires", "holds_back", "boundary"} <= {one.shows for one in examples}
    assert all(one.expect for one in examples if one.shows == "fires")


def resolved(document: Any, pointer: str) -> Any:
    """Return what a JSON pointer points at."""
    for step in pointer.split("/")[1:]:
        document = document[int(step)] if isinstance(document, list) else document[step]
    return document
