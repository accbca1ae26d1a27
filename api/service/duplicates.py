"""Members who may be one person: listed for somebody to decide, and merged by hand with a reason."""

from typing import Any, Final

import msgspec

from api.clock import Clock
from api.service.calls import Call, Told
from api.service.door import Door
from api.service.refusal import Refusal
from api.service.rulebook import Rulebook
from api.service.running import Run
from api.store import merging
from api.store.connection import Connection
from api.store.database import Database
from api.store.people import AuditEntry, note
from engine.events import MEMBERS_MERGED
from engine.values import instant_text

Json = dict[str, Any]
PAGE: Final = 200


class Duplicates:
    """Tells who may be one person, and takes the answer."""

    def __init__(self, database: Database, rulebook: Rulebook, door: Door, run: Run, clock: Clock) -> None:
        """Make the use case of its parts."""
        self._database = database
        self._rulebook = rulebook
        self._door = door
        self._run = run
        self._clock = clock

    def pending(self) -> Json:
        """Return the newest 200 pairs of members that share a name, without those that are one by now."""
        with self._database.read() as connection:
            found = merging.duplicates(connection, PAGE)
            keys = [key for one in found for key in one[:2]]
            homes = merging.homes(connection, keys)
        pairs = {
            (homes[one.member], homes[one.other]): one
            for one in reversed(found)
            if homes[one.member] != homes[one.other]
        }
        return {
            "items": [
                {
                    "member": pair[0],
                    "other": pair[1],
                    "kind": one.kind,
                    "found_at": instant_text(one.found_at),
                }
                for pair, one in reversed(pairs.items())
            ]
        }

    def dismiss(self, member: str, other: str, *, by: str) -> Json:
        """Take down that two members are two people; they are not listed again.

        Raises:
            Refusal: `not-found` if they were never listed.
        """
        at = self._clock.now()

        def work(connection: Connection) -> bool:
            known = merging.dismiss(connection, member, other, by=by, at=at)
            if known:
                two = {"member": member, "other": other}
                note(connection, AuditEntry(at, by, "duplicate-dismissed", "duplicates", new=two))
            return known

        if not self._run(work):
            raise Refusal("not-found", "These two members aren't listed as a possible duplicate.")
        return {"member": member, "other": other, "dismissed_by": by, "dismissed_at": instant_text(at)}

    def call(self, pair: tuple[str, str], told: Json, *, source: str, message_id: str) -> Call:
        """Return the call by which somebody says that two members are one.

        Args:
            pair: Their keys.
            told: `by` and `reason`, and `keep` (`userId` for the first, `previousId` for the second) if
                it is not the older who goes on.
            source: Who says so.
            message_id: Made from the client's own id.
        """
        said = Told(
            kind="alias",
            message_id=message_id,
            user_id=pair[0],
            previous_id=pair[1],
            name=MEMBERS_MERGED,
            properties={name: value for name, value in told.items() if value is not None},
        )
        call = self._door.admit(said, source, self._rulebook.index().rules.catalogue)
        return msgspec.structs.replace(call, user_id=None, previous_id=None, between=pair, personal=())
