"""What a rule gives and takes: points and other units, coupons, prizes, levels, memberships."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, model_validator

from engine.language.base import Duration, Key, Part, about, labels, words

_RATE = r"^(0|[1-9][0-9]{0,5})(\.[0-9]{1,6})?$"
_FACTOR = r"^([1-9][0-9]?)(\.[0-9]{1,2})?$"
_UNIT = labels(words("Unit", "单位"), source="units")
_EventFact = Annotated[
    str,
    Field(
        pattern=r"^event\.[^\s\x00-\x1f\"'\\]{1,128}$",
        json_schema_extra=labels(words("Of", "金额"), source="facts"),
    ),
]


class AwardCap(Part):
    """How much this action may award one member in a day, week or month of the member's calendar."""

    model_config = ConfigDict(
        json_schema_extra=about(
            words("At most", "上限"),
            sentence=words("at most {points} each {every}", "每{every}最多 {points}"),
        )
    )

    points: int = Field(ge=1, le=1_000_000_000, json_schema_extra=labels(words("At most", "最多")))
    every: Literal["day", "week", "month"] = Field(
        json_schema_extra=labels(
            words("Each", "每"), {"day": ("day", "天"), "week": ("week", "周"), "month": ("month", "月")}
        )
    )


class Rate(Part):
    """The rate for one value of a fact."""

    model_config = ConfigDict(
        json_schema_extra=about(
            words("Rate", "费率"),
            sentence=words("{value} × {points_per_unit}", "{value} × {points_per_unit}"),
        )
    )

    value: str = Field(min_length=1, max_length=128, json_schema_extra=labels(words("For", "当为")))
    points_per_unit: str = Field(
        pattern=_RATE, json_schema_extra=labels(words("Points for each 1", "每 1 元积分"), widget="decimal")
    )


class AwardPointsAction(Part):
    """Credit a fixed number of points, or of another unit."""

    model_config = ConfigDict(
        json_schema_extra=about(
            words("Award points", "奖励积分"),
            sentence=words(
                "award {points} [“{unit}”|{points|point|points}][, {at_most}][, once for each {once_per}]",
                "奖励 {points}[“{unit}”| 积分][，{at_most}][，每个{once_per}仅一次]",
            ),
            icon="star",
        )
    )

    type: Literal["award_points"] = "award_points"
    points: int = Field(ge=1, le=10_000_000, json_schema_extra=labels(words("Points", "积分")))
    unit: Key | None = Field(default=None, json_schema_extra=_UNIT)
    at_most: AwardCap | None = Field(default=None, json_schema_extra=labels(words("At most", "上限")))
    once_per: str | None = Field(
        default=None,
        min_length=1,
        max_length=128,
        json_schema_extra=labels(words("Once for each", "每个仅一次"), source="properties"),
    )


class AwardPointsByAmountAction(Part):
    """Credit points for each unit of a number in the event, rounded down to whole points.

    Attributes:
        rate_by: Fact whose value chooses the rate, such as the channel or the tier.
        rates: Rates by value; any other value has `points_per_unit`.
    """

    model_config = ConfigDict(
        json_schema_extra=about(
            words("Award points by amount", "按金额奖励积分"),
            sentence=words(
                "award {fact} × {points_per_unit} in [“{unit}”|points]"
                " (rounded down[; by {rate_by}: {rates}])[, {at_most}][, once for each {once_per}]",
                "奖励“{fact} × {points_per_unit}”[的“{unit}”|积分]（向下取整[；按{rate_by}：{rates}]）"
                "[，{at_most}][，每个{once_per}仅一次]",
            ),
            icon="star",
        )
    )

    type: Literal["award_points_by_amount"] = "award_points_by_amount"
    points_per_unit: str = Field(
        pattern=_RATE, json_schema_extra=labels(words("Points for each 1", "每 1 元积分"), widget="decimal")
    )
    fact: _EventFact
    unit: Key | None = Field(default=None, json_schema_extra=_UNIT)
    rate_by: str | None = Field(
        default=None,
        pattern=r"^(event|member)\.[^\s\x00-\x1f\"'\\]{1,128}$",
        json_schema_extra=labels(words("Rate by", "按此区分"), source="facts"),
    )
    rates: list[Rate] | None = Field(
        default=None,
        min_length=1,
        max_length=50,
        json_schema_extra=labels(words("Rates", "费率"), joiner=words(", ", "、")),
    )
    at_most: AwardCap | None = Field(default=None, json_schema_extra=labels(words("At most", "上限")))
    once_per: str | None = Field(
        default=None,
        min_length=1,
        max_length=128,
        json_schema_extra=labels(words("Once for each", "每个仅一次"), source="properties"),
    )

    @model_validator(mode="after")
    def _rates_belong_together(self) -> "AwardPointsByAmountAction":
        if (self.rate_by is None) != (self.rates is None):
            raise ValueError("rates and the fact that chooses among them are said together")
        return self


