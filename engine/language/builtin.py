"""What every programme may speak of without defining it: Segment's e-commerce words, and ours.

The same shapes as a programme's own definitions have; `catalogue` reads both.
"""

from typing import Any, Final

from engine.language.base import words


def _text(name: str, en: str, zh: str, *, personal: bool = False) -> dict[str, Any]:
    return {"name": name, "label": words(en, zh), "type": "text", "personal": personal}


def _number(name: str, en: str, zh: str) -> dict[str, Any]:
    return {"name": name, "label": words(en, zh), "type": "number"}


def _event(name: str, en: str, zh: str, *properties: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "label": words(en, zh), "properties": list(properties)}


_CATEGORY: Final = _text("category", "category", "品类")
_CHANNEL: Final = _text("channel", "channel", "渠道")
_STORE: Final = _text("store", "store", "门店")
_TAG: Final = _text("tag", "tag", "标签")
_ORDER: Final = (
    _text("order_id", "order number", "订单号"),
    _number("total", "order total", "订单金额"),
    _number("revenue", "order revenue", "商品金额"),
    _number("discount", "discount", "优惠金额"),
    _number("quantity", "items in the order", "商品件数"),
    _text("currency", "currency", "币种"),
    _text("coupon", "coupon used", "使用的优惠券"),
    _CHANNEL,
    _STORE,
    _CATEGORY,
)

_ORDER_ID: Final = _ORDER[0]
_COUPON: Final = _text("coupon", "coupon", "优惠券")
_MEMBERSHIP: Final = _text("membership", "membership", "会籍")
_POINTS: Final = (_number("points", "points", "积分"), _text("unit", "unit", "单位"))
_TIER: Final = (
    _text("ladder", "ladder", "等级体系"),
    _text("tier", "level", "等级"),
    _text("before", "level before", "原等级"),
)

_SEGMENT: Final = _text("segment", "segment", "分群")
_SCORE: Final = (
    _text("rfm", "RFM score", "RFM 评分"),
    _text("segment", "RFM segment", "RFM 类别"),
    _text("before", "RFM segment before", "原 RFM 类别"),
    _text("code", "RFM code", "RFM 编码"),
    _text("band", "loyalty band", "忠诚度阶梯"),
    _text("band_before", "loyalty band before", "原忠诚度阶梯"),
    _text("direction", "direction (up, down, same)", "变化方向（up、down、same）"),
    _text("band_direction", "direction of the band (up, down, same)", "阶梯变化方向（up、down、same）"),
)
_MESSAGE: Final = (
    _CHANNEL,
    _text("template", "template", "模板"),
    _text("purpose", "purpose", "用途"),
    _text("rule", "rule", "规则"),
)
_MESSAGE_ID: Final = _text("message", "message number", "消息编号")
_REASON: Final = _text("reason", "reason", "原因")
_WHY: Final = _text("why", "reason given", "所填原因")
_LINK: Final = _text("link", "link", "链接")

