"""Checks of what is watched all the time: `while` rules, segments and scores."""

from collections.abc import Iterator

from engine.language.catalogue import Catalogue
from engine.language.checks_conditions import tree_findings
from engine.language.conditions import Condition, History
from engine.language.diagnostics import Diagnostic, diagnostic, named
from engine.language.document import RuleDocument
from engine.language.paths import walk
from engine.language.segment_order import circle
from engine.language.segments import ScoreDefinition, SegmentDefinition
from engine.language.triggers_standing import EnteredTrigger, LeftTrigger, WhileTrigger


def standing_findings(document: RuleDocument, catalogue: Catalogue) -> Iterator[Diagnostic]:
    """Yield what is wrong with a rule that starts with a segment, or lasts as long as its condition."""
    when = document.when
    if isinstance(when, EnteredTrigger | LeftTrigger) and when.segment not in catalogue.segments:
        yield diagnostic("unknown-segment", "/when/segment", name=when.segment)
    if not isinstance(when, WhileTrigger):
        return
    if document.if_ is None:
        yield diagnostic("while-needs-if", "/if")
    else:
        yield from _before(document.if_, "/if")


def segment_findings(catalogue: Catalogue) -> Iterator[Diagnostic]:
    """Yield what is wrong in the definitions of segments and scores."""
    for at, segment in enumerate(catalogue.definitions.segments):
        yield from _segment(segment, f"/segments/{at}/condition", catalogue)
    for at, score in enumerate(catalogue.definitions.scores):
        yield from _score(score, f"/scores/{at}", catalogue)


def _segment(segment: SegmentDefinition, path: str, catalogue: Catalogue) -> Iterator[Diagnostic]:
    if segment.condition is None:
        return
    way = circle(segment.key, catalogue.segments)
    if way:
        yield diagnostic("segment-circle", path, segments=" → ".join(way), **named(segment.name))
    yield from _before(segment.condition, path)
    yield from tree_findings(segment.condition, path, catalogue)


def _before(condition: Condition, path: str) -> Iterator[Diagnostic]:
    for where, node in walk(condition, path):
        if isinstance(node, History) and node.counting == "before_this_event":
            yield diagnostic("while-before-event", f"{where}/counting")


def _score(score: ScoreDefinition, path: str, catalogue: Catalogue) -> Iterator[Diagnostic]:
    event = catalogue.events.get(score.event)
    if event is None:
        called = named(score.name, "score")
        yield diagnostic("score-unknown-event", f"{path}/event", name=score.event, **called)
        return
    types = {one.name: one.type for one in event.properties}
    if types.get(score.property_) != "number":
        yield diagnostic(
            "score-needs-number",
            f"{path}/property",
            name=score.property_,
            event=score.event,
            **named(score.name, "score"),
        )
