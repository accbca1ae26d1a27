"""Leaves checkpoints where the operator can't change them: whoever holds one would see the log rewritten.

At most one checkpoint an hour goes to each place, by default; what isn't
accepted is tried again.
"""

import os
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

import structlog

from api.channels.outgoing import Channel, Message, Undelivered
from api.channels.webhook import Post, Webhooks
from api.clock import Clock
from api.service.proof.note import Checkpoint, read
from api.service.running import Run
from api.store import seals
from api.store.connection import Connection
from engine.values import MICROSECONDS, Instant

_log = structlog.get_logger(__name__)
RETRY: Final = 60 * MICROSECONDS
TYPE: Final = "regulars.checkpoint"

Target = Callable[[Checkpoint, str, Instant], None]
"""Leaves a checkpoint somewhere, given with its note and the present; raises `Undelivered` or `OSError`."""


class Anchoring:
    """Leaves the newest checkpoint at every place."""

    def __init__(
        self,
        read_in: Callable[[], AbstractContextManager[Connection]],
        run: Run,
        clock: Clock,
        targets: Mapping[str, Target],
        *,
        every: float,
    ) -> None:
        """Make the use case of its parts.

        Args:
            read_in: Opens a read transaction.
            run: Runs work in a write transaction.
            clock: Our clock.
            targets: Places by name: `email`, `folder`, `webhook`.
            every: Seconds between two checkpoints at the same place, at least.
        """
        self._read = read_in
        self._run = run
        self._clock = clock
        self._targets = targets
        self._pause = int(every * MICROSECONDS)
        self._next: dict[str, Instant] = {}

    def work(self) -> int:
        """Leave the newest checkpoint wherever one is due; return at how many places."""
        now = self._clock.now()
        due = [name for name in self._targets if now >= self._next.get(name, 0)]
        if not due:
            return 0
        with self._read() as connection:
            note, last = seals.checkpoint(connection), seals.last_anchors(connection)
        if note is None:
            return 0
        checkpoint = read(note)
        return sum(self._leave(name, checkpoint, note, now, last.get(name)) for name in due)

    def _leave(
        self, name: str, checkpoint: Checkpoint, note: str, now: Instant, last: tuple[int, Instant] | None
    ) -> int:
        if last is not None and (last[0] >= checkpoint.size or now < last[1] + self._pause):
            self._next[name] = max(last[1] + self._pause, now + MICROSECONDS)
            return 0
        try:
            self._targets[name](checkpoint, note, now)
        except (Undelivered, OSError) as error:
            _log.warning("checkpoint_not_anchored", target=name, size=checkpoint.size, reason=str(error))
            self._next[name] = now + RETRY
            return 0
        self._run(lambda connection: seals.add_anchor(connection, checkpoint.size, name, now))
        self._next[name] = now + self._pause
        return 1


def to_folder(folder: Path) -> Target:
    """Return what writes each checkpoint into a file of its own, which is never written again."""

    def leave(checkpoint: Checkpoint, note: str, _now: Instant) -> None:
        path = folder / f"checkpoint-{checkpoint.size}.txt"
        try:
            with path.open("xb") as file:
                file.write(note.encode())
                file.flush()
                os.fsync(file.fileno())
        except FileExistsError:
            if path.read_bytes() != note.encode():
                raise

    return leave


def to_email(channel: Channel, address: str) -> Target:
    """Return what sends each checkpoint as an e-mail."""

    def leave(checkpoint: Checkpoint, note: str, _now: Instant) -> None:
        subject = f"Checkpoint of {checkpoint.origin}: {checkpoint.size} entries"
        channel.send(Message(id=_id(checkpoint), channel="email", to=address, subject=subject, text=note))

    return leave


def to_webhook(webhooks: Webhooks, url: str, secret: str) -> Target:
    """Return what posts each checkpoint as a CloudEvent."""

    def leave(checkpoint: Checkpoint, note: str, now: Instant) -> None:
        post = Post(
            id=_id(checkpoint),
            url=url,
            secret=secret,
            type=TYPE,
            subject=checkpoint.origin,
            time=checkpoint.at,
            data={"size": checkpoint.size, "note": note},
        )
        webhooks.post(post, now)

    return leave


def _id(checkpoint: Checkpoint) -> str:
    return f"checkpoint-{checkpoint.size}-{checkpoint.root.hex()[:16]}"
