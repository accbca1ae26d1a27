"""What only the host can give a decision: a part of a pot, and new coupon codes (ruling 12)."""

import secrets
from typing import Final

from sqlalchemy import Connection, ScalarSelect, select, text, update

from api.clock import Clock
from api.store.database import Database
from api.store.schema import LEASE, POT
from engine.values import MICROSECONDS, Instant

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_DRAWN: Final = 12
_CHECK: Final = 37

_LEASE_TIME: Final[Instant] = 10 * MICROSECONDS
_FOR_EVER: Final[Instant] = 2**63 - 1
_BLOCK: Final = 64
# A process takes a small part of what is left, so that the last units don't all wait in one.
_SHARE: Final = 8
# All leases of a pot together hold at most this part of it unused: 1 %.
_UNUSED: Final = 100

_TAKE: Final = text(
    "INSERT INTO pot (name, granted) VALUES (:name, :amount) ON CONFLICT (name) "
    "DO UPDATE SET granted = pot.granted + :amount WHERE pot.granted + :amount <= :limit"
)
# Whatever is drawn on a block is committed after it and so made durable after it: leasing waits for no disk.
_LOCK: Final = text(
    "INSERT INTO pot (name, granted) VALUES (:name, 0) ON CONFLICT (name) "
    "DO UPDATE SET granted = pot.granted "
    "RETURNING granted, set_config('synchronous_commit', 'off', true)"
)
_LEASED: Final = text(
    'SELECT coalesce(sum("left") FILTER (WHERE NOT starts_with(owner, :process)), 0) AS others, '
    "coalesce(bool_or(expires_at <= :now), false) AS expired "
    "FROM lease WHERE name = :name"
)
# A block that isn't drawn on yet is left to whoever has just leased it, until it expires.
_TAKE_OVER: Final = text(
    "WITH idle AS (SELECT owner FROM lease WHERE name = :name AND starts_with(owner, :owner) "
    "AND (expires_at <= :until OR (drawn AND :drawn)) FOR UPDATE SKIP LOCKED), "
    "ended AS (DELETE FROM lease USING idle WHERE lease.name = :name AND lease.owner = idle.owner "
    'RETURNING lease."left") '
    'SELECT coalesce(sum("left"), 0) FROM ended'
)
_LEASE: Final = text(
    'WITH leased AS (INSERT INTO lease (name, owner, "left", drawn, expires_at) '
    "VALUES (:name, :owner, :block, false, :expires_at)) "
    "UPDATE pot SET granted = :granted WHERE name = :name"
)
_SET: Final = text("UPDATE pot SET granted = :granted WHERE name = :name")
_REST: Final = text(
    'SELECT (SELECT coalesce(sum("left"), 0) FROM lease WHERE name = :name) '
    "- (SELECT coalesce(sum(granted), 0) FROM pot WHERE name = :name)"
)


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


def is_mistyped(text: str) -> bool:
    """Return whether a text looks like such a code and has the wrong check character."""
    if len(text) != _DRAWN + 1 or any(one not in _ALPHABET for one in text):
        return False
    value = 0
    for one in text[:-1]:
        value = value << 5 | _ALPHABET.index(one)
    return value % _CHECK != _ALPHABET.index(text[-1])


