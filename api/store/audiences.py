"""Whom something is meant for, and how many they are."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, case, func, literal, select, tuple_

from api.store.schema import COUNTED, TAG

_PAGE: Final = 500


def holders_of(connection: Connection, tags: Sequence[str], after: str | None, limit: int) -> list[str]:
    """Return the members who have one of some tags on, by key.

    Args:
        connection: Where to read.
        tags: Keys of the tags.
        after: Key that the page must follow, or None for the first page.
        limit: How many at most.
    """
    query = select(TAG.c.member).where(TAG.c.tag.in_(tags)).distinct()
    if after is not None:
        query = query.where(TAG.c.member > after)
    return list(connection.execute(query.order_by(TAG.c.member).limit(limit)).scalars())


class Cell(NamedTuple):
    """Members whose keys have neighbouring hashes, so as random a part of all as a hash partition is.

    Attributes:
        partition: The hash partition.
        first: The first place in it.
        last: The last.
    """

    partition: int
    first: int
    last: int


def count_in(connection: Connection, where: ColumnElement[bool]) -> int:
    """Return how many counted members there are of whom something holds.

    Args:
        connection: Where to read.
        where: What must hold, of a row of `counted_member`.
    """
    return int(connection.execute(select(func.count()).select_from(COUNTED).where(where)).scalar_one())


def share_in(connection: Connection, where: ColumnElement[bool] | None, cell: Cell) -> tuple[int, int]:
    """Return of how many of a cell's members something holds, for None of nobody, and how many it has."""
    found = func.count(case((where, 1))) if where is not None else literal(0)
    row = connection.execute(select(found, func.count()).select_from(COUNTED).where(*_inside(cell))).one()
    return int(row[0]), int(row[1])


def _inside(cell: Cell | None) -> list[ColumnElement[bool]]:
    if cell is None:
        return []
    return [COUNTED.c.partition == cell.partition, COUNTED.c.place.between(cell.first, cell.last)]


class Counted(NamedTuple):
    """A member who can be counted, by its place."""

    partition: int
    member: str


FIRST: Final = Counted(-1, "")
"""The place before everybody's."""


def found_in(
    connection: Connection,
    where: ColumnElement[bool],
    *,
    cell: Cell | None = None,
    after: Counted = FIRST,
    limit: int,
) -> list[Counted]:
    """Return a page of the counted members of whom something holds, by partition and key.

    Args:
        connection: Where to read.
        where: What must hold, of a row of `counted_member`.
        cell: Where to look; None for everywhere.
        after: Place that the page must follow.
        limit: How many at most.
    """
    behind = tuple_(COUNTED.c.partition, COUNTED.c.member) > after
    query = select(COUNTED.c.partition, COUNTED.c.member).where(behind, where, *_inside(cell))
    rows = connection.execute(query.order_by(COUNTED.c.partition, COUNTED.c.member).limit(limit))
    return [Counted(*row) for row in rows]


def pages(
    connection: Connection, where: ColumnElement[bool], cell: Cell | None = None
) -> Iterator[list[Counted]]:
    """Yield the counted members of whom something holds, some hundred at a time, by partition and key."""
    after = FIRST
    while True:
        page = found_in(connection, where, cell=cell, after=after, limit=_PAGE)
        if page:
            yield page
        if len(page) < _PAGE:
            return
        after = page[-1]


def known(connection: Connection, where: ColumnElement[bool], page: Sequence[Counted]) -> set[str]:
    """Return those of a page of members of whom something holds."""
    here = tuple_(COUNTED.c.partition, COUNTED.c.member).in_(page)
    return set(connection.execute(select(COUNTED.c.member).where(here, where)).scalars())
