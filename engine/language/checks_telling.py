"""Checks of what a rule tells another member."""

from collections.abc import Iterator

from engine.language.catalogue import Catalogue
from engine.language.checks_conditions import event_fact
from engine.language.diagnostics import Diagnostic, diagnostic, named
from engine.language.document import RuleDocument
from engine.language.journey import started_by
from engine.language.paths import split
from engine.language.telling import TellMemberAction


def telling_findings(
    action: TellMemberAction, path: str, document: RuleDocument, catalogue: Catalogue, *, waited: bool
) -> Iterator[Diagnostic]:
    """Yield what is wrong with telling another member.

    Args:
        action: The action.
        path: JSON pointer of it.
        document: The rule.
        catalogue: The events and facts there are.
        waited: Whether a wait stands before it; the event is gone then.
    """
    event_name = started_by(document.when)
    if action.event not in catalogue.events:
        yield diagnostic("unknown-event", f"{path}/event", name=action.event)
    fact = catalogue.facts.get(action.member)
    if fact is None:
        yield diagnostic("unknown-fact", f"{path}/member", name=action.member)
    elif fact.type != "text":
        yield diagnostic("needs-text-fact", f"{path}/member", **named(fact.label))
    elif waited and event_name is not None and split(fact.path)[0] == "event":
        yield diagnostic("event-value-after-wait", f"{path}/member", **named(fact.label))
    else:
        yield from event_fact(fact, f"{path}/member", event_name, catalogue)
    yield from _along(action, path, document, catalogue, waited=waited)


def _along(
    action: TellMemberAction, path: str, document: RuleDocument, catalogue: Catalogue, *, waited: bool
) -> Iterator[Diagnostic]:
    """Yield properties that the event doesn't have, and personal ones: those stay with their member."""
    event_name = started_by(document.when)
    for at, one in enumerate(action.properties or []):
        place = f"{path}/properties/{at}/name"
        fact = catalogue.facts.get(f"event.{one.name}")
        if fact is None:
            yield diagnostic("unknown-fact", place, name=one.name)
        elif fact.personal:
            yield diagnostic("personal-fact", place, **named(fact.label))
        elif waited and event_name is not None:
            yield diagnostic("event-value-after-wait", place, **named(fact.label))
        else:
            yield from event_fact(fact, place, event_name, catalogue)
