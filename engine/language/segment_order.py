"""In which order segments are read, so that one that reads another comes after it."""

from collections.abc import Mapping
from typing import Final

from engine.language.conditions import Compare, Condition
from engine.language.paths import walk
from engine.language.segments import SegmentDefinition

SEGMENTS: Final = "member.segments"


def segments_read(condition: Condition | None) -> list[str]:
    """Return the keys of the segments that a condition asks about, each once, in their order there."""
    found: dict[str, None] = {}
    for _, node in walk(condition, "") if condition is not None else ():
        if isinstance(node, Compare) and node.fact == SEGMENTS and node.value is not None:
            many = node.value if isinstance(node.value, list) else [node.value]
            found |= dict.fromkeys(str(one) for one in many)
    return list(found)


def circle(start: str, segments: Mapping[str, SegmentDefinition]) -> list[str]:
    """Return a way by which a segment refers to itself, with it at both ends; empty if it doesn't."""
    waiting = [[start]]
    seen: set[str] = set()
    while waiting:
        way = waiting.pop(0)
        definition = segments.get(way[-1])
        for read in segments_read(definition.condition) if definition is not None else ():
            if read == start:
                return [*way, read]
            if read not in seen:
                seen.add(read)
                waiting.append([*way, read])
    return []


def in_order(segments: Mapping[str, SegmentDefinition]) -> list[SegmentDefinition]:
    """Return the segments that a condition defines, each after those it reads, otherwise as they stand.

    Segments that refer to themselves, which `check` refuses, are left out.
    """
    done: dict[str, SegmentDefinition] = {}
    waiting = [
        one for key, one in segments.items() if one.condition is not None and not circle(key, segments)
    ]
    computed = {one.key for one in waiting}
    while waiting:
        ready = [
            one
            for one in waiting
            if all(key in done for key in segments_read(one.condition) if key in computed)
        ]
        if not ready:
            break
        done |= {one.key: one for one in ready}
        waiting = [one for one in waiting if one.key not in done]
    return list(done.values())
