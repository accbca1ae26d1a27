"""Fair draws: numbers made from a secret that was committed to before, and is told afterwards.

For each wheel and day on the programme's clock there is one secret of 32 random
bytes. Its SHA-256, the commitment, stands before the first draw of the day and
can be asked for the day before. A draw's number is HMAC-SHA256 of its seed under
the secret. Once the day is over the secret is told: anybody can then check that it
is the one that was committed to, and that each number follows from it.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final, NamedTuple

from api.clock import Clock
from api.crypto import Keyring
from api.service.refusal import Refusal
from api.store import wheels
from api.store.connection import Connection
from api.store.wheels import WheelSecret
from engine.schedule import local
from engine.values import Instant

_SECRET_BYTES: Final = 32
_DAY: Final = timedelta(days=1)


class Fairness(NamedTuple):
    """What a wheel's draws of one day can be checked with.

    Attributes:
        period: The day on the programme's clock, `YYYY-MM-DD`.
        commitment: SHA-256 of the secret, 64 hexadecimal digits.
        secret: The secret, 64 hexadecimal digits; None until it is revealed.
    """

    period: str
    commitment: str
    secret: str | None


class Draws:
    """Draws numbers, commits to their secrets, and tells them afterwards."""

    def __init__(self, keyring: Keyring, clock: Clock, zone: Callable[[], str]) -> None:
        """Draw for one programme.

        Args:
            keyring: Seals the secrets.
            clock: Tells when a day is over.
            zone: Tells the IANA zone of the programme's clock, as it is now.
        """
        self._keyring = keyring
        self._clock = clock
        self._zone = zone

    def draw(self, connection: Connection, wheel: str, seed: str, now: Instant) -> dict[str, str]:
        """Return a number and the commitment of the secret that it is made from.

        Args:
            connection: The transaction that draws. The day's secret is made in it, if there is none.
            wheel: Key of the wheel.
            seed: What tells this draw from all others.
            now: Our clock. A secret that has been told is never drawn with, even if the clock was
                set back: the draw then belongs to the next day that is secret still.

        Returns:
            `number` and `commitment`, each 64 hexadecimal digits.
        """
        day = self._today(now)
        kept = self._secret(connection, wheel, day)
        while kept.revealed_at is not None:
            day += _DAY
            kept = self._secret(connection, wheel, day)
        number = hmac.digest(self._opened(kept), seed.encode(), "sha256").hex()
        return {"number": number, "commitment": kept.commitment}

    def commit(self, connection: Connection, wheel: str) -> list[Fairness]:
        """Commit to today's and tomorrow's secrets of a wheel, and return both commitments.

        Args:
            connection: A write transaction.
            wheel: Key of the wheel.
        """
        today = self._today(self._clock.now())
        return [self._told(self._secret(connection, wheel, day)) for day in (today, today + _DAY)]

    def reveal(self, connection: Connection, wheel: str, period: str) -> Fairness:
        """Tell the secret of a day that is over. From then on everybody may know it.

        Args:
            connection: A write transaction.
            wheel: Key of the wheel.
            period: The day on the programme's clock, `YYYY-MM-DD`.

        Raises:
            Refusal: `not-found` if nothing was drawn or committed to on that day; `not-over` if the
                day isn't over yet.
        """
        kept = wheels.read(connection, wheel, period)
        if kept is None:
            raise Refusal("not-found", "Nothing was committed to for that wheel and day.")
        now = self._clock.now()
        if kept.revealed_at is None and date.fromisoformat(period) >= self._today(now):
            raise Refusal("not-over", "The secret is told once the day is over on the programme's clock.")
        wheels.mark_revealed(connection, wheel, period, now)
        return self._told(kept._replace(revealed_at=now))

    def fairness(self, connection: Connection, wheel: str, limit: int = 100) -> list[Fairness]:
        """Return what can be told of a wheel's days, newest first: commitments, and revealed secrets."""
        return [self._told(one) for one in wheels.newest(connection, wheel, limit)]

    def _today(self, now: Instant) -> date:
        return local(now, self._zone()).date()

    def _secret(self, connection: Connection, wheel: str, day: date) -> WheelSecret:
        """Return a day's secret; it is made when it is first asked for."""
        period = day.isoformat()
        kept = wheels.read(connection, wheel, period)
        if kept is not None:
            return kept
        secret = secrets.token_bytes(_SECRET_BYTES)
        sealed = self._keyring.seal_secret(_context(wheel, period), secret.hex())
        commitment = hashlib.sha256(secret).hexdigest()
        return wheels.add(connection, WheelSecret(wheel, period, commitment, sealed))

    def _opened(self, kept: WheelSecret) -> bytes:
        return bytes.fromhex(self._keyring.open_secret(_context(kept.wheel, kept.period), kept.sealed))

    def _told(self, kept: WheelSecret) -> Fairness:
        secret = self._opened(kept).hex() if kept.revealed_at is not None else None
        return Fairness(kept.period, kept.commitment, secret)


def _context(wheel: str, period: str) -> str:
    """Return the name under which a secret is sealed."""
    return f"wheel/{wheel}/{period}"
