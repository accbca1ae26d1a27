"""Broadcasts, and drafts of them, as JSON data."""

from typing import Any, Final

import msgspec

from api.service.asking_members import worded
from api.service.rulebook import Rulebook
from api.store.broadcast_drafts import StoredDraft
from api.store.broadcasts import Became, StoredBroadcast
from engine.values import instant_text

Json = dict[str, Any]
_NOT_ASKED: Final = {"overdue": "It was due more than 24 hours ago."}


def condition_of(one: StoredBroadcast) -> Json | None:
    """Return the condition about members that a broadcast is for; None for everybody."""
    condition: Json | None = None if one.audience is None else msgspec.json.decode(one.audience)
    return condition


def told(one: StoredBroadcast, rulebook: Rulebook) -> Json:
    """Return a broadcast without its progress; `rulebook` words its audience."""
    problem, audience = one.problem, condition_of(one)
    return {
        "key": one.key,
        "name": msgspec.json.decode(one.name),
        "template": one.template,
        "channel": one.channel,
        "purpose": one.purpose,
        "audience": audience,
        "at": instant_text(one.at),
        "state": one.state,
        "problem": problem and _NOT_ASKED.get(problem, problem),
        "created_at": instant_text(one.created_at),
        "created_by": one.created_by,
        "finished_at": None if one.finished_at is None else instant_text(one.finished_at),
        "audience_text": worded(rulebook, audience),
    }


def drafted(draft: StoredDraft, rulebook: Rulebook) -> Json:
    """Return a draft, with the `etag` by which it is changed; `rulebook` words its audience."""
    said: Json = msgspec.json.decode(draft.document)
    known = {name: said.get(name) for name in ("name", "template", "channel", "audience", "at")}
    return {
        "key": draft.key,
        **known,
        "audience_text": worded(rulebook, said.get("audience")),
        "state": "draft",
        **dict.fromkeys(("purpose", "problem", "finished_at")),
        "created_at": instant_text(draft.changed_at),
        "created_by": draft.changed_by,
        "etag": draft.etag,
    }


def progress(became: list[Became]) -> Json:
    """Return how far a broadcast has come, by what became of its messages."""
    by_status = dict.fromkeys(("pending", "delivered", "dead", "held"), 0)
    suppressed: dict[str, int] = {}
    for status, why, many in became:
        if status == "suppressed":
            suppressed[why or ""] = many
        else:
            by_status[status] += many
    return {
        "members": sum(one.many for one in became),
        "reached": by_status["pending"] + by_status["delivered"],
        "delivered": by_status["delivered"],
        "waiting": by_status["held"],
        "failed": by_status["dead"],
        "suppressed": suppressed,
    }
