"""What should happen on an entry of the log, and why.

`decide` is pure: the same state, entry, rules and grants give the same
decision, on any machine and in any year. Rules of one step read one snapshot
of facts; their effects apply in order of priority and key; the internal events
that follow are the next steps, first in, first out (ruling 7).
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from engine.decision import Decision, Need, Outcome, Result, Step, body, link
from engine.errors import StateMismatch
from engine.evaluate import evaluate
from engine.evaluating import Decided, Evaluating, Matching
from engine.events import CONDITION_ENDED, LINEAGE, ORDER_COMPLETED, TOLD_BY_MEMBER, Event
from engine.index import LASTING, Index
from engine.language.compiled import CompiledRule
from engine.ledger.postings import Record
from engine.lookout import ended_while, lookout
from engine.outcomes import afforded, counted, ended_wait, fired, notice, of_request, resumed, transferred
from engine.programme.contacting import dropped, released, weighed
from engine.programme.ends import RETURNS, ended, merged, returned, ripe, risen, settled_orders
from engine.programme.merging import follows, united, waits
from engine.programme.occasion import Occasion
from engine.project import ENDS, Internal, Stimulus, apply, consume, joined, observe
from engine.reading import Reading
from engine.rules import GATES
from engine.state import Enrolment, MemberState, Past, changed
from engine.timers import zone_of
from engine.values import MaybeValue
from engine.waiting import Waiting

__all__ = ["MAX_DEPTH", "MAX_STEPS", "Decided", "Evaluating", "Matching", "decide", "fold"]

MAX_DEPTH = 8
MAX_STEPS = 100


_Pasts = Mapping[str, Past]


def decide(
    state: MemberState,
    event: Event,
    index: Index,
    matching: Matching,
    grants: Mapping[str, Any] | None = None,
    absorbed: MemberState | None = None,
) -> Decision:
    """Decide one entry.

    Args:
        state: The member before it.
        event: The next entry of the member's log.
        index: The rules in force.
        matching: Which rules are true of some facts.
        grants: What the host has supplied, by need.
        absorbed: The member that ends by a merge, at the end of its log; None for other entries.

    Returns:
        The decision. While it has `needs`, supply them and decide again.

    Raises:
        StateMismatch: If the entry doesn't follow the state.
    """
    return _Run(state, event, index, matching, grants or {}, absorbed).decision()


def fold(
    state: MemberState,
    event: Event,
    index: Index,
    matching: Matching,
    supply: Callable[[Need], Any],
    content: str = "",
    absorbed: MemberState | None = None,
) -> Decided:
    """Decide one entry, with the host supplying what is lacking, and fold it in.

    Args:
        state: The member before it.
        event: The next entry of the member's log.
        index: The rules in force.
        matching: Which rules are true of some facts.
        supply: Called once for each need; what it returns is recorded.
        content: Digest of what the sender sent; empty for a timer.
        absorbed: The member that ends by a merge, at the end of its log; None for other entries.

    Raises:
        StateMismatch: If the entry doesn't follow the state, or a merge the log that it ends.
        Overflow: If a merge would make an account exceed 2^53.
    """
    grants: dict[str, Any] = {}
    while True:
        run = _Run(state, event, index, matching, grants, absorbed)
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
        self,
        state: MemberState,
        event: Event,
        index: Index,
        matching: Matching,
        grants: Mapping[str, Any],
        absorbed: MemberState | None,
    ) -> None:
        if event.member_sequence != state.sequence + 1 or event.as_of < state.as_of:
            raise StateMismatch(
                f"entry {event.member_sequence} at {event.as_of} doesn't follow "
                f"{state.sequence} at {state.as_of}"
            )
        if event.kind == "merge":
            follows(event, absorbed)
        self.absorbed = absorbed
        self.before = state
        self.event = event
        self.index = index
        self.matching = matching
        self.grants = grants
        self.state = observe(state, event, index)
        self.lookout = lookout(state, self.state, event, index) if index.watch is not None else None
        self.zone = zone_of(self.state, index)
        self.steps: list[Step] = []
        self.outcomes: list[Outcome] = []
        self.needs: list[Need] = []
        self.used: dict[str, Any] = {}
        self.records: list[Record] = []
        self.answer: dict[str, Any] = {}
        self.unsettled = False
        self.sent = self.standing = 0
        self.queue: deque[Stimulus] = deque()

    def decision(self) -> Decision:
        """Return the decision of the entry."""
        if self.index.rules.transfers and self.state.enrolments and self.event.mode != "facts-only":
            self._transfer()
        observed, self.sent = self.state, len(self.outcomes)
        refused = ""
        if self.absorbed is not None:
            self._merge(self.absorbed)
        if self.event.mode != "facts-only":
            if self.lookout is not None:
                self._all(self.lookout.caught_up())
            refused = self._chain()
        outcomes = tuple(self.outcomes)
        if refused:
            outcomes = self._cut(observed, refused)
        if self.lookout is not None:
            self.state = self.lookout.settled(self.state)
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
        stands = self.outcomes[: max(self.sent, self.standing)]
        undone = [one for one in self.outcomes[len(stands) :] if one.effects]
        timer = self.event.kind == "timer"
        self.state = consume(observed, self.event, self.index)[0] if timer else observed
        self.records = []
        if self.lookout is not None:
            self.lookout.cut()
        for one in stands[self.sent :]:
            self.state, _, records = apply(self.state, one, self.index, self.event, self.absorbed)
            self.records += records
        return (
            *stands,
            *(
                Outcome(step=one.step, rule=one.rule, version=one.version, result="refused", reason=refused)
                for one in undone
            ),
        )

    def _merge(self, theirs: MemberState) -> None:
        """Make another member a part of this one, before any rule is asked; no rule hears of it."""
        event, index = self.event, self.index
        past = united(self.before.past, theirs.past, index)
        _, over = waits(self.state, theirs, index)
        self._quietly(merged(event, theirs.member, over))
        shared = [key for key in self.before.books.orders if key in theirs.books.orders]
        undone = settled_orders(self.state, event, index, shared)
        if undone is not None:
            self._quietly(undone)
        moved = risen(self.state, event, index, 0, self.zone) if index.rules.ladders else None
        if moved is not None:
            self._quietly(moved)
        self.before = changed(self.before, past=past)
        self.answer = {"status": "merged", "member": self.state.member, "absorbed": theirs.member}

    def _chain(self) -> str:
        """Run the steps until nothing follows; return why the chain was cut, or nothing."""
        if self.event.kind == "timer":
            self._timer()
        else:
            if self.before.joined_at is None:
                self.state, internal = joined(self.state, self.event, self.index)
                self._enqueue([internal], ())
            ended_now = ripe(self.state, self.event) if self.state.books.accounts else None
            if ended_now is not None:
                self._apply(ended_now, ())
            if self.event.kind == "request" or self.event.name in RETURNS:
                self._by_request()
            if self.lookout is not None:
                self._look()
            self.standing = len(self.outcomes)
            self.unsettled |= self.event.name in self.index.moving or self.event.name == ORDER_COMPLETED
            told = self.event.properties
            lineage = tuple(told.get(LINEAGE, ())) if self.event.source == TOLD_BY_MEMBER else ()
            self._step(Stimulus(self.event.name, told, lineage, self.before.past))
        while self.queue or (self.unsettled and self._settled()) or (self.lookout and self._look()):
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

    def _look(self) -> bool:
        """Bring up to date what is watched and may have changed; return whether anything did."""
        if self.lookout is None:
            return False
        found = self.lookout.look(self.state, self.zone, len(self.steps))
        for outcome, lineage in found:
            self._apply(outcome, lineage)
        return bool(found)

    def _lasting(self, stimulus: Stimulus) -> None:
        """Run a `while` rule whose condition has become true, or end it."""
        key: str = stimulus.properties["rule"]
        standing = self.index.rules.standing.get(key)
        if standing is None:
            return
        facts = self._read(standing.rule, stimulus)
        self._note(stimulus, facts)
        occasion = self._occasion(standing.rule, facts, stimulus)
        if stimulus.name == CONDITION_ENDED:
            self._all(ended_while(occasion), (*stimulus.lineage, key))
        elif key in self.state.standing and not standing.paused:
            self._carry_out([(occasion, fired(occasion, stimulus.lineage))], stimulus.lineage)

    def _step(self, stimulus: Stimulus) -> None:
        if self.lookout is not None:
            self._look()
            if stimulus.name in LASTING:
                self._lasting(stimulus)
                return
        rules = self.index.by_topic.get(stimulus.name, [])
        facts = self._told(self.index.reads(stimulus.name), stimulus, stimulus.before) if rules else {}
        self._note(stimulus, facts)
        asked = self._waiting(stimulus) if self.state.enrolments else []
        if not rules and not asked:
            return
        going_on = len(asked)
        for place in self.matching.match(stimulus.name, facts) if rules else ():
            standing = rules[place]
            if not standing.paused:
                occasion = self._occasion(standing.rule, facts, stimulus)
                asked.append((occasion, fired(occasion, stimulus.lineage)))
        if going_on:
            asked.sort(key=lambda one: (one[0].rule.document.priority, one[0].rule.key))
        self._carry_out(asked, stimulus.lineage)

    def _occasion(
        self,
        rule: CompiledRule,
        facts: Mapping[str, MaybeValue],
        stimulus: Stimulus,
        wait: Enrolment | None = None,
    ) -> Occasion:
        return Occasion(
            rule,
            self.state,
            self.event,
            self.zone,
            facts,
            len(self.steps) - 1,
            stimulus.properties,
            self.index,
            self._grant,
            stimulus.before,
            stimulus.lineage,
            wait,
        )

    def _carry_out(self, asked: list[tuple[Occasion, Outcome]], lineage: tuple[str, ...]) -> None:
        """Apply the outcomes of a step, in order; each as far as those before it leave enough."""
        for (occasion, _), outcome in zip(asked, counted(asked), strict=True):
            made = afforded(occasion, outcome, self.state, lacking=bool(self.needs))
            if made.result == "fired" and occasion.rule.document.re_entry == "restart":
                self._restart(occasion.rule)
            self._apply(made, (*lineage, occasion.rule.key))

    def _timer(self) -> None:
        kind, name = self.event.properties["timer"], self.event.properties["name"]
        before = self.state
        self.state, heard = consume(self.state, self.event, self.index)
        if self.lookout is not None:
            self.lookout.consumed(before, self.state)
            self._look()
        stimulus = Stimulus(self.event.name, notice(before, self.event, self.index), (), before.past)
        if kind in ENDS or kind in {"wait", "tag", "tags", "standing"}:
            self._note(stimulus, {})
        if kind in ENDS:
            self._apply(ended(before, self.event, self.index, self.zone), ())
            self.standing = len(self.outcomes)
        elif kind == "wait":
            self._resume(before, stimulus)
        elif kind == "message":
            self._note(stimulus, {})
            self._apply(released(before, self.event), (name,))
        elif kind in {"tag", "tags"}:
            self._enqueue(heard, ())
        elif kind == "standing":
            self.standing = len(self.outcomes)
        else:
            standing = self.index.rules.standing[name]
            facts = self._read(standing.rule, stimulus)
            self._note(stimulus, facts)
            if evaluate(standing.rule.condition, facts):
                occasion = self._occasion(standing.rule, facts, stimulus)
                self._carry_out([(occasion, fired(occasion, ()))], ())

    def _resume(self, before: MemberState, stimulus: Stimulus) -> None:
        """Go on with the rule whose wait is over, unless the member has left it or it was for the goal."""
        told = self.event.properties
        called = (told["name"], told["mark"], told["due_at"])
        wait = next((one for one in before.enrolments if (one.rule, one.number, one.due_at) == called), None)
        if wait is None:  # its version was replaced, and the step is gone
            return
        rule = self.index.rules.version(wait.rule, wait.version)
        stimulus = msgspec.structs.replace(stimulus, properties={})
        if wait.follows_goal:
            self._apply(ended_wait(wait, 0, "exited", "goal-missed", ending=False), ())
        elif not self._waiting_by(stimulus).stays(rule):
            held = dropped(self.state, wait, self.event, 0)
            self._apply(ended_wait(wait, 0, "exited", "exit-condition", held, ending=False), ())
        else:
            occasion = self._occasion(rule, {}, stimulus, wait)
            self._carry_out([(occasion, resumed(occasion, wait.resume))], ())

    def _waiting(self, stimulus: Stimulus) -> list[tuple[Occasion, Outcome]]:
        """Let members who wait leave, reach the goal, or go on with what they waited for."""
        if stimulus.name not in self.index.awaited and not self.index.staying:
            return []
        step = len(self.steps) - 1
        asking = self._waiting_by(stimulus)
        going_on: list[Enrolment] = []
        for wait in self.state.enrolments:
            rule = self.index.rules.version(wait.rule, wait.version)
            why = asking.left(rule, wait)
            if why:
                result: Result = "reached" if why == "goal" else "exited"
                held = dropped(self.state, wait, self.event, step)
                self._apply(ended_wait(wait, step, result, why, held), stimulus.lineage)
            elif asking.came(rule, wait):
                going_on.append(wait)
        asked: list[tuple[Occasion, Outcome]] = []
        for wait in going_on:
            rule = self.index.rules.version(wait.rule, wait.version)
            occasion = self._occasion(rule, {}, stimulus, wait)
            asked.append((occasion, resumed(occasion, rule.journey.forks[wait.at][0], wait.number)))
        return asked

    def _waiting_by(self, stimulus: Stimulus) -> Waiting:
        return Waiting(self.state, self.event, self.index, self.zone, stimulus)

    def _transfer(self) -> None:
        """Send on those who wait in versions that were replaced, or let them leave."""
        for wait in self.state.enrolments:
            sent = transferred(wait, self.event, self.index)
            if sent is not None:
                held = dropped(self.state, wait, self.event, 0) if sent.result == "exited" else sent.effects
                self._apply(msgspec.structs.replace(sent, effects=held), ())

    def _restart(self, rule: CompiledRule) -> None:
        """End a member's waits in a rule that starts over."""
        for wait in self.state.enrolments:
            if wait.rule == rule.key:
                step = len(self.steps) - 1
                held = dropped(self.state, wait, self.event, step)
                self._apply(ended_wait(wait, step, "exited", "restarted", held), ())

    def _read(self, rule: CompiledRule, stimulus: Stimulus) -> dict[str, MaybeValue]:
        return self._told(self.index.reading_of(rule), stimulus, self.state.past)

    def _told(self, reading: Reading, stimulus: Stimulus, before: _Pasts) -> dict[str, MaybeValue]:
        return reading.facts(
            properties=stimulus.properties,
            before=before,
            state=self.state,
            as_of=self.event.as_of,
            zone=self.zone,
        )

    def _note(self, stimulus: Stimulus, facts: Mapping[str, Any]) -> None:
        first = not self.steps
        self.steps.append(
            Step(
                name=stimulus.name,
                properties={} if first and self.event.kind != "timer" else dict(stimulus.properties),
                lineage=stimulus.lineage,
                facts=dict(facts),
            )
        )

    def _all(self, outcomes: Iterable[Outcome], lineage: tuple[str, ...] = ()) -> None:
        for outcome in outcomes:
            self._apply(outcome, lineage)

    def _apply(self, outcome: Outcome, lineage: tuple[str, ...]) -> None:
        self._enqueue(self._quietly(outcome, lineage), lineage)

    def _quietly(self, outcome: Outcome, lineage: tuple[str, ...] = ()) -> list[Internal]:
        """Apply an outcome, and return the internal events that follow, which nobody has heard yet."""
        if self.index.presses or self.state.consent:
            outcome = weighed(outcome, self.state, self.event.as_of, self.index, self.zone)
        self.outcomes.append(outcome)
        before = self.state
        self.state, heard, records = apply(before, outcome, self.index, self.event, self.absorbed)
        self.records += records
        if self.lookout is not None:
            self.lookout.applied(before, self.state, outcome, lineage)
        return heard

    def _enqueue(self, heard: list[Internal], lineage: tuple[str, ...]) -> None:
        for internal in heard:
            self.unsettled = self.unsettled or internal.name in self.index.moving
            if self.lookout is not None:
                self.lookout.heard(internal, lineage)
            if self.index.listens(internal.name):
                self.queue.append(Stimulus(internal.name, internal.properties, lineage, internal.before))

    def _grant(self, need: Need) -> Any:
        """Return what the host has granted; None while it is lacking."""
        if need.key in self.grants:
            self.used[need.key] = self.grants[need.key]
            return self.grants[need.key]
        self.needs.append(need)
        return None
