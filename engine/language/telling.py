"""What a rule does to another member than its own: it tells that member of something."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from engine.language.base import EventName, Part, about, labels, words

_Fact = Annotated[str, Field(pattern=r"^(event|member)\.[^\s\x00-\x1f\"'\\]{1,128}$")]


class ToldAlong(Part):
    """A property of the event at hand that the other member's event has, too, under the same name."""

    model_config = ConfigDict(
        json_schema_extra=about(words("Property", "属性"), sentence=words("{name}", "{name}"))
    )

    name: str = Field(
        min_length=1, max_length=128, json_schema_extra=labels(words("Property", "属性"), source="properties")
    )


class TellMemberAction(Part):
    """Let something happen to another member, who is decided on by the rules a moment later.

    Attributes:
        member: Fact that holds the other's id: `member.referrer_id`, `event.friend_id`.
        event: Name of the event that happens to the other.
        properties: Properties of the event at hand that are told along.
    """

    model_config = ConfigDict(
        json_schema_extra=about(
            words("Tell another member", "告知另一位会员"),
            sentence=words(
                "tell the member in “{member}” of {event}[ with {properties}]",
                "告知“{member}”所指会员：{event}[（附带{properties}）]",
            ),
            icon="bolt",
        )
    )

    type: Literal["tell_member"] = "tell_member"
    member: _Fact = Field(json_schema_extra=labels(words("Whose id is in", "对方编号取自"), source="facts"))
    event: EventName = Field(json_schema_extra=labels(words("Event", "事件"), source="events"))
    properties: list[ToldAlong] | None = Field(
        default=None,
        min_length=1,
        max_length=20,
        json_schema_extra=labels(words("Told along", "附带属性"), joiner=words(", ", "、")),
    )
