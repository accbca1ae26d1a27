"""A member's log as the engine reads it again, and the member as it was."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from api.service.rulebook import Rulebook
from api.store import decisions, log, snapshots
from api.store.connection import Connection
from api.store.log import LoggedEntry
from engine.index import Index
from engine.replay import Ended, Logged, rebuild
from engine.state import MemberState, unpack


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


def recorded(connection: Connection, member: str, *, after: int = 0) -> Iterator[Logged]:
    """Yield a member's log behind one of its places, with what was recorded of each decision."""
    return as_logged(
        log.entries(connection, member, after), decisions.bodies_of(connection, member, after=after)
    )


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
    start = _nearest(connection, member, place, upto)
    entries = recorded(connection, member, after=start.sequence)
    wanted = (entry for entry in entries if entry.event.member_sequence < place)
    ended = _ended(connection, rulebook, upto)
    return rebuild(member, wanted, rulebook.decider, upto=upto, start=start, absorbed=ended)


def _nearest(connection: Connection, member: str, place: int, upto: Index) -> MemberState:
    for packed in snapshots.before(connection, member, place):
        try:
            state = unpack(packed)
        except msgspec.MsgspecError:  # changed by hand: a replay names it, and the log still tells all
            continue
        if state.tracked == upto.tracked:
            return state
    return MemberState(member=member)
