"""Figures over everything: how many, of what, and whether the ledger adds up."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, FromClause, Select, func, select

from api.store.schema import COUPON, DECISION, EVENT, LEDGER, MEMBER, OUTCOME, TAG
from engine.ledger import PROGRAMME_ACCOUNT


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
        accounts: Points by side: `programme` and `members`. What members hold,
            the programme owes, so that they add up to 0.
    """

    events: int
    timers: int
    members: int
    decisions: int
    firings: dict[str, int]
    members_per_tag: dict[str, int]
    coupons: dict[str, dict[str, int]]
    accounts: dict[str, int]


def figures(connection: Connection) -> Figures:
    """Count everything, in the snapshot of a read transaction."""
    tagged = select(TAG.c.tag, func.count(TAG.c.member.distinct())).group_by(TAG.c.tag).order_by(TAG.c.tag)
    held = select(COUPON.c.coupon, COUPON.c.state, func.count()).group_by(COUPON.c.coupon, COUPON.c.state)
    return Figures(
        events=_scalar(connection, select(func.count()).select_from(EVENT).where(EVENT.c.kind != "timer")),
        timers=_scalar(connection, select(func.count()).select_from(EVENT).where(EVENT.c.kind == "timer")),
        members=_scalar(connection, select(func.count()).select_from(MEMBER).where(MEMBER.c.sequence > 0)),
        decisions=_count(connection, DECISION),
        firings=firings(connection),
        members_per_tag={row[0]: row[1] for row in connection.execute(tagged)},
        coupons=_by_state(connection.execute(held.order_by(COUPON.c.coupon, COUPON.c.state))),
        accounts=accounts(connection),
    )


def _by_state(rows: Iterable[Any]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for coupon, state, count in rows:
        found.setdefault(coupon, {})[state] = count
    return found


def firings(connection: Connection) -> dict[str, int]:
    """Return how often each rule fired; a rule that never did isn't there."""
    query = (
        select(OUTCOME.c.rule, func.count())
        .where(OUTCOME.c.result == "fired")
        .group_by(OUTCOME.c.rule)
        .order_by(OUTCOME.c.rule)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def accounts(connection: Connection) -> dict[str, int]:
    """Return the points of the programme and of all members together, each from its own entries."""
    programme = _balance(connection, own=True)
    return {"members": _balance(connection, own=False), "programme": programme}


def _balance(connection: Connection, *, own: bool) -> int:
    """Return credits less debits of the programme's account, or of all the others."""

    def total(side: ColumnElement[str]) -> int:
        chosen = side == PROGRAMME_ACCOUNT if own else side != PROGRAMME_ACCOUNT
        return _scalar(connection, select(func.coalesce(func.sum(LEDGER.c.amount), 0)).where(chosen))

    return total(LEDGER.c.credit) - total(LEDGER.c.debit)


def _count(connection: Connection, table: FromClause) -> int:
    return _scalar(connection, select(func.count()).select_from(table))


def _scalar(connection: Connection, query: Select[Any]) -> int:
    return int(connection.execute(query).scalar_one())
