"""What the tables hold, compared with what the log, now known to be sound, says they must."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from api.service.following import following
from api.store.recorded import Recorded
from engine.diverging import Divergence
from engine.index import LAYOUT
from engine.replay import Logged, MemberReport
from engine.state import MemberState, changed, unpack

Rows = Mapping[str, tuple[Any, ...]]


def table_differences(found: MemberReport, entries: list[Logged], kept: Recorded) -> Iterator[Divergence]:
    """Yield every row that isn't what a member's log leads to."""
    last = entries[-1].sequence
    state = found.state

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
    for name, expected, stored in _rows(found, kept):
        for key in sorted({**expected, **stored}):
            if expected.get(key) != stored.get(key):
                row = expected.get(key) or stored[key]
                yield differs(f"{name}/{key}", stored.get(key), expected.get(key), row[-1])


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


def _rows(found: MemberReport, kept: Recorded) -> Iterator[tuple[str, Rows, Rows]]:
    """Yield what the decisions led to, beside its table; the last value of a row is the entry's sequence."""
    postings: dict[str, tuple[Any, ...]] = {}
    for sequence, decided in found.decided:
        postings |= {one.id: (one, sequence) for one, _, _ in following(decided, sequence).postings}
    coupons: dict[str, tuple[Any, ...]] = {}
    tasks: dict[str, tuple[Any, ...]] = {}
    if not found.state.merged_into:
        # What a member that became a part of this one had left is this one's now.
        _moving(found, coupons, tasks)
    yield "ledger", postings, kept.postings
    yield "coupon", coupons, kept.coupons
    yield "task", tasks, kept.tasks


def _moving(
    found: MemberReport, coupons: dict[str, tuple[Any, ...]], tasks: dict[str, tuple[Any, ...]]
) -> None:
    """Add the coupons and tasks that a member's log led to, after those of its parts."""
    for part in found.joined:
        _moving(part, coupons, tasks)
    for sequence, decided in found.decided:
        rows = following(decided, sequence)
        for new in rows.coupons:
            coupons[new.code] = (
                new.coupon, "issued", new.issued_at, new.expires_at, None, None, None, sequence
            )  # fmt: skip
        for change in rows.changes:
            if change.code in coupons:
                coupon, _, issued_at, expires_at, *_, first = coupons[change.code]
                end = change.expires_at if change.expires_at is not None else expires_at
                coupons[change.code] = (
                    coupon, change.state, issued_at, end, change.order_id, change.ended_at, change.hold, first
                )  # fmt: skip
        tasks |= {
            one.id: (one.rule, one.queue, one.priority, one.note, one.words, one.as_of, sequence)
            for one in rows.tasks
        }


def snapshot_differences(
    found: MemberReport, entries: list[Logged], taken: dict[int, bytes]
) -> Iterator[Divergence]:
    """Compare snapshots with the states that the log, now known to be sound, leads to."""
    for place, packed in sorted(taken.items()):
        sequence = entries[place - 1].sequence if place <= len(entries) else entries[-1].sequence

        def differs(path: str, recorded_value: Any, replayed: Any, sequence: int = sequence) -> Divergence:
            return Divergence(
                member=found.state.member,
                decision=sequence,
                path=f"snapshot/{path}",
                recorded=recorded_value,
                replayed=replayed,
            )

        if place in found.passed:
            yield from _state(found.passed[place], packed, differs)
        else:
            yield differs(str(place), "a snapshot", "no such entry")


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
