"""What the tables hold of some members, to be compared with what the log says."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from api.store.schema import COUPON, LEDGER, MEMBER, TAG
from engine.ledger import member_account


class Recorded(NamedTuple):
    """What the tables hold of one member.

    Attributes:
        state: The bytes of the state; None if there is no row.
        next_due_at: When the worker is to look at the member, or None.
        revision: Rule-set revision under which that was derived.
        tags: (`tag`, `holder`, `since`, `until`), sorted.
        coupons: By code: (`coupon`, `issued_at`, `expires_at`, `sequence`).
        entries: By id: (`debit`, `credit`, `amount`, `as_of`, `sequence`).
    """

    state: bytes | None
    next_due_at: int | None
    revision: int
    tags: list[tuple[str, str, int, int | None]]
    coupons: dict[str, tuple[Any, ...]]
    entries: dict[str, tuple[Any, ...]]


def of_members(connection: Connection, keys: Sequence[str]) -> dict[str, Recorded]:
    """Return what the tables hold of at most some hundred members."""
    found = {key: Recorded(None, None, 0, [], {}, {}) for key in keys}
    state = select(MEMBER.c.key, MEMBER.c.state, MEMBER.c.next_due_at, MEMBER.c.revision)
    for key, packed, next_due_at, revision in connection.execute(state.where(MEMBER.c.key.in_(keys))):
        found[key] = found[key]._replace(state=packed, next_due_at=next_due_at, revision=revision)
    tag = select(TAG.c.member, TAG.c.tag, TAG.c.holder, TAG.c.since, TAG.c.until)
    for member, *row in connection.execute(
        tag.where(TAG.c.member.in_(keys)).order_by(TAG.c.tag, TAG.c.holder)
    ):
        found[member].tags.append((row[0], row[1], row[2], row[3]))
    coupon = select(
        COUPON.c.member,
        COUPON.c.code,
        COUPON.c.coupon,
        COUPON.c.issued_at,
        COUPON.c.expires_at,
        COUPON.c.sequence,
    )
    for member, code, *row in connection.execute(coupon.where(COUPON.c.member.in_(keys))):
        found[member].coupons[code] = tuple(row)
    accounts = {member_account(key): key for key in keys}
    entry = select(
        LEDGER.c.id, LEDGER.c.debit, LEDGER.c.credit, LEDGER.c.amount, LEDGER.c.as_of, LEDGER.c.sequence
    )
    for side in (LEDGER.c.credit, LEDGER.c.debit):
        for number, *row in connection.execute(entry.where(side.in_(list(accounts)))):
            member = accounts.get(row[1]) or accounts[row[0]]
            found[member].entries[number] = tuple(row)
    return found
