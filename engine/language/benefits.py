"""Definitions of what a programme can give: units of account and coupons.

Money is decimal text in a currency. Every field carries its label, so that the
studio's forms are made from these models.
"""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from engine.language.base import Duration, Key, Part, labels, words

Name = Annotated[
    dict[Literal["en", "zh-Hans", "zh-Hant"], str],
    Field(min_length=1, json_schema_extra=labels(words("Name", "名称"), widget="names")),
]
"""What people call it, by language."""

DECIMAL = r"^(0|[1-9][0-9]{0,11})(\.[0-9]{1,4})?$"
Currency = Annotated[
    str, Field(pattern=r"^[A-Z]{3}$", json_schema_extra=labels(words("Currency", "币种"), widget="currency"))
]
KEY = labels(words("Key", "标识"), widget="key")
POINTS = "points"
"""Key of the unit that is meant where none is said."""


class DeductionStep(Part):
    """From an order of this amount on, so much may be paid with points."""

    order_from: str = Field(
        pattern=DECIMAL, json_schema_extra=labels(words("Order from", "订单满"), widget="decimal")
    )
    at_most: str = Field(
        pattern=DECIMAL, json_schema_extra=labels(words("At most", "最多抵扣"), widget="decimal")
    )


class Deduction(Part):
    """How a unit pays for a part of an order.

    Attributes:
        units: So many of the unit …
        worth: … pay this much, in `currency`.
        at_most_percent: Largest part of an order's total, in percent.
        steps: Largest amount by the order's total; the highest step that is reached counts.
    """

    units: int = Field(ge=1, le=1_000_000, json_schema_extra=labels(words("So many", "每多少积分")))
    worth: str = Field(
        pattern=DECIMAL, json_schema_extra=labels(words("pay this much", "抵扣金额"), widget="decimal")
    )
    currency: Currency
    at_most_percent: int = Field(
        default=100,
        ge=1,
        le=100,
        json_schema_extra=labels(words("At most, % of the order", "最多抵扣订单的 %")),
    )
    steps: list[DeductionStep] = Field(
        default=[], max_length=20, json_schema_extra=labels(words("By the order's total", "按订单金额"))
    )


class UnitDefinition(Part):
    """A unit of account: points, growth value, visits of a pass, or stored value in a currency.

    Attributes:
        kind: `points`, `growth` (only counts towards levels), `visits`, or `money` in minor units.
        expires_after: How long a lot lasts; None for ever.
        expires_at_year_end: Whether it lasts on to the end of that calendar year.
        pending_for: How long a lot waits before it can be spent (the return period).
        on_refund: What becomes of units that were spent already when their order is
            refunded: `debt` (later earnings repay it) or `forgive`.
        combine: How several multipliers on one award work together.
        at_most_factor: Largest factor that multipliers can reach.
        deduction: How it pays for a part of an order; None if it can't.
    """

    key: Key = Field(json_schema_extra=KEY)
    name: Name
    kind: Literal["points", "growth", "visits", "money"] = Field(
        default="points",
        json_schema_extra=labels(
            words("Kind", "类型"),
            {
                "points": ("points", "积分"),
                "growth": ("growth value", "成长值"),
                "visits": ("visits of a pass", "次卡次数"),
                "money": ("stored value", "储值"),
            },
        ),
    )
    currency: Currency | None = None
    expires_after: Duration | None = Field(
        default=None, json_schema_extra=labels(words("Expires after", "有效期"))
    )
    expires_at_year_end: bool = Field(
        default=False, json_schema_extra=labels(words("… at the end of that year", "到期年份年底清零"))
    )
    pending_for: Duration | None = Field(
        default=None, json_schema_extra=labels(words("Can be spent after", "多久后可用"))
    )
    on_refund: Literal["debt", "forgive"] = Field(
        default="debt",
        json_schema_extra=labels(
            words("Spent already when refunded", "退款时已用部分"),
            {"debt": ("is owed", "记为欠额"), "forgive": ("is forgiven", "免除")},
        ),
    )
    combine: Literal["multiply", "highest", "add"] = Field(
        default="highest",
        json_schema_extra=labels(
            words("Several multipliers", "多个倍数"),
            {
                "multiply": ("are multiplied", "相乘"),
                "highest": ("only the highest counts", "取最高"),
                "add": ("their extras are added", "加成相加"),
            },
        ),
    )
    at_most_factor: int = Field(
        default=10, ge=1, le=100, json_schema_extra=labels(words("Largest factor", "倍数上限"))
    )
    deduction: Deduction | None = Field(
        default=None, json_schema_extra=labels(words("Pays for orders", "抵扣现金"))
    )

    @model_validator(mode="after")
    def _money_has_a_currency(self) -> "UnitDefinition":
        if (self.kind == "money") != (self.currency is not None):
            raise ValueError("stored value names a currency, and no other kind does")
        return self


