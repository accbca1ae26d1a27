"""Tasks for staff: found by queue, and done once. That one is done is an event of its member (ruling 6)."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any, Final, Literal

import orjson

from api.clock import Clock
from api.service.asking import answer_of
from api.service.calls import Call, IngestResult, Told
from api.service.door import Door
from api.service.naming import name_text, named, rule_in_force
from api.service.refusal import Refusal
from api.service.rulebook import Rulebook
from api.service.running import Run
from api.store import erasing, tasks
from api.store.database import Database
from api.store.tasks import StoredTask
from engine.index import Index
from engine.values import instant_text

Json = dict[str, Any]
Status = Literal["open", "done"]
TASK_DONE: Final = "Task Done"
PAGE: Final = 50
_SOURCE: Final = "regulars:tasks"
_MAX_DIGITS: Final = 18


class Tasks:
    """Reads tasks, and takes in that one is done."""

    def __init__(
        self,
        database: Database,
        rulebook: Rulebook,
        door: Door,
        run: Run,
        submit: Callable[[list[Call]], Future[list[IngestResult]]],
        clock: Clock,
    ) -> None:
        """Make the use case of its parts; `submit` takes calls in."""
        self._database = database
        self._rulebook = rulebook
        self._door = door
        self._run = run
        self._submit = submit
        self._clock = clock

    def page(self, status: Status, queue: str | None, member: str | None, after: str | None) -> Json:
        """Return a page of tasks, oldest first.

        Args:
            status: `open` or `done`.
            queue: The one queue to look into, or None for all.
            member: The one member whose tasks are asked for, or None for all.
            after: `next` of the page before, or None.

        Raises:
            Refusal: `invalid-request`.
        """
        place = None if after is None else _place(after)
        with self._database.read() as connection:
            found = tasks.page(
                connection, status=status, queue=queue, member=member, after=place, limit=PAGE + 1
            )
        last = found[PAGE - 1] if len(found) > PAGE else None
        return {
            "items": [_plain(one, self._rulebook.index()) for one in found[:PAGE]],
            "next": None if last is None else f"{last.as_of}:{last.id}",
        }

    def queues(self) -> Json:
        """Return every queue, the defined ones first, with who works it and how many tasks wait."""
        catalogue = self._rulebook.index().rules.catalogue
        with self._database.read() as connection:
            used = tasks.in_queues(connection)
        known = [
            {"meaning": one.meaning, "worked_by": one.worked_by, "open": used.get(key, 0), "queue": key}
            for key, one in catalogue.queues.items()
        ]
        others = [
            {"meaning": None, "worked_by": None, "open": count, "queue": key}
            for key, count in used.items()
            if key not in catalogue.queues
        ]
        return {
            "items": [
                {**one, "name": named("queues", str(one["queue"]), catalogue)} for one in known + others
            ]
        }

    def done(
        self,
        task: str,
        answer: str,
        *,
        by: str,
        outcome: str | None = None,
        answers: Mapping[str, Any] | None = None,
    ) -> Json:
        """Take in that a task is done, with what came of it, and return the task.

        The event is in the log before the task counts as done; sent again with the same answer
        by the same person, nothing happens twice.

        Args:
            task: Its id.
            answer: What came of it, in words; rules may read it.
            by: Who did it.
            outcome: How it ended, by a word that rules compare: `reached`, `confirmed` …; None for none.
            answers: What was answered, by question; rules read them as `event.answers.<question>`.

        Raises:
            Refusal: `not-found`, also if its member was erased, or `message-conflict` if it was done with
                another answer or by another.
        """
        found = self._read(task)
        with self._database.read() as connection:
            if erasing.erased(connection, [found.member]):
                raise Refusal("not-found", "The member that this task is about was erased.")
        told = Told(
            kind="track",
            message_id=f"done:{task}",
            user_id=found.member,
            name=TASK_DONE,
            properties={
                "task": task,
                "queue": found.queue,
                "rule": found.rule,
                "answer": answer,
                "by": by,
                **({} if outcome is None else {"outcome": outcome}),
                **({} if answers is None else {"answers": dict(answers)}),
            },
        )
        call = self._door.admit(told, _SOURCE, self._rulebook.index().rules.catalogue)
        answer_of(self._submit([call]).result()[0])
        now = self._clock.now()
        self._run(lambda connection: tasks.finish(connection, task, at=now, by=by))
        return _plain(self._read(task), self._rulebook.index())

    def _read(self, task: str) -> StoredTask:
        with self._database.read() as connection:
            found = tasks.read(connection, task)
        if found is None:
            raise Refusal("not-found", "There is no such task.")
        return found


def _plain(one: StoredTask, index: Index) -> Json:
    said = one._asdict()
    written: dict[str, str] = orjson.loads(said.pop("words") or "{}")
    return {
        **said,
        "text": name_text(written, one.note),
        "rule_name": rule_in_force(one.rule, index),
        "queue_name": named("queues", one.queue, index.rules.catalogue),
        "as_of": instant_text(one.as_of),
        "done_at": None if one.done_at is None else instant_text(one.done_at),
    }


def _place(after: str) -> tuple[int, str]:
    as_of, _, task = after.partition(":")
    if not as_of.isascii() or not as_of.isdigit() or len(as_of) > _MAX_DIGITS or not task:
        raise Refusal("invalid-request", "Send the `next` of the page before as `after`.")
    return int(as_of), task
