"""States as they were: one every so many entries of a member, so that looking back is quick (ruling 13)."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from sqlalchemy import Connection, select

from api.store.dialects import ListQuery, RowInsert
from api.store.schema import SNAPSHOT
from engine.state import MemberState, pack

EVERY: Final = 256
"""Entries of a member between two snapshots."""

_CHUNK: Final = 4
_KEEP: Final = RowInsert(SNAPSHOT, ["member", "member_sequence", "state"], keys=["member", "member_sequence"])
_OF: Final = ListQuery("SELECT member, member_sequence, state FROM snapshot WHERE member IN {list}")


def keep(connection: Connection, states: Iterable[MemberState]) -> None:
    """Keep states that came out of an entry whose place is a multiple of `EVERY`."""
    _KEEP.execute(connection, [(state.member, state.sequence, pack(state)) for state in states])


def before(connection: Connection, member: str, member_sequence: int) -> Iterator[bytes]:
    """Yield the snapshots of a member that lie before one of its entries, the nearest first."""
    place = SNAPSHOT.c.member_sequence
    newest = select(place, SNAPSHOT.c.state).where(SNAPSHOT.c.member == member).order_by(place.desc())
    last = member_sequence
    while True:
        rows = connection.execute(newest.where(place < last).limit(_CHUNK)).all()
        yield from (row.state for row in rows)
        if len(rows) < _CHUNK:
            return
        last = rows[-1].member_sequence


def between(connection: Connection, member: str, after: int, upto: int | None) -> dict[int, bytes]:
    """Return the snapshots of a member behind one of its places, up to another or to the end, by place."""
    place = SNAPSHOT.c.member_sequence
    query = select(place, SNAPSHOT.c.state).where(SNAPSHOT.c.member == member, place > after)
    if upto is not None:
        query = query.where(place <= upto)
    return {row.member_sequence: row.state for row in connection.execute(query)}


def of_members(connection: Connection, members: Sequence[str]) -> dict[str, dict[int, bytes]]:
    """Return every snapshot of some members, by member and place."""
    found: dict[str, dict[int, bytes]] = {}
    for member, place, state in _OF.execute(connection, list(members)):
        found.setdefault(member, {})[place] = state
    return found
