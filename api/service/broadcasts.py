"""Broadcasts: one message to everybody of whom a condition is true, now or at a set time (ruling 19).

Each member's message is asked for by an event in that member's own log, under an id made from
broadcast and member: posted again after a crash, it is the same event.
"""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Final

import msgspec

from api.clock import Clock
from api.service.asking import Request, call_of
from api.service.audience import Audiences
from api.service.broadcast_shapes import condition_of, drafted, progress, told
from api.service.calls import Call, IngestResult
from api.service.door import Door
from api.service.refusal import Finding, Refusal
from api.service.rulebook import Rulebook
from api.service.running import Run
from api.store import broadcast_drafts as drafts
from api.store import broadcasts as stored
from api.store import log
from api.store.actions import Action
from api.store.audiences import FIRST
from api.store.broadcast_drafts import StoredDraft
from api.store.broadcasts import StoredBroadcast
from api.store.connection import Connection
from api.store.database import Database
from api.store.errors import Stale
from api.store.people import AuditEntry, note
from engine import canonical
from engine.events import BROADCAST_DUE
from engine.rules import OVERDUE
from engine.values import Instant, instant_text

Json = dict[str, Any]
SOURCE: Final = "regulars:broadcast"
CHUNK: Final = 200
"""How many members are looked at in one go."""

_SAMPLE: Final = 10
_LISTED: Final = 200


class Broadcasts:
    """Plans broadcasts, tells how they go, and sends what is due."""

    def __init__(
        self,
        database: Database,
        rulebook: Rulebook,
        audiences: Audiences,
        door: Door,
        run: Run,
        submit: Callable[[list[Call]], Future[list[IngestResult]]],
        clock: Clock,
    ) -> None:
        """Make the use case of its parts; `submit` takes calls in."""
        self._database = database
        self._rulebook = rulebook
        self._audiences = audiences
        self._door = door
        self._run = run
        self._submit = submit
        self._clock = clock

    def preview(self, condition: object) -> Json:
        """Return how many members a condition is true of, as `Audiences.ask` does, and some of them.

        Raises:
            Refusal: `invalid-request` with a finding for each place in the condition.
        """
        sample = self._audiences.page(condition, FIRST, CHUNK)[0][:_SAMPLE]
        return {**self._audiences.ask(condition), "sample": sample}

    def plan(
        self,
        key: str,
        name: dict[str, str],
        template: str,
        channel: str,
        audience: Json | None,
        at: Instant | None,
        *,
        by: str,
        etag: str | None = None,
    ) -> Json:
        """Plan a broadcast; planned again with the same content, it is the same one.

        Args:
            key: Names it for ever.
            name: What it is called, by language.
            template: Key of the template.
            channel: Way out.
            audience: The condition about members; None for everybody.
            at: When it is due; None for now.
            by: Who plans it.
            etag: Of the draft of this key, which is used up; None if there is none.

        Raises:
            Refusal: `invalid-request`; `message-conflict` if the key is another broadcast's;
                `if-match-required` if there is a draft and `etag` is None.
            Stale: If somebody saved the draft in between.
        """
        now = self._clock.now()
        planned = StoredBroadcast(
            key=key,
            name=canonical.encode(name).decode(),
            template=template,
            channel=channel,
            purpose=self._purpose(template),
            audience=None if audience is None else canonical.encode(audience).decode(),
            at=now if at is None else at,
            state="scheduled",
            partition=FIRST.partition,
            member=FIRST.member,
            since=0,
            problem=None,
            created_at=now,
            created_by=by,
            finished_at=None,
        )
        self._audiences.estimate(audience)
        if self._run(lambda connection: _kept(connection, planned, now, at, etag)):
            return self.one(key)
        raise Refusal("message-conflict", "This key is another broadcast's; choose another.")

    def save_draft(self, key: str, said: Json, *, etag: str | None, by: str) -> Json:
        """Keep a broadcast that is being written; what is missing or wrong is found when it is planned.

        Args:
            key: What it will be named.
            said: `name`, `template`, `channel`, `audience`, `at`: all that is known of them.
            etag: Of the draft that was changed; None to begin one.
            by: Who writes it.

        Raises:
            Refusal: `wrong-status` if the key is a broadcast's that was planned already;
                `if-match-required` if there is a draft and `etag` is None.
            Stale: If somebody saved it, or threw it away, in between.
        """
        draft = StoredDraft(key, canonical.encode(said).decode(), self._clock.now(), by)

        def save(connection: Connection) -> None:
            if stored.read(connection, key) is not None:
                raise Refusal(
                    "wrong-status", "A broadcast of this key is planned already; choose another key."
                )
            before = _looked_at(connection, key, etag)
            drafts.save(connection, draft, before=before)
            old = None if before is None else msgspec.json.decode(before.document)
            note(connection, _noted(draft.changed_at, by, "broadcast-draft-saved", key, old, said))

        self._run(save)
        return drafted(draft, self._rulebook)

    def delete_draft(self, key: str, *, etag: str | None, by: str) -> None:
        """Throw away a broadcast that is being written.

        Args:
            key: What it was to be named.
            etag: Of the draft as it was looked at.
            by: Who throws it away.

        Raises:
            Refusal: `not-found`, or `if-match-required` if `etag` is None.
            Stale: If somebody saved it in between.
        """

        def drop(connection: Connection) -> None:
            if drafts.read(connection, key) is None:
                raise Refusal("not-found", "There is no such draft.")
            looked_at = _looked_at(connection, key, etag)
            if looked_at is not None:
                drafts.drop(connection, looked_at)
                old = msgspec.json.decode(looked_at.document)
                note(connection, _noted(self._clock.now(), by, "broadcast-draft-deleted", key, old, None))

        self._run(drop)

    def page(self) -> Json:
        """Return the drafts, and the broadcasts planned last, without progress."""
        with self._database.read() as connection:
            written, planned = drafts.newest(connection, _LISTED), stored.newest(connection, _LISTED)
        return {
            "items": [
                *(drafted(one, self._rulebook) for one in written),
                *(told(one, self._rulebook) for one in planned),
            ]
        }

    def one(self, key: str) -> Json:
        """Return a broadcast with its progress, or a draft, which has none.

        Raises:
            Refusal: `not-found`.
        """
        with self._database.read() as connection:
            found = stored.read(connection, key)
            draft = drafts.read(connection, key) if found is None else None
            became = stored.became(connection, found, SOURCE) if found is not None and found.since else []
        if found is not None:
            return {**told(found, self._rulebook), "progress": progress(became)}
        if draft is None:
            raise Refusal("not-found", "There is no such broadcast.")
        return {**drafted(draft, self._rulebook), "progress": None}

    def cancel(self, key: str, *, by: str) -> Json:
        """Cancel a broadcast; whom it has reached keeps the message. Cancelled again, nothing happens.

        Raises:
            Refusal: `not-found`, or `wrong-status` if it is done.
        """
        now = self._clock.now()

        def end(connection: Connection) -> None:
            was = stored.read(connection, key)
            stored.end(connection, key, "cancelled", now)
            became = stored.read(connection, key)
            if was is not None and became is not None and became.state != was.state:
                old, new = {"state": was.state}, {"state": became.state}
                note(connection, _noted(now, by, "broadcast-cancelled", key, old, new))

        self._run(end)
        found = self.one(key)
        if found["state"] == "done":
            raise Refusal("wrong-status", "The broadcast is done; it can't be cancelled any more.")
        return found

    def work(self) -> int:
        """Send some of what is due; return how many members were looked at, 0 if nothing could be done."""
        now = self._clock.now()
        with self._database.read() as connection:
            due = stored.due(connection, now)
        if due is None:
            return 0
        if due.state == "scheduled":
            return self._begin(due, now)
        return self._send(due)

    def _begin(self, one: StoredBroadcast, now: Instant) -> int:
        if now - one.at > OVERDUE:
            self._run(lambda connection: stored.end(connection, one.key, "cancelled", now, "overdue"))
        else:
            self._run(
                lambda connection: stored.begin(connection, one.key, max(log.last_sequence(connection), 1))
            )
        return 1

    def _send(self, one: StoredBroadcast) -> int:
        """Ask for the messages of the next members; the cursor moves once their events are durable."""
        now = self._clock.now()
        try:
            members, place = self._audiences.page(condition_of(one), one.place, CHUNK)
        except Refusal as refusal:
            why = str(refusal)
            self._run(lambda connection: stored.end(connection, one.key, "cancelled", now, why))
            return 1
        results = self._submit([self._call(one, member) for member in members]).result() if members else []
        if any(result.status == "held" for result in results):
            return 0
        if place is None:
            self._run(lambda connection: stored.end(connection, one.key, "done", self._clock.now()))
        else:
            self._run(lambda connection: stored.advance(connection, one, place))
        return max(1, len(members))

    def _call(self, one: StoredBroadcast, member: str) -> Call:
        said = {
            "broadcast": one.key,
            "template": one.template,
            "channel": one.channel,
            "purpose": one.purpose,
        }
        request = Request(SOURCE, f"{one.key}:{member}", BROADCAST_DUE, member, said)
        return call_of(request, self._door, self._rulebook)

    def _purpose(self, template: str) -> str:
        definition = self._rulebook.index().rules.catalogue.templates.get(template)
        if definition is None:
            raise Refusal(
                "invalid-request", "See errors.", [Finding("/template", "there is no such template")]
            )
        return definition.purpose


