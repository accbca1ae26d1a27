"""Checks of what a rule does, and of what holds it back."""

from collections.abc import Iterator

from engine.language.actions import (
    AddTagAction,
    AwardPointsByAmountAction,
    CallWebhookAction,
    IssueCouponAction,
    RemoveTagAction,
    SendMessageAction,
    WaitAction,
)
from engine.language.catalogue import Catalogue, label_of
from engine.language.checks_conditions import event_fact
from engine.language.diagnostics import Diagnostic, diagnostic
from engine.language.document import RuleDocument
from engine.language.triggers import AbsenceTrigger, EventTrigger
from engine.values import read_decimal


def action_findings(document: RuleDocument, catalogue: Catalogue) -> Iterator[Diagnostic]:
    """Yield what is wrong with the actions, alone and in their order."""
    if not document.then:
        yield diagnostic("empty-then", "/then")
        return
    waited = False
    for at, action in enumerate(document.then):
        path = f"/then/{at}"
        yield from _names(action, path, catalogue)
        if isinstance(action, AwardPointsByAmountAction):
            yield from _by_amount(action, path, document, catalogue, waited=waited)
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
    elif isinstance(action, IssueCouponAction) and action.coupon not in catalogue.coupons:
        yield diagnostic("unknown-coupon", f"{path}/coupon", name=action.coupon)
    elif isinstance(action, SendMessageAction) and action.template not in catalogue.templates:
        yield diagnostic("unknown-template", f"{path}/template", name=action.template)
    elif isinstance(action, CallWebhookAction) and action.endpoint not in catalogue.endpoints:
        yield diagnostic("unknown-endpoint", f"{path}/endpoint", name=action.endpoint)


def _by_amount(
    action: AwardPointsByAmountAction,
    path: str,
    document: RuleDocument,
    catalogue: Catalogue,
    *,
    waited: bool,
) -> Iterator[Diagnostic]:
    if read_decimal(action.points_per_unit) == 0:
        yield diagnostic("no-points", f"{path}/points_per_unit")
    fact = catalogue.facts.get(action.fact)
    if fact is None:
        yield diagnostic("unknown-fact", f"{path}/fact", name=action.fact)
        return
    names = {"name": label_of(fact.label, "en"), "name_zh": label_of(fact.label, "zh-Hans")}
    if fact.type != "number":
        yield diagnostic("needs-number-fact", f"{path}/fact", **names)
    when = document.when
    started_by = when.event if isinstance(when, EventTrigger) else None
    if waited and started_by is not None:
        yield diagnostic("event-value-after-wait", f"{path}/fact", **names)
    yield from event_fact(fact, f"{path}/fact", started_by, catalogue)


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
    if limited or isinstance(document.when, AbsenceTrigger):  # fires once an arming
        return
    for at, action in enumerate(document.then):
        if isinstance(action, SendMessageAction):
            yield diagnostic("no-limit", f"/then/{at}")
