"""The library is in order: sound rules, known names, honest rows, both languages."""

import re

import pytest

from engine.language.base import LANGUAGES
from engine.language.catalogue import Catalogue
from engine.language.check import check
from engine.values import parse_instant
from rule_library import LibraryEntry, by_row, library, library_definitions

ENTRIES = library()
CATALOGUE = Catalogue(library_definitions())
each_entry = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.key)


def test_keys_are_unique_and_name_the_files() -> None:
    assert [f"{entry.key}.rule.json" for entry in ENTRIES] == [entry.file for entry in ENTRIES]


@each_entry
def test_nothing_is_found_wrong(entry: LibraryEntry) -> None:
    """Not even a note, with all of the library in force."""
    assert [] == check(entry.document, CATALOGUE, [one.document for one in ENTRIES])


@each_entry
def test_has_names_notes_and_examples(entry: LibraryEntry) -> None:
    """A rule teaches: by its name and note in both languages, by what it does and what it leaves alone."""
    document = entry.document

    assert set(LANGUAGES) == set(document.name)
    assert document.note is not None
    assert re.search(r"[a-z]{4}", document.note) is not None
    assert re.search("[\u4e00-\u9fff]{2}", document.note) is not None
    assert any(example.expect for example in document.examples)
    assert len(document.examples) >= 2


@each_entry
def test_examples_are_stories_in_order(entry: LibraryEntry) -> None:
    keys = {one.key for one in ENTRIES}

    for example in entry.document.examples:
        told = [parse_instant(call["timestamp"]) for call in example.given]
        expected = [parse_instant(effect["at"]) for effect in example.expect]
        assert sorted(told) == told
        assert sorted(expected) == expected
        assert set(example.with_) <= keys - {entry.key}


def test_rows_are_those_of_the_mission_map() -> None:
    rows = by_row(ENTRIES)

    assert all(re.fullmatch("[A-Z][0-9]{1,2}", row) for row in rows)
    assert ["win-back-90d", "win-back-journey", "win-back-return"] == [entry.key for entry in rows["J4"]]


def test_every_definition_is_used() -> None:
    said = "".join(entry.document.model_dump_json() for entry in ENTRIES)
    keys = [*CATALOGUE.tags, *CATALOGUE.coupons, *CATALOGUE.templates, *CATALOGUE.endpoints]

    assert [] == [key for key in keys if f'"{key}"' not in said]
