"""What a rule does, in order."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from engine.language.base import Duration, EventName, Key, Part, Wording, about, labels, words
from engine.language.conditions import Condition
from engine.language.contact import CHANNEL_NAMES, Channel
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
from engine.language.steps import STEP_NAME, StepId, StopAction, WaitAction, WaitUntilAction
from engine.language.telling import TellMemberAction

_THEN = words(", then ", "，然后")


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
    channel: Channel = Field(json_schema_extra=labels(words("Channel", "渠道"), CHANNEL_NAMES))
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
    queue: str = Field(
        min_length=1, max_length=64, json_schema_extra=labels(words("Queue", "队列"), source="queues")
    )
    priority: Literal["normal", "high"] = Field(
        default="normal",
        json_schema_extra=labels(
            words("Priority", "优先级"), {"normal": ("normal", "普通"), "high": ("high-priority", "优先")}
        ),
    )
    note: Wording = Field(json_schema_extra=labels(words("To do", "事项"), widget="wording"))


class BranchAction(Part):
    """Go one way or the other, by what is true at the instant at which the branch is reached.

    Unlike the rule's `if`, this condition is read when the branch is reached,
    also after a wait. It sees the member as it was at the beginning of the step:
    not what the rule's own actions have just done.
    """

    model_config = ConfigDict(
        json_schema_extra=about(
            words("Branch", "分支"),
            sentence=words("if {if} ({then})[ or else ({else})]", "如果{if}（{then}）[，否则（{else}）]"),
            icon="branch",
        )
    )

    type: Literal["branch"] = "branch"
    if_: Condition = Field(alias="if", json_schema_extra=labels(words("If", "如果")))
    then: list["Action"] = Field(max_length=50, json_schema_extra=labels(words("Then", "则"), joiner=_THEN))
    else_: list["Action"] | None = Field(
        default=None,
        alias="else",
        max_length=50,
        json_schema_extra=labels(words("Or else", "否则"), joiner=_THEN),
    )


class WaitForAction(Part):
    """Wait for an event: go on in `then` as soon as it comes, in `else` when the time is out.

    An event at the very instant of the time-out comes first. One that happened
    before but reaches us after it comes too late.
    """

    model_config = ConfigDict(
        json_schema_extra=about(
            words("Wait for an event", "等待事件"),
            sentence=words(
                "wait up to {timeout} for {event}[ where {where}][ (step “{id}”)]"
                "[; if it comes ({then})][; if not ({else})]",
                "最多等待 {timeout}直到{event}[（{where}）][（步骤“{id}”）]"
                "[；如果发生（{then}）][；否则（{else}）]",
            ),
            icon="hourglass",
        )
    )

    type: Literal["wait_for"] = "wait_for"
    event: EventName = Field(json_schema_extra=labels(words("Event", "事件"), source="events"))
    where: Condition | None = Field(default=None, json_schema_extra=labels(words("Only when", "仅限")))
    timeout: Duration = Field(json_schema_extra=labels(words("At most", "最长等待")))
    id: StepId | None = Field(default=None, json_schema_extra=STEP_NAME)
    then: list["Action"] | None = Field(
        default=None, max_length=50, json_schema_extra=labels(words("If it comes", "如果发生"), joiner=_THEN)
    )
    else_: list["Action"] | None = Field(
        default=None,
        alias="else",
        max_length=50,
        json_schema_extra=labels(words("If the time is out", "如果超时"), joiner=_THEN),
    )


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
    | TellMemberAction
    | SendMessageAction
    | CallWebhookAction
    | WaitAction
    | WaitUntilAction
    | WaitForAction
    | BranchAction
    | StopAction,
    Field(discriminator="type"),
]
BranchAction.model_rebuild()
WaitForAction.model_rebuild()
