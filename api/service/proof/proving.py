"""Proofs for auditors: checkpoints, an entry in the tree, one tree as the beginning of another."""

import shutil
import tempfile
from base64 import b64encode
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Final

from api.service.proof.exporting import Wanted, export_to
from api.service.proof.note import Key, read
from api.service.proof.record import event_bytes, leaf_bytes
from api.service.proof.sealing import hashes_in
from api.service.proof.tree import consistency, inclusion
from api.service.refusal import Refusal
from api.store import seals
from api.store.connection import Connection
from engine.values import Instant, instant_text

Json = dict[str, Any]
MOST: Final = 100_000
"""Entries in one proof over the network; the command line writes any number."""


class Proving:
    """Answers auditors."""

    def __init__(self, read_in: Callable[[], AbstractContextManager[Connection]], key: Key) -> None:
        """Make the use case.

        Args:
            read_in: Opens a read transaction.
            key: The public key of the checkpoints.
        """
        self._read = read_in
        self._key = key

    def checkpoints(self, *, before: int | None, limit: int) -> Json:
        """Return a page of checkpoints, newest first."""
        with self._read() as connection:
            found = seals.checkpoints(connection, before=before, limit=limit + 1)
        shown = found[:limit]
        return {
            "checkpoints": [_plain(note) for _, note in shown],
            "next": shown[-1][0] if len(found) > limit else None,
            "key": self._key.text,
        }

    def latest(self, since: int | None) -> Json:
        """Return the newest checkpoint.

        Args:
            since: Size of an earlier tree, of which it is to be shown that it is the beginning.

        Raises:
            Refusal: `not-found` if there is none, `invalid-request` if the earlier one is greater.
        """
        with self._read() as connection:
            note = _newest(connection)
            said: Json = {**_plain(note), "key": self._key.text}
            if since is not None:
                size = read(note).size
                if since > size:
                    raise Refusal(
                        "invalid-request", f"The newest checkpoint is of {size} entries: ask below it."
                    )
                path = consistency(since, size, lambda nodes: hashes_in(connection, nodes))
                said["consistency"] = {"from": since, "to": size, "path": _texts(path)}
        return said

    def proof(self, sequence: int) -> Json:
        """Return what shows that an entry is in the tree of the newest checkpoint.

        Raises:
            Refusal: `not-found` if there is no such entry, or it isn't under a checkpoint yet.
        """
        with self._read() as connection:
            note = _newest(connection)
            size = read(note).size
            place = seals.place_of(connection, sequence)
            if place is None or place >= size:
                raise Refusal("not-found", "There is no such entry under a checkpoint; a new one soon is.")
            (entry,) = seals.chosen(connection, [sequence])
            path = inclusion(place, size, lambda nodes: hashes_in(connection, nodes))
        event = event_bytes(entry)
        return {
            "sequence": sequence,
            "place": place,
            "size": size,
            "record": leaf_bytes(entry, event).decode(),
            "event": event.decode(),
            "decision": None if entry.body is None else entry.body.decode(),
            "path": _texts(path),
            "checkpoint": note,
            "key": self._key.text,
        }

    def export(self, member: str | None, since: Instant | None, until: Instant | None) -> Path:
        """Return a zip file with a proof; whoever asked takes it away, with the folder that it is in.

        Args:
            member: Key of the one member; None for all.
            since: Only what was recorded at or after this instant; None for all.
            until: Only what was recorded before this instant; None for all.

        Raises:
            Refusal: As `exporting.export_to`, and if there are more than 100,000 entries.
        """
        kept = Path(tempfile.mkdtemp(prefix="regulars-proof-"))
        try:
            with self._read() as connection:
                wanted = Wanted(member, since, until, most=MOST)
                export_to(connection, kept / "proof.zip", self._key.public, wanted)
        except BaseException:
            shutil.rmtree(kept)
            raise
        return kept / "proof.zip"


def _newest(connection: Connection) -> str:
    note = seals.checkpoint(connection)
    if note is None:
        raise Refusal("not-found", "Nothing is sealed yet.")
    return note


def _plain(note: str) -> Json:
    said = read(note)
    return {
        "origin": said.origin,
        "size": said.size,
        "root": b64encode(said.root).decode(),
        "time": instant_text(said.at),
        "note": note,
    }


def _texts(hashes: list[bytes]) -> list[str]:
    return [b64encode(one).decode() for one in hashes]
