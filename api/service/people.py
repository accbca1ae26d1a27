"""People and backends: who they are, and what they may do."""

from collections import OrderedDict
from contextlib import suppress
from typing import Final, Literal, NamedTuple, get_args

from api.clock import Clock
from api.crypto import Keyring, Passwords, Session, same_digest, secret_digest, split_api_key
from api.service.refusal import Refusal
from api.service.running import Later, Run
from api.service.throttle import Throttle
from api.store import people as store
from api.store.actions import Action
from api.store.connection import Connection
from api.store.database import Database
from api.store.errors import WriterClosed
from api.store.people import AuditEntry, Principal
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
_KEY_FRESH: Final = MICROSECONDS // 10
_KEY_KEPT: Final = 5 * MICROSECONDS
_MINUTE: Final = 60 * MICROSECONDS
_KEYS_KEPT: Final = 1_000
_MAX_NAME: Final = 128


class Person(NamedTuple):
    """A person who is signed in.

    Attributes:
        name: By which they signed in.
        role: What they may do.
        temporary: Whether they must change their password first.
    """

    name: str
    role: Role
    temporary: bool = False


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


class People:
    """Signs people in and recognises callers."""

    def __init__(self, database: Database, run: Run, later: Later, keyring: Keyring, clock: Clock) -> None:
        """Make the use case of its parts.

        Args:
            database: Where people and keys are read.
            run: Runs work in a write transaction and returns its result.
            later: Hands work in for one and doesn't wait: who was here, and which key was used.
            keyring: Signs the cookies.
            clock: Our clock.
        """
        self._database = database
        self._run = run
        self._later = later
        self._keyring = keyring
        self._clock = clock
        self._passwords = Passwords()
        self._throttle = Throttle()
        self._keys: OrderedDict[str, tuple[Instant, Backend]] = OrderedDict()

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
        kept = self._proved(name, password, address, now)
        self._here(kept, now)
        return _person(kept), self._cookie(kept, now)

    def change_password(self, name: str, old: str, new: str, address: str) -> tuple[Person, str]:
        """Give somebody the password they chose; every other session of theirs ends.

        Args:
            name: Who is signed in.
            old: The password until now, as it was typed.
            new: The one from now on.
            address: Network address of the browser.

        Returns:
            Who it is, and the text of the cookie with which they stay signed in.

        Raises:
            Refusal: `wrong-password`, `too-many-sign-ins` or `invalid-request`.
        """
        now = self._clock.now()
        self._proved(name, old, address, now)
        if old == new:
            raise Refusal("invalid-request", "Choose a password other than the one until now.")
        hashed = self.hashed(new)

        def change(connection: Connection) -> Principal | None:
            store.change_principal(connection, name, {"password": hashed, "temporary": False})
            told = {"password": "changed"}
            store.note(connection, AuditEntry(now, name, "password-changed", f"people/{name}", new=told))
            return store.principal(connection, name)

        kept = self._run(change)
        if kept is None:
            raise Refusal("unauthenticated", "Sign in again.")
        return _person(kept), self._cookie(kept, now)

    def hashed(self, password: str) -> str:
        """Return what is kept of a new password.

        Raises:
            Refusal: `invalid-request` if it is too short.
        """
        if not MIN_PASSWORD <= len(password) <= _MAX_PASSWORD:
            raise Refusal("invalid-request", f"A password has at least {MIN_PASSWORD} characters.")
        return self._passwords.hash(password)

    def _proved(self, name: str, password: str, address: str, now: Instant) -> Principal:
        """Return who knows a password; whoever is kept out has no right one."""
        self._throttle.check(name, address, now)
        with self._database.read() as connection:
            kept = store.principal(connection, name)
        right = self._passwords.verify(kept.password if kept else None, password[:_MAX_PASSWORD])
        if not right or kept is None or kept.disabled_at is not None:
            self._throttle.failed(name, address, now)
            raise Refusal("wrong-password", "Check the name and the password.")
        self._throttle.succeeded(name, address)
        return kept

    def _cookie(self, kept: Principal, now: Instant) -> str:
        return self._keyring.sign_session(
            Session(kept.name, kept.role, kept.session_epoch, now // MICROSECONDS)
        )

    def _here(self, kept: Principal, now: Instant) -> None:
        """Note that somebody was here, once a minute."""
        if kept.seen_at is None or now - kept.seen_at >= _MINUTE:
            with suppress(WriterClosed):
                self._later(lambda connection: store.seen(connection, kept.name, now))

    def person(self, cookie: str) -> Person | None:
        """Return who a session cookie stands for; None if it has run out or was ended."""
        now = self._clock.now()
        session = self._keyring.read_session(cookie, now // MICROSECONDS)
        if session is None:
            return None
        with self._database.read() as connection:
            kept = store.principal(connection, session.name)
        if kept is None or kept.disabled_at is not None or kept.session_epoch != session.epoch:
            return None
        self._here(kept, now)
        return _person(kept)

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
        """Return whose API key this is, or None, as the database has it now."""
        parts = split_api_key(key)
        if parts is None:
            return None
        digest = secret_digest(parts[1])
        backend = self._looked_up(parts[0], digest)
        if backend is None:
            self._keys.pop(digest, None)
            return None
        self._keys[digest] = (self._clock.now(), backend)
        while len(self._keys) > _KEYS_KEPT:
            self._keys.popitem(last=False)
        return backend

    def known_backend(self, key: str) -> Backend | None:
        """Return whose API key this is if it was looked up a tenth of a second ago; it never waits.

        When that is over, one caller of many is told None, so as to look it up, while the others go on.
        """
        parts = split_api_key(key)
        digest = "" if parts is None else secret_digest(parts[1])
        known = self._keys.get(digest)
        if known is None:
            return None
        now = self._clock.now()
        age = now - known[0]
        if 0 <= age < _KEY_FRESH:
            return known[1]
        if 0 <= age < _KEY_KEPT:
            self._keys[digest] = (now, known[1])
        return None

    def forget_keys(self) -> None:
        """Look every key up again: one has ended."""
        self._keys.clear()

    def _looked_up(self, identity: str, digest: str) -> Backend | None:
        with self._database.read() as connection:
            kept = store.api_key(connection, identity)
        if kept is None or kept.revoked_at is not None or not same_digest(kept.secret, digest):
            return None
        now = self._clock.now()
        if kept.used_at is None or now - kept.used_at >= _MINUTE:
            with suppress(WriterClosed):
                self._later(lambda connection: store.used(connection, identity, now))
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
        named(name)
        person = Person(name, role_of(role))
        hashed, now = self.hashed(password), self._clock.now()

        def save(connection: Connection) -> None:
            known = store.principal(connection, name)
            store.save_principal(connection, name, role=role, password=hashed, at=now)
            old = None if known is None else {"role": known.role}
            new = {"role": role, "password": "changed" if known is not None else "set"}
            action: Action = "person-added" if known is None else "person-changed"
            store.note(connection, AuditEntry(now, by, action, f"people/{name}", old=old, new=new))

        self._run(save)
        return person


def _person(kept: Principal) -> Person:
    return Person(kept.name, role_of(kept.role), kept.temporary)


def role_of(name: str) -> Role:
    """Return a role by its name.

    Raises:
        Refusal: `invalid-request` if there is none of that name.
    """
    for role in ROLES:
        if name == role:
            return role
    raise Refusal("invalid-request", f"Roles are {', '.join(ROLES)}.")


def named(name: str) -> None:
    """Refuse what can't be the name of a person or a source.

    Raises:
        Refusal: `invalid-request`.
    """
    if not name.strip() or len(name) > _MAX_NAME or not name.isprintable():
        raise Refusal("invalid-request", f"A name has 1 to {_MAX_NAME} printable characters.")
