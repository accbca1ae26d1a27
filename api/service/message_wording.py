"""Messages in words: what was requested, what was held back, by what, and until when."""

from typing import Final

from api.service.naming import channel_name, moment_text, named
from api.service.reasons import REASONS
from engine.effects import SendMessage
from engine.language.base import Text, words
from engine.language.catalogue import Catalogue
from engine.language.contact import CHANNEL_NAMES, FrequencyCap
from engine.language.wording import phrase

_EVERY: Final = ("any channel", "所有渠道")


def message_text(effect: SendMessage, catalogue: Catalogue) -> Text:
    """Return a message in words.

    Args:
        effect: What a decision asked for.
        catalogue: The definitions in force at that time.
    """
    template = named("templates", effect.template, catalogue)
    channel = channel_name(effect.channel)
    asked = words(
        f"requested {channel['en']} “{template['en']}”", f"触发{channel['zh-Hans']}“{template['zh-Hans']}”"
    )
    if effect.until is not None:
        until, policy = moment_text(effect.until, catalogue), named("contact", effect.cap, catalogue)
        return words(
            f"{asked['en']}, held until {until['en']}: quiet hours of “{policy['en']}”",
            f"{asked['zh-Hans']}，等到 {until['zh-Hans']} 再发：“{policy['zh-Hans']}”的免打扰时段",
        )
    if effect.suppressed is None:
        return asked
    reason = REASONS.get(effect.suppressed, words(effect.suppressed, effect.suppressed))
    which = _which(effect.cap, catalogue)
    return words(
        f"{asked['en']}, not sent: {reason['en']}{which['en']}",
        f"{asked['zh-Hans']}，未发送：{reason['zh-Hans']}{which['zh-Hans']}",
    )


def _which(key: str, catalogue: Catalogue) -> Text:
    """Return which policy held a message back, its cap in words if it was one."""
    policy, _, place = key.partition("/")
    definition = catalogue.contact.get(policy)
    if definition is None:
        return words("", "")
    name = named("contact", policy, catalogue)
    caps = definition.caps
    if not place.isdigit() or int(place) >= len(caps):
        return words(f" (“{name['en']}”)", f"（“{name['zh-Hans']}”）")
    said = cap_text(caps[int(place)], catalogue)
    return words(f" (“{name['en']}”: {said['en']})", f"（“{name['zh-Hans']}”：{said['zh-Hans']}）")


def cap_text(cap: FrequencyCap, catalogue: Catalogue) -> Text:
    """Return a frequency cap in words."""
    english = " or ".join(CHANNEL_NAMES[one][0] for one in cap.channels) or _EVERY[0]
    chinese = "、".join(CHANNEL_NAMES[one][1] for one in cap.channels) or _EVERY[1]
    within = words(phrase(cap.within, catalogue, "en"), phrase(cap.within, catalogue, "zh-Hans"))
    return words(
        f"at most {cap.times} by {english} in any {within['en']}",
        f"任意 {within['zh-Hans']}内{chinese}最多 {cap.times} 次",
    )
