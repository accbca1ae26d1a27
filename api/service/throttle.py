"""How fast passwords can be tried."""

import threading
from collections import OrderedDict
from typing import Final

from api.service.refusal import Refusal
from engine.values import MICROSECONDS, Instant

_MAX_FAILURES: Final = 5
_FORGET_AFTER: Final = 15 * 60 * MICROSECONDS
_REMEMBERED: Final = 10_000


class Throttle:
    """Slows down whoever guesses passwords: five failures, then a wait of up to 15 minutes.

    It counts by name and address, so that a stranger can't lock a person out,
    and by address alone, so that trying many names doesn't help.
    """

    def __init__(self) -> None:
        """Begin without any failure."""
        self._lock = threading.Lock()
        self._failures: OrderedDict[tuple[str, str], list[Instant]] = OrderedDict()

    def check(self, name: str, address: str, now: Instant) -> None:
        """Let an attempt pass.

        Raises:
            Refusal: `too-many-sign-ins`, with the seconds to wait.
        """
        with self._lock:
            waits = [
                self._wait((name, address), _MAX_FAILURES, now),
                self._wait(("", address), 10 * _MAX_FAILURES, now),
            ]
        if max(waits) > 0:
            seconds = max(waits) // MICROSECONDS + 1
            raise Refusal(
                "too-many-sign-ins", f"Wait {seconds} seconds, then try again.", retry_after=seconds
            )

    def failed(self, name: str, address: str, now: Instant) -> None:
        """Count a wrong password."""
        with self._lock:
            for who in ((name, address), ("", address)):
                recent = [at for at in self._failures.pop(who, []) if at > now - _FORGET_AFTER]
                self._failures[who] = [*recent, now]
            while len(self._failures) > _REMEMBERED:
                self._failures.popitem(last=False)

    def succeeded(self, name: str, address: str) -> None:
        """Forget the failures of a name at an address."""
        with self._lock:
            self._failures.pop((name, address), None)

    def _wait(self, who: tuple[str, str], allowed: int, now: Instant) -> Instant:
        recent = [at for at in self._failures.get(who, []) if at > now - _FORGET_AFTER]
        return recent[-allowed] + _FORGET_AFTER - now if len(recent) >= allowed else 0
