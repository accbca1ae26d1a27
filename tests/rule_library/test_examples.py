"""Every rule of the library does what its examples say, to the instant."""

from typing import Any

import pytest

from api.service.examples import effects_of_example
from engine.language.catalogue import Catalogue
from engine.language.check import check
from engine.language.document import Example
from engine.values import instant_text, parse_instant
from rule_library import LibraryEntry, library, library_definitions

ENTRIES = library()
CATALOGUE = Catalogue(library_definitions())
CASES = [(entry, example) for entry in ENTRIES for example in entry.document.examples]


def expected(example: Example) -> list[dict[str, Any]]:
    return [{**one, "at": instant_text(parse_instant(one["at"]))} for one in example.expect]


@pytest.mark.parametrize(("entry", "example"), CASES, ids=[f"{e.key}: {x.name}" for e, x in CASES])
def test_example_is_kept(entry: LibraryEntry, example: Example) -> None:
    """An example's events give exactly its effects, in order, at its instants."""
    others = [other.document for other in ENTRIES if other.key in example.with_]

    assert expected(example) == effects_of_example(example, entry.document, others, CATALOGUE)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.key)
def test_rule_has_examples_and_no_findings(entry: LibraryEntry) -> None:
    """A rule of the library shows what it does, and has no error."""
    others = [other.document for other in ENTRIES if other.key != entry.key]

    assert len(entry.document.examples) >= 2
    assert any(example.expect for example in entry.document.examples)
    assert [] == [one for one in check(entry.document, CATALOGUE, others) if one.severity == "error"]
