"""Every effect, reason, timer and request in words, in both languages."""

from typing import get_args

import pytest

from api.service.effect_wording import effect_text
from api.service.reasons import BY_ITSELF as NAMES
from api.service.reasons import REASONS, REQUESTS, RESULTS, TIMERS, reason_text
from api.service.wording import event_label, explanation, names_in
from engine.decision import BY_ITSELF, Result
from engine.effects import (
    AbsorbMember,
    ActivatePoints,
    AddTag,
    AnyEffect,
    AwardPoints,
    BeginWhile,
    CallWebhook,
    ChangeScore,
    ChangeTier,
    CloseHold,
    DrawPrize,
    EndCoupon,
    EndMembership,
    EndWhile,
    EnterSegment,
    EraseMember,
    ExpirePoints,
    Hold,
    IssueCoupon,
    LeaveSegment,
    MultiplyPoints,
    OpenTask,
    ReleaseTag,
    RemoveTag,
    RestoreCoupon,
    RestorePoints,
    ReversePoints,
    SendMessage,
    SpendPoints,
    StartMembership,
    StartWait,
    TakeBranch,
    TellMember,
)
from engine.events import MEMBER_ERASED
from engine.events import REQUESTS as ASKED
from engine.language.catalogue import Catalogue
from engine.language.definitions import Definitions
from engine.timers import TimerKind
from tests.support.life import at

CATALOGUE = Catalogue(
    Definitions.model_validate(
        {
            "programme": {"zone": "Asia/Shanghai"},
            "segments": [
                {
                    "key": "fans",
                    "name": {"en": "Fans", "zh-Hans": "粉丝"},
                    "meaning": "for a test",
                    "kind": "list",
                }
            ],
            "scores": [{"key": "rfm", "name": {"en": "Value", "zh-Hans": "价值"}, "within": {"days": 365}}],
            "tags": [{"key": "vip", "name": {"en": "VIP", "zh-Hans": "贵宾"}, "meaning": "for a test"}],
            "coupons": [
                {
                    "key": "TEN",
                    "name": {"en": "Ten off", "zh-Hans": "立减十元"},
                    "kind": "amount",
                    "value": "10",
                }
            ],
            "units": [
                {"key": "growth", "name": {"en": "growth value", "zh-Hans": "成长值"}, "kind": "growth"},
                {
                    "key": "cash",
                    "name": {"en": "Gift card", "zh-Hans": "礼品卡"},
                    "kind": "money",
                    "currency": "CNY",
                },
            ],
            "ladders": [
                {
                    "key": "club",
                    "name": {"en": "Club", "zh-Hans": "俱乐部"},
                    "measure": "count",
                    "period": "ever",
                    "tiers": [
                        {"key": "s", "name": {"en": "Silver", "zh-Hans": "银卡"}, "reached_at": "1"},
                        {"key": "g", "name": {"en": "Gold", "zh-Hans": "金卡"}, "reached_at": "2"},
                    ],
                }
            ],
            "memberships": [
                {"key": "tea", "name": {"en": "Tea club", "zh-Hans": "茶会"}, "lasts": {"years": 1}}
            ],
            "queues": [{"key": "desk", "name": {"en": "Desk", "zh-Hans": "前台"}, "meaning": "Calls"}],
            "wheels": [
                {
                    "key": "spin",
                    "name": {"en": "Lucky spin", "zh-Hans": "幸运转盘"},
                    "prizes": [
                        {
                            "key": "none",
                            "name": {"en": "Thanks", "zh-Hans": "谢谢"},
                            "weight": 9,
                            "gives": "nothing",
                        },
                        {
                            "key": "car",
                            "name": {"en": "Car", "zh-Hans": "汽车"},
                            "weight": 1,
                            "stock": 1,
                            "gives": "nothing",
                        },
                    ],
                    "fallback": "none",
                }
            ],
        }
    )
)
MAY = at("2026-05-01")
JUNE = at("2026-06-01")


def told(kind: type[AnyEffect], **said: object) -> AnyEffect:
    """Return an effect whose place in a decision doesn't matter."""
    return kind(id="e", action=0, **said)  # type: ignore[arg-type]


