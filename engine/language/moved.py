"""Rules that name a tag which was merged: they mean the tag that took its place."""

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from engine.language.document import RuleDocument

Json: TypeAlias = Any
_TAG_EVENTS: Final = frozenset(("Tag Added", "Tag Removed"))


def as_meant(document: RuleDocument, moved: Mapping[str, str | None]) -> RuleDocument:
    """Return a rule with the names of merged tags replaced; the very same one if it has none.

    Args:
        document: The rule as it was published.
        moved: By key of a tag that is no more, the one that stands for it; None for a retired one,
            whose name stays: nobody has it.
    """
    if not moved:
        return document
    said = document.model_dump(mode="json", by_alias=True, exclude_none=True)
    meant = with_moved(said, moved, said["when"].get("event", ""))
    return document if meant == said else RuleDocument.model_validate(meant)


def with_moved(said: Json, moved: Mapping[str, str | None], event: str = "") -> Json:
    """Return a part of a rule, or a condition, as JSON data with the names of merged tags replaced.

    Args:
        said: The part.
        moved: As in `as_meant`.
        event: Name of the event that its facts of an event are about.
    """
    if isinstance(said, list):
        return [with_moved(one, moved, event) for one in said]
    if not isinstance(said, dict):
        return said
    named = said.get("event")
    about = named if isinstance(named, str) else event
    meant = {name: with_moved(part, moved, about) for name, part in said.items()}
    if isinstance(said.get("type"), str) and isinstance(said.get("tag"), str):
        meant["tag"] = moved.get(said["tag"]) or said["tag"]
    fact = said.get("fact")
    if fact == "member.tags" or (fact == "event.tag" and event in _TAG_EVENTS):
        meant["value"] = _values(said.get("value"), moved)
        if meant["value"] is None:
            del meant["value"]
    return meant


def _values(value: Json, moved: Mapping[str, str | None]) -> Json:
    if isinstance(value, list):
        return list(dict.fromkeys(_values(one, moved) for one in value))
    return (moved.get(value) or value) if isinstance(value, str) else value
