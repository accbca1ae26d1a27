"""The tree over the log, and its checkpoints.

A row of `sealed_entry` holds the hash of its leaf and of every larger full
subtree that the leaf completes: a subtree is found in the row of its last leaf.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, RowMapping, func, insert, select, text
from sqlalchemy.exc import OperationalError

from api.store.dialects import RowInsert
from api.store.errors import Unreadable
from api.store.schema import ANCHOR, CHECKPOINT, CONTROL, DECISION, EVENT, SEALED
from engine.values import Instant

# Not the number of api.store.controls: sealing never keeps events from being taken in.
_LOCK: Final = {"number": 0x5245_4755_5345_414C}
_EXCLUSIVE: Final = text("SELECT pg_advisory_xact_lock(:number)")
_CHUNK: Final = 500
_INSERT: Final = RowInsert(SEALED, ["place", "sequence", "hashes"])
_INSERT_ANCHOR: Final = RowInsert(ANCHOR, ["size", "target", "at"], keys=["size", "target"])
_BEFORE: Final = EVENT.alias("before")


class StoredEntry(NamedTuple):
    """All that is stored of an entry, as it stands in the rows.

    Attributes:
        properties: Canonical JSON.
        body: Canonical bytes of the decision; None where none is kept.
        about: Member, place and instant that the row of the decision names.
        previous: Digest of the member's entry before it; None where there is none.
        rules: Digest of the newest control entry it was decided under; None where there is none.
        place: Of its leaf; None where it isn't sealed.
        hashes: Of its leaf and of the full subtrees that it completes; None where it isn't sealed.
    """

    sequence: int
    source: str
    message_id: str
    member: str
    member_sequence: int
    kind: str
    name: str
    occurred_at: Instant
    recorded_at: Instant
    as_of: Instant
    mode: str
    zone: str | None
    revision: int
    properties: bytes
    content: str
    digest: str
    body: bytes | None
    about: tuple[str, int, Instant] | None
    previous: str | None
    rules: str | None
    place: int | None
    hashes: bytes | None


class StoredControl(NamedTuple):
    """All that is stored of a control entry; `body` is canonical JSON."""

    revision: int
    name: str
    at: Instant
    by: str
    body: bytes
    previous: str
    digest: str


class Sealed(NamedTuple):
    """How far the log is sealed: leaves, and the global sequence of the last one."""

    size: int
    sequence: int


_COLUMNS: Final = StoredEntry._fields[:16]
_ENTRIES: Final = (
    select(
        *(EVENT.c[name] for name in _COLUMNS),
        DECISION.c.body,
        DECISION.c.member.label("of_member"),
        DECISION.c.member_sequence.label("of_place"),
        DECISION.c.as_of.label("of_instant"),
        _BEFORE.c.digest.label("previous"),
        CONTROL.c.digest.label("rules"),
        SEALED.c.place,
        SEALED.c.hashes,
    )
    .select_from(EVENT)
    .outerjoin(DECISION, DECISION.c.sequence == EVENT.c.sequence)
    .outerjoin(
        _BEFORE,
        (_BEFORE.c.member == EVENT.c.member) & (_BEFORE.c.member_sequence == EVENT.c.member_sequence - 1),
    )
    .outerjoin(CONTROL, CONTROL.c.revision == EVENT.c.revision)
    .outerjoin(SEALED, SEALED.c.sequence == EVENT.c.sequence)
)


def lock(connection: Connection) -> None:
    """Keep others from sealing until the transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(_EXCLUSIVE, _LOCK)


