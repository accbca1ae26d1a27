"""What happened, in words: events, traces and whole decisions, in English and Chinese."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from api.service.naming import name_text
from api.service.reasons import REQUESTS, RESULTS, TIMERS
from engine.counterfactual import Change, Counterfactual
from engine.events import TIMER_FIRED
from engine.language.base import LANGUAGES, Text, words
from engine.language.catalogue import Catalogue
from engine.language.compiled import AUDIENCE
from engine.language.conditions import MEASURE_TYPES, Compare, Condition, History
from engine.language.document import RuleDocument
from engine.language.paths import walk
from engine.language.triggers import EventTrigger
from engine.language.wording import phrase, value_name
from engine.trace import Trace
from engine.values import MISSING, decimal_text, instant_text

_WIDE: Final = ("ne", "not_in", "contains", "not_contains", "starts_with", "ends_with", "is_known")
"""Comparisons that many texts fulfil: the condition itself says more than one of them would."""


def event_label(name: str, properties: Mapping[str, Any], catalogue: Catalogue) -> Text:
    """Return what people call an event; a timer by what was due, a request by what was asked for."""
    timer = TIMERS.get(str(properties.get("timer")))
    if name == TIMER_FIRED and timer is not None:
        return dict(timer)
    if name in REQUESTS:
        return dict(REQUESTS[name])
    event = catalogue.events.get(name)
    return words(name, name) if event is None else name_text(event.label, name)


def trace_node(trace: Trace, document: RuleDocument, catalogue: Catalogue) -> dict[str, Any]:
    """Return a trace as JSON data, each node with its condition in words.

    Args:
        trace: Why a condition was true or not.
        document: The version whose condition it is.
        catalogue: The names in force at that time.
    """
    return _node(trace, _conditions(document, catalogue), catalogue)


def change_node(change: Counterfactual, document: RuleDocument, catalogue: Catalogue) -> dict[str, Any]:
    """Return a smallest change as JSON data, each fact with what it would have to be in words.

    Args:
        change: What would have made the condition hold.
        document: The version whose condition it is.
        catalogue: The names in force at that time.
    """
    conditions = _conditions(document, catalogue)
    return {
        "proven": change.proven,
        "changes": [_changed(one, conditions, catalogue) for one in change.changes],
    }


def explanation(outcomes: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Return a decision in sentences, one a rule.

    Args:
        outcomes: The outcomes of a DecisionDetail.
    """
    said: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    for outcome in outcomes:
        for language, colon, comma, stop in (("en", ": ", ", ", "."), ("zh-Hans", "：", "，", "。")):
            parts = [RESULTS[outcome["result"]][language]]
            parts += [one for one in [outcome["reason"][language]] if one]
            parts += [effect["text"][language] for effect in outcome["effects"]]
            said[language].append(outcome["name"][language] + colon + comma.join(parts) + stop)
    if not outcomes:
        return {"en": ["No rule was concerned."], "zh-Hans": ["没有相关规则。"]}
    return said


def json_value(value: object, *, moments: bool = False) -> object:
    """Return a fact's value as JSON data: a fraction as decimal text, an instant as RFC 3339.

    Args:
        value: What the engine has.
        moments: Whether whole numbers are instants.
    """
    if isinstance(value, Decimal):
        return decimal_text(value)
    if moments and isinstance(value, int):
        return instant_text(value)
    return [json_value(one, moments=moments) for one in value] if isinstance(value, list | tuple) else value


def names_in(fact: str | None, value: object, catalogue: Catalogue) -> dict[str, Text]:
    """Return what people call those values of a fact that are keys: of tags, levels, segments and so on.

    Args:
        fact: Key of the fact, or None where nothing was read.
        value: What it read.
        catalogue: The names in force at that time.
    """
    found: dict[str, Text] = {}
    for one in value if isinstance(value, list | tuple) else [value]:
        if fact is not None and isinstance(one, str):
            name = words(*(value_name(fact, one, catalogue, language) for language in LANGUAGES))
            if set(name.values()) != {one}:
                found[one] = name
    return found


def _node(trace: Trace, conditions: Mapping[str, Condition], catalogue: Catalogue) -> dict[str, Any]:
    condition = conditions.get(trace.path)
    moments = _reads_instants(condition, catalogue)
    if condition is None:  # the trigger's `where` and the rule's `if`, joined by the compiler
        text = words("all of these", "以下全部")
    else:
        text = words(phrase(condition, catalogue, "en"), phrase(condition, catalogue, "zh-Hans"))
    return {
        "type": trace.type,
        "holds": trace.holds,
        "text": text,
        "path": trace.path,
        "fact": trace.fact,
        "read": json_value(trace.read, moments=moments),
        "missing": trace.missing,
        "compared": json_value(trace.compared, moments=moments),
        "names": names_in(trace.fact, trace.read, catalogue),
        "of": [_node(one, conditions, catalogue) for one in trace.of],
    }


def _changed(change: Change, conditions: Mapping[str, Condition], catalogue: Catalogue) -> dict[str, Any]:
    found = [(conditions.get(path), wanted) for path, wanted in change.wishes]
    # What a trigger asks of its event has no condition of its own in the document.
    of = found[0][0] or Compare(type="compare", fact=change.fact, op="is_known")
    moments = _reads_instants(of, catalogue)
    before, after = (json_value(one, moments=moments) for one in (change.before, change.after))
    wide = [one for one, wanted in found if wanted and isinstance(one, Compare) and one.op in _WIDE]
    wanted: list[Condition] = [*wide] or [of.model_copy(update=asked) for asked in _asked_of(change, after)]
    return {
        "fact": change.fact,
        "before": None if change.before is MISSING else before,
        "after": None if change.after is MISSING else after,
        "names": names_in(change.fact, change.before, catalogue),
        "text": words(
            ", ".join(phrase(one, catalogue, "en") for one in wanted),
            "，".join(phrase(one, catalogue, "zh-Hans") for one in wanted),
        ),
    }


def _asked_of(change: Change, after: object) -> list[dict[str, Any]]:
    """Return as comparisons what a fact would have to be."""
    if change.after is MISSING:
        return [{"op": "is_missing", "value": None}]
    if not isinstance(change.after, list):
        return [{"op": "eq", "value": after}]
    before = change.before if isinstance(change.before, list) else []
    come = [{"op": "has", "value": one} for one in change.after if one not in before]
    gone = [{"op": "has_not", "value": one} for one in before if one not in change.after]
    return come + gone or [{"op": "is_known", "value": None}]


def _reads_instants(condition: Condition | None, catalogue: Catalogue) -> bool:
    if isinstance(condition, History):
        return MEASURE_TYPES[condition.measure] == "instant"
    fact = catalogue.facts.get(condition.fact) if isinstance(condition, Compare) else None
    return fact is not None and fact.type == "instant"


def _conditions(document: RuleDocument, catalogue: Catalogue) -> dict[str, Condition]:
    """Return every condition that deciding reads, by its JSON pointer."""
    roots: list[tuple[str, Condition | None]] = [("/if", document.if_)]
    campaign = catalogue.campaigns.get(document.campaign) if document.campaign is not None else None
    if campaign is not None:
        roots.append((AUDIENCE, campaign.audience))
    if isinstance(document.when, EventTrigger):
        roots.append(("/when/where", document.when.where))
    return {path: node for at, root in roots if root is not None for path, node in walk(root, at)}
