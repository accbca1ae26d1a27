"""What a rule does, in order."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from engine.language.base import Duration, Key, Part, about, labels, words
from engine.language.giving import (
    AwardPointsAction,
    AwardPointsByAmountAction,
    DrawPrizeAction,
    IssueCouponAction,
    MultiplyPointsAction,
    SetTierAction,
    SpendPointsAction,
    StartMembershipAction,
)

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


class OpenTaskAction(Part):
    """Put a task for staff in a named queue."""

    model_config = ConfigDict(
        json_schema_extra=about(
            words("Open task", "创建任务"),
            sentence=words(
                "open a {priority} task in “{queue}”: {note}", "在“{queue}”创建{priority}任务：{note}"
            ),
            icon="task",
        )
    )

    type: Literal["open_task"] = "open_task"
    queue: str = Field(min_length=1, max_length=64, json_schema_extra=labels(words("Queue", "队列")))
    priority: Literal["normal", "high"] = Field(
        default="normal",
        json_schema_extra=labels(
            words("Priority", "优先级"), {"normal": ("normal", "普通"), "high": ("high-priority", "优先")}
        ),
    )
    note: str = Field(min_length=1, max_length=500, json_schema_extra=labels(words("To do", "事项")))


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
    | MultiplyPointsAction
    | SpendPointsAction
    | IssueCouponAction
    | DrawPrizeAction
    | SetTierAction
    | StartMembershipAction
    | OpenTaskAction
    | SendMessageAction
    | CallWebhookAction
    | WaitAction,
    Field(discriminator="type"),
]
