"""The log in the order of time, and what else has to be known of it before some of it is decided anew."""

from collections.abc import Iterator
from typing import Final, NamedTuple

import orjson
from sqlalchemy import Connection, func, select

from api.store.log import COLUMNS, LoggedEntry, logged
from api.store.schema import DECISION, EVENT, POOL
from engine.values import Instant

_CHUNK: Final = 1_000
_TIMELY: Final = (
    select(*(EVENT.c[name] for name in COLUMNS), DECISION.c.body)
    .select_from(EVENT.outerjoin(DECISION, DECISION.c.sequence == EVENT.c.sequence))
    .order_by(EVENT.c.as_of, EVENT.c.sequence)
)


class Merged(NamedTuple):
    """A member and another that became a part of it."""

    survivor: str
    absorbed: str


def in_time(
    connection: Connection, since: Instant, until: Instant
) -> Iterator[tuple[LoggedEntry, bytes | None]]:
    """Yield all members' entries in the order of their instants, then of the log; never many at once.

    Args:
        connection: A read transaction.
        since: First `as_of`.
        until: Last `as_of`.

    Yields:
        Each entry, and the body of its decision where one was kept.
    """
    query = _TIMELY.where(EVENT.c.as_of >= since, EVENT.c.as_of <= until)
    for row in connection.execute(query, execution_options={"yield_per": _CHUNK}):
        yield logged(row), row[-1]


def merged(connection: Connection) -> list[Merged]:
    """Return who became a part of whom, in the order of the log."""
    query = select(EVENT.c.member, EVENT.c.properties).where(EVENT.c.kind == "merge")
    rows = connection.execute(query.order_by(EVENT.c.sequence))
    return [Merged(member, orjson.loads(told)["absorbed"]) for member, told in rows]


def imports(connection: Connection) -> dict[Instant, Instant]:
    """Return up to which instant the clock ran in each import, by when it ran."""
    query = select(EVENT.c.recorded_at, func.max(EVENT.c.as_of)).where(EVENT.c.mode == "as-it-was")
    return {ran: int(end) for ran, end in connection.execute(query.group_by(EVENT.c.recorded_at))}


def bounds(connection: Connection) -> tuple[Instant, Instant]:
    """Return the first and the last instant that anything was decided at; 0 and 0 in an empty log."""
    query = select(func.coalesce(func.min(EVENT.c.as_of), 0), func.coalesce(func.max(EVENT.c.as_of), 0))
    first, last = connection.execute(query).one()
    return int(first), int(last)


def pools(connection: Connection) -> dict[str, int]:
    """Return how many codes were ever imported of each kind of coupon."""
    query = select(POOL.c.coupon, func.count()).group_by(POOL.c.coupon)
    return {coupon: int(count) for coupon, count in connection.execute(query)}
