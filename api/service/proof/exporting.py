"""Writes a proof for somebody who trusts neither us nor the operator: a folder that checks itself.

Its form is described in the README that goes with it, and checked by the
script that goes with it, which shares no code with us.
"""

import base64
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple, TypeVar

import orjson

from api.service.proof.note import Checkpoint, Key, NoteError, read, verified
from api.service.proof.record import control_bytes, event_bytes, leaf_bytes
from api.service.proof.sealing import hashes_in
from api.service.proof.tree import HASH_BYTES, Span, leaf_hash, nodes_of
from api.service.refusal import Refusal
from api.store import log, seals
from api.store.connection import Connection
from engine import canonical
from engine.values import Instant

T = TypeVar("T")
KIT: Final = Path(__file__).parent / "kit"
_FILES: Final = ("README.md", "verify.py")
_LINES: Final = ("records", "events", "decisions")
_CHUNK: Final = 500
_PUBLISHED: Final = "Rule Published"


class Wanted(NamedTuple):
    """Which entries a proof is to show.

    Attributes:
        member: Key of the one member; None for all.
        since: Only what was recorded at or after this instant; None for all.
        until: Only what was recorded before this instant; None for all.
        held: Signed notes that its reader holds already, of which the log must be a continuation.
        most: How many entries at most; None for any number.
    """

    member: str | None = None
    since: Instant | None = None
    until: Instant | None = None
    held: Sequence[str] = ()
    most: int | None = None


class Exported(NamedTuple):
    """What a proof shows: how many entries, of a tree of how many, under how many checkpoints."""

    entries: int
    size: int
    checkpoints: int


def export_to(connection: Connection, out: Path, public: bytes, wanted: Wanted) -> Exported:
    """Write a proof into a new folder, or a new zip file where the name ends in `.zip`; all of it or nothing.

    Args:
        connection: A read transaction, so that all comes from one snapshot.
        out: Where to.
        public: The key that checkpoints are signed with: 32 bytes.
        wanted: Which entries.

    Raises:
        Refusal: `invalid-request` if there is something already; else as `export`.
    """
    packed = out.suffix == ".zip"
    if out.exists() and (packed or not out.is_dir() or any(out.iterdir())):
        raise Refusal("invalid-request", f"{out} exists: name a new folder, or a new file that ends in .zip.")
    if not out.parent.is_dir():
        raise Refusal("invalid-request", f"{out.parent} is no folder: make it first.")
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".proof-") as beside:
        folder = Path(beside) / "proof"
        made = export(connection, folder, public, wanted)
        if packed:
            _pack(folder, folder.with_suffix(".zip"))
        folder.with_suffix(out.suffix if packed else "").rename(out)
    return made


def export(connection: Connection, folder: Path, public: bytes, wanted: Wanted) -> Exported:
    """Write a proof into a folder that isn't there yet.

    Args:
        connection: A read transaction, so that all comes from one snapshot.
        folder: Where to.
        public: The key that checkpoints are signed with: 32 bytes.
        wanted: Which entries.

    Raises:
        Refusal: `not-found` if nothing is sealed, or nothing of what is wanted; `invalid-request` if a held
            note isn't of this log, or there are too many entries; `unavailable` if what is stored isn't
            what was sealed.
    """
    note = seals.checkpoint(connection)
    if note is None:
        raise Refusal("not-found", "Nothing is sealed yet: run `main.py seal`, or let the service do so.")
    _check(connection, wanted)
    newest = read(note)
    notes = _notes(connection, public, (newest, note), wanted.held)
    folder.mkdir()
    runs, revision = _write_records(connection, folder, newest.size, wanted)
    if not runs:
        raise Refusal("not-found", "No sealed entry is in this range: widen it, or run `main.py seal` first.")
    _write_rules(connection, folder, revision)
    (folder / "checkpoints").mkdir()
    for size, text in notes.items():
        (folder / "checkpoints" / f"{size}.txt").write_bytes(text.encode())
    (folder / "pubkey.txt").write_bytes(f"{Key(newest.origin, public).text}\n".encode())
    for name in _FILES:
        shutil.copyfile(KIT / name, folder / name)
    proof = {
        "checkpoints": sorted(notes),
        "files": {name: canonical.digest_bytes((KIT / name).read_bytes()) for name in _FILES},
        "places": runs,
        "subtrees": list(_between(connection, runs, sorted(notes))),
        "v": 1,
    }
    (folder / "proof.json").write_bytes(canonical.encode(proof))
    return Exported(sum(end - start for start, end in runs), newest.size, len(notes))


