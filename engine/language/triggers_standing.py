"""Triggers by what a member is: in a segment, or such that a condition is true."""

from typing import Literal

from pydantic import ConfigDict, Field

from engine.language.base import Key, Part, about, labels, words


class EnteredTrigger(Part):
    """The member comes into a segment, by an event or by the clock."""

    model_config = ConfigDict(
        json_schema_extra=about(
            words("A segment is entered", "进入分群"),
            sentence=words("when a member enters “{segment}”", "会员进入“{segment}”时"),
            icon="group",
        )
    )

    type: Literal["entered"] = "entered"
    segment: Key = Field(json_schema_extra=labels(words("Segment", "分群"), source="segments"))


class LeftTrigger(Part):
    """The member is no longer in a segment, by an event or by the clock."""

    model_config = ConfigDict(
        json_schema_extra=about(
            words("A segment is left", "离开分群"),
            sentence=words("when a member leaves “{segment}”", "会员离开“{segment}”时"),
            icon="group",
        )
    )

    type: Literal["left"] = "left"
    segment: Key = Field(json_schema_extra=labels(words("Segment", "分群"), source="segments"))


class WhileTrigger(Part):
    """As long as the rule's `if` is true of the member.

    The actions run each time it becomes true. When it no longer is, the tags
    that this rule put on are let go, and a member who is waiting in it leaves.
    """

    model_config = ConfigDict(
        json_schema_extra=about(
            words("While a condition holds", "条件成立期间"),
            sentence=words("as long as it holds", "在条件成立期间"),
            icon="hourglass",
        )
    )

    type: Literal["while"] = "while"
