"""Imported coupon codes: a pool for each kind of coupon, of which each code is issued once."""

from collections.abc import Iterable
from itertools import islice
from typing import Final, NamedTuple

from sqlalchemy import Connection, func, select, update

from api.store.dialects import ListQuery, RowInsert
from api.store.schema import POOL

_CHUNK: Final = 10_000
_ADD: Final = RowInsert(POOL, ["code", "coupon", "taken"], keys=["code"])
_ISSUED: Final = ListQuery("SELECT code FROM coupon WHERE code IN {list}")


class Added(NamedTuple):
    """What became of codes that were imported: how many are new, and how many there were before."""

    added: int
    duplicates: int


def add(connection: Connection, coupon: str, codes: Iterable[str]) -> Added:
    """Add codes to a pool, some thousands at a time; however many there are, few are in memory.

    Args:
        connection: A write transaction.
        coupon: Key of the definition.
        codes: The codes. One that is in a pool already, or was issued by us, counts as a duplicate.
    """
    added = duplicates = 0
    rest = iter(codes)
    while chunk := list(islice(rest, _CHUNK)):
        issued = {row.code for row in _ISSUED.execute(connection, chunk)}
        new = _ADD.execute(connection, [(code, coupon, False) for code in chunk if code not in issued])
        added += new
        duplicates += len(chunk) - new
    return Added(added, duplicates)


def take(connection: Connection, coupon: str) -> str | None:
    """Take a code out of a pool.

    On PostgreSQL a code that another transaction is taking is passed over, so
    that nobody waits; if that one is undone, its code can be had again.

    Args:
        connection: The transaction that issues the coupon; if it is undone, so is this.
        coupon: Key of the definition.

    Returns:
        A code that nobody else has or gets; None if the pool is empty.
    """
    free = (
        select(POOL.c.code)
        .where(POOL.c.coupon == coupon, POOL.c.taken.is_(False))
        # In the order of the index, so that it is always the index that is read.
        .order_by(POOL.c.code)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    taken = update(POOL).where(POOL.c.code == free).values(taken=True).returning(POOL.c.code)
    return connection.execute(taken).scalar_one_or_none()


def give_back(connection: Connection, code: str) -> None:
    """Put a code back that was taken in this transaction and not issued."""
    connection.execute(update(POOL).where(POOL.c.code == code).values(taken=False))


def left(connection: Connection, coupon: str) -> int:
    """Return how many codes of a pool can still be taken."""
    free = (POOL.c.coupon == coupon) & POOL.c.taken.is_(False)
    return int(connection.execute(select(func.count()).select_from(POOL).where(free)).scalar_one())
