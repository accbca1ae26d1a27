"""Everything that is kept about a member, in one document: what a person may ask for by law.

Personal values stand in it in the clear, also where log and tables have their tokens.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from itertools import chain, islice
from typing import Any, Final, NamedTuple

import msgspec
import orjson

from api.clock import Clock
from api.crypto import TOKEN_PREFIX
from api.service.identity import home_of
from api.service.reasons import reason_text
from api.service.refusal import Refusal
from api.service.rulebook import Rulebook
from api.service.running import Run
from api.service.shapes import entry, member_detail, outcome_summary
from api.service.vault import Vault
from api.store import decisions, identities, log, members, merging, outbox, people, recorded, views
from api.store.connection import Connection
from api.store.log import LoggedEntry
from api.store.people import AuditEntry
from engine.decision import Decision
from engine.values import instant_text

Json = dict[str, Any]
ACTION: Final = "export-member"
_CHUNK: Final = 200
_decision = msgspec.json.Decoder(Decision)


class Whole(NamedTuple):
    """A member with all its parts.

    Attributes:
        home: Its key.
        keys: That key, then those of the members that became parts of it.
        values: Its personal values in the clear, by field.
        meant: What each token stands for.
    """

    home: str
    keys: list[str]
    values: dict[str, str]
    meant: dict[str, str]

    def clear(self, said: Any) -> Any:
        """Return JSON data with every token that is known replaced by what it stands for."""
        if isinstance(said, str):
            return self.meant.get(said, said) if said.startswith(TOKEN_PREFIX) else said
        if isinstance(said, dict):
            return {name: self.clear(value) for name, value in said.items()}
        if isinstance(said, list | tuple):
            return [self.clear(value) for value in said]
        return said


class MemberExports:
    """Writes down everything about a member, and that it was asked for."""

    def __init__(
        self,
        read_in: Callable[[], AbstractContextManager[Connection]],
        run: Run,
        rulebook: Rulebook,
        vault: Vault,
        clock: Clock,
    ) -> None:
        """Make the use case of its parts.

        Args:
            read_in: Opens a read transaction.
            run: Runs work in a write transaction.
            rulebook: The rules and definitions, for names.
            vault: Opens personal values.
            clock: Our clock.
        """
        self._read = read_in
        self._run = run
        self._rulebook = rulebook
        self._vault = vault
        self._clock = clock

    def export(self, key: str, *, by: str) -> Iterator[bytes]:
        """Return everything about a member as JSON text, piece by piece, after noting who asked for it.

        Memory is bounded, whatever the length of the member's log; all comes from one snapshot.

        Args:
            key: Key of the member, an id of it, or the key of one that is a part of it.
            by: Who asks.

        Raises:
            Refusal: `not-found`.
        """
        with self._read() as connection:
            home = home_of(connection, key)
            if members.load(connection, [home])[home].state.sequence == 0:
                raise Refusal("not-found", "There is no such member.")
        asked = AuditEntry(self._clock.now(), by, ACTION, home)
        self._run(lambda connection: people.note(connection, asked))
        return self._pieces(home)

    def _pieces(self, home: str) -> Iterator[bytes]:
        with self._read() as connection:
            values = self._vault.open(connection, home)
            keys = [home, *merging.parts(connection, home)]
            whole = Whole(home, keys, values, self._vault.tokens(values))
            parts: list[tuple[str, Iterator[Any]]] = [
                ("identities", self._identities(connection, whole)),
                ("events", self._events(connection, whole)),
                ("coupons", self._coupons(connection, whole)),
                ("ledger", self._ledger(connection, whole)),
                ("messages", self._messages(connection, whole)),
                ("tasks", self._tasks(connection, whole)),
            ]
            yield orjson.dumps(whole.clear(self._member(connection, whole)))[:-1]
            for name, rows in parts:
                yield f',"{name}":['.encode()
                for number, row in enumerate(rows):
                    yield (b"," if number else b"") + orjson.dumps(whole.clear(row))
                yield b"]"
            yield b"}\n"

    def _member(self, connection: Connection, whole: Whole) -> Json:
        state = members.load(connection, [whole.home])[whole.home].state
        now = self._clock.now()
        told = {name: value for name, value in whole.values.items() if not name.startswith(TOKEN_PREFIX)}
        return {
            "exported_at": instant_text(now),
            "member": {**member_detail(state, self._rulebook.index(), now), "personal": told},
            "parts": whole.keys[1:],
        }

    @staticmethod
    def _identities(connection: Connection, whole: Whole) -> Iterator[Json]:
        for kind, name in identities.names_of(connection, whole.home):
            yield {"kind": kind, "name": name}

    def _events(self, connection: Connection, whole: Whole) -> Iterator[Json]:
        """Yield the log of the member, then those of its parts, each entry with its decision in words."""
        logged = chain.from_iterable(log.entries(connection, key) for key in whole.keys)
        while chunk := list(islice(logged, _CHUNK)):
            bodies = decisions.read_many(connection, [one.sequence for one in chunk])
            for one in chunk:
                stored = bodies.get(one.sequence)
                yield self._entry(one, None if stored is None else _decision.decode(stored.body))

    def _entry(self, logged: LoggedEntry, decision: Decision | None) -> Json:
        index = self._rulebook.index(logged.revision)
        outcomes = decision.outcomes if decision is not None else ()
        return {
            **entry(logged.event, logged.sequence, index),
            "member": logged.event.member,
            "source": logged.event.source,
            "message_id": logged.event.message_id,
            "decision": [
                {**outcome_summary(one, index), "reason": reason_text(one.result, one.reason)}
                for one in outcomes
            ],
        }

    @staticmethod
    def _coupons(connection: Connection, whole: Whole) -> Iterator[Json]:
        for key in whole.keys:
            for one in views.coupons_of(connection, key):
                yield _dated(one._asdict(), "issued_at", "expires_at", "ended_at")

    @staticmethod
    def _ledger(connection: Connection, whole: Whole) -> Iterator[Json]:
        for key in whole.keys:
            found = recorded.of_members(connection, [key])[key].postings
            for posting, sequence in sorted(found.values(), key=lambda one: (one[1], one[0].id)):
                yield _dated({**msgspec.to_builtins(posting), "sequence": sequence}, "as_of")

    @staticmethod
    def _messages(connection: Connection, whole: Whole) -> Iterator[Json]:
        before: tuple[int, str] | None = None
        while True:
            found = outbox.page(connection, status=None, member=whole.home, before=before, limit=_CHUNK)
            tried = outbox.attempts(connection, [one.id for one in found])
            for one in found:
                attempts = [_dated(each._asdict(), "at") for each in tried[one.id]]
                yield _dated({**one._asdict(), "deliveries": attempts}, "as_of", "next_attempt_at")
            if len(found) < _CHUNK:
                return
            before = (found[-1].sequence, found[-1].id)

    @staticmethod
    def _tasks(connection: Connection, whole: Whole) -> Iterator[Json]:
        names = ("rule", "queue", "priority", "note", "words", "as_of", "sequence")
        for key, row in recorded.of_members(connection, [whole.home])[whole.home].tasks.items():
            yield _dated({"id": key, **dict(zip(names, row, strict=True))}, "as_of")


def _dated(row: Json, *names: str) -> Json:
    """Return a row with some of its instants as RFC 3339 text."""
    return row | {name: instant_text(row[name]) for name in names if row[name] is not None}