def _pack(folder: Path, file: Path) -> None:
    with zipfile.ZipFile(file, "x", zipfile.ZIP_DEFLATED) as packed:
        for one in sorted(folder.rglob("*")):
            if one.is_file():
                packed.write(one, one.relative_to(folder))


def _check(connection: Connection, wanted: Wanted) -> None:
    if wanted.since is not None and wanted.until is not None and wanted.since >= wanted.until:
        raise Refusal("invalid-request", "The range is empty: its end must come after its beginning.")
    if wanted.member is not None and not log.newest(connection, wanted.member, before=None, limit=1):
        raise Refusal("not-found", f"There is no entry of a member {wanted.member!r}.")


def _notes(
    connection: Connection, public: bytes, newest: tuple[Checkpoint, str], held: Sequence[str]
) -> dict[int, str]:
    """Return the checkpoints that go with a proof: the first, the anchored, the held and the newest."""
    last, note = newest
    found = {size: text for size, text in seals.remembered(connection) if read(text).origin == last.origin}
    found[last.size] = note
    for one in held:
        try:
            said = verified(one, public)
        except NoteError as error:
            raise Refusal(
                "invalid-request", f"The checkpoint that you hold can't be used: {error}."
            ) from error
        if said.origin != last.origin or said.size > last.size:
            raise Refusal(
                "invalid-request", f"The checkpoint that you hold isn't of this log of {last.size} entries."
            )
        found.setdefault(said.size, one)
    return found


def _write_records(
    connection: Connection, folder: Path, size: int, wanted: Wanted
) -> tuple[list[list[int]], int]:
    """Write records, events and decisions; return the runs of places, and the newest revision."""
    runs: list[list[int]] = []
    revision = written = 0
    found = seals.places(connection, size, member=wanted.member, since=wanted.since, until=wanted.until)
    with ExitStack() as stack:
        files = [stack.enter_context((folder / f"{one}.jsonl").open("wb")) for one in _LINES]
        for chunk in _chunks(sequence for _, sequence in found):
            written += len(chunk)
            if wanted.most is not None and written > wanted.most:
                raise Refusal(
                    "invalid-request",
                    f"More than {wanted.most} entries are too many here: narrow the range, or run "
                    "`main.py export-proof`.",
                )
            for entry in seals.chosen(connection, chunk):
                _write(entry, files)
                revision = max(revision, entry.revision)
                place = entry.place or 0
                if runs and runs[-1][1] == place:
                    runs[-1][1] += 1
                else:
                    runs.append([place, place + 1])
    return runs, revision


def _write(entry: seals.StoredEntry, files: Sequence[BinaryIO]) -> None:
    event = event_bytes(entry)
    record = leaf_bytes(entry, event)
    if (entry.hashes or b"")[:HASH_BYTES] != leaf_hash(record):
        raise Refusal(
            "unavailable",
            f"Entry {entry.sequence} isn't what was sealed: run `main.py verify`, it names all.",
        )
    for file, line in zip(files, (record, event, entry.body or b"null"), strict=True):
        file.write(line)
        file.write(b"\n")


def _write_rules(connection: Connection, folder: Path, revision: int) -> None:
    """Write what was in force up to a revision: each change, and the rules by their digests."""
    rules = folder / "rules"
    rules.mkdir()
    with (folder / "controls.jsonl").open("wb") as file:
        for control in seals.controls(connection, revision):
            file.write(control_bytes(control) + b"\n")
            if control.name == _PUBLISHED:
                document = canonical.encode(orjson.loads(control.body)["document"])
                (rules / f"{canonical.digest_bytes(document)}.json").write_bytes(document)


def _between(
    connection: Connection, runs: Sequence[Sequence[int]], cuts: Sequence[int]
) -> Iterator[tuple[int, int, str]]:
    """Yield the subtrees between the runs, from left to right, none of them across a cut."""
    nodes = (node for gap in _gaps(runs, cuts) for node in nodes_of(gap))
    for chunk in _chunks(nodes):
        for node, hashed in zip(chunk, hashes_in(connection, chunk), strict=True):
            yield node.level, node.number, base64.b64encode(hashed).decode()


def _gaps(runs: Sequence[Sequence[int]], cuts: Sequence[int]) -> Iterator[Span]:
    """Yield what the runs leave out, cut where an earlier checkpoint ends."""
    place = 0
    for start, end in [*runs, [cuts[-1], cuts[-1]]]:
        for cut in [one for one in cuts if place < one < start]:
            yield place, cut
            place = cut
        if place < start:
            yield place, start
        place = end


def _chunks(found: Iterable[T]) -> Iterator[list[T]]:
    waiting = iter(found)
    while chunk := list(islice(waiting, _CHUNK)):
        yield chunk
