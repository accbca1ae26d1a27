"""Ingest is decide is commit.

Calls that arrived together are decided in one transaction. An answer is given
only when the event and all that followed from it are durable.
"""

from collections.abc import Sequence
from concurrent.futures import Future

from api.clock import Clock
from api.service.calls import Call, IngestResult
from api.service.granting import Sources, Supply
from api.service.identity import Members
from api.service.merging import Moment, merge, settle
from api.service.rulebook import Rulebook
from api.service.turning_away import turned_away
from api.service.unit import MAX_TIMERS, Unit, plain_effects
from api.service.vault import Vault
from api.store import controls, decisions, log
from api.store.connection import Connection
from api.store.log import KnownEntry
from api.store.writer import Writer
from engine.errors import EngineError
from engine.events import Event
from engine.state import MemberState
from engine.values import Instant

Submission = list[Call]
Submitted = list[IngestResult]


class Ingest:
    """Takes calls in."""

    def __init__(self, rulebook: Rulebook, sources: Sources, vault: Vault, clock: Clock) -> None:
        """Make the use case of its parts; `bind` gives it the writer."""
        self._rulebook = rulebook
        self._sources = sources
        self._vault = vault
        self._clock = clock
        self._writer: Writer[Submission, Submitted] | None = None

    def bind(self, writer: Writer[Submission, Submitted]) -> None:
        """Give the writer whose thread runs `process`."""
        self._writer = writer

    def submit(self, calls: Submission) -> Future[Submitted]:
        """Take calls in; the future has a result for each, in order, once they are durable.

        Raises:
            QueueFull: If too much is waiting; nothing was taken in.
        """
        if self._writer is None:
            raise RuntimeError("ingest has no writer yet")
        return self._writer.submit_events(calls, max(1, len(calls)))

    def process(
        self, connection: Connection, submissions: Sequence[Submission]
    ) -> Sequence[Submitted | Exception]:
        """Decide everything that waits, in one transaction. Runs on the writer's thread."""
        refresh(connection, self._rulebook)
        calls = [call for submission in submissions for call in submission]
        results = self._take(connection, calls)
        answers: list[Submitted | Exception] = []
        start = 0
        for submission in submissions:
            answers.append(results[start : start + len(submission)])
            start += len(submission)
        return answers

    def _take(self, connection: Connection, calls: Sequence[Call]) -> list[IngestResult]:
        now = self._clock.now()
        known = log.find_duplicates(connection, [(call.source, call.message_id) for call in calls])
        members = Members(connection, calls)
        unit = Unit(connection, self._rulebook, self._rulebook.network(), Supply(connection, self._sources))
        unit.load(
            key
            for at, call in enumerate(calls)
            if (call.source, call.message_id) not in known
            for key in members.concerned(at)
        )
        refused: dict[int, IngestResult] = {}
        taken: dict[int, int] = {}
        first: dict[tuple[str, str], int] = {}
        for at, call in enumerate(calls):
            identity = (call.source, call.message_id)
            if identity in known:
                refused[at] = _known(connection, call, known[identity])
            elif identity in first:
                if calls[first[identity]].content != call.content:
                    refused[at] = _conflict()
            else:
                refusal = self._decide(unit, members, at, call, now)
                if refusal is not None:
                    refused[at] = refusal
                else:
                    first[identity] = at
                    taken[at] = len(unit.taken) - 1
        sequences = unit.flush()
        suspected = members.link(taken)
        self._vault.keep(connection, [(members.key(at), calls[at].personal) for at in taken])
        settle(connection, unit, self._vault, suspected, now)
        return [
            refused.get(at) or _accepted(unit, sequences, taken, first[(call.source, call.message_id)], at)
            for at, call in enumerate(calls)
        ]

    @staticmethod
    def _decide(unit: Unit, members: Members, at: int, call: Call, now: Instant) -> IngestResult | None:
        """Decide one call; return why it was not taken in, or None."""
        member, other = members.key(at), members.same(at)
        answered = _not_now(unit, call, (member,) if other is None else (member, other))
        if answered is None and call.between is not None:
            answered = _of_no_use(unit, member, other)
        if answered is not None:
            return answered
        if other is not None:
            return _merge(unit, members, (member, other), call, now)
        as_of = max(now, unit.states[member].as_of)
        if unit.catch_up(member, as_of, recorded_at=now, mode="live", inclusive=False) >= MAX_TIMERS:
            return _behind()
        event = event_of(call, member, now, unit.states[member])
        if call.kind in {"request", "erase"}:
            answered = turned_away(unit.states[member], event, unit.index.rules.catalogue)
            if answered is not None:
                return answered
        try:
            unit.take(event, call.content)
        except EngineError as error:
            return IngestResult(status="rejected", detail=str(error))
        return None


