"""Members and orders as they are counted: rows that follow the log, some way behind it.

Nothing here is written while events are taken in. Whoever is about to count
asks for the rows to be brought up to date first; what was counted before costs
nothing again.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Context, Decimal
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, and_, delete, func, insert, or_, select, text, update

from api.store.dialects import RowInsert
from api.store.log import LoggedEntry, logged
from api.store.members import partition_of, place_of
from api.store.schema import ATTRIBUTE, COUNTED, EVENT, MEASURE, PROJECTION, PURCHASE
from engine.errors import InvalidValue
from engine.state import MemberState, Past
from engine.values import Instant, Number, parse_instant, read_decimal

FOLLOWER: Final = "counted"
MILLIONTHS: Final = 1_000_000
_MOST: Final = 2**63 - 1
_WIDE: Final = Context(prec=80)
_CHUNK: Final = 500

_ROSTER: Final = RowInsert(
    COUNTED,
    ["partition", "member", "joined_at", "tracked", "place"],
    keys=["partition", "member"],
    changes=["joined_at", "tracked"],
)
_TOLD: Final = ["partition", "member", "name", "text", "number", "instant", "flag", "odd"]
_ATTRIBUTES: Final = RowInsert(ATTRIBUTE, _TOLD)
_MEASURES: Final = RowInsert(
    MEASURE, ["partition", "member", "series", "count", "first", "last", "total", "odd"]
)
_PURCHASES: Final = RowInsert(
    PURCHASE, ["sequence", "member", "at", "order_id", "currency", "minor", "refund"], keys=["sequence"]
)
_TABLES: Final = (ATTRIBUTE, MEASURE, COUNTED)
_WAITS: Final = text("purchase.refund AND purchase.minor = 0")  # as the index has it, so that it is used
_COUNTS: Final = or_(PURCHASE.c.refund.is_(False), PURCHASE.c.minor != 0)


class Purchase(NamedTuple):
    """An order that was completed, or what was refunded of one; the fields are those of the table.

    A refund of nothing is one that waits: its order isn't known yet.
    """

    sequence: int
    member: str
    at: Instant
    order_id: str | None
    currency: str
    minor: int
    refund: bool


def taken_in(connection: Connection, *, locked: bool = False, follower: str = FOLLOWER) -> int:
    """Return the last entry of the log that is counted; 0 for none.

    Args:
        connection: Where to read; a write transaction when `locked`.
        locked: Whether to keep others from counting on until the transaction ends.
        follower: Who counts.
    """
    query = select(PROJECTION.c.sequence).where(PROJECTION.c.name == follower)
    found = connection.execute(query.with_for_update() if locked else query).scalar_one_or_none()
    if found is None and locked:
        connection.execute(insert(PROJECTION), {"name": follower, "sequence": 0})
    return found or 0


def advance(connection: Connection, sequence: int, *, follower: str = FOLLOWER) -> None:
    """Note the last entry of the log that somebody who counts has taken in."""
    change = update(PROJECTION).where(PROJECTION.c.name == follower).values(sequence=sequence)
    connection.execute(change)


def entries(connection: Connection, sequences: Sequence[int]) -> list[LoggedEntry]:
    """Return some entries of the log, in order."""
    query = select(*(EVENT.c[name] for name in _ENTRY)).where(EVENT.c.sequence.in_(sequences))
    return [logged(row) for row in connection.execute(query.order_by(EVENT.c.sequence))]


def entries_between(connection: Connection, after: int, upto: int, limit: int) -> list[LoggedEntry]:
    """Return entries of the log behind a global sequence and up to another, in order."""
    query = (
        select(*(EVENT.c[name] for name in _ENTRY))
        .where(EVENT.c.sequence > after, EVENT.c.sequence <= upto)
        .order_by(EVENT.c.sequence)
        .limit(limit)
    )
    return [logged(row) for row in connection.execute(query)]


_ENTRY: Final = (
    "sequence", "source", "message_id", "member", "member_sequence", "kind", "name", "occurred_at",
    "recorded_at", "as_of", "mode", "zone", "revision", "properties", "content", "digest",
)  # fmt: skip


def write_members(connection: Connection, states: Sequence[MemberState]) -> None:
    """Bring the rows of some members up to date; one that counts as none has none."""
    for table in _TABLES:
        for partition, keys in _by_partition(states).items():
            for start in range(0, len(keys), _CHUNK):
                own = table.c.member.in_(keys[start : start + _CHUNK])
                connection.execute(delete(table).where(table.c.partition == partition, own))
    there = sorted(
        (one for one in states if one.sequence > 0 and not one.merged_into and one.erased_at is None),
        key=_place,
    )
    _ROSTER.execute(
        connection,
        [(*_place(one), one.joined_at or 0, one.tracked, place_of(one.member)) for one in there],
    )
    _ATTRIBUTES.execute(connection, [row for one in there for row in _attributes(one)])
    _MEASURES.execute(connection, [row for one in there for row in _measures(one)])


def write_purchases(connection: Connection, purchases: Sequence[Purchase]) -> None:
    """Keep orders and refunds; those that are there stay as they are."""
    _PURCHASES.execute(connection, purchases)


def move_purchases(connection: Connection, absorbed: str, survivor: str) -> None:
    """Let the orders of a member that became a part of another be the other's."""
    connection.execute(update(PURCHASE).where(PURCHASE.c.member == absorbed).values(member=survivor))


