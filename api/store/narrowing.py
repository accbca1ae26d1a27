"""Conditions as SQL over what is counted (ruling 14).

The declared subset: attributes that aren't lists, without dots in their names;
tags, memberships, levels and balances; and figures of all time over all events
of a name, or over one number of them: count, sum, first, last, days since. Of
the operators all but those that look into a text (`contains`, `starts_with` …).
Anything else narrows what is looked at, and the evaluator decides.
"""

from collections.abc import Callable, Iterable
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, Table, and_, exists, false, not_, or_, select, true

from api.store.counted import MILLIONTHS, in_millionths
from api.store.schema import ATTRIBUTE, COUNTED, LEVEL, MEASURE, MEMBERSHIP, TAG
from engine.language.operators import holds
from engine.language.paths import ladder_of, split
from engine.language.predicates import Figure, Node, Test
from engine.language.tags import Taxonomy
from engine.schedule import DAY
from engine.values import Instant

Truth = ColumnElement[bool]
Told = Callable[[ColumnElement[Any]], Truth]
"""What is asked of a column that holds a value."""


class Narrowed(NamedTuple):
    """What SQL can say of a condition.

    Attributes:
        where: Holds at least of every member of whom the condition is true; None where nothing is said.
        exact: Whether it holds of no other.
        attributes: Names of attributes that it reads, as they are counted.
        series: Series that it reads.
    """

    where: Truth | None
    exact: bool
    attributes: frozenset[str] = frozenset()
    series: frozenset[str] = frozenset()

    def sure(self, odd: Truth) -> Truth | None:
        """Return of which members SQL alone says that the condition is true; None if it can't."""
        if not self.exact:
            return None
        return not_(odd) if self.where is None else and_(self.where, not_(odd))

    def candidates(self, odd: Truth) -> Truth:
        """Return of which members the condition may be true."""
        return true() if self.where is None else or_(self.where, odd)


NOTHING: Final = Narrowed(None, exact=False)
_COLUMNS: Final = {
    "text": ATTRIBUTE.c.text,
    "number": ATTRIBUTE.c.number,
    "instant": ATTRIBUTE.c.instant,
    "boolean": ATTRIBUTE.c.flag,
}


def narrowed(node: Node, as_of: Instant, taxonomy: Taxonomy) -> Narrowed:
    """Return a condition about members as far as SQL can say it.

    Args:
        node: The compiled condition.
        as_of: The instant that `days since` counts back from.
        taxonomy: Which tags count as which others.
    """
    if isinstance(node, Test):
        return _figure(node, node.figure, as_of) if node.figure is not None else _fact(node, taxonomy)
    parts = [narrowed(one, as_of, taxonomy) for one in node.of]
    exact = all(one.exact for one in parts)
    said = [one.where for one in parts if one.where is not None]
    names = frozenset[str]().union(*(one.attributes for one in parts))
    series = frozenset[str]().union(*(one.series for one in parts))
    if node.kind == "all":
        return Narrowed(and_(true(), *said), exact, names, series)
    if node.kind == "any":
        return Narrowed(or_(false(), *said), exact, names, series) if len(said) == len(parts) else NOTHING
    return (
        Narrowed(not_(or_(false(), *said)), exact=True, attributes=names, series=series) if exact else NOTHING
    )


def _fact(test: Test, taxonomy: Taxonomy) -> Narrowed:
    scope, name = split(test.fact)
    if scope != "member":
        return NOTHING
    if name in {"tags", "memberships"}:
        return _among(test, TAG, taxonomy.names_of) if name == "tags" else _among(test, MEMBERSHIP, _itself)
    asked = _asked(test)
    if asked is None:
        return NOTHING
    if name == "points" or name.startswith("balance."):
        unit = "points" if name == "points" else name.removeprefix("balance.")
        return _balance(test, asked, f"b:{unit}")
    ladder = ladder_of(test.fact)
    if ladder is not None:
        return _level(test, asked, ladder)
    column = _COLUMNS.get(test.fact_type)
    if column is None or "." in name:
        return NOTHING
    key = f"a:{name}"
    there = _there(ATTRIBUTE, ATTRIBUTE.c.name == key, column.is_not(None))
    found = _there(ATTRIBUTE, ATTRIBUTE.c.name == key, column.is_not(None), asked(column))
    return Narrowed(_or_missing(test, found, there), exact=True, attributes=frozenset([key]))


def _or_missing(test: Test, found: Truth, there: Truth) -> Truth:
    return or_(found, not_(there)) if test.operator.of_missing else found


def _balance(test: Test, asked: Told, key: str) -> Narrowed:
    """Return what is asked of a balance; where there is no row it is 0."""
    where = _zero_without(test, ATTRIBUTE, asked(ATTRIBUTE.c.number), ATTRIBUTE.c.name == key)
    return Narrowed(where, exact=True, attributes=frozenset([key]))


def _zero_without(test: Test, table: Table, said: Truth, *which: Truth) -> Truth:
    if holds(test.operator, "number", 0, test.operand):
        return not_(_there(table, *which, not_(said)))
    return _there(table, *which, said)


