"""What a rule of the library speaks of, and which of it a programme hasn't defined yet."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from api.service.definitions import KINDS
from engine.language.base import Part, Text
from engine.language.catalogue import Catalogue
from engine.language.definitions import Definitions, EventDefinition
from engine.language.document import RuleDocument

_TOLD: Final = {"language", "key", "name", "note", "guide", "covers", "examples"}
_WORDING: Final = {"type", "name", "label", "meaning", "op"}
_FIELDS: Final = {
    "tag": "tags", "coupon": "coupons", "template": "templates", "endpoint": "endpoints",
    "segment": "segments", "ladder": "ladders", "membership": "memberships", "budget": "budgets",
    "wheel": "wheels", "queue": "queues", "campaign": "campaigns", "score": "scores", "event": "events",
}  # fmt: skip
"""Fields that can only name one kind of thing."""

_SCOPES: Final = {"level": "ladders", "balance": "units", "rfm": "scores"}
Place = tuple[str, str]
_READ: Final = re.compile(r"\b(member|event)\.([\w.-]*\w)")
_EVERYBODYS: Final = {"contact", "channels"}
"""Kinds that no rule names: they hold for every message."""


class Need(NamedTuple):
    """A definition that a rule speaks of.

    Attributes:
        kind: Its kind, such as `coupons`.
        key: Its key, or the name of an event or an attribute.
        definition: It, as the library has it.
        reads: Of an event, the properties that are read of events.
    """

    kind: str
    key: str
    definition: Part
    reads: frozenset[str]

    @property
    def name(self) -> Text:
        """What people call it."""
        said = self.definition.model_dump(mode="json", by_alias=True)
        found: Text = said["label" if self.kind in {"events", "attributes"} else "name"]
        return found


def needs_of(document: RuleDocument, definitions: Definitions) -> list[Need]:
    """Return what a rule speaks of, with what that speaks of in turn, by kind.

    Args:
        document: The rule.
        definitions: Where they are found; what isn't there is the product's own.
    """
    said = document.model_dump(mode="json", by_alias=True, exclude=_TOLD)
    named, properties = _spoken(said)
    found: dict[Place, Part] = {}
    while more := {
        place: one
        for place, one in _all(definitions)
        if place not in found and not named.isdisjoint((place, ("", place[1])))
    }:
        found |= more
        for (kind, _), one in more.items():
            if kind != "events":  # of an event, what the rule reads is enough
                again, read = _spoken(one.model_dump(mode="json", by_alias=True, exclude={"key"}))
                named, properties = named | again, properties | read
    return [
        Need(kind, key, one, properties if kind == "events" else frozenset())
        for (kind, key), one in sorted(
            found.items(), key=lambda one: (list(KINDS).index(one[0][0]), one[0][1])
        )
    ]


def missing(needs: Sequence[Need], catalogue: Catalogue) -> list[Need]:
    """Return the needs that a programme doesn't meet: no such definition, or an event without a property."""
    return [one for one in needs if not _met(one, catalogue)]


def definitions_for(needs: Sequence[Need], catalogue: Catalogue) -> Definitions:
    """Return the definitions that a programme lacks; nothing of what it has is changed.

    An event of its own that lacks a property gets it, and keeps those that it has.
    """
    lacking = missing(needs, catalogue)
    said: dict[str, Any] = {}
    for one in lacking:
        made = one.definition
        own = next((own for own in catalogue.definitions.events if own.name == one.key), None)
        if isinstance(made, EventDefinition) and own is not None:
            known = {each.name for each in own.properties}
            made = own.model_copy(
                update={
                    "properties": [
                        *own.properties,
                        *(each for each in made.properties if each.name not in known),
                    ]
                }
            )
        said.setdefault(one.kind, []).append(made)
    return Definitions.model_validate(said)


def _met(need: Need, catalogue: Catalogue) -> bool:
    known = getattr(catalogue, need.kind).get(need.key)
    if not isinstance(need.definition, EventDefinition) or not isinstance(known, EventDefinition):
        return known is not None
    asked = {one.name for one in need.definition.properties} & {_plain(one) for one in need.reads}
    return asked <= {one.name for one in known.properties}


def _plain(name: str) -> str:
    """Return the property that a fact is read from: words that were found are of the text they stand in."""
    return name.removesuffix("_keywords")


def _all(definitions: Definitions) -> Iterator[tuple[Place, Part]]:
    for kind, (_, field) in KINDS.items():
        if kind not in _EVERYBODYS:
            for one in getattr(definitions, kind):
                yield (kind, getattr(one, field)), one


def _spoken(said: object) -> tuple[set[Place], frozenset[str]]:
    """Return what some JSON data may name, by kind or of any (empty), and the properties that it reads."""
    named: set[Place] = set()
    properties: set[str] = set()
    for field, text in _strings(said, ""):
        named.add((_FIELDS.get(field, ""), text))
        for scope, path in _READ.findall(text):
            first, _, rest = path.partition(".")
            if scope == "event":
                properties.add(path)
            elif first in _SCOPES and rest:
                named.add((_SCOPES[first], rest.partition(".")[0]))
            else:
                named.add(("ladders", "tier") if first == "tier" else ("attributes", path))
    return named, frozenset(properties)


def _strings(said: object, field: str) -> Iterator[tuple[str, str]]:
    """Yield each text with the name of the field that it stands in."""
    if isinstance(said, str):
        yield field, said
    elif isinstance(said, list):
        for one in said:
            yield from _strings(one, field)
    elif isinstance(said, dict):
        for name, one in said.items():
            if name not in _WORDING:
                yield from _strings(one, name)
