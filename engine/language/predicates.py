"""Conditions made ready: fact keys, typed operands, and the history they need.

One compiled tree serves every reading: the matcher turns it into a network,
the evaluator walks it, and both read the same facts by the same keys.
"""

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from engine import canonical
from engine.errors import InvalidRule
from engine.events import ORDER_CANCELLED, ORDER_REFUNDED
from engine.language.base import Span
from engine.language.catalogue import Catalogue
from engine.language.conditions import MAX_STREAK, MEASURE_TYPES, Compare, Condition, History
from engine.language.operators import OPERATORS, FactType, Operator
from engine.language.paths import operand_value


@dataclass(frozen=True, slots=True)
class Series:
    """Past events of one name that a figure is taken over.

    Attributes:
        key: The event's name when nothing else is asked; otherwise a digest of
            name, property and `where`.
        event: Name of the events.
        property: Number that is kept of each, or None.
        where: What each must satisfy when it happens, or None.
        net: Whether refunds of the orders that it counts stand in it too, below zero, at their own time.
            An order is 1 in it, or the property.
    """

    key: str
    event: str
    property: str | None
    where: "Node | None"
    net: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure over a series.

    Attributes:
        key: The fact key under which a decision reads it.
        series: What it is taken over.
        measure: `count`, `sum`, `first`, `last`, `days_since` or `streak`. A net count is a sum of ones.
        within: Window that ends at the decision's instant, or None for all time.
        with_this_event: Whether the triggering event is counted.
    """

    key: str
    series: Series
    measure: str
    within: Span | None
    with_this_event: bool


@dataclass(frozen=True, slots=True)
class Test:
    """One fact compared with an operand.

    Attributes:
        fact: Fact key: a path such as `event.total`, or a figure's key.
        fact_type: Declared type of the fact; another type counts as missing.
        operator: Row of the operator table.
        operand: Right side, typed: a scalar, a list, or None.
        path: JSON pointer of the condition in its document.
        figure: The figure read, when it is one.
    """

    fact: str
    fact_type: FactType
    operator: Operator
    operand: Any
    path: str
    figure: Figure | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """`all`, `any` or `not` (none) of its parts."""

    kind: Literal["all", "any", "not"]
    of: tuple["Node", ...]
    path: str


Node: TypeAlias = Test | Group


def prepare(condition: Condition, catalogue: Catalogue, path: str) -> Node:
    """Compile a condition.

    Args:
        condition: A condition that `check` finds no error in.
        catalogue: What its facts are declared as.
        path: JSON pointer of the condition in its document.

    Raises:
        InvalidRule: If a fact, an operator or an operand doesn't fit.
    """
    if isinstance(condition, Compare):
        return _compare(condition, catalogue, path)
    if isinstance(condition, History):
        return _history(condition, catalogue, path)
    kind: Literal["all", "any", "not"] = condition.type
    return Group(
        kind, tuple(prepare(one, catalogue, f"{path}/of/{at}") for at, one in enumerate(condition.of)), path
    )


def together(*nodes: Node | None, path: str) -> Node | None:
    """Return the conjunction of what is there, or None if nothing is."""
    there = tuple(node for node in nodes if node is not None)
    if len(there) <= 1:
        return there[0] if there else None
    return Group("all", there, path)


def figures(node: Node | None) -> dict[str, Figure]:
    """Return every figure that a compiled condition reads, by key."""
    if node is None:
        return {}
    if isinstance(node, Test):
        return {node.figure.key: node.figure} if node.figure is not None else {}
    found: dict[str, Figure] = {}
    for part in node.of:
        found.update(figures(part))
    return found


def facts(node: Node | None) -> dict[str, FactType]:
    """Return every fact that a compiled condition reads, with its type; figures left out."""
    if node is None:
        return {}
    if isinstance(node, Test):
        return {node.fact: node.fact_type} if node.figure is None else {}
    found: dict[str, FactType] = {}
    for part in node.of:
        found.update(facts(part))
    return found


def events_of(series: Series) -> tuple[str, ...]:
    """Return the names of the events that may enter a series."""
    return (series.event, ORDER_REFUNDED, ORDER_CANCELLED) if series.net else (series.event,)


def _reach(condition: History) -> Span | None:
    if condition.measure == "streak":
        return Span(MAX_STREAK, "days")
    return condition.within.span if condition.within is not None else None


def series_of(condition: History, where: Node | None) -> Series:
    """Return the series that a history reads; what asks for the same events has the same one.

    Args:
        condition: The history.
        where: Its `where`, compiled.
    """
    if condition.property_ is None and condition.where is None and not condition.net:
        return Series(condition.event, condition.event, None, None)
    asked = condition.model_dump(mode="json", by_alias=True, include={"event", "property_", "where", "net"})
    return Series(_identity(asked), condition.event, condition.property_, where, condition.net)


def _operator(name: str, fact_type: FactType, path: str) -> Operator:
    row = OPERATORS[name]
    if fact_type not in row.types:
        raise InvalidRule(f"{path}: {name!r} can't be asked of a {fact_type}")
    return row


def _compare(condition: Compare, catalogue: Catalogue, path: str) -> Test:
    fact_type = catalogue.fact_type(condition.fact)
    if fact_type is None:
        raise InvalidRule(f"{path}: unknown fact {condition.fact!r}")
    operator = _operator(condition.op, fact_type, path)
    return Test(
        condition.fact, fact_type, operator, operand_value(operator, fact_type, condition.value), path
    )


def _history(condition: History, catalogue: Catalogue, path: str) -> Test:
    fact_type = MEASURE_TYPES[condition.measure]
    operator = _operator(condition.op, fact_type, path)
    where = prepare(condition.where, catalogue, f"{path}/where") if condition.where is not None else None
    figure = Figure(
        key="figure." + _identity(condition.model_dump(mode="json", by_alias=True, exclude={"op", "value"})),
        series=series_of(condition, where),
        measure="sum" if condition.net else condition.measure,
        within=_reach(condition),
        with_this_event=condition.counts_this_event,
    )
    operand = operand_value(operator, fact_type, condition.value)
    return Test(figure.key, fact_type, operator, operand, path, figure)


def _identity(said: dict[str, Any]) -> str:
    return canonical.digest(said)[:16]
