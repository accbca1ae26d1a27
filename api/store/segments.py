"""Who is in a segment now."""

from sqlalchemy import Connection, func, select

from api.store.schema import SEGMENT
from engine.values import Instant


def sizes(connection: Connection) -> dict[str, int]:
    """Return how many members each segment has; one that nobody is in isn't there."""
    query = select(SEGMENT.c.segment, func.count().label("members")).group_by(SEGMENT.c.segment)
    return {row.segment: int(row.members) for row in connection.execute(query)}


def in_segment(
    connection: Connection, segment: str, after: str = "", limit: int = 50
) -> list[tuple[str, Instant]]:
    """Return a page of a segment's members, in key order, each with since when.

    Args:
        connection: A read transaction.
        segment: Key of the segment.
        after: The member that the page comes after.
        limit: How many at most.
    """
    query = (
        select(SEGMENT.c.member, SEGMENT.c.since)
        .where(SEGMENT.c.segment == segment, SEGMENT.c.member > after)
        .order_by(SEGMENT.c.member)
        .limit(limit)
    )
    return [(row.member, row.since) for row in connection.execute(query)]
