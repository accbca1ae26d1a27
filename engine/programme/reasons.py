"""Why the programme refuses what a till or a person asks for: a code each, with its wording."""

from typing import Any, Final

import msgspec

from engine.errors import EngineError
from engine.language.base import Text, words


class Refused(msgspec.Struct, frozen=True):
    """A refusal, as data.

    Attributes:
        reason: Code of `REASONS`.
        more: What helps to mend it, as JSON: the `path` of a bad value, what is `lacking`, the
            `limits` that applied.
    """

    reason: str
    more: dict[str, Any] = {}


class Refusal(EngineError):
    """A request can't be carried out; it never leaves the module that answers the request.

    Attributes:
        refused: Why.
    """

    def __init__(self, reason: str, **more: Any) -> None:
        super().__init__(reason)
        self.refused = Refused(reason, more)


REASONS: Final[dict[str, Text]] = {
    "bad-request": words(
        "The request has a field that is missing or of the wrong kind; the path says which.",
        "请求中有字段缺失或类型不符，路径指明了是哪一个。",
    ),
    "bad-order": words(
        "The order has a field that is missing or of the wrong kind; the path says which.",
        "订单中有字段缺失或类型不符，路径指明了是哪一个。",
    ),
    "bad-instant": words(
        "The instant isn't a date and time with an offset, such as 2026-11-20T21:14:03+08:00.",
        "时间必须是带时区偏移的日期时间，例如 2026-11-20T21:14:03+08:00。",
    ),
    "instant-past": words("The instant is not in the future.", "该时间不在将来。"),
    "instant-too-far": words("The instant is more than 100 years ahead.", "该时间超出 100 年。"),
    "amount-zero": words("The amount is 0; it must be something.", "数量为 0，必须不为零。"),
    "amount-negative": words("The amount is below 0.", "数量不能为负。"),
    "amount-not-whole": words("The amount must be a whole number.", "数量必须是整数。"),
    "amount-too-large": words("The amount is beyond 2^53.", "数量超过 2^53。"),
    "amount-too-fine": words(
        "The amount has more decimals than its currency.", "金额的小数位数超过该币种的最小单位。"
    ),
    "currency-unknown": words(
        "The currency is not a code of ISO 4217, such as CNY.", "币种不是 ISO 4217 代码，例如 CNY。"
    ),
    "unit-unknown": words("The programme has no such unit.", "没有这种积分或储值单位。"),
    "unit-cannot-pay": words("This unit can't be used on orders.", "该单位不能用于抵扣订单。"),
    "unit-currency": words(
        "This unit pays orders in another currency only.", "该单位只能抵扣其他币种的订单。"
    ),
    "not-enough": words("The member has less than that.", "会员余额不足。"),
    "in-debt": words(
        "The member owes units that were taken back after they were spent; nothing can be spent until "
        "they are repaid.",
        "会员因退款产生欠额，还清之前不能使用。",
    ),
    "pays-too-much": words(
        "More than may be paid on this order; the limits say why.", "超过本单可抵扣的上限。"
    ),
    "pays-nothing": words("So few units pay nothing.", "数量太少，不足以抵扣。"),
    "nothing-to-redeem": words(
        "Neither units nor coupons are named, or no coupon takes anything off this order.",
        "没有可使用的积分或优惠券。",
    ),
    "redemption-unknown": words(
        "No redemption of that id is open: it never was, or it has been confirmed, released or timed out.",
        "没有该编号的未完成核销：不存在，或已确认、已释放、已超时。",
    ),
    "redemption-exists": words("A redemption of that id is open already.", "该编号的核销已存在且未完成。"),
    "coupon-unknown": words("There is no such coupon.", "优惠券不存在。"),
    "not-entitled": words("The member isn't entitled to it.", "该会员没有此项权益。"),
    "coupon-not-yours": words("The coupon belongs to another member.", "优惠券不属于该会员。"),
    "coupon-expired": words("The coupon has expired.", "优惠券已过期。"),
    "coupon-not-yet-valid": words("The coupon can't be used yet.", "优惠券尚未生效。"),
    "coupon-held": words("The coupon is set aside for another redemption.", "优惠券已被另一笔核销占用。"),
    "coupon-used": words("The coupon has been used.", "优惠券已使用。"),
    "coupon-below-minimum": words(
        "The order doesn't come to what the coupon asks for.", "订单金额未达到优惠券的使用门槛。"
    ),
    "coupon-no-items": words(
        "The order has none, or too few, of the items the coupon is for.",
        "订单中没有或缺少优惠券适用的商品。",
    ),
    "coupon-no-gain": words("The coupon takes nothing off this order.", "该优惠券对本单没有优惠。"),
    "coupon-currency": words("The coupon is in another currency.", "优惠券的币种与订单不符。"),
    "coupon-not-together": words("These coupons can't be used together.", "这些优惠券不能同时使用。"),
    "coupon-per-member": words(
        "The member has been given as many of these coupons as one may have.", "该会员已达到每人限领数量。"
    ),
    "coupon-stock": words("All of these coupons have been given.", "该优惠券已发完。"),
    "coupon-codes": words("The pool has no codes left.", "券码池已用完。"),
    "ladder-unknown": words("The programme has no such ladder of levels.", "没有这个等级体系。"),
    "tier-unknown": words("The ladder has no such level.", "该等级体系中没有这个等级。"),
    "segment-unknown": words("The programme has no such segment.", "没有这个分群。"),
    "segment-computed": words(
        "The segment is computed from its condition; only a list can be changed by hand.",
        "该分群由条件计算得出，只有名单可以人工修改。",
    ),
    "membership-unknown": words("The programme has no such membership.", "没有这种会籍。"),
    "tag-unknown": words(
        "There is no such tag; define it first, with what it means.", "没有这个标签，请先定义它并写明含义。"
    ),
    "tag-retired": words("The tag is retired; nobody can have it any more.", "该标签已停用。"),
    "tag-not-on": words("The member doesn't have the tag.", "会员没有该标签。"),
    "tag-not-yours": words(
        "Others hold the tag on the member, you don't; take it off for all if it is wrong.",
        "该标签由他人打上；如需移除，请选择全部移除。",
    ),
    "not-invited": words(
        "The membership is by invitation, and the member has none; put the tag that is named on first.",
        "该会籍仅限受邀会员，而该会员未受邀；请先为会员添加所列标签。",
    ),
    "membership-not-running": words("The member has no such membership.", "会员没有该会籍。"),
}
"""Wording of every code, in both languages."""
