"""What `check` says of what a rule gives and takes, and of ends that it runs ahead of."""

from typing import Final

from engine.language.message import Message

GIVING_MESSAGES: Final[dict[str, Message]] = {
    # ---- names
    "unknown-unit": Message(
        "error",
        "There is no unit “{name}”.",
        "没有单位“{name}”。",
        "Choose a defined unit, or define this one.",
        "请选择已定义的单位，或先定义它。",
    ),
    "unknown-wheel": Message(
        "error",
        "There is no wheel “{name}”.",
        "没有转盘“{name}”。",
        "Choose a defined wheel, or define this one with its prizes.",
        "请选择已定义的转盘，或先定义它及其奖品。",
    ),
    "unknown-queue": Message(
        "note",
        "Nobody has defined the queue “{name}”: its tasks stand under that word alone.",
        "任务队列“{name}”尚未定义：任务只会以该标识列出。",
        "Choose a defined queue, or define this one.",
        "请选择已定义的队列，或先定义它。",
    ),
    "unknown-ladder": Message(
        "error",
        "There is no ladder “{name}”.",
        "没有等级体系“{name}”。",
        "Choose a defined ladder, or define this one with its levels.",
        "请选择已定义的等级体系，或先定义它及其等级。",
    ),
    "unknown-tier": Message(
        "error",
        "“{ladder}” has no level “{name}”.",
        "“{ladder}”没有等级“{name}”。",
        "Choose one of its levels.",
        "请选择其中的等级。",
    ),
    "unknown-membership": Message(
        "error",
        "There is no membership “{name}”.",
        "没有会籍“{name}”。",
        "Choose a defined membership, or define this one.",
        "请选择已定义的会籍，或先定义它。",
    ),
    "unknown-budget": Message(
        "error",
        "There is no budget “{name}”.",
        "没有预算“{name}”。",
        "Choose a defined budget, or define this one.",
        "请选择已定义的预算，或先定义它。",
    ),
    "prize-unknown-coupon": Message(
        "error",
        "The prize “{prize}” of “{wheel}” gives the coupon “{name}”, and there is none of that key.",
        "“{wheel}”的奖品“{prize}”要发放优惠券“{name}”，但它尚未定义。",
        "Define the coupon, or change the prize.",
        "请先定义该优惠券，或更改奖品。",
    ),
    # ---- awards
    "no-points": Message(
        "error",
        "Zero points for each 1 award nothing.",
        "每 1 奖励 0 积分等于不奖励。",
        "Give more than 0.",
        "请填写大于 0 的值。",
    ),
    "zero-rate": Message(
        "warning",
        "For “{value}” nothing is awarded.",
        "“{value}”不会获得任何奖励。",
        "Give a rate above 0 if that isn't meant.",
        "若非有意如此，请填写大于 0 的值。",
    ),
    "doubled-rate": Message(
        "error",
        "“{value}” has two rates.",
        "“{value}”有两个费率。",
        "Remove one of them.",
        "请删除其中一个。",
    ),
    "needs-number-fact": Message(
        "error",
        "Points can't be counted from “{name}”: it isn't a number.",
        "无法按“{name}”计算积分：它不是数字。",
        "Choose a number of the event, such as the order total.",
        "请选择事件中的数字，例如订单金额。",
    ),
    "needs-text-fact": Message(
        "error",
        "“{name}” isn't a text, so it can't tell cases apart.",
        "“{name}”不是文本，无法据此区分。",
        "Choose a text, such as the channel.",
        "请选择文本，例如渠道。",
    ),
    "event-value-after-wait": Message(
        "error",
        "After a wait the event is gone: “{name}” can't be read any more.",
        "等待之后事件已过去，无法再读取“{name}”。",
        "Move this action before the wait.",
        "请将此动作移到等待之前。",
    ),
    "nothing-to-multiply": Message(
        "warning",
        "No rule awards “{name}” at the same time, so there is nothing to multiply.",
        "没有规则同时奖励“{name}”，因此没有可加倍的积分。",
        "Publish a rule that awards it on the same event. What is awarded by the clock or after a wait is"
        " never multiplied.",
        "请发布一条在同一事件上奖励它的规则。由时间触发或等待之后的奖励不会加倍。",
    ),
    # ---- budgets
    "nothing-to-budget": Message(
        "warning",
        "Nothing in this rule costs anything that the budget “{name}” counts, so it is never drawn on.",
        "此规则没有会计入预算“{name}”的内容，预算不会被扣减。",
        "Give the coupon or the prize its cost, or choose a budget that counts firings. After a wait"
        " no budget is drawn on.",
        "请填写优惠券或奖品的成本，或选择按次数计量的预算。等待之后的动作不计入预算。",
    ),
    "budget-currency": Message(
        "error",
        "The budget “{name}” is in {currency}, but “{cost}” costs {other}.",
        "预算“{name}”的币种是 {currency}，而“{cost}”的成本是 {other}。",
        "Use one currency for both.",
        "请统一币种。",
    ),
    # ---- ends
    "never-expires": Message(
        "warning",
        "“{name}” never expires, so this rule never starts.",
        "“{name}”永不过期，因此此规则不会触发。",
        "Say in its definition how long it lasts, or choose another.",
        "请在其定义中填写有效期，或选择其他对象。",
    ),
}
