"""Message templates: text with `{{ name }}` or `{{ name|instead }}` in it, and nothing else.

A template isn't a program: it can't loop, call or compute, so that nobody who
writes one can make the server do so.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from engine.language.base import Text, words

MAX_OUTPUT: Final = 20_000
_PLACE: Final = re.compile(r"\{\{ *([^\s\"'\\|{}()\[\]]{1,128}) *(?:\|([^{}|]{0,200}))?\}\}")
_NAME: Final = re.compile(r"[A-Za-z][^\s]*")
_MARK: Final = re.compile(r"\{\{|\}\}|\{%|%\}")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")


class TemplateProblem(Exception):
    """A template holds something that isn't a name in double braces, or can't be filled.

    Attributes:
        text: What is wrong, by language.
    """

    def __init__(self, en: str, zh: str) -> None:
        """Say it in both languages."""
        super().__init__(en)
        self.text: Text = words(en, zh)


class Place(NamedTuple):
    """A place in a template.

    Attributes:
        name: What it asks for.
        instead: What stands there if that is missing; None if nothing was said.
    """

    name: str
    instead: str | None


def places_in(template: str) -> list[Place]:
    """Return the places of a template, in order, each once.

    Raises:
        TemplateProblem: If it holds braces that aren't around a name.
    """
    stray = _MARK.search(_PLACE.sub("", template))
    if stray is not None:
        raise TemplateProblem(
            f"{stray.group()!r} isn't around a name; write {{{{ name }}}} or {{{{ name|instead }}}}",
            f"“{stray.group()}”没有括住变量名；请写成 {{{{ name }}}} 或 {{{{ name|instead }}}}",
        )
    found = [Place(one[1], one[2]) for one in _PLACE.finditer(template)]
    for place in found:
        if not _NAME.fullmatch(place.name):
            raise TemplateProblem(
                f"{place.name!r} isn't a name; one begins with a letter",
                f"“{place.name}”不是变量名；变量名以字母开头",
            )
    return list(dict.fromkeys(found))


def fill(
    template: str,
    values: Mapping[str, str],
    *,
    strict: bool = False,
    escape: Callable[[str], str] = str,
) -> str:
    """Return a template with its places filled. What a value holds is never read as a template.

    Args:
        template: The text.
        values: Text by name. What is empty or isn't there is missing.
        strict: Whether a missing value without text to stand in is a problem; else it reads as nothing.
        escape: Makes a value safe where it goes, such as HTML; the template's own text is left as it is.

    Raises:
        TemplateProblem: If the template is wrong, a value is missing that must not be, or the text is
            longer than 20,000 characters.
    """
    places_in(template)

    def filled(found: re.Match[str]) -> str:
        value = values.get(found[1], "")
        if not value:
            if found[2] is None and strict:
                raise TemplateProblem(f"{found[1]} is missing", f"缺少 {found[1]}")
            value = (found[2] or "").strip()
        return escape(_CONTROL.sub(" ", value))

    text = _PLACE.sub(filled, template)
    if len(text) > MAX_OUTPUT:
        raise TemplateProblem(
            f"the text is longer than {MAX_OUTPUT} characters", f"文本超过 {MAX_OUTPUT} 个字符"
        )
    return text
