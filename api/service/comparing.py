"""What the tables hold, compared with what the log, now known to be sound, says they must."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from api.service.following import Following, following
from api.store.recorded import Recorded
from engine.decide import Decided
from engine.diverging import Divergence
from engine.index import LAYOUT
from engine.replay import Logged, MemberReport
from engine.state import MemberState, changed, unpack

Rows = Mapping[str, tuple[Any, ...]]


class Moving:
    """The coupons and tasks that a member's log leads to, which a merge hands on to the whole.

    Attributes:
        coupons: By code, as `Recorded` has them.
        tasks: By id, as `Recorded` has them.
    """

    def __init__(self) -> None:
        """Begin before the first entry."""
        self.coupons: dict[str, tuple[Any, ...]] = {}
        self.tasks: dict[str, tuple[Any, ...]] = {}

    def follow(self, _found: MemberReport, entry: Logged, decided: Decided) -> None:
        """Take in what one entry led to."""
        if decided.records or decided.decision.outcomes:
            self.take(following(decided, entry.sequence), entry.sequence)

    def take(self, rows: Following, sequence: int) -> None:
        """Take in the rows of one entry."""
        for new in rows.coupons:
            self.coupons[new.code] = (
                new.coupon, "issued", new.issued_at, new.expires_at, None, None, None, sequence
            )  # fmt: skip
        for change in rows.changes:
            if change.code in self.coupons:
                coupon, _, issued_at, expires_at, *_, first = self.coupons[change.code]
                end = change.expires_at if change.expires_at is not None else expires_at
                self.coupons[change.code] = (
                    coupon, change.state, issued_at, end, change.order_id, change.ended_at, change.hold, first
                )  # fmt: skip
        self.tasks |= {
            one.id: (one.rule, one.queue, one.priority, one.note, one.words, one.as_of, sequence)
            for one in rows.tasks
        }

    def join(self, part: "Moving") -> None:
        """Take over what a member had left that becomes a part of this one."""
        self.coupons |= part.coupons
        self.tasks |= part.tasks


class Comparing:
    """Follows a member's log as it is decided again, and compares what it leads to with the tables.

    Of the ledger and the snapshots, of which a log has the more the longer it is, only those rows are held
    that have no equal yet: tell it what is stored of some entries once they were decided.
    """

    def __init__(self, kept: Recorded) -> None:
        """Begin before the first entry.

        Args:
            kept: What the tables hold. Its postings are left alone: they are told by `stored`.
        """
        self.moving = Moving()
        self._kept = kept
        self._last = 0
        self._snapshots: dict[int, bytes] = {}
        self._snapped: list[Divergence] = []
        self._expected: dict[str, tuple[Any, ...]] = {}
        self._stored: dict[str, tuple[Any, ...]] = {}

    def taken(self, snapshots: Mapping[int, bytes]) -> None:
        """Look for snapshots at entries that are still to come."""
        self._snapshots |= snapshots

    def stored(self, postings: Mapping[str, tuple[Any, ...]]) -> None:
        """Compare some of the ledger's rows with what the log has led to."""
        for key, row in postings.items():
            if self._expected.get(key) == row:
                del self._expected[key]
            else:
                self._stored[key] = row

    def follow(self, found: MemberReport, entry: Logged, decided: Decided) -> None:
        """Take in what one entry led to; once the log itself differs, nothing that follows counts."""
        self._last = entry.sequence
        packed = self._snapshots.pop(entry.event.member_sequence, None)
        if found.divergences:
            self._expected.clear()
            self._snapped.clear()
            return
        if packed is not None:
            self._snapped += _state(found.state, packed, _snapshot_differs(found.state, entry.sequence))
        if decided.records or decided.decision.outcomes:
            rows = following(decided, entry.sequence)
            self.moving.take(rows, entry.sequence)
            for one, _, _ in rows.postings:
                self._expects(one.id, (one, entry.sequence))

    def differences(self, state: MemberState) -> Iterator[Divergence]:
        """Yield every row, and every snapshot, that isn't what the log, at its end and sound, led to."""
        last, kept = self._last, self._kept

        def differs(path: str, recorded_value: Any, replayed: Any, sequence: int = last) -> Divergence:
            return Divergence(
                member=state.member, decision=sequence, path=path, recorded=recorded_value, replayed=replayed
            )

        yield from _state(state, kept.state, differs)
        yield from _ended(state, kept, differs)
        tags = [
            (tag, holder, held.since, held.until)
            for tag, holders in sorted(state.tags.items())
            for holder, held in sorted(holders.items())
        ]
        if tags != sorted(kept.tags):
            yield differs("tags", kept.tags, tags)
        for name, expected, stored in _held(state, kept):
            for key in sorted({**expected, **stored}):
                if expected.get(key) != stored.get(key):
                    yield differs(f"{name}/{key}", stored.get(key), expected.get(key))
        for name, expected, stored in self._rows(state):
            for key in sorted({**expected, **stored}):
                if expected.get(key) != stored.get(key):
                    row = expected.get(key) or stored[key]
                    yield differs(f"{name}/{key}", stored.get(key), expected.get(key), row[-1])
        yield from self._snapped
        for place in sorted(self._snapshots):
            yield _snapshot_differs(state, last)(str(place), "a snapshot", "no such entry")

    def _expects(self, key: str, row: tuple[Any, ...]) -> None:
        if self._stored.get(key) == row:
            del self._stored[key]
        else:
            self._expected[key] = row

    def _rows(self, state: MemberState) -> Iterator[tuple[str, Rows, Rows]]:
        """Yield what the decisions led to, beside its table; a row's last value is the entry's sequence."""
        # What a member that became a part of this one had left is this one's now.
        moving = Moving() if state.merged_into else self.moving
        yield "ledger", self._expected, self._stored
        yield "coupon", moving.coupons, self._kept.coupons
        yield "task", moving.tasks, self._kept.tasks


