"""Definitions of what is scarce: budgets, and the prizes of a wheel."""

from typing import Literal

from pydantic import Field, model_validator

from engine.language.base import Key, Part, labels, words
from engine.language.benefits import DECIMAL, KEY, Currency, Name


class BudgetDefinition(Part):
    """An account that rules draw on and that never goes below zero.

    Attributes:
        unit: `points`, or money in a currency's minor units when `currency` is set, or a count.
        amount: Decimal text: how much there is in a period.
        period: `total`, or anew each `month` or `day` on the programme's clock.
        by: Property of the event that splits it, such as `store`; each value has `amount`. None for one pot.
    """

    key: Key = Field(json_schema_extra=KEY)
    name: Name
    counts: Literal["points", "money", "firings"] = Field(
        json_schema_extra=labels(
            words("Counts", "计量"),
            {"points": ("points", "积分"), "money": ("cost", "成本"), "firings": ("firings", "次数")},
        )
    )
    currency: Currency | None = None
    amount: str = Field(pattern=DECIMAL, json_schema_extra=labels(words("Amount", "额度"), widget="decimal"))
    period: Literal["total", "month", "day"] = Field(
        default="total",
        json_schema_extra=labels(
            words("Each", "周期"),
            {"total": ("in all", "总计"), "month": ("month", "每月"), "day": ("day", "每天")},
        ),
    )
    by: str | None = Field(
        default=None, max_length=128, json_schema_extra=labels(words("Each has its own", "分别计算"))
    )

    @model_validator(mode="after")
    def _money_has_a_currency(self) -> "BudgetDefinition":
        if (self.counts == "money") != (self.currency is not None):
            raise ValueError("a budget of money names a currency, and no other does")
        return self


class Prize(Part):
    """One prize of a wheel.

    Attributes:
        weight: How likely, in proportion to the others.
        stock: How many there are; None for any number. Once they are gone the draw gives the fallback.
        gives: What the member gets: `nothing`, `points` (`amount` of `unit`), or a `coupon`.
        cost: What one costs, in the programme's currency.
    """

    key: Key = Field(json_schema_extra=KEY)
    name: Name
    weight: int = Field(ge=0, le=1_000_000, json_schema_extra=labels(words("Weight", "权重")))
    stock: int | None = Field(
        default=None, ge=1, le=1_000_000_000, json_schema_extra=labels(words("Stock", "库存"))
    )
    gives: Literal["nothing", "points", "coupon"] = Field(
        json_schema_extra=labels(
            words("Gives", "奖品"),
            {"nothing": ("nothing", "无"), "points": ("points", "积分"), "coupon": ("coupon", "优惠券")},
        )
    )
    amount: int | None = Field(
        default=None, ge=1, le=10_000_000, json_schema_extra=labels(words("Points", "积分"))
    )
    coupon: Key | None = Field(
        default=None, json_schema_extra=labels(words("Coupon", "优惠券"), source="coupons")
    )
    cost: str | None = Field(
        default=None,
        pattern=DECIMAL,
        json_schema_extra=labels(words("Cost of one", "单个成本"), widget="decimal"),
    )

    @model_validator(mode="after")
    def _says_what(self) -> "Prize":
        if (self.gives == "points") != (self.amount is not None):
            raise ValueError("a prize of points says how many, and no other does")
        if (self.gives == "coupon") != (self.coupon is not None):
            raise ValueError("a prize that is a coupon names it, and no other does")
        return self


class WheelDefinition(Part):
    """Weighted prizes. The draw is a function of a committed secret and the event.

    Attributes:
        fallback: Key of the prize that is given when the drawn one is out of stock; it has no stock itself.
    """

    key: Key = Field(json_schema_extra=KEY)
    name: Name
    prizes: list[Prize] = Field(
        min_length=2, max_length=100, json_schema_extra=labels(words("Prizes", "奖品"))
    )
    fallback: Key = Field(json_schema_extra=labels(words("When out of stock", "售罄时")))

    @model_validator(mode="after")
    def _sound(self) -> "WheelDefinition":
        keys = [one.key for one in self.prizes]
        if len(set(keys)) != len(keys):
            raise ValueError("each prize has a key of its own")
        if not any(one.key == self.fallback and one.stock is None for one in self.prizes):
            raise ValueError("the fallback is one of the prizes, and one without a stock")
        if not any(one.weight for one in self.prizes):
            raise ValueError("at least one prize has a weight above 0")
        return self
