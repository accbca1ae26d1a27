"""Figures over the history as SQL over what is counted of each series (ruling 14)."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any, Final

from sqlalchemy import and_, not_, or_, true

from api.store.counted import MILLIONTHS
from api.store.narrowed import NOTHING, Narrowed, Truth, asked_of, counted_row, or_missing, zero_without
from api.store.schema import COUNTED, MEASURE
from engine.events import MEMBER_IDENTIFIED, ORDER_CANCELLED, ORDER_COMPLETED, ORDER_REFUNDED
from engine.language.builtin import DEFINED
from engine.language.operators import holds
from engine.language.predicates import Figure, Test
from engine.schedule import DAY, longest
from engine.values import Instant

_TOLD: Final = frozenset(
    (
        MEMBER_IDENTIFIED,
        ORDER_COMPLETED,
        ORDER_REFUNDED,
        ORDER_CANCELLED,
        "Product Viewed",
        "Signed Up",
        "Checked In",
    )
)
_OURS: Final = frozenset(one["name"] for one in DEFINED["events"]) - _TOLD
"""The product's own events, without those that senders tell."""

_OVER_NOTHING: Final = frozenset(("count", "sum", "streak"))
"""Measures that are 0 over no events; the others are then missing."""


def always_kept(event: str) -> bool:
    """Return whether every state keeps the plain series of an event: it does of what senders tell."""
    return event not in _OURS


def of_figure(test: Test, figure: Figure, as_of: Instant) -> Narrowed:
    """Return what SQL can say of a comparison with a figure.

    Args:
        test: The comparison.
        figure: The figure that it reads.
        as_of: The instant at which it is asked.
    """
    if figure.within is not None or figure.series.where is not None or figure.measure == "streak":
        return _at_least(test, figure, as_of)
    series = figure.series.key
    lacking = series != figure.series.event or not always_kept(series)
    which = MEASURE.c.series == series
    if figure.measure == "days_since":
        said = _days_since(test, which, as_of)
        return NOTHING if said is None else Narrowed(said, exact=True, lacking=lacking)
    asked = asked_of(test)
    if asked is None:
        return NOTHING
    if figure.measure in {"count", "sum"}:
        column = MEASURE.c.total if figure.measure == "sum" else MEASURE.c["count"] * MILLIONTHS
        said = zero_without(test, MEASURE, asked(column), which)
    else:
        column = MEASURE.c.first if figure.measure == "first" else MEASURE.c.last
        said = or_missing(test, counted_row(MEASURE, which, asked(column)), counted_row(MEASURE, which))
    sums = frozenset([series] if figure.measure == "sum" else [])
    return Narrowed(said, exact=True, sums=sums, lacking=lacking)


def _at_least(test: Test, figure: Figure, as_of: Instant) -> Narrowed:
    """Return what must hold for a figure to be as asked that SQL can't work out: enough such events at all.

    Of a window it says that the last event of the name isn't older, in whichever zone; not of a figure net
    of refunds, in whose window a refund may stand alone.
    """
    event = figure.series.event
    if not always_kept(event) or test.operator.name == "is_missing":
        return NOTHING
    if figure.measure in _OVER_NOTHING and holds(test.operator, "number", 0, test.operand):
        return NOTHING
    span = _whole(test.operator.name, test.operand) if figure.measure == "count" else None
    low = span[0] if span is not None and test.operator.name != "ne" else None
    said = [MEASURE.c.series == event, MEASURE.c["count"] >= max(low or 1, 1)]
    if figure.within is not None and not figure.series.net:
        said.append(MEASURE.c.last > as_of - longest(figure.within.amount, figure.within.unit))
    return Narrowed(counted_row(MEASURE, *said), exact=False)


def lapsed(event: str, after: Instant | None, until: Instant, *, or_joining: bool) -> Truth:
    """Return of which members an absence was armed in a stretch of time.

    Args:
        event: Name of the event whose absence it is: the last one arms it.
        after: Where the stretch begins, itself left out; None for the beginning of time.
        until: Where it ends, inclusive.
        or_joining: Whether joining arms it for a member who never did it.
    """
    which = MEASURE.c.series == event

    def within(column: Any) -> Truth:
        return column <= until if after is None else and_(column > after, column <= until)

    did = counted_row(MEASURE, which, within(MEASURE.c.last))
    if not or_joining:
        return did
    return or_(did, and_(within(COUNTED.c.joined_at), not_(counted_row(MEASURE, which))))


def _days_since(test: Test, which: Truth, as_of: Instant) -> Truth | None:
    """Return whether the whole days since the last event are as asked; None if SQL can't say."""
    operator, there = test.operator, counted_row(MEASURE, which)
    if operator.operand == "none":
        return there if operator.name == "is_known" else not_(there)
    span = _whole(operator.name, test.operand)
    if span is None:
        return None
    low, high = span
    last = MEASURE.c.last
    since: list[Truth] = [true()]
    since += [last <= as_of - low * DAY] if low is not None else []
    since += [last > as_of - (high + 1) * DAY] if high is not None else []
    if operator.name == "ne":
        return counted_row(MEASURE, which, not_(and_(*since)))
    return counted_row(MEASURE, which, *since)


def _whole(name: str, operand: Any) -> tuple[int | None, int | None] | None:
    """Return the least and the greatest whole number that a comparison admits; for `ne`, excludes."""
    if name == "between":
        return _up(operand[0]), _down(operand[1])
    spans: dict[str, tuple[int | None, int | None]] = {
        "gte": (_up(operand), None),
        "gt": (_down(operand) + 1, None),
        "lte": (None, _down(operand)),
        "lt": (None, _up(operand) - 1),
        "eq": (_up(operand), _down(operand)),
        "ne": (_up(operand), _down(operand)),
    }
    return spans.get(name)


def _up(number: Any) -> int:
    return int(Decimal(number).to_integral_value(ROUND_CEILING))


def _down(number: Any) -> int:
    return int(Decimal(number).to_integral_value(ROUND_FLOOR))
