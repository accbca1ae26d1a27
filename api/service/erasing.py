"""Erasing a member (ruling 20): decided as an entry of its log, and carried out in the same transaction."""

from typing import Any, Final

from api.service.calls import Call
from api.service.identity import home_of
from api.service.refusal import Refusal
from api.store import erasing, members, merging, people
from api.store.connection import Connection
from api.store.database import Database
from api.store.people import AuditEntry
from engine import canonical
from engine.events import MEMBER_ERASED, Event
from engine.values import Instant

Json = dict[str, Any]
ACTION: Final = "erase-member"


class Erasing:
    """Makes the calls that erase members, and cleans the database up behind them."""

    def __init__(self, database: Database) -> None:
        """Make the use case of the database."""
        self._database = database
        self._unclean = False

    def call(self, key: str, told: Json, *, source: str, message_id: str) -> Call:
        """Return the call by which somebody erases a member.

        Args:
            key: Key of the member, an id of it, or the key of one that is a part of it.
            told: `by` and `why`. They stay in the log, so they mustn't name the person.
            source: Who asks.
            message_id: Made from the client's own id.

        Raises:
            Refusal: `not-found` if there is no such member.
        """
        with self._database.read() as connection:
            home = home_of(connection, key)
            known = members.load(connection, [home])[home].state.sequence > 0
        if not known:
            raise Refusal("not-found", "There is no such member.")
        return Call(
            kind="erase",
            source=source,
            message_id=message_id,
            user_id=home,
            name=MEMBER_ERASED,
            properties=told,
            content=canonical.digest({"kind": "erase", "member": home, "told": told}),
        )

    def clean(self) -> bool:
        """Let the deleted values leave the database's files, too; return whether they have by now.

        What keeps them is a reader that began before; `work` tries again.
        """
        self._unclean = not self._database.clean(erasing.TABLES)
        return not self._unclean

    def work(self) -> int:
        """Clean up if it couldn't be done at once; return 0, for it never has to be called again soon."""
        if self._unclean:
            self.clean()
        return 0


def erase(connection: Connection, event: Event, now: Instant) -> None:
    """Carry out what the entry of an erasure says, in the transaction that decides it.

    Args:
        connection: The transaction; everything else of it is written.
        event: The entry.
        now: Our clock.
    """
    told = event.properties
    keys = [event.member, *merging.parts(connection, event.member)]
    erasing.erase(connection, keys, by=told["by"], at=now)
    people.note(connection, AuditEntry(now, told["by"], ACTION, event.member, told["why"]))
