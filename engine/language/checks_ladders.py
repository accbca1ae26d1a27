"""What is wrong or doubtful in the definitions of levels, and how it is said."""

from collections.abc import Iterator
from typing import Final

from engine.language.catalogue import Catalogue, label_of
from engine.language.levels import LadderDefinition
from engine.language.message import Message

_FEWEST: Final = 3
_MOST: Final = 5

LADDER_MESSAGES: Final[dict[str, Message]] = {
    "ladder-few-levels": Message(
        "warning",
        "“{ladder}” has {count} levels. Below {fewest}, most members see nothing left to reach.",
        "“{ladder}”只有 {count} 个等级。少于 {fewest} 个时，多数会员没有可追求的目标。",
        "Add a level, so that there is always a next one.",
        "请增加等级，让会员始终有下一个目标。",
    ),
    "ladder-many-levels": Message(
        "warning",
        "“{ladder}” has {count} levels. Above {most}, members can't tell them apart.",
        "“{ladder}”有 {count} 个等级。超过 {most} 个时，会员难以分清。",
        "Join levels whose benefits are nearly the same.",
        "请合并权益相近的等级。",
    ),
    "ladder-unknown-unit": Message(
        "error",
        "“{ladder}” goes by the unit “{name}”, and there is none of that key.",
        "“{ladder}”依据单位“{name}”，但没有这个单位。",
        "Choose a defined unit, or define this one.",
        "请选择已定义的单位，或先定义它。",
    ),
    "ladder-unknown-event": Message(
        "error",
        "“{ladder}” goes by the event “{name}”, which nobody has defined: no level would ever be reached.",
        "“{ladder}”依据事件“{name}”，但它尚未定义：没有会员能达到任何等级。",
        "Check the spelling, or define the event.",
        "请检查拼写，或先定义该事件。",
    ),
    "ladder-needs-number": Message(
        "error",
        "“{ladder}” adds up “{name}” of “{event}”, which isn't known as a number of that event.",
        "“{ladder}”要合计“{event}”的“{name}”，但该事件没有这个数字属性。",
        "Choose a number of the event, such as the order total, or define it.",
        "请选择该事件的数字属性，例如订单金额，或先定义它。",
    ),
}
"""What each code of `ladder_findings` says."""

Finding = tuple[str, str, dict[str, object]]


def ladder_findings(catalogue: Catalogue) -> list[Finding]:
    """Return what is wrong or doubtful in a programme's ladders.

    Returns:
        The code, the JSON pointer of the place in the definitions, and what the
        code's message names; a name ending in `_zh` replaces the one without it
        in Chinese.
    """
    ladders = catalogue.definitions.ladders
    return [found for at, one in enumerate(ladders) for found in _of(one, f"/ladders/{at}", catalogue)]


def _of(ladder: LadderDefinition, path: str, catalogue: Catalogue) -> Iterator[Finding]:
    told = {str(language): name for language, name in ladder.name.items()}
    named: dict[str, object] = {"ladder": label_of(told, "en"), "ladder_zh": label_of(told, "zh-Hans")}
    count = len(ladder.tiers)
    if count < _FEWEST:
        yield "ladder-few-levels", f"{path}/tiers", named | {"count": count, "fewest": _FEWEST}
    if count > _MOST:
        yield "ladder-many-levels", f"{path}/tiers", named | {"count": count, "most": _MOST}
    if ladder.measure == "unit":
        if ladder.unit not in catalogue.units:
            yield "ladder-unknown-unit", f"{path}/unit", named | {"name": ladder.unit}
        return
    event = catalogue.events.get(ladder.event)
    if event is None:
        yield "ladder-unknown-event", f"{path}/event", named | {"name": ladder.event}
        return
    numbers = [one.name for one in event.properties if one.type == "number"]
    if ladder.measure == "sum" and ladder.property_ not in numbers:
        yield (
            "ladder-needs-number",
            f"{path}/property",
            named | {"name": ladder.property_, "event": ladder.event},
        )
