"""Fixed words for what came of a rule, why, and by whom."""

from collections.abc import Mapping
from typing import Final

from engine.events import (
    BROADCAST_DUE,
    COUPON_GRANTED,
    COUPON_VOIDING,
    LEVEL_SET,
    MEMBER_ERASED,
    MEMBERSHIP_SET,
    POINTS_ADJUSTED,
    REDEMPTION_CONFIRMED,
    REDEMPTION_RELEASED,
    REDEMPTION_RESERVED,
    SEGMENT_LISTED,
    SEGMENT_UNLISTED,
    TAG_GRANTED,
    TAG_WITHDRAWN,
)
from engine.language.base import Text, words
from engine.programme.reasons import REASONS as REFUSALS

RESULTS: Final[Mapping[str, Text]] = {
    "fired": words("fired", "已触发"),
    "done": words("done", "已处理"),
    "not_matched": words("did not match", "未匹配"),
    "held_out": words("held out", "对照组保留"),
    "limited": words("held back by a limit", "受限制未触发"),
    "late": words("ignored a late event", "忽略迟到事件"),
    "inactive": words("not in force", "不在生效期"),
    "waiting": words("member is already in it", "会员已在流程中"),
    "resumed": words("went on after a wait", "等待后继续"),
    "exited": words("ended early", "提前退出"),
    "ended": words("no longer holds", "条件不再成立"),
    "moved": words("goes on in the new version", "已转入新版本"),
    "reached": words("reached the goal", "达成目标"),
    "refused": words("refused", "已拒绝"),
}
BY_ITSELF: Final[Mapping[str, Text]] = {
    "@till": words("Till", "收银"),
    "@clock": words("Expiry", "到期"),
    "@refund": words("Refund", "退款"),
    "@tier": words("Levels", "等级"),
    "@person": words("By hand", "人工"),
    "@segment": words("Segments and scores", "分群与评分"),
    "@merge": words("Merge", "合并"),
    "@broadcast": words("Broadcast", "群发"),
}
"""Names of what the programme does without a rule (`engine.decision.BY_ITSELF`)."""

