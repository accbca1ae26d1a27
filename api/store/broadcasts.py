"""Broadcasts: what is sent to an audience at once, how far it has come, and what became of it."""

from typing import Final, Literal, NamedTuple

from sqlalchemy import Connection, case, func, insert, or_, select, update

from api.store.audiences import Counted
from api.store.schema import BROADCAST, EVENT, OUTBOX
from engine.values import Instant

State = Literal["scheduled", "running", "done", "cancelled"]


class StoredBroadcast(NamedTuple):
    """One message to everybody of whom a condition is true.

    Attributes:
        key: Names it for ever.
        name: What it is called, as JSON by language.
        template: Key of the template.
        channel: Way out.
        purpose: `marketing` or `service`, as its template was for when it was planned.
        audience: The condition as JSON, or None for everybody.
        at: When it is due.
        state: Where it stands.
        partition: Hash partition of the last member that was looked at, with `member`.
        member: Key of that member.
        since: Last global sequence of the log when it began to run; 0 before.
        problem: Why it was cancelled without anybody asking for it, or None.
        created_at: When it was planned.
        created_by: By whom.
        finished_at: When it was done or cancelled, or None.
    """

    key: str
    name: str
    template: str
    channel: str
    purpose: str
    audience: str | None
    at: Instant
    state: State
    partition: int
    member: str
    since: int
    problem: str | None
    created_at: Instant
    created_by: str
    finished_at: Instant | None

    @property
    def place(self) -> Counted:
        """The last member that was looked at."""
        return Counted(self.partition, self.member)


class Became(NamedTuple):
    """Of how many of a broadcast's messages the same became: the outbox's `status`, and why not."""

    status: str
    why: str | None
    many: int


_STORED: Final = select(*(BROADCAST.c[name] for name in StoredBroadcast._fields))


def add(connection: Connection, one: StoredBroadcast) -> None:
    """Keep a new broadcast."""
    connection.execute(insert(BROADCAST), one._asdict())


def read(connection: Connection, key: str) -> StoredBroadcast | None:
    """Return a broadcast, or None."""
    row = connection.execute(_STORED.where(BROADCAST.c.key == key)).one_or_none()
    return None if row is None else StoredBroadcast(*row)


def newest(connection: Connection, limit: int) -> list[StoredBroadcast]:
    """Return broadcasts, those planned last first."""
    query = _STORED.order_by(BROADCAST.c.created_at.desc(), BROADCAST.c.key)
    return [StoredBroadcast(*row) for row in connection.execute(query.limit(limit))]


def due(connection: Connection, now: Instant) -> StoredBroadcast | None:
    """Return the broadcast that is to be worked on: one that runs, or else the one due first."""
    ripe = (BROADCAST.c.state == "scheduled") & (BROADCAST.c.at <= now)
    query = _STORED.where(or_(ripe, BROADCAST.c.state == "running"))
    row = connection.execute(query.order_by(BROADCAST.c.at, BROADCAST.c.key).limit(1)).one_or_none()
    return None if row is None else StoredBroadcast(*row)


def begin(connection: Connection, key: str, since: int) -> None:
    """Let a broadcast that is due run, unless it was cancelled meanwhile."""
    waiting = (BROADCAST.c.key == key) & (BROADCAST.c.state == "scheduled")
    connection.execute(update(BROADCAST).where(waiting).values(state="running", since=since))


def advance(connection: Connection, one: StoredBroadcast, place: Counted) -> None:
    """Note how far a broadcast has come, unless it was cancelled or somebody else noted it."""
    here = (BROADCAST.c.key == one.key) & (BROADCAST.c.state == "running")
    here &= (BROADCAST.c.partition == one.partition) & (BROADCAST.c.member == one.member)
    connection.execute(update(BROADCAST).where(here).values(**place._asdict()))


def end(connection: Connection, key: str, state: State, at: Instant, problem: str | None = None) -> bool:
    """End a broadcast that isn't over; tell whether there was such a one.

    Args:
        connection: A write transaction.
        key: The broadcast.
        state: `done` or `cancelled`.
        at: When.
        problem: Why it was cancelled, if nobody asked for it.
    """
    open_ = (BROADCAST.c.key == key) & BROADCAST.c.state.in_(["scheduled", "running"])
    change = {"state": state, "finished_at": at, "problem": problem}
    return connection.execute(update(BROADCAST).where(open_).values(change)).rowcount == 1


def became(connection: Connection, one: StoredBroadcast, source: str) -> list[Became]:
    """Return what became of a broadcast's messages.

    Args:
        connection: Where to read.
        one: The broadcast.
        source: Source of the events by which it reaches members.
    """
    why = case((OUTBOX.c.status == "suppressed", OUTBOX.c.last_error), else_=None)
    of_it = EVENT.c.message_id.startswith(f"{one.key}:", autoescape=True) & (EVENT.c.source == source)
    query = (
        select(OUTBOX.c.status, why, func.count())
        .join(EVENT, EVENT.c.sequence == OUTBOX.c.sequence)
        .where(OUTBOX.c.sequence > one.since, OUTBOX.c.rule == "@broadcast", of_it)
        .group_by(OUTBOX.c.status, why)
    )
    return [Became(*row) for row in connection.execute(query)]
