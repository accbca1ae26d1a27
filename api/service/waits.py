"""What a member waits for, as shapes: journeys under way, and messages that wait for quiet hours to end."""

from typing import Any

from api.service.naming import channel_name, named, rule_name
from engine.errors import UnknownVersion
from engine.index import Index
from engine.language.actions import Action, WaitForAction
from engine.language.base import LANGUAGES, Text
from engine.language.wording import phrase
from engine.state import Enrolment, HeldMessage, MemberState
from engine.values import instant_text

Json = dict[str, Any]


def journeys(state: MemberState, index: Index) -> list[Json]:
    """Return the rules that the member is in, in the order they began.

    `waits` is what the member waits for: `time`, `event` (until `next_at` at the latest), or `goal`
    once it is through. `step` says it in words, and `then` what comes after it; each is None where
    there is none.

    Args:
        state: The member.
        index: The rules in force; every version that is in use is known.
    """
    return [_journey(one, index) for one in state.enrolments]


def held_messages(state: MemberState, index: Index) -> list[Json]:
    """Return the messages that wait for quiet hours to end, in the order they were asked for."""
    return [_held(one, index) for one in state.waiting]


def _journey(wait: Enrolment, index: Index) -> Json:
    step, after = _places(wait, index)
    kind = "event" if isinstance(step, WaitForAction) else "time"
    return {
        "rule": wait.rule,
        "name": rule_name(wait.rule, wait.version, index),
        "version": wait.version,
        "started_at": instant_text(wait.started_at),
        "next_at": instant_text(wait.due_at),
        "waits": "goal" if wait.follows_goal else kind,
        "step": _said(step, index),
        "then": _said(after, index),
    }


def _places(wait: Enrolment, index: Index) -> tuple[Action | None, Action | None]:
    """Return the action that waits, and the one that comes after it."""
    if wait.follows_goal or wait.at < 0:
        return None, None
    try:
        actions = index.rules.version(wait.rule, wait.version).journey.actions
    except UnknownVersion:
        return None, None
    return actions[wait.at], actions[wait.resume] if wait.resume < len(actions) else None


def _said(action: Action | None, index: Index) -> Text | None:
    """Return an action in words, without what is nested in it."""
    if action is None:
        return None
    if isinstance(action, WaitForAction):
        action = action.model_copy(update={"then": None, "else_": None})
    return {language: phrase(action, index.rules.catalogue, language) for language in LANGUAGES}


def _held(held: HeldMessage, index: Index) -> Json:
    return {
        "id": held.id,
        "rule": held.rule,
        "rule_name": rule_name(held.rule, held.version, index),
        "channel": held.channel,
        "channel_name": channel_name(held.channel),
        "template": held.template,
        "template_name": named("templates", held.template, index.rules.catalogue),
        "until": instant_text(held.until),
    }
