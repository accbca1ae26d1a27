"""Figures over everything: how many, of what, and whether the ledger adds up."""

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, FromClause, Select, func, select

from api.store.balances import totals
from api.store.schema import COUPON, DECISION, EVENT, LEVEL, MEMBER, OUTCOME, TAG


class Figures(NamedTuple):
    """The programme in numbers.

    Attributes:
        events: Events that were sent to us.
        timers: Instants that fell due; with the events they are the entries of the log.
        members: Members who have an entry.
        decisions: Decisions that were noteworthy.
        firings: How often each rule fired.
        members_per_tag: How many members have each tag on.
        coupons: How many coupons there are, by definition and state.
        accounts: By unit: what was issued, redeemed and expired, and what members hold. Each is
            summed up from its own entries, so that issued = redeemed + expired + members proves the books.
        members_per_tier: How many members are on each level, by ladder.
    """

    events: int
    timers: int
    members: int
    decisions: int
    firings: dict[str, int]
    members_per_tag: dict[str, int]
    coupons: dict[str, dict[str, int]]
    accounts: dict[str, dict[str, int]]
    members_per_tier: dict[str, dict[str, int]]


_MEMBERS: Final = (
    select(func.count())
    .select_from(MEMBER)
    .where(MEMBER.c.sequence > 0, MEMBER.c.merged_into.is_(None), MEMBER.c.erased_at.is_(None))
)


def figures(connection: Connection) -> Figures:
    """Count everything, in the snapshot of a read transaction."""
    tagged = select(TAG.c.tag, func.count(TAG.c.member.distinct())).group_by(TAG.c.tag).order_by(TAG.c.tag)
    held = select(COUPON.c.coupon, COUPON.c.state, func.count()).group_by(COUPON.c.coupon, COUPON.c.state)
    levels = (
        select(LEVEL.c.ladder, LEVEL.c.tier, func.count())
        .where(LEVEL.c.tier.is_not(None))
        .group_by(LEVEL.c.ladder, LEVEL.c.tier)
    )
    return Figures(
        events=_scalar(connection, select(func.count()).select_from(EVENT).where(EVENT.c.kind != "timer")),
        timers=_scalar(connection, select(func.count()).select_from(EVENT).where(EVENT.c.kind == "timer")),
        members=_scalar(connection, _MEMBERS),
        decisions=_count(connection, DECISION),
        firings=firings(connection),
        members_per_tag={row[0]: row[1] for row in connection.execute(tagged)},
        coupons=_nested(connection.execute(held.order_by(COUPON.c.coupon, COUPON.c.state))),
        accounts={unit: total._asdict() for unit, total in totals(connection).items()},
        members_per_tier=_nested(connection.execute(levels.order_by(LEVEL.c.ladder, LEVEL.c.tier))),
    )


def _nested(rows: Iterable[Any]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for outer, inner, count in rows:
        found.setdefault(outer, {})[inner] = count
    return found


def firings(connection: Connection, rules: Sequence[str] | None = None) -> dict[str, int]:
    """Return how often each rule, or each of some, fired; a rule that never did isn't there."""
    query = (
        select(OUTCOME.c.rule, func.count())
        .where(OUTCOME.c.result == "fired")
        .group_by(OUTCOME.c.rule)
        .order_by(OUTCOME.c.rule)
    )
    if rules is not None:
        query = query.where(OUTCOME.c.rule.in_(rules))
    return {row[0]: row[1] for row in connection.execute(query)}


def _count(connection: Connection, table: FromClause) -> int:
    return _scalar(connection, select(func.count()).select_from(table))


def _scalar(connection: Connection, query: Select[Any]) -> int:
    return int(connection.execute(query).scalar_one())
