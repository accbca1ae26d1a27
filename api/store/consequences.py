"""What follows from decisions, in tables that can be asked: tags, points, coupons, the outbox.

It is written in the transaction that decides, a statement for each table.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, bindparam, delete

from api.store.dialects import RowInsert
from api.store.schema import COUPON, LEDGER, OUTBOX, TAG
from engine.ledger import Entry
from engine.state import Held
from engine.values import Instant

Tags = Mapping[str, Mapping[str, Held]]
"""Holders by tag, then by holder."""


class TagChange(NamedTuple):
    """A member's tags as they were at the last commit, and as they are now."""

    member: str
    before: Tags
    after: Tags


class NewCoupon(NamedTuple):
    """A coupon that was issued.

    Attributes:
        code: The code that was granted.
        coupon: Key of the definition.
        member: Whose it is.
        issued_at: When.
        expires_at: First instant at which it can't be redeemed, or None.
        sequence: Global sequence of the entry that led to it.
    """

    code: str
    coupon: str
    member: str
    issued_at: Instant
    expires_at: Instant | None
    sequence: int


class NewOutbox(NamedTuple):
    """Something that must leave, or was suppressed; the fields are those of the table."""

    id: str
    sequence: int
    member: str
    rule: str
    kind: str
    channel: str
    target: str
    status: str
    next_attempt_at: Instant
    last_error: str | None
    as_of: Instant


_HOLD: Final = RowInsert(
    TAG,
    ["member", "tag", "holder", "since", "until"],
    keys=["member", "tag", "holder"],
    changes=["since", "until"],
)
_POST: Final = RowInsert(LEDGER, ["id", "debit", "credit", "amount", "as_of", "sequence"])
_ISSUE: Final = RowInsert(COUPON, [*NewCoupon._fields, "state"])
_PUT_OUT: Final = RowInsert(OUTBOX, [*NewOutbox._fields, "attempts"])
_LET_GO: Final = delete(TAG).where(
    TAG.c.member == bindparam("of_member"),
    TAG.c.tag == bindparam("of_tag"),
    TAG.c.holder == bindparam("of_holder"),
)


def write(
    connection: Connection,
    *,
    tags: Sequence[TagChange] = (),
    entries: Sequence[tuple[Entry, int]] = (),
    coupons: Sequence[NewCoupon] = (),
    outbox: Sequence[NewOutbox] = (),
) -> None:
    """Write what follows from the decisions of a transaction.

    Args:
        connection: The transaction.
        tags: Members whose tags changed, each once.
        entries: Ledger entries with the global sequence that each stems from.
        coupons: Coupons that were issued.
        outbox: What must leave.

    Raises:
        sqlalchemy.exc.IntegrityError: If an effect or a coupon's code is there already.
    """
    gone = [row for change in tags for row in _let_go(change)]
    if gone:
        connection.execute(_LET_GO, gone)
    _HOLD.execute(connection, [row for change in tags for row in _held(change)])
    _POST.execute(connection, [_ledger_row(entry, sequence) for entry, sequence in entries])
    _ISSUE.execute(connection, [(*coupon, "issued") for coupon in coupons])
    _PUT_OUT.execute(connection, [(*one, 0) for one in outbox])


def _let_go(change: TagChange) -> list[dict[str, Any]]:
    return [
        {"of_member": change.member, "of_tag": tag, "of_holder": holder}
        for tag, holders in change.before.items()
        for holder in holders
        if holder not in change.after.get(tag, {})
    ]


def _held(change: TagChange) -> list[tuple[Any, ...]]:
    return [
        (change.member, tag, holder, held.since, held.until)
        for tag, holders in change.after.items()
        for holder, held in holders.items()
        if change.before.get(tag, {}).get(holder) != held
    ]


def _ledger_row(entry: Entry, sequence: int) -> tuple[Any, ...]:
    return entry.id, entry.debit, entry.credit, entry.amount, entry.as_of, sequence
