"""What SQL can say of a condition, and the pieces that it is said with."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Table, and_, exists, false, not_, or_, select, true

from api.store.counted import in_millionths
from api.store.schema import COUNTED
from engine.language.operators import holds
from engine.language.predicates import Test

Truth = ColumnElement[bool]
Told = Callable[[ColumnElement[Any]], Truth]
"""What is asked of a column that holds a value."""


class Narrowed(NamedTuple):
    """What SQL can say of a condition.

    Attributes:
        where: Holds at least of every member of whom the condition is true; None where nothing is said.
        exact: Whether it holds of no other.
        attributes: Names of attributes that it reads, as they are counted.
        sums: Series whose sums it reads.
        lacking: Whether it reads a series that a member's rows may lack yet: not every state keeps it.
    """

    where: Truth | None
    exact: bool
    attributes: frozenset[str] = frozenset()
    sums: frozenset[str] = frozenset()
    lacking: bool = False

    def sure(self, odd: Truth) -> Truth | None:
        """Return of which members SQL alone says that the condition is true; None if it can't."""
        if not self.exact:
            return None
        return not_(odd) if self.where is None else and_(self.where, not_(odd))

    def candidates(self, odd: Truth) -> Truth:
        """Return of which members the condition may be true."""
        return true() if self.where is None else or_(self.where, odd)

    def left(self, odd: Truth) -> Truth:
        """Return of which members it isn't for SQL to say whether the condition is true."""
        return odd if self.exact else self.candidates(odd)


NOTHING: Final = Narrowed(None, exact=False)


def or_missing(test: Test, found: Truth, there: Truth) -> Truth:
    """Return whether a value is as asked, or isn't there where the operator takes that, too."""
    return or_(found, not_(there)) if test.operator.of_missing else found


def zero_without(test: Test, table: Table, said: Truth, *which: Truth) -> Truth:
    """Return whether a number is as asked; where it has no counted row it is 0."""
    if holds(test.operator, "number", 0, test.operand):
        return not_(counted_row(table, *which, not_(said)))
    return counted_row(table, *which, said)


def asked_of(test: Test) -> Told | None:
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


def counted_row(table: Table, *which: Truth) -> Truth:
    """Return whether a counted row of the member is there."""
    place = (table.c.partition == COUNTED.c.partition, table.c.member == COUNTED.c.member)
    return exists(select(1).select_from(table).where(*place, *which).correlate(COUNTED))


def held_row(table: Table, *which: Truth) -> Truth:
    """Return whether a row of what the member holds is there."""
    return exists(
        select(1).select_from(table).where(table.c.member == COUNTED.c.member, *which).correlate(COUNTED)
    )