EXPIRED = told(ExpirePoints, unit="points", points=1)
WORDED: list[tuple[AnyEffect, str, str]] = [
    (
        told(AddTag, tag="vip", holder="rule:r", expires_at=JUNE),
        "added tag “VIP” until 1 Jun 2026, 08:00",
        "添加标签“贵宾”（至 2026年6月1日 08:00）",
    ),
    (told(AddTag, tag="vip", holder="rule:r"), "added tag “VIP”", "添加标签“贵宾”"),
    (
        told(ReleaseTag, tag="vip", holder="person:ann"),
        "person:ann let go of tag “VIP”",
        "person:ann 不再持有标签“贵宾”",
    ),
    (told(RemoveTag, tag="gone"), "removed tag “gone”", "移除标签“gone”"),
    (told(AwardPoints, points=1), "awarded 1 point", "奖励 1 积分"),
    (told(AwardPoints, points=30, unit="growth"), "awarded 30 “growth value”", "奖励 30 “成长值”"),
    (told(AwardPoints, points=1250, unit="cash"), "awarded 12.5 CNY “Gift card”", "奖励 12.5 CNY “礼品卡”"),
    (told(AwardPoints, points=2, unit="gone"), "awarded 2 “gone”", "奖励 2 “gone”"),
    (
        told(AwardPoints, points=20, factor="2", active_at=MAY, expires_at=JUNE, order="o1"),
        "awarded 20 points (×2; can be spent from 1 May 2026, 08:00; until 1 Jun 2026, 08:00)",
        "奖励 20 积分（×2；2026年5月1日 08:00 起可用；有效至 2026年6月1日 08:00）",
    ),
    (told(MultiplyPoints, factor="1.5"), "points ×1.5", "积分 ×1.5"),
    (told(MultiplyPoints, factor="2", unit="growth"), "“growth value” ×2", "“成长值” ×2"),
    (told(SpendPoints, points=1), "took 1 point", "扣减 1 积分"),
    (told(SpendPoints, points=5, order="o1"), "took 5 points for order o1", "扣减 5 积分（订单 o1）"),
    (
        told(Hold, hold="h1", units={"points": 50, "cash": 100}, coupons=("C1",), order="o1", until=JUNE),
        "set aside 50 points, 1 CNY “Gift card”, coupon C1 for order o1 until 1 Jun 2026, 08:00",
        "预留 50 积分、1 CNY “礼品卡”、优惠券 C1（至 2026年6月1日 08:00，订单 o1）",
    ),
    (
        told(Hold, hold="h1", units={"points": 50}, until=JUNE),
        "set aside 50 points until 1 Jun 2026, 08:00",
        "预留 50 积分（至 2026年6月1日 08:00）",
    ),
    (told(CloseHold, hold="h1", how="confirmed"), "redemption h1 confirmed", "核销 h1 已确认"),
    (told(CloseHold, hold="h1", how="released"), "redemption h1 released", "核销 h1 已释放"),
    (told(CloseHold, hold="h1", how="timed_out"), "redemption h1 timed out", "核销 h1 已超时释放"),
    (
        told(ActivatePoints, unit="points", points=3),
        "3 points can be spent from now on",
        "3 积分 现在可用",
    ),
    (EXPIRED, "1 point expired", "1 积分 已到期"),
    (
        told(ReversePoints, unit="points", points=3, order="o1"),
        "took back 3 points that order o1 earned",
        "收回订单 o1 所得的 3 积分",
    ),
    (
        told(ReversePoints, unit="points", points=3, order="o1", forgive=True),
        "took back 3 points that order o1 earned, forgiving what was spent",
        "收回订单 o1 所得的 3 积分，已用部分免除",
    ),
    (
        told(RestorePoints, unit="points", points=3, order="o1"),
        "gave back 3 points spent on order o1",
        "返还订单 o1 所用的 3 积分",
    ),
    (
        told(IssueCoupon, coupon="TEN", code="C1"),
        "issued coupon “Ten off” (C1)",
        "发放优惠券“立减十元”（C1）",
    ),
    (
        told(EndCoupon, coupon="TEN", code="C1", how="redeemed", order="o1"),
        "coupon “Ten off” (C1) redeemed on order o1",
        "优惠券“立减十元”（C1）已使用，订单 o1",
    ),
    (
        told(EndCoupon, coupon="TEN", code="C1", how="expired"),
        "coupon “Ten off” (C1) expired",
        "优惠券“立减十元”（C1）已到期",
    ),
    (
        told(EndCoupon, coupon="TEN", code="C1", how="voided"),
        "coupon “Ten off” (C1) voided",
        "优惠券“立减十元”（C1）已作废",
    ),
    (
        told(RestoreCoupon, coupon="TEN", code="C1", order="o1", expires_at=JUNE),
        "gave back coupon “Ten off” (C1) of order o1 until 1 Jun 2026, 08:00",
        "返还订单 o1 所用的优惠券“立减十元”（C1）（至 2026年6月1日 08:00）",
    ),
    (
        told(ChangeTier, ladder="club", tier="s", how="upgraded"),
        "“Club”: from no level up to “Silver”",
        "“俱乐部”由无等级升至“银卡”",
    ),
    (
        told(ChangeTier, ladder="club", tier="s", before="g", how="downgraded", until=JUNE),
        "“Club”: from “Gold” down to “Silver” until 1 Jun 2026, 08:00",
        "“俱乐部”由“金卡”降至“银卡”（至 2026年6月1日 08:00）",
    ),
    (
        told(ChangeTier, ladder="club", tier="g", before="g", how="retained"),
        "“Club”: “Gold” kept",
        "“俱乐部”保留“金卡”",
    ),
    (
        told(ChangeTier, ladder="club", tier="g", before="g", how="grace", until=JUNE),
        "“Club”: “Gold” kept for a time of grace until 1 Jun 2026, 08:00",
        "“俱乐部”宽限期内保留“金卡”（至 2026年6月1日 08:00）",
    ),
    (
        told(ChangeTier, ladder="gone", tier="x", before="g", how="set"),
        "“gone”: set to “x”",
        "“gone”设为“x”",
    ),
    (
        told(StartMembership, membership="tea", until=JUNE),
        "started membership “Tea club” until 1 Jun 2026, 08:00",
        "开通会籍“茶会”（至 2026年6月1日 08:00）",
    ),
    (
        told(StartMembership, membership="tea", until=JUNE, renewed=True),
        "renewed membership “Tea club” until 1 Jun 2026, 08:00",
        "续期会籍“茶会”（至 2026年6月1日 08:00）",
    ),
    (told(EndMembership, membership="tea"), "membership “Tea club” ended", "会籍“茶会”已结束"),
    (
        told(DrawPrize, wheel="spin", prize="car", number="0", commitment="0"),
        "drew “Car” from “Lucky spin”",
        "从“幸运转盘”抽中“汽车”",
    ),
    (
        told(DrawPrize, wheel="spin", prize="none", drawn="car", number="0", commitment="0"),
        "drew “Thanks” from “Lucky spin”, as “Car” is gone",
        "从“幸运转盘”抽中“谢谢”（“汽车”已发完）",
    ),
    (
        told(OpenTask, queue="desk", priority="high", note="Call back"),
        "opened a high-priority task in “Desk”: Call back",
        "在“前台”创建优先任务：Call back",
    ),
    (
        told(OpenTask, queue="yard", priority="normal", note="Call"),
        "opened a normal task in “yard”: Call",
        "在“yard”创建普通任务：Call",
    ),
    (told(SendMessage, channel="sms", template="hi"), "requested SMS “hi”", "触发短信“hi”"),
    (
        told(SendMessage, channel="email", template="hi", suppressed="overdue"),
        "requested e-mail “hi”, not sent: more than 24 hours overdue",
        "触发邮件“hi”，未发送：已逾期超过 24 小时",
    ),
    (told(CallWebhook, endpoint="crm"), "called webhook “crm”", "调用 Webhook“crm”"),
    (told(EnterSegment, segment="fans"), "entered segment “Fans”", "进入分群“粉丝”"),
    (told(LeaveSegment, segment="fans"), "left segment “Fans”", "离开分群“粉丝”"),
    (
        told(ChangeScore, score="rfm", recency=5, frequency=4, monetary=4, code="111", band="b4"),
        "scored 5-4-4 in “Value”: important, valuable, b4",
        "“价值”评分 5-4-4：重要价值，b4",
    ),
    (
        told(ChangeScore, score="rfm", recency=0, frequency=0, monetary=0),
        "has no score “Value” any more",
        "不再有评分“价值”",
    ),
    (told(BeginWhile, rule="r"), "the condition of “r” holds now", "规则“r”的条件开始成立"),
    (told(EndWhile, rule="r"), "the condition of “r” no longer holds", "规则“r”的条件不再成立"),
    (told(EraseMember), "erased the member: what it had lapses", "抹除会员，其所有权益一并失效"),
    (told(AbsorbMember, member="m2"), "took in member m2", "并入会员 m2"),
    (
        told(AbsorbMember, member="m2", ended=("thanks", "win-back")),
        "took in member m2; its wait ended in thanks, win-back",
        "并入会员 m2；结束等待：thanks、win-back",
    ),
    (told(StartWait, resume=1, due_at=JUNE), "waits until 1 Jun 2026, 08:00", "等待至 2026年6月1日 08:00"),
    (told(TakeBranch, way="then"), "the branch's condition holds", "满足分支条件"),
    (told(TakeBranch, way="else"), "the branch's condition doesn't hold", "不满足分支条件"),
    (
        told(TellMember, member="m2", event="Order Completed", lineage=("r",)),
        "told member m2 of “order”",
        "告知会员 m2：“下单”",
    ),
    (
        told(TellMember, member="m2", event="Tea Poured", lineage=("r",)),
        "told member m2 of “Tea Poured”",
        "告知会员 m2：“Tea Poured”",
    ),
]


