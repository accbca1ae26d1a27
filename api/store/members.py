"""Members: the cached state of each, its lock, and when it is next due.

A row may exist before the member's first entry, made to be locked or held. It
has sequence 0 and counts as no member.
"""

import zlib
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from sqlalchemy import Connection, func, or_, select, text, update

from api.store.dialects import ListQuery, RowInsert, RowUpdate
from api.store.schema import MEMBER, OUTCOME
from engine.state import MemberState, pack, unpack
from engine.values import Instant

_CHUNK: Final = 1_000
PARTITIONS: Final = 64
PLACES: Final = 1_024


class LoadedMember(NamedTuple):
    """A member as its row has it.

    Attributes:
        state: The fold so far; a fresh one, at sequence 0, for a new member.
        next_due_at: When the member is next due, or None.
        revision: Rule-set revision under which that was derived; 0 for a new member.
        held_by: Import that holds the member back, or None.
    """

    state: MemberState
    next_due_at: Instant | None
    revision: int
    held_by: str | None


class SavedMember(NamedTuple):
    """What is to be kept of a member."""

    state: MemberState
    next_due_at: Instant | None
    revision: int


_WORDS: Final = "SELECT key, state, next_due_at, revision, held_by FROM member WHERE key IN {list}"
_LOAD: Final = ListQuery(_WORDS)
_LOCK: Final = ListQuery(f"{_WORDS} ORDER BY key FOR UPDATE")
_CHANGES: Final = ("joined_at", "sequence", "next_due_at", "revision", "state")
_SAVE: Final = RowInsert(MEMBER, ["key", "partition", *_CHANGES], keys=["key"], changes=_CHANGES)
_REDATE: Final = RowUpdate(MEMBER, "key", ["next_due_at", "revision"])
_NEW: Final = ("key", "partition", "joined_at", "sequence", "revision", "state")
_RESERVE: Final = RowInsert(MEMBER, _NEW, keys=["key"])
# In one order for everybody, so that two processes that make the same new members can't block
# each other: the second waits here, holding no lock that the first could want.
_MAKE_ROOM: Final = text(
    "INSERT INTO member (key, partition, joined_at, sequence, revision, state) "
    "SELECT new.key, new.partition, 0, 0, 0, '' "
    "FROM unnest(CAST(:keys AS text[]), CAST(:partitions AS int[])) AS new (key, partition) "
    "WHERE NOT EXISTS (SELECT FROM member WHERE member.key = new.key) "
    "ORDER BY new.key "
    "ON CONFLICT (key) DO NOTHING"
)


def partition_of(key: str) -> int:
    """Return the hash partition of a member: the same one for ever."""
    return zlib.crc32(key.encode()) % PARTITIONS


def place_of(key: str) -> int:
    """Return a member's place in its hash partition, 0 to 1,023: as random as the partition itself."""
    return zlib.crc32(key.encode()) // PARTITIONS % PLACES


def lock_and_load(connection: Connection, keys: Iterable[str]) -> dict[str, LoadedMember]:
    """Load members and keep others from changing them until the transaction ends.

    On PostgreSQL each row is locked, in key order, so that batches can't
    deadlock; a new member's row is made first, so that it can be locked, too.
    To keep that promise, lock all that a transaction needs in one call. On
    SQLite the transaction itself is the lock.

    Args:
        connection: A write transaction.
        keys: Keys of the members, new ones among them.

    Returns:
        Every member asked for.
    """
    wanted = sorted(set(keys))
    if connection.dialect.name == "postgresql" and wanted:
        partitions = [partition_of(key) for key in wanted]
        connection.execute(_MAKE_ROOM, {"keys": wanted, "partitions": partitions})
        return _loaded(connection, _LOCK, wanted)
    return load(connection, wanted)


def load(connection: Connection, keys: Iterable[str]) -> dict[str, LoadedMember]:
    """Load members to read them: every one asked for, fresh ones where there is none."""
    return _loaded(connection, _LOAD, sorted(set(keys)))


def save(connection: Connection, members: Iterable[SavedMember]) -> None:
    """Write members back; whoever holds one for an import goes on holding it.

    Args:
        connection: The transaction that locked them.
        members: Their new states, each member once.
    """
    rows = [
        (
            state.member,
            partition_of(state.member),
            state.joined_at or 0,
            state.sequence,
            next_due_at,
            revision,
            pack(state),
        )
        for state, next_due_at, revision in members
    ]
    _SAVE.execute(connection, rows)


def redate(connection: Connection, rows: Iterable[tuple[str, Instant | None, int]]) -> None:
    """Write when members are next due, and nothing else of them.

    Args:
        connection: The transaction that locked them.
        rows: Each member's key, its next due instant, and the rule-set revision it was derived under.
    """
    _REDATE.execute(connection, [(next_due_at, revision, key) for key, next_due_at, revision in rows])


def due(connection: Connection, until: Instant, limit: int, *, held_by: str | None = None) -> list[str]:
    """Return the members that are due, soonest first.

    On PostgreSQL they come locked, without those that another process has
    locked, so that the processes share the work and none waits.

    Args:
        connection: A write transaction.
        until: The last instant to count as due.
        limit: How many members at most.
        held_by: Import to look for members of; None for live work, which
            leaves out whoever is held back.
    """
    # In words that an index is used for by either database.
    held = MEMBER.c.held_by.is_(None) if held_by is None else MEMBER.c.held_by == held_by
    query = (
        select(MEMBER.c.key)
        .where(MEMBER.c.next_due_at <= until, held)
        .order_by(MEMBER.c.next_due_at)
        .limit(limit)
    )
    return list(connection.execute(query.with_for_update(skip_locked=True)).scalars())


