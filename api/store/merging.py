"""Members that became a part of others, and members who may be one."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection, Table, select, update

from api.store import outbox
from api.store.dialects import ListQuery, RowInsert
from api.store.log import LoggedEntry, entries_of_kind
from api.store.schema import (
    COUPON,
    IDENTITY,
    MEMBER,
    OUTBOX,
    POSSIBLE_DUPLICATE,
    TASK,
)
from engine.values import Instant

MOVED: Final[tuple[Table, ...]] = (IDENTITY, COUPON, TASK, OUTBOX)
"""Tables whose rows go over to the member that goes on. What follows from a state goes with it; entries of
the log, its decisions and the ledger's postings stay what they were. What waits to be told to a member stays,
too: whoever tells it holds its row before the member's lock, and looks then for whom the member became."""


class PossibleDuplicate(NamedTuple):
    """Two members who may be one person; the fields are those of the table."""

    member: str
    other: str
    kind: str
    found_at: Instant
    dismissed_by: str | None = None
    dismissed_at: Instant | None = None


_INTO: Final = ListQuery(
    "SELECT key, merged_into FROM member WHERE key IN {list} AND merged_into IS NOT NULL"
)
_NOTE: Final = RowInsert(POSSIBLE_DUPLICATE, PossibleDuplicate._fields, keys=["member", "other"])
_DUPLICATE: Final = select(*(POSSIBLE_DUPLICATE.c[name] for name in PossibleDuplicate._fields))


def move(connection: Connection, absorbed: str, survivor: str) -> None:
    """Let everything that is kept of one member be another's, in the transaction that merges them.

    Args:
        connection: The transaction; it holds both members' locks.
        absorbed: Key of the member that ended.
        survivor: Key of the one that goes on.
    """
    connection.execute(update(MEMBER).where(MEMBER.c.key == absorbed).values(merged_into=survivor))
    outbox.lock(connection, OUTBOX.c.member == absorbed)
    for table in MOVED:
        connection.execute(update(table).where(table.c.member == absorbed).values(member=survivor))


def into(connection: Connection, keys: Iterable[str]) -> dict[str, str]:
    """Return which member each of some is directly a part of; a member in its own right isn't there."""
    rows = _INTO.execute(connection, sorted(set(keys)))
    return {row[0]: row[1] for row in rows}


def homes(connection: Connection, keys: Iterable[str]) -> dict[str, str]:
    """Return the member in its own right that each of some is, or is a part of."""
    found = {key: key for key in keys}
    while moved := into(connection, found.values()):
        found = {key: moved.get(home, home) for key, home in found.items()}
    return found


def merges(connection: Connection, survivor: str) -> list[LoggedEntry]:
    """Return the entries by which others became a part of a member, in order."""
    return entries_of_kind(connection, survivor, "merge")


def parts(connection: Connection, key: str) -> list[str]:
    """Return the keys of all who became a part of a member, and of those who became a part of them."""
    found: list[str] = []
    ahead = [key]
    while ahead:
        query = select(MEMBER.c.key).where(MEMBER.c.merged_into.in_(ahead)).order_by(MEMBER.c.key)
        ahead = list(connection.execute(query).scalars())
        found += ahead
    return found


def note(connection: Connection, found: Sequence[PossibleDuplicate]) -> None:
    """Note that members may be one; whom somebody has said to be two stays so."""
    _NOTE.execute(connection, sorted({one[:2]: one for one in found}.values()))


def duplicates(connection: Connection, limit: int) -> list[PossibleDuplicate]:
    """Return pairs that nobody has decided on, the newest first; merged members among them."""
    query = _DUPLICATE.where(POSSIBLE_DUPLICATE.c.dismissed_at.is_(None))
    newest = (POSSIBLE_DUPLICATE.c.found_at.desc(), POSSIBLE_DUPLICATE.c.member, POSSIBLE_DUPLICATE.c.other)
    return [PossibleDuplicate(*row) for row in connection.execute(query.order_by(*newest).limit(limit))]


def dismiss(connection: Connection, member: str, other: str, *, by: str, at: Instant) -> bool:
    """Note that two members are two; return whether the pair was noted at all."""
    row = POSSIBLE_DUPLICATE.c
    pair = (row.member == min(member, other)) & (row.other == max(member, other))
    change = update(POSSIBLE_DUPLICATE).where(pair).values(dismissed_by=by, dismissed_at=at)
    return connection.execute(change).rowcount > 0
