"""Two members become one (ruling 17): what each part of a state comes to when another is united with it.

Both histories are one from then on. What either was given stays, what counts
against a limit adds up, and nothing fires or is revoked for the past.
"""

from collections.abc import Callable, Mapping
from itertools import chain
from typing import Any, Final, NamedTuple

import msgspec

from engine.effects import AbsorbMember
from engine.errors import StateMismatch
from engine.events import Event
from engine.index import Index
from engine.language.benefits import POINTS
from engine.ledger.books import Books
from engine.ledger.merging import merge
from engine.ledger.moving import Poster
from engine.programme.bookkeeping import Applied, Cause, cap_of
from engine.programme.netting import united
from engine.programme.periods import later
from engine.programme.tagging import united_tags
from engine.programme.waits import united_messages, waits
from engine.schedule import start_of
from engine.state import (
    Awarded,
    Consent,
    Level,
    Membership,
    MemberState,
    Told,
    changed,
)
from engine.values import Instant
from engine.watch.moving import united_segments

_replace = msgspec.structs.replace


class Both(NamedTuple):
    """Two members that become one.

    Attributes:
        mine: The one that goes on, with the entry of the merge taken in.
        theirs: The one that ends.
        in_force: The rules in force.
        books: Their books, united already.
    """

    mine: MemberState
    theirs: MemberState
    in_force: Index
    books: Books

    def zone(self, state: MemberState) -> str:
        """Return the IANA zone of one of them."""
        return state.zone or self.in_force.rules.catalogue.programme.zone


def follows(event: Event, absorbed: MemberState | None) -> None:
    """Refuse an entry of a merge that doesn't end the very log that it names.

    Raises:
        StateMismatch: If the member that ends isn't given, or is another than was merged.
    """
    if event.kind != "merge":
        return
    told = event.properties
    if absorbed is None:
        raise StateMismatch(f"{told.get('absorbed')!r}, which this merge ends, is not given")
    found = (absorbed.member, absorbed.sequence, absorbed.chain)
    if found != (told.get("absorbed"), told.get("sequence"), told.get("chain")):
        raise StateMismatch(
            f"the log of {told.get('absorbed')!r} doesn't end where the merge says: it has "
            f"{absorbed.sequence} entries and the chain {absorbed.chain[:12]}"
        )
    if absorbed.as_of > event.as_of or absorbed.member == event.member:
        raise StateMismatch(f"{event.member!r} can't take {absorbed.member!r} in at {event.as_of}")


def _is_theirs(both: Both, name: str) -> bool:
    """Return whether the other was told an attribute later; the survivor's counts if both at once."""
    mine, theirs = both.mine.told.get(name), both.theirs.told.get(name)
    if mine is None or theirs is None:
        return theirs is not None or (name not in both.mine.attributes and mine is None)
    return theirs.at > mine.at


def _attributes(both: Both) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in dict.fromkeys(chain(both.mine.attributes, both.theirs.attributes)):
        teller = both.theirs if _is_theirs(both, name) else both.mine
        if name in teller.attributes:
            found[name] = teller.attributes[name]
    return found


def _told(both: Both) -> dict[str, Told]:
    theirs = {name: one for name, one in both.theirs.told.items() if _is_theirs(both, name)}
    return {**both.mine.told, **theirs}


def _fired(both: Both) -> dict[str, list[Instant]]:
    mine, theirs = both.mine.fired, both.theirs.fired
    both_keys = dict.fromkeys(chain(mine, theirs))
    return {key: sorted([*mine.get(key, []), *theirs.get(key, [])]) for key in both_keys}


def _consumed(both: Both) -> dict[str, Instant]:
    mine, theirs = both.mine.consumed, both.theirs.consumed
    return {**mine, **{key: max(mark, mine.get(key, mark)) for key, mark in theirs.items()}}


def _issued(both: Both) -> dict[str, int]:
    mine, theirs = both.mine.issued, both.theirs.issued
    return {**mine, **{key: number + mine.get(key, 0) for key, number in theirs.items()}}


def _levels(both: Both) -> dict[str, Level]:
    found = {**both.mine.levels}
    for key, theirs in both.theirs.levels.items():
        mine = found.get(key)
        ladder = both.in_force.rules.ladders.get(key)
        if mine is None:
            found[key] = theirs
        elif ladder is not None:
            rank = ladder.rank(theirs.tier) - ladder.rank(mine.tier)
            lasts_longer = mine.until != theirs.until and later(mine.until, theirs.until) == theirs.until
            if rank > 0 or (rank == 0 and lasts_longer):
                found[key] = theirs
    return found


def _memberships(both: Both) -> dict[str, Membership]:
    found = {**both.mine.memberships}
    for key, theirs in both.theirs.memberships.items():
        mine = found.get(key)
        if mine is None:
            found[key] = theirs
        else:
            left = max(0, theirs.until - both.mine.as_of)
            found[key] = Membership(min(mine.since, theirs.since), mine.until + left)
    return found


def _awarded(both: Both) -> dict[str, Awarded]:
    """Return what capped actions awarded in the period that runs, by the survivor's zone."""
    found: dict[str, Awarded] = {}
    as_of = both.mine.as_of
    zone = both.mine.zone or both.zone(both.theirs)
    for key in dict.fromkeys(chain(both.mine.awarded, both.theirs.awarded)):
        cap = cap_of(key, both.in_force)
        if cap is None:
            continue
        amount = 0
        for one in (both.mine, both.theirs):
            done = one.awarded.get(key)
            if done is not None and done.start == start_of(as_of, cap.every, both.zone(one)):
                amount += done.amount
        if amount:
            found[key] = Awarded(start_of(as_of, cap.every, zone), amount)
    return found


