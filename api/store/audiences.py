"""Whom something is meant for."""

from sqlalchemy import Connection, select

from api.store.schema import TAG


def holders_of(connection: Connection, tag: str, after: str | None, limit: int) -> list[str]:
    """Return the members who have a tag on, by key.

    Args:
        connection: Where to read.
        tag: Key of the tag.
        after: Key that the page must follow, or None for the first page.
        limit: How many at most.
    """
    query = select(TAG.c.member).where(TAG.c.tag == tag).distinct()
    if after is not None:
        query = query.where(TAG.c.member > after)
    return list(connection.execute(query.order_by(TAG.c.member).limit(limit)).scalars())
