"""Traditional characters from simplified ones, by OpenCC's dictionaries."""

from functools import cache

from opencc import OpenCC


def traditional(text: str) -> str:
    """Return a text of simplified characters in traditional ones."""
    return str(_converter().convert(text))


@cache
def _converter() -> OpenCC:
    return OpenCC("s2tw")