def unrefunded(connection: Connection, member: str, order_id: str) -> tuple[str, int] | None:
    """Return an order's currency and what isn't refunded of it; None if there is no such order."""
    query = (
        select(PURCHASE.c.currency, func.sum(PURCHASE.c.minor))
        .where(PURCHASE.c.member == member, PURCHASE.c.order_id == order_id, _COUNTS)
        .group_by(PURCHASE.c.currency)
    )
    row = connection.execute(query).first()
    return None if row is None else (str(row[0]), int(row[1]))


def refunds_of(connection: Connection, member: str, order_id: str) -> list[int]:
    """Return the entries that told what was refunded of an order, those that wait left out."""
    own = and_(PURCHASE.c.member == member, PURCHASE.c.order_id == order_id)
    query = select(PURCHASE.c.sequence).where(own, PURCHASE.c.refund.is_(True), _COUNTS)
    return list(connection.execute(query).scalars())


def waiting(connection: Connection, keys: Sequence[str]) -> dict[int, str]:
    """Return the entries that told some members of refunds whose order isn't known yet, with the member."""
    found: dict[int, str] = {}
    for start in range(0, len(keys), _CHUNK):
        own = PURCHASE.c.member.in_(keys[start : start + _CHUNK])
        rows = connection.execute(select(PURCHASE.c.sequence, PURCHASE.c.member).where(own, _WAITS))
        found.update((sequence, member) for sequence, member in rows)
    return found


def settle(connection: Connection, refund: Purchase) -> None:
    """Let a refund that waited count."""
    row = update(PURCHASE).where(PURCHASE.c.sequence == refund.sequence)
    connection.execute(row.values(currency=refund.currency, minor=refund.minor))


def size(connection: Connection) -> int:
    """Return how many members can be counted."""
    return int(connection.execute(select(func.count()).select_from(COUNTED)).scalar_one())


def _place(state: MemberState) -> tuple[int, str]:
    return partition_of(state.member), state.member


def _by_partition(states: Iterable[MemberState]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for state in states:
        found.setdefault(partition_of(state.member), []).append(state.member)
    return found


def _attributes(state: MemberState) -> Iterator[tuple[Any, ...]]:
    """Yield what is known of a member in every type as which it can be read."""
    place = _place(state)
    for name, value in sorted(state.attributes.items()):
        if value is not None:
            yield (*place, f"a:{name}", *_told(value))
    for unit, account in sorted(state.books.accounts.items()):
        if account.available:
            yield (*place, f"b:{unit}", None, account.available * MILLIONTHS, None, None, False)


def _told(value: Any) -> tuple[str | None, int | None, int | None, bool | None, bool]:
    if isinstance(value, bool):
        return None, None, None, value, False
    if isinstance(value, int | Decimal):
        number = in_millionths(value)
        return None, number, None, None, number is None
    if not isinstance(value, str) or not _storable(value):
        return None, None, None, None, True
    read = read_decimal(value)
    number = in_millionths(read) if read is not None else None
    return value, number, _instant(value), None, read is not None and number is None


def _storable(text: str) -> bool:
    """Return whether either database can hold a text."""
    return "\0" not in text and not any("\ud800" <= one <= "\udfff" for one in text)


def _instant(text: str) -> Instant | None:
    try:
        return parse_instant(text)
    except (InvalidValue, OverflowError):
        return None


def in_millionths(value: Number) -> int | None:
    """Return a number in whole millionths, or None if it isn't one or is too large."""
    scaled = Decimal(value).scaleb(6, _WIDE)
    if scaled != scaled.to_integral_value() or abs(scaled) > _MOST:
        return None
    return int(scaled)


def _measures(state: MemberState) -> Iterator[tuple[Any, ...]]:
    place = _place(state)
    for key, past in sorted(state.past.items()):
        total = in_millionths(past.total)
        yield (*place, key, *_when(past), total or 0, total is None)


def _when(past: Past) -> tuple[int, Instant, Instant]:
    return past.count, past.first, past.last
