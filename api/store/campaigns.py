"""What rules led to: whom they reached, what went out, what was redeemed, and what was bought afterwards."""

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

import orjson
from sqlalchemy import ColumnElement, Connection, Select, Subquery, and_, func, or_, select, tuple_

from api.store.schema import COUPON, DECISION, EVENT, OUTBOX, OUTCOME, PURCHASE
from api.store.wholes import WHOLE
from engine.values import Instant

Versions = Sequence[tuple[str, int]]
"""Rules, each in a version."""

_OPENED: Final = "Message Opened"
_CARRIED_OUT: Final = ("fired", "resumed")
_REACHED: Final = ("fired",)
_CHOSEN: Final = ("fired", "limited")
_ASIDE: Final = ("held_out",)
_WHO: Final = func.coalesce(WHOLE.c.whole, OUTCOME.c.member)
"""Of whom an outcome is now, after merges."""
_OUTCOMES: Final = OUTCOME.outerjoin(WHOLE, WHOLE.c.part == OUTCOME.c.member)


class Reached(NamedTuple):
    """What came of a rule.

    Attributes:
        results: How often each result was recorded: `fired`, `held_out`, `limited` and so on.
        members: How many members it fired for.
        points: What it awarded of the unit `points`.
    """

    results: dict[str, int]
    members: int
    points: int


class Redeemed(NamedTuple):
    """What became of the coupons of some rules.

    Attributes:
        issued: How many there are, by definition.
        redeemed: How many of them were redeemed, by definition.
        members: How many members redeemed one.
        orders: Orders on which at least one was used.
        revenue: What those orders came to in one currency, what was refunded of them taken off, in
            minor units.
    """

    issued: dict[str, int]
    redeemed: dict[str, int]
    members: int
    orders: int
    revenue: int


class Bought(NamedTuple):
    """What one group of members did within some days after they were first reached, or kept aside.

    Attributes:
        members: How many are in the group.
        converted: How many did what was wanted.
        events: How often it was done.
        amount: What it came to, in minor units of one currency, less whatever was refunded of it since.
        squares: Sum of the squares of each member's amount.
        last: When the last of them came into the group; None where nobody is in it.
    """

    members: int
    converted: int
    events: int
    amount: int
    squares: int
    last: Instant | None


def reached(connection: Connection, versions: Versions) -> dict[str, Reached]:
    """Return what came of some rules, by key."""
    found: dict[str, Reached] = {rule: Reached({}, 0, 0) for rule, _ in versions}
    each = select(OUTCOME.c.rule, OUTCOME.c.result, func.count(), func.sum(OUTCOME.c.points))
    for rule, result, count, points in connection.execute(
        each.where(_of(versions)).group_by(OUTCOME.c.rule, OUTCOME.c.result).order_by(OUTCOME.c.result)
    ):
        before = found[rule]
        found[rule] = Reached(before.results | {result: int(count)}, 0, before.points + int(points))
    members = select(OUTCOME.c.rule, func.count(_WHO.distinct())).select_from(_OUTCOMES)
    fired = members.where(_of(versions), OUTCOME.c.result == "fired").group_by(OUTCOME.c.rule)
    for rule, count in connection.execute(fired):
        found[rule] = found[rule]._replace(members=int(count))
    return found


def members_reached(connection: Connection, versions: Versions) -> int:
    """Return how many members any of some rules fired for."""
    query = select(func.count(_WHO.distinct())).select_from(_OUTCOMES)
    return int(connection.execute(query.where(_of(versions), OUTCOME.c.result == "fired")).scalar_one())


def messages(connection: Connection, versions: Versions) -> dict[str, dict[str, int]]:
    """Return how many messages of each rule stand in each state of the outbox."""
    led = _led(versions)
    query = (
        select(OUTBOX.c.rule, OUTBOX.c.status, func.count())
        .join(led, and_(led.c.sequence == OUTBOX.c.sequence, led.c.rule == OUTBOX.c.rule))
        .where(OUTBOX.c.kind == "message")
        .group_by(OUTBOX.c.rule, OUTBOX.c.status)
    )
    found: dict[str, dict[str, int]] = {}
    for rule, status, count in connection.execute(query):
        found.setdefault(rule, {})[status] = int(count)
    return found


