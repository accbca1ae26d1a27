"""What would have to be different for a rule to fire: found reason by reason, and decided again.

Nothing is offered that doesn't help. The first reason is done away with as far as
the member's own history allows it, everything is decided again, and so with the next
reason, until the rule fires. Where it doesn't come to that, nothing is offered.
"""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from engine.altering import World, altered, moved
from engine.checklist import Answer, Trigger
from engine.counterfactual import smallest_change
from engine.decide import Evaluating, fold_unlogged
from engine.decision import Need
from engine.errors import EngineError
from engine.events import Event
from engine.explanation import answer_of
from engine.index import Index
from engine.language.compiled import CompiledRule
from engine.remedies import Remedy, remedy
from engine.rules import Standing
from engine.state import MemberState
from engine.supposing import not_come, resumed, supposed
from engine.timers import Due, due, fired_event, zone_of
from engine.values import Instant

Supply = Callable[[Need], Any]
Recall = Callable[[Instant], tuple[MemberState, Index]]
"""Returns a member as it was at an instant, and the rules in force then."""

MOST: Final = 4
"""How many things may have to be different at once; more isn't a change that anybody would call small."""

MAX_TIMERS: Final = 400
"""How many timers may fire until an instant to come; what lies behind more is not looked at."""


class Hopeless(Exception):
    """A change that can't be applied to the member's history."""


