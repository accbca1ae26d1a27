"""A member's log as the engine reads it again, and the member as it was."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from api.service.rulebook import Rulebook
from api.store import controls, decisions, log, snapshots, stretches
from api.store.connection import Connection
from api.store.log import LoggedEntry
from api.store.stretches import Stretch
from engine.index import Index
from engine.replay import Ended, Logged, rebuild
from engine.state import MemberState, unpack
from engine.values import Instant

_BEHIND_ALL: Final = 2**63 - 1


def as_logged(entries: Iterable[LoggedEntry], decided: Mapping[int, bytes]) -> Iterator[Logged]:
    """Yield entries with what was recorded of their decisions, by global sequence."""
    for entry in entries:
        yield Logged(
            sequence=entry.sequence,
            event=entry.event,
            revision=entry.revision,
            content=entry.content,
            digest=entry.digest,
            body=decided.get(entry.sequence),
        )


def bodies(connection: Connection, sequences: Sequence[int]) -> dict[int, bytes]:
    """Return the bodies of the decisions on some entries, by global sequence."""
    return {sequence: one.body for sequence, one in decisions.read_many(connection, sequences).items()}


def recorded(
    connection: Connection, member: str, *, after: int = 0, before: int = _BEHIND_ALL
) -> Iterator[Logged]:
    """Yield a member's log between two of its places, with what was recorded of each decision."""
    return stretches.entries(connection, Stretch(member, after + 1, before - 1))


def rebuilt(connection: Connection, rulebook: Rulebook, member: str, *, upto: Index) -> MemberState:
    """Return a member as its log leads to it, to the end, with the members that became a part of it.

    Args:
        connection: Where the log is.
        rulebook: The rules.
        member: Key of the member.
        upto: Rules whose figures the state must hold.
    """
    entries = recorded(connection, member)
    return rebuild(member, entries, rulebook.decider, upto=upto, absorbed=_ended(connection, rulebook, upto))


def _ended(connection: Connection, rulebook: Rulebook, upto: Index) -> Ended:
    return lambda key: rebuilt(connection, rulebook, key, upto=upto)


def state_before(
    connection: Connection, rulebook: Rulebook, member: str, place: int, *, upto: Index
) -> MemberState:
    """Return a member as it was before one of its entries.

    Args:
        connection: A read transaction.
        rulebook: The rules.
        member: Key of the member.
        place: `member_sequence` of the entry.
        upto: Rules whose figures the state must hold. A snapshot that was taken
            before a rule asked for more of the history can't serve.
    """
    start = nearest(connection, member, place, upto)
    wanted = recorded(connection, member, after=start.sequence, before=place)
    ended = _ended(connection, rulebook, upto)
    return rebuild(member, wanted, rulebook.decider, upto=upto, start=start, absorbed=ended)


@dataclass(frozen=True, slots=True)
class Known:
    """A member as it was known at an instant.

    Attributes:
        state: The member; at sequence 0 if nothing had been told of it yet.
        index: The rules that were in force at the instant, by our clock. An entry of a past that was
            imported may have been decided under later ones: those of its own revision.
    """

    state: MemberState
    index: Index


def state_at(connection: Connection, rulebook: Rulebook, member: str, instant: Instant) -> Known:
    """Return a member as its log had it at an instant: every entry decided then or before, none after.

    Args:
        connection: A read transaction.
        rulebook: The rules.
        member: Key of the member. One that became a part of another later has a log of its own.
        instant: When.
    """
    index = rulebook.index(controls.revision_at(connection, instant))
    place = log.place_at(connection, member, instant)
    return Known(state_before(connection, rulebook, member, place + 1, upto=index), index)


def nearest(connection: Connection, member: str, place: int, upto: Index) -> MemberState:
    """Return the last snapshot of a member before one of its entries; the fresh member where none can serve.

    Args:
        connection: A read transaction.
        member: Key of the member.
        place: `member_sequence` of the entry.
        upto: Rules whose figures the state must hold.
    """
    for packed in snapshots.before(connection, member, place):
        try:
            state = unpack(packed)
        except msgspec.MsgspecError:  # changed by hand: a replay names it, and the log still tells all
            continue
        if state.tracked == upto.tracked:
            return state
    return MemberState(member=member)
