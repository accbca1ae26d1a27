"""How a use case gets a write transaction."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Protocol, TypeVar

from api.store.connection import Connection

T = TypeVar("T")


class Run(Protocol):
    """Runs work in a write transaction and returns its result, once it is durable."""

    def __call__(self, work: Callable[[Connection], T]) -> T:
        """Run the work; what it raises undoes all and is raised here."""
        ...


class Later(Protocol):
    """Hands work in for a write transaction and doesn't wait for it; what it raises is not told here."""

    def __call__(self, work: Callable[[Connection], None]) -> Future[None]:
        """Hand the work in.

        Raises:
            WriterClosed: If nothing is written any more.
        """
        ...
