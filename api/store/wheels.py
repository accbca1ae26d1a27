"""The secrets of wheels, sealed: one for each wheel and day, committed to before the first draw."""

from typing import Final, NamedTuple

from sqlalchemy import Connection, select, update

from api.store.dialects import RowInsert
from api.store.schema import WHEEL_SECRET
from engine.values import Instant


class WheelSecret(NamedTuple):
    """The secret of a wheel's draws of one day.

    Attributes:
        wheel: Key of the wheel.
        period: The day on the programme's clock, `YYYY-MM-DD`.
        commitment: SHA-256 of the secret, in hexadecimal.
        sealed: The secret, sealed under the programme's key.
        revealed_at: When it was told; None while it is secret.
    """

    wheel: str
    period: str
    commitment: str
    sealed: bytes
    revealed_at: Instant | None = None


_ADD: Final = RowInsert(WHEEL_SECRET, WheelSecret._fields, keys=["wheel", "period"])


def add(connection: Connection, secret: WheelSecret) -> WheelSecret:
    """Keep a day's secret, unless there is one.

    Returns:
        The one that stands now: of two processes that make one, the first wins.
    """
    _ADD.execute(connection, [secret])
    kept = read(connection, secret.wheel, secret.period)
    if kept is None:
        raise RuntimeError(f"the secret of {secret.wheel!r} was written and isn't there")
    return kept


def read(connection: Connection, wheel: str, period: str) -> WheelSecret | None:
    """Return the secret of a day, or None if there is none yet."""
    query = select(WHEEL_SECRET).where(WHEEL_SECRET.c.wheel == wheel, WHEEL_SECRET.c.period == period)
    row = connection.execute(query).one_or_none()
    return None if row is None else WheelSecret(*row)


def newest(connection: Connection, wheel: str, limit: int) -> list[WheelSecret]:
    """Return the secrets of a wheel, newest day first."""
    query = select(WHEEL_SECRET).where(WHEEL_SECRET.c.wheel == wheel)
    rows = connection.execute(query.order_by(WHEEL_SECRET.c.period.desc()).limit(limit))
    return [WheelSecret(*row) for row in rows]


def mark_revealed(connection: Connection, wheel: str, period: str, at: Instant) -> None:
    """Note when a secret was told; the first time stands."""
    change = update(WHEEL_SECRET).where(
        WHEEL_SECRET.c.wheel == wheel,
        WHEEL_SECRET.c.period == period,
        WHEEL_SECRET.c.revealed_at.is_(None),
    )
    connection.execute(change.values(revealed_at=at))
