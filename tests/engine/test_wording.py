"""Rules in words, sentence by sentence of the specification."""

import pytest
from pydantic import TypeAdapter

from engine.language.actions import Action
from engine.language.base import Duration, Part
from engine.language.catalogue import Catalogue
from engine.language.conditions import Condition
from engine.language.definitions import Definitions
from engine.language.document import Exit, Limits
from engine.language.parse import parse_rule
from engine.language.starts import Trigger
from engine.language.wording import phrase, sentence
from rule_library import LibraryEntry, library, library_definitions
from tests.support.documents import Json, JsonObject
from tests.support.wording import CATALOGUE as NAMED

CATALOGUE = Catalogue(library_definitions())
ANY_PART: TypeAdapter[Part] = TypeAdapter(Condition | Action)
TRIGGER: TypeAdapter[Part] = TypeAdapter(Trigger)


def compare(fact: str, op: str, value: Json = None) -> JsonObject:
    return {"type": "compare", "fact": fact, "op": op, "value": value}


def history(measure: str, op: str, value: Json, **more: Json) -> JsonObject:
    said = {"type": "history", "measure": measure, "event": "Order Completed", "op": op, "value": value}
    return {**said, **more}


def group(kind: str, *of: Json) -> JsonObject:
    return {"type": kind, "of": list(of)}


GOLD = compare("member.tier", "eq", "gold")
CITY = compare("member.city", "is_known")
STORE = compare("event.channel", "eq", "store")

PARTS: list[tuple[JsonObject, str, str]] = [
    # values
    (compare("event.total", "gte", "99.5"), "order total is at least 99.5", "订单金额不低于 99.5"),
    (compare("event.total", "between", [1, 2]), "order total is between 1 and 2", "订单金额介于 1 和 2"),
    (compare("member.tier", "in", ["a"]), "tier is one of a", "会员等级属于 a"),
    (compare("member.tier", "in", ["a", "b"]), "tier is one of a or b", "会员等级属于 a、b"),
    (compare("member.tier", "in", ["a", "b", "c"]), "tier is one of a, b or c", "会员等级属于 a、b、c"),
    (compare("member.city", "is_missing"), "city is missing", "城市缺失"),
    (compare("member.city", "eq", True), "city is yes", "城市是 是"),
    (
        compare("member.tags", "has", "churn-risk"),
        "member's tags include Churn risk",
        "会员标签包含 流失风险",
    ),
    (compare("member.tags", "has", "x"), "member's tags include x", "会员标签包含 x"),
    (
        compare("member.tags", "has_all", ["churn-risk", "x"]),
        "member's tags include all of Churn risk and x",
        "会员标签包含全部 流失风险、x",
    ),
    (compare("calendar.weekday", "eq", "wed"), "day of the week is Wednesday", "星期是 周三"),
    (compare("member.shoe_size", "gt", 40), "member.shoe_size is more than 40", "member.shoe_size大于 40"),
    # figures
    (history("count", "gte", 3), "the order count is at least 3", "下单次数不低于 3"),
    (
        history("count", "gte", 3, within={"days": 30}, where=STORE, counting="before_this_event"),
        "the order count in the last 30 days (where channel is store) (before this one) is at least 3",
        "近 30 天内下单（渠道是 store）次数（不含本次）不低于 3",
    ),
    (
        history("sum", "lt", "0.5", property="total", within={"years": 1}),
        "the sum of order total over every order in the last 1 calendar year is less than 0.5",
        "近 1 个自然年内下单的订单金额合计小于 0.5",
    ),
    (history("first", "is_known", None), "the time of the first order is known", "首次下单的时间已知"),
    (
        history("days_since", "gt", 7, event="Tea Poured"),
        "the number of days since the last Tea Poured is more than 7",
        "距上次Tea Poured的天数大于 7",
    ),
    # groups
    (group("all", GOLD, CITY), "tier is gold and city is known", "会员等级是 金卡，并且城市已知"),
    (group("any", GOLD, CITY), "tier is gold or city is known", "会员等级是 金卡，或者城市已知"),
    (group("not", GOLD), "none of these holds: tier is gold", "以下均不成立：会员等级是 金卡"),
    (group("all"), "…", "…"),
    (group("all", group("any"), GOLD), "… and tier is gold", "…，并且会员等级是 金卡"),
    (
        group("all", group("any", GOLD), CITY),
        "tier is gold and city is known",
        "会员等级是 金卡，并且城市已知",
    ),
    (
        group("all", CITY, group("any", GOLD, STORE)),
        "city is known and (tier is gold or channel is store)",
        "城市已知，并且（会员等级是 金卡，或者渠道是 store）",
    ),
    (
        group("any", group("not", GOLD), CITY),
        "(none of these holds: tier is gold) or city is known",
        "（以下均不成立：会员等级是 金卡），或者城市已知",
    ),
    # actions
    (
        {"type": "add_tag", "tag": "churn-risk", "expires_after": {"days": 1}},
        "add tag “Churn risk” for 1 day",
        "添加标签“流失风险”（1 天后失效）",
    ),
    ({"type": "remove_tag", "tag": "x"}, "remove tag “x”", "移除标签“x”"),
    (
        {"type": "issue_coupon", "coupon": "WINBACK10", "valid_for": {"months": 2}},
        "issue coupon “10% off to come back” (valid for 2 calendar months)",
        "发放优惠券“回归九折券”（有效期 2 个自然月）",
    ),
    (
        {"type": "send_message", "channel": "sms", "template": "we-miss-you"},
        "send “We miss you” by SMS",
        "通过短信发送“想念您”",
    ),
    ({"type": "wait", "for": {"hours": 2}}, "wait 2 hours", "等待 2 小时"),
    ({"type": "award_points", "points": 100}, "award 100 points", "奖励 100 积分"),
    (
        {"type": "award_points_by_amount", "points_per_unit": "1.5", "fact": "event.total"},
        "award order total × 1.5 in points (rounded down)",
        "奖励“订单金额 × 1.5”积分（向下取整）",
    ),
]


