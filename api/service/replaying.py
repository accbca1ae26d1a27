"""Replay: the log decided again, and compared with everything that was recorded."""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any, Final, NamedTuple

import msgspec
import orjson

from api.service.recalling import as_logged, bodies
from api.service.rulebook import Rulebook
from api.store import controls, log, recorded, snapshots
from api.store.connection import Connection
from api.store.log import LoggedEntry
from api.store.recorded import Recorded
from engine import canonical, ledger
from engine.errors import EngineError
from engine.replay import Divergence, MemberReport, replay
from engine.state import MemberState, changed, unpack
from engine.values import Instant

_CHUNK = 200
MAX_DIVERGENCES = 1_000


class Part(NamedTuple):
    """Some of the members: those whose key comes after `behind`, up to `upto`; None for all the rest."""

    behind: str = ""
    upto: str | None = None


EVERYBODY: Final = Part()


class Report(msgspec.Struct, kw_only=True):
    """What a replay found.

    Attributes:
        checked: Entries that were decided again.
        members: Members they belong to.
        divergences: Differences, at most 1,000.
        more: Differences that aren't listed.
        digest: Digest over every member's chain, in whatever order they were replayed:
            equal logs give equal digests.
    """

    checked: int = 0
    members: int = 0
    divergences: list[Divergence] = []
    more: int = 0
    digest: str = "0" * 64

    def chained(self, member: str, chain: str) -> None:
        """Count a member's chain into the digest: a sum of hashes, which knows no order."""
        self._count(int(canonical.digest([member, chain]), 16))

    def join(self, part: "Report") -> None:
        """Take over what was found of other members."""
        self.checked += part.checked
        self.members += part.members
        self.add(part.divergences)
        self.more += part.more
        self._count(int(part.digest, 16))

    def _count(self, number: int) -> None:
        self.digest = f"{(int(self.digest, 16) + number) % 2**256:064x}"

    def add(self, found: Iterable[Divergence]) -> None:
        """Add differences."""
        for one in found:
            if len(self.divergences) < MAX_DIVERGENCES:
                self.divergences.append(one)
            else:
                self.more += 1


