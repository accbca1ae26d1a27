"""What happened, in words: results, reasons, effects and traces, in English and Chinese."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from engine.effects import (
    AddTag,
    AnyEffect,
    AwardPoints,
    CallWebhook,
    IssueCoupon,
    RemoveTag,
    SendMessage,
)
from engine.language.base import LANGUAGES, Text, words
from engine.language.catalogue import Catalogue, label_of
from engine.language.conditions import MEASURE_TYPES, Compare, Condition, History
from engine.language.document import RuleDocument
from engine.language.paths import walk
from engine.language.triggers import EventTrigger
from engine.language.wording import phrase
from engine.schedule import zone_named
from engine.trace import Trace
from engine.values import Instant, decimal_text, instant_text, to_datetime

RESULTS: Final[Mapping[str, Text]] = {
    "fired": words("fired", "已触发"),
    "not_matched": words("did not match", "未匹配"),
    "held_out": words("held out", "对照组保留"),
    "limited": words("held back by a limit", "受次数限制"),
    "late": words("ignored a late event", "忽略迟到事件"),
    "inactive": words("not in force", "不在生效期"),
    "waiting": words("member is already in it", "会员已在流程中"),
    "resumed": words("went on after a wait", "等待后继续"),
    "exited": words("ended early", "提前退出"),
    "refused": words("refused", "已拒绝"),
}
REASONS: Final[Mapping[str, Text]] = {
    "": words("", ""),
    "not-matched": words("at least one condition does not hold", "至少有一个条件不成立"),
    "own-descendant": words(
        "a rule may not fire on what it led to itself", "规则不能由自身引发的事件再次触发"
    ),
    "not-yet-active": words("the rule is not in force yet", "规则尚未生效"),
    "no-longer-active": words("the rule is no longer in force", "规则已过生效期"),
    "event-late": words("the event reached us too late", "事件到达过迟"),
    "already-enrolled": words("the member is already waiting in this rule", "会员已在此规则中等待"),
    "hold-out": words("the member is in the hold-out group", "会员属于对照组"),
    "per-member": words("the limit per member is reached", "已达到每位会员的次数上限"),
    "total": words("the limit in all is reached", "已达到总次数上限"),
    "exit-event": words("the event that ends it happened", "发生了退出事件"),
    "chain-too-deep": words("the rules led to each other more than 8 times", "规则相互触发超过 8 层"),
    "chain-too-long": words("the decision had more than 100 steps", "一次决策超过 100 步"),
    "overdue": words("more than 24 hours overdue", "已逾期超过 24 小时"),
}
TIMERS: Final[Mapping[str, Text]] = {
    "absence": words("absence was due", "久未发生"),
    "schedule": words("schedule was due", "定时触发"),
    "wait": words("wait was over", "等待结束"),
    "tag": words("tag expired", "标签到期"),
}
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec")
_CHANNELS: Final[Mapping[str, Text]] = {
    "email": words("e-mail", "邮件"),
    "sms": words("SMS", "短信"),
    "push": words("app push", "应用推送"),
    "wecom": words("WeCom", "企业微信"),
    "console": words("console", "控制台"),
}


def reason_text(result: str, reason: str) -> Text:
    """Return why a rule had its result; a code nobody has worded reads as itself."""
    code = "not-matched" if result == "not_matched" and not reason else reason
    return dict(REASONS.get(code, words(code, code)))


def name_text(names: Mapping[Any, str], key: str) -> Text:
    """Return a definition's name in both languages, or its key where it has none."""
    return {language: label_of(dict(names), language) if names else key for language in LANGUAGES}


def event_label(name: str, properties: Mapping[str, Any], catalogue: Catalogue) -> Text:
    """Return what people call an event; a timer by what was due."""
    timer = TIMERS.get(str(properties.get("timer")))
    if name == "Timer Fired" and timer is not None:
        return dict(timer)
    event = catalogue.events.get(name)
    return words(name, name) if event is None else name_text(event.label, name)


def moment_text(instant: Instant, catalogue: Catalogue) -> Text:
    """Return an instant as the programme's clock shows it, to the minute."""
    local = to_datetime(instant).astimezone(zone_named(catalogue.programme.zone))
    clock = f"{local:%H:%M}"
    return words(
        f"{local.day} {_MONTHS[local.month - 1]} {local.year}, {clock}",
        f"{local.year}年{local.month}月{local.day}日 {clock}",
    )


