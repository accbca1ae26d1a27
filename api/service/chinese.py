"""Traditional characters from simplified ones, by OpenCC's dictionaries."""

from functools import cache

from opencc import OpenCC


def traditional(text: str) -> str:
    """Return a text of simplified characters in traditional ones.

    "Days later" is two words that OpenCC takes for the one that is a goddess.
    """
    return str(_converter().convert(text)).replace("天后", "天後")


@cache
def _converter() -> OpenCC:
    return OpenCC("s2tw")
