"""Definitions of segments, and of scores by recency, frequency and money."""

from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Final, Literal

from pydantic import Field, model_validator

from engine.language.base import Duration, EventName, Key, Part, labels, words
from engine.language.benefits import DECIMAL, KEY, Currency, Name
from engine.language.conditions import NET_EVENT, NET_PROPERTY, Condition

BUCKETS: Final = 5
"""How many scores there are: 1 to 5, of which 5 is the best."""

RFM_SEGMENTS: Final[dict[str, tuple[str, str, str]]] = {
    "111": ("important-value", "important, valuable", "重要价值"),
    "011": ("important-retain", "important, to be kept", "重要保持"),
    "101": ("important-develop", "important, to be developed", "重要发展"),
    "001": ("important-win-back", "important, to be won back", "重要挽留"),
    "110": ("general-value", "general, valuable", "一般价值"),
    "010": ("general-retain", "general, to be kept", "一般保持"),
    "100": ("general-develop", "general, to be developed", "一般发展"),
    "000": ("general-win-back", "general, to be won back", "一般挽留"),
}
"""The eight segments by code (recency, frequency, money; 1 is high): key, English and Chinese name."""


class SegmentDefinition(Part):
    """A named group of members: those of whom a condition is true, or those on a list.

    Attributes:
        meaning: What the segment stands for, in words.
        owner: Who answers for it.
        kind: `condition`: computed, at every instant; `list`: people and systems put members on it.
        condition: For `condition`: what must be true of the member.
    """

    key: Key = Field(json_schema_extra=KEY)
    name: Name
    meaning: str = Field(
        min_length=1, max_length=2000, json_schema_extra=labels(words("Meaning", "含义"), widget="long")
    )
    owner: str | None = Field(
        default=None, max_length=200, json_schema_extra=labels(words("Owner", "负责人"))
    )
    kind: Literal["condition", "list"] = Field(
        default="condition",
        json_schema_extra=labels(
            words("Who is in it", "成员来源"),
            {
                "condition": ("members of whom a condition is true", "满足条件的会员"),
                "list": ("members put on a list", "名单中的会员"),
            },
        ),
    )
    condition: Condition | None = Field(
        default=None, json_schema_extra=labels(words("Condition", "条件"), widget="condition")
    )

    @model_validator(mode="after")
    def _of_its_kind(self) -> "SegmentDefinition":
        if (self.kind == "condition") != (self.condition is not None):
            raise ValueError("a computed segment has a condition, and a list has none")
        return self


class Dimension(Part):
    """How one figure becomes a score of 1 to 5.

    Attributes:
        by: `edges`: fixed thresholds; `quintiles`: a fifth of the members each, by published statistics.
        edges: For `edges`: four numbers, ascending. Recency, in days: at most the first is a 5, beyond the
            last a 1. Frequency and money: at least the last is a 5, below the first a 1.
        high_from: From which score on the dimension is high, a 1 in the code.
    """

    by: Literal["edges", "quintiles"] = Field(
        default="quintiles",
        json_schema_extra=labels(
            words("Scored by", "评分方式"),
            {"edges": ("fixed thresholds", "固定阈值"), "quintiles": ("fifths of the members", "五等分")},
        ),
    )
    edges: list[Annotated[str, Field(pattern=DECIMAL)]] = Field(
        default=[],
        max_length=BUCKETS - 1,
        json_schema_extra=labels(words("Thresholds, ascending", "阈值（由小到大）")),
    )
    high_from: int = Field(
        default=4, ge=2, le=BUCKETS, json_schema_extra=labels(words("High from score", "视为“高”的最低分"))
    )

    @model_validator(mode="after")
    def _in_order(self) -> "Dimension":
        if len(self.edges) != (BUCKETS - 1 if self.by == "edges" else 0):
            raise ValueError("fixed thresholds are four numbers, and fifths of the members have none")
        read = [Decimal(one) for one in self.edges]
        if any(later <= earlier for earlier, later in pairwise(read)):
            raise ValueError("each threshold must be larger than the one before it")
        return self


class BandDefinition(Part):
    """One band of the loyalty ladder: what a score of frequency is called."""

    key: Key = Field(json_schema_extra=KEY)
    name: Name


class ScoreDefinition(Part):
    """Recency, frequency and money of members over a window.

    Attributes:
        event: Events that are looked at.
        property: What is summed for money.
        currency: Only events in this currency count for money; None for all.
        net: Whether refunds are taken off the money; of the totals of orders only.
        within: The window that ends at each instant.
        recency: How days since the last event are scored; fewer are better.
        frequency: How the number of events is scored.
        monetary: How the sum is scored.
        bands: What the five scores of frequency are called, from 1 to 5; empty for no names.
    """

    key: Key = Field(json_schema_extra=KEY)
    name: Name
    event: EventName = Field(
        default="Order Completed", json_schema_extra=labels(words("Event", "事件"), source="events")
    )
    property_: str = Field(
        default="total",
        alias="property",
        min_length=1,
        max_length=128,
        json_schema_extra=labels(words("Sum of", "求和属性")),
    )
    currency: Currency | None = None
    net: bool = Field(
        default=False,
        exclude_if=lambda net: not net,
        json_schema_extra=labels(words("Money net of refunds", "金额扣除退款")),
    )
    within: Duration = Field(json_schema_extra=labels(words("In the last", "时间范围")))
    recency: Dimension = Field(
        default=Dimension(), json_schema_extra=labels(words("Recency, days", "最近一次（天）"))
    )
    frequency: Dimension = Field(default=Dimension(), json_schema_extra=labels(words("Frequency", "频次")))
    monetary: Dimension = Field(default=Dimension(), json_schema_extra=labels(words("Money", "金额")))
    bands: list[BandDefinition] = Field(
        default=[], max_length=BUCKETS, json_schema_extra=labels(words("Loyalty ladder", "忠诚度阶梯"))
    )

    @model_validator(mode="after")
    def _as_a_whole(self) -> "ScoreDefinition":
        if len(self.bands) not in {0, BUCKETS}:
            raise ValueError("name all five bands, from the lowest to the highest, or none")
        if self.net and (self.event, self.property_) != (NET_EVENT, NET_PROPERTY):
            raise ValueError(f"only the sum of {NET_PROPERTY!r} of {NET_EVENT!r} can be net of refunds")
        return self
