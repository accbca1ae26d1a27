"""Is what is stored still what was sealed? Each row is held to the tree, each checkpoint to the rows.

Integrity and replay are two claims. This one says that no row was changed
since it was sealed; whether the rules lead to what is recorded, a replay says.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

import msgspec

from api.service.proof.note import Checkpoint, NoteError, verified
from api.service.proof.record import chained, control_bytes, event_bytes, leaf_bytes
from api.service.proof.tree import HASH_BYTES, Growing, leaf_hash
from api.store import erasing, log, seals
from api.store.connection import Connection
from api.store.errors import Unreadable
from api.store.seals import StoredEntry
from engine import canonical

MAX_FOUND: Final = 1_000
_STEP: Final = 10_000


class Wrong(msgspec.Struct, frozen=True, kw_only=True):
    """A row that isn't what it was.

    Attributes:
        row: Which: `event 17`, `decision 17`, `control 3`, `sealed_entry 16`, `checkpoint 20`.
        member: Whose log it is in; empty where it is nobody's.
        reason: What is wrong with it.
    """

    row: str
    member: str = ""
    reason: str


class Report(msgspec.Struct, kw_only=True):
    """What was found.

    Attributes:
        entries: Entries of the log that were checked.
        sealed: How many of them are in the tree.
        erased: Members that were erased; what was logged of them is as it was.
        checkpoints: Checkpoints that were checked.
        size: Leaves under the newest checkpoint.
        root: Its root, in hexadecimal; empty where there is none.
        wrong: Rows that are wrong, in the order of the log, at most 1,000.
        more: Wrong rows that aren't listed.
    """

    entries: int = 0
    sealed: int = 0
    erased: int = 0
    checkpoints: int = 0
    size: int = 0
    root: str = ""
    wrong: list[Wrong] = []
    more: int = 0

    def add(self, row: str, reason: str, member: str = "") -> None:
        """Add a row that is wrong."""
        if len(self.wrong) < MAX_FOUND:
            self.wrong.append(Wrong(row=row, member=member, reason=reason))
        else:
            self.more += 1


def check(
    connection: Connection,
    public: bytes,
    *,
    held: Sequence[str] = (),
    progress: Callable[[int], None] = lambda _: None,
) -> Report:
    """Check everything that is stored of the log.

    Memory is bounded by the checkpoints, whatever the length of the log.

    Args:
        connection: A read transaction, so that all comes from one snapshot.
        public: The key that checkpoints are signed with: 32 bytes.
        held: Signed notes that were kept elsewhere; the log must still hold what they say.
        progress: Told the number of entries from time to time.
    """
    report = Report()
    _check_controls(connection, report)
    notes: list[tuple[str, int | None, str]] = [
        (f"checkpoint {size}", size, note) for size, note in seals.all_checkpoints(connection)
    ]
    notes += [("the checkpoint that you hold", None, note) for note in held]
    signed = list(_signed(notes, public, report))
    tree = _Tree(report, {size for _, size, _ in signed})
    try:
        for entry in seals.entries_upto(connection, log.last_sequence(connection)):
            report.entries += 1
            tree.take(entry)
            if report.entries % _STEP == 0:
                progress(report.entries)
    except Unreadable as error:
        report.add("event", str(error))
    report.sealed = tree.size
    for sequence in seals.lonely_decisions(connection):
        report.add(f"decision {sequence}", "its entry isn't in the log")
    for place in seals.orphans(connection):
        report.add(f"sealed_entry {place}", "its entry isn't in the log: it was taken away")
    _check_checkpoints(report, signed, tree)
    report.erased = erasing.count(connection)
    return report


class _Tree:
    """The tree made again from the rows, in the order of the log."""

    def __init__(self, report: Report, sizes: set[int]) -> None:
        self._report = report
        self._sizes = sizes
        self._growing = Growing()
        self._unsealed: StoredEntry | None = None
        self.roots: dict[int, bytes] = {0: self._growing.root()}

    @property
    def size(self) -> int:
        """Leaves so far."""
        return self._growing.size

    def take(self, entry: StoredEntry) -> None:
        """Check an entry and add its leaf."""
        event = event_bytes(entry)
        if entry.about not in {None, (entry.member, entry.member_sequence, entry.as_of)}:
            self._report.add(f"decision {entry.sequence}", "it names another entry", entry.member)
        if entry.place is None or entry.hashes is None:
            self._unsealed = entry
            self._check_chain(entry, event)
            return
        if self._unsealed is not None:
            lacking, self._unsealed = self._unsealed, None
            self._wrong(lacking, "it isn't sealed, and one after it is: it was put in later")
        if entry.place != self._growing.size:
            self._report.add(
                f"sealed_entry {entry.place}", f"the place is taken by another: {self.size} was to be next"
            )
        hashed = leaf_hash(leaf_bytes(entry, event))
        if entry.hashes[:HASH_BYTES] != hashed:
            self._wrong(
                entry, "it isn't what was sealed, or the digest of the member's entry before it isn't"
            )
        else:
            self._check_chain(entry, event)
        # The row's own hash goes into the tree, so that one wrong row doesn't make all others wrong.
        completed = self._growing.add(entry.hashes[:HASH_BYTES])
        if entry.hashes[HASH_BYTES:] != b"".join(completed[1:]):
            self._report.add(f"sealed_entry {entry.place}", "its subtrees aren't those of the leaves")
        if self.size in self._sizes:
            self.roots[self.size] = self._growing.root()

    def _check_chain(self, entry: StoredEntry, event: bytes) -> None:
        if (entry.previous is None) != (entry.member_sequence == 1):
            self._wrong(entry, "the member's entry before it isn't in the log")
        elif not chained(entry, event):
            self._wrong(entry, "its digest doesn't follow from the event, the decision and the entry before")

    def _wrong(self, entry: StoredEntry, reason: str) -> None:
        self._report.add(f"event {entry.sequence}", reason, entry.member)


_Signed = tuple[str, int, Checkpoint]


def _signed(notes: Sequence[tuple[str, int | None, str]], public: bytes, report: Report) -> Iterator[_Signed]:
    """Yield the checkpoints whose signature holds; name the others."""
    for row, size, note in notes:
        report.checkpoints += 1
        try:
            found = verified(note, public)
        except NoteError as error:
            report.add(row, str(error))
            continue
        if size not in {None, found.size}:
            report.add(row, f"it is of {found.size} leaves")
        yield row, found.size, found


def _check_checkpoints(report: Report, signed: Sequence[_Signed], tree: _Tree) -> None:
    for row, size, checkpoint in signed:
        if size > tree.size:
            report.add(row, f"it is of {size} leaves, and the log has {tree.size}: entries were taken away")
        elif tree.roots.get(size) != checkpoint.root:
            report.add(row, "its root isn't that of the leaves")
        if size >= report.size:
            report.size, report.root = size, checkpoint.root.hex()


def _check_controls(connection: Connection, report: Report) -> None:
    previous, revision = "", 0
    for control in seals.controls(connection):
        revision += 1
        follows = (control.revision, control.previous) == (revision, previous)
        if not follows or canonical.digest_bytes(control_bytes(control)) != control.digest:
            report.add(f"control {control.revision}", "it doesn't follow from the entry before it")
        previous, revision = control.digest, control.revision
