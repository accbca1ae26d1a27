"""What the tables hold of some members, to be compared with what the log says."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Table, select

from api.store.balances import POSTED, posting
from api.store.schema import COUPON, HOLD, LEDGER, LEVEL, MEMBER, MEMBERSHIP, SEGMENT, TAG, TASK
from engine.ledger.postings import Posting
from engine.values import Instant

_COUPON = (
    "code",
    "coupon",
    "state",
    "issued_at",
    "expires_at",
    "order_id",
    "ended_at",
    "hold",
    "sequence",
)
_TASK = ("id", "rule", "queue", "priority", "note", "words", "as_of", "sequence")
_BY_KEY: Final[tuple[tuple[str, Table, tuple[str, ...]], ...]] = (
    ("coupons", COUPON, _COUPON),
    ("levels", LEVEL, ("ladder", "tier", "since", "until")),
    ("memberships", MEMBERSHIP, ("membership", "since", "until")),
    ("segments", SEGMENT, ("segment", "since")),
    ("holds", HOLD, ("id", "order_id", "until")),
    ("tasks", TASK, _TASK),
)


class Recorded(NamedTuple):
    """What the tables hold of one member.

    Attributes:
        state: The bytes of the state; None if there is no row.
        next_due_at: When the worker is to look at the member, or None.
        revision: Rule-set revision under which that was derived.
        merged_into: Member that this one became a part of, or None.
        tags: (`tag`, `holder`, `since`, `until`), sorted.
        coupons: By code: (`coupon`, `state`, `issued_at`, `expires_at`, `order_id`, `ended_at`, `hold`,
            `sequence`).
        postings: By id, with the global sequence of the entry that led to each.
        levels: By ladder: (`tier`, `since`, `until`).
        memberships: By key: (`since`, `until`).
        segments: By key: (`since`,).
        holds: By id: (`order_id`, `until`).
        tasks: By id: (`rule`, `queue`, `priority`, `note`, `words`, `as_of`, `sequence`).
        erased_at: When it was erased, by itself or as a part of another; None while it is there.
    """

    state: bytes | None
    next_due_at: int | None
    revision: int
    merged_into: str | None
    tags: list[tuple[str, str, int, int | None]]
    coupons: dict[str, tuple[Any, ...]]
    postings: dict[str, tuple[Posting, int]]
    levels: dict[str, tuple[str | None, Instant, Instant | None]]
    memberships: dict[str, tuple[Instant, Instant]]
    segments: dict[str, tuple[Instant]]
    holds: dict[str, tuple[str, Instant]]
    tasks: dict[str, tuple[Any, ...]]
    erased_at: Instant | None = None


def of_members(connection: Connection, keys: Sequence[str], *, ledger: bool = True) -> dict[str, Recorded]:
    """Return what the tables hold of at most some hundred members.

    Args:
        connection: Where to read.
        keys: The members.
        ledger: Whether to read their postings, too, of which a long log has many.
    """
    found = {key: Recorded(None, None, 0, None, [], {}, {}, {}, {}, {}, {}, {}) for key in keys}
    columns = ("state", "next_due_at", "revision", "merged_into", "erased_at")
    query = select(MEMBER.c.key, *(MEMBER.c[name] for name in columns)).where(MEMBER.c.key.in_(keys))
    for key, *values in connection.execute(query):
        found[key] = found[key]._replace(**dict(zip(columns, values, strict=True)))
    for member, row in _rows(connection, TAG, ("tag", "holder", "since", "until"), keys):
        found[member].tags.append(row)
    for name, table, names in _BY_KEY:
        for member, held in _rows(connection, table, names, keys):
            getattr(found[member], name)[held[0]] = held[1:]
    if ledger:
        entry = select(LEDGER.c.member, LEDGER.c.sequence, *POSTED).where(LEDGER.c.member.in_(keys))
        for member, sequence, *values in connection.execute(entry):
            posted = posting(values)
            found[member].postings[posted.id] = (posted, sequence)
    for one in found.values():
        one.tags.sort(key=lambda tag: tag[:2])
    return found


def postings(
    connection: Connection, member: str, after: int, upto: int | None
) -> dict[str, tuple[Posting, int]]:
    """Return the postings of a member that a stretch of the log led to, as `Recorded` has them.

    Args:
        connection: Where to read.
        member: Key of the member.
        after: Global sequence behind which the entries lie.
        upto: Global sequence of the last one; None for the end of the log.
    """
    query = select(LEDGER.c.sequence, *POSTED).where(LEDGER.c.member == member, LEDGER.c.sequence > after)
    if upto is not None:
        query = query.where(LEDGER.c.sequence <= upto)
    found: dict[str, tuple[Posting, int]] = {}
    for sequence, *values in connection.execute(query):
        posted = posting(values)
        found[posted.id] = (posted, sequence)
    return found


def _rows(
    connection: Connection, table: Table, names: Sequence[str], keys: Sequence[str]
) -> Iterator[tuple[str, Any]]:
    """Yield each row of some members with the member's key."""
    query = select(table.c.member, *(table.c[name] for name in names)).where(table.c.member.in_(keys))
    for member, *row in connection.execute(query):
        yield member, tuple(row)
