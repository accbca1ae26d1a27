"""What the studio needs to speak 繁體中文: the characters that differ, and the words that differ by more.

`python -m tests.support.traditional` writes `editor/src/core/traditional-data.ts` again after texts were
added. OpenCC's dictionaries weigh half a megabyte; of its phrases only those are taken along without which
a text of the product itself would read otherwise than OpenCC writes it. Texts that people wrote are
converted by characters and these phrases alone.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import Final

from api.service.chinese import traditional

ROOT: Final = Path(__file__).parents[2]
DATA: Final = ROOT / "editor" / "src" / "core" / "traditional-data.ts"
_SPOKEN_IN: Final = (
    ("editor/src", (".ts", ".tsx")),
    ("engine", (".py",)),
    ("api", (".py",)),
    ("rule_library", (".py", ".json")),
)
_RUN: Final = re.compile(r"[\u4e00-\u9fff]+")
_FIRST, _LAST = 0x4E00, 0x9FFF
_LONGEST: Final = 8
"""Of a phrase, in characters: longer ones aren't looked for before the whole run is taken."""


@cache
def characters() -> dict[str, str]:
    """Return every character that is written otherwise, by itself."""
    every = [chr(code) for code in range(_FIRST, _LAST + 1)]
    return {one: made for one in every if (made := traditional(one)) != one}


def runs() -> list[str]:
    """Return every run of Chinese characters in the texts of the product, without repetition."""
    files = (
        path
        for folder, endings in _SPOKEN_IN
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in endings and path != DATA
    )
    return sorted({run for path in files for run in _RUN.findall(path.read_text(encoding="utf-8"))})


def phrases(texts: Iterable[str]) -> dict[str, str]:
    """Return the shortest phrases with which texts are converted as OpenCC does."""
    found: dict[str, str] = {}
    for text in texts:
        wanted = traditional(text)
        while (said := converted(text, found)) != wanted:
            at = next(place for place, one in enumerate(said) if one != wanted[place])
            found |= dict([_phrase(text, wanted, at, found)])
    return found


def converted(text: str, phrases: dict[str, str]) -> str:
    """Convert a text as the studio does: at each place the longest phrase, else the character."""
    lengths = sorted({len(one) for one in phrases}, reverse=True)
    made, at = [], 0
    while at < len(text):
        length = next((one for one in lengths if text[at : at + one] in phrases), 1)
        part = text[at : at + length]
        made.append(phrases.get(part) or characters().get(part, part))
        at += length
    return "".join(made)


def _phrase(text: str, wanted: str, at: int, found: dict[str, str]) -> tuple[str, str]:
    """Return the shortest part of a text, around a place, that OpenCC converts alone as within the text."""
    for begin, end in _around(at, len(text)):
        part = text[begin:end]
        if part not in found and traditional(part) == wanted[begin:end]:
            return part, wanted[begin:end]
    return text, wanted


def _around(at: int, length: int) -> Iterator[tuple[int, int]]:
    """Return the parts that hold a place, the shortest first."""
    places = product(range(max(0, at - _LONGEST + 1), at + 1), range(at + 1, min(length, at + _LONGEST) + 1))
    yield from sorted((pair for pair in places if pair[1] - pair[0] > 1), key=lambda pair: pair[1] - pair[0])


def as_module() -> str:
    """Return the data as a module of the studio."""
    simplified = "".join(characters())
    made = "".join(characters().values())
    listed = "".join(f"  ['{one}', '{other}'],\n" for one, other in sorted(phrases(runs()).items()))
    return (
        "/** Made by `python -m tests.support.traditional` from the dictionaries of OpenCC (Apache-2.0). */\n"
        f"export const SIMPLIFIED = '{simplified}'\n\n"
        f"export const TRADITIONAL = '{made}'\n\n"
        f"export const PHRASES: readonly (readonly [string, string])[] = [\n{listed}]\n"
    )


if __name__ == "__main__":
    DATA.write_text(as_module(), encoding="utf-8")
