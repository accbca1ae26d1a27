"""Why: what each condition read, what it compared it with, and whether it held."""

from typing import Any, Literal

import msgspec

TraceType = Literal["all", "any", "not", "compare", "history"]


class Trace(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One node of a condition, as it was answered.

    Attributes:
        type: Kind of the condition.
        holds: Whether it was true.
        path: JSON pointer of the condition in the rule document.
        fact: Fact key that was read; None for a group.
        read: The value that was read; None when missing or for a group.
        missing: Whether the fact was missing, or not of its declared type.
        compared: The operand.
        of: The parts of a group, all of them, also those that decided nothing.
    """

    type: TraceType
    holds: bool
    path: str
    fact: str | None = None
    read: Any = None
    missing: bool = False
    compared: Any = None
    of: tuple["Trace", ...] = ()
