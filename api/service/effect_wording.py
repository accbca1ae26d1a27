"""Effects in words, in English and Chinese: what a decision gave, took, or did."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from api.service.benefits_wording import BENEFITS
from api.service.message_wording import message_text
from api.service.naming import moment_text, name_text, named
from api.service.standing_wording import STANDING
from api.service.units_wording import UNITS
from engine.effects import (
    AbsorbMember,
    AddTag,
    AnyEffect,
    CallWebhook,
    OpenTask,
    ReleaseTag,
    RemoveTag,
    SendMessage,
    StartWait,
    TakeBranch,
    TellMember,
)
from engine.language.base import Text, words
from engine.language.catalogue import Catalogue

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
    why = words(f": {effect.why}", f"：{effect.why}") if effect.why else words("", "")
    if effect.expires_at is None:
        return words(f"added tag “{tag['en']}”{why['en']}", f"添加标签“{tag['zh-Hans']}”{why['zh-Hans']}")
    until = moment_text(effect.expires_at, catalogue)
    return words(
        f"added tag “{tag['en']}” until {until['en']}{why['en']}",
        f"添加标签“{tag['zh-Hans']}”（至 {until['zh-Hans']}）{why['zh-Hans']}",
    )


def _tag_released(effect: ReleaseTag, catalogue: Catalogue) -> Text:
    tag = named("tags", effect.tag, catalogue)
    return words(
        f"{effect.holder} let go of tag “{tag['en']}”", f"{effect.holder} 不再持有标签“{tag['zh-Hans']}”"
    )


def _tag_removed(effect: RemoveTag, catalogue: Catalogue) -> Text:
    tag = named("tags", effect.tag, catalogue)
    return words(f"removed tag “{tag['en']}”", f"移除标签“{tag['zh-Hans']}”")


def _webhook(effect: CallWebhook, catalogue: Catalogue) -> Text:
    endpoint = named("endpoints", effect.endpoint, catalogue)
    return words(f"called webhook “{endpoint['en']}”", f"调用 Webhook“{endpoint['zh-Hans']}”")


def _task(effect: OpenTask, _: Catalogue) -> Text:
    priority = _PRIORITIES[effect.priority]
    return words(
        f"opened {priority['en']} task in “{effect.queue}”: {effect.note}",
        f"在“{effect.queue}”创建{priority['zh-Hans']}任务：{effect.note}",
    )


def _told(effect: TellMember, catalogue: Catalogue) -> Text:
    event = catalogue.events.get(effect.event)
    label = name_text(event.label, effect.event) if event is not None else words(effect.event, effect.event)
    return words(
        f"told member {effect.member} of “{label['en']}”",
        f"告知会员 {effect.member}：“{label['zh-Hans']}”",
    )


def _wait(effect: StartWait, catalogue: Catalogue) -> Text:
    until = moment_text(effect.due_at, catalogue)
    return words(f"waits until {until['en']}", f"等待至 {until['zh-Hans']}")


def _absorbed(effect: AbsorbMember, _: Catalogue) -> Text:
    merged = words(f"took in member {effect.member}", f"并入会员 {effect.member}")
    if not effect.ended:
        return merged
    rules = ", ".join(effect.ended)
    return words(f"{merged['en']}; its wait ended in {rules}", f"{merged['zh-Hans']}；结束等待：{rules}")


def _branch(effect: TakeBranch, _: Catalogue) -> Text:
    if effect.way == "then":
        return words("the branch's condition holds", "满足分支条件")
    return words("the branch's condition doesn't hold", "不满足分支条件")


_WORDED: Final[Mapping[type, Callable[[Any, Catalogue], Text]]] = {
    AddTag: _tag_added,
    ReleaseTag: _tag_released,
    RemoveTag: _tag_removed,
    SendMessage: message_text,
    CallWebhook: _webhook,
    OpenTask: _task,
    StartWait: _wait,
    AbsorbMember: _absorbed,
    TakeBranch: _branch,
    TellMember: _told,
    **UNITS,
    **BENEFITS,
    **STANDING,
}
"""Who words which effect."""
