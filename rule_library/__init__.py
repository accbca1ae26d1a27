"""Rules to learn from and to start with: data, each with examples that the tests assert.

One `*.rule.json` holds one rule. What the rules speak of (tags, coupons, templates, endpoints) is
in `definitions.json`, and what they are for (rows of the mission map, by purpose) in `rows.json`.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from engine.language.definitions import Definitions
from engine.language.document import RuleDocument
from engine.language.parse import parse_rule

_HERE: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that a membership programme must be able to do.

    Attributes:
        id: Stable, such as `J4`.
        purpose: Key of the purpose that it serves.
        title: What it is called, by language.
    """

    id: str
    purpose: str
    title: dict[str, str]


@dataclass(frozen=True, slots=True)
class LibraryEntry:
    """One rule of the library.

    Attributes:
        document: The rule, with its examples.
        file: Name of the file it stands in: its key and `.rule.json`.
    """

    document: RuleDocument
    file: str

    @property
    def key(self) -> str:
        """The rule's key."""
        return self.document.key

    @property
    def covers(self) -> list[str]:
        """Rows of the mission map that it is an answer to, such as `J4`; the first one names its purpose."""
        return self.document.covers


@cache
def rows() -> tuple[Row, ...]:
    """Return every row of the mission map, by purpose."""
    said = json.loads((_HERE / "rows.json").read_bytes())
    return tuple(Row(**one) for one in said["rows"])


def purposes() -> dict[str, dict[str, str]]:
    """Return the title of each purpose, by its key, in the order in which a programme meets them."""
    said = json.loads((_HERE / "rows.json").read_bytes())
    return {one["key"]: one["title"] for one in said["purposes"]}


def library() -> list[LibraryEntry]:
    """Return every rule of the library, by purpose: in the order of the first row it covers, then by key.

    Raises:
        InvalidRule: If a file isn't a rule document.
    """
    files = sorted(_HERE.glob("*.rule.json"))
    entries = [LibraryEntry(parse_rule(file.read_bytes()), file.name) for file in files]
    place = {row.id: at for at, row in enumerate(rows())}
    return sorted(entries, key=lambda one: (place.get(one.covers[0], len(place)), one.key))


def library_definitions() -> Definitions:
    """Return the definitions that the library's rules speak of."""
    return Definitions.model_validate_json((_HERE / "definitions.json").read_bytes())


def by_row(entries: list[LibraryEntry]) -> dict[str, list[LibraryEntry]]:
    """Return the rules that cover each row of the mission map, rows in order; none for one that is dark."""
    return {row.id: [entry for entry in entries if row.id in entry.covers] for row in rows()}
