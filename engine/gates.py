"""Behaviours of the engine, by name: what was decided under some is replayed under the same (ruling 23).

A release that decides anything otherwise than the one before it brings a gate. A
control entry says from which revision on it holds, so that each entry of the log
names its gates by its revision, also where no decision is kept of it.
"""

from collections.abc import Sequence
from typing import Final

from engine.errors import UnknownGate

RELEASE: Final = "0.1.0"
"""The release that this engine is a part of."""

BEGINNING: Final = "2026-11"
"""How the first release decides: in force where no control entry names gates."""

FINE_SPREAD: Final = "2026-12"
"""Members for whom a `while` rule fires once it is published are spread over the time that was asked for,
also where that is less than an hour."""

EACH_WAIT: Final = "2026-12b"
"""Of several waits of one rule that the same event ends, each has effects, grants and codes of its own."""

GATES: tuple[str, ...] = (BEGINNING, FINE_SPREAD, EACH_WAIT)
"""Every behaviour that this release has, oldest first; it decides under all of them."""

SETTLED: tuple[tuple[str, str], ...] = ()
"""Behaviours that this release always has, each with the last release that can decide without it."""


def known(gates: Sequence[str], release: str) -> tuple[str, ...]:
    """Return gates that a control entry brings into force.

    Args:
        gates: Their names.
        release: The release that wrote the entry.

    Raises:
        UnknownGate: If this release doesn't know one of them.
    """
    for gate in gates:
        if gate not in GATES:
            raise UnknownGate(gate, release, f"release {RELEASE} doesn't know the behaviour {gate!r}")
    return tuple(gates)


def decidable(gates: Sequence[str]) -> None:
    """Refuse to decide under gates without a behaviour that this release can't do without any more.

    Args:
        gates: Those in force.

    Raises:
        UnknownGate: If one is lacking.
    """
    for gate, release in SETTLED:
        if gate not in gates:
            text = f"release {RELEASE} can't decide without the behaviour {gate!r} any more"
            raise UnknownGate(gate, release, text)
