"""The keys of backends, as administrators look after them: made, replaced, ended. A secret is told once."""

from collections.abc import Callable, Iterable
from typing import Any

from api.clock import Clock
from api.crypto import ApiKey as NewKey
from api.crypto import new_api_key
from api.service.people import OPERATOR, OURS, SCOPES, named
from api.service.refusal import Refusal
from api.service.running import Run
from api.store import people as store
from api.store.connection import Connection
from api.store.database import Database
from api.store.people import ApiKey, AuditEntry
from engine.values import instant_text

Json = dict[str, Any]


class Keys:
    """Makes, lists and ends API keys."""

    def __init__(self, database: Database, run: Run, forget: Callable[[], None], clock: Clock) -> None:
        """Make the use case of its parts.

        Args:
            database: Where keys are read.
            run: Runs work in a write transaction and returns its result.
            forget: Told when a key has ended, so that nobody goes on by memory.
            clock: Our clock.
        """
        self._database = database
        self._run = run
        self._forget = forget
        self._clock = clock

    def listed(self) -> list[Json]:
        """Return every key, those that are good first, each without its secret."""
        with self._database.read() as connection:
            kept = store.api_keys(connection)
        return [_plain(one) for one in sorted(kept, key=lambda one: one.revoked_at is not None)]

    def create(
        self, source: str, scopes: Iterable[str], *, owner: str | None = None, by: str = OPERATOR
    ) -> str:
        """Make an API key and return its text, which is shown this once.

        Args:
            source: `source` of the events it posts; a new key for the same
                source carries on where the old one stopped.
            scopes: What it may do.
            owner: Name of the person who answers for it: they don't approve drafts that it has written.
            by: Who asks for it.

        Raises:
            Refusal: `invalid-request`, also if there is no such person.
        """
        named(source)
        if source.startswith(OURS):
            raise Refusal("invalid-request", f"A source can't begin with {OURS!r}: those are our own.")
        asked = sorted(set(scopes))
        if not asked or not set(asked) <= set(SCOPES):
            raise Refusal("invalid-request", f"Scopes are {', '.join(SCOPES)}.")
        made = new_api_key()

        def add(connection: Connection) -> None:
            if owner is not None and store.principal(connection, owner) is None:
                raise Refusal("invalid-request", f"There is no person {owner!r}; make one with create-user.")
            self._add(connection, made, (source, " ".join(asked), owner), by)

        self._run(add)
        return made.text

    def revoke(self, identity: str, *, by: str = OPERATOR) -> Json:
        """End an API key at once, and return it.

        Raises:
            Refusal: `not-found`; `wrong-status` if it has ended already.
        """
        ended = self._run(lambda connection: self._end(connection, identity, by))
        self._forget()
        return _plain(ended)

    def rotate(self, identity: str, *, by: str = OPERATOR) -> str:
        """End an API key and make one that may do the same for the same source; return its text.

        Raises:
            Refusal: `not-found`; `wrong-status` if it has ended already.
        """
        made = new_api_key()

        def replace(connection: Connection) -> None:
            old = self._end(connection, identity, by)
            self._add(connection, made, (old.source, old.scopes, old.owner), by)

        self._run(replace)
        self._forget()
        return made.text

    def _add(self, connection: Connection, made: NewKey, told: tuple[str, str, str | None], by: str) -> None:
        source, scopes, owner = told
        now = self._clock.now()
        store.add_api_key(
            connection, made.id, secret=made.digest, source=source, scopes=scopes, at=now, owner=owner
        )
        new = {"source": source, "scopes": scopes.split(), "owner": owner}
        store.note(connection, AuditEntry(now, by, "key-made", f"keys/{made.id}", new=new))

    def _end(self, connection: Connection, identity: str, by: str) -> ApiKey:
        now = self._clock.now()
        key = store.api_key(connection, identity)
        if key is None:
            raise Refusal("not-found", "There is no such key.")
        if not store.revoke_api_key(connection, identity, at=now):
            raise Refusal("wrong-status", "The key has ended already.")
        old = {"source": key.source, "scopes": key.scopes.split(), "owner": key.owner}
        store.note(connection, AuditEntry(now, by, "key-revoked", f"keys/{identity}", old=old))
        return key._replace(revoked_at=now)


def _plain(key: ApiKey) -> Json:
    return {
        "id": key.id,
        "source": key.source,
        "scopes": key.scopes.split(),
        "owner": key.owner,
        "created_at": instant_text(key.created_at),
        "used_at": None if key.used_at is None else instant_text(key.used_at),
        "revoked_at": None if key.revoked_at is None else instant_text(key.revoked_at),
    }
