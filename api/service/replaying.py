"""Replay: the log decided again, and compared with everything that was recorded."""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Final, NamedTuple

import msgspec

from api.service.comparing import snapshot_differences, table_differences
from api.service.recalling import as_logged, bodies
from api.service.recalling import recorded as recorded_log
from api.service.rulebook import Rulebook
from api.store import controls, log, merging, recorded, snapshots
from api.store.connection import Connection
from api.store.log import LoggedEntry
from engine import canonical
from engine.errors import EngineError
from engine.programme.merging import ended
from engine.replay import Divergence, MemberReport, replay

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
                key,
                as_logged(entries, decided),
                rulebook.replayer,
                upto=rulebook.index(),
                passing=snapped,
                absorbed=lambda other: _replayed(connection, rulebook, other),
            )
            whole = kept[key].merged_into
            if whole is not None and _is_merged(connection, key, whole):
                found.state = ended(found.state, whole)
            report.members += 1
            report.checked += found.checked
            report.add(found.divergences)
            if not found.divergences:
                report.add(table_differences(found, entries, kept[key]))
                report.add(snapshot_differences(found, entries, snapped))
            report.chained(key, found.state.chain)
        if progress is not None:
            progress(report.checked)
    return report


def _replayed(connection: Connection, rulebook: Rulebook, member: str) -> MemberReport:
    """Decide the log of a member again that became a part of another."""
    return replay(
        member,
        recorded_log(connection, member),
        rulebook.replayer,
        upto=rulebook.index(),
        absorbed=lambda key: _replayed(connection, rulebook, key),
    )


def _is_merged(connection: Connection, member: str, whole: str) -> bool:
    """Return whether the log of one member says that another became a part of it."""
    return any(one.event.properties["absorbed"] == member for one in merging.merges(connection, whole))


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
