"""The outbox: what must leave, and every attempt to deliver it."""

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from sqlalchemy import ColumnElement, Connection, insert, select, update

from api.store.schema import DELIVERY, MEMBER, OUTBOX
from engine.values import Instant

Status = Literal["pending", "delivered", "dead", "suppressed", "held"]
"""`held` is a message that waits for quiet hours to end; its member's timer releases it."""


class Outgoing(NamedTuple):
    """Something that must leave, or has left.

    Attributes:
        id: The effect's id, the same at every attempt.
        sequence: Global sequence of the entry that led to it.
        member: Whom it is about.
        rule: Key of the rule that asked for it.
        kind: `message` or `webhook`.
        channel: Way out.
        target: Key of the template or the endpoint.
        status: Where it stands.
        attempts: How many were begun.
        next_attempt_at: When to try, while `pending`; when it is looked at again, while `held`.
        last_error: Why the last attempt failed, or why it was suppressed.
        as_of: Instant of the decision.
    """

    id: str
    sequence: int
    member: str
    rule: str
    kind: str
    channel: str
    target: str
    status: Status
    attempts: int
    next_attempt_at: Instant
    last_error: str | None
    as_of: Instant


class Attempt(NamedTuple):
    """One attempt to deliver; `detail` is the answer, or what went wrong."""

    message: str
    at: Instant
    ok: bool
    detail: str


_ENDED: Final = ("delivered", "dead", "suppressed")
_OUTGOING: Final = select(*(OUTBOX.c[name] for name in Outgoing._fields))


def claim(connection: Connection, now: Instant, until: Instant, limit: int) -> list[Outgoing]:
    """Take what is due, so that nobody else delivers it meanwhile.

    An attempt is counted before it is made. If the process dies in between, the
    message is due again at `until`: it leaves at least once, always under the
    same id.

    Args:
        connection: A write transaction of its own, committed before delivering.
        now: What is due up to this instant is taken.
        until: When others may take it, unless `record` was called.
        limit: How many at most.

    Returns:
        What was taken, soonest first, with this attempt counted.
    """
    query = (
        _OUTGOING.where(OUTBOX.c.status == "pending", OUTBOX.c.next_attempt_at <= now)
        .order_by(OUTBOX.c.next_attempt_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    due = [Outgoing(*row) for row in connection.execute(query)]
    if due:
        change = {"attempts": OUTBOX.c.attempts + 1, "next_attempt_at": until}
        connection.execute(update(OUTBOX).where(OUTBOX.c.id.in_([one.id for one in due])).values(change))
    return [one._replace(attempts=one.attempts + 1, next_attempt_at=until) for one in due]


def lock(connection: Connection, chosen: ColumnElement[bool]) -> None:
    """Keep others from changing some rows until the transaction ends.

    Whoever changes several, and isn't the only one who may, locks them first, in the order
    of their ids: so two can't wait for each other. On SQLite the transaction itself is the lock.
    """
    connection.execute(select(OUTBOX.c.id).where(chosen).order_by(OUTBOX.c.id).with_for_update())


def record(connection: Connection, attempt: Attempt, *, status: Status, next_attempt_at: Instant) -> None:
    """Note how an attempt went.

    Args:
        connection: A write transaction.
        attempt: The attempt.
        status: `delivered`; `pending` to try again; `dead` when there is no sense in it.
        next_attempt_at: When to try again; of no account for the others.
    """
    connection.execute(insert(DELIVERY), attempt._asdict())
    change = {
        "status": status,
        "next_attempt_at": next_attempt_at,
        "last_error": None if attempt.ok else attempt.detail,
    }
    connection.execute(update(OUTBOX).where(OUTBOX.c.id == attempt.message).values(change))


def redeliver(connection: Connection, message: str, at: Instant) -> bool:
    """Send something again that was delivered or given up; tell whether there was such a thing.

    What is about a member that was erased is nothing that could be sent.
    """
    gone = select(MEMBER.c.key).where(MEMBER.c.key == OUTBOX.c.member, MEMBER.c.erased_at.is_not(None))
    chosen = (OUTBOX.c.id == message) & OUTBOX.c.status.in_(["delivered", "dead"]) & ~gone.exists()
    change = {"status": "pending", "attempts": 0, "next_attempt_at": at, "told": False}
    return connection.execute(update(OUTBOX).where(chosen).values(change)).rowcount == 1


def untold(connection: Connection, limit: int) -> list[Outgoing]:
    """Return messages of which the member's log doesn't tell yet what became of them, oldest first."""
    query = _OUTGOING.where(OUTBOX.c.told.is_(False), OUTBOX.c.status.in_(_ENDED))
    return [Outgoing(*row) for row in connection.execute(query.order_by(OUTBOX.c.sequence).limit(limit))]


def mark_told(connection: Connection, messages: Sequence[str]) -> None:
    """Note that the member's log tells what became of some messages."""
    chosen = OUTBOX.c.id.in_(messages)
    lock(connection, chosen)
    connection.execute(update(OUTBOX).where(chosen).values(told=True))


def read(connection: Connection, message: str) -> Outgoing | None:
    """Return something in the outbox, or None."""
    row = connection.execute(_OUTGOING.where(OUTBOX.c.id == message)).one_or_none()
    return None if row is None else Outgoing(*row)


def page(
    connection: Connection,
    *,
    status: Status | None,
    member: str | None = None,
    before: tuple[int, str] | None,
    limit: int,
) -> list[Outgoing]:
    """Return what is in the outbox, newest first.

    Args:
        connection: Where to read.
        status: Only these, or None for all.
        member: Only what is about this member; everybody by default.
        before: `sequence` and `id` that the page must stay below, or None for the first page.
        limit: How many at most.
    """
    query = _OUTGOING
    if status is not None:
        query = query.where(OUTBOX.c.status == status)
    if member is not None:
        query = query.where(OUTBOX.c.member == member)
    if before is not None:
        sequence, message = before
        later = (OUTBOX.c.sequence == sequence) & (OUTBOX.c.id < message)
        query = query.where((OUTBOX.c.sequence < sequence) | later)
    rows = connection.execute(query.order_by(OUTBOX.c.sequence.desc(), OUTBOX.c.id.desc()).limit(limit))
    return [Outgoing(*row) for row in rows]


def attempts(connection: Connection, messages: Sequence[str]) -> dict[str, list[Attempt]]:
    """Return every attempt to deliver some messages, oldest first."""
    found: dict[str, list[Attempt]] = {message: [] for message in messages}
    query = select(DELIVERY.c.message, DELIVERY.c.at, DELIVERY.c.ok, DELIVERY.c.detail)
    for row in connection.execute(query.where(DELIVERY.c.message.in_(messages)).order_by(DELIVERY.c.id)):
        found[row.message].append(Attempt(*row))
    return found
