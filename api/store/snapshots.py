"""States as they were: one every so many entries of a member, so that looking back is quick (ruling 13)."""

from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import Connection, select

from api.store.dialects import ListQuery, RowInsert
from api.store.schema import SNAPSHOT
from engine.state import MemberState, pack

EVERY: Final = 256
"""Entries of a member between two snapshots."""

_KEEP: Final = RowInsert(SNAPSHOT, ["member", "member_sequence", "state"], keys=["member", "member_sequence"])
_OF: Final = ListQuery("SELECT member, member_sequence, state FROM snapshot WHERE member IN {list}")


def keep(connection: Connection, states: Iterable[MemberState]) -> None:
    """Keep states that came out of an entry whose place is a multiple of `EVERY`."""
    _KEEP.execute(connection, [(state.member, state.sequence, pack(state)) for state in states])


def before(connection: Connection, member: str, member_sequence: int) -> Sequence[bytes]:
    """Return the snapshots of a member that lie before one of its entries, the nearest first."""
    query = (
        select(SNAPSHOT.c.state)
        .where(SNAPSHOT.c.member == member, SNAPSHOT.c.member_sequence < member_sequence)
        .order_by(SNAPSHOT.c.member_sequence.desc())
    )
    return connection.execute(query).scalars().all()


def of_members(connection: Connection, members: Sequence[str]) -> dict[str, dict[int, bytes]]:
    """Return every snapshot of some members, by member and place."""
    found: dict[str, dict[int, bytes]] = {}
    for member, place, state in _OF.execute(connection, list(members)):
        found.setdefault(member, {})[place] = state
    return found
