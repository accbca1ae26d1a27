"""What is to be looked after among the tags: unused, stale, doubled, never put on, not defined (T4)."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from api.store.tag_figures import TagFigures
from engine.language.base import Text, words
from engine.language.catalogue import label_of
from engine.language.tags import TagDefinition
from engine.schedule import DAY
from engine.values import Instant

Json = dict[str, Any]

FINDINGS: Final[dict[str, Text]] = {
    "undefined": words("Used, but not defined: nobody says what it means.", "已使用但未定义，含义不明。"),
    "unused": words("Nobody has it and nothing names it.", "没有会员拥有，也没有规则引用。"),
    "never-matching": words(
        "Rules put it on, and none of them has ever fired.", "有规则会打上该标签，但规则从未触发。"
    ),
    "nothing-puts-it-on": words(
        "Rules ask for it, and nothing puts it on: no rule, and nobody by hand.",
        "有规则读取该标签，但没有规则或人员打上它。",
    ),
    "stale": words(
        "Nobody has been given it for {days} days, though members have it.",
        "虽有会员拥有，但已 {days} 天无人新获得。",
    ),
    "overlapping": words(
        "{percent} % of those who have it or “{other}” have both.",
        "拥有该标签或“{other}”的会员中，{percent}% 同时拥有两者。",
    ),
    "same-name": words("Called the same as “{other}”.", "与“{other}”名称相同。"),
    "without-owner": words("Nobody answers for it.", "没有负责人。"),
}
"""What is said of each finding."""

OVERLAP: Final = 95
"""From which part on two tags overlap: members with both, in percent of those with either (Jaccard)."""

ENOUGH: Final = 10
"""Below so many members, tags overlap by chance."""


class Known(NamedTuple):
    """What is known of one tag.

    Attributes:
        key: Its key.
        definition: How it is defined; None if it isn't.
        figures: Who has it; None if nobody has.
        uses: Rules and definitions that name it: `{kind, key, name, how, fired, draft}`.
    """

    key: str
    definition: TagDefinition | None
    figures: TagFigures | None
    uses: list[Json]

    @property
    def stands(self) -> bool:
        """Whether it is to be looked after: neither merged nor retired."""
        one = self.definition
        return one is None or (one.merged_into is None and not one.retired)


def findings_of(known: Known, now: Instant, stale_days: int) -> Iterator[Json]:
    """Yield what is to be looked after about one tag, by itself.

    Args:
        known: The tag.
        now: Our clock.
        stale_days: From how many days on it is stale; a static tag never is.
    """
    if not known.stands:
        return
    figures, definition = known.figures, known.definition
    if definition is None:
        yield finding("undefined")
    adding = [one for one in known.uses if "adds" in one["how"] and not one["draft"]]
    if figures is None and not known.uses:
        yield finding("unused")
    elif figures is None and adding and not any(one["fired"] for one in adding):
        yield finding("never-matching")
    elif figures is None and not adding and any("reads" in one["how"] for one in known.uses):
        yield finding("nothing-puts-it-on")
    if figures is not None and (definition is None or definition.kind == "dynamic"):
        days = (now - figures.last) // DAY
        if days >= stale_days:
            yield finding("stale", days=days)
    if definition is not None and not definition.owner:
        yield finding("without-owner")


def same_names(tags: Sequence[Known]) -> Iterator[tuple[str, Json]]:
    """Yield the tags that people can't tell apart, each with the first other of that name."""
    for known in tags:
        for other in tags if known.stands else ():
            if other.key != known.key and other.stands and _names(known) & _names(other):
                yield known.key, finding("same-name", other=other.key)
                break


def close_in_number(tags: Sequence[Known]) -> list[tuple[Known, Known]]:
    """Return the pairs that can overlap, judged by how many members have each; the larger pairs first."""
    counted = [one for one in tags if one.figures is not None and one.stands]
    counted.sort(key=_members, reverse=True)
    found: list[tuple[Known, Known]] = []
    for at, one in enumerate(counted):
        for other in counted[at + 1 :]:
            if _members(other) < ENOUGH or 100 * _members(other) < OVERLAP * _members(one):
                break
            found.append((one, other))
    return found


def overlap(one: Known, other: Known, both: int) -> int:
    """Return how many percent of the members with either of two tags have both."""
    return 100 * both // max(1, _members(one) + _members(other) - both)


def finding(code: str, **more: Any) -> Json:
    """Return a finding with its wording and what it speaks of."""
    text = {language: said.format_map(more) for language, said in FINDINGS[code].items()}
    return {"code": code, "text": text, **more}


def _members(known: Known) -> int:
    return known.figures.members if known.figures is not None else 0


def _names(known: Known) -> set[str]:
    if known.definition is None:
        return set()
    return {label_of(known.definition.name, language).strip().casefold() for language in ("en", "zh-Hans")}