def _merge(
    unit: Unit, members: Members, pair: tuple[str, str], call: Call, now: Instant
) -> IngestResult | None:
    """Make one member of the two that a call says are one; return why that can't be, or None."""
    occurred_at = now if call.occurred_at is None else min(call.occurred_at, now)
    try:
        return None if merge(unit, members, pair, call, Moment(occurred_at, now, now, "live")) else _behind()
    except EngineError as error:
        return IngestResult(status="rejected", detail=str(error))


def _not_now(unit: Unit, call: Call, keys: tuple[str, ...]) -> IngestResult | None:
    """Return that a call must come again: its member is held, or was erased by a call just before it."""
    for key in keys:
        if unit.held_by[key] is not None:
            return IngestResult(
                status="held", detail="an import is building this member; try again when it is done"
            )
        if unit.states[key].erased_at is not None and call.between is None:
            return IngestResult(status="held", detail="the member was erased a moment ago; send it again")
    return None


def _of_no_use(unit: Unit, member: str, other: str | None) -> IngestResult | None:
    """Return that two members can't be made one: they are already, or one isn't there, or was erased."""
    if other is None:
        return IngestResult(status="answered", answer={"status": "same", "member": member})
    states = [unit.states[key] for key in (member, other)]
    if any(one.sequence == 0 or one.erased_at is not None for one in states):
        return IngestResult(status="unknown", detail="there is no such member")
    return None


def _behind() -> IngestResult:
    return IngestResult(status="held", detail="the member's timers are being caught up; try again shortly")


def _accepted(unit: Unit, sequences: list[int], taken: dict[int, int], first: int, at: int) -> IngestResult:
    """Return the result of a call that was taken in, or of one that repeats it."""
    place = taken[first]
    return IngestResult(
        status="accepted" if first == at else "duplicate",
        sequence=sequences[place],
        effects=plain_effects(unit.taken[place].decided),
        answer=unit.taken[place].decided.decision.answer,
    )


def event_of(call: Call, member: str, now: Instant, state: MemberState) -> Event:
    """Return the log entry of a live call."""
    occurred_at = now if call.occurred_at is None else min(call.occurred_at, now)
    return Event(
        source=call.source,
        message_id=call.message_id,
        kind=call.kind,
        name=call.name,
        member=member,
        occurred_at=occurred_at,
        recorded_at=now,
        as_of=max(now, state.as_of),
        properties=call.properties,
        member_sequence=state.sequence + 1,
        zone=call.zone,
    )


def refresh(connection: Connection, rulebook: Rulebook) -> None:
    """Learn the newest control entries; publishing waits until this transaction ends (ruling 4)."""
    if controls.head(connection, exclusive=False) > rulebook.newest:
        rulebook.learn(controls.controls_after(connection, rulebook.newest))


def _known(connection: Connection, call: Call, entry: KnownEntry) -> IngestResult:
    if entry.content != call.content:
        return _conflict()
    told = decisions.told_of(connection, entry.sequence)
    return IngestResult(status="duplicate", sequence=entry.sequence, effects=told.effects, answer=told.answer)


def _conflict() -> IngestResult:
    return IngestResult(
        status="conflict",
        detail="this messageId was used for other content; give each event an id of its own",
    )