def _kept(
    connection: Connection, planned: StoredBroadcast, now: Instant, at: Instant | None, etag: str | None
) -> bool:
    """Keep a planned broadcast, or find the same one kept; return whether the key stands for it."""
    before = stored.read(connection, planned.key)
    if before is not None:
        same = ("name", "template", "channel", "audience")
        return (at is None or before.at == at) and all(
            getattr(before, name) == getattr(planned, name) for name in same
        )
    if planned.at < now:
        raise Refusal(
            "invalid-request", "See errors.", [Finding("/at", "say an instant to come, or none for now")]
        )
    draft = _looked_at(connection, planned.key, etag)
    stored.add(connection, planned)
    if draft is not None:
        drafts.drop(connection, draft)
    names = ("name", "template", "channel", "purpose", "audience")
    new = {name: getattr(planned, name) for name in names} | {"at": instant_text(planned.at)}
    new["name"] = msgspec.json.decode(planned.name)
    new["audience"] = None if planned.audience is None else msgspec.json.decode(planned.audience)
    note(connection, _noted(now, planned.created_by, "broadcast-planned", planned.key, None, new))
    return True


def _noted(at: Instant, by: str, action: Action, key: str, old: Json | None, new: Json | None) -> AuditEntry:
    return AuditEntry(at, by, action, f"broadcasts/{key}", old=old, new=new)


def _looked_at(connection: Connection, key: str, etag: str | None) -> StoredDraft | None:
    """Return the draft of a key that is to be changed or used up; None where there is none and none is meant.

    Raises:
        Refusal: `if-match-required` if there is one and no etag is told.
        Stale: If it isn't the one of this etag.
    """
    found = drafts.read(connection, key)
    if found is not None and etag is None:
        raise Refusal("if-match-required", "There is a draft of this key; send its etag in If-Match.")
    if etag is not None and (found is None or found.etag != etag):
        raise Stale(f"draft {key!r} was changed in between")
    return found
