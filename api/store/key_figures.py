"""The programme's key figures, as plain numbers over members and orders."""

from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, Executable, Subquery, and_, case, func, select, true

from api.store.schema import COUNTED, LEVEL, PURCHASE, SEGMENT, TAG
from engine.values import Instant


class Group(NamedTuple):
    """Whose figures are asked for: those with a tag on, on a level and in a segment now; None asks nothing.

    Attributes:
        tag: Key of a tag, or None.
        ladder: Key of the ladder that `tier` is a level of.
        tier: Key of a level, or None.
        segment: Key of a segment, or None.
    """

    tag: str | None = None
    ladder: str = "tier"
    tier: str | None = None
    segment: str | None = None

    @property
    def is_everybody(self) -> bool:
        """Whether nobody is left out."""
        return self.tag is None and self.tier is None and self.segment is None


class Period(NamedTuple):
    """From an instant on, up to another that is not in it."""

    since: Instant
    until: Instant

    @property
    def before(self) -> "Period":
        """The period of the same length that ends where this one begins."""
        return Period(2 * self.since - self.until, self.since)


class Counts(NamedTuple):
    """What the figures are made of. Amounts are in minor units of one currency, refunds taken off.

    Attributes:
        members: Who had joined by the end.
        joined: Who joined in the period.
        activated: Those of them who bought by its end.
        buyers: Who bought in the period.
        again: Those of them who bought twice or more in it.
        orders: Orders in the period.
        amount: What they came to.
        counted: Those of the orders that have an amount in the currency.
        first: Members whose first order ever lies in the period.
        first_amount: What these first orders came to, before refunds.
        buyers_before: Who bought in the period before.
        lost: Those of them who bought nothing in this one.
        lifetime: What all orders up to the end came to.
        top: What the best fifth of the buyers, rounded up, came to.
    """

    members: int
    joined: int
    activated: int
    buyers: int
    again: int
    orders: int
    amount: int
    counted: int
    first: int
    first_amount: int
    buyers_before: int
    lost: int
    lifetime: int
    top: int


def counts(connection: Connection, period: Period, currency: str, group: Group | None = None) -> Counts:
    """Return what the key figures of a group are made of.

    Args:
        connection: Where to read.
        period: The period.
        currency: The currency in which amounts are added up.
        group: Whose figures they are, as the group is now; None for everybody.
    """
    group = group or Group()
    per = _per_member(period, currency, group)
    own = _one(connection, _of_buyers(per))
    roster = _one(connection, _of_roster(period, group, per))
    first = _one(connection, _of_first_orders(period, currency, group))
    top = _one(connection, _of_best(per))
    return Counts(
        members=roster[0],
        joined=roster[1],
        activated=roster[2],
        buyers=own[0],
        again=own[1],
        orders=own[2],
        amount=own[3],
        counted=own[4],
        first=first[0],
        first_amount=first[1],
        buyers_before=own[5],
        lost=own[6],
        lifetime=own[7],
        top=top[0],
    )


def _one(connection: Connection, query: Executable) -> list[int]:
    return [int(one or 0) for one in connection.execute(query).one()]


def _belongs(member: ColumnElement[str], group: Group) -> ColumnElement[bool]:
    """Return whether a member is in the group."""
    asked: list[ColumnElement[bool]] = [true()]
    if group.tag is not None:
        asked.append(member.in_(select(TAG.c.member).where(TAG.c.tag == group.tag)))
    if group.tier is not None:
        on = and_(LEVEL.c.ladder == group.ladder, LEVEL.c.tier == group.tier)
        asked.append(member.in_(select(LEVEL.c.member).where(on)))
    if group.segment is not None:
        asked.append(member.in_(select(SEGMENT.c.member).where(SEGMENT.c.segment == group.segment)))
    return and_(*asked)


def _per_member(period: Period, currency: str, group: Group) -> Subquery:
    """Return what each member of the group who ever bought did in the period, in the one before, and ever."""
    at, ordered = PURCHASE.c.at, PURCHASE.c.refund.is_(False)
    within = at >= period.since
    before = and_(at >= period.before.since, at < period.since)
    money = PURCHASE.c.currency == currency

    def amount(*when: ColumnElement[bool]) -> ColumnElement[int]:
        return func.sum(case((and_(money, *when), PURCHASE.c.minor), else_=0))

    def number(*when: ColumnElement[bool]) -> ColumnElement[int]:
        return func.sum(case((and_(ordered, *when), 1), else_=0))

    return (
        select(
            PURCHASE.c.member,
            number(within).label("orders"),
            number(within, money).label("counted"),
            amount(within).label("amount"),
            number(before).label("before"),
            amount().label("lifetime"),
            number().label("ever"),
        )
        .where(at < period.until, _belongs(PURCHASE.c.member, group))
        .group_by(PURCHASE.c.member)
        .subquery()
    )


def _of_buyers(per: Subquery) -> Executable:
    def members(*which: ColumnElement[bool]) -> ColumnElement[int]:
        return func.sum(case((and_(*which), 1), else_=0))

    return select(
        members(per.c.orders > 0),
        members(per.c.orders > 1),
        func.sum(per.c.orders),
        func.sum(per.c.amount),
        func.sum(per.c.counted),
        members(per.c.before > 0),
        members(per.c.before > 0, per.c.orders == 0),
        func.sum(per.c.lifetime),
    )


def _of_roster(period: Period, group: Group, per: Subquery) -> Executable:
    joined = COUNTED.c.joined_at >= period.since
    bought = COUNTED.c.member.in_(select(per.c.member).where(per.c.ever > 0))
    return select(
        func.count(),
        func.sum(case((joined, 1), else_=0)),
        func.sum(case((and_(joined, bought), 1), else_=0)),
    ).where(COUNTED.c.joined_at < period.until, _belongs(COUNTED.c.member, group))


def _of_first_orders(period: Period, currency: str, group: Group) -> Executable:
    """Return how many first orders lie in the period, and what they came to."""
    order = func.row_number().over(
        partition_by=PURCHASE.c.member, order_by=(PURCHASE.c.at, PURCHASE.c.sequence)
    )
    firsts = (
        select(PURCHASE.c.at, PURCHASE.c.minor, PURCHASE.c.currency, order.label("place"))
        .where(PURCHASE.c.refund.is_(False), PURCHASE.c.at < period.until, _belongs(PURCHASE.c.member, group))
        .subquery()
    )
    amount = func.sum(case((firsts.c.currency == currency, firsts.c.minor), else_=0))
    return select(func.count(), amount).where(firsts.c.place == 1, firsts.c.at >= period.since)


def _of_best(per: Subquery) -> Executable:
    """Return what the best fifth of the buyers, rounded up, came to."""
    place = func.row_number().over(order_by=(per.c.amount.desc(), per.c.member))
    ranked = (
        select(per.c.amount, place.label("place"), func.count().over().label("buyers"))
        .where(per.c.orders > 0)
        .subquery()
    )
    return select(func.sum(ranked.c.amount)).where(ranked.c.place * 5 < ranked.c.buyers + 5)