def opened(connection: Connection, versions: Versions) -> int:
    """Return how many messages of some rules were opened, as far as a channel tells."""
    led = _led(versions)
    sent = (
        select(OUTBOX.c.id, OUTBOX.c.member)
        .join(led, and_(led.c.sequence == OUTBOX.c.sequence, led.c.rule == OUTBOX.c.rule))
        .where(OUTBOX.c.kind == "message")
        .subquery()
    )
    parts = _parts(select(sent.c.id, sent.c.member).subquery())
    query = select(parts.c.id, EVENT.c.properties).join(EVENT, EVENT.c.member == parts.c.part)
    told = connection.execute(query.where(EVENT.c.name == _OPENED))
    return len({key for key, properties in told if orjson.loads(properties).get("message") == key})


def _parts(of: Subquery) -> Subquery:
    """Return members, with whatever stands beside them, under each key that they have had (`part`)."""
    merged = select(*of.c, WHOLE.c.part).join(WHOLE, WHOLE.c.whole == of.c.member)
    return select(*of.c, of.c.member.label("part")).union_all(merged).subquery()


def _led(versions: Versions) -> Subquery:
    """Return the entries on which some rules were carried out."""
    return (
        select(OUTCOME.c.sequence, OUTCOME.c.rule)
        .where(_of(versions), OUTCOME.c.result.in_(_CARRIED_OUT))
        .distinct()
        .subquery()
    )


def redeemed(connection: Connection, versions: Versions, currency: str) -> Redeemed:
    """Return what became of the coupons that some rules issued.

    Args:
        connection: Where to read.
        versions: The rules.
        currency: The currency in which orders are added up; orders in others count, without an amount.
    """
    led = select(OUTCOME.c.sequence, OUTCOME.c.rule).where(_of(versions)).distinct().subquery()
    own = and_(led.c.sequence == COUPON.c.sequence, led.c.rule == COUPON.c.rule)
    issued: dict[str, int] = {}
    used: dict[str, int] = {}
    states = select(COUPON.c.coupon, COUPON.c.state, func.count()).join(led, own)
    for coupon, state, count in connection.execute(states.group_by(COUPON.c.coupon, COUPON.c.state)):
        issued[coupon] = issued.get(coupon, 0) + int(count)
        if state == "redeemed":
            used[coupon] = int(count)
    spent = COUPON.c.state == "redeemed"
    who = select(func.count(COUPON.c.member.distinct())).join(led, own).where(spent)
    orders = (
        select(COUPON.c.member, COUPON.c.order_id)
        .join(led, own)
        .where(spent, COUPON.c.order_id.is_not(None))
        .distinct()
        .subquery()
    )
    came_to = select(func.coalesce(func.sum(PURCHASE.c.minor), 0)).join(
        orders, and_(PURCHASE.c.member == orders.c.member, PURCHASE.c.order_id == orders.c.order_id)
    )
    return Redeemed(
        issued=issued,
        redeemed=used,
        members=int(connection.execute(who).scalar_one()),
        orders=int(connection.execute(select(func.count()).select_from(orders)).scalar_one()),
        revenue=int(connection.execute(came_to.where(PURCHASE.c.currency == currency)).scalar_one()),
    )


