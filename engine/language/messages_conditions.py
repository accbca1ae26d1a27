"""What `check` says of conditions."""

from typing import Final

from engine.language.message import Message

CONDITION_MESSAGES: Final[dict[str, Message]] = {
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
    "not-refundable": Message(
        "error",
        "Refunds can't be taken off this figure: they are known of “Order Completed” and its “total” only.",
        "此指标无法扣除退款：只有“Order Completed”的次数及其“total”合计可以。",
        "Count “Order Completed”, or add up its “total”; or leave refunds in.",
        "请改为统计“Order Completed”的次数或“total”合计，或不扣除退款。",
    ),
    "where-reads-member": Message(
        "error",
        "“where” speaks of the event itself; “{name}” isn't in the event.",
        "“仅限”只针对事件本身，“{name}”不在事件中。",
        "Use a property of the event here, and move this to the rule's conditions.",
        "此处请使用事件属性，并将该条件移到规则的“如果”中。",
    ),
}
