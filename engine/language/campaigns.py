"""Campaigns: rules that run together, between two instants, for some members, out of one budget."""

from typing import Final

from pydantic import Field

from engine.language.base import EventName, Key, Part, labels, words
from engine.language.benefits import DECIMAL, KEY, Name
from engine.language.conditions import Condition

GOAL_AMOUNT: Final = "total"
"""The property of a goal event that is counted as revenue, where a campaign names none."""


class CampaignDefinition(Part):
    """What rules of one campaign have in common. A rule says by `campaign` that it belongs to one.

    Attributes:
        from_: RFC 3339 instant of its first moment; None for no beginning.
        until: RFC 3339 instant of the first moment after it; None for no end.
        budget: Key of a budget that its rules draw on, besides their own.
        audience: Whom its rules are for: joined to what each asks. None for everybody.
        holdout_percent: Part of the members that none of its rules reaches, to tell what it does.
        goal_event: What it is to lead to; *Order Completed* when it isn't said.
        goal_days: How long after a member was reached such an event is counted, in days.
        goal_amount: Number of the event that is counted as revenue; `total` when it isn't said.
        margin_percent: Which part of revenue is margin, in percent.
        message_cost: What one message costs, in the programme's currency.
        owner: Who answers for it.
    """

    key: Key = Field(json_schema_extra=KEY)
    name: Name
    from_: str | None = Field(
        default=None, alias="from", json_schema_extra=labels(words("From", "开始"), widget="instant")
    )
    until: str | None = Field(
        default=None, json_schema_extra=labels(words("Until", "结束"), widget="instant")
    )
    budget: Key | None = Field(
        default=None, json_schema_extra=labels(words("Budget", "预算"), source="budgets")
    )
    audience: Condition | None = Field(
        default=None, json_schema_extra=labels(words("Audience", "人群"), widget="condition")
    )
    holdout_percent: int | None = Field(
        default=None, ge=1, le=99, json_schema_extra=labels(words("Hold-out, %", "对照组 %"))
    )
    goal_event: EventName | None = Field(
        default=None, json_schema_extra=labels(words("Goal event", "目标事件"), source="events")
    )
    goal_days: int = Field(
        default=30, ge=1, le=365, json_schema_extra=labels(words("Goal counts for, days", "目标统计天数"))
    )
    goal_amount: str | None = Field(
        default=None,
        min_length=1,
        max_length=128,
        json_schema_extra=labels(words("Counted as revenue", "计为收入的属性")),
    )
    margin_percent: int = Field(
        default=100, ge=1, le=100, json_schema_extra=labels(words("Margin, % of revenue", "毛利占收入 %"))
    )
    message_cost: str | None = Field(
        default=None,
        pattern=DECIMAL,
        json_schema_extra=labels(words("Cost of one message", "单条消息成本"), widget="decimal"),
    )
    owner: str | None = Field(
        default=None, max_length=200, json_schema_extra=labels(words("Owner", "负责人"))
    )