@pytest.mark.parametrize(("said", "english", "chinese"), PARTS, ids=[one[1] for one in PARTS])
def test_part(said: JsonObject, english: str, chinese: str) -> None:
    part = ANY_PART.validate_python(said)

    assert english == phrase(part, CATALOGUE, "en")
    assert chinese == phrase(part, CATALOGUE, "zh-Hans")


@pytest.mark.parametrize(
    ("said", "english", "chinese"),
    [
        (
            {"type": "event", "event": "Order Completed", "where": STORE},
            "at each order where channel is store",
            "每次下单（渠道是 store）时",
        ),
        (
            {"type": "absence", "event": "Order Completed", "for": {"days": 90}, "or_joining": True},
            "after 90 days without any order (counted from joining for members who never had one)",
            "连续 90 天没有下单（从未有过的会员从入会算起）时",
        ),
        (
            {"type": "schedule", "every": "month", "on_day": 31, "at": "09:00", "zone": "programme"},
            "every month on day 31 at 09:00 (the programme's time)",
            "每月 31 日 09:00（品牌当地时间）",
        ),
    ],
)
def test_trigger(said: JsonObject, english: str, chinese: str) -> None:
    part = TRIGGER.validate_python(said)

    assert english == phrase(part, CATALOGUE, "en")
    assert chinese == phrase(part, CATALOGUE, "zh-Hans")


@pytest.mark.parametrize(
    ("said", "english", "chinese"),
    [
        ({"type": "award_points", "points": 1}, "award 1 point", "奖励 1 积分"),
        (
            {"type": "award_points", "points": 1, "unit": "growth"},
            "award 1 “growth value”",
            "奖励 1“成长值”",
        ),
        ({"type": "spend_points", "points": 1}, "take 1 point", "扣减 1 积分"),
        (
            {"type": "set_tier", "ladder": "club", "tier": "two", "lasts": {"days": 1}},
            "set the level on “Club levels” to “Old friend” for 1 day",
            "将“俱乐部等级”等级设为“老友”（为期 1 天）",
        ),
        (
            compare("member.level.club", "eq", "two"),
            "Club levels is Old friend",
            "俱乐部等级是 老友",
        ),
        (compare("member.tier", "eq", "two"), "tier is two", "会员等级是 two"),
    ],
)
def test_what_a_programme_gives_reads_by_its_name(said: JsonObject, english: str, chinese: str) -> None:
    """A number takes its noun in the singular or the plural, and a name stands in its place."""
    part = ANY_PART.validate_python(said)

    assert english == phrase(part, NAMED, "en")
    assert chinese == phrase(part, NAMED, "zh-Hans")


