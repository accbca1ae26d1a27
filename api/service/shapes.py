"""The shapes of docs/http-api.md, made from the engine's values."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

from api.crypto import TOKEN_PREFIX
from api.service.door import identity_in
from api.service.effect_wording import effect_text
from api.service.explaining import Asked, Explained
from api.service.holdings import holdings, maybe
from api.service.naming import channel_name, named, rule_in_force, rule_name
from api.service.reach import consents
from api.service.reasons import BY_ITSELF, REASONS, reason_text
from api.service.waits import held_messages, journeys
from api.service.wording import change_node, event_label, explanation, trace_node
from api.store.log import LoggedEntry
from engine.decision import Outcome
from engine.effects import AnyEffect
from engine.events import Event
from engine.index import Index
from engine.language.base import Text
from engine.language.contact import CHANNEL_NAMES
from engine.state import MemberState, Past
from engine.values import Instant, decimal_text, instant_text

Json = dict[str, Any]
_INSTANTS: Final = ("active_at", "expires_at", "due_at", "until")
_ENDED: Final = {
    "tag": "tag",
    "units": "unit",
    "hold": "redemption",
    "level": "ladder",
    "membership": "membership",
}
"""What the name of a timer is the key of; for others it is the rule's."""

_KEYS: Final = {
    "tag": "tags",
    "coupon": "coupons",
    "template": "templates",
    "unit": "units",
    "ladder": "ladders",
    "membership": "memberships",
    "segment": "segments",
    "wheel": "wheels",
    "queue": "queues",
}
"""Which kind of definition a property of one of our own events is the key of."""

_LAST_DIGITS: Final = 4


def member_detail(state: MemberState, index: Index, now: Instant) -> Json:
    """Return a member as a MemberDetail; personal values are added by whoever may open them.

    Args:
        state: The member.
        index: The rules in force, for names.
        now: The instant at which coupons are valid or not.
    """
    catalogue = index.rules.catalogue
    return {
        "id": state.member,
        "joined_at": maybe(state.joined_at),
        "zone": state.zone or catalogue.programme.zone,
        "attributes": {name: value for name, value in state.attributes.items() if not is_token(value)},
        "personal": {},
        "told": {
            name: {"at": instant_text(state.told[name].at), "source": state.told[name].source}
            for name in state.attributes
            if name in state.told
        },
        "asked_for": state.member,
        "merged": [],
        "erased": None,
        "tags": _tags(state, index),
        **holdings(state, index, now),
        "journeys": journeys(state, index),
        "waiting": held_messages(state, index),
        "consent": consents(state, index),
        "figures": figures_of(state.past, index),
        "events": state.sequence,
    }


def entry(event: Event, sequence: int | None, index: Index) -> Json:
    """Return an entry of the log as an Entry; `sequence` is None for one that is invented."""
    properties = _told(event)
    return {
        "sequence": sequence,
        "member_sequence": event.member_sequence,
        "kind": event.kind,
        "name": event.name,
        "label": event_label(event.name, event.properties, index.rules.catalogue),
        "occurred_at": instant_text(event.occurred_at),
        "recorded_at": instant_text(event.recorded_at),
        "as_of": instant_text(event.as_of),
        "mode": event.mode,
        "properties": properties,
        "names": _names(properties, index),
        "decision": None,
    }


def _names(properties: Json, index: Index) -> dict[str, Text]:
    """Return what people call those of an event's values that are keys of rules, channels or definitions."""
    catalogue = index.rules.catalogue
    found: dict[str, Text] = {}
    for name, value in properties.items():
        if not isinstance(value, str):
            continue
        if name in _KEYS and catalogue.name_of(_KEYS[name], value):
            found[name] = named(_KEYS[name], value, catalogue)
        elif name == "channel" and value in CHANNEL_NAMES:
            found[name] = channel_name(value)
        elif name == "rule" and (value in index.rules.standing or value in BY_ITSELF):
            found[name] = rule_in_force(value, index)
        elif name == "reason" and value in REASONS:
            found[name] = dict(REASONS[value])
    return found


def _told(event: Event) -> Json:
    """Return what is told of an event; of a timer or a merge what people can read, not its marks."""
    if event.kind == "merge":
        return {name: event.properties[name] for name in ("absorbed", "by", "reason")}
    if event.kind != "timer":
        return event.properties
    timer, name = event.properties["timer"], event.properties["name"]
    due_at = instant_text(event.properties["due_at"])
    of = {_ENDED.get(timer, "rule"): name} if name else {}
    return {"timer": timer, **of, "due_at": due_at}


def decision_detail(explained: Explained, logged: LoggedEntry) -> Json:
    """Return a logged decision as a DecisionDetail."""
    event = explained.event
    catalogue = explained.index.rules.catalogue
    outcomes = outcomes_of(explained)
    return {
        "id": logged.sequence,
        "sequence": logged.sequence,
        "member": event.member,
        "as_of": instant_text(event.as_of),
        "name": event.name,
        "label": event_label(event.name, event.properties, catalogue),
        "event": entry(event, logged.sequence, explained.index),
        "revision": logged.revision,
        "digest": logged.digest,
        "previous_digest": explained.state.chain,
        "explanation": explanation(outcomes),
        "outcomes": outcomes,
        "answer": explained.decision.answer or None,
    }


