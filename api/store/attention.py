"""What waits for somebody: drafts, letters that were given up, members put off, pots that run low.

Each is counted in an index that holds little else, however many rules, members and messages there are.
"""

from typing import Final, NamedTuple

from sqlalchemy import Connection, func, select

from api.store.schema import LEASE, MEMBER, OUTBOX, POT, RULE, RULE_REVIEW
from api.store.tables.rules import DRAFTED, SUBMITTED
from engine.values import Instant


class Submitted(NamedTuple):
    """A draft that waits for approval.

    Attributes:
        key: The rule.
        draft: The draft as JSON.
        by: Who submitted it.
        since: When.
        comment: What was said about it; may be empty.
    """

    key: str
    draft: bytes
    by: str
    since: Instant
    comment: str


class Drafted(NamedTuple):
    """A draft, and who changed it last, and when."""

    key: str
    draft: bytes
    by: str
    at: Instant


class Drawn(NamedTuple):
    """A pot, and what was given out of it."""

    name: str
    granted: int


_LAST_STEP: Final = (
    select(func.max(RULE_REVIEW.c.id))
    .where(RULE_REVIEW.c.key == RULE.c.key, RULE_REVIEW.c.step == "submitted")
    .correlate(RULE)
    .scalar_subquery()
)
_SUBMITTED: Final = (
    select(RULE.c.key, RULE.c.draft, RULE_REVIEW.c.by, RULE_REVIEW.c.at, RULE_REVIEW.c.comment)
    .join_from(RULE, RULE_REVIEW, RULE_REVIEW.c.id == _LAST_STEP)
    .where(SUBMITTED, DRAFTED)
    .order_by(RULE_REVIEW.c.at, RULE.c.key)
)


def submitted(connection: Connection, limit: int) -> list[Submitted]:
    """Return drafts that wait for approval, the one that has waited longest first."""
    return [Submitted(*row) for row in connection.execute(_SUBMITTED.limit(limit))]


def count_submitted(connection: Connection) -> int:
    """Return how many drafts wait for approval."""
    query = select(func.count()).select_from(RULE).where(SUBMITTED)
    return int(connection.execute(query).scalar_one())


def drafted(connection: Connection, by: str, limit: int) -> list[Drafted]:
    """Return drafts that somebody changed last and hasn't submitted, the newest first."""
    query = (
        select(RULE.c.key, RULE.c.draft, RULE.c.changed_by, RULE.c.changed_at)
        .where(DRAFTED, RULE.c.changed_by == by, RULE.c.approval != "submitted")
        .order_by(RULE.c.changed_at.desc(), RULE.c.key)
        .limit(limit)
    )
    return [Drafted(*row) for row in connection.execute(query)]


def given_up(connection: Connection) -> int:
    """Return how many messages and calls were given up and not sent again since."""
    query = select(func.count()).select_from(OUTBOX).where(OUTBOX.c.status == "dead")
    return int(connection.execute(query).scalar_one())


def put_off(connection: Connection, limit: int) -> tuple[int, list[str]]:
    """Return how many members' timers couldn't be decided and are to be tried again, and some of them."""
    chosen = (MEMBER.c.held_by.is_(None), MEMBER.c.revision < 0)
    count = connection.execute(select(func.count()).select_from(MEMBER).where(*chosen)).scalar_one()
    some = select(MEMBER.c.key).where(*chosen).order_by(MEMBER.c.revision, MEMBER.c.key).limit(limit)
    return int(count), list(connection.execute(some).scalars())


def fullest(connection: Connection, prefix: str, suffix: str, limit: int) -> list[Drawn]:
    """Return the pots of which most was given out, most first.

    Args:
        connection: Where to read.
        prefix: How their names begin, such as `budget/spring/`.
        suffix: How their names end, such as `/2026-11`; may be empty.
        limit: How many at most.
    """
    unused = select(LEASE.c.name, func.sum(LEASE.c.left).label("unused")).group_by(LEASE.c.name).subquery()
    granted = POT.c.granted - func.coalesce(unused.c.unused, 0)
    query = (
        select(POT.c.name, granted)
        .outerjoin_from(POT, unused, unused.c.name == POT.c.name)
        .where(POT.c.name.startswith(prefix, autoescape=True), POT.c.name.endswith(suffix, autoescape=True))
        .order_by(granted.desc(), POT.c.name)
        .limit(limit)
    )
    return [Drawn(name, int(granted)) for name, granted in connection.execute(query)]
