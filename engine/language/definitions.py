"""What a programme defines: events, attributes, tags, messages, and what it can give."""

from typing import Annotated, Literal

from pydantic import Field

from engine.language.base import EventName, Key, Part
from engine.language.benefits import CouponDefinition, Name, UnitDefinition
from engine.language.levels import LadderDefinition, MembershipDefinition
from engine.language.scarce import BudgetDefinition, WheelDefinition


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
    """What holds for the whole programme.

    Attributes:
        zone: IANA zone of the programme's clock, and of members who told none.
        currency: What amounts are in when nothing else is said.
        late_after_hours: From which delay on an event is late.
        returns_days: How long an order is remembered, so that its refund takes back what it gave.
    """

    zone: str = "Asia/Shanghai"
    currency: str = Field(default="CNY", pattern=r"^[A-Z]{3}$")
    late_after_hours: int = Field(default=72, ge=1, le=8760)
    returns_days: int = Field(default=180, ge=1, le=3650)


class Definitions(Part):
    """What the programme has defined, as `define` reads it. Every part is optional."""

    programme: ProgrammeDefinition | None = None
    events: list[EventDefinition] = Field(default=[])
    attributes: list[Property] = Field(default=[])
    tags: list[TagDefinition] = Field(default=[])
    coupons: list[CouponDefinition] = Field(default=[])
    templates: list[TemplateDefinition] = Field(default=[])
    endpoints: list[EndpointDefinition] = Field(default=[])
    units: list[UnitDefinition] = Field(default=[])
    ladders: list[LadderDefinition] = Field(default=[])
    memberships: list[MembershipDefinition] = Field(default=[])
    budgets: list[BudgetDefinition] = Field(default=[])
    wheels: list[WheelDefinition] = Field(default=[])
