"""Differences between what was recorded and what deciding again gives, each at its place."""

from typing import Any

import msgspec
import orjson


class Divergence(msgspec.Struct, frozen=True, kw_only=True):
    """A difference that replay found.

    Attributes:
        member: Whose log.
        decision: `sequence` of the entry.
        path: What differs: `digest`, `decision/outcomes/0/effects/1/points`; `timer` for one that was left
            out, or wasn't due; `sequence` for an entry that is missing before this one; `entry` for one
            that can't be decided …
        recorded: What stands in the record.
        replayed: What deciding again gives.
    """

    member: str
    decision: int
    path: str
    recorded: Any = None
    replayed: Any = None


def differences(recorded: bytes | None, replayed: bytes | None) -> list[tuple[str, Any, Any]]:
    """Return where two records of a decision differ: path, what is recorded, what was replayed."""
    try:
        left = orjson.loads(recorded) if recorded is not None else None
    except orjson.JSONDecodeError:
        return [("decision", "not readable", None)]
    right = orjson.loads(replayed) if replayed is not None else None
    found: list[tuple[str, Any, Any]] = []
    _compare("decision", left, right, found)
    return found or [("decision", "other bytes", "canonical bytes")]


def other_fields(recorded: dict[str, Any], replayed: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what of two records with the same fields isn't the same."""
    names = [name for name, value in recorded.items() if replayed[name] != value]
    return {name: recorded[name] for name in names}, {name: replayed[name] for name in names}


def _compare(path: str, left: Any, right: Any, found: list[tuple[str, Any, Any]]) -> None:
    if isinstance(left, dict) and isinstance(right, dict):
        for key in sorted({**left, **right}):
            _compare(f"{path}/{key}", left.get(key), right.get(key), found)
    elif isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        for place, (one, other) in enumerate(zip(left, right, strict=True)):
            _compare(f"{path}/{place}", one, other, found)
    elif left != right:
        found.append((path, left, right))
