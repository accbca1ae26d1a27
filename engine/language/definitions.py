"""What a programme defines: events, attributes, tags, messages, and what it can give."""

from typing import Annotated, Literal

from pydantic import Field

from engine.language.base import EventName, Key, Part, labels, words
from engine.language.benefits import CouponDefinition, Name, UnitDefinition
from engine.language.campaigns import CampaignDefinition
from engine.language.contact import ChannelSetting, ContactPolicy, Purpose
from engine.language.levels import LadderDefinition, MembershipDefinition
from engine.language.queues import QueueDefinition
from engine.language.scarce import BudgetDefinition, WheelDefinition
from engine.language.segments import ScoreDefinition, SegmentDefinition
from engine.language.tags import TagDefinition

Keyword = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^\S(.*\S)?$")]


class Property(Part):
    """A property of an event, or an attribute of a member.

    Attributes:
        personal: Whether its value is personal; then it goes to the vault and
            rules see a token, so they can only ask whether it is known.
        keywords: Words that are looked for in a text before it goes to the vault; rules see those
            that were found, as the list `<name>_keywords`.
    """

    name: Annotated[str, Field(pattern=r"^[^\s\x00-\x1f\"'\\]{1,128}$")]
    label: Name
    type: Literal["text", "number", "boolean", "instant", "list"]
    personal: bool = False
    keywords: list[Keyword] = Field(default=[], max_length=500)


class EventDefinition(Part):
    """An event by name, with the properties that rules may read."""

    name: EventName
    label: Name
    properties: list[Property] = Field(default=[], max_length=200)


class TemplateDefinition(Part):
    """A message, in the languages it is sent in.

    Attributes:
        purpose: `marketing`, or `service` for what the member must be told: that is exempt from
            consent, frequency caps and quiet hours.
        when_missing: What becomes of a place whose value is missing and has no text of its own to
            fall back on: it is `empty`, or the message is given up (`fail`).
        body: The text.
        html: The same as HTML, for e-mail; values are escaped where they are filled in.
    """

    key: Key
    name: Name
    purpose: Purpose = Field(
        default="marketing",
        json_schema_extra=labels(
            words("Purpose", "用途"),
            {
                "marketing": (
                    "marketing: consent, caps and quiet hours hold",
                    "营销：须遵守同意、频次与免打扰",
                ),
                "service": ("service: always sent", "服务通知：始终发送"),
            },
        ),
    )
    when_missing: Literal["empty", "fail"] = Field(
        default="empty",
        json_schema_extra=labels(
            words("A value that is missing", "缺失的值"),
            {"empty": ("reads as nothing", "留空"), "fail": ("stops the message", "不发送该消息")},
        ),
    )
    subject: Name | None = None
    body: Name
    html: Name | None = None


class EndpointDefinition(Part):
    """Where webhooks may be posted. The signing secret is kept apart, not in the log."""

    key: Key
    name: Name
    url: str = Field(pattern=r"^https?://[^\s\"'\\]{1,500}$")


class ProgrammeDefinition(Part):
    """What holds for the whole programme.

    Attributes:
        name: What it is called in messages.
        zone: IANA zone of the programme's clock, and of members who told none.
        currency: What amounts are in when nothing else is said.
        late_after_hours: From which delay on an event is late.
        returns_days: How long an order is remembered, so that its refund takes back what it gave.
        approval: Whether a rule is published only when a second person has approved the draft.
    """

    name: Name | None = None
    zone: str = "Asia/Shanghai"
    currency: str = Field(default="CNY", pattern=r"^[A-Z]{3}$")
    late_after_hours: int = Field(default=72, ge=1, le=8760)
    returns_days: int = Field(default=180, ge=1, le=3650)
    approval: Literal["required", "optional"] = "optional"


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
    segments: list[SegmentDefinition] = Field(default=[])
    scores: list[ScoreDefinition] = Field(default=[])
    contact: list[ContactPolicy] = Field(default=[])
    channels: list[ChannelSetting] = Field(default=[])
    campaigns: list[CampaignDefinition] = Field(default=[])
    queues: list[QueueDefinition] = Field(default=[])
