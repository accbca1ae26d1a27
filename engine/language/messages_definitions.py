"""What `definition_findings` says of what a programme defines."""

from typing import Final

from engine.language.message import Message

DEFINITION_MESSAGES: Final[dict[str, Message]] = {
    # ---- the programme
    "unknown-zone": Message(
        "error",
        "There is no time zone called “{zone}”.",
        "没有名为“{zone}”的时区。",
        "Write an IANA zone, such as Asia/Shanghai or Europe/Berlin.",
        "请填写 IANA 时区，例如 Asia/Shanghai 或 Europe/Berlin。",
    ),
    # ---- units
    "unit-never-spendable": Message(
        "error",
        "“{name}” expires before it can be spent.",
        "“{name}”在可用之前就已过期。",
        "Let it last longer than it waits.",
        "有效期应长于等待期。",
    ),
    "growth-pays": Message(
        "warning",
        "“{name}” is a growth value: it counts towards levels, and yet it pays for orders.",
        "“{name}”是成长值，只用于等级，却可以抵扣订单。",
        "Remove what it pays, or make it points.",
        "请删除抵扣设置，或改为积分。",
    ),
    "deduction-currency": Message(
        "error",
        "“{name}” is stored value in {currency}, but pays in {other}.",
        "“{name}”是 {currency} 储值，却以 {other} 抵扣。",
        "Let it pay in its own currency.",
        "请以其自身币种抵扣。",
    ),
    "deduction-steps": Message(
        "warning",
        "Two steps of what “{name}” pays begin at the same order total; only one of them counts.",
        "“{name}”的两个抵扣档位起点相同，只有一个生效。",
        "Remove one of them.",
        "请删除其中一个。",
    ),
    # ---- segments and scores
    "segment-circle": Message(
        "error",
        "The segment “{name}” refers to itself: {segments}.",
        "分群“{name}”引用了自身：{segments}。",
        "Remove one of these references.",
        "请删除其中一处引用。",
    ),
    "score-unknown-event": Message(
        "error",
        "The score “{score}” looks at the event “{name}”, which nobody has defined.",
        "评分“{score}”依据事件“{name}”，但它尚未定义。",
        "Check the spelling, or define the event.",
        "请检查拼写，或先定义该事件。",
    ),
    "score-needs-number": Message(
        "error",
        "The score “{score}” adds up “{name}” of “{event}”, which isn't known as a number of that event.",
        "评分“{score}”要合计“{event}”的“{name}”，但该事件没有这个数字属性。",
        "Choose a number of the event, such as the order total, or define it.",
        "请选择该事件的数字属性，例如订单金额，或先定义它。",
    ),
    # ---- coupons
    "coupon-without-value": Message(
        "error",
        "The coupon “{name}” doesn't say what it is worth.",
        "优惠券“{name}”没有填写面值。",
        "Give its value; only a gift has none.",
        "请填写面值，只有赠品券可以没有。",
    ),
    "partner-without-cost": Message(
        "error",
        "The coupon “{name}” shares its cost with a partner, but doesn't say what it costs.",
        "优惠券“{name}”与合作方分摊成本，但没有填写成本。",
        "Give the cost of one and its currency.",
        "请填写单张成本和币种。",
    ),
    "coupon-over-hundred": Message(
        "error",
        "The coupon “{name}” takes off more than 100 percent.",
        "优惠券“{name}”的折扣超过 100%。",
        "Give at most 100.",
        "请填写不超过 100 的值。",
    ),
    "coupon-never-valid": Message(
        "error",
        "The coupon “{name}” ends before it begins.",
        "优惠券“{name}”的截止时间不晚于生效时间。",
        "Choose an end after the beginning.",
        "请选择晚于生效时间的截止时间。",
    ),
    "coupon-bad-instant": Message(
        "error",
        "This isn't a time with an offset, such as 2026-11-01T00:00:00+08:00.",
        "这不是带时区偏移的时间，例如 2026-11-01T00:00:00+08:00。",
        "Choose a date and time.",
        "请选择日期和时间。",
    ),
    "coupon-always-beaten": Message(
        "warning",
        "Whoever has “{other}” never has a use for “{name}”: it takes off at least as much, wherever this one"
        " can be used.",
        "持有“{other}”的会员不会用到“{name}”：凡可用之处，前者的优惠都不少于它。",
        "Give this one more, let it go with the other, or leave it out.",
        "请提高其优惠、允许与另一张叠加，或不再使用它。",
    ),
    # ---- memberships
    "invitation-unknown-tag": Message(
        "error",
        "“{name}” is for members with the tag “{tag}”, which isn't defined.",
        "“{name}”仅限有标签“{tag}”的会员，但该标签未定义。",
        "Choose a tag, or define it first.",
        "请选择已有标签，或先定义它。",
    ),
    # ---- prizes
    "fallback-may-run-out": Message(
        "error",
        "What “{wheel}” gives when a prize is gone is itself limited: “{name}” has a total or"
        " imported codes.",
        "“{wheel}”在奖品售罄时给出的“{name}”本身也有总量或导入券码限制。",
        "Choose a prize that can't run out.",
        "请选择不会发完的奖品。",
    ),
}
