"""What ends a member's wait, or lets it go on, as series of the history.

Whoever waits hears of the event when it comes. Only when another member becomes a
part of this one must it be known from the past: so the history keeps it.
"""

from engine.language.actions import WaitForAction
from engine.language.conditions import Condition, History
from engine.language.document import Exit, RuleDocument
from engine.language.journey import Journey
from engine.language.predicates import Figure, Node, series_of

EXIT = "exit"
GOAL = "goal"


def awaited(
    document: RuleDocument,
    journey: Journey,
    leave: Node | None,
    reached: Node | None,
    tests: dict[int, Node],
) -> dict[str, Figure]:
    """Return the last event of each kind that those who wait in a rule wait for.

    Args:
        document: The rule.
        journey: Its actions, laid out.
        leave: What the event of `exit` must satisfy, compiled.
        reached: What the event of `goal` must satisfy, compiled.
        tests: What the events of waits must satisfy, compiled, by index of the action.

    Returns:
        By `EXIT`, `GOAL`, and the index of an action that waits for an event, as text.
    """
    found: dict[str, Figure] = {}
    if isinstance(document.exit, Exit):
        found[EXIT] = _last(document.exit.event, document.exit.where, leave)
    if document.goal is not None:
        found[GOAL] = _last(document.goal.event, document.goal.where, reached)
    for at, action in enumerate(journey.actions):
        if isinstance(action, WaitForAction):
            found[str(at)] = _last(action.event, action.where, tests.get(at))
    return found


def _last(event: str, where: Condition | None, node: Node | None) -> Figure:
    asked = History(measure="last", event=event, where=where, op="is_known")
    series = series_of(asked, node)
    return Figure(f"awaited.{series.key}", series, "last", None, with_this_event=True)
