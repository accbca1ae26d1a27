"""Telling the story of a rule's example, and what came of it."""

from collections.abc import Sequence
from typing import Any

import msgspec

from api.service.calls import CallKind
from api.service.story import Chapter, Told, rules_of, tell
from engine.effects import AnyEffect, SendMessage, StartWait, TakeBranch
from engine.events import MEMBER_IDENTIFIED
from engine.language.catalogue import Catalogue
from engine.language.document import Example, RuleDocument
from engine.values import instant_text, parse_instant

HIDDEN = frozenset({
    "id", "action", "holder", "code", "expires_at", "active_at", "number", "commitment",
    "until", "lineage", "waited", "enrolment", "why", "instead_of",
})  # fmt: skip


def effects_of_example(
    example: Example, document: RuleDocument, others: Sequence[RuleDocument], catalogue: Catalogue
) -> list[dict[str, Any]]:
    """Return the effects that a rule has in an example, in order, waits and branches left out.

    Args:
        example: One of the rule's examples.
        document: The rule.
        others: Rules that are in force beside it.
        catalogue: What the rules speak of.
    """
    events = [told_of(call) for call in example.given]
    until = parse_instant(example.until) if example.until is not None else None
    chapters, _ = tell(events, rules_of([document, *others], catalogue), until=until)
    return asserted_effects(chapters, document, example)


def asserted_effects(
    chapters: Sequence[Chapter], document: RuleDocument, example: Example
) -> list[dict[str, Any]]:
    """Return what came of an example that was told: the effects that it has to promise, in order."""
    return [
        {"at": instant_text(chapter.event.as_of), **shown(effect)}
        for chapter in chapters
        for outcome in chapter.decided.decision.outcomes
        if outcome.rule == document.key or outcome.rule in example.also
        for effect in outcome.effects
        if not isinstance(effect, StartWait | TakeBranch)
    ]


def told_of(call: dict[str, Any]) -> Told:
    """Return what a call of an example tells."""
    zone = call.get("context", {}).get("timezone")
    at = parse_instant(call["timestamp"])
    if call["type"] == "identify":
        return Told("identify", MEMBER_IDENTIFIED, call.get("traits", {}), at, zone)
    kind: CallKind = "request" if call["type"] == "request" else "track"
    return Told(kind, call["event"], call.get("properties", {}), at, zone)


def shown(effect: AnyEffect) -> dict[str, Any]:
    """Return an effect as an example writes it: what is asked for, without ids and codes."""
    said = msgspec.to_builtins(effect).items()
    told = {
        name: list(value) if isinstance(value, tuple) else value for name, value in said if name not in HIDDEN
    }
    if isinstance(effect, SendMessage) and effect.until is not None:
        told["held_until"] = instant_text(effect.until)
    return told
