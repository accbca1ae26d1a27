"""Past events of which some figures over the history come out as wished."""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from engine.conflicts.stored import as_stored
from engine.counterfactual import smallest_change
from engine.evaluate import evaluate
from engine.facts import typed
from engine.language.predicates import Figure, Series, facts
from engine.schedule import DAY, shift
from engine.values import MICROSECONDS, MISSING, Instant, MaybeValue, Number, exact

_MINUTE: Final = 60 * MICROSECONDS
_HOUR: Final = 60 * _MINUTE
_MOST: Final = 400
_RANK: Final = {"last": 0, "days_since": 0, "first": 1, "streak": 2, "count": 3, "sum": 4}


class Past:
    """One past event that was made up.

    Attributes:
        name: What happened.
        at: When.
        properties: What is told of it, as values of the declared types.
    """

    def __init__(self, name: str, at: Instant, properties: dict[str, Any]) -> None:
        """Make an event up."""
        self.name = name
        self.at = at
        self.properties = properties


class Remembered:
    """Makes up past events, as few as will do, until figures come out as wished."""

    def __init__(
        self, at: Instant, zone: str, trigger: str, told: Mapping[str, MaybeValue], bound: Collection[str]
    ) -> None:
        """Begin with nothing but the event that is to be decided.

        Args:
            at: The instant at which the figures are read.
            zone: The member's IANA zone.
            trigger: Name of the event that is decided then; empty for none.
            told: Its properties, by name.
            bound: Those of its properties of which something is wished, if only that they aren't told.
        """
        self.events: list[Past] = []
        self._at, self._zone = at, zone
        self._own = Past(trigger, at, dict(told))
        self._bound = bound

    @property
    def own(self) -> dict[str, Any]:
        """What is told of the event that is decided, with what the figures need of it."""
        return self._own.properties

    def happened(self, name: str, at: Instant) -> None:
        """Let an event have happened at an instant, nothing told of it."""
        self.events.append(Past(name, at, {}))

    def wish(self, wished: Iterable[tuple[Figure, MaybeValue]]) -> bool:
        """Make events up for some figures; return whether all could be."""
        many = [(figure, value) for figure, value in wished if value is not MISSING]
        many.sort(key=lambda one: (_RANK[one[0].measure], self._reach(one[0]) or self._at, one[0].key))
        edges = sorted({self._reach(one) or 0 for one, _ in many})
        return all(self._fulfil(figure, value, edges) for figure, value in many)

    def _fulfil(self, figure: Figure, value: MaybeValue, edges: list[Instant]) -> bool:
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            return False
        measure = figure.measure
        if measure in {"first", "last"}:
            return self._add(figure.series, int(value)) if value < self._at else False
        if measure == "days_since":
            return self._add(figure.series, self._at - int(value) * DAY - _HOUR)
        if measure == "streak":
            return self._in_a_row(figure, int(value))
        if value > self._value(figure):
            self._let_own_count(figure)
        lacking = value - self._value(figure)
        return lacking <= 0 or self._more(figure, lacking, edges)

    def _let_own_count(self, figure: Figure) -> None:
        """Tell of the event that is decided what makes a figure count it, unless something else is wished."""
        where = figure.series.where
        if not figure.with_this_event or self._own.name != figure.series.event or where is None:
            return
        change = smallest_change(where, _facts(self._own, figure.series))
        told = {one.fact.removeprefix("event."): one.after for one in change.changes} if change else {}
        if told.keys().isdisjoint(self._bound) and MISSING not in told.values():
            self._own.properties.update(told)

    def _more(self, figure: Figure, lacking: Number, edges: list[Instant]) -> bool:
        """Let a count or a sum grow, by events older than a shorter window and than the last one wished."""
        if figure.measure == "sum" and figure.series.property is not None:
            known = self._without_amount(figure)
            if known is not None:
                known.properties[figure.series.property] = exact(Decimal(lacking))
                return True
        number = 1 if figure.measure == "sum" and figure.series.property is not None else int(lacking)
        reach = self._reach(figure)
        newest = max((one.at for one in self.events if one.name == figure.series.event), default=None)
        young = self._at - newest if newest is not None else 0
        low = max([young, *(one for one in edges if reach is None or one < reach)])
        high = reach if reach is not None else low + (number + 1) * DAY
        if number > _MOST or low + number * _MINUTE >= high:
            return False
        step = (high - low) // (number + 1)
        for place in range(1, number + 1):
            age = low + step * place
            self._add(figure.series, self._at - max(_MINUTE, age - age % _MINUTE))
        if figure.measure == "sum" and figure.series.property is not None:
            self.events[-1].properties[figure.series.property] = exact(Decimal(lacking))
        return True

    def _in_a_row(self, figure: Figure, days: int) -> bool:
        if days > _MOST:
            return False
        counted = [self._at - one.at for one in self._counted(figure)]
        for ago in range(days):
            if not any(ago * DAY <= age < (ago + 1) * DAY for age in counted):
                self._add(figure.series, self._at - ago * DAY - _MINUTE)
        return True

    def _add(self, series: Series, at: Instant) -> bool:
        told: dict[str, Any] = {}
        if series.where is not None:
            change = smallest_change(series.where, {})
            if change is None:
                return False
            told = {one.fact.removeprefix("event."): one.after for one in change.changes}
        if series.net:
            told = {"order_id": f"earlier-{len(self.events) + 1}", "total": 1} | told
        self.events.append(Past(series.event, at, told))
        return True

    def _without_amount(self, figure: Figure) -> Past | None:
        """Return an event that is counted and of which no amount is told; the one that is decided first."""
        name = figure.series.property
        many = [one for one in self._counted(figure) if name not in one.properties]
        many.sort(key=lambda one: one is not self._own)
        return next((one for one in many if one is not self._own or name not in self._bound), None)

    def _value(self, figure: Figure) -> Number:
        many = self._counted(figure)
        name = figure.series.property
        if figure.measure == "count" or name is None:
            return len(many)
        return sum((_number(one.properties.get(name)) for one in many), 0)

    def _counted(self, figure: Figure) -> list[Past]:
        """Return the events that a figure counts, the one that is decided among them if it does."""
        reach, series = self._reach(figure), figure.series
        many = [*self.events, *([self._own] if figure.with_this_event else [])]
        return [
            one
            for one in many
            if one.name == series.event
            and (reach is None or self._at - one.at < reach)
            and (series.where is None or evaluate(series.where, _facts(one, series)))
        ]

    def _reach(self, figure: Figure) -> Instant | None:
        if figure.within is None:
            return None
        return self._at - shift(self._at, -figure.within.amount, figure.within.unit, self._zone)


def _facts(event: Past, series: Series) -> dict[str, MaybeValue]:
    asked = facts(series.where)
    found = {name: event.properties.get(name.removeprefix("event.")) for name in asked}
    return {name: typed(as_stored(value, asked[name]), asked[name]) for name, value in found.items()}


def _number(value: Any) -> Number:
    return value if isinstance(value, int | Decimal) and not isinstance(value, bool) else 0
