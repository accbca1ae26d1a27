"""Where a definition is named, so that it is known before it is changed."""

from collections.abc import Iterator
from typing import Any

from api.service.definitions import KINDS, DefinitionsService
from api.service.refusal import Refusal
from api.service.rule_list import RuleList

Json = dict[str, Any]


class DefinitionUses:
    """Looks for the key of a definition among what rules and other definitions say."""

    def __init__(self, definitions: DefinitionsService, rules: RuleList) -> None:
        """Make the use case of its parts."""
        self._definitions = definitions
        self._rules = rules

    def of(self, kind: str, key: str) -> Json:
        """Return the rules and the definitions that say a key as a value.

        Args:
            kind: One of `KINDS`.
            key: Of a definition of that kind.

        Raises:
            Refusal: `not-found` if there is no such definition.
        """
        if not any(one[KINDS[kind][1]] == key for one in self._definitions.of_kind(kind)):
            raise Refusal("not-found", "There is no such definition.")
        named = [
            {"kind": other, "key": one[field], "name": one.get("name" if field == "key" else "label")}
            for other, (_, field) in KINDS.items()
            for one in self._definitions.of_kind(other)
            if (other, one[field]) != (kind, key) and _names(one, field, key)
        ]
        return {"rules": self._rules.naming(key), "definitions": named}


def _names(said: Json, field: str, key: str) -> bool:
    return any(key == value for part, one in said.items() if part != field for value in _values(one))


def _values(said: Any) -> Iterator[str]:
    if isinstance(said, str):
        yield said
    for inner in said.values() if isinstance(said, dict) else said if isinstance(said, list) else ():
        yield from _values(inner)
