"""Message templates: text with `{{ name }}` in it, and nothing else.

A template isn't a program: it can't loop, call or compute, so that nobody who
writes one can make the server do so.
"""

import re
from collections.abc import Mapping
from typing import Final

MAX_OUTPUT: Final = 20_000
_PLACE: Final = re.compile(r"\{\{ *([A-Za-z][A-Za-z0-9_.]{0,127}) *\}\}")
_MARK: Final = re.compile(r"\{\{|\}\}|\{%|%\}")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")


class TemplateProblem(Exception):
    """A template holds something that isn't a name in double braces, or its text is too long."""


def names_in(template: str) -> list[str]:
    """Return the names that a template asks for, in order, each once.

    Raises:
        TemplateProblem: If it holds braces that aren't around a name.
    """
    stray = _MARK.search(_PLACE.sub("", template))
    if stray is not None:
        raise TemplateProblem(f"{stray.group()!r} isn't around a name; write {{{{ name }}}}")
    return list(dict.fromkeys(_PLACE.findall(template)))


def fill(template: str, values: Mapping[str, str]) -> str:
    """Return a template with its places filled. What a value holds is never read as a template.

    Args:
        template: The text.
        values: Text by name; a name that isn't there reads as nothing.

    Raises:
        TemplateProblem: If the template is wrong, or the text longer than 20,000 characters.
    """
    names_in(template)
    text = _PLACE.sub(lambda found: _CONTROL.sub(" ", values.get(found[1], "")), template)
    if len(text) > MAX_OUTPUT:
        raise TemplateProblem(f"the text is longer than {MAX_OUTPUT} characters")
    return text
