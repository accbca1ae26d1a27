"""What an event means to members who wait in rules: they leave, reach the goal, or go on."""

from typing import NamedTuple

from engine.evaluate import evaluate
from engine.events import Event
from engine.index import Index
from engine.language.actions import WaitForAction
from engine.language.compiled import CompiledRule
from engine.language.document import Exit
from engine.language.predicates import Node
from engine.observing import Stimulus
from engine.schedule import shift
from engine.state import Enrolment, MemberState


class Waiting(NamedTuple):
    """A member with the event of a step.

    Attributes:
        state: The member, the event taken in.
        event: The entry that is decided.
        in_force: The rules in force.
        zone: The member's IANA zone.
        stimulus: The step's event.
    """

    state: MemberState
    event: Event
    in_force: Index
    zone: str
    stimulus: Stimulus

    def left(self, rule: CompiledRule, wait: Enrolment) -> str:
        """Return why the member leaves a rule, or nothing. The goal comes first."""
        goal, leaving, name = rule.document.goal, rule.document.exit, self.stimulus.name
        if (
            goal is not None
            and goal.event == name
            and self._holds(rule, rule.reached)
            and not (goal.within and self.event.as_of > shift(wait.started_at, *goal.within.span, self.zone))
        ):
            return "goal"
        if isinstance(leaving, Exit) and leaving.event == name and self._holds(rule, rule.leave):
            return "exit-event"
        return "" if self.stays(rule) else "exit-condition"

    def stays(self, rule: CompiledRule) -> bool:
        """Return whether the member still meets what a rule asks of those who wait in it."""
        return self._holds(rule, rule.stays)

    def came(self, rule: CompiledRule, wait: Enrolment) -> bool:
        """Return whether this is the event that the member waits for; not one that the rule led to."""
        if wait.follows_goal or rule.key in self.stimulus.lineage:
            return False
        action = rule.journey.actions[wait.at]
        if not isinstance(action, WaitForAction) or action.event != self.stimulus.name:
            return False
        return self._holds(rule, rule.tests.get(wait.at))

    def _holds(self, rule: CompiledRule, node: Node | None) -> bool:
        """Return whether a condition holds that is asked of a rule which has started; no condition does."""
        if node is None:
            return True
        facts = self.in_force.read_later(rule, node.path, node).facts(
            properties=self.stimulus.properties,
            before=self.stimulus.before,
            state=self.state,
            as_of=self.event.as_of,
            zone=self.zone,
        )
        return evaluate(node, facts)
