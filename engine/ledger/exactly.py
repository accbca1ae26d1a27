"""Sums of money, exactly."""

from decimal import Context
from typing import Final

from engine.values import Number

# Not the thread's own context: its precision would round. A number has at most 34 digits and an
# exponent within ±34, so that these hold any sum exactly.
_EXACTLY: Final = Context(prec=128)


def plus(one: Number, other: Number) -> Number:
    """Return the sum of two numbers."""
    whole = isinstance(one, int) and isinstance(other, int)
    return one + other if whole else _EXACTLY.add(one, other)


def minus(one: Number, other: Number) -> Number:
    """Return the difference of two numbers."""
    whole = isinstance(one, int) and isinstance(other, int)
    return one - other if whole else _EXACTLY.subtract(one, other)
