"""The library is in order: sound rules, known names, honest rows, both languages."""

from collections.abc import Iterator
from typing import Any

import pytest

from engine.language.base import LANGUAGES
from engine.language.catalogue import Catalogue
from engine.language.check import check
from engine.language.checks_definitions import definition_findings
from engine.language.checks_ladders import ladder_findings
from engine.programme.beaten import always_beaten
from engine.values import parse_instant
from rule_library import LibraryEntry, by_row, library, library_definitions

ENTRIES = library()
DEFINITIONS = library_definitions()
CATALOGUE = Catalogue(DEFINITIONS)
each_entry = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.key)


def test_keys_are_unique_and_name_the_files() -> None:
    assert [f"{entry.key}.rule.json" for entry in ENTRIES] == [entry.file for entry in ENTRIES]


@each_entry
def test_nothing_is_found_wrong(entry: LibraryEntry) -> None:
    """Not even a note, with all of the library in force."""
    assert [] == check(entry.document, CATALOGUE, [one.document for one in ENTRIES])


@each_entry
def test_has_names_and_examples(entry: LibraryEntry) -> None:
    """A rule teaches: by its name in both languages, by what it does and what it leaves alone."""
    document = entry.document

    assert set(LANGUAGES) <= set(document.name)
    assert document.note is not None or document.guide is not None
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
    found = by_row(ENTRIES)

    assert {row for entry in ENTRIES for row in entry.covers} <= set(found)
    assert {"win-back-90d", "win-back-journey", "win-back-return"} <= {entry.key for entry in found["J4"]}


def test_every_definition_is_used() -> None:
    """By a rule or campaign, or, for a coupon, a unit and an attribute, by a prize, a ladder, a condition."""
    documents = [entry.document for entry in ENTRIES]
    said = "".join(one.model_dump_json(exclude={"key", "name"}) for one in documents)
    given = DEFINITIONS
    said += "".join(one.model_dump_json(exclude={"key", "name"}) for one in given.wheels)
    said += "".join(one.model_dump_json(exclude={"key", "name"}) for one in given.ladders)
    said += "".join(one.model_dump_json(exclude={"key", "name"}) for one in given.campaigns)
    keys = [
        *(CATALOGUE.tags | CATALOGUE.coupons | CATALOGUE.templates | CATALOGUE.endpoints | CATALOGUE.ladders),
        *(CATALOGUE.memberships | CATALOGUE.budgets | CATALOGUE.wheels | CATALOGUE.campaigns),
        *(one.key for one in given.units),
        *(one.name for one in given.events),
    ]

    assert [] == [key for key in keys if f'"{key}"' not in said]
    assert [] == [one.name for one in given.attributes if f'"member.{one.name}"' not in said]


def test_every_property_of_an_event_is_read() -> None:
    """By a condition, an action or an example: what nobody tells isn't defined."""
    said = "".join(entry.document.model_dump_json() for entry in ENTRIES)

    for event in DEFINITIONS.events:
        for one in event.properties:
            assert f'"event.{one.name}"' in said or f'"{one.name}":' in said, (event.name, one.name)


def wordings(value: Any) -> Iterator[dict[str, str]]:
    """Yield every wording in JSON data, however deep."""
    if isinstance(value, dict):
        if set(value) & set(LANGUAGES):
            yield value
        for part in value.values():
            yield from wordings(part)
    elif isinstance(value, list):
        for part in value:
            yield from wordings(part)


def test_definitions_are_in_every_language() -> None:
    """Whatever has a name has one in each language of the product; so has what is sent."""
    found = list(wordings(DEFINITIONS.model_dump(mode="json", exclude_none=True)))

    assert len(found) > 100
    assert [] == [one for one in found if not set(LANGUAGES) <= set(one)]


def test_nothing_is_found_wrong_with_the_ladders() -> None:
    assert [] == ladder_findings(CATALOGUE)


def test_definitions_are_sound_but_for_coupons_that_another_beats() -> None:
    """Two warnings are meant: they show on the definitions' page what a marketer should look at."""
    coupons = DEFINITIONS.coupons
    found = definition_findings(CATALOGUE, always_beaten(coupons))

    assert {"coupon-always-beaten"} == {one.code for one in found}
    assert [f"/coupons/{at}" for at, one in enumerate(coupons) if one.key in {"MEMBERDAY10", "NEW30"}] == [
        one.path for one in found
    ]
