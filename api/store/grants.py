"""What only the host can give a decision: firings in all, and coupon codes (ruling 12)."""

import secrets
from typing import Final

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, text, update

from api.clock import Clock
from api.store.database import Database
from api.store.dialects import RowInsert
from api.store.schema import LEASE, TOTAL
from engine.values import MICROSECONDS, Instant

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_DRAWN: Final = 12
_CHECK: Final = 37

_LEASE_TIME: Final[Instant] = 60 * MICROSECONDS
_BLOCK: Final = 64
# A process takes a small part of what is left, so that the last firings don't all wait in one.
_SHARE: Final = 8

_COUNT_UP: Final = text(
    'INSERT INTO total ("rule", granted) VALUES (:rule, 1) ON CONFLICT ("rule") '
    "DO UPDATE SET granted = total.granted + 1 WHERE total.granted < :limit"
)
_BEGIN: Final = RowInsert(TOTAL, ["rule", "granted"], keys=["rule"])


def new_code() -> str:
    """Return a fresh coupon code.

    Twelve characters of Crockford's base 32, drawn from the system's source of
    chance (60 bits), and his check character modulo 37, which finds every
    single wrong or swapped character. Codes whose check character would not be
    a digit or a letter are drawn again.
    """
    while True:
        value = secrets.randbits(5 * _DRAWN)
        if value % _CHECK < len(_ALPHABET):
            drawn = (_ALPHABET[value >> 5 * place & 31] for place in reversed(range(_DRAWN)))
            return "".join(drawn) + _ALPHABET[value % _CHECK]


class TotalGrants:
    """Gives out a rule's firings up to its total, and never one more.

    On SQLite each is counted in the transaction that decides. On PostgreSQL
    that would make every batch wait for the one before it, so a block of
    firings is leased in a short transaction of its own, as a row that only this
    process draws on; the batch counts it down, and a rollback gives it back.
    What a process leaves unused goes back when it closes, or when its lease has
    expired and another process asks. Only rows decide: clocks that differ make
    a lease end early or late, but never count a firing twice.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        """Give out firings for one process.

        Args:
            database: Where totals are counted.
            clock: Tells when a lease expires.
        """
        self._database = database
        self._clock = clock
        self._process = secrets.token_hex(8)

    def grant(self, connection: Connection, rule: str, limit: int) -> bool:
        """Take one of a rule's firings.

        Args:
            connection: The transaction that fires; if it is undone, so is the grant.
            rule: Key of the rule.
            limit: Its firings in all, at least 1. On PostgreSQL a limit that is
                lowered holds from the next block on.

        Returns:
            False once they are used up. On PostgreSQL it may be False a little
            early, while other processes hold the last ones.
        """
        if connection.dialect.name == "sqlite":
            return connection.execute(_COUNT_UP, {"rule": rule, "limit": limit}).rowcount == 1
        return self._draw(connection, rule) or (self._lease(rule, limit) and self._draw(connection, rule))

    def give_back(self, connection: Connection, rule: str) -> None:
        """Take back a firing that was granted in this transaction and didn't come about.

        Args:
            connection: The transaction that was granted it.
            rule: Key of the rule.
        """
        if connection.dialect.name == "sqlite":
            _add(connection, rule, -1)
            return
        # The row that it was drawn from is locked by this transaction, so it is still there.
        own = (
            select(LEASE.c.owner)
            .where(LEASE.c.rule == rule, LEASE.c.owner.startswith(self._process))
            .order_by(LEASE.c.owner)
            .limit(1)
            .with_for_update(skip_locked=True)
            .scalar_subquery()
        )
        lease = update(LEASE).where(LEASE.c.rule == rule, LEASE.c.owner == own)
        connection.execute(lease.values(left=LEASE.c.left + 1))

    def close(self) -> None:
        """Give back what this process leased and didn't use. Call it after the writer has closed."""
        if self._database.dialect == "sqlite":
            return
        with self._database.write() as connection:
            own = LEASE.c.owner.startswith(self._process)
            for rule in connection.execute(
                select(LEASE.c.rule).where(own).distinct().order_by(LEASE.c.rule)
            ).scalars():
                _granted(connection, rule)
                _give_back(connection, rule, own)

    def _draw(self, connection: Connection, rule: str) -> bool:
        # A row in use is passed over: nobody ever waits for a batch to end.
        usable = (
            select(LEASE.c.owner)
            .where(LEASE.c.rule == rule, LEASE.c.owner.startswith(self._process), LEASE.c.left > 0)
            .order_by(LEASE.c.owner)
            .limit(1)
            .with_for_update(skip_locked=True)
            .scalar_subquery()
        )
        drawn = update(LEASE).where(LEASE.c.rule == rule, LEASE.c.owner == usable)
        return connection.execute(drawn.values(left=LEASE.c.left - 1)).rowcount == 1

    def _lease(self, rule: str, limit: int) -> bool:
        """Lease a block; False if nothing is free. It waits for nothing but another such block."""
        now = self._clock.now()
        with self._database.write() as connection:
            granted = _granted(connection, rule)
            granted -= _give_back(connection, rule, LEASE.c.expires_at <= now)
            free = limit - granted
            if free <= 0:
                return False
            block = max(1, min(_BLOCK, free // _SHARE))
            _add(connection, rule, block)
            # A row of its own for each block: this process's batch may hold the last one locked.
            owner = f"{self._process}:{secrets.token_hex(8)}"
            row = {"rule": rule, "owner": owner, "left": block, "expires_at": now + _LEASE_TIME}
            connection.execute(insert(LEASE), row)
        return True


def _granted(connection: Connection, rule: str) -> int:
    """Return how many firings of a rule are given out or leased, and lock the number."""
    _BEGIN.execute(connection, [(rule, 0)])
    query = select(TOTAL.c.granted).where(TOTAL.c.rule == rule).with_for_update()
    return int(connection.execute(query).scalar_one())


def _give_back(connection: Connection, rule: str, which: ColumnElement[bool]) -> int:
    """End some leases that no batch is drawing on; return how many firings that gave back."""
    ended = select(LEASE.c.owner).where(LEASE.c.rule == rule, which).with_for_update(skip_locked=True)
    owners = connection.execute(ended).scalars().all()
    if not owners:
        return 0
    these = (LEASE.c.rule == rule) & LEASE.c.owner.in_(owners)
    left = int(connection.execute(select(func.sum(LEASE.c.left)).where(these)).scalar_one())
    connection.execute(delete(LEASE).where(these))
    _add(connection, rule, -left)
    return left


def _add(connection: Connection, rule: str, count: int) -> None:
    change = update(TOTAL).where(TOTAL.c.rule == rule).values(granted=TOTAL.c.granted + count)
    connection.execute(change)
