"""Effects in words, in English and Chinese: what a decision gave, took, or did."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from api.service.benefits_wording import BENEFITS
from api.service.naming import moment_text, named
from api.service.reasons import REASONS
from api.service.units_wording import UNITS
from engine.effects import (
    AddTag,
    AnyEffect,
    CallWebhook,
    OpenTask,
    RemoveTag,
    SendMessage,
    StartWait,
)
from engine.language.base import Text, words
from engine.language.catalogue import Catalogue

_CHANNELS: Final[Mapping[str, Text]] = {
    "email": words("e-mail", "邮件"),
    "sms": words("SMS", "短信"),
    "push": words("app push", "应用推送"),
    "wecom": words("WeCom", "企业微信"),
    "console": words("console", "控制台"),
}
_PRIORITIES: Final[Mapping[str, Text]] = {
    "normal": words("a normal", "普通"),
    "high": words("a high-priority", "优先"),
}


def effect_text(effect: AnyEffect, catalogue: Catalogue) -> Text:
    """Return an effect in words.

    Args:
        effect: What a decision asked for.
        catalogue: The names in force at that time.
    """
    return _WORDED[type(effect)](effect, catalogue)


def _tag_added(effect: AddTag, catalogue: Catalogue) -> Text:
    tag = named("tags", effect.tag, catalogue)
    if effect.expires_at is None:
        return words(f"added tag “{tag['en']}”", f"添加标签“{tag['zh-Hans']}”")
    until = moment_text(effect.expires_at, catalogue)
    return words(
        f"added tag “{tag['en']}” until {until['en']}",
        f"添加标签“{tag['zh-Hans']}”（至 {until['zh-Hans']}）",
    )


def _tag_removed(effect: RemoveTag, catalogue: Catalogue) -> Text:
    tag = named("tags", effect.tag, catalogue)
    return words(f"removed tag “{tag['en']}”", f"移除标签“{tag['zh-Hans']}”")


def _message(effect: SendMessage, catalogue: Catalogue) -> Text:
    template = named("templates", effect.template, catalogue)
    channel = _CHANNELS.get(effect.channel, words(effect.channel, effect.channel))
    why = effect.suppressed or ""
    reason = REASONS.get(why, words(why, why))
    return words(
        f"requested {channel['en']} “{template['en']}”" + (f", not sent: {reason['en']}" if why else ""),
        f"触发{channel['zh-Hans']}“{template['zh-Hans']}”"
        + (f"，未发送：{reason['zh-Hans']}" if why else ""),
    )


def _webhook(effect: CallWebhook, catalogue: Catalogue) -> Text:
    endpoint = named("endpoints", effect.endpoint, catalogue)
    return words(f"called webhook “{endpoint['en']}”", f"调用 Webhook“{endpoint['zh-Hans']}”")


def _task(effect: OpenTask, _: Catalogue) -> Text:
    priority = _PRIORITIES[effect.priority]
    return words(
        f"opened {priority['en']} task in “{effect.queue}”: {effect.note}",
        f"在“{effect.queue}”创建{priority['zh-Hans']}任务：{effect.note}",
    )


def _wait(effect: StartWait, catalogue: Catalogue) -> Text:
    until = moment_text(effect.due_at, catalogue)
    return words(f"waits until {until['en']}", f"等待至 {until['zh-Hans']}")


_WORDED: Final[Mapping[type, Callable[[Any, Catalogue], Text]]] = {
    AddTag: _tag_added,
    RemoveTag: _tag_removed,
    SendMessage: _message,
    CallWebhook: _webhook,
    OpenTask: _task,
    StartWait: _wait,
    **UNITS,
    **BENEFITS,
}
"""Who words which effect."""
