"""A replay over all cores: each process decides some of the members again."""

import os
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from itertools import pairwise
from multiprocessing import get_context
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Event
from typing import Final

from api.service.replay_report import EVERYTHING, Asked, Progress, Report
from api.service.replaying import Part, replay_log
from api.store import members, stretches
from api.store.database import Database

_PARTS_A_PROCESS: Final = 4
_LOOK_SECONDS: Final = 0.5
_WORTH_A_PROCESS: Final = 100_000


def processes_worth(entries: int) -> int:
    """Return how many processes are worth their start for so many entries."""
    return os.cpu_count() or 1 if entries >= _WORTH_A_PROCESS else 1


class _Shared:
    """What the processes of one replay share: how far they are, and whether to end."""

    checked: "Synchronized[int]"
    ends: Event


def replay_apart(
    url: str,
    asked: Asked = EVERYTHING,
    *,
    processes: int,
    sample: int = 0,
    gently: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Decide the log again in several processes, and compare.

    Members have nothing to do with each other in a replay, so each part may come
    from a snapshot of its own while the log grows.

    Args:
        url: The database.
        asked: What to decide again; everything by default.
        processes: How many; each reads the database by itself.
        sample: One in so many answers of the matcher is compared with the reference.
        gently: Whether other work on the machine goes first.
        progress: Told what was found, from time to time; it may end the replay.

    Returns:
        The report that `replay_log` gives. A strict one, and one that was ended, holds what each process
        had found until then.
    """
    with Database.open(url, writable=False) as database, database.read() as connection:
        keys: list[str | None] = [*members.parts(connection, processes * _PARTS_A_PROCESS)]
        whole = Report(asked=asked, of=stretches.count(connection, asked.span, asked.member))
    parts = [Part(behind or "", upto) for behind, upto in pairwise([None, *keys, None])]
    context = get_context("spawn")
    checked, ends = context.Value("q", 0), context.Event()
    with ProcessPoolExecutor(
        processes, mp_context=context, initializer=_begin, initargs=(checked, ends, gently)
    ) as pool:
        running = [pool.submit(_replay_part, url, asked, part, sample) for part in parts]
        with _ended_if_left(ends):
            for part in _finished(running, whole, checked, progress):
                whole.join(part)
                if not whole.complete or (asked.strict and whole.divergences):
                    whole.complete = False
                    ends.set()
    if progress is not None:
        progress(whole)
    return whole


def _finished(
    running: list[Future[Report]], whole: Report, checked: "Synchronized[int]", progress: Progress | None
) -> Iterator[Report]:
    """Yield the reports of the parts in their order, telling of the progress meanwhile."""
    for one in running:
        while not wait([one], _LOOK_SECONDS).done:
            done = checked.value
            if progress is not None and done and not progress(_so_far(whole, done)):
                whole.complete = False
                yield Report(complete=False)
        yield one.result()


def _so_far(whole: Report, done: int) -> Report:
    told = Report(asked=whole.asked, of=whole.of)
    told.join(whole)
    told.checked = max(done, whole.checked)
    return told


@contextmanager
def _ended_if_left(ends: Event) -> Iterator[None]:
    """Let the processes end early if the block is left by an exception."""
    try:
        yield
    except BaseException:
        ends.set()
        raise


def _begin(checked: "Synchronized[int]", ends: Event, gently: bool) -> None:  # noqa: FBT001  by the pool
    _Shared.checked, _Shared.ends = checked, ends
    if gently and hasattr(os, "nice"):
        os.nice(10)


def _replay_part(url: str, asked: Asked, part: Part, sample: int) -> Report:
    """Decide some members' logs again, in a process of its own."""
    told = 0

    def progress(report: Report) -> bool:
        nonlocal told
        with _Shared.checked.get_lock():
            _Shared.checked.value += report.checked - told
        told = report.checked
        return not _Shared.ends.is_set()

    if _Shared.ends.is_set():
        return Report(complete=False)
    with Database.open(url, writable=False) as database, database.read() as connection:
        return replay_log(connection, asked, part=part, sample=sample, progress=progress)
