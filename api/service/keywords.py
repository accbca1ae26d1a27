"""Looking for declared words in a text that doesn't go to the log itself."""

import re
import unicodedata
from functools import lru_cache


def keywords_in(text: str, keywords: tuple[str, ...]) -> list[str]:
    """Return the keywords that a text has, in the order in which they are declared.

    Letter case and width don't count. A keyword that begins or ends in a Latin
    letter or a digit is found only as whole words: "oil" isn't in "boiled".
    Chinese is found wherever it stands.
    """
    plain = _plain(text)
    return [one for one, looked_for in _patterns(keywords) if looked_for.search(plain)]


@lru_cache(maxsize=256)
def _patterns(keywords: tuple[str, ...]) -> list[tuple[str, re.Pattern[str]]]:
    found: list[tuple[str, re.Pattern[str]]] = []
    for one in dict.fromkeys(keywords):
        plain = _plain(one)
        before = r"(?<![a-z0-9])" if _is_latin(plain[:1]) else ""
        after = r"(?![a-z0-9])" if _is_latin(plain[-1:]) else ""
        found.append((one, re.compile(before + re.escape(plain) + after)))
    return found


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _is_latin(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()
