"""Every code that `check` can find: how grave it is, what it says, and what to do about it."""

from typing import Final, Literal, NamedTuple

Severity = Literal["error", "warning", "note"]


class Message(NamedTuple):
    """What a code says; `{name}` stands for what `diagnostic` is given."""

    severity: Severity
    en: str
    zh: str
    fix_en: str
    fix_zh: str


MESSAGES: Final[dict[str, Message]] = {
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
    # ---- conditions
    "fact-not-in-event": Message(
        "warning",
        "“{event}” isn't known to have “{name}”; without it, the comparison is false.",
        "已知的“{event}”事件没有“{name}”；缺失时比较不成立。",
        "Choose a property of this event, or define the property for it.",
        "请选择该事件的属性，或为其定义此属性。",
    ),
    "no-event-value": Message(
        "error",
        "“{name}” is read from an event, but this rule is started by the clock: there is no event.",
        "“{name}”来自事件，但此规则由时间触发，没有事件可读。",
        "Start the rule with an event, or read a fact of the member or the history.",
        "请改为由事件触发，或改用会员事实或历史行为。",
    ),
    "personal-fact": Message(
        "error",
        "“{name}” is personal: rules don't see its value, only whether it is known.",
        "“{name}”属于个人信息：规则看不到其内容，只能判断是否已知。",
        "Use “is known” or “is missing”, or choose another fact.",
        "请使用“已知”或“缺失”，或选择其他事实。",
    ),
    "wrong-operator": Message(
        "error",
        "“{op}” can't be asked of {type}.",
        "{type}不能使用“{op}”。",
        "Choose another comparison.",
        "请选择其他比较方式。",
    ),
    "missing-value": Message(
        "error",
        "There is nothing to compare with.",
        "缺少要比较的值。",
        "Give {expected}.",
        "请填写{expected}。",
    ),
    "wrong-value": Message(
        "error",
        "The value doesn't fit: {expected} is needed.",
        "值不合适：需要{expected}。",
        "Give {expected}.",
        "请填写{expected}。",
    ),
    "needless-value": Message(
        "error",
        "This comparison takes no value.",
        "此比较不需要值。",
        "Remove the value.",
        "请删除该值。",
    ),
    "empty-group": Message(
        "error",
        "This group has no conditions in it.",
        "此条件组为空。",
        "Add a condition, or remove the group.",
        "请添加条件，或删除该组。",
    ),
    "too-deep": Message(
        "error",
        "Conditions are nested {depth} deep; at most {most} can be read.",
        "条件嵌套了 {depth} 层，最多 {most} 层。",
        "Take groups apart, or make two rules of it.",
        "请简化条件组，或拆成两条规则。",
    ),
    "impossible-range": Message(
        "error",
        "This can never be true{others}.",
        "这永远不会成立{others}。",
        "Correct the values, or use “any of these”.",
        "请更正数值，或改用“满足任一”。",
    ),
    "impossible-after-absence": Message(
        "error",
        "When this rule fires there has been no “{event}” for {within}, so this can never be true.",
        "规则触发时，{within}内没有“{event}”，所以这永远不会成立。",
        "Look further back than the absence lasts.",
        "请使用比缺席时长更长的时间范围。",
    ),
    "always-true": Message(
        "warning",
        "This is always true.",
        "这总是成立。",
        "Correct the value, or remove the condition.",
        "请更正数值，或删除该条件。",
    ),
    "bad-window": Message(
        "error",
        "“{measure}” looks at all time; it has no time range.",
        "“{measure}”针对全部历史，不能限定时间范围。",
        "Remove the time range, or count the events in it.",
        "请删除时间范围，或改为统计次数。",
    ),
    "missing-property": Message(
        "error",
        "A total needs a property of “{event}” that is a number.",
        "合计需要“{event}”的一个数字属性。",
        "Choose a number, such as the order total.",
        "请选择数字属性，例如订单金额。",
    ),
    "needless-property": Message(
        "warning",
        "Only a total reads a property; here “{name}” changes nothing.",
        "只有合计会读取属性，此处的“{name}”不起作用。",
        "Remove the property, or choose the total.",
        "请删除该属性，或改用合计。",
    ),
    "where-reads-member": Message(
        "error",
        "“where” speaks of the event itself; “{name}” isn't in the event.",
        "“仅限”只针对事件本身，“{name}”不在事件中。",
        "Use a property of the event here, and move this to the rule's conditions.",
        "此处请使用事件属性，并将该条件移到规则的“如果”中。",
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
    "needs-number-fact": Message(
        "error",
        "Points can't be counted from “{name}”: it isn't a number.",
        "无法按“{name}”计算积分：它不是数字。",
        "Choose a number of the event, such as the order total.",
        "请选择事件中的数字，例如订单金额。",
    ),
    "no-points": Message(
        "error",
        "Zero points for each 1 award nothing.",
        "每 1 奖励 0 积分等于不奖励。",
        "Give more than 0.",
        "请填写大于 0 的值。",
    ),
    "event-value-after-wait": Message(
        "error",
        "After a wait the event is gone: “{name}” can't be read any more.",
        "等待之后事件已过去，无法再读取“{name}”。",
        "Move this action before the wait.",
        "请将此动作移到等待之前。",
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
    "tag-loop": Message(
        "error",
        "Rules set each other off in a circle: {rules}.",
        "规则互相触发，形成循环：{rules}。",
        "Break the circle with a condition, or by other tags. A run would cut it off: no rule fires"
        " on what it caused itself.",
        "请用条件或其他标签打破循环。运行时会中断：规则不会因自己引起的事件再次触发。",
    ),
}
