"""Rules to learn from and to start with: data, each with examples that the tests assert.

One `*.rule.json` holds one rule. What the rules speak of (tags, coupons, templates, endpoints) is
in `definitions.json`.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from engine.language.definitions import Definitions
from engine.language.document import RuleDocument
from engine.language.parse import parse_rule

_HERE: Final = Path(__file__).parent


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
        """Rows of the mission map that it is an answer to, such as `J4`."""
        return self.document.covers


def library() -> list[LibraryEntry]:
    """Return every rule of the library, by key.

    Raises:
        InvalidRule: If a file isn't a rule document.
    """
    files = sorted(_HERE.glob("*.rule.json"))
    return [LibraryEntry(parse_rule(file.read_bytes()), file.name) for file in files]


def library_definitions() -> Definitions:
    """Return the definitions that the library's rules speak of."""
    return Definitions.model_validate_json((_HERE / "definitions.json").read_bytes())


def by_row(entries: list[LibraryEntry]) -> dict[str, list[LibraryEntry]]:
    """Return the rules that cover each row of the mission map, rows in order."""
    rows = sorted({row for entry in entries for row in entry.covers})
    return {row: [entry for entry in entries if row in entry.covers] for row in rows}
