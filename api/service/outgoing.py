"""What left and what is to leave, as people read it: by whom, of what, and why something did not."""

from typing import Any, Final

from api.clock import Clock
from api.service.failures import failure_text
from api.service.naming import channel_name, named, rule_in_force
from api.service.reasons import reason_text
from api.service.refusal import Refusal
from api.service.rulebook import Rulebook
from api.service.running import Run
from api.store import outbox
from api.store.connection import Connection
from api.store.database import Database
from api.store.outbox import Attempt, Outgoing, Status
from api.store.people import AuditEntry, note
from engine.index import Index
from engine.language.base import Text, words
from engine.values import instant_text

Json = dict[str, Any]
_PAGE: Final = 50
_MAX_DIGITS: Final = 15
_LATER: Final = ("pending", "held")
_WAITS: Final = words("waits until the member's quiet hours are over", "等到会员的免打扰时段结束")
_WEBHOOK: Final = words("webhook", "Webhook")


class Outbox:
    """Reads the outbox, and sends something in it again."""

    def __init__(self, database: Database, rulebook: Rulebook, run: Run, clock: Clock) -> None:
        """Make the use case of its parts; `run` runs work in a write transaction."""
        self._database = database
        self._rulebook = rulebook
        self._run = run
        self._clock = clock

    def page(self, status: Status | None, member: str | None, before: str | None) -> Json:
        """Return a page of the outbox, newest first, each with its attempts.

        Args:
            status: Only these, or None for all.
            member: Only what is about this member, or None for everybody.
            before: `next` of the page before, or None.

        Raises:
            Refusal: `invalid-request`.
        """
        place = _place(before)
        with self._database.read() as connection:
            found = outbox.page(connection, status=status, member=member, before=place, limit=_PAGE + 1)
            tried = outbox.attempts(connection, [one.id for one in found[:_PAGE]])
        last = found[_PAGE - 1] if len(found) > _PAGE else None
        index = self._rulebook.index()
        return {
            "items": [_plain(one, tried[one.id], index) for one in found[:_PAGE]],
            "next": None if last is None else f"{last.sequence}:{last.id}",
        }

    def redeliver(self, message: str, *, by: str) -> Json:
        """Send something again that was delivered or given up, under the same id.

        Raises:
            Refusal: `not-found`, or `wrong-status` if it is pending or was suppressed.
        """
        now = self._clock.now()

        def redeliver(connection: Connection) -> bool:
            was = outbox.read(connection, message)
            sent = outbox.redeliver(connection, message, now)
            if sent and was is not None:
                old, new = {"status": was.status}, {"status": "pending"}
                subject = f"messages/{message}"
                note(connection, AuditEntry(now, by, "message-redelivered", subject, old=old, new=new))
            return sent

        again = self._run(redeliver)
        with self._database.read() as connection:
            found = outbox.read(connection, message)
            tried = outbox.attempts(connection, [message])
        if found is None:
            raise Refusal("not-found", "There is no such message.")
        if not again:
            raise Refusal(
                "wrong-status", f"It is {found.status}; only what was delivered or given up is sent again."
            )
        return _plain(found, tried[message], self._rulebook.index())


def _place(before: str | None) -> tuple[int, str] | None:
    if before is None:
        return None
    sequence, _, message = before.partition(":")
    if not sequence.isascii() or not sequence.isdigit() or len(sequence) > _MAX_DIGITS or not message:
        raise Refusal("invalid-request", "Send the `next` of the page before as `before`.")
    return int(sequence), message


def _plain(one: Outgoing, tried: list[Attempt], index: Index) -> Json:
    webhook = one.kind == "webhook"
    return {
        **one._asdict(),
        "rule_name": rule_in_force(one.rule, index),
        "channel_name": dict(_WEBHOOK) if webhook else channel_name(one.channel),
        "target_name": named("endpoints" if webhook else "templates", one.target, index.rules.catalogue),
        "reason": _reason(one),
        "as_of": instant_text(one.as_of),
        "next_attempt_at": instant_text(one.next_attempt_at) if one.status in _LATER else None,
        "deliveries": [{"at": instant_text(each.at), "ok": each.ok, "detail": each.detail} for each in tried],
    }


def _reason(one: Outgoing) -> Text | None:
    """Return why something did not leave, or has not yet; None if there is nothing to say."""
    if one.status == "held":
        return dict(_WAITS)
    if one.last_error is None:
        return None
    return reason_text("", one.last_error) if one.status == "suppressed" else failure_text(one.last_error)
