"""A back-test: the log of a range decided under another rule set, and nothing written (ruling 30).

Members who have nothing to do with each other are decided apart, as if whatever is common to all had no
end, and what they asked of it is counted. Only where that may have been too much are all members decided
again, together, in the order of time.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableSet
from dataclasses import dataclass
from hashlib import blake2b
from itertools import groupby
from typing import Any, Final

import msgspec
import orjson

from api.service.backtest_tally import Tally
from api.service.recalling import as_logged, bodies
from api.service.replaying import EVERYBODY, Part
from api.service.rulebook import Rulebook
from api.store import controls, decisions, identities, log, ranges
from api.store.connection import Connection
from api.store.scratch import Scratch
from engine.backtest import Change, Course, Demand, Happened, Known, Others, Recast, Supply
from engine.language.parse import parse_rule
from engine.matching import IndexMatching
from engine.replay import Logged
from engine.state import MemberState
from engine.values import Instant

_CHUNK: Final = 100
_PARTS_OF_NAMES: Final = 16
Progress = Callable[[int], None]


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What is back-tested.

    Attributes:
        since: First instant of the range; the rules are in force from then on.
        until: Last instant.
        drafts: Documents of rules that are published then.
        without: Keys of rules that are left out.
        others: What holds of all other rules.
        defined: Definitions of today, if a draft speaks of something that was defined later; or None.
        seed: What codes and draws are made of.
        zone: IANA zone of the programme.
    """

    since: Instant
    until: Instant
    drafts: list[dict[str, Any]] = []
    without: list[str] = []
    others: Others = "as_they_were"
    defined: dict[str, Any] | None = None
    seed: str = "back-test"
    zone: str

    def change(self) -> Change:
        """Return what the engine puts in the place of what was published."""
        drafts = tuple(parse_rule(one) for one in self.drafts)
        return Change(self.since, drafts, frozenset(self.without), self.others, self.defined)


@dataclass(slots=True)
class Found:
    """What was found of some members.

    Attributes:
        tally: Their decisions, added up.
        demand: What they asked of what is common to all.
        claims: Digests of the names that they claimed, each group of members its own once.
        checked: Entries that were decided, those before the range among them.
        timers: Timers that fell due in the range.
        together: Whether all were decided together.
    """

    tally: Tally
    demand: Demand
    claims: "array[int]"
    checked: int = 0
    timers: int = 0
    together: bool = False

    def join(self, other: "Found") -> None:
        """Add what was found of others."""
        self.tally.join(other.tally)
        self.demand.join(other.demand)
        self.claims.extend(other.claims)
        self.checked += other.checked
        self.timers += other.timers

    @property
    def binds(self) -> bool:
        """Whether something that is common to all may have come to its end, so that the order counts."""
        return self.demand.binds or _twice(self.claims)


