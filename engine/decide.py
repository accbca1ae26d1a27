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
from engine.events import ORDER_COMPLETED, Event
from engine.language.compiled import CompiledRule
from engine.language.predicates import facts as facts_of
from engine.ledger.postings import Record
from engine.outcomes import afforded, counted, fired, notice, of_request, resumed
from engine.programme.ends import RETURNS, ended, returned, ripe, risen
from engine.programme.occasion import Occasion
from engine.project import ENDS, Internal, apply, consume, joined, leave, observe
from engine.reading import Reading
from engine.rules import GATES, Index
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
    """A decision, its canonical bytes, the digest that chains it, the member afterwards, and the books."""

    decision: Decision
    body: bytes
    digest: str
    state: MemberState
    records: list[Record]


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
    return Decided(decision, decided, digest, changed(run.state, chain=digest), run.records)


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
        self.records: list[Record] = []
        self.answer: dict[str, Any] = {}
        self.unsettled = False
        self.standing = 0
        self.queue: deque[_Stimulus] = deque()

    def decision(self) -> Decision:
        """Return the decision of the entry."""
        observed = self.state
        refused = ""
        if self.event.mode != "facts-only":
            refused = self._chain()
        outcomes = tuple(self.outcomes)
        if refused:
            outcomes = self._cut(observed, refused)
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
            answer=self.answer,
        )

    def _cut(self, observed: MemberState, refused: str) -> tuple[Outcome, ...]:
        """Undo a chain that was cut; what the entry itself led to, before any rule, stands."""
        stands = self.outcomes[: self.standing]
        undone = [one for one in self.outcomes[len(stands) :] if one.effects]
        timer = self.event.kind == "timer"
        self.state = consume(observed, self.event, self.index)[0] if timer else observed
        self.records = []
        for one in stands:
            self.state, _, records = apply(self.state, one, self.index, self.event)
            self.records += records
        return (
            *stands,
            *(
                Outcome(step=one.step, rule=one.rule, version=one.version, result="refused", reason=refused)
                for one in undone
            ),
        )

    def _chain(self) -> str:
        """Run the steps until nothing follows; return why the chain was cut, or nothing."""
        if self.event.kind == "timer":
            self._timer()
        else:
            if self.before.joined_at is None:
                self.state, internal = joined(self.state, self.event, self.index)
                self._enqueue([internal], ())
            if self.state.books.accounts:
                ended_now = ripe(self.state, self.event)
                if ended_now is not None:
                    self._apply(ended_now, ())
            if self.event.kind == "request" or self.event.name in RETURNS:
                self._by_request()
            self.standing = len(self.outcomes)
            self.unsettled |= self.event.name in self.index.moving or self.event.name == ORDER_COMPLETED
            self._step(_Stimulus(self.event.name, self.event.properties, (), self.before.past))
        while self.queue or (self.unsettled and self._settled()):
            if not self.queue:
                continue
            stimulus = self.queue.popleft()
            if len(stimulus.lineage) > MAX_DEPTH:
                return "chain-too-deep"
            if len(self.steps) >= MAX_STEPS:
                return "chain-too-long"
            self._step(stimulus)
        return ""

    def _by_request(self) -> None:
        """Carry out what the entry itself asks for or takes back, before any rule is asked."""
        event = self.event
        if event.kind == "request":
            done, self.answer = of_request(self.state, event, self.index, self._grant)
            self._apply(done, ())
        elif event.kind == "track":
            undone = returned(self.state, self.before, event, self.index, 0)
            if undone is not None:
                self._apply(undone, ())

    def _settled(self) -> bool:
        """Take back what a late order owes and move the member up; return whether anything was done.

        It runs when nothing else follows, so that it sees all that the rules have given.
        """
        self.unsettled = False
        step = len(self.steps) - 1
        done = False
        if self.event.name == ORDER_COMPLETED and self.event.kind == "track":
            undone = returned(self.state, self.before, self.event, self.index, step)
            if undone is not None:
                self._apply(undone, ())
                done = True
        moved = (
            risen(self.state, self.event, self.index, step, self.zone) if self.index.rules.ladders else None
        )
        if moved is not None:
            self._apply(moved, ())
            done = True
        return done

    def _step(self, stimulus: _Stimulus) -> None:
        self._exits(stimulus)
        rules = self.index.by_topic.get(stimulus.name, [])
        facts = self._facts(stimulus) if rules else {}
        self._note(stimulus, facts)
        if not rules:
            return
        asked: list[tuple[Occasion, Outcome]] = []
        for place in self.matching.match(stimulus.name, facts):
            standing = rules[place]
            if not standing.paused:
                occasion = self._occasion(standing.rule, facts, stimulus.properties)
                asked.append((occasion, fired(occasion, stimulus.lineage)))
        self._carry_out(asked, stimulus.lineage)

    def _occasion(
        self, rule: CompiledRule, facts: Mapping[str, MaybeValue], told: Mapping[str, Any]
    ) -> Occasion:
        step = len(self.steps) - 1
        return Occasion(rule, self.state, self.event, self.zone, facts, step, told, self.index, self._grant)

    def _carry_out(self, asked: list[tuple[Occasion, Outcome]], lineage: tuple[str, ...]) -> None:
        """Apply the outcomes of a step, in order; each as far as those before it leave enough."""
        for (occasion, _), outcome in zip(asked, counted(asked), strict=True):
            made = afforded(occasion, outcome, self.state, lacking=bool(self.needs))
            self._apply(made, (*lineage, occasion.rule.key))

    def _timer(self) -> None:
        kind, name = self.event.properties["timer"], self.event.properties["name"]
        before = self.state
        self.state, heard = consume(self.state, self.event, self.index)
        stimulus = _Stimulus(self.event.name, notice(before, self.event, self.index), (), before.past)
        if kind in ENDS:
            self._note(stimulus, {})
            self._apply(ended(before, self.event, self.index, self.zone), ())
            self.standing = 1
        elif kind == "wait":
            self._note(stimulus, {})
            number = self.event.properties["mark"]
            wait = next(one for one in before.enrolments if (one.rule, one.number) == (name, number))
            self._resume(wait)
        elif kind == "tag":
            self._note(stimulus, {})
            self._enqueue(heard, ())
        else:
            standing = self.index.rules.standing[name]
            facts = self._read(standing.rule, stimulus)
            self._note(stimulus, facts)
            if evaluate(standing.rule.condition, facts):
                occasion = self._occasion(standing.rule, facts, stimulus.properties)
                self._carry_out([(occasion, fired(occasion, ()))], ())

    def _resume(self, wait: Enrolment) -> None:
        occasion = self._occasion(self.index.rules.version(wait.rule, wait.version), {}, {})
        self._carry_out([(occasion, resumed(occasion, wait.resume))], ())

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

    def _read(self, rule: CompiledRule, stimulus: _Stimulus) -> dict[str, MaybeValue]:
        return self.index.reading_of(rule).facts(
            properties=stimulus.properties,
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
                properties={} if first and self.event.kind != "timer" else dict(stimulus.properties),
                lineage=stimulus.lineage,
                facts=dict(facts),
            )
        )

    def _apply(self, outcome: Outcome, lineage: tuple[str, ...]) -> None:
        self.outcomes.append(outcome)
        self.state, heard, records = apply(self.state, outcome, self.index, self.event)
        self.records += records
        self._enqueue(heard, lineage)

    def _enqueue(self, heard: list[Internal], lineage: tuple[str, ...]) -> None:
        for internal in heard:
            self.unsettled = self.unsettled or internal.name in self.index.moving
            if self.index.listens(internal.name):
                self.queue.append(_Stimulus(internal.name, internal.properties, lineage, internal.before))

    def _grant(self, need: Need) -> Any:
        """Return what the host has granted; None while it is lacking."""
        if need.key in self.grants:
            self.used[need.key] = self.grants[need.key]
            return self.grants[need.key]
        self.needs.append(need)
        return None
