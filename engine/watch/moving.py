"""What an effect does to a member's segments, scores and `while` rules: the mechanical half."""

from typing import Any, NamedTuple

from engine.effects import BeginWhile, ChangeScore, EndWhile, EnterSegment, LeaveSegment
from engine.events import (
    CONDITION_BEGAN,
    CONDITION_ENDED,
    SCORE_CHANGED,
    SEGMENT_ENTERED,
    SEGMENT_EXITED,
)
from engine.language.segments import RFM_SEGMENTS
from engine.state import MemberState, Score, changed
from engine.values import Instant

Moving = EnterSegment | LeaveSegment | ChangeScore | BeginWhile | EndWhile


class Moved(NamedTuple):
    """The member after an effect, and the internal events it leads to: name, and what is told."""

    state: MemberState
    heard: list[tuple[str, dict[str, Any]]]


def moved(state: MemberState, effect: Moving) -> Moved:
    """Return what an effect leads to; a quiet one leads to no event."""
    if isinstance(effect, EnterSegment):
        entered = {**state.segments, effect.segment: state.as_of}
        told = [] if effect.quiet else [(SEGMENT_ENTERED, {"segment": effect.segment})]
        return Moved(changed(state, segments=entered), told)
    if isinstance(effect, LeaveSegment):
        kept = {key: since for key, since in state.segments.items() if key != effect.segment}
        told = [] if effect.quiet else [(SEGMENT_EXITED, {"segment": effect.segment})]
        return Moved(changed(state, segments=kept), told)
    if isinstance(effect, ChangeScore):
        return _scored(state, effect)
    standing = {rule: since for rule, since in state.standing.items() if rule != effect.rule}
    if isinstance(effect, EndWhile):
        return Moved(changed(state, standing=standing), [(CONDITION_ENDED, {"rule": effect.rule})])
    told = [] if effect.quiet else [(CONDITION_BEGAN, {"rule": effect.rule})]
    return Moved(changed(state, standing={**standing, effect.rule: state.as_of}), told)


def united_segments(mine: MemberState, theirs: MemberState) -> dict[str, Instant]:
    """Return the segments of two members who become one, each since the earlier of the two.

    Those on a list stay on it. Those that are computed, scores and `while` rules are read again:
    a member whose `seen` is 0 is looked at anew, without any event that tells of it.
    """
    found = dict(mine.segments)
    for key, since in theirs.segments.items():
        found[key] = min(since, found.get(key, since))
    return found


def _scored(state: MemberState, effect: ChangeScore) -> Moved:
    before = state.scores.get(effect.score)
    scores = {key: score for key, score in state.scores.items() if key != effect.score}
    after: Score | None = None
    if effect.code:
        after = scores[effect.score] = Score(
            effect.recency,
            effect.frequency,
            effect.monetary,
            effect.code,
            RFM_SEGMENTS[effect.code][0],
            effect.band,
            state.as_of,
        )
    state = changed(state, scores=scores)
    return Moved(state, [] if effect.quiet else [(SCORE_CHANGED, _told(effect.score, before, after))])


def _told(score: str, before: Score | None, after: Score | None) -> dict[str, Any]:
    """Return what *Score Changed* tells; what isn't there before, or any more, is left out."""
    said = {
        "rfm": score,
        "segment": after.segment if after is not None else None,
        "before": before.segment if before is not None else None,
        "code": after.code if after is not None else None,
        "band": after.band if after is not None else None,
        "band_before": before.band if before is not None else None,
        "direction": _direction(_sum(before), _sum(after)),
        "band_direction": _direction(
            before.frequency if before is not None else 0, after.frequency if after is not None else 0
        ),
    }
    return {name: value for name, value in said.items() if value}


def _sum(score: Score | None) -> int:
    return score.recency + score.frequency + score.monetary if score is not None else 0


def _direction(before: int, after: int) -> str:
    return "same" if before == after else "up" if after > before else "down"
