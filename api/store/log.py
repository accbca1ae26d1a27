"""The log: every event, in the order of the member it belongs to.

The global sequence is for paging. On PostgreSQL it is drawn before the commit,
so a later number may become visible before an earlier one.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import msgspec
import orjson
from sqlalchemy import Connection, Row, Select, bindparam, func, select, text, tuple_

from api.store.dialects import ListQuery, RowInsert
from api.store.schema import EVENT
from engine import canonical
from engine.events import Event
from engine.values import Instant

_CHUNK: Final = 1_000
_NO_MEMBER: Final = ""
_LAST_PLACE: Final = 2**63 - 1


class NewEntry(msgspec.Struct, frozen=True):
    """An entry to be added to the log.

    Attributes:
        event: The event, with its `member_sequence`.
        revision: Rule-set revision it was decided under.
        content: Digest of what the sender sent.
        digest: The member's chain up to this entry.
    """

    event: Event
    revision: int
    content: str
    digest: str


class LoggedEntry(NamedTuple):
    """An entry of the log, and its global `sequence`."""

    event: Event
    revision: int
    content: str
    digest: str
    sequence: int


class KnownEntry(NamedTuple):
    """What is known of a message that was taken in before (ruling 21)."""

    sequence: int
    content: str
    member: str
    member_sequence: int


COLUMNS: Final = (
    "sequence",
    "source",
    "message_id",
    "member",
    "member_sequence",
    "kind",
    "name",
    "occurred_at",
    "recorded_at",
    "as_of",
    "mode",
    "zone",
    "revision",
    "properties",
    "content",
    "digest",
)
"""Columns of an entry, in the order in which `logged` reads them."""

_INSERT: Final = RowInsert(EVENT, COLUMNS)
_ENTRY: Final = select(*(EVENT.c[name] for name in COLUMNS))
_KNOWN: Final = ListQuery(
    "SELECT source, message_id, sequence, content, member, member_sequence FROM event "
    "WHERE source = {value} AND message_id IN {list}",
    # With a list of hundreds PostgreSQL would compare each entry of the source with each message.
    postgresql="SELECT source, message_id, sequence, content, member, member_sequence "
    "FROM (SELECT CAST(%s AS text), unnest(CAST(%s AS text[]))) AS asked (source, message_id) "
    "JOIN event USING (source, message_id)",
)
_LAST: Final = select(func.coalesce(func.max(EVENT.c.sequence), 0))
_DRAW: Final = text(
    "SELECT nextval(pg_get_serial_sequence('event', 'sequence')) FROM generate_series(1, :count)"
)
_AFTER: Final = (
    _ENTRY.where(
        tuple_(EVENT.c.member, EVENT.c.member_sequence) > tuple_(bindparam("member"), bindparam("after"))
    )
    .order_by(EVENT.c.member, EVENT.c.member_sequence)
    .limit(_CHUNK)
)
_AFTER_UPTO: Final = _AFTER.where(EVENT.c.member <= bindparam("upto"))
_OF_MEMBER: Final = (
    _ENTRY.where(EVENT.c.member == bindparam("member"), EVENT.c.member_sequence > bindparam("after"))
    .order_by(EVENT.c.member_sequence)
    .limit(_CHUNK)
)


def find_duplicates(
    connection: Connection, identities: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], KnownEntry]:
    """Find messages that the log holds already.

    Args:
        connection: Where to look.
        identities: Pairs of `source` and `message_id`.

    Returns:
        What is known of those that are in the log; the others aren't there.
    """
    by_source: dict[str, list[str]] = {}
    for source, message_id in identities:
        by_source.setdefault(source, []).append(message_id)
    found: dict[tuple[str, str], KnownEntry] = {}
    for source, message_ids in by_source.items():
        for row in _KNOWN.execute(connection, source, message_ids):
            found[(row[0], row[1])] = KnownEntry(*row[2:])
    return found


def append(connection: Connection, entries: Sequence[NewEntry]) -> list[int]:
    """Add entries to the log.

    The numbers are known before the rows are written, so that all rows go at
    once, which gives no numbers back: the one writer of SQLite
    counts on from the last, PostgreSQL draws a block from its sequence.

    Args:
        connection: A transaction that holds the members' locks.
        entries: Entries in any order that keeps each member's own.

    Returns:
        The global sequence of each entry, in the same order.

    Raises:
        sqlalchemy.exc.IntegrityError: If a message or a member's sequence is in the log already.
    """
    if not entries:
        return []
    sequences = _draw(connection, len(entries))
    rows = [_row(entry, sequence) for entry, sequence in zip(entries, sequences, strict=True)]
    _INSERT.execute(connection, rows)
    return sequences


def entries(connection: Connection, member: str, after: int = 0) -> Iterator[LoggedEntry]:
    """Yield a member's entries in order, reading a thousand at a time.

    Args:
        connection: A read transaction, so that all chunks come from one snapshot.
        member: Key of the member.
        after: `member_sequence` to start behind.
    """
    while True:
        rows = connection.execute(_OF_MEMBER, {"member": member, "after": after}).all()
        yield from map(logged, rows)
        if len(rows) < _CHUNK:
            return
        after = rows[-1].member_sequence


def all_entries(
    connection: Connection, *, behind: str = _NO_MEMBER, upto: str | None = None
) -> Iterator[LoggedEntry]:
    """Yield the whole log, member after member, each in its order, reading a thousand at a time.

    Args:
        connection: A read transaction, so that all chunks come from one snapshot.
        behind: Only of members whose key comes after this one.
        upto: Only of members up to this key; None for all.
    """
    member, after = behind, _LAST_PLACE
    query = _AFTER if upto is None else _AFTER_UPTO
    while True:
        asked = {"member": member, "after": after, **({} if upto is None else {"upto": upto})}
        rows = connection.execute(query, asked).all()
        yield from map(logged, rows)
        if len(rows) < _CHUNK:
            return
        member, after = rows[-1].member, rows[-1].member_sequence


def entry_at(connection: Connection, sequence: int) -> LoggedEntry | None:
    """Return the entry with a global sequence, or None."""
    row = connection.execute(_ENTRY.where(EVENT.c.sequence == sequence)).one_or_none()
    return None if row is None else logged(row)


def entry_in(connection: Connection, member: str, place: int) -> LoggedEntry | None:
    """Return the entry at a place of a member's log, or None."""
    query = _ENTRY.where(EVENT.c.member == member, EVENT.c.member_sequence == place)
    row = connection.execute(query).one_or_none()
    return None if row is None else logged(row)


