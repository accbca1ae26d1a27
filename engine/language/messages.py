"""Every code that `check` can find: how grave it is, what it says, and what to do about it."""

from typing import Final

from engine.language.checks_contact import CONTACT_MESSAGES
from engine.language.checks_ladders import LADDER_MESSAGES
from engine.language.message import Message
from engine.language.messages_campaigns import CAMPAIGN_MESSAGES
from engine.language.messages_conditions import CONDITION_MESSAGES
from engine.language.messages_definitions import DEFINITION_MESSAGES
from engine.language.messages_giving import GIVING_MESSAGES
from engine.language.messages_journeys import JOURNEY_MESSAGES
from engine.language.messages_tags import TAG_MESSAGES

_RULE_MESSAGES: Final[dict[str, Message]] = {
    "invalid-shape": Message(
        "error",
        "This can't be read: {reason}.",
        "无法读取：{reason}。",
        "Correct this place, or compose it in the editor.",
        "请更正此处，或在编辑器中编写。",
    ),
    # ---- names
    "unknown-event": Message(
        "warning",
        "Nobody has defined the event “{name}”. The rule waits for it, but nothing is known of it.",
        "事件“{name}”尚未定义。规则会等待它，但系统对它一无所知。",
        "Check the spelling, or define the event.",
        "请检查拼写，或先定义该事件。",
    ),
    "unknown-fact": Message(
        "error",
        "There is no fact “{name}”.",
        "没有事实“{name}”。",
        "Choose a fact from the list, or define it as a property or attribute.",
        "请从列表中选择，或先将其定义为事件属性或会员属性。",
    ),
    "unknown-tag": Message(
        "error",
        "There is no tag “{name}”.",
        "没有标签“{name}”。",
        "Choose a defined tag, or define this one with its meaning.",
        "请选择已定义的标签，或先定义它并写明含义。",
    ),
    "unknown-coupon": Message(
        "error",
        "There is no coupon “{name}”.",
        "没有优惠券“{name}”。",
        "Choose a defined coupon, or define this one.",
        "请选择已定义的优惠券，或先定义它。",
    ),
    "unknown-segment": Message(
        "error",
        "There is no segment “{name}”.",
        "没有分群“{name}”。",
        "Choose a defined segment, or define this one with its meaning.",
        "请选择已定义的分群，或先定义它并写明含义。",
    ),
    "while-needs-if": Message(
        "error",
        "This rule lasts as long as a condition holds, and has none.",
        "此规则在条件成立期间有效，但没有条件。",
        "Add the condition under If.",
        "请在“如果”中添加条件。",
    ),
    "while-before-event": Message(
        "error",
        "A condition that is watched all the time has no “this event” to look before.",
        "持续判断的条件没有“本次事件”，不能设为“不含本次”。",
        "Remove “before this one”.",
        "请删除“不含本次”。",
    ),
    "unknown-template": Message(
        "error",
        "There is no message template “{name}”.",
        "没有消息模板“{name}”。",
        "Choose a defined template, or write this one.",
        "请选择已有模板，或先编写它。",
    ),
    "unknown-endpoint": Message(
        "error",
        "There is no webhook endpoint “{name}”.",
        "没有 Webhook 端点“{name}”。",
        "Choose a defined endpoint, or ask an administrator to define it.",
        "请选择已定义的端点，或请管理员定义。",
    ),
    "missing-name": Message(
        "note",
        "The rule has no name in {language}.",
        "规则没有{language}名称。",
        "Add the name, so that colleagues find the rule in their language.",
        "请补充名称，方便同事以自己的语言找到规则。",
    ),
    # ---- triggers and times
    "schedule-needs-weekday": Message(
        "error",
        "A weekly schedule needs a day of the week.",
        "每周定时需要指定星期几。",
        "Choose the day.",
        "请选择星期几。",
    ),
    "schedule-needs-day": Message(
        "error",
        "A monthly schedule needs a day of the month.",
        "每月定时需要指定日期。",
        "Choose the day; a shorter month uses its last day.",
        "请选择日期；月份较短时取月末。",
    ),
    "needless-schedule-day": Message(
        "warning",
        "Every {every}, this day is not looked at.",
        "按{every}定时，此日期不起作用。",
        "Remove it, or change how often the rule runs.",
        "请删除它，或更改频率。",
    ),
    "bad-active": Message(
        "error",
        "This isn't a time with an offset, such as 2026-11-01T00:00:00+08:00.",
        "这不是带时区偏移的时间，例如 2026-11-01T00:00:00+08:00。",
        "Choose a date and time.",
        "请选择日期和时间。",
    ),
    "never-active": Message(
        "error",
        "The rule ends before it begins.",
        "规则的结束时间不晚于开始时间。",
        "Choose an end after the beginning.",
        "请选择晚于开始的结束时间。",
    ),
    "late-needs-within": Message(
        "error",
        "It isn't said how late an event may be.",
        "没有说明事件最多可迟到多久。",
        "Say up to how late the rule fires.",
        "请填写可接受的迟到时长。",
    ),
    # ---- actions
    "empty-then": Message(
        "error",
        "The rule does nothing.",
        "规则没有任何动作。",
        "Add an action.",
        "请添加动作。",
    ),
    "wait-last": Message(
        "warning",
        "Nothing follows this wait.",
        "此等待之后没有动作。",
        "Add an action after it, or remove the wait.",
        "请在其后添加动作，或删除等待。",
    ),
    "add-and-remove": Message(
        "warning",
        "The tag “{name}” is both added and removed at the same time.",
        "标签“{name}”被同时添加和移除。",
        "Remove one of the two, or wait between them.",
        "请删除其中一个，或在两者之间等待。",
    ),
    "exit-without-wait": Message(
        "note",
        "The rule never waits, so there is nothing to leave early.",
        "规则没有等待，因此无从提前退出。",
        "Remove “leave early”, or add a wait.",
        "请删除“提前退出”，或添加等待。",
    ),
    "no-limit": Message(
        "note",
        "Nothing limits how often one member gets this message.",
        "没有限制每位会员收到此消息的次数。",
        "Set a limit per member, such as once in 30 days.",
        "请设置每位会员的次数上限，例如 30 天 1 次。",
    ),
    "message-loop": Message(
        "error",
        "This message may set the rule off again by what becomes of it, without end.",
        "此消息的发送结果会再次触发本规则，永无止境。",
        "Ask for another channel than the message's own, or limit the rule per member.",
        "请限定为其他渠道的结果，或设置每位会员的次数上限。",
    ),
    "tag-loop": Message(
        "error",
        "Rules set each other off in a circle: {rules}.",
        "规则互相触发，形成循环：{rules}。",
        "Break the circle with a condition, or by other tags. A run would cut it off: no rule fires"
        " on what it caused itself.",
        "请用条件或其他标签打破循环。运行时会中断：规则不会因自己引起的事件再次触发。",
    ),
}
MESSAGES: Final[dict[str, Message]] = {
    **_RULE_MESSAGES,
    **CONDITION_MESSAGES,
    **GIVING_MESSAGES,
    **JOURNEY_MESSAGES,
    **DEFINITION_MESSAGES,
    **TAG_MESSAGES,
    **LADDER_MESSAGES,
    **CONTACT_MESSAGES,
    **CAMPAIGN_MESSAGES,
}
