"""Tasks for staff: found by queue, and done once."""

from typing import NamedTuple

from sqlalchemy import Connection, func, select, tuple_, update

from api.store.schema import TASK
from engine.values import Instant


class StoredTask(NamedTuple):
    """Something that a rule asks staff to do.

    Attributes:
        id: The effect's id.
        sequence: Global sequence of the entry that led to it.
        member: Whom it is about.
        rule: Key of the rule.
        queue: Name of the queue.
        priority: `normal` or `high`.
        note: What is to be done.
        status: `open` or `done`.
        as_of: When it was asked for.
        done_at: When it was done, or None.
        done_by: Who did it, or None.
        words: The note by language, as JSON; None for one text.
    """

    id: str
    sequence: int
    member: str
    rule: str
    queue: str
    priority: str
    note: str
    status: str
    as_of: Instant
    done_at: Instant | None
    done_by: str | None
    words: str | None


def page(
    connection: Connection,
    *,
    status: str = "open",
    queue: str | None = None,
    member: str | None = None,
    after: tuple[Instant, str] | None = None,
    limit: int,
) -> list[StoredTask]:
    """Return tasks, oldest first.

    Args:
        connection: Where to read.
        status: `open` or `done`.
        queue: The one queue to look into; all by default.
        member: The one member whose tasks are asked for; all by default.
        after: `as_of` and `id` of the task that the page must follow, or None for the first page.
        limit: How many at most.
    """
    query = select(*(TASK.c[name] for name in StoredTask._fields)).where(TASK.c.status == status)
    if queue is not None:
        query = query.where(TASK.c.queue == queue)
    if member is not None:
        query = query.where(TASK.c.member == member)
    if after is not None:
        query = query.where(tuple_(TASK.c.as_of, TASK.c.id) > after)
    rows = connection.execute(query.order_by(TASK.c.as_of, TASK.c.id).limit(limit))
    return [StoredTask(*row) for row in rows]


def in_queues(connection: Connection) -> dict[str, int]:
    """Return how many tasks are open, by queue; queues in which none is aren't there."""
    query = select(TASK.c.queue, func.count()).where(TASK.c.status == "open").group_by(TASK.c.queue)
    return {queue: int(count) for queue, count in connection.execute(query.order_by(TASK.c.queue))}


def read(connection: Connection, task: str) -> StoredTask | None:
    """Return a task, or None if there is none of that id."""
    query = select(*(TASK.c[name] for name in StoredTask._fields)).where(TASK.c.id == task)
    row = connection.execute(query).one_or_none()
    return None if row is None else StoredTask(*row)


def finish(connection: Connection, task: str, *, at: Instant, by: str) -> bool:
    """Note that a task is done.

    Args:
        connection: A write transaction.
        task: Its id.
        at: When.
        by: Who did it.

    Returns:
        False if there is no such task, or somebody has done it already.
    """
    change = update(TASK).where(TASK.c.id == task, TASK.c.status == "open")
    return connection.execute(change.values(status="done", done_at=at, done_by=by)).rowcount == 1
