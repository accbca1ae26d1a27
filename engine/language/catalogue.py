"""What rules may speak of: events, facts, tags, coupons, templates, endpoints.

The catalogue is made from the product's own list (Segment's e-commerce words
and ours) and the programme's definitions. Definitions are control entries in
the log, so a catalogue is a value like any other: versioned, and an input of a
decision.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, Final, Literal, TypeAlias, TypeVar

from engine.language.base import Part
from engine.language.benefits import CouponDefinition, Name, UnitDefinition
from engine.language.builtin import DEFINED, OTHER_FACTS
from engine.language.definitions import (
    Definitions,
    EndpointDefinition,
    EventDefinition,
    ProgrammeDefinition,
    TagDefinition,
    TemplateDefinition,
)
from engine.language.levels import LadderDefinition, MembershipDefinition
from engine.language.operators import FactType
from engine.language.scarce import BudgetDefinition, WheelDefinition

_Said = TypeVar("_Said")

_Named: TypeAlias = (
    TagDefinition
    | CouponDefinition
    | TemplateDefinition
    | EndpointDefinition
    | UnitDefinition
    | LadderDefinition
    | MembershipDefinition
    | BudgetDefinition
    | WheelDefinition
)


class Fact(Part):
    """A fact that a comparison may read."""

    path: str
    label: dict[str, str]
    type: Literal["text", "number", "boolean", "instant", "list"]
    events: list[str] | None = None
    personal: bool = False
    source: str | None = None


_BUILTIN: Final = Definitions.model_validate(DEFINED)
_OTHER_FACTS: Final = tuple(Fact.model_validate(one) for one in OTHER_FACTS)


class Catalogue:
    """The names a rule may use, looked up by what a rule calls them."""

    def __init__(self, definitions: Definitions | None = None) -> None:
        """Make the catalogue of the product's own names and the programme's.

        Args:
            definitions: The programme's; a definition of a built-in event adds
                its properties to those we know.
        """
        given = definitions or Definitions()
        self.definitions = given
        self.programme = given.programme or ProgrammeDefinition()
        self.events: dict[str, EventDefinition] = {event.name: event for event in _BUILTIN.events}
        for event in given.events:
            known = self.events.get(event.name)
            if known is None:
                self.events[event.name] = event
                continue
            merged = {one.name: one for one in (*known.properties, *event.properties)}
            self.events[event.name] = event.model_copy(update={"properties": list(merged.values())})
        self.attributes = {one.name: one for one in (*_BUILTIN.attributes, *given.attributes)}
        self.tags = {one.key: one for one in given.tags}
        self.coupons = {one.key: one for one in given.coupons}
        self.templates = {one.key: one for one in given.templates}
        self.endpoints = {one.key: one for one in given.endpoints}
        self.units = {one.key: one for one in (*_BUILTIN.units, *given.units)}
        self.ladders = {one.key: one for one in given.ladders}
        self.memberships = {one.key: one for one in given.memberships}
        self.budgets = {one.key: one for one in given.budgets}
        self.wheels = {one.key: one for one in given.wheels}

    @cached_property
    def facts(self) -> dict[str, Fact]:
        """Every fact by its path, in the order in which the editor lists them."""
        found: dict[str, Fact] = {}
        for event in self.events.values():
            for one in event.properties:
                path = f"event.{one.name}"
                before = found.get(path)
                events = [*(before.events or [] if before else []), event.name]
                found[path] = Fact(
                    path=path,
                    label={str(key): said for key, said in one.label.items()},
                    type=one.type,
                    events=events,
                    personal=one.personal or (before is not None and before.personal),
                )
        for one in self.attributes.values():
            path = f"member.{one.name}"
            found[path] = Fact(
                path=path,
                label={str(key): said for key, said in one.label.items()},
                type=one.type,
                personal=one.personal,
            )
        for fact in (*_OTHER_FACTS, *self._own()):
            found[fact.path] = fact
        return found

    def _own(self) -> Iterator[Fact]:
        """Yield what the programme itself knows of a member: balances and levels."""
        for unit in self.units.values():
            label = {str(key): said for key, said in unit.name.items()}
            yield Fact(path=f"member.balance.{unit.key}", label=label, type="number")
        for ladder in self.ladders.values():
            label = {str(key): said for key, said in ladder.name.items()}
            yield Fact(path=f"member.level.{ladder.key}", label=label, type="text", source="tiers")

    def unit(self, key: str) -> UnitDefinition:
        """Return a unit's definition; a plain one for a unit that isn't defined any more."""
        return self.units.get(key) or UnitDefinition(key=key, name={"en": key})

    def name_of(self, kind: str, key: str) -> Name | None:
        """Return what people call a definition, or None if there is none of that key.

        Args:
            kind: `tags`, `coupons`, `templates`, `endpoints`, `units`, `ladders`, `memberships`,
                `budgets` or `wheels`.
            key: Key of the definition.
        """
        kinds: dict[str, Mapping[str, _Named]] = {
            "tags": self.tags,
            "coupons": self.coupons,
            "templates": self.templates,
            "endpoints": self.endpoints,
            "units": self.units,
            "ladders": self.ladders,
            "memberships": self.memberships,
            "budgets": self.budgets,
            "wheels": self.wheels,
        }
        found = kinds[kind].get(key)
        return found.name if found is not None else None

    def fact_type(self, path: str) -> FactType | None:
        """Return the declared type of a fact, or None if nobody has declared it."""
        fact = self.facts.get(path)
        return fact.type if fact is not None else None

    def plain(self) -> dict[str, Any]:
        """Return the catalogue as plain JSON data, for the editor."""

        def rows(many: dict[str, Any]) -> list[dict[str, Any]]:
            return [one.model_dump(mode="json", by_alias=True, exclude_none=True) for one in many.values()]

        return {
            "programme": self.programme.model_dump(mode="json"),
            "events": rows(self.events),
            "facts": rows(self.facts),
            "tags": rows(self.tags),
            "coupons": rows(self.coupons),
            "templates": rows(self.templates),
            "endpoints": rows(self.endpoints),
            "units": rows(self.units),
            "ladders": rows(self.ladders),
            "memberships": rows(self.memberships),
            "budgets": rows(self.budgets),
            "wheels": rows(self.wheels),
        }


def label_of(label: Mapping[Any, _Said], language: str) -> _Said:
    """Return wording in a language, falling back to English and then to any."""
    return label.get(language) or label.get("en") or next(iter(label.values()))
