"""What pots have given out, for people to read."""

from typing import NamedTuple

from sqlalchemy import Connection, func, select

from api.store.schema import LEASE, POT


class StoredPot(NamedTuple):
    """A pot, as it stands.

    Attributes:
        name: Its name.
        granted: What was given out.
        leased: What a process may still give out; it is neither given out nor free.
    """

    name: str
    granted: int
    leased: int


def pots(connection: Connection, prefix: str, limit: int) -> list[StoredPot]:
    """Return the pots whose names begin with a prefix, the last by name first.

    Args:
        connection: Where to read.
        prefix: Such as `budget/spring/`.
        limit: How many at most.
    """
    unused = select(LEASE.c.name, func.sum(LEASE.c.left).label("unused")).group_by(LEASE.c.name).subquery()
    leased = func.coalesce(unused.c.unused, 0)
    query = (
        select(POT.c.name, POT.c.granted, leased)
        .outerjoin_from(POT, unused, unused.c.name == POT.c.name)
        .where(POT.c.name.startswith(prefix, autoescape=True))
        .order_by(POT.c.name.desc())
        .limit(limit)
    )
    return [
        StoredPot(name, int(granted) - int(left), int(left))
        for name, granted, left in connection.execute(query)
    ]
