"""Claims: what only one may have, such as what an order number earns, over all channels."""

from typing import Final

from sqlalchemy import Connection, delete

from api.store.dialects import RowInsert
from api.store.schema import CLAIM
from engine.values import Instant

_CLAIM: Final = RowInsert(CLAIM, ["name", "entry", "at"], keys=["name"])


def claim(connection: Connection, name: str, entry: str, at: Instant) -> bool:
    """Claim a name, unless somebody has.

    On PostgreSQL whoever claims a name that another transaction has just
    claimed waits for that one to end; if it is undone, the name can be had.

    Args:
        connection: The transaction that claims; if it is undone, so is the claim.
        name: What is claimed.
        entry: Who claims it, for people to read.
        at: When.

    Returns:
        False if it has been claimed before, in this transaction or another.
    """
    return _CLAIM.execute(connection, [(name, entry, at)]) == 1


def give_back(connection: Connection, name: str) -> None:
    """Let a name be claimed again."""
    connection.execute(delete(CLAIM).where(CLAIM.c.name == name))
