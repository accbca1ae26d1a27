"""Checks of conditions together: what can never, or must always, be true."""

from collections.abc import Iterator, Sequence
from typing import Final

from engine import canonical
from engine.errors import InvalidRule
from engine.language.base import Duration
from engine.language.catalogue import Catalogue
from engine.language.checks_conditions import places
from engine.language.conditions import MEASURE_TYPES, All, AnyOf, Compare, Condition, History
from engine.language.diagnostics import Diagnostic, diagnostic
from engine.language.document import RuleDocument
from engine.language.operators import OPERATORS, FactType
from engine.language.paths import TypedOperand, operand_value
from engine.language.ranges import Range, always, natural
from engine.language.triggers import AbsenceTrigger, EventTrigger

Located = tuple[str, Condition]

_EXACT_MINUTES: Final = {"minutes": 1, "hours": 60, "days": 1440}


def range_findings(document: RuleDocument, catalogue: Catalogue) -> Iterator[Diagnostic]:
    """Yield conditions that are never true, alone or together, and those that always are."""
    together = _asked(document)
    when = document.when
    yield from _conjunction(together, catalogue)
    if isinstance(when, AbsenceTrigger):
        yield from _after_absence(when, together)
    for place in places(document):
        if not place.inner and place.path not in {"/when/where", "/if"}:
            yield from _conjunction([(place.path, place.condition)], catalogue)


def tree_ranges(condition: Condition, path: str, catalogue: Catalogue) -> Iterator[Diagnostic]:
    """Yield conditions of one tree that are never true, and those that always are."""
    yield from _conjunction([(path, condition)], catalogue)


def contradicts(document: RuleDocument, audience: Condition, catalogue: Catalogue) -> bool:
    """Return whether what a rule asks and whom it is for can't both be true, though each can."""
    own, of = _asked(document), [("", audience)]
    if any(_impossible(one, catalogue) for one in (own, of)):
        return False
    return _impossible([*own, *of], catalogue)


def _impossible(nodes: Sequence[Located], catalogue: Catalogue) -> bool:
    return any(one.code == "impossible-range" for one in _contradictions(list(_flat(nodes)), catalogue))


def _asked(document: RuleDocument) -> list[Located]:
    """Return what a rule asks before it fires."""
    together: list[Located] = []
    if isinstance(document.when, EventTrigger) and document.when.where is not None:
        together.append(("/when/where", document.when.where))
    if document.if_ is not None:
        together.append(("/if", document.if_))
    return together


def _conjunction(nodes: Sequence[Located], catalogue: Catalogue) -> Iterator[Diagnostic]:
    """Yield what is wrong among conditions that must all be true."""
    leaves = list(_flat(nodes))
    yield from _contradictions(leaves, catalogue)
    for path, node in leaves:
        if isinstance(node, History):
            if node.where is not None:
                yield from _conjunction([(f"{path}/where", node.where)], catalogue)
        elif not isinstance(node, Compare):
            for part in _parts(path, node):
                yield from _conjunction([part], catalogue)
            if isinstance(node, AnyOf) and _known_or_missing(node):
                yield diagnostic("always-true", path)


def _flat(nodes: Sequence[Located]) -> Iterator[Located]:
    for path, node in nodes:
        if isinstance(node, All):
            yield from _flat(_parts(path, node))
        else:
            yield path, node


def _parts(path: str, node: Condition) -> list[Located]:
    if isinstance(node, Compare | History):
        return []
    return [(f"{path}/of/{at}", part) for at, part in enumerate(node.of)]


def _contradictions(leaves: Sequence[Located], catalogue: Catalogue) -> Iterator[Diagnostic]:
    """Yield each comparison after which no value is left, and each that says nothing."""
    ranges: dict[str, Range] = {}
    for path, node in leaves:
        if not isinstance(node, Compare | History):
            continue
        read = _typed(node, catalogue)
        if read is None:
            continue
        operand = read[0]
        subject = _subject(node)
        kind = _kind(node)
        if always(kind, node.op, operand):
            yield diagnostic("always-true", path)
        alone = natural(kind)
        alone.narrow(node.op, operand)
        known = ranges.setdefault(subject, natural(kind))
        was_possible = known.possible
        known.narrow(node.op, operand)
        if was_possible and not known.possible:
            others = alone.possible
            yield diagnostic(
                "impossible-range",
                path,
                others=" together with the conditions before it" if others else "",
                others_zh="（与前面的条件矛盾）" if others else "",
            )


def _kind(node: Compare | History) -> str:
    """Return what kind of value it is: a count net of refunds may be below zero, as a sum may."""
    if isinstance(node, Compare):
        return node.fact
    return "sum" if node.net else node.measure


def _typed(node: Compare | History, catalogue: Catalogue) -> tuple[TypedOperand] | None:
    """Return the operand, or None if the comparison is wrong in itself."""
    fact_type: FactType | None = (
        catalogue.fact_type(node.fact) if isinstance(node, Compare) else MEASURE_TYPES[node.measure]
    )
    operator = OPERATORS[node.op]
    if fact_type is None or fact_type not in operator.types:
        return None
    try:
        return (operand_value(operator, fact_type, node.value),)
    except InvalidRule:
        return None


def _subject(node: Compare | History) -> str:
    """Return what is compared, the same for every comparison of it."""
    if isinstance(node, Compare):
        return node.fact
    return canonical.digest(node.model_dump(mode="json", by_alias=True, exclude={"op", "value"}))


def _known_or_missing(node: AnyOf) -> bool:
    asked = {(one.fact, one.op) for one in node.of if isinstance(one, Compare)}
    return any(
        isinstance(one, Compare) and one.op == "is_known" and (one.fact, "is_missing") in asked
        for one in node.of
    )


def _after_absence(when: AbsenceTrigger, nodes: Sequence[Located]) -> Iterator[Diagnostic]:
    """Yield counts of the very event that has been absent for as long as they look back."""
    for path, node in _flat(nodes):
        if (
            isinstance(node, History)
            and node.measure == "count"
            and node.event == when.event
            and node.within is not None
            and _at_most(node.within, when.for_)
            and _asks_for_one(node)
        ):
            length = f"{when.for_.amount} {when.for_.unit}"
            yield diagnostic("impossible-after-absence", path, event=node.event, within=length)


def _at_most(one: Duration, other: Duration) -> bool:
    """Whether a duration is surely no longer than another."""
    if one.unit == other.unit:
        return one.amount <= other.amount
    if one.unit not in _EXACT_MINUTES or other.unit not in _EXACT_MINUTES:
        return False
    return one.amount * _EXACT_MINUTES[one.unit] <= other.amount * _EXACT_MINUTES[other.unit]


def _asks_for_one(node: History) -> bool:
    """Whether a count of none makes the comparison false."""
    operator = OPERATORS[node.op]
    try:
        operand = operand_value(operator, "number", node.value)
    except InvalidRule:
        return False
    return not operator.test(0, operand)
