"""Conditions as SQL over what is counted (ruling 14).

The declared subset: attributes that aren't lists, without dots in their names;
tags, segments, memberships, levels and balances; and figures of all time over
all events of a name, or over one number of them: count, sum, first, last, days
since. Of the operators all but those that look into a text (`contains`,
`starts_with` …). Anything else narrows what is looked at, and the evaluator
decides: of a figure with a window or a `where` SQL says who did it often enough
at all, and not too long ago.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final

from sqlalchemy import Column, Connection, and_, false, not_, or_, select, true

from api.store.narrowed import (
    NOTHING,
    Narrowed,
    Told,
    Truth,
    asked_of,
    counted_row,
    held_row,
    or_missing,
    zero_without,
)
from api.store.narrowing_figures import of_figure
from api.store.schema import ATTRIBUTE, COUNTED, LEVEL, MEASURE, MEMBERSHIP, SEGMENT, TAG
from api.store.tables.counted import ODD
from engine.language.paths import ladder_of, split
from engine.language.predicates import Node, Test
from engine.language.tags import Taxonomy
from engine.values import Instant

_LISTS: Final = {"tags": TAG.c.tag, "segments": SEGMENT.c.segment, "memberships": MEMBERSHIP.c.membership}
"""Where each list of what a member holds is kept."""

_COLUMNS: Final = {
    "text": ATTRIBUTE.c.text,
    "number": ATTRIBUTE.c.number,
    "instant": ATTRIBUTE.c.instant,
    "boolean": ATTRIBUTE.c.flag,
}


def narrowed(
    node: Node, as_of: Instant, taxonomy: Taxonomy, *, unsaid: frozenset[str] = frozenset()
) -> Narrowed:
    """Return a condition about members as far as SQL can say it.

    Args:
        node: The compiled condition.
        as_of: The instant that windows end at and `days since` counts back from.
        taxonomy: Which tags count as which others.
        unsaid: Facts of which SQL is to say nothing, because what is kept of them isn't what is asked.
    """
    if isinstance(node, Test):
        if node.fact in unsaid:
            return NOTHING
        return of_figure(node, node.figure, as_of) if node.figure is not None else _fact(node, taxonomy)
    parts = [narrowed(one, as_of, taxonomy, unsaid=unsaid) for one in node.of]
    exact = all(one.exact for one in parts)
    said = [one.where for one in parts if one.where is not None]
    names = frozenset[str]().union(*(one.attributes for one in parts))
    sums = frozenset[str]().union(*(one.sums for one in parts))
    lacking = any(one.lacking for one in parts)
    if node.kind == "all":
        return Narrowed(and_(true(), *said), exact, names, sums, lacking)
    if len(said) < len(parts) or (node.kind == "not" and not exact):
        return NOTHING
    some = or_(false(), *said)
    return Narrowed(some if node.kind == "any" else not_(some), exact, names, sums, lacking)


def _fact(test: Test, taxonomy: Taxonomy) -> Narrowed:
    scope, name = split(test.fact)
    if scope != "member":
        return NOTHING
    if name in _LISTS:
        return _among(test, _LISTS[name], taxonomy.names_of if name == "tags" else _itself)
    asked = asked_of(test)
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
    there = counted_row(ATTRIBUTE, ATTRIBUTE.c.name == key, column.is_not(None))
    found = counted_row(ATTRIBUTE, ATTRIBUTE.c.name == key, column.is_not(None), asked(column))
    return Narrowed(or_missing(test, found, there), exact=True, attributes=frozenset([key]))


def _balance(test: Test, asked: Told, key: str) -> Narrowed:
    """Return what is asked of a balance; where there is no row it is 0."""
    where = zero_without(test, ATTRIBUTE, asked(ATTRIBUTE.c.number), ATTRIBUTE.c.name == key)
    return Narrowed(where, exact=True, attributes=frozenset([key]))


def _level(test: Test, asked: Told, ladder: str) -> Narrowed:
    """Return what is asked of a level; where a member stands on no such ladder, of what was told of it."""
    on = LEVEL.c.ladder == ladder
    stands = LEVEL.c.tier.is_not(None)
    found, there = held_row(LEVEL, on, stands, asked(LEVEL.c.tier)), held_row(LEVEL, on, stands)
    if test.fact != "member.tier":
        return Narrowed(or_missing(test, found, there), exact=True)
    told = and_(ATTRIBUTE.c.name == "a:tier", ATTRIBUTE.c.text.is_not(None))
    off = not_(held_row(LEVEL, on))
    found = or_(found, and_(off, counted_row(ATTRIBUTE, told, asked(ATTRIBUTE.c.text))))
    there = or_(there, and_(off, counted_row(ATTRIBUTE, told)))
    return Narrowed(or_missing(test, found, there), exact=True, attributes=frozenset(["a:tier"]))


def _itself(key: str) -> list[str]:
    return [key]


def _among(test: Test, column: Column[Any], names_of: Callable[[str], list[str]]) -> Narrowed:
    """Return what is asked of a list of what a member holds; the list is always known."""

    def on(keys: Iterable[Any]) -> Truth:
        return held_row(column.table, column.in_([name for key in keys for name in names_of(key)]))

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


def odd(connection: Connection, narrowed: Narrowed, tracked: str) -> Truth:
    """Return of which members SQL can't speak exactly, though it can of others.

    Something that the condition reads of them can't be told in its columns, or their measures
    are of another set of series than the rules read now.

    Args:
        connection: Where to see whether there is any such value at all.
        narrowed: What SQL says of the condition.
        tracked: Identity of the set of series that measures must be of, where one of those may be lacking.
    """
    found: list[Truth] = [COUNTED.c.tracked != tracked] if narrowed.lacking else []
    for table, named in (
        (ATTRIBUTE, ATTRIBUTE.c.name.in_(sorted(narrowed.attributes))),
        (MEASURE, MEASURE.c.series.in_(sorted(narrowed.sums))),
    ):
        # As the index says it: of `odd = 1` SQLite doesn't see that the index holds it, and reads every row.
        some = select(1).select_from(table).where(ODD, named).limit(1)
        if connection.execute(some).first() is not None:
            found.append(counted_row(table, table.c.odd, named))
    return or_(false(), *found)
