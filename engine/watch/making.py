"""What is watched, made from definitions, published statistics and `while` rules."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from engine.language.catalogue import Catalogue
from engine.language.compiled import CompiledRule
from engine.language.moved import with_moved
from engine.language.predicates import Figure, Group, Node, figures, prepare
from engine.language.segment_order import in_order
from engine.language.segments import SegmentDefinition
from engine.language.tags import Taxonomy
from engine.values import Instant
from engine.watch.changes import by_clock
from engine.watch.scoring import compile_score
from engine.watch.watched import SPREAD, Watch, Watched

Statistics = Mapping[str, Mapping[str, list[str]]]
"""Published edges: decimal text by dimension, by key of the score."""


class Lasting(NamedTuple):
    """A `while` rule in force: since which revision, and whether and over what time it fires at once."""

    rule: CompiledRule
    since_revision: int
    fires: bool
    spread: int


def watched_definitions(
    catalogue: Catalogue,
    statistics: Statistics,
    before: Mapping[str, Watched],
    revision: int,
    shifted: frozenset[str] = frozenset(),
) -> dict[str, Watched]:
    """Return scores and segments, made ready, in the order in which they are looked at.

    Args:
        catalogue: The definitions in force.
        statistics: Published edges.
        before: What was watched until now; what hasn't changed keeps its revision.
        revision: The revision that comes into force.
        shifted: Tags as which others count from now on, or no longer do.
    """
    found: dict[str, Watched] = {}
    for one in _defined(catalogue, statistics, revision):
        known = before.get(one.key)
        same = known is not None and (known.node, known.scoring) == (one.node, one.scoring)
        same = same and not asks_of(one.node, shifted)
        found[one.key] = known if known is not None and same else one
    return found


class Watching:
    """What is watched, as definitions and statistics change it."""

    def __init__(
        self,
        catalogue: Catalogue,
        watched: dict[str, Watched],
        statistics: Statistics,
        revision: int,
        at: Instant,
    ) -> None:
        """Begin at what was watched so far; see `RuleSet`."""
        self.watched = watched
        self.statistics = statistics
        self.revision = revision
        self.at = at
        self._lists = lists_of(catalogue)

    def make(
        self,
        catalogue: Catalogue,
        revision: int,
        at: Instant,
        shifted: frozenset[str] = frozenset(),
        *anew: CompiledRule,
    ) -> list[Figure]:
        """Make scores and segments ready again; return the figures that they read.

        Args:
            catalogue: The definitions in force.
            revision: The revision that comes into force.
            at: When.
            shifted: Tags as which others count from now on, or no longer do.
            anew: Rules that begin anew with it.
        """
        self.note(revision, at, *anew)
        watched = watched_definitions(catalogue, self.statistics, self.watched, revision, shifted)
        if (watched, lists_of(catalogue)) != (self.watched, self._lists):
            self.revision, self.at = revision, at
        self.watched, self._lists = watched, lists_of(catalogue)
        return [figure for one in watched.values() for figure in one.figures]

    def learn(self, edges: Statistics, catalogue: Catalogue, revision: int, at: Instant) -> list[Figure]:
        """Take in published edges; return the figures that scores and segments read."""
        self.statistics = {**self.statistics, **edges}
        return self.make(catalogue, revision, at)

    def note(self, revision: int, at: Instant, *rules: CompiledRule) -> None:
        """Take in that rules were published, paused or resumed."""
        if any(one.lasting for one in rules):
            self.revision, self.at = revision, at


def asks_of(node: Node | None, tags: frozenset[str]) -> bool:
    """Return whether a compiled condition asks of any of some tags."""
    if not tags or node is None:
        return False
    if isinstance(node, Group):
        return any(asks_of(part, tags) for part in node.of)
    if node.fact != "member.tags":
        return False
    return not tags.isdisjoint(node.operand if isinstance(node.operand, list) else [node.operand])


def lists_of(catalogue: Catalogue) -> list[str]:
    """Return the keys of the segments that are lists."""
    return [key for key, one in catalogue.segments.items() if one.kind == "list"]


def _defined(catalogue: Catalogue, statistics: Statistics, revision: int) -> Iterator[Watched]:
    for score in catalogue.scores.values():
        scoring = compile_score(score, statistics.get(score.key, {}))
        yield Watched(
            kind="score",
            name=score.key,
            since_revision=revision,
            figures=(scoring.count, scoring.sum),
            scoring=scoring,
        )
    for one in in_order(catalogue.segments):
        segment = _meant(one, catalogue)
        if segment.condition is None:
            continue
        node = prepare(segment.condition, catalogue, f"/segments/{segment.key}/condition")
        yield Watched(
            kind="segment",
            name=segment.key,
            since_revision=revision,
            node=node,
            figures=tuple(figures(node).values()),
            by_clock=by_clock(node),
        )


def _meant(segment: SegmentDefinition, catalogue: Catalogue) -> SegmentDefinition:
    """Return a segment with the names of merged tags replaced by those that stand for them."""
    moved = catalogue.taxonomy.moved
    if not moved:
        return segment
    said = segment.model_dump(mode="json", by_alias=True, exclude_none=True)
    return SegmentDefinition.model_validate(with_moved(said, moved))


def make_watch(
    definitions: Mapping[str, Watched],
    lasting: Iterable[Lasting],
    paused: Iterable[str],
    lists: Iterable[str],
    *,
    revision: int,
    since: Instant,
    taxonomy: Taxonomy,
    fine: bool,
) -> Watch:
    """Return everything that is watched at a revision.

    Args:
        definitions: Scores and segments, in their order.
        lasting: The `while` rules, in order of priority and key.
        paused: Keys of those that are paused.
        lists: Keys of the segments that are lists.
        revision: Revision at which anything of it was last changed.
        since: When that was.
        taxonomy: Which tags count as which others.
        fine: Whether those for whom a rule fires may be spread over less than an hour (`FINE_SPREAD`).
    """
    rules = [
        Watched(
            kind="while",
            name=one.rule.key,
            since_revision=one.since_revision,
            node=one.rule.condition,
            figures=tuple(one.rule.figures.values()),
            by_clock=by_clock(one.rule.condition),
            fires=one.fires,
            spread=one.spread if fine and one.fires else max(one.spread, SPREAD),
        )
        for one in lasting
    ]
    return Watch(
        [*definitions.values(), *rules],
        revision=revision,
        since=since,
        lists=lists,
        paused=paused,
        taxonomy=taxonomy,
    )
