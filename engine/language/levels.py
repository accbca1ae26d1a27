"""Definitions of levels and memberships."""

from decimal import Decimal
from itertools import pairwise
from typing import Literal

from pydantic import Field, model_validator

from engine.language.base import Duration, EventName, Key, Part, labels, words
from engine.language.benefits import DECIMAL, KEY, Currency, Name


class TierDefinition(Part):
    """One level of a ladder.

    Attributes:
        from_: Decimal text: what must be reached, in the ladder's measure.
        benefits: What members of this level get, in words, besides those below.
        discount_percent: Member price: percent off the list price.
    """

    key: Key = Field(json_schema_extra=KEY)
    name: Name
    reached_at: str = Field(
        pattern=DECIMAL, json_schema_extra=labels(words("Reached at", "达到"), widget="decimal")
    )
    benefits: list[Name] = Field(
        default=[], max_length=50, json_schema_extra=labels(words("Benefits", "权益"))
    )
    discount_percent: int = Field(
        default=0, ge=0, le=90, json_schema_extra=labels(words("Member price, % off", "会员价折扣 %"))
    )


class LadderDefinition(Part):
    """Ordered levels, and how one gets there and stays. The ladder `tier` gives `member.tier`.

    Attributes:
        measure: `unit` (a unit earned), `sum` (of an event's property) or `count` (of events).
        unit: Key of the unit, for `unit`.
        event: Events that count, for `sum` and `count`.
        property: What is summed.
        currency: For `sum`: only events in this currency count.
        period: `rolling` (the last `within`), `calendar_year`, `half_year`, or `ever`.
        downgrade: At the end of a period of `hold`: `one_level` down at most, or `requalify` anew; `never`.
        hold: How long a level is held before it is reviewed.
        grace: How much longer, before a level is lost.
        of_kind: Only members whose attribute `kind` is this; None for members without one.
        tiers: The levels, lowest first.
    """

    key: Key = Field(json_schema_extra=KEY)
    name: Name
    measure: Literal["unit", "sum", "count"] = Field(
        json_schema_extra=labels(
            words("By", "依据"),
            {
                "unit": ("a unit earned", "累计获得"),
                "sum": ("spend", "消费金额"),
                "count": ("number of", "次数"),
            },
        )
    )
    unit: Key | None = Field(default=None, json_schema_extra=labels(words("Unit", "单位"), source="units"))
    event: EventName = Field(
        default="Order Completed", json_schema_extra=labels(words("Event", "事件"), source="events")
    )
    property_: str = Field(
        default="total", alias="property", json_schema_extra=labels(words("Sum of", "求和属性"))
    )
    currency: Currency | None = None
    period: Literal["rolling", "calendar_year", "half_year", "ever"] = Field(
        default="rolling",
        json_schema_extra=labels(
            words("Over", "统计周期"),
            {
                "rolling": ("the last", "最近"),
                "calendar_year": ("the calendar year", "自然年"),
                "half_year": ("the half-year", "半年"),
                "ever": ("all time", "历史累计"),
            },
        ),
    )
    within: Duration | None = Field(default=None, json_schema_extra=labels(words("Length", "时长")))
    downgrade: Literal["one_level", "requalify", "never"] = Field(
        default="requalify",
        json_schema_extra=labels(
            words("At review", "到期复核"),
            {
                "one_level": ("one level down at most", "最多降一级"),
                "requalify": ("the level that is reached anew", "按新数据定级"),
                "never": ("never down", "不降级"),
            },
        ),
    )
    hold: Duration | None = Field(
        default=None, json_schema_extra=labels(words("A level is held for", "等级有效期"))
    )
    grace: Duration | None = Field(default=None, json_schema_extra=labels(words("Grace", "宽限期")))
    of_kind: str | None = Field(
        default=None, max_length=64, json_schema_extra=labels(words("Only members of kind", "限会员类型"))
    )
    tiers: list[TierDefinition] = Field(
        min_length=1, max_length=20, json_schema_extra=labels(words("Levels", "等级"))
    )

    @model_validator(mode="after")
    def _in_order(self) -> "LadderDefinition":
        reached = [Decimal(one.reached_at) for one in self.tiers]
        if any(later <= earlier for earlier, later in pairwise(reached)):
            raise ValueError("each level must be reached at more than the one before it")
        if (self.measure == "unit") != (self.unit is not None):
            raise ValueError("a ladder by a unit names it, and no other does")
        if (self.period == "rolling") != (self.within is not None):
            raise ValueError("a rolling period says how long it is, and no other does")
        return self


class MembershipDefinition(Part):
    """A membership that is bought or given for a time.

    Attributes:
        lasts: How long one purchase lasts; a renewal adds to what is left.
        fee: Decimal text in `currency`; None if it is free.
        cost: What a member costs over that time, for the marketer's sum.
        invitation: Tag of those who are invited; only while it is on, a rule or a person can start or
            renew it. None if it is open to all.
    """

    key: Key = Field(json_schema_extra=KEY)
    name: Name
    lasts: Duration = Field(json_schema_extra=labels(words("Lasts", "有效期")))
    fee: str | None = Field(
        default=None, pattern=DECIMAL, json_schema_extra=labels(words("Fee", "费用"), widget="decimal")
    )
    currency: Currency | None = None
    cost: str | None = Field(
        default=None,
        pattern=DECIMAL,
        json_schema_extra=labels(words("Cost of a member", "单会员成本"), widget="decimal"),
    )
    invitation: Key | None = Field(
        default=None,
        json_schema_extra=labels(words("Only for members with tag", "仅限有此标签的会员"), source="tags"),
    )
