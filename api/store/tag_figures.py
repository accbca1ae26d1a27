"""Tags in numbers: who has them, by whom they were put on, and which go together."""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import Connection, case, func, intersect, select

from api.store.schema import MEMBER, TAG
from engine.values import Instant

_PARTITIONS = 64


class TagFigures(NamedTuple):
    """One tag in numbers.

    Attributes:
        members: How many members have it on.
        last: When a grip that stands was last put on.
        by_rule: How many members have it by a rule.
        by_person: How many by a person.
        by_api: How many by a backend.
    """

    members: int
    last: Instant
    by_rule: int
    by_person: int
    by_api: int


def of_tags(connection: Connection) -> dict[str, TagFigures]:
    """Return the figures of every tag that somebody has on: one pass over the rows, by tag and member."""

    def held_by(kind: str) -> object:
        return func.max(case((TAG.c.holder.like(f"{kind}:%"), 1), else_=0))

    each = (
        select(
            TAG.c.tag,
            func.max(TAG.c.since).label("last"),
            *(held_by(kind).label(kind) for kind in ("rule", "person", "api")),  # type: ignore[attr-defined]
        )
        .group_by(TAG.c.tag, TAG.c.member)
        .subquery()
    )
    sums = (func.sum(each.c[kind]) for kind in ("rule", "person", "api"))
    query = select(each.c.tag, func.count(), func.max(each.c.last), *sums).group_by(each.c.tag)
    return {row[0]: TagFigures(*(int(one) for one in row[1:])) for row in connection.execute(query)}


def with_tag(connection: Connection, tag: str) -> int:
    """Return how many members have a tag on."""
    query = select(func.count(TAG.c.member.distinct())).where(TAG.c.tag == tag)
    return int(connection.execute(query).scalar_one())


def with_both(connection: Connection, one: str, other: str) -> int:
    """Return how many members have both of two tags on; the index by tag and member answers alone."""
    both = intersect(*(select(TAG.c.member).where(TAG.c.tag == tag) for tag in (one, other))).subquery()
    return int(connection.execute(select(func.count()).select_from(both)).scalar_one())


class Baskets(NamedTuple):
    """The tags of some members.

    Attributes:
        tags: The tags of each member who has any.
        members: How many members there are, with tags or without.
        percent: Which part of all members that is; whole hash partitions are taken, so it is a fair one.
    """

    tags: list[tuple[str, ...]]
    members: int
    percent: int


def baskets(connection: Connection, at_most: int) -> Baskets:
    """Return which tags members have together.

    Args:
        connection: Where to read.
        at_most: About how many members are enough.
    """
    everybody = select(func.count()).select_from(MEMBER).where(MEMBER.c.sequence > 0)
    total = int(connection.execute(everybody).scalar_one())
    parts = min(_PARTITIONS, max(1, _PARTITIONS * at_most // max(total, 1)))
    query = select(TAG.c.member, TAG.c.tag)
    if parts < _PARTITIONS:
        query = query.join(MEMBER, MEMBER.c.key == TAG.c.member).where(MEMBER.c.partition < parts)
        total = int(connection.execute(everybody.where(MEMBER.c.partition < parts)).scalar_one())
    rows = connection.execute(query.order_by(TAG.c.member, TAG.c.tag))
    found = [tuple(dict.fromkeys(tag for _, tag in of_one)) for of_one in _by_member(rows)]
    return Baskets(found, max(total, len(found)), parts * 100 // _PARTITIONS)


def _by_member(rows: object) -> Iterator[Iterator[tuple[str, str]]]:
    for _, of_one in groupby(rows, key=lambda row: row[0]):  # type: ignore[call-overload]
        yield of_one
