"""Where tags are named: in rules, and in what the programme defines."""

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

Json = Any
How = Literal["adds", "removes", "reads"]


class Use(NamedTuple):
    """A tag that is named somewhere, and what for."""

    tag: str
    how: How


def uses_of(said: Json) -> list[Use]:
    """Return the tags that a rule or a definition names, each use once, in the order in which they stand.

    Args:
        said: The rule without its examples, or the definition, as JSON data.
    """
    return list(dict.fromkeys(_uses(said)))


def _uses(said: Json) -> Iterator[Use]:
    if isinstance(said, list):
        for one in said:
            yield from _uses(one)
    if not isinstance(said, dict):
        return
    tag, kind = said.get("tag"), said.get("type")
    if isinstance(tag, str) and isinstance(kind, str):
        yield Use(tag, "adds" if kind == "add_tag" else "removes" if kind == "remove_tag" else "reads")
    if said.get("fact") in {"member.tags", "event.tag"}:
        values = said.get("value")
        for one in values if isinstance(values, list) else [values]:
            if isinstance(one, str):
                yield Use(one, "reads")
    if isinstance(said.get("invitation"), str):
        yield Use(said["invitation"], "reads")
    for part in said.values():
        yield from _uses(part)