def groups(
    connection: Connection,
    versions: Versions,
    *,
    limited: bool,
    goal: str,
    within: Instant,
    currency: str,
    orders: bool,
) -> dict[str, Bought]:
    """Return what members did afterwards: the `reached`, the `chosen`, and those kept `aside`.

    Chosen is whom a rule was true of and who isn't kept aside, also where a limit or a spent budget left
    the member without: whether a member is kept aside is drawn before any limit is looked at, so only
    they are like those aside (intention to treat). A member is in a group from the first such decision
    on. Who is chosen and aside, because rules keep different members aside, is in none.

    Args:
        connection: Where to read.
        versions: The rules.
        limited: Whether a limit ever held one of the rules back; if not, the chosen are the reached.
        goal: Name of the event that is wanted.
        within: How long after the decision it counts, in microseconds; half-open, from the decision on.
        currency: The currency in which amounts are added up.
        orders: Whether the goal is a completed order; then amounts are added up, too.
    """

    def bought(results: Sequence[str], others: Sequence[str]) -> Bought:
        mine, theirs = _first(versions, results), _first(versions, others)
        return _bought(connection, mine, theirs, goal=goal, within=within, currency=currency, orders=orders)

    reached = bought(_REACHED, _ASIDE)
    return {
        "reached": reached,
        "chosen": bought(_CHOSEN, _ASIDE) if limited else reached,
        "aside": bought(_ASIDE, _CHOSEN),
    }


def _first(versions: Versions, results: Sequence[str]) -> Subquery:
    member = _WHO.label("member")
    return (
        select(member, func.min(DECISION.c.as_of).label("at"))
        .select_from(_OUTCOMES)
        .join(DECISION, DECISION.c.sequence == OUTCOME.c.sequence)
        .where(_of(versions), OUTCOME.c.result.in_(results))
        .group_by(member)
        .subquery()
    )


def _bought(
    connection: Connection,
    group: Subquery,
    other: Subquery,
    *,
    goal: str,
    within: Instant,
    currency: str,
    orders: bool,
) -> Bought:
    alone = group.c.member.not_in(select(other.c.member))
    size = select(func.count(), func.max(group.c.at)).where(alone)
    members, last = connection.execute(size).one()
    if not orders:
        parts = _parts(select(group.c.member, group.c.at).where(alone).subquery())
        done = (
            select(func.count(parts.c.member.distinct()), func.count())
            .join(EVENT, EVENT.c.member == parts.c.part)
            .where(EVENT.c.name == goal, *_between(EVENT.c.occurred_at, parts, within))
        )
    else:
        done = (
            select(func.count(PURCHASE.c.member.distinct()), func.count())
            .select_from(group)
            .join(PURCHASE, PURCHASE.c.member == group.c.member)
            .where(alone, PURCHASE.c.refund.is_(False), *_between(PURCHASE.c.at, group, within))
        )
    converted, events = connection.execute(done).one()
    amount = squares = 0
    if orders:
        for one in connection.execute(_amounts(group, alone, within, currency)).scalars():
            amount, squares = amount + int(one), squares + int(one) ** 2
    return Bought(int(members), int(converted), int(events), amount, squares, last)


def _amounts(group: Subquery, alone: ColumnElement[bool], within: Instant, currency: str) -> Select[Any]:
    """Return what each member's orders came to; who bought nothing isn't there.

    A refund counts with its order, by the order's number: whenever it came, and only if the order counts.
    """
    order = PURCHASE.alias("ordered")
    its_order_counts = (
        select(order.c.sequence)
        .where(
            order.c.member == PURCHASE.c.member,
            order.c.order_id == PURCHASE.c.order_id,
            order.c.refund.is_(False),
            *_between(order.c.at, group, within),
        )
        .exists()
    )
    ordered = and_(PURCHASE.c.refund.is_(False), *_between(PURCHASE.c.at, group, within))
    return (
        select(func.sum(PURCHASE.c.minor))
        .select_from(group)
        .join(PURCHASE, PURCHASE.c.member == group.c.member)
        .where(
            alone,
            PURCHASE.c.currency == currency,
            or_(ordered, and_(PURCHASE.c.refund.is_(True), its_order_counts)),
        )
        .group_by(PURCHASE.c.member)
    )


def _between(column: ColumnElement[int], group: Subquery, within: Instant) -> Iterable[ColumnElement[bool]]:
    return column >= group.c.at, column < group.c.at + within


def _of(versions: Versions) -> ColumnElement[bool]:
    return tuple_(OUTCOME.c.rule, OUTCOME.c.version).in_(list(versions))
