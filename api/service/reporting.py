"""What became of a message comes back as an event of its member (rulings 6 and 19)."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Final

from api.service.calls import Call, IngestResult, Told
from api.service.door import Door
from api.service.rulebook import Rulebook
from api.service.running import Run
from api.store import outbox
from api.store.database import Database
from api.store.outbox import Attempt, Outgoing, Status
from engine.events import MESSAGE_FAILED, MESSAGE_SENT, MESSAGE_SUPPRESSED
from engine.programme.contacting import purpose_of

SOURCE: Final = "regulars:delivery"
_BATCH: Final = 100
_EVENTS: Final[dict[Status, str]] = {
    "delivered": MESSAGE_SENT,
    "dead": MESSAGE_FAILED,
    "suppressed": MESSAGE_SUPPRESSED,
}


class Reporting:
    """Tells each member's log what became of its messages: once each, whatever stops in between."""

    def __init__(
        self,
        database: Database,
        run: Run,
        rulebook: Rulebook,
        door: Door,
        submit: Callable[[list[Call]], Future[list[IngestResult]]],
    ) -> None:
        """Make the use case of its parts; `submit` takes calls in."""
        self._database = database
        self._run = run
        self._rulebook = rulebook
        self._door = door
        self._submit = submit

    def work(self) -> int:
        """Tell what isn't told yet, some at a time; return of how many it was told.

        The event is durable before the message counts as told, under an id made from the message:
        told again after a crash, it is the same event.
        """
        with self._database.read() as connection:
            found = outbox.untold(connection, _BATCH)
            tried = outbox.attempts(connection, [one.id for one in found])
        if not found:
            return 0
        results = self._submit([self._call(one, tried[one.id]) for one in found]).result()
        told = [one.id for one, result in zip(found, results, strict=True) if result.status != "held"]
        self._run(lambda connection: outbox.mark_told(connection, told))
        return len(told)

    def _call(self, one: Outgoing, tried: list[Attempt]) -> Call:
        catalogue = self._rulebook.index().rules.catalogue
        at = tried[-1].at if tried and one.status != "suppressed" else one.as_of
        properties: dict[str, Any] = {
            "channel": one.channel,
            "message": one.id,
            "purpose": purpose_of(catalogue, one.target),
            "rule": one.rule,
            "template": one.target,
        }
        if one.status != "delivered":
            properties["reason"] = one.last_error or ""
        told = Told(
            kind="track",
            message_id=f"{one.id}:{one.status}:{at}",
            user_id=one.member,
            name=_EVENTS[one.status],
            properties=properties,
            timestamp=at,
            occurred_at=at,
        )
        return self._door.admit(told, SOURCE, catalogue)
