"""One pass over an entry: the member so far, and what has come of it."""

from collections import deque
from collections.abc import Iterable, Mapping
from typing import Any

from engine.decision import Need, Outcome, Step
from engine.errors import StateMismatch
from engine.evaluating import Matching
from engine.events import Event
from engine.index import Index
from engine.language.compiled import CompiledRule
from engine.ledger.postings import Record
from engine.lookout import lookout
from engine.observing import Internal, Stimulus, observe
from engine.programme.contacting import weighed
from engine.programme.merging import follows
from engine.programme.occasion import Occasion
from engine.project import apply
from engine.reading import Reading
from engine.state import Enrolment, MemberState, Past
from engine.timers import zone_of
from engine.values import MaybeValue


class Run:
    """Gathers the steps, outcomes and needs of one pass over an entry.

    Attributes:
        before: The member before the entry.
        state: The member now.
        zone: Its IANA zone.
        event: The entry.
        absorbed: The member that ends by a merge; None for other entries.
        index: The rules in force.
        matching: Which rules are true of some facts.
        lookout: What is watched; None if nothing is.
        steps: The entry, and the internal events that followed, with what was read at each.
        outcomes: What came of rules, in order.
        needs: What the host must supply.
        used: What it has supplied, and was used.
        records: What is left in the books.
        answer: What a till or a person is told.
        unsettled: Whether a late order may owe, or the member may have moved up.
        sent: How many outcomes there were before anything was decided: those of replaced versions.
        standing: How many outcomes stand even if the chain is cut.
        came: Waits whose event the other member of a merge was told of.
        queue: Internal events that nobody has heard yet.
    """

    def __init__(
        self,
        state: MemberState,
        event: Event,
        index: Index,
        matching: Matching,
        grants: Mapping[str, Any],
        absorbed: MemberState | None,
    ) -> None:
        """Begin, with the entry itself taken in.

        Raises:
            StateMismatch: If the entry doesn't follow the state, or a merge the log that it ends, or the
                member was erased.
        """
        if event.member_sequence != state.sequence + 1 or event.as_of < state.as_of:
            raise StateMismatch(
                f"entry {event.member_sequence} at {event.as_of} doesn't follow "
                f"{state.sequence} at {state.as_of}"
            )
        if state.erased_at is not None:
            raise StateMismatch(f"{state.member!r} was erased, and its log is closed")
        if event.kind == "merge":
            follows(event, absorbed)
        self.absorbed = absorbed
        self.before = state
        self.event = event
        self.index = index
        self.matching = matching
        self._grants = grants
        self.state = observe(state, event, index)
        watched = index.watch is not None and event.kind != "erase"
        self.lookout = lookout(state, self.state, event, index) if watched else None
        self.zone = zone_of(self.state, index)
        self.steps: list[Step] = []
        self.outcomes: list[Outcome] = []
        self.needs: list[Need] = []
        self.used: dict[str, Any] = {}
        self.records: list[Record] = []
        self.answer: dict[str, Any] = {}
        self.unsettled = False
        self.sent = self.standing = 0
        self.came: list[Enrolment] = []
        self.queue: deque[Stimulus] = deque()

    def occasion(
        self,
        rule: CompiledRule,
        facts: Mapping[str, MaybeValue],
        stimulus: Stimulus,
        wait: Enrolment | None = None,
        won: Mapping[str, str] | None = None,
    ) -> Occasion:
        """Return a rule with what it may read in the step that has just begun."""
        return Occasion(
            rule,
            self.state,
            self.event,
            self.zone,
            facts,
            len(self.steps) - 1,
            stimulus.properties,
            self.index,
            self.grant,
            stimulus.before,
            stimulus.lineage,
            wait,
            won=won or {},
        )

    def read(self, rule: CompiledRule, stimulus: Stimulus) -> dict[str, MaybeValue]:
        """Return the facts that one rule reads by itself."""
        return self.told(self.index.reading_of(rule), stimulus, self.state.past)

    def told(self, reading: Reading, stimulus: Stimulus, before: Mapping[str, Past]) -> dict[str, MaybeValue]:
        """Return the facts of a reading, with the history before the stimulus."""
        return reading.facts(
            properties=stimulus.properties,
            before=before,
            state=self.state,
            as_of=self.event.as_of,
            zone=self.zone,
        )

    def note(self, stimulus: Stimulus, facts: Mapping[str, Any]) -> None:
        """Begin a step, with the facts that its rules read."""
        first = not self.steps
        self.steps.append(
            Step(
                name=stimulus.name,
                properties={} if first and self.event.kind != "timer" else dict(stimulus.properties),
                lineage=stimulus.lineage,
                facts=dict(facts),
            )
        )

    def look(self) -> bool:
        """Bring up to date what is watched and may have changed; return whether anything did."""
        if self.lookout is None:
            return False
        found = self.lookout.look(self.state, self.zone, len(self.steps))
        for outcome, lineage in found:
            self.apply(outcome, lineage)
        return bool(found)

    def apply_all(self, outcomes: Iterable[Outcome], lineage: tuple[str, ...] = ()) -> None:
        """Apply some outcomes; see `apply`."""
        for outcome in outcomes:
            self.apply(outcome, lineage)

    def apply(self, outcome: Outcome, lineage: tuple[str, ...]) -> None:
        """Apply an outcome, and let what follows be heard in the next steps."""
        self.enqueue(self.quietly(outcome, lineage), lineage)

    def quietly(self, outcome: Outcome, lineage: tuple[str, ...] = ()) -> list[Internal]:
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

    def enqueue(self, heard: list[Internal], lineage: tuple[str, ...]) -> None:
        """Let internal events be heard in the next steps, by whom they concern."""
        for internal in heard:
            self.unsettled = self.unsettled or internal.name in self.index.moving
            if self.lookout is not None:
                self.lookout.heard(internal, lineage)
            if self.index.listens(internal.name):
                self.queue.append(Stimulus(internal.name, internal.properties, lineage, internal.before))

    def grant(self, need: Need) -> Any:
        """Return what the host has granted; None while it is lacking."""
        if need.key in self._grants:
            self.used[need.key] = self._grants[need.key]
            return self._grants[need.key]
        self.needs.append(need)
        return None
