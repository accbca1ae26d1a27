"""Waiting, on an event loop, for what another thread finishes many at a time."""

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final, TypeVar, cast
from weakref import WeakKeyDictionary

T = TypeVar("T")


class _Answers:
    """The futures that a loop waits for. However many are done together, the loop is woken once."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._done: deque[tuple[asyncio.Future[Any], Future[Any]]] = deque()
        self._called = False

    def wait(self, future: Future[T]) -> asyncio.Future[T]:
        waiter: asyncio.Future[T] = self._loop.create_future()
        future.add_done_callback(lambda done: self._finished(waiter, done))
        return waiter

    def _finished(self, waiter: asyncio.Future[Any], future: Future[Any]) -> None:
        self._done.append((waiter, future))
        if not self._called and not self._loop.is_closed():
            self._called = True
            self._loop.call_soon_threadsafe(self._tell)

    def _tell(self) -> None:
        self._called = False
        while self._done:
            waiter, future = self._done.popleft()
            if waiter.done():
                continue
            error = future.exception()
            if error is not None:
                waiter.set_exception(error)
            else:
                waiter.set_result(future.result())


_READING: Final = ThreadPoolExecutor(4, thread_name_prefix="regulars-read")
_of_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, _Answers] = WeakKeyDictionary()


async def read_apart(work: Callable[..., T], *given: Any) -> T:
    """Return what a function returns that reads the database, on one of few threads that do nothing else.

    However many ask at once, more threads would only wait for each other and for connections.
    """
    return await durable(_READING.submit(work, *given))


async def durable(future: Future[T]) -> T:
    """Return the result of a future that another thread resolves.

    It does what `asyncio.wrap_future` does, except that futures which are
    resolved together wake the loop together: after a commit of hundreds of
    events that is one wake-up instead of hundreds. Whoever stops waiting
    doesn't stop the work.
    """
    loop = asyncio.get_running_loop()
    answers = _of_loop.get(loop)
    if answers is None:
        answers = _of_loop[loop] = _Answers(loop)
    return cast("T", await answers.wait(future))
