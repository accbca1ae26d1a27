"""Making one member of two, in the transaction that decides it (ruling 17)."""

from typing import NamedTuple

from api.service.calls import Call
from api.service.erasing import erase
from api.service.identity import Members, Suspected
from api.service.unit import MAX_TIMERS, Unit
from api.service.vault import Vault
from api.store import merging
from api.store.connection import Connection
from api.store.merging import PossibleDuplicate
from engine.events import MEMBERS_MERGED, Event, Mode
from engine.programme.merging import merge_properties, survives
from engine.values import Instant


class Moment(NamedTuple):
    """When and how an entry is taken in.

    Attributes:
        occurred_at: When it happened.
        recorded_at: Our clock.
        at: The instant that it is decided at, unless a member is ahead of it.
        mode: Mode of the entry.
    """

    occurred_at: Instant
    recorded_at: Instant
    at: Instant
    mode: Mode


def merge(unit: Unit, members: Members, pair: tuple[str, str], call: Call, moment: Moment) -> bool:
    """Make one member of the two that a call says are one.

    What is ripe for either before it fires first. Who joined first goes on, unless the call says who.

    Args:
        unit: The transaction's work, with both members loaded.
        members: Whom the calls are about; it is told who ended.
        pair: The two members; the call is about the first.
        call: The call.
        moment: When.

    Returns:
        False if so many timers are ripe that they have to be caught up first; nothing is merged then.

    Raises:
        Overflow: If an account would be too large.
    """
    one, other = (unit.states[key] for key in pair)
    as_of = max(moment.at, one.as_of, other.as_of)
    for key in pair if moment.mode != "facts-only" else ():
        fired = unit.catch_up(key, as_of, recorded_at=moment.recorded_at, mode=moment.mode, inclusive=False)
        if fired >= MAX_TIMERS:
            return False
    one, other = (unit.states[key] for key in pair)
    keep = call.properties.get("keep")
    first = survives(one, other) if keep is None else keep == "userId"
    survivor, absorbed = (one, other) if first else (other, one)
    unit.take(
        Event(
            source=call.source,
            message_id=call.message_id,
            kind="merge",
            name=MEMBERS_MERGED,
            member=survivor.member,
            occurred_at=moment.occurred_at,
            recorded_at=moment.recorded_at,
            as_of=as_of,
            mode=moment.mode,
            properties=merge_properties(
                absorbed,
                by=str(call.properties.get("by") or call.source),
                reason=str(call.properties.get("reason") or ""),
            ),
            member_sequence=survivor.sequence + 1,
            zone=call.zone,
        ),
        call.content,
    )
    members.merged(absorbed.member, survivor.member)
    return True


def settle(
    connection: Connection, unit: Unit, vault: Vault, suspected: list[Suspected], now: Instant
) -> None:
    """Finish what a transaction's entries began.

    Personal values of merged members go over, who else may be one is noted, and who was erased is forgotten.

    Args:
        connection: The transaction; the unit is written.
        unit: Its work.
        vault: Where personal values are.
        suspected: Members who may be one.
        now: Our clock.
    """
    for absorbed, survivor in unit.merges:
        vault.absorb(connection, absorbed.member, survivor.member, list(survivor.attributes.values()))
    if suspected:
        noted = [
            PossibleDuplicate(min(one.one, one.other), max(one.one, one.other), one.kind, now)
            for one in suspected
        ]
        merging.note(connection, noted)
    for event in unit.erasures:
        erase(connection, event, now)