class Amending(NamedTuple):
    """What is needed to apply changes, and to decide again.

    Attributes:
        key: The rule.
        supply: Makes what supplies a decision, with everything scarce there.
        recall: The member in the past.
    """

    key: str
    supply: Callable[[], Supply]
    recall: Recall

    def entry(self, world: World, answer: Answer) -> tuple[Remedy, ...]:
        """Return what would have made a rule fire on an entry, all of it together; empty if nothing is known.

        Args:
            world: The member before the entry, the entry, and the rules in force.
            answer: What came of the rule.
        """
        if world.event.kind == "merge" or answer.result == "fired":
            return ()
        return self._found([], world, answer)

    def trigger(
        self, world: World, standing: Standing, trigger: Trigger, told: dict[str, Any]
    ) -> tuple[Remedy, ...]:
        """Return what would make a rule fire whose trigger didn't come, all of it together.

        Args:
            world: The member at the instant, an entry of that instant, and the rules in force.
            standing: The rule.
            trigger: Why its trigger didn't come.
            told: Properties of the event that is supposed.
        """
        index, first, taken = world.index, trigger.remedy, list[Remedy]()
        if standing.paused:
            at = world.event.as_of
            index, taken = resumed(index, standing, at), [Remedy(how="resume")]
            first = not_come(world.state, index.rules.standing[self.key], index, at, None).remedy
        if first is None:
            return ()
        taken.append(first)
        try:
            came = self._come(World(world.state, world.event, index), first, told)
        except (Hopeless, EngineError):
            return ()
        return self._found(taken, came, self._asked(came))

    def _found(self, taken: list[Remedy], world: World, answer: Answer | None) -> tuple[Remedy, ...]:
        """Do away with one reason after the other until the rule fires."""
        try:
            while answer is not None and answer.result != "fired" and len(taken) < MOST:
                one = self._remedy(world, answer)
                if one.how == "none":
                    return (one,)
                world = self._applied(world, one, answer)
                taken.append(one)
                answer = self._asked(world)
        except (Hopeless, EngineError):
            return ()
        return tuple(taken) if answer is not None and answer.result == "fired" else ()

    def _remedy(self, world: World, answer: Answer) -> Remedy:
        rule = self._rule(world)
        if answer.reason == "not-matched":
            change = smallest_change(rule.condition, answer.facts)
            if change is None or not change.changes:
                raise Hopeless
            return Remedy(how="facts", change=change)
        zone = zone_of(world.state, world.index)
        found = remedy(answer.reason, rule, world.state, world.event, zone, world.index)
        if found is None:
            raise Hopeless
        return found

    def _rule(self, world: World) -> CompiledRule:
        standing = world.index.rules.standing.get(self.key)
        if standing is None or standing.paused:
            raise Hopeless
        return standing.rule

    def _asked(self, world: World) -> Answer | None:
        """Decide, and return what came of the rule."""
        rule, evaluating = self._rule(world), Evaluating(world.index)
        decision, _ = fold_unlogged(world.state, world.event, world.index, evaluating, self.supply())
        return answer_of(decision, world.event, rule)

    def _applied(self, world: World, one: Remedy, answer: Answer) -> World:
        if one.how == "supply":
            return world
        if one.how == "facts" and one.change is not None:
            return self._told(world, one, answer)
        if one.at is None:
            raise Hopeless
        if one.how == "time":
            state, _ = self._passed(world.state, world.index, one.at)
            return moved(World(state, world.event, world.index), one.at)
        then = one.at if one.how == "sooner" else one.at - 1
        state, index = self.recall(then)
        occurred = world.event.occurred_at if one.how == "sooner" else then
        return moved(World(state, world.event, index), then, occurred)

    def _told(self, world: World, one: Remedy, answer: Answer) -> World:
        """Let other facts be told: of the event and the member first, which may move figures."""
        rule = self._rule(world)
        changes = one.change.changes if one.change is not None else ()
        figures = tuple(each for each in changes if each.fact in rule.figures)
        after = altered(world, rule, tuple(each for each in changes if each not in figures), answer.facts)
        if after is None:
            raise Hopeless
        if figures:
            again = self._asked(after)
            if again is not None and again.reason == "not-matched":
                after = altered(after, rule, figures, again.facts)
        if after is None:
            raise Hopeless
        return after

    def _come(self, world: World, first: Remedy, told: dict[str, Any]) -> World:
        """Let the trigger come: its event, the time that it waits for, or an event and its absence."""
        standing, at = world.index.rules.standing[self.key], world.event.as_of
        if first.how == "time" and first.at is not None:
            return self._ripe(world.state, world.index, first.at)
        if first.how != "event":
            raise Hopeless
        if standing.rule.absence is None:
            state, event = supposed(world.state, standing, world.index, at, told)
            return World(state, event, world.index)
        heard = _heard(world, first.event)
        evaluating = Evaluating(world.index)
        _, state = fold_unlogged(world.state, heard, world.index, evaluating, self.supply())
        due_at = next((one.ripe_at for one in due(state, world.index) if one.name == self.key), None)
        if due_at is None:
            raise Hopeless
        return self._ripe(state, world.index, due_at)

    def _ripe(self, state: MemberState, index: Index, at: Instant) -> World:
        """Let time pass until the rule's own timer fires."""
        state, mine = self._passed(state, index, at, own=True)
        if mine is None:
            raise Hopeless
        return World(state, fired_event(state, mine, recorded_at=mine.ripe_at, mode="live"), index)

    def _passed(
        self, state: MemberState, index: Index, until: Instant, *, own: bool = False
    ) -> tuple[MemberState, Due | None]:
        """Let what is due fire until an instant, that included; with `own`, stop at the rule's own timer."""
        for _ in range(MAX_TIMERS):
            pending = due(state, index)
            if not pending or pending[0].ripe_at > until:
                return state, None
            one = pending[0]
            if own and one.name == self.key and one.kind != "wait":
                return state, one
            fired = fired_event(state, one, recorded_at=one.ripe_at, mode="live")
            _, state = fold_unlogged(state, fired, index, Evaluating(index), self.supply())
        raise Hopeless


def _heard(world: World, name: str) -> Event:
    """Return an event that is only supposed, at the instant that is asked about."""
    at = world.event.as_of
    return Event(
        source=world.event.source,
        message_id=f"{world.state.member}:{world.state.sequence + 1}",
        kind="track",
        name=name,
        member=world.state.member,
        occurred_at=at,
        recorded_at=at,
        as_of=at,
        properties={},
        member_sequence=world.state.sequence + 1,
    )