def test_member_tier_is_the_level_on_the_ladder_tier() -> None:
    level = {"key": "gold", "name": {"en": "Gold card"}, "reached_at": "1"}
    ladder = {"key": "tier", "name": {"en": "Levels"}, "measure": "count", "period": "ever", "tiers": [level]}
    catalogue = Catalogue(Definitions.model_validate({"ladders": [ladder]}))

    assert "tier is Gold card" == phrase(ANY_PART.validate_python(GOLD), catalogue, "en")


@pytest.mark.parametrize(
    ("of", "unit", "english", "chinese"),
    [
        ("points", "growth", "points “growth value” run out", "积分“成长值”到期前 7 天"),
        ("membership", "club", "memberships “Tea club” run out", "会籍“茶会”到期前 7 天"),
        ("coupon", "club", "coupons “club” run out", "优惠券“club”到期前 7 天"),
        ("coupon", None, "coupons run out", "优惠券到期前 7 天"),
    ],
)
def test_what_runs_out_is_looked_up_by_its_kind(
    of: str, unit: str | None, english: str, chinese: str
) -> None:
    part = TRIGGER.validate_python({"type": "before_expiry", "of": of, "unit": unit, "for": {"days": 7}})

    assert f"7 days before {english}" == phrase(part, NAMED, "en")
    assert chinese == phrase(part, NAMED, "zh-Hans")


def test_leading_separators_are_dropped() -> None:
    """Whichever limit comes first, nothing stands before it."""
    limits = Limits(total=5, holdout_percent=10)

    assert "at most 5× in all; 10% of members are held out" == phrase(limits, CATALOGUE, "en")
    assert "总共最多 5 次；保留 10% 作为对照组" == phrase(limits, CATALOGUE, "zh-Hans")
    assert "10% of members are held out" == phrase(Limits(holdout_percent=10), CATALOGUE, "en")
    assert "" == phrase(Limits(), CATALOGUE, "en")


def test_other_parts() -> None:
    assert "stop at the next order" == phrase(Exit(event="Order Completed"), CATALOGUE, "en")
    assert "1 minute" == phrase(Duration(minutes=1), CATALOGUE, "en")
    assert "3 个自然月" == phrase(Duration(months=3), CATALOGUE, "zh-Hans")


def test_an_unknown_language_reads_as_english() -> None:
    document = library()[0].document

    assert sentence(document, CATALOGUE, "en") == sentence(document, CATALOGUE, "en-GB")


def test_whole_sentence() -> None:
    """Trigger, condition, actions, exit and limits, in both languages."""
    document = parse_rule(
        {
            "key": "a",
            "name": {"en": "A"},
            "when": {"type": "absence", "event": "Order Completed", "for": {"days": 90}},
            "if": GOLD,
            "then": [
                {"type": "add_tag", "tag": "churn-risk"},
                {"type": "wait", "for": {"days": 1}},
                {"type": "send_message", "channel": "email", "template": "welcome"},
            ],
            "exit": {"type": "event", "event": "Order Completed", "where": STORE},
            "limits": {"per_member": {"times": 1, "within": {"days": 180}}},
        }
    )

    assert (
        "After 90 days without any order, if tier is gold, then add tag “Churn risk”, then wait 1 day,"
        " then send “Welcome” by e-mail; stop at the next order where channel is store;"
        " at most 1× per member in any 180 days."
    ) == sentence(document, CATALOGUE, "en")
    assert (
        "连续 90 天没有下单时，如果会员等级是 金卡，则添加标签“流失风险”，然后等待 1 天，"
        "然后通过邮件发送“欢迎入会”；一旦下单（渠道是 store）即停止；每位会员任意 180 天内最多 1 次。"
    ) == sentence(document, CATALOGUE, "zh-Hans")


def test_a_rule_without_actions_still_reads() -> None:
    empty = parse_rule(
        {"key": "a", "name": {"en": "A"}, "when": {"type": "event", "event": "Signed Up"}, "then": []}
    )

    assert "At each sign-up, …." == sentence(empty, CATALOGUE, "en")


@pytest.mark.parametrize("entry", library(), ids=lambda entry: entry.key)
@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_library_reads_without_left_overs(entry: LibraryEntry, language: str) -> None:
    """No brackets of a template, no doubled separators, no bare key of what has a name."""
    text = sentence(entry.document, CATALOGUE, language)

    assert not any(mark in text for mark in ("{", "}", "[", "]", "  ", ",,", "，，", ", ;", "None"))
    named = CATALOGUE.tags | CATALOGUE.coupons | CATALOGUE.templates
    assert [] == [key for key, one in named.items() if f"“{key}”" in text and key not in one.name.values()]