def sealed(connection: Connection) -> Sealed:
    """Return how far the log is sealed."""
    query = select(SEALED.c.place, SEALED.c.sequence).order_by(SEALED.c.place.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return Sealed(0, 0) if row is None else Sealed(row.place + 1, row.sequence)


def entries_between(connection: Connection, after: int, upto: int, limit: int) -> list[StoredEntry]:
    """Return what is stored of the entries behind a global sequence and up to another, in order.

    Raises:
        Unreadable: If a row holds what the database can't give.
    """
    query = (
        _ENTRIES.where(EVENT.c.sequence > after, EVENT.c.sequence <= upto)
        .order_by(EVENT.c.sequence)
        .limit(limit)
    )
    try:
        return [_stored(row) for row in connection.execute(query).mappings()]
    except OperationalError as error:  # SQLite tells so of text that isn't UTF-8
        raise Unreadable(f"an entry behind {after} can't be read: {error.orig}") from error


def entries_upto(connection: Connection, upto: int) -> Iterator[StoredEntry]:
    """Yield what is stored of every entry up to a global sequence, in order, some hundred at a time."""
    after = 0
    while found := entries_between(connection, after, upto, _CHUNK):
        yield from found
        after = found[-1].sequence


def chosen(connection: Connection, sequences: Sequence[int]) -> list[StoredEntry]:
    """Return what is stored of some entries, by their global sequences, in order."""
    query = _ENTRIES.where(EVENT.c.sequence.in_(sequences)).order_by(EVENT.c.sequence)
    return [_stored(row) for row in connection.execute(query).mappings()]


def places(
    connection: Connection,
    size: int,
    *,
    member: str | None = None,
    since: Instant | None,
    until: Instant | None,
) -> Iterator[tuple[int, int]]:
    """Yield the place and the global sequence of entries whose leaves are in a tree, in order.

    Args:
        connection: A read transaction.
        size: Of the tree.
        member: Key of the one member; None for all.
        since: Only what was recorded at or after this instant; None for all.
        until: Only what was recorded before this instant; None for all.
    """
    query = select(SEALED.c.place, SEALED.c.sequence).join(EVENT, EVENT.c.sequence == SEALED.c.sequence)
    query = query.where(SEALED.c.place < size).order_by(SEALED.c.place)
    if member is not None:
        query = query.where(EVENT.c.member == member)
    if since is not None:
        query = query.where(EVENT.c.recorded_at >= since)
    if until is not None:
        query = query.where(EVENT.c.recorded_at < until)
    for row in connection.execution_options(yield_per=_CHUNK).execute(query):
        yield row.place, row.sequence


def append(connection: Connection, rows: Sequence[tuple[int, int, bytes]]) -> None:
    """Add leaves.

    Args:
        connection: A transaction that holds `lock`.
        rows: Place, global sequence, and hashes of the subtrees that the leaf completes.

    Raises:
        sqlalchemy.exc.IntegrityError: If a place or an entry is sealed already.
    """
    _INSERT.execute(connection, rows)


def rows_at(connection: Connection, found_at: Sequence[int]) -> dict[int, bytes]:
    """Return the hashes that stand in the rows of some places."""
    wanted = sorted(set(found_at))
    found: dict[int, bytes] = {}
    for start in range(0, len(wanted), _CHUNK):
        query = select(SEALED.c.place, SEALED.c.hashes).where(
            SEALED.c.place.in_(wanted[start : start + _CHUNK])
        )
        found.update((row.place, row.hashes) for row in connection.execute(query))
    return found


def controls(connection: Connection, upto: int | None = None) -> Iterator[StoredControl]:
    """Yield what is stored of the control entries, in order, up to a revision; None for all."""
    query = select(*(CONTROL.c[name] for name in StoredControl._fields)).order_by(CONTROL.c.revision)
    if upto is not None:
        query = query.where(CONTROL.c.revision <= upto)
    for row in connection.execute(query):
        yield StoredControl(*row)


def orphans(connection: Connection) -> list[int]:
    """Return the places of leaves whose entry isn't in the log, in order."""
    query = (
        select(SEALED.c.place)
        .outerjoin(EVENT, EVENT.c.sequence == SEALED.c.sequence)
        .where(EVENT.c.sequence.is_(None))
        .order_by(SEALED.c.place)
    )
    return list(connection.execute(query).scalars())


def lonely_decisions(connection: Connection) -> list[int]:
    """Return the numbers of decisions whose entry isn't in the log, in order."""
    query = (
        select(DECISION.c.sequence)
        .outerjoin(EVENT, EVENT.c.sequence == DECISION.c.sequence)
        .where(EVENT.c.sequence.is_(None))
        .order_by(DECISION.c.sequence)
    )
    return list(connection.execute(query).scalars())


def add_checkpoint(connection: Connection, size: int, note: str) -> None:
    """Keep a signed checkpoint.

    Raises:
        sqlalchemy.exc.IntegrityError: If there is one of this size.
    """
    connection.execute(insert(CHECKPOINT), {"size": size, "note": note})


def checkpoint(connection: Connection, size: int | None = None) -> str | None:
    """Return the signed note of a checkpoint, by default the newest; None if there is none."""
    query = select(CHECKPOINT.c.note).order_by(CHECKPOINT.c.size.desc()).limit(1)
    if size is not None:
        query = query.where(CHECKPOINT.c.size == size)
    return connection.execute(query).scalar_one_or_none()


def checkpoints(connection: Connection, *, before: int | None = None, limit: int) -> list[tuple[int, str]]:
    """Return sizes and notes of checkpoints, newest first.

    Args:
        connection: Where to read.
        before: Only smaller ones than this size.
        limit: How many at most.
    """
    query = select(CHECKPOINT.c.size, CHECKPOINT.c.note).order_by(CHECKPOINT.c.size.desc()).limit(limit)
    if before is not None:
        query = query.where(CHECKPOINT.c.size < before)
    return [(row.size, row.note) for row in connection.execute(query)]


def all_checkpoints(connection: Connection) -> list[tuple[int, str]]:
    """Return sizes and notes of every checkpoint, oldest first."""
    query = select(CHECKPOINT.c.size, CHECKPOINT.c.note).order_by(CHECKPOINT.c.size)
    return [(row.size, row.note) for row in connection.execute(query)]


def remembered(connection: Connection) -> list[tuple[int, str]]:
    """Return sizes and notes of the first checkpoint and of those that were anchored, oldest first."""
    first = select(func.min(CHECKPOINT.c.size)).scalar_subquery()
    query = (
        select(CHECKPOINT.c.size, CHECKPOINT.c.note)
        .where((CHECKPOINT.c.size == first) | CHECKPOINT.c.size.in_(select(ANCHOR.c.size)))
        .order_by(CHECKPOINT.c.size)
    )
    return [(row.size, row.note) for row in connection.execute(query)]


def place_of(connection: Connection, sequence: int) -> int | None:
    """Return the place of an entry's leaf; None if it isn't sealed, or isn't there."""
    query = select(SEALED.c.place).where(SEALED.c.sequence == sequence)
    return connection.execute(query).scalar_one_or_none()


def add_anchor(connection: Connection, size: int, target: str, at: Instant) -> None:
    """Note that a checkpoint was left somewhere; said twice, it stands once."""
    _INSERT_ANCHOR.execute(connection, [(size, target, at)])


def last_anchors(connection: Connection) -> dict[str, tuple[int, Instant]]:
    """Return the greatest checkpoint that was left at each target, and when."""
    query = select(ANCHOR.c.target, func.max(ANCHOR.c.size).label("size"), func.max(ANCHOR.c.at).label("at"))
    found = connection.execute(query.group_by(ANCHOR.c.target))
    return {row.target: (row.size, row.at) for row in found}


def _stored(row: RowMapping) -> StoredEntry:
    about: tuple[str, int, Instant] | None = None
    if row["body"] is not None:
        about = (row["of_member"], row["of_place"], row["of_instant"])
    said: dict[str, Any] = {name: row[name] for name in StoredEntry._fields if name != "about"}
    return StoredEntry(**said, about=about)