DEFINED: Final[dict[str, Any]] = {
    "events": [
        _event("Order Completed", "order", "下单", *_ORDER),
        _event("Order Refunded", "refund", "退款", *_ORDER),
        _event("Order Cancelled", "cancelled order", "取消订单", *_ORDER),
        _event(
            "Product Viewed",
            "product view",
            "浏览商品",
            _text("product_id", "product", "商品"),
            _CATEGORY,
            _number("price", "price", "价格"),
            _CHANNEL,
        ),
        _event("Signed Up", "sign-up", "注册", _CHANNEL, _STORE),
        _event("Checked In", "check-in", "签到", _CHANNEL, _STORE),
        _event("Member Joined", "joining", "入会", _CHANNEL),
        _event("Member Identified", "profile update", "更新资料"),
        _event(
            "Members Merged",
            "two members found to be one",
            "会员合并",
            _text("by", "who said so", "合并人"),
            _text("reason", "reason", "原因"),
        ),
        _event("Tag Added", "tag added", "打上标签", _TAG),
        _event("Tag Removed", "tag removed", "移除标签", _TAG),
        _event("Points Earned", "points earned", "获得积分", *_POINTS),
        _event("Points Activated", "points can be spent", "积分可用", *_POINTS),
        _event("Points Redeemed", "points spent", "使用积分", *_POINTS, _ORDER_ID),
        _event("Points Expired", "points expired", "积分到期", *_POINTS),
        _event("Points Reversed", "points taken back", "退回积分", *_POINTS, _ORDER_ID),
        _event("Points Restored", "points given back", "返还积分", *_POINTS, _ORDER_ID),
        _event("Coupon Issued", "coupon issued", "发放优惠券", _COUPON),
        _event("Coupon Redeemed", "coupon redeemed", "使用优惠券", _COUPON, _ORDER_ID),
        _event("Coupon Expired", "coupon expired", "优惠券到期", _COUPON),
        _event("Coupon Voided", "coupon voided", "优惠券作废", _COUPON),
        _event("Coupon Restored", "coupon given back", "返还优惠券", _COUPON, _ORDER_ID),
        _event("Tier Upgraded", "level up", "等级提升", *_TIER),
        _event("Tier Downgraded", "level down", "等级下降", *_TIER),
        _event("Tier Retained", "level kept", "保级成功", *_TIER),
        _event("Tier Set", "level set", "等级被设置", *_TIER),
        _event("Membership Started", "membership started", "会籍开通", _MEMBERSHIP),
        _event("Membership Renewed", "membership renewed", "会籍续期", _MEMBERSHIP),
        _event("Membership Expired", "membership expired", "会籍到期", _MEMBERSHIP),
        _event("Segment Entered", "segment entered", "进入分群", _SEGMENT),
        _event("Segment Exited", "segment left", "离开分群", _SEGMENT),
        _event("Score Changed", "score changed", "评分变化", *_SCORE),
        _event(
            "Prize Drawn",
            "prize drawn",
            "抽中奖品",
            _text("wheel", "wheel", "转盘"),
            _text("prize", "prize", "奖品"),
        ),
        _event(
            "Broadcast Due",
            "broadcast",
            "群发",
            _text("broadcast", "broadcast", "群发"),
            _CHANNEL,
            _text("template", "template", "模板"),
            _text("purpose", "purpose", "用途"),
        ),
        _event("Message Requested", "message requested", "触发消息", *_MESSAGE),
        _event("Message Sent", "message sent", "消息已发送", *_MESSAGE, _MESSAGE_ID),
        _event("Message Failed", "message failed", "消息发送失败", *_MESSAGE, _MESSAGE_ID, _REASON),
        _event("Message Suppressed", "message suppressed", "消息被拦截", *_MESSAGE, _MESSAGE_ID, _REASON),
        _event("Message Opened", "message opened", "打开消息", *_MESSAGE, _MESSAGE_ID),
        _event("Message Clicked", "message clicked", "点击消息", *_MESSAGE, _MESSAGE_ID, _LINK),
        _event("Consent Given", "consent given", "同意接收消息", _CHANNEL, _WHY),
        _event("Consent Withdrawn", "consent withdrawn", "退订消息", _CHANNEL, _WHY),
    ],
    "attributes": [
        _text("name", "name", "姓名", personal=True),
        _text("firstName", "first name", "名", personal=True),
        _text("lastName", "last name", "姓", personal=True),
        _text("email", "e-mail", "邮箱", personal=True),
        _text("phone", "phone", "手机号", personal=True),
        _text("address", "address", "地址", personal=True),
        _text("openid", "open id", "OpenID", personal=True),
        _text("unionid", "union id", "UnionID", personal=True),
        _text("gender", "gender", "性别"),
        _text("city", "city", "城市"),
        _text("language", "language", "语言"),
        _text("tier", "tier", "会员等级"),
        _text("birthday", "birthday (MM-DD)", "生日（月-日）"),
        _text("channel", "joining channel", "入会渠道"),
        _text("kind", "kind of member", "会员类型"),
    ],
    "units": [{"key": "points", "name": words("points", "积分")}],
}
"""Events, attributes of members, and units."""

OTHER_FACTS: Final[list[dict[str, Any]]] = [
    {"path": "member.tags", "label": words("member's tags", "会员标签"), "type": "list", "source": "tags"},
    {
        "path": "member.memberships",
        "label": words("memberships", "会籍"),
        "type": "list",
        "source": "memberships",
    },
    {
        "path": "member.segments",
        "label": words("member's segments", "会员分群"),
        "type": "list",
        "source": "segments",
    },
    {"path": "member.points", "label": words("points balance", "积分余额"), "type": "number"},
    {
        "path": "member.points_age_days",
        "label": words("age of the oldest points, in days", "最早一笔积分的天数"),
        "type": "number",
    },
    {
        "path": "calendar.weekday",
        "label": words("day of the week", "星期"),
        "type": "text",
        "source": "weekdays",
    },
    {"path": "event.expires_at", "label": words("when it runs out", "到期时间"), "type": "instant"},
    {"path": "calendar.month", "label": words("month", "月份"), "type": "number"},
    {"path": "calendar.day", "label": words("day of the month", "日"), "type": "number"},
    {"path": "calendar.hour", "label": words("hour", "小时"), "type": "number"},
    {"path": "calendar.month_day", "label": words("date (MM-DD)", "日期（月-日）"), "type": "text"},
]
"""Facts that are neither a property of an event nor an attribute."""
