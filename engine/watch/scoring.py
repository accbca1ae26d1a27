"""Scores by recency, frequency and money: how figures become 1 to 5, and when they change by the clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, NamedTuple

from engine.language.conditions import Compare, History
from engine.language.operators import OPERATORS
from engine.language.predicates import Figure, Test, series_of
from engine.language.segments import BUCKETS, Dimension, ScoreDefinition
from engine.reading import figure_of
from engine.schedule import DAY
from engine.state import MemberState, Past
from engine.values import Instant, MaybeValue, Number
from engine.watch.windows import figure_change, soonest

DIMENSIONS: Final = ("recency", "frequency", "monetary")


class Rated(NamedTuple):
    """What a member's figures come to: three scores of 1 to 5, the code, and the band."""

    recency: int
    frequency: int
    monetary: int
    code: str
    band: str


@dataclass(frozen=True, slots=True)
class Scale:
    """How one figure becomes a score.

    Attributes:
        edges: Four numbers, ascending.
        reached: Whether a number equal to an edge counts as beyond it. It does for fixed thresholds of
            frequency and money; it doesn't for fifths of the members, so that equal members are
            together in the lower fifth, and for recency, where fewer days are better.
        high_from: From which score on the code has a 1.
    """

    edges: tuple[Decimal, ...]
    reached: bool
    high_from: int

    def place(self, value: Number) -> int:
        """Return how many edges a number is beyond: 0 to 4."""
        return sum(value >= edge if self.reached else value > edge for edge in self.edges)


@dataclass(frozen=True, slots=True)
class Scoring:
    """A score, made ready.

    Attributes:
        definition: What was defined.
        count: Figure of the number of events in the window.
        sum: Figure of their sum in the window.
        scales: By dimension; empty until the statistics that it goes by are published.
    """

    definition: ScoreDefinition
    count: Figure
    sum: Figure
    scales: dict[str, Scale]


def compile_score(definition: ScoreDefinition, statistics: Mapping[str, Sequence[str]]) -> Scoring:
    """Return a score, made ready.

    Args:
        definition: What was defined.
        statistics: Published edges by dimension, decimal text; empty before the first are.
    """
    scales: dict[str, Scale] = {}
    for name in DIMENSIONS:
        dimension: Dimension = getattr(definition, name)
        fixed = dimension.by == "edges"
        edges = dimension.edges if fixed else statistics.get(name, ())
        if len(edges) == BUCKETS - 1:
            scales[name] = Scale(
                tuple(Decimal(one) for one in edges), fixed and name != "recency", dimension.high_from
            )
    return Scoring(
        definition=definition,
        count=_figure(definition, None),
        sum=_figure(definition, definition.property_),
        scales=scales if len(scales) == len(DIMENSIONS) else {},
    )


def _figure(definition: ScoreDefinition, property_: str | None) -> Figure:
    currency = definition.currency if property_ is not None else None
    condition = History(
        measure="count" if property_ is None else "sum",
        event=definition.event,
        property=property_,
        where=Compare(fact="event.currency", op="eq", value=currency) if currency is not None else None,
        net=definition.net and property_ is not None,
        op="gte",
        value=0,
    )
    path = f"/scores/{definition.key}"
    where = Test("event.currency", "text", OPERATORS["eq"], currency, path) if currency is not None else None
    return Figure(
        key=f"score.{definition.key}.{condition.measure}",
        series=series_of(condition, where),
        measure=condition.measure,
        within=definition.within.span,
        with_this_event=True,
    )


class Figures(NamedTuple):
    """Days since the last event, and the number and the sum of those in the window."""

    days: int
    number: int
    money: Number


def figures_in(scoring: Scoring, state: MemberState, as_of: Instant, zone: str) -> Figures | None:
    """Return a member's figures at an instant; None if there is no event in the window."""
    past = state.past.get(scoring.count.series.key)
    if past is None:
        return None
    count = figure_of(scoring.count, past, as_of, zone)
    if not isinstance(count, int) or count < 1:
        return None
    money = figure_of(scoring.sum, state.past.get(scoring.sum.series.key), as_of, zone)
    days = (as_of - _last(past, as_of)) // DAY
    return Figures(days, count, money if isinstance(money, Number) else 0)


def _last(past: Past, as_of: Instant) -> Instant:
    return next(at for at in reversed(past.at) if at <= as_of)


def rate(scoring: Scoring, state: MemberState, as_of: Instant, zone: str) -> Rated | None:
    """Return what a member's figures come to at an instant.

    Returns:
        None for a member who never did it, and until the statistics are published. A member who
        did nothing within the window has a 1 everywhere.
    """
    if not scoring.scales or scoring.definition.event not in state.past:
        return None
    found = figures_in(scoring, state, as_of, zone)
    if found is None:
        return _rated(scoring, 1, 1, 1)
    days, count, money = found
    scales = scoring.scales
    return _rated(
        scoring,
        BUCKETS - scales["recency"].place(days),
        1 + scales["frequency"].place(count),
        1 + scales["monetary"].place(money),
    )


def _rated(scoring: Scoring, recency: int, frequency: int, monetary: int) -> Rated:
    scores = (recency, frequency, monetary)
    code = "".join(
        "1" if score >= scoring.scales[name].high_from else "0"
        for name, score in zip(DIMENSIONS, scores, strict=True)
    )
    bands = scoring.definition.bands
    return Rated(*scores, code, bands[frequency - 1].key if bands else "")


def score_change(scoring: Scoring, state: MemberState, as_of: Instant, zone: str) -> Instant | None:
    """Return the earliest instant after another at which a score may change by the clock alone."""
    past = state.past.get(scoring.count.series.key)
    if past is None or not scoring.scales:
        return None
    scales = scoring.scales

    def by_count(value: MaybeValue) -> object:
        return (value == 0, scales["frequency"].place(value)) if isinstance(value, Number) else None

    def by_sum(value: MaybeValue) -> object:
        return scales["monetary"].place(value) if isinstance(value, Number) else None

    money = state.past.get(scoring.sum.series.key)
    return soonest(
        figure_change(scoring.count, past, as_of, zone, by_count, ()),
        figure_change(scoring.sum, money, as_of, zone, by_sum, ()),
        _older(scales["recency"], past, as_of),
    )


def _older(scale: Scale, past: Past, as_of: Instant) -> Instant | None:
    """Return when the days since the last event go beyond the next edge."""
    if not past.at or past.at[0] > as_of:
        return None
    last = _last(past, as_of)
    turns = [last + (int(edge // 1) + 1) * DAY for edge in scale.edges]
    return min((turn for turn in turns if turn > as_of), default=None)


def edges_of(values: Sequence[Any]) -> list[Any]:
    """Return the four edges of fifths: the nearest-rank 20th, 40th, 60th and 80th percentile.

    The k-th edge of n sorted values is the one at place ceil(k·n / 5), counted
    from 1. Equal values lie in one fifth, the lowest that one of them falls in.

    Args:
        values: Sorted, at least one.
    """
    count = len(values)
    return [values[-(-step * count // BUCKETS) - 1] for step in range(1, BUCKETS)]
