"""What is wrong in contact policies and channels, and how it is said."""

from collections.abc import Iterator
from typing import Final

from engine.language.catalogue import Catalogue
from engine.language.message import Message

CONTACT_MESSAGES: Final[dict[str, Message]] = {
    "cap-unknown-tier": Message(
        "error",
        "A frequency cap is for members of level “{name}”, which the ladder “tier” doesn't have.",
        "频次上限限定等级“{name}”，但等级体系“tier”中没有它。",
        "Choose a level of that ladder, or leave the levels out.",
        "请选择该等级体系中的等级，或不限等级。",
    ),
    "channel-unknown-endpoint": Message(
        "error",
        "The channel's gateway “{name}” isn't a defined endpoint.",
        "渠道的发送网关“{name}”不是已定义的端点。",
        "Choose a defined endpoint, or define this one.",
        "请选择已定义的端点，或先定义它。",
    ),
}
"""What each code of `contact_findings` says."""

Finding = tuple[str, str, dict[str, object]]


def contact_findings(catalogue: Catalogue) -> Iterator[Finding]:
    """Yield what is wrong: the code, the JSON pointer into the definitions, and what the message names."""
    ladder = catalogue.ladders.get("tier")
    known = {one.key for one in ladder.tiers} if ladder is not None else set()
    for at, policy in enumerate(catalogue.definitions.contact):
        for place, cap in enumerate(policy.caps):
            for number, tier in enumerate(cap.tiers):
                if tier not in known:
                    yield "cap-unknown-tier", f"/contact/{at}/caps/{place}/tiers/{number}", {"name": tier}
    for at, channel in enumerate(catalogue.definitions.channels):
        if channel.endpoint is not None and channel.endpoint not in catalogue.endpoints:
            yield "channel-unknown-endpoint", f"/channels/{at}/endpoint", {"name": channel.endpoint}