class CouponDefinition(Part):
    """A kind of coupon.

    Attributes:
        kind: `percent` off, `amount` off, a fixed `price` for what it applies to,
            `second_item` (percent off the cheaper of each pair), or a `gift`.
        value: Decimal text: percent, or money in `currency`. None for a gift.
        minimum_spend: Decimal text in `currency`: the least order it can be used on.
        above: The order must be more than `minimum_spend`, not just reach it.
        at_most: Largest discount, in `currency`.
        categories: Only items of these count; empty for all.
        products: Only these items count; empty for all.
        valid_days: Days from issue; None for no end.
        valid_from: RFC 3339 instant from which it can be redeemed, or None.
        valid_until: First instant at which it no longer can, or None.
        group: Of one group, one coupon can be used on an order.
        with_others: Whether it may be used beside coupons of other groups.
        per_member: How many one member may be issued, ever.
        total: How many may be issued in all.
        codes: `generated`, or from a `pool` that was imported.
        unit_cost: What one costs when redeemed, in `currency`.
        partner: Name of the partner who bears a part of the cost; None for nobody.
        partner_percent: The part that the partner bears.
        on_refund: Whether it comes back when its order is refunded.
    """

    key: Key = Field(json_schema_extra=KEY)
    name: Name
    kind: Literal["percent", "amount", "price", "second_item", "gift"] = Field(
        json_schema_extra=labels(
            words("Kind", "类型"),
            {
                "percent": ("percent off", "折扣"),
                "amount": ("amount off", "立减"),
                "price": ("fixed price", "一口价"),
                "second_item": ("percent off the second item", "第二件优惠"),
                "gift": ("gift", "赠品"),
            },
        )
    )
    value: str | None = Field(
        default=None, pattern=DECIMAL, json_schema_extra=labels(words("Value", "面值"), widget="decimal")
    )
    currency: Currency | None = None
    minimum_spend: str | None = Field(
        default=None,
        pattern=DECIMAL,
        json_schema_extra=labels(words("Least order", "最低消费"), widget="decimal"),
    )
    above: bool = Field(
        default=False,
        json_schema_extra=labels(words("The order must be more than that", "须超过（不含等于）")),
    )
    at_most: str | None = Field(
        default=None,
        pattern=DECIMAL,
        json_schema_extra=labels(words("Largest discount", "最高优惠"), widget="decimal"),
    )
    categories: list[str] = Field(
        default=[], max_length=200, json_schema_extra=labels(words("Only categories", "限品类"))
    )
    products: list[str] = Field(
        default=[], max_length=1000, json_schema_extra=labels(words("Only products", "限商品"))
    )
    valid_days: int | None = Field(
        default=None, ge=1, le=3650, json_schema_extra=labels(words("Days valid", "有效天数"))
    )
    valid_from: str | None = Field(
        default=None, json_schema_extra=labels(words("Valid from", "生效时间"), widget="instant")
    )
    valid_until: str | None = Field(
        default=None, json_schema_extra=labels(words("Valid until", "截止时间"), widget="instant")
    )
    group: str | None = Field(
        default=None,
        min_length=1,
        max_length=64,
        json_schema_extra=labels(words("Only one of group", "互斥组")),
    )
    with_others: bool = Field(
        default=False, json_schema_extra=labels(words("Together with other coupons", "可与其他券叠加"))
    )
    per_member: int | None = Field(
        default=None, ge=1, le=1_000_000, json_schema_extra=labels(words("Per member", "每人限领"))
    )
    total: int | None = Field(
        default=None, ge=1, le=1_000_000_000, json_schema_extra=labels(words("In all", "发放总量"))
    )
    codes: Literal["generated", "pool"] = Field(
        default="generated",
        json_schema_extra=labels(
            words("Codes", "券码"), {"generated": ("generated", "自动生成"), "pool": ("imported", "导入券码")}
        ),
    )
    unit_cost: str | None = Field(
        default=None,
        pattern=DECIMAL,
        json_schema_extra=labels(words("Cost of one", "单张成本"), widget="decimal"),
    )
    partner: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")] | None = Field(
        default=None,
        json_schema_extra=labels(
            words("Cost is shared with partner", "成本分摊合作方"),
            hint=words("A key, like cinema; empty for nobody", "填写标识，如 cinema；没有则留空"),
        ),
    )
    partner_percent: int = Field(
        default=100,
        ge=1,
        le=100,
        json_schema_extra=labels(words("The partner bears, %", "合作方承担 %")),
    )
    on_refund: Literal["restore", "keep"] = Field(
        default="restore",
        json_schema_extra=labels(
            words("When its order is refunded", "订单退款时"),
            {"restore": ("it comes back", "退回优惠券"), "keep": ("it stays used", "不退回")},
        ),
    )
