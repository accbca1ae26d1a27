"""The people who sign in, as administrators look after them."""

from collections.abc import Callable
from secrets import token_urlsafe
from typing import Any

from api.clock import Clock
from api.service.people import People, named, role_of
from api.service.refusal import Refusal
from api.service.running import Run
from api.store import people as store
from api.store.actions import Action
from api.store.connection import Connection
from api.store.database import Database
from api.store.people import AuditEntry, Principal
from engine.values import Instant, instant_text

Json = dict[str, Any]
_Changing = Callable[[Connection, Principal], None]


class Accounts:
    """Lets people in, changes what they may do, and keeps them out.

    Whoever changes something ends the sessions of whom it concerns. Nobody changes their own role or
    keeps themselves out, and there is always an administrator left who may sign in.
    """

    def __init__(self, database: Database, run: Run, people: People, clock: Clock) -> None:
        """Make the use case of its parts.

        Args:
            database: Where people are read.
            run: Runs work in a write transaction and returns its result.
            people: Knows what is kept of a password.
            clock: Our clock.
        """
        self._database = database
        self._run = run
        self._people = people
        self._clock = clock

    def listed(self) -> list[Json]:
        """Return everybody, by name."""
        with self._database.read() as connection:
            return [_plain(one) for one in store.principals(connection)]

    def administrators(self) -> list[str]:
        """Return the names of those who can help: the administrators who may sign in."""
        with self._database.read() as connection:
            kept = store.principals(connection)
        return [one.name for one in kept if one.role == "administrator" and one.disabled_at is None]

    def invite(self, name: str, role: str, *, by: str) -> Json:
        """Let somebody in with a password that is told once, and that they must change first.

        Args:
            name: By which they sign in.
            role: What they may do.
            by: Who says so.

        Returns:
            The person, with `password`.

        Raises:
            Refusal: `invalid-request`, also where there is somebody of that name.
        """
        named(name)
        kept, now, password = role_of(role), self._clock.now(), token_urlsafe(12)
        hashed = self._people.hashed(password)

        def add(connection: Connection) -> Principal:
            if store.principal(connection, name) is not None:
                raise Refusal("invalid-request", f"There is a person {name!r} already; choose another name.")
            store.save_principal(connection, name, role=kept, password=hashed, at=now, temporary=True)
            told = {"role": kept, "password": "set"}
            store.note(connection, AuditEntry(now, by, "person-added", f"people/{name}", new=told))
            return self._there(connection, name)

        return {**_plain(self._run(add)), "password": password}

    def set_role(self, name: str, role: str, *, by: str) -> Json:
        """Change what somebody may do.

        Raises:
            Refusal: `not-found`, `invalid-request`, or `last-administrator`; `forbidden` for one's own role.
        """
        new = role_of(role)

        def change(connection: Connection, person: Principal) -> None:
            if person.role == new:
                return
            if new != "administrator":
                _keep_one(connection, person)
            store.change_principal(connection, name, {"role": new})
            self._note(connection, "person-changed", person, ({"role": person.role}, {"role": new}), by)

        return self._changed(name, change, by, own="You can't change your own role")

    def disable(self, name: str, *, by: str) -> Json:
        """Keep somebody out from now on.

        Raises:
            Refusal: `not-found` or `last-administrator`; `forbidden` for oneself.
        """
        now = self._clock.now()

        def change(connection: Connection, person: Principal) -> None:
            if person.disabled_at is None:
                _keep_one(connection, person)
                store.change_principal(connection, name, {"disabled_at": now})
                told = ({"disabled": False}, {"disabled": True})
                self._note(connection, "person-disabled", person, told, by)

        return self._changed(name, change, by, own="You can't keep yourself out")

    def enable(self, name: str, *, by: str) -> Json:
        """Let somebody sign in again, with the password they had.

        Raises:
            Refusal: `not-found`.
        """

        def change(connection: Connection, person: Principal) -> None:
            if person.disabled_at is not None:
                store.change_principal(connection, name, {"disabled_at": None})
                told = ({"disabled": True}, {"disabled": False})
                self._note(connection, "person-enabled", person, told, by)

        return self._changed(name, change, by)

    def reset_password(self, name: str, *, by: str) -> Json:
        """Give somebody a password that is told once, and that they must change first.

        Returns:
            The person, with `password`.

        Raises:
            Refusal: `not-found`; `forbidden` for oneself, who changes it in the settings.
        """
        password = token_urlsafe(12)
        hashed = self._people.hashed(password)

        def change(connection: Connection, person: Principal) -> None:
            store.change_principal(connection, name, {"password": hashed, "temporary": True})
            self._note(connection, "password-reset", person, (None, {"password": "changed"}), by)

        told = self._changed(name, change, by, own="Change your own password in the settings")
        return {**told, "password": password}

    def end_sessions(self, name: str, *, by: str) -> Json:
        """Let somebody sign in anew wherever they are signed in.

        Raises:
            Refusal: `not-found`.
        """

        def change(connection: Connection, person: Principal) -> None:
            store.change_principal(connection, name, {})
            self._note(connection, "sessions-ended", person, (None, None), by)

        return self._changed(name, change, by)

    def _changed(self, name: str, change: _Changing, by: str, *, own: str = "") -> Json:
        """Change what is kept of a person and return them.

        Args:
            name: Whom.
            change: Writes it, in the transaction.
            by: Who asks.
            own: Why nobody does it to themselves; empty where everybody may.
        """
        if own and name == by:
            raise Refusal("forbidden", f"{own}; ask another administrator.")

        def work(connection: Connection) -> Principal:
            change(connection, self._there(connection, name))
            return self._there(connection, name)

        return _plain(self._run(work))

    @staticmethod
    def _there(connection: Connection, name: str) -> Principal:
        person = store.principal(connection, name)
        if person is None:
            raise Refusal("not-found", "There is no such person.")
        return person

    def _note(
        self, connection: Connection, action: Action, person: Principal, told: tuple[Any, Any], by: str
    ) -> None:
        old, new = told
        entry = AuditEntry(self._clock.now(), by, action, f"people/{person.name}", old=old, new=new)
        store.note(connection, entry)


def _keep_one(connection: Connection, person: Principal) -> None:
    """Refuse to take the last administrator away."""
    if store.administrators(connection) == [person.name]:
        raise Refusal("last-administrator", "Make somebody else an administrator first.")


def _plain(person: Principal) -> Json:
    def told(at: Instant | None) -> str | None:
        return None if at is None else instant_text(at)

    return {
        "name": person.name,
        "role": person.role,
        "created_at": told(person.created_at),
        "seen_at": told(person.seen_at),
        "disabled_at": told(person.disabled_at),
        "temporary": person.temporary,
    }
