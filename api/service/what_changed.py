"""What changed between two sets of definitions, for whoever audits."""

from typing import Any

from engine.language.definitions import Definitions

Json = dict[str, Any]


def changed_parts(before: Definitions, after: Definitions) -> tuple[Json, Json]:
    """Return the definitions that aren't the same, as they were and as they are, by kind and key."""
    old, new = _plain(before), _plain(after)
    was: Json = {}
    became: Json = {}
    for kind in sorted({*old, *new}):
        mine, theirs = _by_key(old.get(kind)), _by_key(new.get(kind))
        for key in sorted({*mine, *theirs}):
            if mine.get(key) != theirs.get(key):
                if key in mine:
                    was.setdefault(kind, {})[key] = mine[key]
                if key in theirs:
                    became.setdefault(kind, {})[key] = theirs[key]
    return was, became


def one_subject(old: Json, new: Json) -> str:
    """Return what changed as `tags/vip`, `tags` where several of a kind did, or `definitions`."""
    kinds = sorted({*old, *new})
    if len(kinds) != 1:
        return "definitions"
    (kind,) = kinds
    keys = sorted({*old.get(kind, {}), *new.get(kind, {})})
    return f"{kind}/{keys[0]}" if len(keys) == 1 and kind != "programme" else kind


def _plain(definitions: Definitions) -> Json:
    return definitions.model_dump(mode="json", by_alias=True, exclude_none=True)


def _by_key(part: Any) -> Json:
    if isinstance(part, list):
        return {str(one.get("key") or one.get("name")): one for one in part}
    return part if isinstance(part, dict) else {}
