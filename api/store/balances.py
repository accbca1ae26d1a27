"""What the ledger says: balances now and at any instant, and where they come from.

A balance is the sum of postings, never a number that is kept.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, func, select, tuple_

from api.store.schema import LEDGER
from engine.ledger.postings import Part, Posting, member_account, programme_account
from engine.values import Instant

_PARTS: Final[tuple[Part, ...]] = ("", "pending", "held", "debt")
_SIDES: Final = ((LEDGER.c.credit, 1), (LEDGER.c.debit, -1))
POSTED: Final = tuple(LEDGER.c[name] for name in Posting.__struct_fields__)
"""The columns of a posting, in the order of its fields."""


class Balance(NamedTuple):
    """One unit in a member's hands.

    Attributes:
        available: What can be spent.
        pending: What can be spent later.
        held: What is set aside for redemptions.
        debt: What is owed.
    """

    available: int = 0
    pending: int = 0
    held: int = 0
    debt: int = 0


class StoredPosting(NamedTuple):
    """A ledger entry, and the global sequence of the log entry that led to it."""

    sequence: int
    posting: Posting


class UnitTotals(NamedTuple):
    """A unit over the whole programme; the four add up so that issued = redeemed + expired + members.

    Attributes:
        issued: What was given, less what was taken back.
        redeemed: What was spent, less what refunds gave back.
        expired: What expired unspent.
        members: What members hold, pending and set aside included, less what they owe.
    """

    issued: int
    redeemed: int
    expired: int
    members: int


def balances(connection: Connection, members: Sequence[str], unit: str = "points") -> dict[str, int]:
    """Return what members can spend of a unit, summed up from the ledger; 0 where it has no entry."""
    account_of = {member_account(member, unit): member for member in members}
    sums = _sums(connection, account_of)
    return {member: sums.get(account, 0) for account, member in account_of.items()}


def balance_at(
    connection: Connection, member: str, unit: str = "points", instant: Instant | None = None
) -> Balance:
    """Return a member's balance in one unit at an instant, what happened at that instant included.

    Args:
        connection: Where to read.
        member: Key of the member.
        unit: Key of the unit.
        instant: When; None for now.
    """
    accounts = [member_account(member, unit, part) for part in _PARTS]
    sums = _sums(connection, accounts, instant)
    available, pending, held, debt = (sums.get(account, 0) for account in accounts)
    return Balance(available, pending, held, -debt)


def balances_of(connection: Connection, member: str, instant: Instant | None = None) -> dict[str, Balance]:
    """Return a member's balances by unit, in order, as `balance_at`; a unit that it never had isn't there."""
    units = select(LEDGER.c.unit).where(LEDGER.c.member == member).distinct().order_by(LEDGER.c.unit)
    return {
        unit: balance_at(connection, member, unit, instant) for unit in connection.execute(units).scalars()
    }


def ledger_of(
    connection: Connection,
    member: str,
    unit: str | None = None,
    before: tuple[int, str] | None = None,
    limit: int = 50,
    instant: Instant | None = None,
) -> list[StoredPosting]:
    """Return a page of what was posted on a member's events, newest first.

    Args:
        connection: Where to read.
        member: Key of the member.
        unit: The one unit that is asked for; all by default.
        before: `sequence` and `id` of the posting that the page must come before; None for the newest.
        limit: How many at most.
        instant: Only what was posted until then, it included; None for all.
    """
    query = select(LEDGER.c.sequence, *POSTED).where(LEDGER.c.member == member)
    if unit is not None:
        query = query.where(LEDGER.c.unit == unit)
    if instant is not None:
        query = query.where(LEDGER.c.as_of <= instant)
    if before is not None:
        query = query.where(tuple_(LEDGER.c.sequence, LEDGER.c.id) < before)
    rows = connection.execute(query.order_by(LEDGER.c.sequence.desc(), LEDGER.c.id.desc()).limit(limit))
    return [StoredPosting(sequence, posting(row)) for sequence, *row in rows]


def posting(row: Iterable[object]) -> Posting:
    """Return the posting of a row of `POSTED`."""
    return Posting(**dict(zip(Posting.__struct_fields__, row, strict=True)))  # type: ignore[arg-type]


def totals(connection: Connection, unit: str | None = None) -> dict[str, UnitTotals]:
    """Return every unit's totals, or those of one that has entries, each number from its own entries."""
    query = select(LEDGER.c.unit).distinct().order_by(LEDGER.c.unit)
    if unit is not None:
        query = query.where(LEDGER.c.unit == unit)
    units = connection.execute(query).scalars().all()
    return {unit: _total(connection, unit) for unit in units}


def _total(connection: Connection, unit: str) -> UnitTotals:
    issued, redeemed, expired = (programme_account(unit, part) for part in ("", "redeemed", "expired"))
    own = (issued, redeemed, expired)
    sums = _sums(connection, own)
    members = 0
    for side, sign in _SIDES:
        query = select(func.coalesce(func.sum(LEDGER.c.amount), 0))
        others = and_(LEDGER.c.unit == unit, side.not_in(own))
        members += sign * int(connection.execute(query.where(others)).scalar_one())
    return UnitTotals(-sums.get(issued, 0), sums.get(redeemed, 0), sums.get(expired, 0), members)


def _sums(connection: Connection, accounts: Iterable[str], instant: Instant | None = None) -> dict[str, int]:
    """Return credits less debits of accounts; one without entries isn't there."""
    wanted = list(accounts)
    found: dict[str, int] = {}
    for side, sign in _SIDES:
        which: ColumnElement[bool] = side.in_(wanted)
        if instant is not None:
            which = and_(which, LEDGER.c.as_of <= instant)
        for account, total in connection.execute(
            select(side, func.sum(LEDGER.c.amount)).where(which).group_by(side)
        ):
            found[account] = found.get(account, 0) + sign * int(total)
    return found
