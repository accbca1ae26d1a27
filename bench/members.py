"""A programme with very many members, written straight into its tables."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any, Final

from pydantic import SecretStr

from api.assembly import Programme, assemble
from api.clock import Clock
from api.service.warming import Warming
from api.settings import Settings
from api.store import counted, members, migrate
from api.store.members import SavedMember
from engine.index import Index
from engine.schedule import DAY
from engine.state import MemberState, Past
from engine.timers import next_due
from engine.values import Instant

CITIES: Final = ("Hangzhou", "Suzhou", "Shanghai", "Chengdu", "Beijing", "Xiamen", "Wuhan", "Kunming")
ZONES: Final = ("Asia/Shanghai", "Asia/Tokyo", "Europe/London", "America/New_York", "Pacific/Auckland")
_CHUNK: Final = 5_000
Made = Callable[[int, Random, Index, Instant], MemberState]


@contextmanager
def programme(url: str, clock: Clock, *, timers: bool = False) -> Iterator[Programme]:
    """Open the product over an empty database."""
    migrate.upgrade(url)
    secret = SecretStr("a secret that all benches share, long enough")
    parts = assemble(Settings(DATABASE_URL=url, secret=secret), clock, Warming(), timers=timers)
    parts.writer.start()
    try:
        yield parts
    finally:
        parts.close()


def fill(parts: Programme, count: int, made: Made, *, count_them: bool = True) -> None:
    """Write so many members, as if each had one entry in the log.

    Args:
        parts: The product, with its rules in force.
        count: How many.
        made: Makes the state of one.
        count_them: Whether to write what audiences are counted by, too.
    """
    index, now = parts.services.rulebook.index(), parts.services.clock.now()
    chance = Random(26)  # noqa: S311  invented members
    for first in range(0, count, _CHUNK):
        states = [made(number, chance, index, now) for number in range(first, min(first + _CHUNK, count))]
        rows = [SavedMember(one, next_due(one, index), index.rules.revision) for one in states]

        def write(connection: Any, states: list[MemberState] = states, rows: Any = rows) -> None:
            members.save(connection, rows)
            if count_them:
                counted.write_members(connection, states)

        parts.run(write)


def shopper(number: int, chance: Random, index: Index, now: Instant) -> MemberState:
    """Return a member with a city, a score, a birthday, a zone, and orders in the last two years."""
    last = now - round(chance.expovariate(1 / 120) * DAY)
    orders = chance.choice([0, 1, 1, 2, 3, 5, 8])
    past = {"Signed Up": Past(1, last - 900 * DAY, last - 900 * DAY, 1)}
    if orders:
        past["Order Completed"] = Past(orders, last - orders * 30 * DAY, last, 1)
    return MemberState(
        member=f"m-{number}",
        sequence=1,
        as_of=last,
        joined_at=last - 900 * DAY,
        joined_revision=1,
        zone=ZONES[number % len(ZONES)],
        tracked=index.tracked,
        attributes={
            "city": chance.choice(CITIES),
            "score": chance.randrange(1_000),
            "birthday": f"{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}",
        },
        past=past,
    )


def url_in(folder: str) -> str:
    """Return the address of a new SQLite database in a folder."""
    return f"sqlite:///{Path(folder) / 'bench.db'}"
