"""What a rule does, in order."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from engine.language.base import Duration, Key, Part, about, labels, words

_CHANNELS = {
    "email": ("e-mail", "邮件"),
    "sms": ("SMS", "短信"),
    "push": ("app push", "应用推送"),
    "wecom": ("WeCom", "企业微信"),
    "console": ("console", "控制台"),
}


class AddTagAction(Part):
    """Put a tag on the member; this rule is then one of its holders."""

    model_config = ConfigDict(
        json_schema_extra=about(
            words("Add tag", "添加标签"),
            sentence=words(
                "add tag “{tag}”[ for {expires_after}]", "添加标签“{tag}”[（{expires_after}后失效）]"
            ),
            icon="tag",
        )
    )

    type: Literal["add_tag"] = "add_tag"
    tag: Key = Field(json_schema_extra=labels(words("Tag", "标签"), source="tags"))
    expires_after: Duration | None = Field(default=None, json_schema_extra=labels(words("For", "有效期")))


class RemoveTagAction(Part):
    """Take a tag off the member, whoever put it on."""

    model_config = ConfigDict(
        json_schema_extra=about(
            words("Remove tag", "移除标签"),
            sentence=words("remove tag “{tag}”", "移除标签“{tag}”"),
            icon="tag-off",
        )
    )

    type: Literal["remove_tag"] = "remove_tag"
    tag: Key = Field(json_schema_extra=labels(words("Tag", "标签"), source="tags"))


class AwardPointsAction(Part):
    """Credit a fixed number of points."""

    model_config = ConfigDict(
        json_schema_extra=about(
            words("Award points", "奖励积分"),
            sentence=words("award {points} points", "奖励 {points} 积分"),
            icon="star",
        )
    )

    type: Literal["award_points"] = "award_points"
    points: int = Field(ge=1, le=10_000_000, json_schema_extra=labels(words("Points", "积分")))


class AwardPointsByAmountAction(Part):
    """Credit points for each unit of a number in the event, rounded down to whole points."""

    model_config = ConfigDict(
        json_schema_extra=about(
            words("Award points by amount", "按金额奖励积分"),
            sentence=words(
                "award {fact} × {points_per_unit} in points (rounded down)",
                "奖励“{fact} × {points_per_unit}”积分（向下取整）",
            ),
            icon="star",
        )
    )

    type: Literal["award_points_by_amount"] = "award_points_by_amount"
    points_per_unit: str = Field(
        pattern=r"^(0|[1-9][0-9]{0,5})(\.[0-9]{1,6})?$",
        json_schema_extra=labels(words("Points for each 1", "每 1 元积分"), widget="decimal"),
    )
    fact: str = Field(
        pattern=r"^event\.[^\s\x00-\x1f\"'\\]{1,128}$",
        json_schema_extra=labels(words("Of", "金额"), source="facts"),
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


class SendMessageAction(Part):
    """Send a message from a template."""

    model_config = ConfigDict(
        json_schema_extra=about(
            words("Send message", "发送消息"),
            sentence=words("send “{template}” by {channel}", "通过{channel}发送“{template}”"),
            icon="message",
        )
    )

    type: Literal["send_message"] = "send_message"
    channel: Literal["email", "sms", "push", "wecom", "console"] = Field(
        json_schema_extra=labels(words("Channel", "渠道"), _CHANNELS)
    )
    template: Key = Field(json_schema_extra=labels(words("Template", "模板"), source="templates"))


class CallWebhookAction(Part):
    """Post a signed CloudEvent to a defined endpoint."""

    model_config = ConfigDict(
        json_schema_extra=about(
            words("Call webhook", "调用 Webhook"),
            sentence=words("call webhook “{endpoint}”", "调用 Webhook“{endpoint}”"),
            icon="webhook",
        )
    )

    type: Literal["call_webhook"] = "call_webhook"
    endpoint: Key = Field(json_schema_extra=labels(words("Endpoint", "端点"), source="endpoints"))


class WaitAction(Part):
    """Go on with the next action later. The `if` is not read again."""

    model_config = ConfigDict(
        json_schema_extra=about(
            words("Wait", "等待"), sentence=words("wait {for}", "等待 {for}"), icon="hourglass"
        )
    )

    type: Literal["wait"] = "wait"
    for_: Duration = Field(alias="for", json_schema_extra=labels(words("For", "时长")))


Action = Annotated[
    AddTagAction
    | RemoveTagAction
    | AwardPointsAction
    | AwardPointsByAmountAction
    | IssueCouponAction
    | SendMessageAction
    | CallWebhookAction
    | WaitAction,
    Field(discriminator="type"),
]
