"""Ingest is decide is commit.

Calls that arrived together are decided in one transaction. An answer is given
only when the event and all that followed from it are durable.
"""

from collections.abc import Sequence
from concurrent.futures import Future
from typing import NamedTuple

from api.clock import Clock
from api.service.calls import Call, IngestResult
from api.service.granting import supplier
from api.service.rulebook import Rulebook
from api.service.unit import MAX_TIMERS, Unit, plain_effects
from api.service.vault import Vault
from api.store import controls, decisions, identities, log
from api.store.connection import Connection
from api.store.grants import TotalGrants
from api.store.identities import Identity
from api.store.log import KnownEntry
from api.store.writer import Writer
from engine.errors import EngineError
from engine.events import Event
from engine.values import Instant

Submission = list[Call]
Submitted = list[IngestResult]
ALIASED = "Member Aliased"


class Taken(NamedTuple):
    """A call that was taken in, and its place among the entries of the unit."""

    place: int
    call: int
    effects: list[dict[str, object]]


class Ingest:
    """Takes calls in."""

    def __init__(self, rulebook: Rulebook, totals: TotalGrants, vault: Vault, clock: Clock) -> None:
        """Make the use case of its parts; `bind` gives it the writer."""
        self._rulebook = rulebook
        self._totals = totals
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
        keys = Members(connection, calls)
        unit = Unit(connection, self._rulebook, self._rulebook.network(), supplier(connection, self._totals))
        unit.load(keys.of(call) for call in calls if (call.source, call.message_id) not in known)
        results: list[IngestResult | None] = [None] * len(calls)
        taken: list[Taken] = []
        first: dict[tuple[str, str], int] = {}
        for at, call in enumerate(calls):
            identity = (call.source, call.message_id)
            if identity in known:
                results[at] = _known(connection, call, known[identity])
            elif identity in first:
                results[at] = self._repeated(calls[first[identity]], call)
            else:
                refusal = keys.refusal(call) or self._decide(unit, keys.of(call), call, now)
                if refusal is not None:
                    results[at] = refusal
                    continue
                first[identity] = at
                taken.append(Taken(len(unit.taken) - 1, at, plain_effects(unit.taken[-1].decided)))
        sequences = unit.flush()
        keys.link([calls[one.call] for one in taken])
        self._vault.keep(connection, [(keys.of(calls[one.call]), calls[one.call].personal) for one in taken])
        for one in taken:
            results[one.call] = IngestResult(
                status="accepted", sequence=sequences[one.place], effects=list(one.effects)
            )
        accepted = {at: result for at, result in enumerate(results) if result is not None}
        for at, call in enumerate(calls):
            if at not in accepted:
                original = accepted[first[(call.source, call.message_id)]]
                accepted[at] = IngestResult(
                    status="duplicate", sequence=original.sequence, effects=original.effects
                )
        return [accepted[at] for at in range(len(calls))]

    @staticmethod
    def _repeated(original: Call, call: Call) -> IngestResult | None:
        """Return the refusal of a call whose id came twice with other content; None if it is the same."""
        return None if original.content == call.content else _conflict()

    @staticmethod
    def _decide(unit: Unit, member: str, call: Call, now: Instant) -> IngestResult | None:
        """Decide one call; return why it was not taken in, or None."""
        if unit.held_by.get(member) is not None:
            return IngestResult(
                status="held", detail="an import is building this member; try again when it is done"
            )
        as_of = max(now, unit.states[member].as_of)
        if unit.catch_up(member, as_of, recorded_at=now, mode="live", inclusive=False) >= MAX_TIMERS:
            return IngestResult(
                status="held", detail="the member's timers are being caught up; try again shortly"
            )
        try:
            unit.take(event_of(call, member, now, max(as_of, unit.states[member].as_of), unit), call.content)
        except EngineError as error:
            return IngestResult(status="rejected", detail=str(error))
        return None


class Members:
    """Which member each call is about."""

    def __init__(self, connection: Connection, calls: Sequence[Call]) -> None:
        """Look up every identity that the calls name."""
        self._connection = connection
        named = [identity for call in calls for identity in identities_of(call)]
        self._known = identities.resolve(connection, list(dict.fromkeys(named)))
        for call in calls:
            member = self.of(call)
            for identity in identities_of(call):
                self._known.setdefault(identity, member)

    def of(self, call: Call) -> str:
        """Return the key of the member that a call is about; a new member's is its first id."""
        for identity in identities_of(call)[: 1 if call.user_id is not None else None]:
            if identity in self._known:
                return self._known[identity]
        if call.user_id is not None:
            return call.user_id
        return f"anonymous:{call.anonymous_id}"

    def refusal(self, call: Call) -> IngestResult | None:
        """Return why a call can't be taken in: it says that two members with a history are one."""
        member = self.of(call)
        if call.kind == "alias" and any(
            self._known.get(one, member) != member for one in identities_of(call)
        ):
            return IngestResult(
                status="rejected",
                detail="both ids have a history of their own; joining two histories is not offered yet",
            )
        return None

    def link(self, calls: Sequence[Call]) -> None:
        """Remember under which ids the members are known; an id that is taken stays where it is."""
        links: dict[Identity, str] = {}
        for call in calls:
            member = self.of(call)
            for identity in identities_of(call):
                links.setdefault(identity, self._known.get(identity, member))
            for one in call.personal:
                if one.identity is not None:
                    links.setdefault(Identity(one.identity, one.token), member)
        if links:
            identities.link(self._connection, links)


def identities_of(call: Call) -> list[Identity]:
    """Return the ids that a call names its member by, the strongest first."""
    named: list[Identity] = []
    if call.user_id is not None:
        named.append(Identity("user_id", call.user_id))
    if call.anonymous_id is not None:
        named.append(Identity("anonymous_id", call.anonymous_id))
    if call.previous_id is not None:
        named.append(Identity("user_id", call.previous_id))
    return named


def event_of(call: Call, member: str, now: Instant, as_of: Instant, unit: Unit) -> Event:
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
        as_of=as_of,
        properties=call.properties,
        member_sequence=unit.states[member].sequence + 1,
        zone=call.zone,
    )


def refresh(connection: Connection, rulebook: Rulebook) -> None:
    """Learn the newest control entries; publishing waits until this transaction ends (ruling 4)."""
    if controls.head(connection, exclusive=False) > rulebook.newest:
        rulebook.learn(controls.controls_after(connection, rulebook.newest))


def _known(connection: Connection, call: Call, entry: KnownEntry) -> IngestResult:
    if entry.content != call.content:
        return _conflict()
    effects = decisions.effects_of(connection, entry.sequence)
    return IngestResult(status="duplicate", sequence=entry.sequence, effects=effects)


def _conflict() -> IngestResult:
    return IngestResult(
        status="conflict",
        detail="this messageId was used for other content; give each event an id of its own",
    )