@pytest.mark.parametrize(("effect", "english", "chinese"), WORDED, ids=[one[1] for one in WORDED])
def test_effect(effect: AnyEffect, english: str, chinese: str) -> None:
    assert {"en": english, "zh-Hans": chinese} == effect_text(effect, CATALOGUE)


@pytest.mark.parametrize(
    ("fact", "value", "names"),
    [
        ("member.tags", ("vip", "gone"), {"vip": {"en": "VIP", "zh-Hans": "贵宾"}}),
        ("member.level.club", "g", {"g": {"en": "Gold", "zh-Hans": "金卡"}}),
        ("member.segments", ("fans",), {"fans": {"en": "Fans", "zh-Hans": "粉丝"}}),
        ("calendar.weekday", "mon", {"mon": {"en": "Monday", "zh-Hans": "周一"}}),
        ("event.queue", "desk", {}),  # nobody has said that an event tells of a queue
        ("member.city", "vip", {}),
        ("member.points", 5, {}),
        ("figure.0123", 2, {}),
        (None, None, {}),
    ],
)
def test_keys_that_were_read_have_their_names_beside(
    fact: str | None, value: object, names: dict[str, dict[str, str]]
) -> None:
    assert names == names_in(fact, value, CATALOGUE)


def test_no_effect_is_without_words() -> None:
    assert set(get_args(AnyEffect)) == {type(effect) for effect, _, _ in WORDED}


