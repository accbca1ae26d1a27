"""Effects on segments, scores and `while` rules in words, in English and Chinese."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from api.service.naming import name_text, named, rule_called
from engine.effects import BeginWhile, ChangeScore, EndWhile, EnterSegment, LeaveSegment
from engine.index import Index
from engine.language.base import Text, words
from engine.language.catalogue import Catalogue
from engine.language.segments import RFM_SEGMENTS


def _entered(effect: EnterSegment, catalogue: Catalogue) -> Text:
    segment = named("segments", effect.segment, catalogue)
    return words(f"entered segment “{segment['en']}”", f"进入分群“{segment['zh-Hans']}”")


def _left(effect: LeaveSegment, catalogue: Catalogue) -> Text:
    segment = named("segments", effect.segment, catalogue)
    return words(f"left segment “{segment['en']}”", f"离开分群“{segment['zh-Hans']}”")


def _scored(effect: ChangeScore, catalogue: Catalogue) -> Text:
    score = named("scores", effect.score, catalogue)
    if not effect.code:
        return words(f"has no score “{score['en']}” any more", f"不再有评分“{score['zh-Hans']}”")
    _, english, chinese = RFM_SEGMENTS[effect.code]
    rated = f"{effect.recency}-{effect.frequency}-{effect.monetary}"
    definition = catalogue.scores.get(effect.score)
    bands = definition.bands if definition is not None else []
    band = name_text(next((one.name for one in bands if one.key == effect.band), {}), effect.band)
    return words(
        f"scored {rated} in “{score['en']}”: {english}" + (f", {band['en']}" if effect.band else ""),
        f"“{score['zh-Hans']}”评分 {rated}：{chinese}" + (f"，{band['zh-Hans']}" if effect.band else ""),
    )


def while_text(effect: BeginWhile | EndWhile, index: Index | None) -> Text:
    """Return in words that a `while` rule begins or ends; without an index it is called by its key."""
    rule = rule_called(effect.rule, index)
    if isinstance(effect, BeginWhile):
        return words(f"the condition of “{rule['en']}” holds now", f"规则“{rule['zh-Hans']}”的条件开始成立")
    return words(f"the condition of “{rule['en']}” no longer holds", f"规则“{rule['zh-Hans']}”的条件不再成立")


STANDING: Final[Mapping[type, Callable[[Any, Catalogue], Text]]] = {
    EnterSegment: _entered,
    LeaveSegment: _left,
    ChangeScore: _scored,
}
"""Who words which effect."""