def _snapshot_differs(state: MemberState, sequence: int) -> Callable[[str, Any, Any], Divergence]:
    def differs(path: str, recorded_value: Any, replayed: Any) -> Divergence:
        return Divergence(
            member=state.member,
            decision=sequence,
            path=f"snapshot/{path}",
            recorded=recorded_value,
            replayed=replayed,
        )

    return differs


def _ended(
    state: MemberState, kept: Recorded, differs: Callable[[str, Any, Any], Divergence]
) -> Iterator[Divergence]:
    """Yield that a member is not what its row says: a part of another, or erased."""
    if (kept.merged_into or "") != state.merged_into:
        yield differs("merged_into", kept.merged_into, state.merged_into or None)
    # Of a part only its whole's log says so.
    if not state.merged_into and (kept.erased_at is None) != (state.erased_at is None):
        yield differs("erased_at", kept.erased_at, state.erased_at)


def _held(state: MemberState, kept: Recorded) -> Iterator[tuple[str, Rows, Rows]]:
    """Yield what the state itself says, beside its table."""
    levels = {key: (one.tier, one.since, one.until) for key, one in state.levels.items()}
    memberships = {key: (one.since, one.until) for key, one in state.memberships.items()}
    holds = {key: (one.order, one.until) for key, one in state.books.holds.items()}
    yield "level", levels, kept.levels
    yield "membership", memberships, kept.memberships
    segments = {key: (since,) for key, since in state.segments.items()}
    yield "segment", segments, kept.segments
    yield "hold", holds, kept.holds


def _state(
    state: MemberState, packed: bytes | None, differs: Callable[[str, Any, Any], Divergence]
) -> Iterator[Divergence]:
    if packed is None:
        yield differs("state", None, "a row")
        return
    try:
        stored = unpack(packed)
    except (msgspec.MsgspecError, ValueError) as error:
        yield differs("state", str(error), "a readable state")
        return
    if not stored.tracked.startswith(LAYOUT):
        return  # laid out by an older version: made anew when it is next read
    if stored.tracked != state.tracked:
        # Written before a later rule asked for more history; that part is made when it is next read.
        stored, state = changed(stored, past={}, tracked=""), changed(state, past={}, tracked="")
    if stored != state:
        names = [name for name in state.__struct_fields__ if getattr(stored, name) != getattr(state, name)]
        for name in names:
            yield differs(f"state/{name}", str(getattr(stored, name)), str(getattr(state, name)))
