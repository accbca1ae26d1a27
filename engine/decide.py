"""What should happen on an entry of the log, and why.

`decide` is pure: the same state, entry, rules and grants give the same
decision, on any machine and in any year. Rules of one step read one snapshot
of facts; their effects apply in order of priority and key; the internal events
that follow are the next steps, first in, first out (ruling 7).
"""

from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol

from engine.decision import Decision, Need, Outcome, Step, body, link
from engine.errors import StateMismatch
from engine.evaluate import evaluate
from engine.events import Event
from engine.firing import Firing, held_back, resolve
from engine.language.compiled import CompiledRule
from engine.language.predicates import facts as facts_of
from engine.project import Internal, apply, consume, joined, leave, observe
from engine.reading import Reading
from engine.rules import GATES, Index, Standing
from engine.state import Enrolment, MemberState, Past, changed
from engine.timers import zone_of
from engine.values import MaybeValue

MAX_DEPTH = 8
MAX_STEPS = 100


class Matching(Protocol):
    """Tells which rules of a topic are true of some facts."""

    def match(self, topic: str, facts: Mapping[str, MaybeValue]) -> list[int]:
        """Return the places of the true rules in `Index.by_topic[topic]`, ascending."""
        ...


class Evaluating:
    """The plain matching: every rule of the topic, one after the other."""

    def __init__(self, index: Index) -> None:
        """Match by the rules of an index."""
        self._index = index

    def match(self, topic: str, facts: Mapping[str, MaybeValue]) -> list[int]:
        """Return the places of the true rules of a topic, ascending."""
        rules = self._index.by_topic.get(topic, [])
        return [place for place, one in enumerate(rules) if evaluate(one.rule.condition, facts)]


class Decided(NamedTuple):
    """A decision, its canonical bytes, the digest that chains it, and the member afterwards."""

    decision: Decision
    body: bytes
    digest: str
    state: MemberState


class _Stimulus(NamedTuple):
    name: str
    properties: Mapping[str, Any]
    lineage: tuple[str, ...]
    before: dict[str, Past]


def decide(
    state: MemberState,
    event: Event,
    index: Index,
    matching: Matching,
    grants: Mapping[str, Any] | None = None,
) -> Decision:
    """Decide one entry.

    Args:
        state: The member before it.
        event: The next entry of the member's log.
        index: The rules in force.
        matching: Which rules are true of some facts.
        grants: What the host has supplied, by need.

    Returns:
        The decision. While it has `needs`, supply them and decide again.

    Raises:
        StateMismatch: If the entry doesn't follow the state.
    """
    return _Run(state, event, index, matching, grants or {}).decision()


def fold(
    state: MemberState,
    event: Event,
    index: Index,
    matching: Matching,
    supply: Callable[[Need], Any],
    content: str = "",
) -> Decided:
    """Decide one entry, with the host supplying what is lacking, and fold it in.

    Args:
        state: The member before it.
        event: The next entry of the member's log.
        index: The rules in force.
        matching: Which rules are true of some facts.
        supply: Called once for each need; what it returns is recorded.
        content: Digest of what the sender sent; empty for a timer.

    Raises:
        StateMismatch: If the entry doesn't follow the state.
    """
    grants: dict[str, Any] = {}
    while True:
        run = _Run(state, event, index, matching, grants)
        decision = run.decision()
        if not decision.needs:
            break
        grants |= {need.key: supply(need) for need in decision.needs}
    decided = body(decision)
    digest = link(state.chain, event, content, decided)
    return Decided(decision, decided, digest, changed(run.state, chain=digest))


