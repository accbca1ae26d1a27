"""The leaf of an entry: bytes that stand for all that is stored of it, and tell nothing personal.

A leaf holds digests. What they are digests of, the event and the decision,
holds tokens where something is personal (ruling 20), so that neither a leaf
nor a proof has to change when a member is erased.
"""

from typing import Any, Final

import orjson

from api.store.seals import StoredControl, StoredEntry
from engine import canonical

VERSION: Final = 1


def event_bytes(entry: StoredEntry) -> bytes:
    """Return the canonical bytes of an entry's event, the properties as they are stored."""
    said: dict[str, Any] = {
        "as_of": entry.as_of,
        "kind": entry.kind,
        "member": entry.member,
        "member_sequence": entry.member_sequence,
        "message_id": entry.message_id,
        "mode": entry.mode,
        "name": entry.name,
        "occurred_at": entry.occurred_at,
        "properties": orjson.Fragment(entry.properties),
        "recorded_at": entry.recorded_at,
        "source": entry.source,
        "zone": entry.zone,
    }
    return orjson.dumps(said)


def leaf_bytes(entry: StoredEntry, event: bytes) -> bytes:
    """Return the leaf of an entry.

    Args:
        entry: What is stored of it.
        event: `event_bytes` of it.
    """
    said: dict[str, Any] = {
        "content": entry.content,
        "decision": None if entry.body is None else canonical.digest_bytes(entry.body),
        "digest": entry.digest,
        "event": canonical.digest_bytes(event),
        "place": entry.member_sequence,
        "previous": entry.previous or "",
        "revision": entry.revision,
        "rules": entry.rules or "",
        "sequence": entry.sequence,
        "v": VERSION,
    }
    return orjson.dumps(said)


def chained(entry: StoredEntry, event: bytes) -> bool:
    """Return whether the digest follows from the member's previous one, the event and the decision.

    Where no decision is kept, only deciding again can tell: that is what a replay does.

    Args:
        entry: What is stored of it.
        event: `event_bytes` of it.
    """
    if entry.body is None:
        return True
    said = b"\n".join(((entry.previous or "").encode(), event, entry.content.encode(), entry.body))
    return canonical.digest_bytes(said) == entry.digest


def control_bytes(control: StoredControl) -> bytes:
    """Return the canonical bytes of a control entry that its digest is of, the body as it is stored."""
    said: dict[str, Any] = {
        "at": control.at,
        "body": orjson.Fragment(control.body),
        "by": control.by,
        "name": control.name,
        **({"previous": control.previous} if control.previous else {}),
        "revision": control.revision,
    }
    return orjson.dumps(said)
