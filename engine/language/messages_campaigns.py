"""What is said of campaigns, and of the rules that belong to one."""

from typing import Final

from engine.language.message import Message

CAMPAIGN_MESSAGES: Final[dict[str, Message]] = {
    "unknown-campaign": Message(
        "error",
        "There is no campaign “{name}”.",
        "没有活动“{name}”。",
        "Choose a defined campaign, or define this one.",
        "请选择已定义的活动，或先定义它。",
    ),
    "audience-contradicts": Message(
        "error",
        "Nobody for whom the campaign “{name}” is meant can fulfil what this rule asks.",
        "活动“{name}”的人群与此规则的条件矛盾，没有会员能同时满足。",
        "Change the conditions of the rule, or the audience of the campaign.",
        "请修改规则的条件或活动的人群。",
    ),
    "never-in-campaign": Message(
        "error",
        "The rule and its campaign “{name}” are never in force at the same time.",
        "规则与所属活动“{name}”的生效时间没有重叠。",
        "Let the rule's own time lie within the campaign's, or remove it.",
        "请让规则的生效时间落在活动期间内，或删除它。",
    ),
    "campaign-never": Message(
        "error",
        "The campaign “{name}” ends before it begins.",
        "活动“{name}”的结束时间不晚于开始时间。",
        "Choose an end after the beginning.",
        "请选择晚于开始的结束时间。",
    ),
    "goal-without-amount": Message(
        "error",
        "“{name}” isn't known as a number of “{event}”, so it can't be counted as revenue.",
        "“{event}”没有数字属性“{name}”，无法计为收入。",
        "Choose a number of the event, or leave this empty.",
        "请选择该事件的数字属性，或留空。",
    ),
}