class _Run:
    """One pass over an entry: gathers steps, outcomes and needs."""

    def __init__(
        self, state: MemberState, event: Event, index: Index, matching: Matching, grants: Mapping[str, Any]
    ) -> None:
        if event.member_sequence != state.sequence + 1 or event.as_of < state.as_of:
            raise StateMismatch(
                f"entry {event.member_sequence} at {event.as_of} doesn't follow "
                f"{state.sequence} at {state.as_of}"
            )
        self.before = state
        self.event = event
        self.index = index
        self.matching = matching
        self.grants = grants
        self.state = observe(state, event, index)
        self.zone = zone_of(self.state, index)
        self.steps: list[Step] = []
        self.outcomes: list[Outcome] = []
        self.needs: list[Need] = []
        self.used: dict[str, Any] = {}
        self.queue: deque[_Stimulus] = deque()

    def decision(self) -> Decision:
        """Return the decision of the entry."""
        observed = self.state
        refused = ""
        if self.event.mode != "facts-only":
            refused = self._chain()
        outcomes = tuple(self.outcomes)
        if refused:
            timer = self.event.kind == "timer"
            self.state = consume(observed, self.event, self.index)[0] if timer else observed
            outcomes = tuple(
                Outcome(step=one.step, rule=one.rule, version=one.version, result="refused", reason=refused)
                for one in outcomes
                if one.effects
            )
        return Decision(
            member=self.event.member,
            sequence=self.event.member_sequence,
            as_of=self.event.as_of,
            revision=self.index.rules.revision,
            gates=GATES,
            steps=tuple(self.steps),
            outcomes=outcomes,
            grants=self.used,
            needs=tuple(self.needs),
            refused=refused,
        )

    def _chain(self) -> str:
        """Run the steps until nothing follows; return why the chain was cut, or nothing."""
        if self.event.kind == "timer":
            self._timer()
        else:
            if self.before.joined_at is None:
                self.state, internal = joined(self.state, self.event, self.index)
                self._enqueue([internal], ())
            self._step(_Stimulus(self.event.name, self.event.properties, (), self.before.past))
        while self.queue:
            stimulus = self.queue.popleft()
            if len(stimulus.lineage) > MAX_DEPTH:
                return "chain-too-deep"
            if len(self.steps) >= MAX_STEPS:
                return "chain-too-long"
            self._step(stimulus)
        return ""

    def _step(self, stimulus: _Stimulus) -> None:
        self._exits(stimulus)
        rules = self.index.by_topic.get(stimulus.name, [])
        facts = self._facts(stimulus) if rules else {}
        self._note(stimulus, facts)
        if not rules:
            return
        state = self.state
        results: list[tuple[Outcome, tuple[str, ...]]] = []
        for place in self.matching.match(stimulus.name, facts):
            standing = rules[place]
            if standing.paused:
                continue
            outcome = self._outcome(standing, stimulus, facts, state)
            results.append((outcome, (*stimulus.lineage, standing.rule.key)))
        for outcome, lineage in results:
            self._apply(outcome, lineage)

    def _timer(self) -> None:
        kind, name = self.event.properties["timer"], self.event.properties["name"]
        before = self.state
        self.state, heard = consume(self.state, self.event, self.index)
        stimulus = _Stimulus(self.event.name, {}, (), before.past)
        if kind == "wait":
            self._note(stimulus, {})
            number = self.event.properties["mark"]
            wait = next(one for one in before.enrolments if (one.rule, one.number) == (name, number))
            self._resume(wait)
        elif kind == "tag":
            self._note(stimulus, {})
            self._enqueue(heard, ())
        else:
            standing = self.index.rules.standing[name]
            facts = self._read(standing.rule)
            self._note(stimulus, facts)
            if evaluate(standing.rule.condition, facts):
                self._apply(self._outcome(standing, stimulus, facts, self.state), (name,))

    def _resume(self, wait: Enrolment) -> None:
        rule = self.index.rules.version(wait.rule, wait.version)
        firing = Firing(rule, self.state, self.event, self.zone, {}, len(self.steps) - 1, self._grant)
        effects = resolve(firing, wait.resume)
        step = len(self.steps) - 1
        outcome = Outcome(step=step, rule=rule.key, version=rule.version, result="resumed", effects=effects)
        self._apply(outcome, (rule.key,))

    def _outcome(
        self, standing: Standing, stimulus: _Stimulus, facts: Mapping[str, MaybeValue], state: MemberState
    ) -> Outcome:
        rule = standing.rule
        step = len(self.steps) - 1
        firing = Firing(rule, state, self.event, self.zone, facts, step, self._grant)
        held = held_back(firing, self.index, stimulus.lineage)
        if held is not None:
            return Outcome(
                step=step, rule=rule.key, version=rule.version, result=held.result, reason=held.reason
            )
        effects = resolve(firing, 0)
        return Outcome(step=step, rule=rule.key, version=rule.version, result="fired", effects=effects)

    def _exits(self, stimulus: _Stimulus) -> None:
        if not self.state.enrolments or stimulus.name not in self.index.leaving:
            return
        gone = [one for one in self.state.enrolments if self._leaves(one, stimulus)]
        step = len(self.steps)
        for wait in gone:
            self.outcomes.append(
                Outcome(step=step, rule=wait.rule, version=wait.version, result="exited", reason="exit-event")
            )
        if gone:
            self.state = leave(self.state, [one.rule for one in gone])

    def _leaves(self, wait: Enrolment, stimulus: _Stimulus) -> bool:
        rule = self.index.rules.version(wait.rule, wait.version)
        leaving = rule.document.exit
        if leaving is None or leaving.event != stimulus.name:
            return False
        if rule.leave is None:
            return True
        facts = Reading(facts_of(rule.leave), ()).facts(
            properties=stimulus.properties,
            before=self.state.past,
            state=self.state,
            as_of=self.event.as_of,
            zone=self.zone,
        )
        return evaluate(rule.leave, facts)

    def _facts(self, stimulus: _Stimulus) -> dict[str, MaybeValue]:
        return self.index.reads(stimulus.name).facts(
            properties=stimulus.properties,
            before=stimulus.before,
            state=self.state,
            as_of=self.event.as_of,
            zone=self.zone,
        )

    def _read(self, rule: CompiledRule) -> dict[str, MaybeValue]:
        return self.index.reading_of(rule).facts(
            properties={},
            before=self.state.past,
            state=self.state,
            as_of=self.event.as_of,
            zone=self.zone,
        )

    def _note(self, stimulus: _Stimulus, facts: Mapping[str, Any]) -> None:
        first = not self.steps
        self.steps.append(
            Step(
                name=stimulus.name,
                properties={} if first else dict(stimulus.properties),
                lineage=stimulus.lineage,
                facts=dict(facts),
            )
        )

    def _apply(self, outcome: Outcome, lineage: tuple[str, ...]) -> None:
        self.outcomes.append(outcome)
        self.state, heard = apply(self.state, outcome, self.index, self.event.member_sequence)
        self._enqueue(heard, lineage)

    def _enqueue(self, heard: list[Internal], lineage: tuple[str, ...]) -> None:
        for internal in heard:
            if self.index.listens(internal.name):
                self.queue.append(_Stimulus(internal.name, internal.properties, lineage, internal.before))

    def _grant(self, need: Need) -> Any:
        """Return what the host has granted; None while it is lacking."""
        if need.key in self.grants:
            self.used[need.key] = self.grants[need.key]
            return self.grants[need.key]
        self.needs.append(need)
        return None