def effect_text(effect: AnyEffect, catalogue: Catalogue) -> Text:
    """Return an effect in words."""
    if isinstance(effect, AddTag):
        tag = _named(catalogue.tags, effect.tag)
        if effect.expires_at is None:
            return words(f"added tag “{tag['en']}”", f"添加标签“{tag['zh-Hans']}”")
        until = moment_text(effect.expires_at, catalogue)
        return words(
            f"added tag “{tag['en']}” until {until['en']}",
            f"添加标签“{tag['zh-Hans']}”（至 {until['zh-Hans']}）",
        )
    if isinstance(effect, RemoveTag):
        tag = _named(catalogue.tags, effect.tag)
        return words(f"removed tag “{tag['en']}”", f"移除标签“{tag['zh-Hans']}”")
    if isinstance(effect, AwardPoints):
        return words(f"awarded {effect.points} points", f"奖励 {effect.points} 积分")
    if isinstance(effect, IssueCoupon):
        coupon = _named(catalogue.coupons, effect.coupon)
        return words(
            f"issued coupon “{coupon['en']}” ({effect.code})",
            f"发放优惠券“{coupon['zh-Hans']}”（{effect.code}）",
        )
    if isinstance(effect, SendMessage):
        return _message(effect, catalogue)
    if isinstance(effect, CallWebhook):
        endpoint = _named(catalogue.endpoints, effect.endpoint)
        return words(f"called webhook “{endpoint['en']}”", f"调用 Webhook“{endpoint['zh-Hans']}”")
    until = moment_text(effect.due_at, catalogue)
    return words(f"waits until {until['en']}", f"等待至 {until['zh-Hans']}")


def _message(effect: SendMessage, catalogue: Catalogue) -> Text:
    template = _named(catalogue.templates, effect.template)
    channel = _CHANNELS.get(effect.channel, words(effect.channel, effect.channel))
    why = "" if effect.suppressed is None else effect.suppressed
    reason = REASONS.get(why, words(why, why))
    return words(
        f"requested {channel['en']} “{template['en']}”" + (f", not sent: {reason['en']}" if why else ""),
        f"触发{channel['zh-Hans']}“{template['zh-Hans']}”"
        + (f"，未发送：{reason['zh-Hans']}" if why else ""),
    )


def trace_node(trace: Trace, document: RuleDocument, catalogue: Catalogue) -> dict[str, Any]:
    """Return a trace as JSON data, each node with its condition in words.

    Args:
        trace: Why a condition was true or not.
        document: The version whose condition it is.
        catalogue: The names in force at that time.
    """
    return _node(trace, _conditions(document), catalogue)


def explanation(outcomes: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Return a decision in sentences, one a rule.

    Args:
        outcomes: The outcomes of a DecisionDetail.
    """
    said: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    for outcome in outcomes:
        for language, colon, comma, stop in (("en", ": ", ", ", "."), ("zh-Hans", "：", "，", "。")):
            parts = [RESULTS[outcome["result"]][language]]
            parts += [one for one in [outcome["reason"][language]] if one]
            parts += [effect["text"][language] for effect in outcome["effects"]]
            said[language].append(outcome["name"][language] + colon + comma.join(parts) + stop)
    if not outcomes:
        return {"en": ["No rule was concerned."], "zh-Hans": ["没有相关规则。"]}
    return said


def json_value(value: object, *, moments: bool = False) -> object:
    """Return a fact's value as JSON data: a fraction as decimal text, an instant as RFC 3339.

    Args:
        value: What the engine has.
        moments: Whether whole numbers are instants.
    """
    if isinstance(value, Decimal):
        return decimal_text(value)
    if moments and isinstance(value, int):
        return instant_text(value)
    return [json_value(one, moments=moments) for one in value] if isinstance(value, list | tuple) else value


def _node(trace: Trace, conditions: Mapping[str, Condition], catalogue: Catalogue) -> dict[str, Any]:
    condition = conditions.get(trace.path)
    moments = _reads_instants(condition, catalogue)
    if condition is None:  # the trigger's `where` and the rule's `if`, joined by the compiler
        text = words("all of these", "以下全部")
    else:
        text = words(phrase(condition, catalogue, "en"), phrase(condition, catalogue, "zh-Hans"))
    return {
        "type": trace.type,
        "holds": trace.holds,
        "text": text,
        "path": trace.path,
        "fact": trace.fact,
        "read": json_value(trace.read, moments=moments),
        "missing": trace.missing,
        "compared": json_value(trace.compared, moments=moments),
        "of": [_node(one, conditions, catalogue) for one in trace.of],
    }


def _reads_instants(condition: Condition | None, catalogue: Catalogue) -> bool:
    if isinstance(condition, History):
        return MEASURE_TYPES[condition.measure] == "instant"
    fact = catalogue.facts.get(condition.fact) if isinstance(condition, Compare) else None
    return fact is not None and fact.type == "instant"


def _conditions(document: RuleDocument) -> dict[str, Condition]:
    """Return every condition that deciding reads, by its JSON pointer."""
    roots: list[tuple[str, Condition | None]] = [("/if", document.if_)]
    if isinstance(document.when, EventTrigger):
        roots.append(("/when/where", document.when.where))
    return {path: node for at, root in roots if root is not None for path, node in walk(root, at)}


def _named(known: Mapping[str, Any], key: str) -> Text:
    definition = known.get(key)
    return words(key, key) if definition is None else name_text(definition.name, key)