REASONS: Final[Mapping[str, Text]] = {
    "": words("", ""),
    "not-matched": words("at least one condition does not hold", "至少有一个条件不成立"),
    "own-descendant": words(
        "a rule may not fire on what it led to itself", "规则不能由自身引发的事件再次触发"
    ),
    "not-yet-active": words("the rule is not in force yet", "规则尚未生效"),
    "no-longer-active": words("the rule is no longer in force", "规则已过生效期"),
    "no-campaign": words("its campaign is not defined any more", "所属活动已不存在"),
    "campaign-not-begun": words("its campaign has not begun", "所属活动尚未开始"),
    "campaign-ended": words("its campaign is over", "所属活动已结束"),
    "event-late": words("the event reached us too late", "事件到达过迟"),
    "already-enrolled": words("the member is already waiting in this rule", "会员已在此规则中等待"),
    "hold-out": words("the member is in the hold-out group", "会员属于对照组"),
    "per-member": words("the limit per member is reached", "已达到每位会员的次数上限"),
    "exclusive-group": words(
        "another rule of its exclusive group came first", "同一互斥组中已有其他规则先触发"
    ),
    "total": words("the limit in all is reached", "已达到总次数上限"),
    "condition-ended": words("its condition is no longer true of the member", "会员不再满足其条件"),
    "entered-before": words("the member has been in this rule before", "会员曾进入过此规则"),
    "rule-changed": words("the rule was published anew", "规则发布了新版本"),
    "restarted": words("it began anew", "流程已重新开始"),
    "goal": words("the event that the rule is there for happened", "发生了目标事件"),
    "goal-missed": words("the goal was not reached in time", "未在期限内达成目标"),
    "merged": words("became one with another member", "与其他会员合并"),
    "exit-condition": words("the condition to stay in it no longer holds", "不再满足继续条件"),
    "exit-event": words("the event that ends it happened", "发生了退出事件"),
    "chain-too-deep": words("the rules led to each other more than 8 times", "规则相互触发超过 8 层"),
    "chain-too-long": words("the decision had more than 100 steps", "一次决策超过 100 步"),
    "no-consent": words(
        "the member has not agreed to marketing by this channel", "会员未同意接收该渠道的营销消息"
    ),
    "frequency-cap": words("the member has had as many messages as one may have", "该会员已达到消息频次上限"),
    "quiet-hours": words("quiet hours of the member", "会员的免打扰时段"),
    "member-erased": words("the member was erased", "会员已被抹除"),
    "left-meanwhile": words("the member has left the rule meanwhile", "会员在此期间已离开该流程"),
    "overdue": words("more than 24 hours overdue", "已逾期超过 24 小时"),
    "nothing-to-claim": words(
        "the event doesn't tell what the award is claimed by", "事件缺少用于领取奖励的属性"
    ),
    "claimed-already": words("it has been claimed before", "该奖励已被领取过"),
    "not-enough-points": words("the member has too few points", "会员积分不足"),
    "coupon-per-member": words(
        "the member has been given as many of these coupons as one may have", "该会员已达到此券的每人限领数量"
    ),
    "coupon-stock": words("all of these coupons have been given", "该优惠券已发完"),
    "coupon-codes": words("the pool has no codes left", "券码池已用完"),
    "not-invited": words(
        "the membership is by invitation, and the member doesn't have its tag",
        "该会籍仅限受邀会员，而会员没有对应的邀请标签",
    ),
    "budget": words("the budget has too little left", "预算余额不足"),
    "member-not-told": words("it isn't told who the other member is", "未说明另一位会员是谁"),
    "member-unknown": words("nobody is known by the id of the other member", "另一位会员的编号不存在"),
    "member-oneself": words("the other member is the member itself", "另一位会员就是本人"),
    "told-too-far": words(
        "8 rules have led here already, so no other member is told", "已连续触发 8 条规则，不再告知其他会员"
    ),
    "refund-repeated": words("this refund has been counted before", "该退款已处理过"),
    "refund-currency": words(
        "the refund is in another currency than its order; nothing was taken back",
        "退款币种与订单不符，未作任何收回",
    ),
    "refund-not-positive": words(
        "the refund is not of an amount above 0; nothing was taken back", "退款金额不大于 0，未作任何收回"
    ),
    "refund-exceeds-order": words(
        "more was refunded than the order came to; the order counts as wholly refunded",
        "退款超过订单金额，按全额退款处理",
    ),
    "order-unknown": words(
        "the order is not known yet; the refund applies when it arrives", "订单尚未收到，将在到达后处理退款"
    ),
    "refund-without-order": words("the refund names no order", "退款未注明订单号"),
}
TIMERS: Final[Mapping[str, Text]] = {
    "absence": words("absence was due", "久未发生"),
    "schedule": words("schedule was due", "定时触发"),
    "anniversary": words("the member's day came round", "会员纪念日到来"),
    "holiday": words("the holiday came round", "节日到来"),
    "before_expiry": words("something runs out soon", "即将到期"),
    "wait": words("wait was over", "等待结束"),
    "message": words("quiet hours were over", "免打扰时段结束"),
    "tag": words("tag expired", "标签到期"),
    "tags": words("tags were merged or retired", "标签合并或停用"),
    "units": words("points were due", "积分到期或可用"),
    "coupons": words("coupon expired", "优惠券到期"),
    "hold": words("reservation timed out", "核销预留超时"),
    "level": words("level was reviewed", "等级复核"),
    "membership": words("membership ended", "会籍到期"),
    "standing": words("a condition was looked at again", "重新判断条件"),
}
REQUESTS: Final[Mapping[str, Text]] = {
    REDEMPTION_RESERVED: words("redemption reserved", "预留核销"),
    REDEMPTION_CONFIRMED: words("redemption confirmed", "确认核销"),
    REDEMPTION_RELEASED: words("redemption released", "释放核销"),
    COUPON_VOIDING: words("coupon voided by hand", "人工作废优惠券"),
    COUPON_GRANTED: words("coupon given by hand", "人工发放优惠券"),
    POINTS_ADJUSTED: words("points adjusted by hand", "人工调整积分"),
    LEVEL_SET: words("level set by hand", "人工设置等级"),
    MEMBERSHIP_SET: words("membership set by hand", "人工设置会籍"),
    SEGMENT_LISTED: words("put on a list", "加入名单"),
    SEGMENT_UNLISTED: words("taken off a list", "移出名单"),
    TAG_GRANTED: words("tag put on by hand", "人工打标签"),
    TAG_WITHDRAWN: words("tag taken off by hand", "人工移除标签"),
    MEMBER_ERASED: words("member erased", "抹除会员"),
    BROADCAST_DUE: words("broadcast was due", "群发发送"),
}
"""What a till, a person or a broadcast asked for (`engine.events.REQUESTS`), and that a member was erased."""


def reason_text(result: str, reason: str) -> Text:
    """Return why a rule had its result; a code nobody has worded reads as itself."""
    code = "not-matched" if result == "not_matched" and not reason else reason
    found = REASONS.get(code)
    return dict(found) if found is not None else refusal_text(code)


def refusal_text(code: str) -> Text:
    """Return why a request was refused, as it stands inside a sentence."""
    said = REFUSALS.get(code)
    if said is None:
        return words(code, code)
    english = said["en"].removesuffix(".")
    return words(english[:1].lower() + english[1:], said["zh-Hans"].removesuffix("。"))