def entries_of_kind(connection: Connection, member: str, kind: str) -> list[LoggedEntry]:
    """Return a member's entries of one kind, in order."""
    query = _ENTRY.where(EVENT.c.member == member, EVENT.c.kind == kind)
    return [logged(row) for row in connection.execute(query.order_by(EVENT.c.member_sequence))]


def newest_named(connection: Connection, member: str, name: str, place: int) -> LoggedEntry | None:
    """Return a member's last entry of a name, up to a place of its log; None if there is none."""
    query = _ENTRY.where(EVENT.c.member == member, EVENT.c.name == name, EVENT.c.member_sequence <= place)
    row = connection.execute(query.order_by(EVENT.c.member_sequence.desc()).limit(1)).one_or_none()
    return None if row is None else logged(row)


def place_at(connection: Connection, member: str, instant: Instant) -> int:
    """Return the place of a member's last entry that was decided at an instant or before it; 0 for none."""
    query = (
        select(EVENT.c.member_sequence)
        .where(EVENT.c.member == member, EVENT.c.as_of <= instant)
        .order_by(EVENT.c.member_sequence.desc())
        .limit(1)
    )
    return connection.execute(query).scalar_one_or_none() or 0


def last_sequence(connection: Connection) -> int:
    """Return the greatest global sequence there is; 0 in an empty log."""
    return int(connection.execute(_LAST).scalar_one())


def newest(connection: Connection, member: str, *, before: int | None, limit: int) -> list[LoggedEntry]:
    """Return a page of a member's entries, newest first.

    Args:
        connection: Where to read.
        member: Key of the member.
        before: `member_sequence` that the page must stay below, or None for the first page.
        limit: How many at most.
    """
    query: Select[Any] = _ENTRY.where(EVENT.c.member == member)
    if before is not None:
        query = query.where(EVENT.c.member_sequence < before)
    rows = connection.execute(query.order_by(EVENT.c.member_sequence.desc()).limit(limit))
    return [logged(row) for row in rows]


def logged(row: Row[*tuple[Any, ...]]) -> LoggedEntry:
    """Return the entry that a row of the event table holds."""
    (
        sequence,
        source,
        message_id,
        member,
        member_sequence,
        kind,
        name,
        occurred_at,
        recorded_at,
        as_of,
        mode,
        zone,
        revision,
        properties,
        content,
        digest,
    ) = row[: len(COLUMNS)]
    event = Event(
        source=source,
        message_id=message_id,
        kind=kind,
        name=name,
        member=member,
        occurred_at=occurred_at,
        recorded_at=recorded_at,
        as_of=as_of,
        mode=mode,
        properties=orjson.loads(properties),
        member_sequence=member_sequence,
        zone=zone,
    )
    return LoggedEntry(event, revision, content, digest, sequence)


def _draw(connection: Connection, count: int) -> list[int]:
    if connection.dialect.name == "postgresql":
        return list(connection.execute(_DRAW, {"count": count}).scalars())
    last = last_sequence(connection)
    return list(range(last + 1, last + 1 + count))


def _row(entry: NewEntry, sequence: int) -> tuple[Any, ...]:
    event = entry.event
    return (
        sequence,
        event.source,
        event.message_id,
        event.member,
        event.member_sequence,
        event.kind,
        event.name,
        event.occurred_at,
        event.recorded_at,
        event.as_of,
        event.mode,
        event.zone,
        entry.revision,
        canonical.encode(event.properties),
        entry.content,
        entry.digest,
    )
