"""Effects in words, in English and Chinese: what a decision gave, took, or did."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from api.service.benefits_wording import BENEFITS
from api.service.message_wording import message_text
from api.service.naming import moment_text, name_text, named, rule_called
from api.service.standing_wording import STANDING, while_text
from api.service.units_wording import UNITS
from engine.effects import (
    AbsorbMember,
    AddTag,
    AnyEffect,
    BeginWhile,
    CallWebhook,
    EndWhile,
    EraseMember,
    OpenTask,
    ReleaseTag,
    RemoveTag,
    SendMessage,
    StartWait,
    TakeBranch,
    TellMember,
)
from engine.index import Index
from engine.language.base import Text, words
from engine.language.catalogue import Catalogue

_PRIORITIES: Final[Mapping[str, Text]] = {
    "normal": words("a normal", "普通"),
    "high": words("a high-priority", "优先"),
}


def effect_text(effect: AnyEffect, catalogue: Catalogue, index: Index | None = None) -> Text:
    """Return an effect in words.

    Args:
        effect: What a decision asked for.
        catalogue: The names in force at that time.
        index: The rules in force at that time, for their names; without it they are called by their keys.
    """
    if isinstance(effect, ReleaseTag):
        return _tag_released(effect, catalogue, index)
    if isinstance(effect, EraseMember):
        return words("erased the member: what it had lapses", "抹除会员，其所有权益一并失效")
    if isinstance(effect, AbsorbMember):
        return _absorbed(effect, index)
    if isinstance(effect, BeginWhile | EndWhile):
        return while_text(effect, index)
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


def _tag_released(effect: ReleaseTag, catalogue: Catalogue, index: Index | None) -> Text:
    tag = named("tags", effect.tag, catalogue)
    rule = effect.holder.removeprefix("rule:")
    holder = words(rule, rule) if rule == effect.holder else rule_called(rule, index)
    return words(
        f"{holder['en']} let go of tag “{tag['en']}”", f"{holder['zh-Hans']} 不再持有标签“{tag['zh-Hans']}”"
    )


def _tag_removed(effect: RemoveTag, catalogue: Catalogue) -> Text:
    tag = named("tags", effect.tag, catalogue)
    return words(f"removed tag “{tag['en']}”", f"移除标签“{tag['zh-Hans']}”")


def _webhook(effect: CallWebhook, catalogue: Catalogue) -> Text:
    endpoint = named("endpoints", effect.endpoint, catalogue)
    return words(f"called webhook “{endpoint['en']}”", f"调用 Webhook“{endpoint['zh-Hans']}”")


def _task(effect: OpenTask, catalogue: Catalogue) -> Text:
    queue = named("queues", effect.queue, catalogue)
    priority = _PRIORITIES[effect.priority]
    note = effect.note if isinstance(effect.note, dict) else words(effect.note, effect.note)
    said = name_text(note, "")
    return words(
        f"opened {priority['en']} task in “{queue['en']}”: {said['en']}",
        f"在“{queue['zh-Hans']}”创建{priority['zh-Hans']}任务：{said['zh-Hans']}",
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


def _absorbed(effect: AbsorbMember, index: Index | None) -> Text:
    merged = words(f"took in member {effect.member}", f"并入会员 {effect.member}")
    if not effect.ended:
        return merged
    rules = [rule_called(key, index) for key in effect.ended]
    english, chinese = ", ".join(one["en"] for one in rules), "、".join(one["zh-Hans"] for one in rules)
    return words(f"{merged['en']}; its wait ended in {english}", f"{merged['zh-Hans']}；结束等待：{chinese}")


def _branch(effect: TakeBranch, _: Catalogue) -> Text:
    if effect.way == "then":
        return words("the branch's condition holds", "满足分支条件")
    return words("the branch's condition doesn't hold", "不满足分支条件")


_WORDED: Final[Mapping[type, Callable[[Any, Catalogue], Text]]] = {
    AddTag: _tag_added,
    RemoveTag: _tag_removed,
    SendMessage: message_text,
    CallWebhook: _webhook,
    OpenTask: _task,
    StartWait: _wait,
    TakeBranch: _branch,
    TellMember: _told,
    **UNITS,
    **BENEFITS,
    **STANDING,
}
"""Who words which effect."""
