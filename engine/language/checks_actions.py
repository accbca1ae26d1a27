"""Checks of what a rule does, action by action and in their order."""

from collections.abc import Iterator

from engine.language.actions import (
    AddTagAction,
    CallWebhookAction,
    RemoveTagAction,
    SendMessageAction,
    WaitAction,
)
from engine.language.catalogue import Catalogue
from engine.language.diagnostics import Diagnostic, diagnostic
from engine.language.document import RuleDocument
from engine.language.triggers import AbsenceTrigger, BeforeExpiryTrigger


def action_findings(document: RuleDocument, catalogue: Catalogue) -> Iterator[Diagnostic]:
    """Yield what is wrong with the actions, alone and in their order."""
    if not document.then:
        yield diagnostic("empty-then", "/then")
        return
    waited = False
    for at, action in enumerate(document.then):
        yield from _names(action, f"/then/{at}", catalogue)
        waited = waited or isinstance(action, WaitAction)
    if isinstance(document.then[-1], WaitAction):
        yield diagnostic("wait-last", f"/then/{len(document.then) - 1}")
    if document.exit is not None and not waited:
        yield diagnostic("exit-without-wait", "/exit")
    yield from _both_ways(document)
    yield from _unlimited(document)


def _names(action: object, path: str, catalogue: Catalogue) -> Iterator[Diagnostic]:
    """Yield a name that the catalogue doesn't hold."""
    if isinstance(action, AddTagAction | RemoveTagAction) and action.tag not in catalogue.tags:
        yield diagnostic("unknown-tag", f"{path}/tag", name=action.tag)
    elif isinstance(action, SendMessageAction) and action.template not in catalogue.templates:
        yield diagnostic("unknown-template", f"{path}/template", name=action.template)
    elif isinstance(action, CallWebhookAction) and action.endpoint not in catalogue.endpoints:
        yield diagnostic("unknown-endpoint", f"{path}/endpoint", name=action.endpoint)


def _both_ways(document: RuleDocument) -> Iterator[Diagnostic]:
    """Yield a tag that is put on and taken off with no wait between."""
    touched: dict[str, type] = {}
    for at, action in enumerate(document.then):
        if isinstance(action, WaitAction):
            touched.clear()
            continue
        if not isinstance(action, AddTagAction | RemoveTagAction):
            continue
        if touched.setdefault(action.tag, type(action)) is not type(action):
            yield diagnostic("add-and-remove", f"/then/{at}", name=action.tag)


def _unlimited(document: RuleDocument) -> Iterator[Diagnostic]:
    """Yield a message that may reach a member any number of times."""
    limited = document.limits is not None and document.limits.per_member is not None
    if limited or isinstance(document.when, AbsenceTrigger | BeforeExpiryTrigger):  # once an arming, an end
        return
    for at, action in enumerate(document.then):
        if isinstance(action, SendMessageAction):
            yield diagnostic("no-limit", f"/then/{at}")