def evaluated(told: Sequence[Explained], state: MemberState, index: Index, now: Instant) -> Json:
    """Return what was decided without being written, and the member at the end.

    Args:
        told: Each entry with its decision.
        state: The member at the end.
        index: The rules that decided.
        now: The instant at which the member is shown.
    """
    return {
        "decisions": [
            {
                "as_of": instant_text(one.event.as_of),
                "event": entry(one.event, None, one.index),
                "outcomes": outcomes_of(one),
            }
            for one in told
        ],
        "member": member_detail(state, index, now),
    }


def outcomes_of(explained: Explained) -> list[Json]:
    """Return every rule that was asked, with its answer and its trace."""
    return [_outcome(one, explained.index) for one in explained.asked]


def outcome_summary(outcome: Outcome, index: Index) -> Json:
    """Return one rule's part in a decision, in short."""
    return {
        "rule": outcome.rule,
        "name": rule_name(outcome.rule, outcome.version, index),
        "version": outcome.version,
        "result": outcome.result,
        "effects": [
            {"type": _type(effect), "text": effect_text(effect, index.rules.catalogue, index)}
            for effect in outcome.effects
        ],
    }


def merged_members(entries: Iterable[LoggedEntry]) -> list[Json]:
    """Return who became a part of a member, by whom it was said, when and why; the last first."""
    newest = sorted(entries, key=lambda one: one.sequence, reverse=True)
    return [
        {
            "member": one.event.properties["absorbed"],
            "into": one.event.member,
            "at": instant_text(one.event.recorded_at),
            "by": one.event.properties["by"],
            "reason": one.event.properties["reason"],
            "sequence": one.sequence,
        }
        for one in newest
    ]


def erased_member(entries: Sequence[LoggedEntry]) -> Json | None:
    """Return when a member was erased, by whom and why; None if it wasn't."""
    if not entries:
        return None
    event = entries[-1].event
    told = {name: event.properties[name] for name in ("by", "why")}
    return {"at": instant_text(event.recorded_at), **told, "sequence": entries[-1].sequence}


def masked(value: str) -> str:
    """Return a personal value with so much left that its owner recognises it."""
    identity = identity_in(value)
    if identity == "email":
        name, _, host = value.partition("@")
        return f"{name[:1]}***@{host}"
    if identity == "phone":
        return f"***{value[-_LAST_DIGITS:]}"
    return f"{value[:1]}***"


def is_token(value: object) -> bool:
    """Return whether a value stands for a personal one."""
    return isinstance(value, str) and value.startswith(TOKEN_PREFIX)


def _outcome(asked: Asked, index: Index) -> Json:
    outcome, rule = asked.outcome, asked.rule
    return {
        "rule": outcome.rule,
        "name": rule_name(outcome.rule, outcome.version, index),
        "version": outcome.version,
        "step": asked.step,
        "result": outcome.result,
        "reason": reason_text(outcome.result, outcome.reason),
        "effects": [_effect(effect, index) for effect in outcome.effects],
        "trace": None
        if rule is None or asked.trace is None
        else trace_node(asked.trace, rule.document, index.rules.catalogue),
        "change": None
        if rule is None or asked.change is None
        else change_node(asked.change, rule.document, index.rules.catalogue),
    }


def _effect(effect: AnyEffect, index: Index) -> Json:
    plain: Json = msgspec.to_builtins(effect)
    for name in _INSTANTS:
        if plain.get(name) is not None:
            plain[name] = instant_text(plain[name])
    return {**plain, "text": effect_text(effect, index.rules.catalogue, index)}


def _type(effect: AnyEffect) -> str:
    return str(type(effect).__struct_config__.tag)


def _tags(state: MemberState, index: Index) -> list[Json]:
    catalogue = index.rules.catalogue
    return [
        {
            "tag": tag,
            "name": named("tags", tag, catalogue),
            "holders": [
                {
                    "holder": holder,
                    "name": _rule_holding(holder, index),
                    "since": instant_text(held.since),
                    "expires_at": maybe(held.until),
                    "why": held.why or None,
                }
                for holder, held in sorted(state.tags[tag].items())
            ],
        }
        for tag in sorted(state.tags)
    ]


def _rule_holding(holder: str, index: Index) -> Text | None:
    """Return what the rule that holds a tag is called; None if somebody else holds it."""
    rule = holder.removeprefix("rule:")
    return rule_in_force(rule, index) if rule != holder else None


def figures_of(past: Mapping[str, Past], index: Index, *, sums: bool = False) -> list[Json]:
    """Return how often each event happened; series of a part of the events are left out.

    Args:
        past: The history, by key of the series.
        index: The rules in force, which say what each series is of.
        sums: Whether `sums` tells the total of each property that rules read over all of the events.
    """
    known = index.rules.series
    totals: dict[str, dict[str, str]] = {}
    for key, one in past.items() if sums else ():
        series = known.get(key)
        if series is not None and series.property is not None and series.where is None and not series.net:
            totals.setdefault(series.event, {})[series.property] = decimal_text(one.total)
    return [
        {
            "event": name,
            "label": event_label(name, {}, index.rules.catalogue),
            "count": one.count,
            "first_at": instant_text(one.first),
            "last_at": instant_text(one.last),
            **({"sums": totals.get(name, {})} if sums else {}),
        }
        for name, one in sorted(past.items())
        if name not in known or known[name].event == name
    ]
