"""What rules may speak of: events, facts, tags, coupons, templates, endpoints.

The catalogue is made from the product's own list (Segment's e-commerce words
and ours) and the programme's definitions. Definitions are control entries in
the log, so a catalogue is a value like any other: versioned, and an input of a
decision.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, Final, Literal, TypeAlias, TypeVar

from engine.events import TAG_ADDED, TAG_REMOVED
from engine.language.base import Part, words
from engine.language.benefits import CouponDefinition, Name, UnitDefinition
from engine.language.builtin import DEFINED, OTHER_FACTS
from engine.language.campaigns import CampaignDefinition
from engine.language.contact import CHANNEL_NAMES, ChannelSetting, ContactPolicy
from engine.language.definitions import (
    Definitions,
    EndpointDefinition,
    EventDefinition,
    ProgrammeDefinition,
    Property,
    TemplateDefinition,
)
from engine.language.levels import LadderDefinition, MembershipDefinition
from engine.language.operators import FactType
from engine.language.queues import QueueDefinition
from engine.language.scarce import BudgetDefinition, WheelDefinition
from engine.language.segments import RFM_SEGMENTS, ScoreDefinition, SegmentDefinition
from engine.language.tags import TagDefinition, Taxonomy

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
    | SegmentDefinition
    | ScoreDefinition
    | ContactPolicy
    | ChannelSetting
    | CampaignDefinition
    | QueueDefinition
)


class Fact(Part):
    """A fact that a comparison may read."""

    path: str
    label: dict[str, str]
    type: Literal["text", "number", "boolean", "instant", "list"]
    events: list[str] | None = None
    personal: bool = False
    source: str | None = None


_RFM_NAMES: Final[dict[str, Name]] = {
    key: {"en": english, "zh-Hans": chinese} for key, english, chinese in RFM_SEGMENTS.values()
}
_RFM_FACTS: Final = (
    ("recency", "recency score", "最近度得分", "number", None),
    ("frequency", "frequency score", "频次得分", "number", None),
    ("monetary", "monetary score", "金额得分", "number", None),
    ("code", "RFM code", "RFM 编码", "text", None),
    ("segment", "RFM segment", "RFM 类别", "text", "rfm_segments"),
    ("band", "loyalty band", "忠诚度阶梯", "text", None),
)
_NAMED_BY: Final = {
    "event.tag": "tags",
    "event.coupon": "coupons",
    "event.template": "templates",
    "event.membership": "memberships",
    "event.queue": "queues",
}
"""Properties of our own events that hold the key of a definition."""

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
        self.segments = {one.key: one for one in given.segments}
        self.scores = {one.key: one for one in given.scores}
        self.contact = {one.key: one for one in given.contact}
        self.channels: dict[str, ChannelSetting] = {one.key: one for one in given.channels}
        self.campaigns = {one.key: one for one in given.campaigns}
        self.queues = {one.key: one for one in given.queues}

    @cached_property
    def taxonomy(self) -> Taxonomy:
        """How the tags stand to each other."""
        return Taxonomy(self.tags)

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
                    source=_NAMED_BY.get(path),
                )
                if one.keywords:
                    hits = keyword_fact(one)
                    before = found.get(hits.path)
                    events = [*(before.events or [] if before else []), event.name]
                    found[hits.path] = hits.model_copy(update={"events": events})
        tag = found["event.tag"]
        if tag.events == [TAG_ADDED, TAG_REMOVED]:
            found["event.tag"] = tag.model_copy(update={"source": "tags"})
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
        """Yield what the programme itself knows of a member: balances, levels, scores and consent."""
        for unit in self.units.values():
            label = {str(key): said for key, said in unit.name.items()}
            yield Fact(path=f"member.balance.{unit.key}", label=label, type="number")
        for ladder in self.ladders.values():
            label = {str(key): said for key, said in ladder.name.items()}
            yield Fact(path=f"member.level.{ladder.key}", label=label, type="text", source="tiers")
        for score in self.scores.values():
            called = {str(key): said for key, said in score.name.items()}
            for name, english, chinese, kind, source in _RFM_FACTS:
                yield Fact.model_validate(
                    {
                        "path": f"member.rfm.{score.key}.{name}",
                        "label": {
                            "en": f"{label_of(called, 'en')}: {english}",
                            "zh-Hans": f"{label_of(called, 'zh-Hans')}：{chinese}",
                        },
                        "type": kind,
                        "source": source,
                    }
                )
        for channel, (english, chinese) in CHANNEL_NAMES.items():
            label = words(f"consent to {english}", f"同意接收{chinese}")
            yield Fact(path=f"member.consent.{channel}", label=label, type="boolean")

    def unit(self, key: str) -> UnitDefinition:
        """Return a unit's definition; a plain one for a unit that isn't defined any more."""
        return self.units.get(key) or UnitDefinition(key=key, name={"en": key})

    def name_of(self, kind: str, key: str) -> Name | None:
        """Return what people call a definition, or None if there is none of that key.

        Args:
            kind: `tags`, `coupons`, `templates`, `endpoints`, `units`, `ladders`, `memberships`,
                `budgets`, `wheels`, `campaigns`, `contact`, `channels`, `segments`, `scores`,
                `queues` or `rfm_segments`.
            key: Key of the definition.
        """
        if kind == "rfm_segments":
            return _RFM_NAMES.get(key)
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
            "segments": self.segments,
            "scores": self.scores,
            "contact": self.contact,
            "channels": self.channels,
            "campaigns": self.campaigns,
            "queues": self.queues,
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
            "programme": self.programme.model_dump(mode="json", exclude_none=True),
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
            "segments": rows(self.segments),
            "scores": rows(self.scores),
            "rfm_segments": [{"key": key, "name": name} for key, name in _RFM_NAMES.items()],
            "contact": rows(self.contact),
            "channels": rows(self.channels),
            "campaigns": rows(self.campaigns),
            "queues": rows(self.queues),
        }


def keywords_of(name: str) -> str:
    """Return the name under which the keywords stand that were found in a property."""
    return f"{name}_keywords"


def keyword_fact(told: Property) -> Fact:
    """Return the fact that lists which keywords were found in a property."""
    label = {str(key): said for key, said in told.label.items()}
    zh = label.get("zh-Hans", label.get("en", told.name))
    return Fact(
        path=f"event.{keywords_of(told.name)}",
        label={"en": f"keywords in {label_of(label, 'en')}", "zh-Hans": f"{zh}中的关键词"},
        type="list",
    )


def label_of(label: Mapping[Any, _Said], language: str) -> _Said:
    """Return wording in a language, falling back to English and then to any."""
    return label.get(language) or label.get("en") or next(iter(label.values()))
