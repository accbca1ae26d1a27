"""People and backends: who they are, and what they may do."""

import threading
from collections import OrderedDict
from collections.abc import Iterable
from typing import Final, Literal, NamedTuple, get_args

from api.clock import Clock
from api.crypto import (
    Keyring,
    Passwords,
    Session,
    new_api_key,
    same_digest,
    secret_digest,
    split_api_key,
)
from api.service.refusal import Refusal
from api.service.running import Run
from api.store import people as store
from api.store.connection import Connection
from api.store.database import Database
from api.store.people import AuditEntry
from engine.values import MICROSECONDS, Instant

Role = Literal["marketer", "approver", "auditor", "administrator"]
Scope = Literal[
    "events:write",
    "members:read",
    "members:write",
    "members:erase",
    "members:export",
    "redeem",
    "rules:write",
    "decisions:read",
    "metrics:read",
]
ROLES: Final[tuple[Role, ...]] = get_args(Role)
SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)

OPERATOR: Final = "command line"
"""Who did it, where somebody at the machine itself did."""

OURS: Final = "regulars:"
"""How the sources of events begin that we make ourselves."""

MIN_PASSWORD: Final = 12
_MAX_PASSWORD: Final = 1_024
_MAX_FAILURES: Final = 5
_FORGET_AFTER: Final = 15 * 60 * MICROSECONDS
_REMEMBERED: Final = 10_000
_KEY_SECONDS: Final = 5
_KEYS_KEPT: Final = 1_000
_MAX_NAME: Final = 128


class Person(NamedTuple):
    """A person who is signed in."""

    name: str
    role: Role


class Backend(NamedTuple):
    """A backend that showed its API key.

    Attributes:
        key: Id of the key.
        source: `source` of the events it posts.
        scopes: What it may do.
    """

    key: str
    source: str
    scopes: frozenset[str]


class Throttle:
    """Slows down whoever guesses passwords: five failures, then a wait of up to 15 minutes.

    It counts by name and address, so that a stranger can't lock a person out,
    and by address alone, so that trying many names doesn't help.
    """

    def __init__(self) -> None:
        """Begin without any failure."""
        self._lock = threading.Lock()
        self._failures: OrderedDict[tuple[str, str], list[Instant]] = OrderedDict()

    def check(self, name: str, address: str, now: Instant) -> None:
        """Let an attempt pass.

        Raises:
            Refusal: `too-many-sign-ins`, with the seconds to wait.
        """
        with self._lock:
            waits = [
                self._wait((name, address), _MAX_FAILURES, now),
                self._wait(("", address), 10 * _MAX_FAILURES, now),
            ]
        if max(waits) > 0:
            seconds = max(waits) // MICROSECONDS + 1
            raise Refusal(
                "too-many-sign-ins", f"Wait {seconds} seconds, then try again.", retry_after=seconds
            )

    def failed(self, name: str, address: str, now: Instant) -> None:
        """Count a wrong password."""
        with self._lock:
            for who in ((name, address), ("", address)):
                recent = [at for at in self._failures.pop(who, []) if at > now - _FORGET_AFTER]
                self._failures[who] = [*recent, now]
            while len(self._failures) > _REMEMBERED:
                self._failures.popitem(last=False)

    def succeeded(self, name: str, address: str) -> None:
        """Forget the failures of a name at an address."""
        with self._lock:
            self._failures.pop((name, address), None)

    def _wait(self, who: tuple[str, str], allowed: int, now: Instant) -> Instant:
        recent = [at for at in self._failures.get(who, []) if at > now - _FORGET_AFTER]
        return recent[-allowed] + _FORGET_AFTER - now if len(recent) >= allowed else 0