def parts(connection: Connection, count: int) -> list[str]:
    """Return keys that part the members into so many stretches of about the same size, in order."""
    there = MEMBER.c.sequence > 0
    size = int(connection.execute(select(func.count()).select_from(MEMBER).where(there)).scalar_one())
    keys = select(MEMBER.c.key).where(there).order_by(MEMBER.c.key).limit(1)
    places = sorted({size * at // count for at in range(1, count)} - {0})
    return [connection.execute(keys.offset(place)).scalar_one() for place in places]


def next_wake(connection: Connection) -> Instant | None:
    """Return the first instant at which a member is due in live work, or None."""
    query = (
        select(MEMBER.c.next_due_at)
        .where(MEMBER.c.held_by.is_(None), MEMBER.c.next_due_at.is_not(None))
        .order_by(MEMBER.c.next_due_at)
        .limit(1)
    )
    return connection.execute(query).scalar_one_or_none()


def outdated(connection: Connection, revision: int, limit: int) -> list[str]:
    """Return members in live work whose next due instant was derived under an older rule set.

    Who was put off is left out, until the worker looks there again. On PostgreSQL
    they come locked, as `due` has them.
    """
    query = (
        select(MEMBER.c.key)
        .where(
            MEMBER.c.held_by.is_(None),
            MEMBER.c.revision.between(0, revision - 1),
            MEMBER.c.sequence > 0,
            MEMBER.c.merged_into.is_(None),
            MEMBER.c.erased_at.is_(None),
        )
        .order_by(MEMBER.c.revision)
        .limit(limit)
    )
    return list(connection.execute(query.with_for_update(skip_locked=True)).scalars())


def postpone(connection: Connection, key: str, until: Instant, revision: int) -> None:
    """Let the worker look at a member again at an instant, and not before; the member stays as it is.

    The instant isn't when the member is due, so the row says of no revision that
    it was derived under it: whoever decides for the member derives it anew.

    Args:
        connection: A write transaction.
        key: Key of the member.
        until: When.
        revision: Rule-set revision to count as dealt with.
    """
    change = {"next_due_at": until, "revision": -revision}
    connection.execute(update(MEMBER).where(MEMBER.c.key == key).values(change))


def hold(connection: Connection, keys: Iterable[str], holder: str) -> list[str]:
    """Keep live work off members while an import runs, new ones among them (ruling 22).

    Args:
        connection: A write transaction.
        keys: Members that the import speaks of.
        holder: Id of the import. Holding twice is the same as once.

    Returns:
        Members that another import holds; they are left to it.
    """
    wanted = sorted(set(keys))
    _RESERVE.execute(connection, [(key, partition_of(key), 0, 0, 0, b"") for key in wanted])
    others: list[str] = []
    for start in range(0, len(wanted), _CHUNK):
        chunk = MEMBER.c.key.in_(wanted[start : start + _CHUNK])
        connection.execute(update(MEMBER).where(chunk, MEMBER.c.held_by.is_(None)).values(held_by=holder))
        others.extend(
            connection.execute(select(MEMBER.c.key).where(chunk, MEMBER.c.held_by != holder)).scalars()
        )
    return sorted(others)


def release(connection: Connection, holder: str) -> None:
    """Give the members of an import back to live work."""
    connection.execute(update(MEMBER).where(MEMBER.c.held_by == holder).values(held_by=None))


def _loaded(connection: Connection, query: ListQuery, keys: list[str]) -> dict[str, LoadedMember]:
    found = {
        key: LoadedMember(unpack(state) if state else MemberState(member=key), next_due_at, revision, held_by)
        for key, state, next_due_at, revision, held_by in query.execute(connection, keys)
    }
    for key in keys:
        if key not in found:
            found[key] = LoadedMember(MemberState(member=key), None, 0, None)
    return found


def states(connection: Connection) -> Iterator[MemberState]:
    """Yield the state of every member in its own right, in key order, reading a thousand at a time."""
    after = ""
    while True:
        query = (
            select(MEMBER.c.key, MEMBER.c.state)
            .where(
                MEMBER.c.key > after,
                MEMBER.c.sequence > 0,
                MEMBER.c.merged_into.is_(None),
                MEMBER.c.erased_at.is_(None),
            )
            .order_by(MEMBER.c.key)
            .limit(_CHUNK)
        )
        rows = connection.execute(query).all()
        yield from (unpack(state) for _, state in rows)
        if len(rows) < _CHUNK:
            return
        after = rows[-1].key


def touched(connection: Connection, rule: str) -> Iterator[MemberState]:
    """Yield the state of every member who may be waiting in a rule.

    Of whoever waits in it something came of the rule, for the member or for one that became a part of it,
    and something is due.

    Args:
        connection: A read transaction.
        rule: Key of the rule.
    """
    told = select(OUTCOME.c.member).where(OUTCOME.c.rule == rule)
    part = MEMBER.alias()
    merged = select(part.c.merged_into).where(part.c.merged_into.is_not(None))
    query = select(MEMBER.c.state).where(
        MEMBER.c.merged_into.is_(None),
        MEMBER.c.sequence > 0,
        MEMBER.c.next_due_at.is_not(None),
        or_(MEMBER.c.key.in_(told), MEMBER.c.key.in_(merged)),
    )
    for (state,) in connection.execute(query, execution_options={"yield_per": _CHUNK}):
        yield unpack(state)
