"""The values that facts hold and rules compare.

A value is text, a boolean, a number (an `int`, or a `Decimal` with a
fraction), or a list of these. There are no floats: a number is read from its
text and stays exact. An instant is an `int` of microseconds since
1970-01-01T00:00:00Z.
"""

import re
from datetime import UTC, datetime, timedelta
from decimal import Context, Decimal, InvalidOperation
from enum import Enum
from typing import Final, Literal, TypeAlias

from engine.errors import InvalidValue

Instant: TypeAlias = int
"""Microseconds since 1970-01-01T00:00:00Z."""


class Missing(Enum):
    """The value of a fact that nobody has told us. It is not null and not false."""

    MISSING = "missing"

    def __repr__(self) -> str:
        """Return the name by which traces show it."""
        return "MISSING"


MISSING: Final = Missing.MISSING

Number: TypeAlias = int | Decimal
Scalar: TypeAlias = str | int | Decimal | bool
Value: TypeAlias = Scalar | list[Scalar]
MaybeValue: TypeAlias = Value | Literal[Missing.MISSING]

MICROSECONDS: Final = 1_000_000
MAX_INT: Final = 2**53
MAX_TEXT: Final = 4096
_MAX_DIGITS: Final = 34
# Not the thread's own context: its precision would round, and it is not part of the input.
_CONTEXT = Context(prec=_MAX_DIGITS)
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?\Z")
# What decimal_text writes for a fraction, if it isn't very long.
_FRACTION = re.compile(r"-?(0|[1-9][0-9]{0,14})\.[0-9]{0,15}[1-9]\Z")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def number(text: str) -> Number:
    """Read a number from its JSON text, exactly.

    Args:
        text: JSON number text; an exponent is accepted, NaN and infinity are not.

    Returns:
        An `int` when the number is whole, otherwise a normalised `Decimal`.

    Raises:
        InvalidValue: If it isn't finite, is whole and beyond 2^53, or has more
            than 34 digits.
    """
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise InvalidValue(f"{text[:40]!r} is not a number") from error
    return exact(value)


def exact(value: Decimal) -> Number:
    """Return the one form in which a number is kept: whole as `int`, else shortest `Decimal`."""
    if not value.is_finite():
        raise InvalidValue(f"{value} is not a finite number")
    _, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int) or len(digits) > _MAX_DIGITS or abs(exponent) > _MAX_DIGITS:
        raise InvalidValue(
            f"a number may have at most {_MAX_DIGITS} digits and an exponent within ±{_MAX_DIGITS}"
        )
    if value == value.to_integral_value():
        whole = int(value)
        if abs(whole) > MAX_INT:
            raise InvalidValue("a whole number may be at most 2^53 either way")
        return whole
    return value.normalize(_CONTEXT)


def decimal_text(value: Number) -> str:
    """Return a number as canonical text without an exponent: `0.05`, `1200`, `-3.5`."""
    text = str(value)
    return text if isinstance(value, int) or is_fraction(text) else format(value.normalize(_CONTEXT), "f")


def is_fraction(text: str) -> bool:
    """Return whether text is a fraction in canonical form already; a very long one is not asked."""
    return _FRACTION.match(text) is not None


def read_decimal(text: str) -> Number | None:
    """Return the number that canonical decimal text stands for, or None if it isn't one."""
    if is_fraction(text):
        return Decimal(text)
    if _NUMBER.match(text) is None or len(text) > _MAX_DIGITS + 2:
        return None
    try:
        return exact(Decimal(text))
    except InvalidValue:
        return None


def parse_instant(text: str) -> Instant:
    """Read an RFC 3339 instant.

    Raises:
        InvalidValue: If it isn't a date and time, or names no offset from UTC.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidValue(
            f"{text[:40]!r} is not an RFC 3339 instant such as 2026-11-20T21:14:03+08:00"
        ) from error
    if moment.tzinfo is None:
        raise InvalidValue(f"{text[:40]!r} has no offset; add Z or an offset such as +08:00")
    return to_instant(moment)


def to_instant(moment: datetime) -> Instant:
    """Return an aware datetime as microseconds since the epoch."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def to_datetime(instant: Instant) -> datetime:
    """Return an instant as an aware datetime in UTC."""
    return _EPOCH + timedelta(microseconds=instant)


def instant_text(instant: Instant) -> str:
    """Return an instant as RFC 3339 text in UTC, with a fraction only if there is one."""
    return to_datetime(instant).isoformat().replace("+00:00", "Z")
