"""One transaction's work: entries decided and everything that follows from them.

A unit loads the members it needs, decides entries in order, and writes it all
at the end in a few statements. Nothing is visible before the commit.
"""

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from api.service.following import Following, following, leaving, tellings
from api.service.granting import Supply
from api.service.recalling import rebuilt
from api.service.rulebook import Rulebook
from api.store import consequences, decisions, log, members, merging, snapshots
from api.store.connection import Connection
from api.store.consequences import NewOutbox, Released
from api.store.errors import Moved
from api.store.holdings import StateChange
from api.store.log import NewEntry
from api.store.tellings import Telling
from engine.decide import Decided, Matching, fold
from engine.errors import EngineError
from engine.events import Event
from engine.programme.merging import ended
from engine.replay import noteworthy
from engine.rules import SETTLE
from engine.state import MemberState
from engine.timers import due, fired_event, next_due
from engine.values import Instant

MAX_TIMERS = 1_000
"""How many timers of one member may fire ahead of one of its events."""


class Taken(msgspec.Struct, frozen=True):
    """One entry that was decided in this unit."""

    event: Event
    content: str
    decided: Decided
    revision: int


class Unit:
    """The work of one transaction."""

    def __init__(
        self,
        connection: Connection,
        rulebook: Rulebook,
        matching: Matching,
        supply: Supply,
        *,
        settle: Instant = SETTLE,
        deliver: bool = True,
    ) -> None:
        """Begin.

        Args:
            connection: A write transaction.
            rulebook: The rules; the newest revision decides.
            matching: This thread's matching for them.
            supply: Gives what only the host can give.
            settle: How long absences wait past their due instant, in microseconds.
            deliver: Whether messages and webhooks are put in the outbox.
        """
        self._connection = connection
        self._rulebook = rulebook
        self.index = rulebook.index()
        self._matching = matching
        self._supply = supply
        self._settle = settle
        self._deliver = deliver
        self._before: dict[str, MemberState] = {}
        self.states: dict[str, MemberState] = {}
        self._next: dict[str, Instant | None] = {}
        self._rebuilt: set[str] = set()
        self.held_by: dict[str, str | None] = {}
        self.taken: list[Taken] = []
        self.merges: list[tuple[MemberState, MemberState]] = []
        self.erasures: list[Event] = []

    def load(self, keys: Iterable[str], *, enough: Callable[[], bool] | None = None) -> None:
        """Lock some members and load their states; a new member begins empty.

        Args:
            keys: Keys of the members.
            enough: Asked each time a state had to be built again from its log; once it says so, the
                members behind are left out. By default none is.

        Raises:
            Moved: If one of them became a part of another after it was looked up.
        """
        wanted = sorted(dict.fromkeys(key for key in keys if key not in self.states))
        for key, loaded in members.lock_and_load(self._connection, wanted).items():
            state = loaded.state
            # An import lets absences settle at once, so what a live unit noted would be too late for it.
            if loaded.revision == self.index.rules.revision and self._settle == SETTLE:
                self._next[key] = loaded.next_due_at
            if state.merged_into:
                raise Moved(f"{key!r} became a part of {state.merged_into!r} in between")
            if state.sequence > 0 and state.tracked != self.index.tracked:
                # With the history that newer rules read (ruling 11).
                state = rebuilt(self._connection, self._rulebook, key, upto=self.index)
                self._rebuilt.add(key)
            self._before[key] = self.states[key] = state
            self.held_by[key] = loaded.held_by
            if enough is not None and key in self._rebuilt and enough():
                return

    def catch_up(
        self, member: str, until: Instant, *, recorded_at: Instant, mode: Any, inclusive: bool
    ) -> int:
        """Fire what is ripe for a member, in order.

        Args:
            member: Key of the member.
            until: Timers ripe before it fire; at it, too, when `inclusive`.
            recorded_at: Our clock.
            mode: Mode of the entries.
            inclusive: Whether a timer ripe exactly at `until` fires.

        Returns:
            How many fired; at most 1,000 a call.
        """
        last = until if inclusive else until - 1
        for count in range(MAX_TIMERS):
            noted = self._next_due(member)
            if noted is None or noted > last:
                return count
            state = self.states[member]
            pending = due(state, self.index, settle=self._settle)
            if not pending or pending[0].ripe_at > last:
                return count
            self.take(fired_event(state, pending[0], recorded_at=recorded_at, mode=mode), "")
        return MAX_TIMERS

    def take(self, event: Event, content: str) -> Decided:
        """Decide the member's next entry and fold it in; by a merge another member ends."""
        state = self.states[event.member]
        absorbed = self.states[event.properties["absorbed"]] if event.kind == "merge" else None
        try:
            decided = fold(state, event, self.index, self._matching, self._supply, content, absorbed)
        except EngineError:
            self._supply.give_back()
            raise
        self._supply.keep(decided.decision)
        self.states[event.member] = decided.state
        self._next.pop(event.member, None)
        if absorbed is not None:
            self.states[absorbed.member] = ended(absorbed, event.member)
            self._next[absorbed.member] = None
            self.merges.append((absorbed, decided.state))
        if event.kind == "erase":
            self.erasures.append(event)
        self.taken.append(Taken(event, content, decided, self.index.rules.revision))
        return decided

    def flush(self) -> list[int]:
        """Write everything; return the global sequence of each entry taken."""
        connection = self._connection
        entries = [NewEntry(one.event, one.revision, one.content, one.decided.digest) for one in self.taken]
        sequences = log.append(connection, entries)
        kept = [
            decisions.NewDecision(sequence, one.decided.decision, one.decided.body)
            for sequence, one in zip(sequences, self.taken, strict=True)
            if noteworthy(one.decided.decision)
        ]
        decisions.append(connection, kept)
        self._write_consequences(sequences)
        members.save(connection, [self._row(key) for key in self.states if self._changed(key)])
        snapshots.keep(
            connection,
            [one.decided.state for one in self.taken if one.event.member_sequence % snapshots.EVERY == 0],
        )
        for absorbed, survivor in self.merges:
            merging.move(connection, absorbed.member, survivor.member)
        return sequences

    def renew(self, keys: Iterable[str]) -> None:
        """Derive again when some of the members are next due, and write it, if `flush` hasn't.

        A member whose state was built again is written whole, so that nobody has to do it once more.
        """
        left = [key for key in keys if not self._changed(key)]
        for key in left:
            self._next.pop(key, None)
        revision = self.index.rules.revision
        dates = [(key, self._next_due(key), revision) for key in left if key not in self._rebuilt]
        members.redate(self._connection, dates)
        members.save(self._connection, [self._row(key) for key in left if key in self._rebuilt])

    def _changed(self, key: str) -> bool:
        return self.states[key] is not self._before[key]

    def _row(self, key: str) -> members.SavedMember:
        return members.SavedMember(self.states[key], self._next_due(key), self.index.rules.revision)

    def _next_due(self, key: str) -> Instant | None:
        """Return when the member is next due: as noted, or derived once after each of its entries."""
        if key not in self._next:
            self._next[key] = next_due(self.states[key], self.index, settle=self._settle)
        return self._next[key]

    def _write_consequences(self, sequences: list[int]) -> None:
        whole = Following([], [], [], [])
        outbox: list[NewOutbox | Released] = []
        told: list[Telling] = []
        for sequence, one in zip(sequences, self.taken, strict=True):
            if not one.decided.records and not one.decided.decision.outcomes:
                continue
            whole.take(following(one.decided, sequence))
            if one.decided.decision.outcomes:
                told += tellings(one.decided, one.event)
            if self._deliver:
                outbox += leaving(one.decided, one.event, sequence)
        consequences.write(
            self._connection,
            states=self._changes(),
            postings=whole.postings,
            coupons=whole.coupons,
            coupon_changes=whole.changes,
            tasks=whole.tasks,
            outbox=outbox,
            tellings=told,
        )

    def _changes(self) -> list[StateChange]:
        return [
            StateChange(self._before[key], state) for key, state in self.states.items() if self._changed(key)
        ]


def plain_effects(decided: Decided) -> list[dict[str, Any]]:
    """Return what a decision asks for, as JSON data for the answer to the sender."""
    outcomes = decided.decision.outcomes
    return [msgspec.to_builtins(effect) for effect in decided.decision.effects] if outcomes else []