def _consent(both: Both) -> dict[str, Consent]:
    found = {**both.mine.consent}
    for channel, theirs in both.theirs.consent.items():
        mine = found.get(channel, theirs)
        found[channel] = max(mine, theirs, key=lambda one: (one.at, not one.given))
    return found


def _first(both: Both) -> MemberState:
    """Return the one that joined first; the survivor if both did at once."""
    mine, theirs = both.mine, both.theirs
    if mine.joined_at is None or theirs.joined_at is None:
        return theirs if mine.joined_at is None else mine
    return theirs if theirs.joined_at < mine.joined_at else mine


HOW: Final[Mapping[str, Callable[[Both], Any]]] = {
    # The member that goes on, its place in its own log, and with its key its place in every hold-out.
    "member": lambda both: both.mine.member,
    "sequence": lambda both: both.mine.sequence,
    "as_of": lambda both: both.mine.as_of,
    # Who joined first was there when a rule began.
    "joined_at": lambda both: _first(both).joined_at,
    "joined_revision": lambda both: _first(both).joined_revision,
    # The entry of the merge names both chains, and its own digest goes on from there.
    "chain": lambda both: both.mine.chain,
    # The survivor's, where one was told of it.
    "zone": lambda both: both.mine.zone or both.theirs.zone,
    "tracked": lambda both: both.mine.tracked,
    # What was told last, by the senders' time; the survivor's if at the same instant.
    "attributes": _attributes,
    "told": _told,
    # Every holder keeps its grip; where a group forbids both tags, the one that was put on later stays.
    "tags": lambda both: united_tags(
        both.mine.tags, both.theirs.tags, both.in_force.rules.catalogue.taxonomy
    ),
    # The books: lots, holds and orders unite, debts add up.
    "books": lambda both: both.books,
    "points": lambda both: both.books.account(POINTS).available,
    "coupons": lambda both: {**both.mine.coupons, **both.theirs.coupons},
    # One history.
    "past": lambda both: united(both.mine, both.theirs, both.in_force)[0],
    # The later arming or occurrence that has been dealt with: none is dealt with again.
    "consumed": _consumed,
    # What counts against a limit adds up.
    "fired": _fired,
    "issued": _issued,
    "awarded": _awarded,
    # One wait in a rule, unless it may be entered several times.
    "enrolments": lambda both: [one.now for one in waits(both.mine, both.theirs, both.in_force).kept],
    # The higher level; of two alike, the one that is held longer.
    "levels": _levels,
    # What is left of one is added to the other, as by renewing.
    "memberships": _memberships,
    # Since the earlier of the two; what is computed is read again, quietly, at the next entry or soon.
    "segments": lambda both: united_segments(both.mine, both.theirs),
    "scores": lambda both: both.mine.scores,
    "standing": lambda both: {**both.theirs.standing, **both.mine.standing},
    "looks": lambda _: {},
    "seen": lambda _: 0,
    "merged_into": lambda both: both.mine.merged_into,
    "erased_at": lambda both: both.mine.erased_at,
    # What was said last of marketing; withdrawn, if at the same instant.
    "consent": _consent,
    "counted": lambda both: united(both.mine, both.theirs, both.in_force)[1],
    "waiting": lambda both: united_messages(both.mine, both.theirs, both.in_force),
}
"""What each part of a state comes to."""


def absorbing(state: MemberState, effect: AbsorbMember, cause: Cause) -> Applied:
    """Return the member with another, that of the entry, as a part of it.

    Raises:
        StateMismatch: If the effect names another.
        Overflow: If an account would exceed 2^53.
    """
    theirs = cause.absorbed
    if theirs is None or theirs.member != effect.member:
        raise StateMismatch(f"{effect.member!r} is not the member that ends here")
    poster = Poster(effect.id, state.member, state.as_of)
    books = merge(state.books, theirs.books, poster, theirs.member)
    both = Both(state, theirs, cause.in_force, books)
    state = changed(state, **{name: how(both) for name, how in HOW.items()})
    return Applied(state, [], [*poster.postings])


def ended(state: MemberState, survivor: str) -> MemberState:
    """Return what is left of a member that became a part of another: where its log ended."""
    return MemberState(
        member=state.member,
        sequence=state.sequence,
        as_of=state.as_of,
        joined_at=state.joined_at,
        joined_revision=state.joined_revision,
        chain=state.chain,
        tracked=state.tracked,
        merged_into=survivor,
    )


def survives(one: MemberState, other: MemberState) -> bool:
    """Return whether the first of two members goes on when they merge: the one that joined first."""
    return (one.joined_at is None, one.joined_at or 0, one.member) <= (
        other.joined_at is None,
        other.joined_at or 0,
        other.member,
    )


def merge_properties(absorbed: MemberState, *, by: str, reason: str) -> dict[str, Any]:
    """Return what the entry of a merge tells: which log ends where, and who said so, and why.

    The digest of the survivor's chain is made over it, so that its link has two parents.
    """
    said = {"absorbed": absorbed.member, "sequence": absorbed.sequence, "chain": absorbed.chain}
    return {**said, "by": by, "reason": reason}