def _level(test: Test, asked: Told, ladder: str) -> Narrowed:
    """Return what is asked of a level; where a member stands on no such ladder, of what was told of it."""
    on = LEVEL.c.ladder == ladder
    found, there = _of(LEVEL, on, asked(LEVEL.c.tier)), _of(LEVEL, on, LEVEL.c.tier.is_not(None))
    if test.fact != "member.tier":
        return Narrowed(_or_missing(test, found, there), exact=True)
    told = and_(ATTRIBUTE.c.name == "a:tier", ATTRIBUTE.c.text.is_not(None))
    off = not_(_of(LEVEL, on))
    found = or_(found, and_(off, _there(ATTRIBUTE, told, asked(ATTRIBUTE.c.text))))
    there = or_(there, and_(off, _there(ATTRIBUTE, told)))
    return Narrowed(_or_missing(test, found, there), exact=True, attributes=frozenset(["a:tier"]))


def _itself(key: str) -> list[str]:
    return [key]


def _among(test: Test, table: Table, names_of: Callable[[str], list[str]]) -> Narrowed:
    """Return what is asked of a member's tags or memberships; the list is always known."""
    column = table.c.tag if table is TAG else table.c.membership

    def on(keys: Iterable[Any]) -> Truth:
        return _of(table, column.in_([name for key in keys for name in names_of(key)]))

    match test.operator.name:
        case "has":
            where = on([test.operand])
        case "has_not":
            where = not_(on([test.operand]))
        case "has_any":
            where = on(test.operand)
        case "has_none":
            where = not_(on(test.operand))
        case "has_all":
            where = and_(true(), *(on([one]) for one in test.operand))
        case "is_known":
            where = true()
        case "is_missing":
            where = false()
        case _:
            return NOTHING
    return Narrowed(where, exact=True)


def _figure(test: Test, figure: Figure, as_of: Instant) -> Narrowed:
    if figure.within is not None or figure.series.where is not None or figure.measure == "streak":
        return NOTHING
    series, own = figure.series.key, frozenset([figure.series.key])
    which = MEASURE.c.series == series
    if figure.measure == "days_since":
        said = _days_since(test, which, as_of)
        return NOTHING if said is None else Narrowed(said, exact=True, series=own)
    asked = _asked(test)
    if asked is None:
        return NOTHING
    if figure.measure in {"count", "sum"}:
        column = MEASURE.c.total if figure.measure == "sum" else MEASURE.c["count"] * MILLIONTHS
        return Narrowed(_zero_without(test, MEASURE, asked(column), which), exact=True, series=own)
    there = _there(MEASURE, which)
    found = _there(MEASURE, which, asked(MEASURE.c.first if figure.measure == "first" else MEASURE.c.last))
    return Narrowed(_or_missing(test, found, there), exact=True, series=own)


def _days_since(test: Test, which: Truth, as_of: Instant) -> Truth | None:
    """Return whether the whole days since the last event are as asked; None if SQL can't say."""
    operator, there = test.operator, _there(MEASURE, which)
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
        return _there(MEASURE, which, not_(and_(*since)))
    return _there(MEASURE, which, *since)


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


def _asked(test: Test) -> Told | None:
    """Return what a comparison asks of a value that is there, or None if SQL can't say it."""
    operator, operand = test.operator, test.operand
    values = operand if isinstance(operand, list) else [operand]
    if operator.operand == "none":
        return (lambda _: true()) if operator.name == "is_known" else (lambda _: false())
    if test.fact_type == "number":
        values = [in_millionths(one) for one in values]
    if any(one is None or (isinstance(one, str) and "\0" in one) for one in values):
        return None
    return _compared(operator.name, values)


def _compared(name: str, values: list[Any]) -> Told | None:
    one = values[0]
    comparisons: dict[str, Told] = {
        "eq": lambda column: column == one,
        "ne": lambda column: column != one,
        "ne_or_missing": lambda column: column != one,
        "gte": lambda column: column >= one,
        "gt": lambda column: column > one,
        "lte": lambda column: column <= one,
        "lt": lambda column: column < one,
        "between": lambda column: column.between(one, values[-1]),
        "in": lambda column: column.in_(values),
        "not_in": lambda column: column.not_in(values),
    }
    return comparisons.get(name)


def odd(connection: Connection, narrowed: Narrowed, tracked: str) -> Truth:
    """Return of which members SQL can't speak exactly, though it can of others.

    Something that the condition reads of them can't be told in its columns, or their measures
    are of another set of series than the rules read now.

    Args:
        connection: Where to see whether there is any such value at all.
        narrowed: What SQL says of the condition.
        tracked: Identity of the set of series that measures must be of; empty if the condition
            reads none but those that are always kept.
    """
    found: list[Truth] = [COUNTED.c.tracked != tracked] if tracked else []
    for table, named in (
        (ATTRIBUTE, ATTRIBUTE.c.name.in_(sorted(narrowed.attributes))),
        (MEASURE, MEASURE.c.series.in_(sorted(narrowed.series))),
    ):
        some = select(1).select_from(table).where(table.c.odd, named).limit(1)
        if connection.execute(some).first() is not None:
            found.append(_there(table, table.c.odd, named))
    return or_(false(), *found)


def _there(table: Table, *which: Truth) -> Truth:
    """Return whether a counted row of the member is there."""
    place = (table.c.partition == COUNTED.c.partition, table.c.member == COUNTED.c.member)
    return exists(select(1).select_from(table).where(*place, *which).correlate(COUNTED))


def _of(table: Table, *which: Truth) -> Truth:
    return exists(
        select(1).select_from(table).where(table.c.member == COUNTED.c.member, *which).correlate(COUNTED)
    )
