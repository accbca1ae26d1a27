"""How a use case gets a write transaction."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from api.store.connection import Connection

T = TypeVar("T")


class Run(Protocol):
    """Runs work in a write transaction and returns its result, once it is durable."""

    def __call__(self, work: Callable[[Connection], T]) -> T:
        """Run the work; what it raises undoes all and is raised here."""
        ...