class MultiplyPointsAction(Part):
    """Multiply what other rules award on the same event; the unit says how several multipliers combine."""

    model_config = ConfigDict(
        json_schema_extra=about(
            words("Multiply points", "积分加倍"),
            sentence=words("multiply [“{unit}”|points] by {factor}", "[“{unit}”|积分] × {factor}"),
            icon="star",
        )
    )

    type: Literal["multiply_points"] = "multiply_points"
    factor: str = Field(pattern=_FACTOR, json_schema_extra=labels(words("Factor", "倍数"), widget="decimal"))
    unit: Key | None = Field(default=None, json_schema_extra=_UNIT)


class SpendPointsAction(Part):
    """Take points from the member, first to expire first. Without enough, the rule does nothing."""

    model_config = ConfigDict(
        json_schema_extra=about(
            words("Take points", "扣减积分"),
            sentence=words(
                "take {points} [“{unit}”|{points|point|points}][{or_what_is_there}]",
                "扣减 {points}[“{unit}”| 积分][{or_what_is_there}]",
            ),
            icon="star",
        )
    )

    type: Literal["spend_points"] = "spend_points"
    points: int = Field(ge=1, le=10_000_000, json_schema_extra=labels(words("Points", "积分")))
    unit: Key | None = Field(default=None, json_schema_extra=_UNIT)
    or_what_is_there: bool | None = Field(
        default=None,
        json_schema_extra=labels(
            words("Take what is there, if it is less?", "不足时扣完为止？"),
            {"true": (", or what is there", "，不足则扣完"), "false": ("", "")},
        ),
    )


class IssueCouponAction(Part):
    """Give the member one coupon of a defined kind."""

    model_config = ConfigDict(
        json_schema_extra=about(
            words("Send coupon", "发放优惠券"),
            sentence=words(
                "issue coupon “{coupon}”[ (valid for {valid_for})]",
                "发放优惠券“{coupon}”[（有效期 {valid_for}）]",
            ),
            icon="coupon",
        )
    )

    type: Literal["issue_coupon"] = "issue_coupon"
    coupon: Key = Field(json_schema_extra=labels(words("Coupon", "优惠券"), source="coupons"))
    valid_for: Duration | None = Field(default=None, json_schema_extra=labels(words("Valid for", "有效期")))


class DrawPrizeAction(Part):
    """Draw a prize from a wheel. The draw is fair, recorded, and gives the same prize on replay."""

    model_config = ConfigDict(
        json_schema_extra=about(
            words("Draw a prize", "抽奖"),
            sentence=words("draw a prize from “{wheel}”", "从“{wheel}”抽奖"),
            icon="gift",
        )
    )

    type: Literal["draw_prize"] = "draw_prize"
    wheel: Key = Field(json_schema_extra=labels(words("Wheel", "转盘"), source="wheels"))


class SetTierAction(Part):
    """Put the member on a level, for a time or until it is earned or lost anew."""

    model_config = ConfigDict(
        json_schema_extra=about(
            words("Set level", "设置等级"),
            sentence=words(
                "set the level on “{ladder}” to “{tier}”[ for {lasts}]",
                "将“{ladder}”等级设为“{tier}”[（为期 {lasts}）]",
            ),
            icon="crown",
        )
    )

    type: Literal["set_tier"] = "set_tier"
    ladder: Key = Field(json_schema_extra=labels(words("Ladder", "等级体系"), source="ladders"))
    tier: Key = Field(json_schema_extra=labels(words("Level", "等级"), source="tiers"))
    lasts: Duration | None = Field(default=None, json_schema_extra=labels(words("For", "有效期")))


class StartMembershipAction(Part):
    """Give or renew a membership; a renewal adds to what is left."""

    model_config = ConfigDict(
        json_schema_extra=about(
            words("Start membership", "开通会籍"),
            sentence=words("start or renew membership “{membership}”", "开通或续期会籍“{membership}”"),
            icon="crown",
        )
    )

    type: Literal["start_membership"] = "start_membership"
    membership: Key = Field(json_schema_extra=labels(words("Membership", "会籍"), source="memberships"))
