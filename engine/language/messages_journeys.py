"""What `check` says of the course of a rule, and of the day of the year that it starts on."""

from typing import Final

from engine.language.message import Message

JOURNEY_MESSAGES: Final[dict[str, Message]] = {
    "journey-too-deep": Message(
        "error",
        "Actions stand in each other {depth} deep; {most} is the most.",
        "动作嵌套了 {depth} 层，最多 {most} 层。",
        "Let one of the ways put a tag on, and go on in a rule of its own that starts with that tag.",
        "请让其中一条分支添加标签，并用另一条由该标签触发的规则继续。",
    ),
    "journey-too-long": Message(
        "error",
        "The rule has {count} actions; {most} is the most.",
        "规则有 {count} 个动作，最多 {most} 个。",
        "Divide it: let the first part put a tag on, and start the second with that tag.",
        "请拆分规则：第一部分添加标签，第二部分由该标签触发。",
    ),
    "empty-branch": Message(
        "error",
        "Nothing is done on either way of this branch.",
        "此分支的两条路径都没有动作。",
        "Add an action to one of them, or remove the branch.",
        "请在其中一条路径添加动作，或删除此分支。",
    ),
    "never-reached": Message(
        "warning",
        "The rule stops before it gets here.",
        "规则在此之前已经结束。",
        "Move it before the stop, or remove it.",
        "请将其移到“到此结束”之前，或删除它。",
    ),
    "one-day-only": Message(
        "error",
        "Only one day can be waited for, and there is another one.",
        "只能等待一种日期，这里还指定了另一种。",
        "Keep the weekday, the day of the month or the day of the year.",
        "请只保留星期、每月日期或每年日期中的一种。",
    ),
    "goal-without-wait": Message(
        "warning",
        "Nobody waits in this rule, so the goal is never looked at.",
        "没有会员会在此规则中等待，因此目标不会被检查。",
        "Say within what time the goal counts.",
        "请填写目标的期限。",
    ),
    "re-entry-without-wait": Message(
        "note",
        "Nobody waits in this rule, so members are through at once and it makes no difference.",
        "没有会员会在此规则中等待，会员立即走完，此项不起作用。",
        "Remove it, or choose that each member is in it only once.",
        "请删除它，或选择每位会员只进入一次。",
    ),
    "needs-attribute": Message(
        "error",
        "It isn't said which attribute holds the day.",
        "没有说明日期保存在哪个属性中。",
        "Choose an attribute that holds MM-DD or YYYY-MM-DD.",
        "请选择内容为 MM-DD 或 YYYY-MM-DD 的属性。",
    ),
    "needless-attribute": Message(
        "warning",
        "This attribute is not looked at.",
        "此属性不起作用。",
        "Remove it, or choose the day in an attribute.",
        "请删除它，或选择属性中的日期。",
    ),
    "before-and-after": Message(
        "error",
        "The rule can start before the day or after it, not both.",
        "规则只能在该日之前或之后触发，不能同时指定。",
        "Keep one of them.",
        "请只保留其中一项。",
    ),
    "no-such-day": Message(
        "error",
        "Month {month} never has a day {day}; {last} is its last.",
        "{month} 月没有 {day} 日，最多到 {last} 日。",
        "Choose a day that there is.",
        "请选择存在的日期。",
    ),
    "lunar-last-day": Message(
        "note",
        "In years in which this lunar month has 29 days, the rule starts on its last day.",
        "该农历月只有 29 天的年份，规则在当月最后一天触发。",
        "Nothing needs to be done; so New Year's Eve is always the last day of month 12.",
        "无需处理；例如除夕总是腊月最后一天。",
    ),
    "lunar-leap-month": Message(
        "warning",
        "A leap month comes only in some years; in the others the rule doesn't start.",
        "闰月只在部分年份出现，其余年份规则不会触发。",
        "Leave “leap month” off for a holiday that comes every year.",
        "每年都有的节日请不要勾选闰月。",
    ),
    "needless-leap": Message(
        "warning",
        "Our calendar has no leap months, so this is not looked at.",
        "公历没有闰月，此项不起作用。",
        "Remove it, or choose the lunar calendar.",
        "请删除它，或选择农历。",
    ),
}
