"""What a member's state says of tags, levels, memberships, segments and holds, in tables that can be asked.

Only what differs between two states is written.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Table, bindparam, delete

from api.store.dialects import RowInsert
from api.store.schema import HOLD, LEVEL, MEMBERSHIP, SEGMENT, TAG
from engine.state import MemberState

Rows = dict[tuple[str, ...], tuple[Any, ...]]
"""Values by key, both in the order of the columns."""


class StateChange(NamedTuple):
    """A member's state as it was at the last commit, and as it is now."""

    before: MemberState
    after: MemberState


def _tags(state: MemberState) -> Rows:
    return {
        (state.member, tag, holder): (held.since, held.until)
        for tag, holders in state.tags.items()
        for holder, held in holders.items()
    }


def _levels(state: MemberState) -> Rows:
    return {
        (state.member, ladder): (level.tier, level.since, level.until)
        for ladder, level in state.levels.items()
    }


def _memberships(state: MemberState) -> Rows:
    return {(state.member, key): (one.since, one.until) for key, one in state.memberships.items()}


def _segments(state: MemberState) -> Rows:
    return {(state.member, key): (since,) for key, since in state.segments.items()}


def _holds(state: MemberState) -> Rows:
    return {(key, state.member): (one.order, one.until) for key, one in state.books.holds.items()}


class _Held:
    """One table that follows the state."""

    def __init__(
        self,
        table: Table,
        keys: Sequence[str],
        values: Sequence[str],
        rows: Callable[[MemberState], Rows],
    ) -> None:
        unique = [column.name for column in table.primary_key]
        changes = [name for name in (*keys, *values) if name not in unique]
        self._put = RowInsert(table, [*keys, *values], keys=unique, changes=changes)
        self._keys = [f"of_{name}" for name in keys]
        self._end = delete(table).where(*(table.c[name] == bindparam(f"of_{name}") for name in keys))
        self._rows = rows

    def write(self, connection: Connection, changes: Sequence[StateChange]) -> None:
        """Bring the rows of some members up to date."""
        if not changes:
            return
        gone: list[dict[str, str]] = []
        new: list[tuple[Any, ...]] = []
        for before, after in changes:
            old, now = self._rows(before), self._rows(after)
            gone += [dict(zip(self._keys, key, strict=True)) for key in old if key not in now]
            new += [(*key, *values) for key, values in now.items() if old.get(key) != values]
        # What a merge takes from one member it gives to another: rows go before others come.
        if gone:
            connection.execute(self._end, gone)
        self._put.execute(connection, new)


_TAGS: Final = _Held(TAG, ["member", "tag", "holder"], ["since", "until"], _tags)
_LEVELS: Final = _Held(LEVEL, ["member", "ladder"], ["tier", "since", "until"], _levels)
_MEMBERSHIPS: Final = _Held(MEMBERSHIP, ["member", "membership"], ["since", "until"], _memberships)
_SEGMENTS: Final = _Held(SEGMENT, ["member", "segment"], ["since"], _segments)
_HOLDS: Final = _Held(HOLD, ["id", "member"], ["order_id", "until"], _holds)


def write_holdings(connection: Connection, changes: Sequence[StateChange]) -> None:
    """Write what changed of some members, each once."""
    _TAGS.write(connection, [one for one in changes if one.before.tags is not one.after.tags])
    _LEVELS.write(connection, [one for one in changes if one.before.levels is not one.after.levels])
    _MEMBERSHIPS.write(
        connection, [one for one in changes if one.before.memberships is not one.after.memberships]
    )
    _SEGMENTS.write(connection, [one for one in changes if one.before.segments is not one.after.segments])
    _HOLDS.write(connection, [one for one in changes if one.before.books.holds is not one.after.books.holds])
