"""A back-test over several processes, from its plan to what it found."""

import gc
import zoneinfo
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from itertools import pairwise
from multiprocessing import get_context
from typing import Any, Final

from api.service.backtesting import Backtesting, Found, Plan
from api.service.replaying import Part
from api.store import log, members
from api.store.database import Database

_ENTRIES_A_PART: Final = 10_000
_PARTS_A_PROCESS: Final = 4
_LOOK_EVERY: Final = 0.25

Progress = Callable[[int], None]
_shared: dict[str, Any] = {}


class Stopped(Exception):
    """Somebody doesn't want the back-test any more."""


def backtest(
    url: str,
    plan: Plan,
    *,
    processes: int,
    progress: Progress = lambda _checked: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Found:
    """Decide the log under a plan; together, in one process, only where what is common to all counts.

    Args:
        url: The database.
        plan: What is back-tested.
        processes: How many processes decide; 0 for this one alone.
        progress: Told the number of entries from time to time.
        stopped: Asked from time to time whether to end it.

    Raises:
        Stopped: If it was ended.
    """
    if not processes:
        return _here(url, plan, progress, stopped)
    with _pool(processes) as pool:
        parts = _parts(url, processes)
        found = _gathered([pool.submit(_apart, url, plan, part) for part in parts], progress, stopped)
        if found.binds:
            found = _gathered([pool.submit(_together, url, plan)], progress, stopped)
            found.together = True
    return found


def _here(url: str, plan: Plan, progress: Progress, stopped: Callable[[], bool]) -> Found:
    def told(checked: int) -> None:
        progress(checked)
        if stopped():
            raise Stopped

    with Database.open(url, writable=False) as database, database.read() as connection:
        test = Backtesting(connection, plan)
        found = test.apart(progress=told)
        if found.binds:
            before = found.checked
            found = test.together(progress=lambda checked: told(before + checked))
            found.together = True
    return found


def _parts(url: str, processes: int) -> list[Part]:
    with Database.open(url, writable=False) as database, database.read() as connection:
        many = max(processes * _PARTS_A_PROCESS, log.last_sequence(connection) // _ENTRIES_A_PART)
        keys: list[str | None] = [*members.parts(connection, many)]
    return [Part(behind or "", upto) for behind, upto in pairwise([None, *keys, None])]


@contextmanager
def _pool(processes: int) -> Iterator[ProcessPoolExecutor]:
    context = get_context("spawn")
    _shared["checked"], _shared["end"] = context.Value("q", 0), context.Event()
    pool = ProcessPoolExecutor(processes, context, _share, (_shared["checked"], _shared["end"]))
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _share(checked: Any, end: Any) -> None:
    """Make a process ready: zones come from the pinned package, and nobody looks for cycles in trees."""
    zoneinfo.reset_tzpath(to=[])
    gc.set_threshold(100_000, 20, 20)
    _shared["checked"], _shared["end"] = checked, end


def _gathered(running: list[Future[Found]], progress: Progress, stopped: Callable[[], bool]) -> Found:
    """Wait for all parts, and put them together in their order."""
    pending = set(running)
    while pending:
        done, pending = wait(pending, timeout=_LOOK_EVERY, return_when=FIRST_COMPLETED)
        progress(_shared["checked"].value)
        if stopped():
            _shared["end"].set()
            raise Stopped
        for one in done:
            one.result()
    first, *others = [one.result() for one in running]
    for more in others:
        first.join(more)
    return first


def _apart(url: str, plan: Plan, part: Part) -> Found:
    """Decide some members, in a process of its own."""
    with Database.open(url, writable=False) as database, database.read() as connection:
        return Backtesting(connection, plan).apart(part, _advancing())


def _together(url: str, plan: Plan) -> Found:
    with Database.open(url, writable=False) as database, database.read() as connection:
        return Backtesting(connection, plan).together(_advancing())


def _advancing() -> Progress:
    last = 0

    def advance(checked: int) -> None:
        nonlocal last
        with _shared["checked"].get_lock():
            _shared["checked"].value += checked - last
        last = checked
        if _shared["end"].is_set():
            raise Stopped

    return advance
