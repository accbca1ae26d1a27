"""Whom something is meant for, and how many they are."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, func, select, tuple_

from api.store.schema import COUNTED, TAG


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


def count_in(connection: Connection, where: ColumnElement[bool], partition: int | None = None) -> int:
    """Return how many counted members there are of whom something holds.

    Args:
        connection: Where to read.
        where: What must hold, of a row of `counted_member`.
        partition: The one hash partition that is looked at; None for all.
    """
    query = select(func.count()).select_from(COUNTED).where(where)
    if partition is not None:
        query = query.where(COUNTED.c.partition == partition)
    return int(connection.execute(query).scalar_one())


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
    partition: int | None = None,
    after: Counted = FIRST,
    limit: int,
) -> list[Counted]:
    """Return a page of the counted members of whom something holds, by partition and key.

    Args:
        connection: Where to read.
        where: What must hold, of a row of `counted_member`.
        partition: The one hash partition that is looked at; None for all.
        after: Place that the page must follow.
        limit: How many at most.
    """
    behind = tuple_(COUNTED.c.partition, COUNTED.c.member) > after
    query = select(COUNTED.c.partition, COUNTED.c.member).where(behind, where)
    if partition is not None:
        query = query.where(COUNTED.c.partition == partition)
    rows = connection.execute(query.order_by(COUNTED.c.partition, COUNTED.c.member).limit(limit))
    return [Counted(*row) for row in rows]


def known(connection: Connection, where: ColumnElement[bool], page: Sequence[Counted]) -> set[str]:
    """Return those of a page of members of whom something holds."""
    here = tuple_(COUNTED.c.partition, COUNTED.c.member).in_(page)
    return set(connection.execute(select(COUNTED.c.member).where(here, where)).scalars())
