"""Ladders made ready: thresholds as numbers, and the figures that a member's state must keep."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from engine.events import ORDER_COMPLETED, ORDER_REFUNDED, POINTS_EARNED, POINTS_REVERSED
from engine.language.base import Duration, Span
from engine.language.catalogue import Catalogue
from engine.language.conditions import Compare, History
from engine.language.levels import LadderDefinition
from engine.language.operators import OPERATORS
from engine.language.predicates import Figure, Test, series_of
from engine.schedule import DAY, longest

_PERIOD_DAYS: Final = {"calendar_year": 366, "half_year": 184}
# A review at a period's end may come a day late or early on the calendar of a member who moved.
_MOVED_DAYS: Final = 2


@dataclass(frozen=True, slots=True)
class Ladder:
    """A ladder, compiled.

    Attributes:
        definition: What was defined.
        thresholds: What each level is reached at, lowest first, in the order of `definition.tiers`.
        figures: What is counted and, if there is a second, what is taken off it. Empty for a
            unit over all time: the books know what was earned.
        within: Length of a rolling period.
        hold: How long a level is held; None for what the period implies.
        grace: How much longer, before a level is lost.
    """

    definition: LadderDefinition
    thresholds: tuple[Decimal, ...]
    figures: tuple[Figure, ...]
    within: Span | None
    hold: Span | None
    grace: Span | None

    @property
    def key(self) -> str:
        """Key of the definition."""
        return self.definition.key

    def rank(self, tier: str | None) -> int:
        """Return a level's place, 0 for the lowest; -1 for below it, and for a level there is none of."""
        keys = [one.key for one in self.definition.tiers]
        return keys.index(tier) if tier in keys else -1

    def tier(self, rank: int) -> str | None:
        """Return the key of the level in a place, or None for below the first."""
        return self.definition.tiers[rank].key if rank >= 0 else None


def compile_ladders(catalogue: Catalogue) -> dict[str, Ladder]:
    """Return every ladder of a catalogue, made ready, by key."""
    return {key: _compiled(definition) for key, definition in catalogue.ladders.items()}


def _compiled(definition: LadderDefinition) -> Ladder:
    return Ladder(
        definition=definition,
        thresholds=tuple(Decimal(one.reached_at) for one in definition.tiers),
        figures=_figures(definition),
        within=_span(definition.within),
        hold=_span(definition.hold),
        grace=_span(definition.grace),
    )


def _figures(definition: LadderDefinition) -> tuple[Figure, ...]:
    if definition.measure == "count":
        return (_figure(definition, definition.event, None, None),)
    if definition.measure == "unit":
        if definition.period == "ever":
            return ()
        unit = ("event.unit", definition.unit or "")
        names = (POINTS_EARNED, POINTS_REVERSED)
        return tuple(_figure(definition, name, "points", unit) for name in names)
    said = ("event.currency", definition.currency) if definition.currency is not None else None
    refunds = (ORDER_REFUNDED,) if definition.event == ORDER_COMPLETED else ()
    return tuple(
        _figure(definition, name, definition.property_, said) for name in (definition.event, *refunds)
    )


def _figure(
    definition: LadderDefinition, event: str, property_: str | None, said: tuple[str, str] | None
) -> Figure:
    """Return a figure over an event; its series is the one that a rule asking the same has."""
    condition = History(
        measure="count" if property_ is None else "sum",
        event=event,
        property=property_,
        where=Compare(fact=said[0], op="eq", value=said[1]) if said is not None else None,
        op="gte",
        value=0,
    )
    path = f"/ladders/{definition.key}"
    where = Test(said[0], "text", OPERATORS["eq"], said[1], path) if said is not None else None
    return Figure(
        key=f"ladder.{definition.key}.{event}",
        series=series_of(condition, where),
        measure=condition.measure,
        within=_reach(definition),
        with_this_event=True,
    )


def _reach(definition: LadderDefinition) -> Span | None:
    """Return how far back a ladder looks: for a calendar period, from the end of its grace."""
    if definition.period == "ever":
        return None
    if definition.within is not None:
        return definition.within.span
    grace = longest(*definition.grace.span) // DAY if definition.grace is not None else 0
    return Span(_PERIOD_DAYS[definition.period] + _MOVED_DAYS + grace, "days")


def _span(duration: Duration | None) -> Span | None:
    return duration.span if duration is not None else None