def test_every_result_timer_request_and_doing_of_the_programme_has_words() -> None:
    assert set(get_args(Result)) == set(RESULTS)
    assert set(get_args(TimerKind)) == set(TIMERS)
    assert ASKED | {MEMBER_ERASED} == set(REQUESTS)
    assert set(BY_ITSELF) == set(NAMES)
    for texts in (RESULTS, TIMERS, REQUESTS, NAMES):
        for text in texts.values():
            assert any("\u4e00" <= character <= "\u9fff" for character in text["zh-Hans"])
            assert text["en"].isascii()


@pytest.mark.parametrize(
    "code",
    [
        "nothing-to-claim",
        "claimed-already",
        "not-enough-points",
        "coupon-per-member",
        "coupon-stock",
        "coupon-codes",
        "budget",
        "refund-repeated",
        "refund-currency",
        "refund-not-positive",
        "refund-exceeds-order",
        "order-unknown",
        "refund-without-order",
    ],
)
def test_every_reason_has_words(code: str) -> None:
    assert code in REASONS
    assert code not in reason_text("limited", code).values()


def test_a_refusal_at_the_till_reads_inside_a_sentence() -> None:
    assert {"en": "the member has less than that", "zh-Hans": "会员余额不足"} == reason_text(
        "done", "not-enough"
    )
    assert {"en": "unheard-of", "zh-Hans": "unheard-of"} == reason_text("done", "unheard-of")
    assert "at least one condition does not hold" == reason_text("not_matched", "")["en"]


def test_events_that_nobody_defines_are_called_by_what_they_are() -> None:
    assert "level was reviewed" == event_label("Timer Fired", {"timer": "level"}, CATALOGUE)["en"]
    assert "即将到期" == event_label("Timer Fired", {"timer": "before_expiry"}, CATALOGUE)["zh-Hans"]
    assert "redemption confirmed" == event_label("Redemption Confirmed", {}, CATALOGUE)["en"]
    assert "人工调整积分" == event_label("Points Adjusted", {}, CATALOGUE)["zh-Hans"]
    assert "level up" == event_label("Tier Upgraded", {}, CATALOGUE)["en"]
    assert "Tea Poured" == event_label("Tea Poured", {}, CATALOGUE)["en"]


def test_what_the_programme_did_is_explained_in_a_sentence() -> None:
    outcome = {
        "name": NAMES["@clock"],
        "result": "done",
        "reason": reason_text("done", ""),
        "effects": [{"text": effect_text(EXPIRED, CATALOGUE)}],
    }

    assert {
        "en": ["Expiry: done, 1 point expired."],
        "zh-Hans": ["到期：已处理，1 积分 已到期。"],
    } == explanation([outcome])
