"""One byte form for every value, so that a digest means something.

Keys are sorted by code point, there is no white space, decimals are text, and
there are no floats. For ASCII keys without floats the bytes are those of
RFC 8785.
"""

import hashlib
from decimal import Decimal
from typing import Any

import orjson

from engine.values import Missing, decimal_text


def _default(value: Any) -> Any:
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, Missing):
        return None
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(f"{type(value).__name__} has no canonical form")


def encode(value: Any) -> bytes:
    """Return the canonical JSON bytes of plain data.

    Args:
        value: Dicts with text keys, lists, tuples, text, ints, decimals, booleans, None.

    Raises:
        TypeError: If it holds something else, a lone surrogate, or an int beyond 64 bits.
    """
    return orjson.dumps(value, default=_default, option=orjson.OPT_SORT_KEYS)


def digest(value: Any) -> str:
    """Return the SHA-256 of the canonical bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(encode(value)).hexdigest()


def digest_bytes(data: bytes) -> str:
    """Return the SHA-256 of bytes that are canonical already, as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()