class Backtesting:
    """Decides the log of one snapshot under a plan."""

    def __init__(self, connection: Connection, plan: Plan) -> None:
        """Make ready.

        Args:
            connection: A read transaction, so that all comes from one snapshot.
            plan: What is back-tested.

        Raises:
            InvalidRule: If a draft can't be compiled under what was defined.
        """
        self._connection = connection
        self._plan = plan
        known = list(controls.controls_after(connection, 0))
        rulebook = Rulebook(matcher="index")
        rulebook.learn(known)
        self._recast = Recast(known, plan.change(), rulebook.replayer, IndexMatching)
        self._imports = ranges.imports(connection)
        self._pools = ranges.pools(connection)

    def apart(self, part: Part = EVERYBODY, progress: Progress | None = None, note: Any = None) -> Found:
        """Decide some members, each group of those that merges connect by itself.

        Args:
            part: Which members; a group goes with the one whose key comes first.
            progress: Told the number of entries from time to time; may raise to end it.
            note: Told of every entry of the range, too.
        """
        found = self._nothing()
        groups = _groups(ranges.merged(self._connection))
        for chunk in self._chunks(part, groups):
            for entries in chunk:
                self._group(entries, found, note)
            if progress is not None:
                progress(found.checked)
        return found

    def together(self, progress: Progress | None = None, note: Any = None) -> Found:
        """Decide all members in the order of time, with an end to whatever is common to all."""
        found = self._nothing()
        with Scratch() as scratch:
            supply = self._supply(self._codes_of, scratch.names, scratch.states)
            course = Course(
                self._recast,
                supply,
                _noting(found.tally, note),
                states=scratch.states,
                imports=self._imports,
            )
            for entry in self._in_time(0, self._plan.since - 1):
                course.recall(entry)
                _tell(progress, course.entries)
            course.run(self._told(found.tally, course, progress), self._plan.until)
        found.tally.close()
        found.checked, found.timers, found.demand = course.entries, course.timers, supply.demand
        found.demand.told = False
        return found

    def _nothing(self) -> Found:
        drafts = frozenset(one["key"] for one in self._plan.drafts)
        return Found(Tally(drafts, zone=self._plan.zone), Demand(), array("Q"))

    def _supply(
        self,
        codes: Callable[[str, str], list[str]],
        claimed: MutableSet[str],
        everybody: Mapping[str, MemberState] | None = None,
    ) -> Supply:
        known = Known(codes, self._pools, lambda name: self._member_of(name, everybody or {}))
        return Supply(self._plan.seed, known, claimed, together=everybody is not None)

    def _member_of(self, name: str, everybody: Mapping[str, MemberState]) -> str | None:
        """Return who is known by an id by then: by its own key, or as the id is known today.

        Once its member was erased, it is nobody's until somebody comes back under it, as `m-1~2`.
        """
        if name not in everybody:
            return _home(identities.member_of(self._connection, name), everybody)
        key, number = name, 1
        while key in everybody:
            home = _home(key, everybody)
            if home is not None:
                return home
            number += 1
            key = f"{name}~{number}"
        return None

    def _group(self, entries: list[Logged], found: Found, note: Any) -> None:
        """Decide the members of one group, from their first entry to the end of the range."""
        since, until = self._plan.since, self._plan.until
        codes: dict[tuple[str, str], list[str]] = {}
        for entry in entries:
            if since <= entry.event.as_of <= until:
                _codes(entry, codes)
        supply = self._supply(lambda member, coupon: codes.get((member, coupon), []), set())
        course = Course(self._recast, supply, _noting(found.tally, note), imports=self._imports)
        behind = next((at for at, one in enumerate(entries) if one.event.as_of >= since), len(entries))
        for entry in entries[:behind]:
            course.recall(entry)
        wanted = [one for one in entries[behind:] if one.event.as_of <= until]
        course.run(_telling(wanted, found.tally), until)
        found.tally.close()
        found.demand.join(supply.demand)
        found.claims.extend(_digest(one) for one in sorted(set(supply.asked_for)))
        found.checked += course.entries
        found.timers += course.timers

    def _chunks(self, part: Part, groups: Mapping[str, list[str]]) -> Iterator[list[list[Logged]]]:
        """Yield the logs of some groups at a time, each in the order of time."""
        entries = log.all_entries(self._connection, behind=part.behind, upto=part.upto)
        chunk: list[list[Logged]] = []
        for key, group in groupby(entries, key=lambda one: one.event.member):
            logs = list(group)
            connected = groups.get(key, [key])
            if connected[0] != key:
                continue
            for other in connected[1:]:
                logs += log.entries(self._connection, other)
            kept = bodies(self._connection, [one.sequence for one in logs])
            whole = list(as_logged(logs, kept))
            if len(connected) > 1:
                whole.sort(key=lambda one: (one.event.as_of, one.sequence))
            chunk.append(whole)
            if len(chunk) >= _CHUNK:
                yield chunk
                chunk = []
        yield chunk

    def _in_time(self, since: Instant, until: Instant) -> Iterator[Logged]:
        for entry, body in ranges.in_time(self._connection, since, until):
            yield from as_logged([entry], {} if body is None else {entry.sequence: body})

    def _told(self, tally: Tally, course: Course, progress: Progress | None) -> Iterator[Logged]:
        for entry in _telling(self._in_time(self._plan.since, self._plan.until), tally):
            yield entry
            _tell(progress, course.entries)

    def _codes_of(self, member: str, coupon: str) -> list[str]:
        codes: dict[tuple[str, str], list[str]] = {}
        entries = log.entries(self._connection, member)
        kept = decisions.bodies_of(self._connection, member)
        for entry in as_logged(entries, kept):
            if self._plan.since <= entry.event.as_of <= self._plan.until:
                _codes(entry, codes)
        return codes.get((member, coupon), [])


def _home(key: str | None, everybody: Mapping[str, MemberState]) -> str | None:
    """Return the member in its own right that a key stands for; None if there is none, or it was erased."""
    while key is not None and (state := everybody.get(key)) is not None:
        if not state.merged_into:
            return key if state.erased_at is None else None
        key = state.merged_into
    return None


def _telling(entries: Iterable[Logged], tally: Tally) -> Iterator[Logged]:
    """Yield entries, and count what was really decided on each once the back-test has come so far."""
    for entry in entries:
        yield entry
        if entry.body is not None:
            tally.then(entry.event.member, entry.event.as_of, entry.body)


def _noting(tally: Tally, note: Callable[[Happened], None] | None) -> Callable[[Happened], None]:
    if note is None:
        return tally.now

    def both(happened: Happened) -> None:
        tally.now(happened)
        note(happened)

    return both


def _tell(progress: Progress | None, checked: int) -> None:
    if progress is not None and checked % 1_000 == 0:
        progress(checked)


def _codes(entry: Logged, codes: dict[tuple[str, str], list[str]]) -> None:
    """Add the coupons that a member really got on an entry, by definition."""
    if entry.body is None or b"issue_coupon" not in entry.body:
        return
    for outcome in orjson.loads(entry.body).get("outcomes", ()):
        for effect in outcome.get("effects", ()):
            if effect["type"] == "issue_coupon":
                codes.setdefault((entry.event.member, effect["coupon"]), []).append(effect["code"])


def _groups(merged: Iterable[ranges.Merged]) -> dict[str, list[str]]:
    """Return the members that merges connect, in the order of their keys, by each of them."""
    groups: dict[str, list[str]] = {}
    for pair in merged:
        one, other = (groups.get(key, [key]) for key in pair)
        whole = sorted({*one, *other})
        groups |= dict.fromkeys(whole, whole)
    return groups


def _digest(name: str) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest())


def _twice(claims: "array[int]") -> bool:
    """Return whether a name was claimed by two groups, looking at a part of the names at a time."""
    for part in range(_PARTS_OF_NAMES):
        some = [one for one in claims if one % _PARTS_OF_NAMES == part]
        if len(set(some)) < len(some):
            return True
    return False