def replay_log(
    connection: Connection,
    *,
    sample: int = 0,
    member: str | None = None,
    part: Part = EVERYBODY,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Decide the log again, from its own control entries, and compare.

    The index matches here, whichever matcher decided: it is the quicker one, and
    what one of them got wrong shows as a divergence.

    Memory is bounded by some hundred members, whatever the length of the log.

    Args:
        connection: A read transaction, so that all comes from one snapshot.
        sample: One in so many answers of the network is compared with the reference.
        member: The one member to replay; all by default.
        part: Which members to replay; all by default.
        progress: Told the number of entries from time to time.
    """
    report = Report()
    rulebook = Rulebook(sample=sample, matcher="index")
    learned = list(_learned(connection, rulebook))
    report.add(learned if part.behind == "" else [])
    for chunk in _chunks(connection, member, part):
        kept = recorded.of_members(connection, list(chunk))
        decided = bodies(connection, [entry.sequence for entries in chunk.values() for entry in entries])
        taken = snapshots.of_members(connection, list(chunk))
        for key, entries in chunk.items():
            snapped = taken.get(key, {})
            found = replay(
                key, as_logged(entries, decided), rulebook.replayer, upto=rulebook.index(), passing=snapped
            )
            report.members += 1
            report.checked += found.checked
            report.add(found.divergences)
            if not found.divergences:
                report.add(_tables(found, entries, decided, kept[key]))
                report.add(_snapshots(found, entries, snapped))
            report.chained(key, found.state.chain)
        if progress is not None:
            progress(report.checked)
    return report


def _learned(connection: Connection, rulebook: Rulebook) -> Iterator[Divergence]:
    """Fold the control entries in, and check their own chain."""
    previous = ""
    for control, digest in controls.with_digests(connection):
        if control.previous != previous or control.digest() != digest:
            yield Divergence(
                member="",
                decision=0,
                path=f"control/{control.revision}",
                recorded=digest,
                replayed=control.digest(),
            )
        previous = digest
        try:
            rulebook.learn([control])
        except (EngineError, ValueError, KeyError) as error:
            yield Divergence(
                member="",
                decision=0,
                path=f"control/{control.revision}",
                recorded="unreadable",
                replayed=str(error),
            )
            return


def _chunks(connection: Connection, member: str | None, part: Part) -> Iterator[dict[str, list[LoggedEntry]]]:
    if member is None:
        entries = log.all_entries(connection, behind=part.behind, upto=part.upto)
    else:
        entries = log.entries(connection, member)
    chunk: dict[str, list[LoggedEntry]] = {}
    for key, group in groupby(entries, key=lambda entry: entry.event.member):
        chunk[key] = list(group)
        if len(chunk) >= _CHUNK:
            yield chunk
            chunk = {}
    if chunk:
        yield chunk


def _tables(
    found: MemberReport, entries: list[LoggedEntry], bodies: dict[int, bytes], kept: Recorded
) -> Iterator[Divergence]:
    """Compare the tables with what the log, now known to be sound, says they must hold."""
    last = entries[-1].sequence
    state = found.state

    def differs(path: str, recorded_value: Any, replayed: Any, sequence: int = last) -> Divergence:
        return Divergence(
            member=state.member, decision=sequence, path=path, recorded=recorded_value, replayed=replayed
        )

    yield from _state(state, kept.state, differs)
    tags = [
        (tag, holder, held.since, held.until)
        for tag, holders in sorted(state.tags.items())
        for holder, held in sorted(holders.items())
    ]
    if tags != sorted(kept.tags):
        yield differs("tags", kept.tags, tags)
    coupons, postings = _effects(state.member, entries, bodies)
    for name, expected, stored in (("coupon", coupons, kept.coupons), ("ledger", postings, kept.entries)):
        for key in sorted({**expected, **stored}):
            if expected.get(key) != stored.get(key):
                row = expected.get(key) or stored[key]
                yield differs(f"{name}/{key}", stored.get(key), expected.get(key), row[-1])


def _snapshots(
    found: MemberReport, entries: list[LoggedEntry], taken: dict[int, bytes]
) -> Iterator[Divergence]:
    """Compare snapshots with the states that the log, now known to be sound, leads to."""
    for place, packed in sorted(taken.items()):
        sequence = entries[place - 1].sequence if place <= len(entries) else entries[-1].sequence

        def differs(path: str, recorded_value: Any, replayed: Any, sequence: int = sequence) -> Divergence:
            return Divergence(
                member=found.state.member,
                decision=sequence,
                path=f"snapshot/{path}",
                recorded=recorded_value,
                replayed=replayed,
            )

        if place in found.passed:
            yield from _state(found.passed[place], packed, differs)
        else:
            yield differs(str(place), "a snapshot", "no such entry")


def _state(
    state: MemberState, packed: bytes | None, differs: Callable[[str, Any, Any], Divergence]
) -> Iterator[Divergence]:
    if packed is None:
        yield differs("state", None, "a row")
        return
    try:
        stored = unpack(packed)
    except (msgspec.MsgspecError, ValueError) as error:
        yield differs("state", str(error), "a readable state")
        return
    if stored.tracked != state.tracked:
        # Written before a later rule asked for more history; that part is made when it is next read.
        stored, state = changed(stored, past={}, tracked=""), changed(state, past={}, tracked="")
    if stored != state:
        names = [name for name in state.__struct_fields__ if getattr(stored, name) != getattr(state, name)]
        for name in names:
            yield differs(f"state/{name}", str(getattr(stored, name)), str(getattr(state, name)))


def _effects(
    member: str, entries: list[LoggedEntry], bodies: dict[int, bytes]
) -> tuple[dict[str, tuple[Any, ...]], dict[str, tuple[Any, ...]]]:
    """Return the coupons and ledger entries that a member's decisions ask for."""
    coupons: dict[str, tuple[Any, ...]] = {}
    postings: dict[str, tuple[Any, ...]] = {}
    for entry in entries:
        body = bodies.get(entry.sequence)
        decided = orjson.loads(body) if body is not None else {}
        for outcome in decided.get("outcomes", []):
            for effect in outcome.get("effects", []):
                as_of: Instant = entry.event.as_of
                if effect["type"] == "issue_coupon":
                    coupons[effect["code"]] = (
                        effect["coupon"],
                        as_of,
                        effect.get("expires_at"),
                        entry.sequence,
                    )
                elif effect["type"] == "award_points":
                    one = ledger.award(
                        effect_id=effect["id"], member=member, points=effect["points"], as_of=as_of
                    )
                    postings[one.id] = (one.debit, one.credit, one.amount, one.as_of, entry.sequence)
    return coupons, postings