class Pots:
    """Gives out what pots hold, and never one more.

    A pot counts a rule's firings (`total/<rule>`), what a budget may cost in a
    period (`budget/<key>/<split>/<period>`), coupons of a kind (`coupon/<key>`)
    or a prize's stock (`prize/<wheel>/<prize>`).

    On SQLite each grant is counted in the transaction that decides. On PostgreSQL
    that would make every batch wait for the one before it, so a block is leased
    in a short transaction of its own, as a row that only this process draws on;
    the batch counts it down, and a rollback gives it back. Blocks shrink as the
    pot empties, and all that is leased and not used is at most 1 % of the pot. For
    that, and once too little is free, a process takes over the blocks that nobody
    is drawing on just then; so it can have what is left, to the last unit.

    What a process leaves unused goes back when it closes, or when its lease has
    expired and another process asks. Only rows decide: clocks that differ make
    a lease end early or late, but never count a unit twice.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        """Give out for one process.

        Args:
            database: Where pots are counted.
            clock: Tells when a lease expires.
        """
        self._database = database
        self._clock = clock
        self._process = secrets.token_hex(8)

    def grant(self, connection: Connection, name: str, limit: int, amount: int = 1) -> bool:
        """Take some units out of a pot, all of them or none.

        Args:
            connection: The transaction that needs them; if it is undone, so is the grant.
            name: Name of the pot.
            limit: What it holds in all. On PostgreSQL a limit that is lowered
                holds from the next block on.
            amount: How many, at least 1.

        Returns:
            False if there are fewer left. On PostgreSQL it may be False a little
            early, while other transactions draw on the last blocks.

        Raises:
            ValueError: If `amount` is below 1.
        """
        if amount < 1:
            raise ValueError(f"{amount} can't be taken out of {name!r}; at least 1 is")
        if amount > limit:
            return False
        if connection.dialect.name == "sqlite":
            return connection.execute(_TAKE, {"name": name, "amount": amount, "limit": limit}).rowcount == 1
        return self._draw(connection, name, amount) or self._draw_anew(connection, name, limit, amount)

    def give_back(self, connection: Connection, name: str, amount: int = 1) -> None:
        """Put back what was granted in this transaction and didn't come about.

        Args:
            connection: The transaction that was granted it.
            name: Name of the pot.
            amount: How many.
        """
        if connection.dialect.name == "sqlite":
            _add(connection, name, -amount)
            return
        # The row that it was drawn from is locked by this transaction, so it is still there.
        self._change(connection, name, amount, self._usable(name, 0))

    def close(self) -> None:
        """Give back what this process leased and didn't use. Call it after the writer has closed."""
        if self._database.dialect == "sqlite":
            return
        with self._database.write() as connection:
            own = LEASE.c.owner.startswith(self._process)
            names = select(LEASE.c.name).where(own).distinct().order_by(LEASE.c.name)
            for name in connection.execute(names).scalars():
                connection.execute(_LOCK, {"name": name})
                _add(connection, name, -_take_over(connection, name, until=_FOR_EVER, owner=self._process))

    def _draw(self, connection: Connection, name: str, amount: int) -> bool:
        """Draw on one of this process's blocks, if one holds enough."""
        return self._change(connection, name, -amount, self._usable(name, amount))

    def _draw_anew(self, connection: Connection, name: str, limit: int, amount: int) -> bool:
        """Draw on all of this process's blocks, and on a new one for what they lack."""
        while limit + connection.execute(_REST, {"name": name}).scalar_one() >= amount:
            own = self._own(connection, name)
            held = sum(own.values())
            if held < amount and not self._lease(name, limit, amount - held, held):
                return False
            if not held:
                if self._draw(connection, name, amount):
                    return True
                continue  # another thread of this process drew on the new block first
            own = self._own(connection, name)
            if sum(own.values()) >= amount:
                for owner, left in own.items():
                    drawn = min(left, amount)
                    self._change(connection, name, -drawn, owner)
                    amount -= drawn
                return True
        return False

    def _own(self, connection: Connection, name: str) -> dict[str, int]:
        """Lock this process's blocks that no other batch draws on; return what is left in each."""
        query = (
            select(LEASE.c.owner, LEASE.c.left)
            .where(LEASE.c.name == name, LEASE.c.owner.startswith(self._process), LEASE.c.left > 0)
            .order_by(LEASE.c.owner)
            .with_for_update(skip_locked=True)
        )
        return {row.owner: row.left for row in connection.execute(query)}

    def _usable(self, name: str, amount: int) -> ScalarSelect[str]:
        # A row in use is passed over: nobody ever waits for a batch to end.
        return (
            select(LEASE.c.owner)
            .where(LEASE.c.name == name, LEASE.c.owner.startswith(self._process), LEASE.c.left >= amount)
            .order_by(LEASE.c.owner)
            .limit(1)
            .with_for_update(skip_locked=True)
            .scalar_subquery()
        )

    @staticmethod
    def _change(connection: Connection, name: str, amount: int, owner: str | ScalarSelect[str]) -> bool:
        lease = update(LEASE).where(LEASE.c.name == name, LEASE.c.owner == owner)
        return connection.execute(lease.values(left=LEASE.c.left + amount, drawn=True)).rowcount == 1

    def _lease(self, name: str, limit: int, lacking: int, held: int) -> bool:
        """Lease a block; it waits for nothing but another such block.

        Args:
            name: Name of the pot.
            limit: What it holds in all.
            lacking: What the block must hold at least.
            held: What the batch sees in this process's blocks.

        Returns:
            False if less is to be had.
        """
        now = self._clock.now()
        with self._database.write() as connection:
            granted = int(connection.execute(_LOCK, {"name": name}).one().granted)
            asked = {"name": name, "now": now, "process": self._process}
            leased = connection.execute(_LEASED, asked).one()
            wanted = min(_BLOCK * lacking, (limit - granted) // _SHARE)
            spare = limit // _UNUSED - held - int(leased.others)
            needy = limit - granted < lacking or spare < wanted
            if needy or leased.expired:
                ended = _take_over(connection, name, until=now, drawn=needy)
                granted, spare = granted - ended, spare + ended
            block = max(lacking, min(wanted, spare))
            if limit - granted < block:
                connection.execute(_SET, {"name": name, "granted": granted})
                return False
            # A row of its own for each block: this process's batch may hold the last one locked.
            owner = f"{self._process}:{secrets.token_hex(8)}"
            row = {"name": name, "owner": owner, "block": block, "expires_at": now + _LEASE_TIME}
            connection.execute(_LEASE, {**row, "granted": granted + block})
        return True


def _take_over(
    connection: Connection, name: str, *, until: Instant, drawn: bool = False, owner: str = ""
) -> int:
    """End blocks that no batch is drawing on just then.

    Args:
        connection: A transaction that has locked the pot.
        name: Name of the pot.
        until: Blocks whose lease expires then or before end.
        drawn: Whether those end, too, that were drawn on before.
        owner: How their owner's name begins; by default anybody's end.

    Returns:
        How many units were left in them; they are still to be put back into the pot.
    """
    asked = {"name": name, "until": until, "drawn": drawn, "owner": owner}
    return int(connection.execute(_TAKE_OVER, asked).scalar_one())


def _add(connection: Connection, name: str, count: int) -> None:
    change = update(POT).where(POT.c.name == name).values(granted=POT.c.granted + count)
    connection.execute(change)
