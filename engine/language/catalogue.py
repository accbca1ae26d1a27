"""What rules may speak of: events, facts, tags, coupons, templates, endpoints.

The catalogue is made from the product's own list (Segment's e-commerce words
and ours) and the programme's definitions. Definitions are control entries in
the log, so a catalogue is a value like any other: versioned, and an input of a
decision.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Final, Literal, TypeAlias, TypeVar

from pydantic import Field

from engine.language.base import EventName, Key, Part
from engine.language.builtin import DEFINED, OTHER_FACTS
from engine.language.operators import FactType

_Said = TypeVar("_Said")

Name = Annotated[dict[Literal["en", "zh-Hans", "zh-Hant"], str], Field(min_length=1)]
"""What people call it, by language."""


class Property(Part):
    """A property of an event, or an attribute of a member.

    Attributes:
        personal: Whether its value is personal; then it goes to the vault and
            rules see a token, so they can only ask whether it is known.
    """

    name: Annotated[str, Field(pattern=r"^[^\s\x00-\x1f\"'\\]{1,128}$")]
    label: Name
    type: Literal["text", "number", "boolean", "instant", "list"]
    personal: bool = False


class EventDefinition(Part):
    """An event by name, with the properties that rules may read."""

    name: EventName
    label: Name
    properties: list[Property] = Field(default=[], max_length=200)


class TagDefinition(Part):
    """A tag that people and rules may put on members. Its meaning is required."""

    key: Key
    name: Name
    meaning: str = Field(min_length=1, max_length=2000)
    owner: str | None = Field(default=None, max_length=200)
    category: str | None = Field(default=None, max_length=200)


class CouponDefinition(Part):
    """A kind of coupon.

    Attributes:
        kind: `percent` off, `amount` off, or a `gift`.
        value: Decimal text: percent, or money in `currency`. None for a gift.
        minimum_spend: Decimal text in `currency`: the least order it can be used on.
        valid_days: Days from issue; None for no end.
    """

    key: Key
    name: Name
    kind: Literal["percent", "amount", "gift"]
    value: str | None = Field(default=None, pattern=r"^(0|[1-9][0-9]{0,11})(\.[0-9]{1,4})?$")
    currency: str | None = Field(default=None, pattern=r"^[A-Z]{3}$")
    minimum_spend: str | None = Field(default=None, pattern=r"^(0|[1-9][0-9]{0,11})(\.[0-9]{1,4})?$")
    valid_days: int | None = Field(default=None, ge=1, le=3650)


class TemplateDefinition(Part):
    """A message, in the languages it is sent in."""

    key: Key
    name: Name
    subject: Name | None = None
    body: Name


class EndpointDefinition(Part):
    """Where webhooks may be posted. The signing secret is kept apart, not in the log."""

    key: Key
    name: Name
    url: str = Field(pattern=r"^https?://[^\s\"'\\]{1,500}$")


class ProgrammeDefinition(Part):
    """What holds for the whole programme."""

    zone: str = "Asia/Shanghai"
    currency: str = Field(default="CNY", pattern=r"^[A-Z]{3}$")
    late_after_hours: int = Field(default=72, ge=1, le=8760)


class Definitions(Part):
    """What the programme has defined, as `define` reads it. Every part is optional."""

    programme: ProgrammeDefinition | None = None
    events: list[EventDefinition] = Field(default=[])
    attributes: list[Property] = Field(default=[])
    tags: list[TagDefinition] = Field(default=[])
    coupons: list[CouponDefinition] = Field(default=[])
    templates: list[TemplateDefinition] = Field(default=[])
    endpoints: list[EndpointDefinition] = Field(default=[])


_Named: TypeAlias = TagDefinition | CouponDefinition | TemplateDefinition | EndpointDefinition


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
        for fact in _OTHER_FACTS:
            found[fact.path] = fact
        return found

    def name_of(self, kind: str, key: str) -> Name | None:
        """Return what people call a definition, or None if there is none of that key.

        Args:
            kind: `tags`, `coupons`, `templates` or `endpoints`.
            key: Key of the definition.
        """
        kinds: dict[str, Mapping[str, _Named]] = {
            "tags": self.tags,
            "coupons": self.coupons,
            "templates": self.templates,
            "endpoints": self.endpoints,
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
            return [one.model_dump(mode="json", exclude_none=True) for one in many.values()]

        return {
            "programme": self.programme.model_dump(mode="json"),
            "events": rows(self.events),
            "facts": rows(self.facts),
            "tags": rows(self.tags),
            "coupons": rows(self.coupons),
            "templates": rows(self.templates),
            "endpoints": rows(self.endpoints),
        }


def label_of(label: Mapping[Any, _Said], language: str) -> _Said:
    """Return wording in a language, falling back to English and then to any."""
    return label.get(language) or label.get("en") or next(iter(label.values()))