class People:
    """Signs people in and recognises callers."""

    def __init__(self, database: Database, run: Run, keyring: Keyring, clock: Clock) -> None:
        """Make the use case of its parts.

        Args:
            database: Where people and keys are read.
            run: Runs work in a write transaction and returns its result.
            keyring: Signs the cookies.
            clock: Our clock.
        """
        self._database = database
        self._run = run
        self._keyring = keyring
        self._clock = clock
        self._passwords = Passwords()
        self._throttle = Throttle()
        self._keys: OrderedDict[str, tuple[Instant, Backend | None]] = OrderedDict()

    def sign_in(self, name: str, password: str, address: str) -> tuple[Person, str]:
        """Return who signed in, and the text of the cookie.

        Args:
            name: The person's name.
            password: What was typed.
            address: Network address of the browser.

        Raises:
            Refusal: `wrong-password` or `too-many-sign-ins`.
        """
        now = self._clock.now()
        self._throttle.check(name, address, now)
        with self._database.read() as connection:
            kept = store.principal(connection, name)
        if (
            not self._passwords.verify(kept.password if kept else None, password[:_MAX_PASSWORD])
            or kept is None
        ):
            self._throttle.failed(name, address, now)
            raise Refusal("wrong-password", "Check the name and the password.")
        self._throttle.succeeded(name, address)
        session = Session(kept.name, kept.role, kept.session_epoch, now // MICROSECONDS)
        return Person(kept.name, _role(kept.role)), self._keyring.sign_session(session)

    def person(self, cookie: str) -> Person | None:
        """Return who a session cookie stands for; None if it has run out or was ended."""
        session = self._keyring.read_session(cookie, self._clock.now() // MICROSECONDS)
        if session is None:
            return None
        with self._database.read() as connection:
            kept = store.principal(connection, session.name)
        if kept is None or kept.session_epoch != session.epoch:
            return None
        return Person(kept.name, _role(kept.role))

    def any_person(self) -> bool:
        """Return whether anybody can sign in."""
        with self._database.read() as connection:
            return bool(store.principals(connection))

    def ready(self) -> None:
        """Read from the database, to see that it answers.

        Raises:
            Exception: Whatever the database raises when it doesn't.
        """
        with self._database.read() as connection:
            store.principal(connection, "")

    def backend(self, key: str) -> Backend | None:
        """Return whose API key this is, or None. A revoked key is refused within 5 seconds."""
        parts = split_api_key(key)
        if parts is None:
            return None
        digest = secret_digest(parts[1])
        known = self._remembered(digest)
        if known is not None:
            return known
        backend = self._looked_up(parts[0], digest)
        if backend is not None:
            self._keys[digest] = (self._clock.now(), backend)
            while len(self._keys) > _KEYS_KEPT:
                self._keys.popitem(last=False)
        return backend

    def known_backend(self, key: str) -> Backend | None:
        """Return whose API key this is if it was looked up a moment ago; it never waits."""
        parts = split_api_key(key)
        return None if parts is None else self._remembered(secret_digest(parts[1]))

    def _remembered(self, digest: str) -> Backend | None:
        known = self._keys.get(digest)
        fresh = known is not None and 0 <= self._clock.now() - known[0] < _KEY_SECONDS * MICROSECONDS
        return known[1] if known is not None and fresh else None

    def _looked_up(self, identity: str, digest: str) -> Backend | None:
        with self._database.read() as connection:
            kept = store.api_key(connection, identity)
        if kept is None or kept.revoked_at is not None or not same_digest(kept.secret, digest):
            return None
        return Backend(kept.id, kept.source, frozenset(kept.scopes.split()))

    def create_person(self, name: str, role: str, password: str, *, by: str = OPERATOR) -> Person:
        """Let somebody in, or give somebody a new role and password, which ends their sessions.

        Args:
            name: By which they sign in.
            role: What they may do.
            password: Theirs.
            by: Who says so.

        Raises:
            Refusal: `invalid-request`.
        """
        _named(name)
        if len(password) < MIN_PASSWORD:
            raise Refusal("invalid-request", f"A password has at least {MIN_PASSWORD} characters.")
        person = Person(name, _role(role))
        hashed, now = self._passwords.hash(password), self._clock.now()

        def save(connection: Connection) -> None:
            known = store.principal(connection, name)
            store.save_principal(connection, name, role=role, password=hashed, at=now)
            old = None if known is None else {"role": known.role}
            new = {"role": role, "password": "changed" if known is not None else "set"}
            action = "person-added" if known is None else "person-changed"
            store.note(connection, AuditEntry(now, by, action, f"people/{name}", old=old, new=new))

        self._run(save)
        return person

    def create_key(
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
        _named(source)
        if source.startswith(OURS):
            raise Refusal("invalid-request", f"A source can't begin with {OURS!r}: those are our own.")
        asked = sorted(set(scopes))
        if not asked or not set(asked) <= set(SCOPES):
            raise Refusal("invalid-request", f"Scopes are {', '.join(SCOPES)}.")
        made, now = new_api_key(), self._clock.now()

        def add(connection: Connection) -> None:
            if owner is not None and store.principal(connection, owner) is None:
                raise Refusal("invalid-request", f"There is no person {owner!r}; make one with create-user.")
            store.add_api_key(
                connection,
                made.id,
                secret=made.digest,
                source=source,
                scopes=" ".join(asked),
                at=now,
                owner=owner,
            )
            new = {"source": source, "scopes": asked, "owner": owner}
            store.note(connection, AuditEntry(now, by, "key-made", f"keys/{made.id}", new=new))

        self._run(add)
        return made.text

    def revoke_key(self, identity: str, *, by: str = OPERATOR) -> None:
        """End an API key.

        Raises:
            Refusal: `not-found`.
        """
        now = self._clock.now()

        def revoke(connection: Connection) -> bool:
            key = store.api_key(connection, identity)
            if key is None or not store.revoke_api_key(connection, identity, at=now):
                return False
            old = {"source": key.source, "scopes": key.scopes.split(), "owner": key.owner}
            store.note(connection, AuditEntry(now, by, "key-revoked", f"keys/{identity}", old=old))
            return True

        good = self._run(revoke)
        if not good:
            raise Refusal("not-found", "There is no such key.")
        self._keys.clear()


def _role(name: str) -> Role:
    for role in ROLES:
        if name == role:
            return role
    raise Refusal("invalid-request", f"Roles are {', '.join(ROLES)}.")


def _named(name: str) -> None:
    if not name.strip() or len(name) > _MAX_NAME or not name.isprintable():
        raise Refusal("invalid-request", f"A name has 1 to {_MAX_NAME} printable characters.")
