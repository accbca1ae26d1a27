"""Stretches of the log: its entries with what was decided on them, member after member, in order."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import orjson
from sqlalchemy import ColumnElement, Connection, func, select

from api.store.schema import EVENT
from engine.events import Event
from engine.replay import Logged
from engine.values import Instant

_CHUNK: Final = 2_000
_LAST_PLACE: Final = 2**63 - 1
_ENTRY: Final = (
    "SELECT event.sequence, event.source, event.message_id, event.member, event.member_sequence, event.kind, "
    "event.name, event.occurred_at, event.recorded_at, event.as_of, event.mode, event.zone, event.revision, "
    "event.properties, event.content, event.digest, decision.body "
    "FROM event LEFT JOIN decision ON decision.sequence = event.sequence "
)
_ALL: Final = (
    f"{_ENTRY}WHERE (event.member, event.member_sequence) > ({{0}}, {{0}}) "
    f"ORDER BY event.member, event.member_sequence LIMIT {{1}}"
)
_UPTO: Final = _ALL.replace(" ORDER BY", " AND event.member <= {0} ORDER BY")
_OF_MEMBER: Final = (
    f"{_ENTRY}WHERE event.member = {{0}} AND event.member_sequence > {{0}} "
    "AND event.member_sequence <= {0} "
    "ORDER BY event.member_sequence LIMIT {1}"
)


class Span(NamedTuple):
    """Which entries of the log are meant: those that every bound admits.

    Attributes:
        since: Entries that were decided at this instant (`as_of`) or after it.
        until: Entries that were decided before this instant.
        first: Entries from this global sequence on.
        last: Entries up to this global sequence.
    """

    since: Instant | None = None
    until: Instant | None = None
    first: int | None = None
    last: int | None = None

    def bounds(self) -> list[ColumnElement[bool]]:
        """Return what an entry of the span must be, as SQL."""
        columns = (EVENT.c.as_of, EVENT.c.as_of, EVENT.c.sequence, EVENT.c.sequence)
        found: list[ColumnElement[bool]] = []
        for place, (column, value) in enumerate(zip(columns, self, strict=True)):
            if value is not None:
                found.append((column >= value, column < value, column >= value, column <= value)[place])
        return found


class Stretch(NamedTuple):
    """Entries of one member, from one `member_sequence` to another."""

    member: str
    first: int
    last: int


def count(connection: Connection, span: Span, member: str | None = None) -> int:
    """Return how many entries a span has, of one member or of all."""
    query = select(func.count()).select_from(EVENT).where(*span.bounds())
    if member is not None:
        query = query.where(EVENT.c.member == member)
    return int(connection.execute(query).scalar_one())


def stretches(
    connection: Connection,
    span: Span,
    *,
    member: str | None = None,
    behind: str = "",
    upto: str | None = None,
) -> Iterator[Stretch]:
    """Yield what a span has of each member, in the order of their keys.

    Of a member it is one stretch, because neither `as_of` nor the sequence ever goes back.

    Args:
        connection: A read transaction.
        span: The span.
        member: The one member that is meant; all by default.
        behind: Only members whose key comes after this one.
        upto: Only members up to this key; None for all.
    """
    place = EVENT.c.member_sequence
    query = select(EVENT.c.member, func.min(place), func.max(place)).where(*span.bounds())
    if member is not None:
        query = query.where(EVENT.c.member == member)
    if behind:
        query = query.where(EVENT.c.member > behind)
    if upto is not None:
        query = query.where(EVENT.c.member <= upto)
    query = query.group_by(EVENT.c.member).order_by(EVENT.c.member)
    for row in connection.execute(query, execution_options={"yield_per": _CHUNK}):
        yield Stretch(*row)


def entries(connection: Connection, stretch: Stretch) -> Iterator[Logged]:
    """Yield the entries of a stretch in order, reading two thousand at a time."""
    after = stretch.first - 1
    while True:
        rows = _rows(connection, _OF_MEMBER, stretch.member, after, stretch.last)
        yield from map(_logged, rows)
        if len(rows) < _CHUNK:
            return
        after = rows[-1][4]


def all_entries(connection: Connection, *, behind: str = "", upto: str | None = None) -> Iterator[Logged]:
    """Yield the whole log, member after member, each in its order, reading two thousand at a time.

    Args:
        connection: A read transaction, so that all chunks come from one snapshot.
        behind: Only of members whose key comes after this one.
        upto: Only of members up to this key; None for all.
    """
    member, after = behind, _LAST_PLACE
    query, last = (_ALL, ()) if upto is None else (_UPTO, (upto,))
    while True:
        rows = _rows(connection, query, member, after, *last)
        yield from map(_logged, rows)
        if len(rows) < _CHUNK:
            return
        member, after = rows[-1][3], rows[-1][4]


def _rows(connection: Connection, query: str, *values: Any) -> Sequence[tuple[Any, ...]]:
    """Return rows as the driver gives them: for a whole log, wrapping each costs as much as reading it."""
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    return connection.exec_driver_sql(query.format(mark, _CHUNK), values).cursor.fetchall()


def _logged(row: tuple[Any, ...]) -> Logged:
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
        body,
    ) = row
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
    return Logged(
        sequence=sequence, event=event, revision=revision, content=content, digest=digest, body=body
    )
