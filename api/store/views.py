"""What pages ask about members."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, bindparam, select

from api.store.balances import balances
from api.store.schema import COUPON, IDENTITY, MEMBER, TAG
from engine.values import Instant

_LAST_CHARACTER: Final = "\U0010ffff"


class MemberLine(NamedTuple):
    """A member in a list.

    Attributes:
        key: The member's key.
        joined_at: `occurred_at` of the first entry.
        sequence: How many entries the log has of it.
        tags: Tags that are on, in order.
        points: Balance by the ledger.
        erased: Whether the member was erased.
    """

    key: str
    joined_at: Instant
    sequence: int
    tags: list[str]
    points: int
    erased: bool


class StoredTag(NamedTuple):
    """One holder's grip on a tag."""

    tag: str
    holder: str
    since: Instant
    until: Instant | None


class StoredCoupon(NamedTuple):
    """A coupon that was issued, as it stands.

    Attributes:
        code: The code.
        coupon: Key of its definition.
        member: Whose it is.
        state: `issued`, `held`, `redeemed`, `expired` or `voided`.
        issued_at: When it was given.
        expires_at: First instant at which it can't be redeemed, or None.
        sequence: Global sequence of the entry that issued it.
        order_id: Order that it is held for or was used on, or None.
        ended_at: When it was redeemed, expired or voided, or None.
        hold: Redemption that it is set aside for, or None.
    """

    code: str
    coupon: str
    member: str
    state: str
    issued_at: Instant
    expires_at: Instant | None
    sequence: int
    order_id: str | None = None
    ended_at: Instant | None = None
    hold: str | None = None


_BY_CODE: Final = select(*(COUPON.c[name] for name in StoredCoupon._fields)).where(
    COUPON.c.code == bindparam("code")
)


def find_members(
    connection: Connection, *, search: Sequence[str] = (), after: str | None = None, limit: int
) -> list[MemberLine]:
    """Return members by key.

    Args:
        connection: Where to read.
        search: What was typed, and the tokens that may stand for it: a member
            is found by the beginning of its key, or by any of its names whole.
            Nothing finds everybody but those who were erased.
        after: Key that the page must follow, or None for the first page.
        limit: How many at most.
    """
    listed = [MEMBER.c.sequence > 0, MEMBER.c.merged_into.is_(None)]
    if after is not None:
        listed.append(MEMBER.c.key > after)
    if not search:
        listed.append(MEMBER.c.erased_at.is_(None))
    else:
        # Of the many whose keys begin so, no more are read and put in order than a page holds.
        begins = select(MEMBER.c.key).where(_begins(connection, search[0]), *listed)
        first = begins.order_by(MEMBER.c.key).limit(limit).subquery()
        named = select(IDENTITY.c.member).where(IDENTITY.c.token.in_(search))
        listed.append(MEMBER.c.key.in_(select(first.c.key).union(named)))
    query = select(MEMBER.c.key, MEMBER.c.joined_at, MEMBER.c.sequence, MEMBER.c.erased_at).where(*listed)
    rows = connection.execute(query.order_by(MEMBER.c.key).limit(limit)).all()
    keys = [row.key for row in rows]
    tags, points = _tags(connection, keys), balances(connection, keys)
    return [
        MemberLine(
            row.key,
            row.joined_at,
            row.sequence,
            tags.get(row.key, []),
            points[row.key],
            row.erased_at is not None,
        )
        for row in rows
    ]


def tags_of(connection: Connection, member: str) -> list[StoredTag]:
    """Return every holder's grip on a member's tags, by tag and holder."""
    query = select(TAG.c.tag, TAG.c.holder, TAG.c.since, TAG.c.until).where(TAG.c.member == member)
    return [StoredTag(*row) for row in connection.execute(query.order_by(TAG.c.tag, TAG.c.holder))]


def coupons_of(connection: Connection, member: str) -> list[StoredCoupon]:
    """Return a member's coupons, newest first."""
    query = (
        select(*(COUPON.c[name] for name in StoredCoupon._fields))
        .where(COUPON.c.member == member)
        .order_by(COUPON.c.sequence.desc(), COUPON.c.code)
    )
    return [StoredCoupon(*row) for row in connection.execute(query)]


def coupon(connection: Connection, code: str) -> StoredCoupon | None:
    """Return the coupon of a code, or None if it was never issued."""
    row = connection.execute(_BY_CODE, {"code": code}).one_or_none()
    return None if row is None else StoredCoupon(*row)


def _begins(connection: Connection, prefix: str) -> ColumnElement[bool]:
    if connection.dialect.name == "sqlite":
        # Its LIKE knows no case and uses no index; a range of the key does both right.
        return MEMBER.c.key.between(prefix, prefix + _LAST_CHARACTER)
    return MEMBER.c.key.startswith(prefix, autoescape=True)


def _tags(connection: Connection, members: Sequence[str]) -> dict[str, list[str]]:
    query = select(TAG.c.member, TAG.c.tag).where(TAG.c.member.in_(members)).distinct()
    found: dict[str, list[str]] = {}
    for member, tag in connection.execute(query.order_by(TAG.c.member, TAG.c.tag)):
        found.setdefault(member, []).append(tag)
    return found
