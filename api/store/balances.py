"""What the ledger says: balances now and at any instant, and where they come from.

A balance is the sum of postings, never a number that is kept.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Select, and_, bindparam, func, select, tuple_

from api.store.dialects import ListQuery
from api.store.schema import LEDGER
from engine.ledger.postings import Part, Posting, member_account, programme_account
from engine.values import Instant

_PARTS: Final[tuple[Part, ...]] = ("", "pending", "held", "debt")
_SIDES: Final = ((LEDGER.c.credit, 1), (LEDGER.c.debit, -1))
_SUMS: Final = tuple(
    ListQuery(
        f"SELECT {side.name}, sum(amount) FROM ledger_entry "  # noqa: S608 - our own names
        f"WHERE {side.name} IN {{list}} AND as_of <= {{value}} GROUP BY {side.name}"
    )
    for side, _ in _SIDES
)
_LAST: Final = 2**63 - 1
"""After every instant and every entry."""

_OF_PARTNERS: Final = ("charge", "discharge")
"""Postings between the programme and its partners: no member holds anything of them."""

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


def balances_of(
    connection: Connection, member: str, units: Sequence[str], instant: Instant | None = None
) -> dict[str, Balance]:
    """Return a member's balances in some units at an instant, what happened at that instant included.

    Args:
        connection: Where to read.
        member: Key of the member.
        units: Keys of the units; the answer has them in this order.
        instant: When; None for now.
    """
    accounts = [[member_account(member, unit, part) for part in _PARTS] for unit in units]
    sums = _sums(connection, [account for parts in accounts for account in parts], instant)
    found: dict[str, Balance] = {}
    for unit, parts in zip(units, accounts, strict=True):
        available, pending, held, debt = (sums.get(account, 0) for account in parts)
        found[unit] = Balance(available, pending, held, -debt)
    return found


def ledger_of(
    connection: Connection,
    member: str,
    unit: str | None = None,
    before: tuple[int, str] | None = None,
    limit: int = 50,
    instant: Instant | None = None,
    parts: Sequence[str] = (),
) -> list[StoredPosting]:
    """Return a page of what was posted on a member's events, newest first.

    Args:
        connection: Where to read.
        member: Key of the member.
        unit: The one unit that is asked for; all by default.
        before: `sequence` and `id` of the posting that the page must come before; None for the newest.
        limit: How many at most.
        instant: Only what was posted until then, it included; None for all.
        parts: Members that became a part of it, whose postings are its own now.
    """
    sequence, last = before or (_LAST, "")
    asked = {"unit": unit, "instant": _LAST if instant is None else instant, "sequence": sequence, "id": last}
    whose = {"members": [member, *parts]} if parts else {"member": member}
    page = _page(several=bool(parts), by_unit=unit is not None)
    rows = connection.execute(page, {**asked, **whose, "limit": limit})
    return [StoredPosting(sequence, posting(row)) for sequence, *row in rows]


@cache
def _page(*, several: bool, by_unit: bool) -> Select[Any]:
    """Return the query of a page of postings, worded once.

    Args:
        several: Whether postings of several members are asked for. Of one they are read in the order of an
            index, without the rest.
        by_unit: Whether those of one unit are asked for.
    """
    whose = LEDGER.c.member == bindparam("member")
    if several:
        whose = LEDGER.c.member.in_(bindparam("members", expanding=True))
    place = tuple_(
        bindparam("sequence", type_=LEDGER.c.sequence.type), bindparam("id", type_=LEDGER.c.id.type)
    )
    query = select(LEDGER.c.sequence, *POSTED).where(
        whose, LEDGER.c.as_of <= bindparam("instant"), tuple_(LEDGER.c.sequence, LEDGER.c.id) < place
    )
    if by_unit:
        query = query.where(LEDGER.c.unit == bindparam("unit"))
    else:
        query = query.where(LEDGER.c.kind.not_in(_OF_PARTNERS))
    return query.order_by(LEDGER.c.sequence.desc(), LEDGER.c.id.desc()).limit(bindparam("limit"))


def posting(row: Iterable[object]) -> Posting:
    """Return the posting of a row of `POSTED`."""
    return Posting(**dict(zip(Posting.__struct_fields__, row, strict=True)))  # type: ignore[arg-type]


def totals(connection: Connection, unit: str | None = None) -> dict[str, UnitTotals]:
    """Return every unit's totals, or those of one that has entries, each number from its own entries."""
    query = select(LEDGER.c.unit).where(LEDGER.c.kind.not_in(_OF_PARTNERS)).distinct().order_by(LEDGER.c.unit)
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
    last = _LAST if instant is None else instant
    found: dict[str, int] = {}
    for query, (_, sign) in zip(_SUMS, _SIDES, strict=True):
        for account, total in query.execute(connection, wanted, last):
            found[account] = found.get(account, 0) + sign * int(total)
    return found
