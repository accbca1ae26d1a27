"""What is deleted, withdrawn and marked of a member that is erased (ruling 20)."""

from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import Connection, delete, func, or_, select, update

from api.store import outbox, vault
from api.store.dialects import ListQuery
from api.store.schema import MEMBER, OUTBOX, POSSIBLE_DUPLICATE, TASK
from engine.values import Instant

TABLES: Final = ("vault", "member_key", "member_identity", "possible_duplicate")
"""Tables that rows are deleted from."""

WITHDRAWN: Final = "member-erased"
"""Why a message isn't sent any more."""

_ERASED: Final = ListQuery("SELECT key FROM member WHERE key IN {list} AND erased_at IS NOT NULL")


def erase(connection: Connection, keys: Sequence[str], *, by: str, at: Instant) -> None:
    """Delete what tells who a member was, and withdraw what was still to be done for it.

    Args:
        connection: The transaction that decides the erasure; it holds the member's lock.
        keys: Key of the member, then of all that became parts of it.
        by: Who erased it.
        at: When.
    """
    connection.execute(update(MEMBER).where(MEMBER.c.key.in_(keys)).values(erased_at=at, next_due_at=None))
    for key in keys:
        vault.erase(connection, key)
    _withdraw(connection, keys)
    still_open = (TASK.c.status == "open") & TASK.c.member.in_(keys)
    connection.execute(update(TASK).where(still_open).values(status="done", done_at=at, done_by=by))
    pair = or_(POSSIBLE_DUPLICATE.c.member.in_(keys), POSSIBLE_DUPLICATE.c.other.in_(keys))
    connection.execute(delete(POSSIBLE_DUPLICATE).where(pair))


def _withdraw(connection: Connection, keys: Sequence[str]) -> None:
    """Let nothing leave any more; and let nothing be told of what has left, for the log is closed."""
    own = OUTBOX.c.member.in_(keys)
    outbox.lock(connection, own)
    waiting = own & OUTBOX.c.status.in_(["pending", "held"])
    connection.execute(update(OUTBOX).where(waiting).values(status="suppressed", last_error=WITHDRAWN))
    connection.execute(update(OUTBOX).where(own).values(told=True))


def erased(connection: Connection, keys: Iterable[str]) -> set[str]:
    """Return which of some members were erased, by themselves or as a part of another."""
    return {key for (key,) in _ERASED.execute(connection, sorted(set(keys)))}


def count(connection: Connection) -> int:
    """Return how many members were erased, each with all its parts."""
    gone = MEMBER.c.erased_at.is_not(None) & MEMBER.c.merged_into.is_(None)
    query = select(func.count()).select_from(MEMBER).where(gone)
    return int(connection.execute(query).scalar_one())


def successors(connection: Connection, keys: Iterable[str]) -> dict[str, str]:
    """Return the key of the new member that each key of an erased one stands for from now on.

    The person who comes back under an id is nobody that was here before: `m-1` is `m-1~2` then, and if
    that is erased, too, `m-1~3`.

    Args:
        connection: Where to look.
        keys: Keys that no member is known by; only those of erased members are in the answer.
    """
    found: dict[str, str] = {}
    gone, number = erased(connection, keys), 2
    ahead = {key: key for key in sorted(gone)}
    while ahead:
        found |= {key: f"{key}~{number}" for key in ahead}
        gone = erased(connection, [found[key] for key in ahead])
        ahead = {key: found[key] for key in ahead if found[key] in gone}
        number += 1
    return found
