"""The turns of changes of rules: one number says whether any rule has changed since somebody looked."""

from typing import Any, NamedTuple

from sqlalchemy import Connection, select, update

from api.store.schema import RULE_TURN


class Turn(NamedTuple):
    """How often rules were changed.

    Attributes:
        last: The turn of the newest change.
        removed: The turn at which a rule was removed last.
    """

    last: int
    removed: int


def now(connection: Connection) -> Turn:
    """Return the newest turn, in one read."""
    return Turn(*connection.execute(select(RULE_TURN.c.last, RULE_TURN.c.removed)).one())


def take(connection: Connection, *, removing: bool = False) -> int:
    """Return the turn of a change that is under way; until it is committed, other changes wait.

    Args:
        connection: A write transaction.
        removing: Whether a rule goes by it.
    """
    mine = RULE_TURN.c.last + 1
    change: dict[str, Any] = {"last": mine, "removed": mine} if removing else {"last": mine}
    done = connection.execute(update(RULE_TURN).values(change).returning(RULE_TURN.c.last))
    return int(done.scalar_one())
