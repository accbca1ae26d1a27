"""Back-tests that people ask for: one runs at a time, in the background, and its report is kept."""

import os
import threading
import uuid
from collections.abc import Sequence
from contextlib import suppress
from time import monotonic
from typing import Any, Final

import msgspec
import structlog

from api.clock import Clock
from api.service.backtest_apart import Stopped, backtest
from api.service.backtest_plan import Wanted, plan
from api.service.backtest_report import report
from api.service.backtesting import Plan
from api.service.heartbeat import LEASE, Heartbeat
from api.service.refusal import Refusal
from api.service.rulebook import Rulebook
from api.service.running import Run
from api.store import backtests, log
from api.store.backtests import StoredBacktest
from api.store.connection import Connection
from api.store.database import Database
from api.store.errors import WriterClosed
from api.store.people import AuditEntry, note
from engine.values import instant_text

_log = structlog.get_logger(__name__)
_WORTH_A_PROCESS: Final = 20_000
_TELL_SECONDS: Final = 1.0
Json = dict[str, Any]


class Backtests:
    """Runs back-tests and remembers what they found."""

    def __init__(self, database: Database, rulebook: Rulebook, run: Run, clock: Clock) -> None:
        """Make the use case of its parts.

        Args:
            database: Where the log is.
            rulebook: The rules.
            run: Runs work in a write transaction.
            clock: Our clock.
        """
        self._database = database
        self._rulebook = rulebook
        self._run = run
        self._clock = clock
        self._one_at_a_time = threading.Lock()
        self._unwanted: set[str] = set()

    def start(self, wanted: Wanted, *, by: str) -> Json:
        """Begin a back-test, and return it.

        Raises:
            Refusal: `no-draft`, `rule-not-ready` with diagnostics, or `invalid-request`.
        """
        now = self._clock.now()
        with self._database.read() as connection:
            made = plan(connection, self._rulebook, wanted, now)
            entries = log.last_sequence(connection)
        asked = {
            "drafts": made.drafts,
            "without": made.without,
            "others": made.others,
            "from": instant_text(made.since),
            "until": instant_text(made.until),
        }
        new = StoredBacktest(
            uuid.uuid4().hex, "running", now, by, msgspec.json.encode(asked), entries, beat_at=now
        )

        def begin(connection: Connection) -> None:
            backtests.begin(connection, new)
            note(connection, AuditEntry(now, by, "back-test-started", f"back-tests/{new.id}", new=asked))

        self._run(begin)
        threading.Thread(target=self._work, args=(new, made), name="backtest", daemon=True).start()
        return self.one(new.id)

    def one(self, backtest_id: str) -> Json:
        """Return a back-test, running or ended.

        Raises:
            Refusal: `not-found`.
        """
        stored = self._stored(backtest_id)
        if stored is not None and self._interrupted([stored]):
            stored = self._stored(backtest_id)
        if stored is None:
            raise Refusal("not-found", "There is no such back-test.")
        found = msgspec.json.decode(stored.report) if stored.report else None
        return {**_plain(stored), "report": found}

    def newest(self, limit: int) -> list[Json]:
        """Return the back-tests that were asked for last, newest first, without their reports."""
        found = self._newest(limit)
        if self._interrupted(found):
            found = self._newest(limit)
        return [_plain(one) for one in found]

    def cancel(self, backtest_id: str, *, by: str) -> Json:
        """End a back-test that runs; one that has ended stays as it is.

        Raises:
            Refusal: `not-found`.
        """
        self.one(backtest_id)
        self._unwanted.add(backtest_id)
        at, subject = self._clock.now(), f"back-tests/{backtest_id}"
        old, new = {"status": "running"}, {"status": "cancelled"}
        cancelled = AuditEntry(at, by, "back-test-cancelled", subject, old=old, new=new)

        def end(connection: Connection) -> None:
            was = backtests.read(connection, backtest_id)
            backtests.finish(connection, backtest_id, status="cancelled", report=b"", at=at)
            if was is not None and was.status == "running":
                note(connection, cancelled)

        self._run(end)
        return self.one(backtest_id)

    def _stored(self, backtest_id: str) -> StoredBacktest | None:
        with self._database.read() as connection:
            return backtests.read(connection, backtest_id)

    def _newest(self, limit: int) -> list[StoredBacktest]:
        with self._database.read() as connection:
            return backtests.newest(connection, limit)

    def _interrupted(self, found: Sequence[StoredBacktest]) -> bool:
        """End those that nobody works on any more; return whether there were any."""
        now = self._clock.now()
        lost = [one.id for one in found if one.status == "running" and one.beat_at < now - LEASE]
        if lost:
            self._run(lambda connection: backtests.interrupt(connection, lost, before=now - LEASE, at=now))
        return bool(lost)

    def _beat(self, backtest_id: str) -> None:
        at = self._clock.now()
        self._run(lambda connection: backtests.beat(connection, backtest_id, at))

    def _work(self, new: StoredBacktest, made: Plan) -> None:
        with Heartbeat(lambda: self._beat(new.id)), self._one_at_a_time:
            status, body = "done", b""
            try:
                body = msgspec.json.encode(self._found(new, made))
            except Stopped:
                status = "cancelled"
            except Exception:  # noqa: BLE001  the edge of the thread: the failure is logged and shown
                _log.exception("backtest_failed", backtest=new.id)
                status = "failed"
            at = self._clock.now()
            with suppress(WriterClosed):  # the server stops: whoever asks next is told of an interruption
                self._run(
                    lambda connection: backtests.finish(connection, new.id, status=status, report=body, at=at)
                )
            self._unwanted.discard(new.id)

    def _found(self, new: StoredBacktest, made: Plan) -> Json:
        told = monotonic()

        def progress(checked: int) -> None:
            nonlocal told
            if monotonic() - told >= _TELL_SECONDS:
                told = monotonic()
                if not self._run(lambda connection: backtests.advance(connection, new.id, checked)):
                    self._unwanted.add(new.id)

        found = backtest(
            self._database.url.render_as_string(hide_password=False),
            made,
            processes=(os.cpu_count() or 1) if new.entries >= _WORTH_A_PROCESS else 0,
            progress=progress,
            stopped=lambda: new.id in self._unwanted,
        )
        index = self._rulebook.index()
        names = {one.rule.key: one.rule.document.plain()["name"] for one in index.standing}
        return report(found, made, index.rules.catalogue, names)


def _plain(stored: StoredBacktest) -> Json:
    return {
        "id": stored.id,
        "status": stored.status,
        "by": stored.by,
        "started_at": instant_text(stored.started_at),
        "finished_at": None if stored.finished_at is None else instant_text(stored.finished_at),
        "asked": msgspec.json.decode(stored.asked),
        "checked": stored.checked,
        "of": stored.entries,
    }
