"""Checks of a rule's course: its nested actions, its waits, and how members leave and come again."""

from collections.abc import Iterator, Sequence

from engine.language.actions import Action, BranchAction
from engine.language.diagnostics import Diagnostic, diagnostic
from engine.language.document import RuleDocument
from engine.language.journey import MAX_ACTIONS, MAX_LEVELS, WAITS, each, inner, levels, placed
from engine.language.steps import StopAction, WaitUntilAction


def journey_findings(document: RuleDocument) -> Iterator[Diagnostic]:
    """Yield what is wrong with the course of a rule."""
    yield from _size(document)
    yield from _after_stop(document.then, "/then")
    for action, path, _, _ in placed(document):
        if isinstance(action, BranchAction) and not action.then and not action.else_:
            yield diagnostic("empty-branch", path)
        elif isinstance(action, WaitUntilAction):
            days = [name for name in ("on_weekday", "on_day", "date") if getattr(action, name) is not None]
            for name in days[1:]:
                yield diagnostic("one-day-only", f"{path}/{name}")
    yield from _waiting(document)


def _size(document: RuleDocument) -> Iterator[Diagnostic]:
    deep, many = levels(document.then), sum(1 for _ in each(document.then))
    if deep > MAX_LEVELS:
        yield diagnostic("journey-too-deep", "/then", depth=deep, most=MAX_LEVELS)
    if many > MAX_ACTIONS:
        yield diagnostic("journey-too-long", "/then", count=many, most=MAX_ACTIONS)


def _after_stop(actions: Sequence[Action], path: str) -> Iterator[Diagnostic]:
    """Yield the first action of a list that a stop before it keeps from ever being reached."""
    stopped = False
    for place, action in enumerate(actions):
        if stopped:
            yield diagnostic("never-reached", f"{path}/{place}")
            return
        stopped = isinstance(action, StopAction)
        for name, nested in inner(action):
            yield from _after_stop(nested, f"{path}/{place}/{name}")


def _waiting(document: RuleDocument) -> Iterator[Diagnostic]:
    """Yield what is said of waiting members in a rule in which nobody waits."""
    if any(isinstance(one, WAITS) for one in each(document.then)):
        return
    goal = document.goal
    if goal is not None and goal.within is None:
        yield diagnostic("goal-without-wait", "/goal")
    if document.re_entry in {"restart", "always", "not_while_waiting"}:
        yield diagnostic("re-entry-without-wait", "/re_entry")
