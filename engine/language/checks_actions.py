"""Checks of what a rule does, action by action and in their order."""

from collections.abc import Iterator
from typing import Final

from engine.language.actions import (
    Action,
    AddTagAction,
    CallWebhookAction,
    RemoveTagAction,
    SendMessageAction,
)
from engine.language.catalogue import Catalogue
from engine.language.checks_tags import named_tag
from engine.language.checks_telling import telling_findings
from engine.language.days import AnniversaryTrigger, HolidayTrigger
from engine.language.diagnostics import Diagnostic, diagnostic
from engine.language.document import RuleDocument
from engine.language.journey import WAITS, inner, located, placed
from engine.language.telling import TellMemberAction
from engine.language.triggers import AbsenceTrigger, BeforeExpiryTrigger

_RARE: Final = (AbsenceTrigger, AnniversaryTrigger, BeforeExpiryTrigger, HolidayTrigger)
"""What comes once an arming, a year, an end: a message there needs no limit."""


def action_findings(document: RuleDocument, catalogue: Catalogue) -> Iterator[Diagnostic]:
    """Yield what is wrong with the actions, alone and in their order."""
    if not document.then:
        yield diagnostic("empty-then", "/then")
        return
    actions = [(one.action, one.path) for one in placed(document)]
    for action, path, waited, _ in placed(document):
        yield from _names(action, path, catalogue)
        if isinstance(action, TellMemberAction):
            yield from telling_findings(action, path, document, catalogue, waited=waited)
    if _waits_for_nothing(document.then[-1]):
        yield diagnostic("wait-last", f"/then/{len(document.then) - 1}")
    if document.exit is not None and not any(isinstance(action, WAITS) for action, _ in actions):
        yield diagnostic("exit-without-wait", "/exit")
    yield from _both_ways(document)
    yield from _unlimited(document)


def _names(action: object, path: str, catalogue: Catalogue) -> Iterator[Diagnostic]:
    """Yield a name that the catalogue doesn't hold."""
    if isinstance(action, AddTagAction | RemoveTagAction):
        yield from named_tag(action.tag, f"{path}/tag", catalogue, puts_on=isinstance(action, AddTagAction))
    elif isinstance(action, SendMessageAction) and action.template not in catalogue.templates:
        yield diagnostic("unknown-template", f"{path}/template", name=action.template)
    elif isinstance(action, CallWebhookAction) and action.endpoint not in catalogue.endpoints:
        yield diagnostic("unknown-endpoint", f"{path}/endpoint", name=action.endpoint)


def _waits_for_nothing(action: Action) -> bool:
    """Return whether nothing comes of a wait that is the last action."""
    return isinstance(action, WAITS) and not any(nested for _, nested in inner(action))


def _both_ways(document: RuleDocument) -> Iterator[Diagnostic]:
    """Yield a tag that is put on and taken off with no wait, and no other list of actions, between."""
    touched: dict[str, type] = {}
    before = ""
    for action, path, _, _ in placed(document):
        stands_in = path.rpartition("/")[0]
        if isinstance(action, WAITS) or stands_in != before:
            touched.clear()
        before = stands_in
        if not isinstance(action, AddTagAction | RemoveTagAction):
            continue
        if touched.setdefault(action.tag, type(action)) is not type(action):
            yield diagnostic("add-and-remove", path, name=action.tag)


def _unlimited(document: RuleDocument) -> Iterator[Diagnostic]:
    """Yield a message that may reach a member any number of times."""
    limited = document.limits is not None and document.limits.per_member is not None
    limited = limited or document.re_entry == "once"
    if limited or isinstance(document.when, _RARE):
        return
    for path, action in located(document.then, "/then"):
        if isinstance(action, SendMessageAction):
            yield diagnostic("no-limit", path)
