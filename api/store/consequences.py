"""What follows from decisions, in tables that can be asked: tags, ledger, coupons, levels, tasks, the outbox.

It is written in the transaction that decides, a statement for each table.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

from api.store import tellings as to_members
from api.store.dialects import RowInsert, RowUpdate
from api.store.holdings import StateChange, write_holdings
from api.store.schema import COUPON, LEDGER, OUTBOX, TASK
from api.store.tellings import Telling
from engine.ledger.postings import Posting
from engine.values import Instant


class NewCoupon(NamedTuple):
    """A coupon that was issued.

    Attributes:
        code: The code that was granted.
        coupon: Key of the definition.
        member: Whose it is.
        issued_at: When.
        expires_at: First instant at which it can't be redeemed, or None.
        sequence: Global sequence of the entry that led to it.
        rule: Rule that issued it, or None.
    """

    code: str
    coupon: str
    member: str
    issued_at: Instant
    expires_at: Instant | None
    sequence: int
    rule: str | None = None


class CouponChange(NamedTuple):
    """A coupon as it stands after something happened to it.

    Attributes:
        code: The coupon.
        state: `issued` (again), `held`, `redeemed`, `expired` or `voided`.
        order_id: Order that it is held for or was used on, or None.
        ended_at: When it was redeemed, expired or voided; None while it can be used.
        hold: Redemption that it is set aside for, or None.
        expires_at: Its new end; None leaves the old one.
        member: Whose it is from now on; None leaves it where it is.
    """

    code: str
    state: str
    order_id: str | None = None
    ended_at: Instant | None = None
    hold: str | None = None
    expires_at: Instant | None = None
    member: str | None = None


class NewTask(NamedTuple):
    """Something for staff to do; the fields are those of the table. `words` is the note by language."""

    id: str
    sequence: int
    member: str
    rule: str
    queue: str
    priority: str
    note: str
    as_of: Instant
    words: str | None = None


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
    told: bool = False


class Released(NamedTuple):
    """A message of the outbox after its quiet hours have ended: it leaves, or why it doesn't."""

    status: str
    next_attempt_at: Instant
    last_error: str | None
    id: str


_POSTED: Final = ("id", "kind", "unit", "debit", "credit", "amount", "lot", "reverses", "as_of")
_CHANGED: Final = ("state", "order_id", "ended_at", "hold", "expires_at", "member")
_POST: Final = RowInsert(LEDGER, [*_POSTED, "sequence", "member"])
_ISSUE: Final = RowInsert(COUPON, [*NewCoupon._fields, "state"])
_CHANGE: Final = RowUpdate(COUPON, "code", _CHANGED, kept=["expires_at", "member"])
_OPEN: Final = RowInsert(TASK, [*NewTask._fields, "status"])
_RELEASE: Final = RowUpdate(OUTBOX, "id", Released._fields[:-1])
_PUT_OUT: Final = RowInsert(OUTBOX, [*NewOutbox._fields, "attempts"])


def write(
    connection: Connection,
    *,
    states: Sequence[StateChange] = (),
    postings: Sequence[tuple[Posting, int, str]] = (),
    coupons: Sequence[NewCoupon] = (),
    coupon_changes: Sequence[CouponChange] = (),
    tasks: Sequence[NewTask] = (),
    outbox: Sequence[NewOutbox | Released] = (),
    tellings: Sequence[Telling] = (),
) -> None:
    """Write what follows from the decisions of a transaction.

    Args:
        connection: The transaction.
        states: Members whose state changed, each once; their tags, levels, memberships and holds
            are brought up to date.
        postings: Ledger entries, each with the global sequence and the member of the log entry that
            led to it.
        coupons: Coupons that were issued.
        coupon_changes: What happened to coupons, in order, those just issued among them.
        tasks: Tasks for staff.
        outbox: What must leave, and messages whose quiet hours have ended.
        tellings: What is told to other members.

    Raises:
        sqlalchemy.exc.IntegrityError: If an effect or a coupon's code is there already.
    """
    write_holdings(connection, states)
    _POST.execute(connection, [_ledger_row(*posted) for posted in postings])
    _ISSUE.execute(connection, [(*coupon, "issued") for coupon in coupons])
    _CHANGE.execute(connection, [(*one[1:], one.code) for one in _last(coupon_changes).values()])
    _OPEN.execute(connection, [(*task, "open") for task in tasks])
    _PUT_OUT.execute(connection, [(*one, 0) for one in outbox if isinstance(one, NewOutbox)])
    _RELEASE.execute(connection, [one for one in outbox if isinstance(one, Released)])
    if tellings:
        to_members.keep(connection, tellings)


def _ledger_row(posting: Posting, sequence: int, member: str) -> tuple[Any, ...]:
    return (
        posting.id,
        posting.kind,
        posting.unit,
        posting.debit,
        posting.credit,
        posting.amount,
        posting.lot,
        posting.reverses,
        posting.as_of,
        sequence,
        member,
    )


def _last(changes: Sequence[CouponChange]) -> Mapping[str, CouponChange]:
    """Return what stands of each coupon after all its changes."""
    last: dict[str, CouponChange] = {}
    for one in changes:
        before = last.get(one.code, one)
        last[one.code] = one._replace(
            expires_at=one.expires_at if one.expires_at is not None else before.expires_at,
            member=one.member if one.member is not None else before.member,
        )
    return last
