"""How many members a condition is true of: an estimate at once, the exact count behind it (ruling 14)."""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from math import ceil, floor, sqrt
from time import monotonic
from typing import Any, Final, NamedTuple

from api.clock import Clock
from api.service.asking_members import Question, checked, question, worded
from api.service.counting import Counting
from api.service.pace import Pace, Stopwatch
from api.service.rulebook import Rulebook
from api.store import audiences, counted, members, narrowing
from api.store.audiences import Cell, Counted
from api.store.connection import Connection
from api.store.database import Database
from api.store.members import PARTITIONS, PLACES
from api.store.narrowed import Truth
from engine import canonical
from engine.values import instant_text

Json = dict[str, Any]
_ENOUGH_SECONDS: Final = 0.12
_AT_ONCE: Final = 2_000
"""How many members an estimate looks at together at most."""

_KEPT: Final = 64
_FRESH_SECONDS: Final = 60.0
_Z: Final = 1.959963984540054
# A fixed order that begins anywhere: any partition is as good as any other.
_ORDER: Final = tuple(step * 37 % PARTITIONS for step in range(PARTITIONS))


class Estimate(NamedTuple):
    """How many members there are, as some cells of the hash let one say.

    Attributes:
        about: The likeliest number.
        low: The least that agrees with what was counted, at 95 %.
        high: The most.
    """

    about: int
    low: int
    high: int


def estimated(found: int, looked_at: int, total: int) -> Estimate:
    """Return an estimate with its 95 % interval: Wilson's, with the correction for a finite whole.

    A member's partition, and its place there, are a hash of its key, so the members of whole cells are
    drawn at random.

    Args:
        found: Of how many members the condition was true.
        looked_at: How many were looked at, at least 1.
        total: How many there are.
    """
    if looked_at >= total:
        return Estimate(found, found, found)
    share = found / looked_at
    n = looked_at * (total - 1) / (total - looked_at)
    middle = (share + _Z * _Z / (2 * n)) / (1 + _Z * _Z / n)
    half = _Z / (1 + _Z * _Z / n) * sqrt(share * (1 - share) / n + _Z * _Z / (4 * n * n))
    low = max(found, floor((middle - half) * total))
    high = min(total - (looked_at - found), ceil((middle + half) * total))
    return Estimate(round(share * total), low, high)


class Audiences:
    """Counts and lists the members that a condition is true of."""

    def __init__(
        self,
        database: Database,
        rulebook: Rulebook,
        counting: Counting,
        clock: Clock,
        stopwatch: Stopwatch = monotonic,
    ) -> None:
        """Make the use case of its parts.

        Args:
            database: Where members are.
            rulebook: The rules and definitions.
            counting: Brings what is counted up to the log.
            clock: Our clock.
            stopwatch: Measures how long looking takes.
        """
        self._database = database
        self._rulebook = rulebook
        self._counting = counting
        self._clock = clock
        self._lock = threading.Lock()
        self._counts: OrderedDict[str, tuple[float, Future[Json]]] = OrderedDict()
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="regulars-audience")
        self._stopwatch = stopwatch
        self._total = 0

    def close(self) -> None:
        """Begin no further count; one that runs is finished first."""
        self._worker.shutdown(cancel_futures=True)

    def ask(self, condition: object) -> Json:
        """Return an estimate at once, and the exact count once it is there: ask again for it.

        Args:
            condition: The condition as JSON data; None for everybody.

        Returns:
            `estimate` (`about`, `low`, `high`; None while nobody is counted), `exact` (`members`,
            `as_of`; None while it is counted), and `reading`: `sql` where SQL decides, `narrowed` where
            the evaluator does.

        Raises:
            Refusal: `invalid-request` with a finding for each place.
        """
        asked = question(self._rulebook, condition, self._clock.now())
        estimate = self._estimated(asked)
        exact = self._exact(condition, asked)
        return {
            "estimate": estimate._asdict() if estimate is not None else None,
            "exact": exact,
            "reading": "sql" if asked.narrowed.exact else "narrowed",
        }

    def check(self, condition: object) -> Json:
        """Return what is wrong with a condition about members, and how it reads; it never fails.

        Args:
            condition: Any JSON data; None for everybody.

        Returns:
            `diagnostics`, with paths into the condition, and `sentence`: by language, or None.
        """
        return {
            "diagnostics": checked(self._rulebook, condition)[1],
            "sentence": worded(self._rulebook, condition),
        }

    def estimate(self, condition: object) -> Estimate | None:
        """Return about how many members a condition is true of; None as `ask` says."""
        return self._estimated(question(self._rulebook, condition, self._clock.now()))

    def count(self, condition: object) -> int:
        """Return exactly how many members a condition is true of; takes as long as it takes."""
        asked = question(self._rulebook, condition, self._clock.now())
        self._counting.catch_up()
        with self._database.read() as connection:
            self._total = counted.size(connection)
            odd = narrowing.odd(connection, asked.narrowed, asked.tracked)
            sure = asked.narrowed.sure(odd)
            found = audiences.count_in(connection, sure) if sure is not None else 0
            return found + self._evaluated(connection, asked, asked.narrowed.left(odd), None)

    def members(self, condition: object) -> Iterator[str]:
        """Yield the members that a condition is true of, partition after partition, by key."""
        asked = question(self._rulebook, condition, self._clock.now())
        self._counting.catch_up()
        with self._database.read() as connection:
            odd = narrowing.odd(connection, asked.narrowed, asked.tracked)
            for page in audiences.pages(connection, asked.narrowed.candidates(odd)):
                true = self._true_of(connection, asked, odd, page)
                yield from (one.member for one in page if one.member in true)

    def page(self, condition: object, after: Counted, limit: int) -> tuple[list[str], Counted | None]:
        """Look at the next members of whom a condition may be true.

        Args:
            condition: The condition as JSON data; None for everybody.
            after: Place of the last member that was looked at.
            limit: How many are looked at.

        Returns:
            Those of whom it is true, and the place of the last one looked at; None if there are no more.

        Raises:
            Refusal: As `ask`.
        """
        asked = question(self._rulebook, condition, self._clock.now())
        self._counting.catch_up()
        with self._database.read() as connection:
            odd = narrowing.odd(connection, asked.narrowed, asked.tracked)
            where = asked.narrowed.candidates(odd)
            page = audiences.found_in(connection, where, after=after, limit=limit)
            true = self._true_of(connection, asked, odd, page)
        return [one.member for one in page if one.member in true], page[-1] if len(page) == limit else None

    def _exact(self, condition: object, asked: Question) -> Json | None:
        key = canonical.digest([condition, asked.index.rules.head])
        now = monotonic()
        with self._lock:
            begun, count = self._counts.get(key, (0.0, None))
            if count is None or (count.done() and now - begun > _FRESH_SECONDS) or _failed(count):
                count = self._worker.submit(self._counted, condition)
                self._counts[key] = now, count
                while len(self._counts) > _KEPT:
                    self._counts.popitem(last=False)
        return count.result() if count.done() else None

    def _counted(self, condition: object) -> Json:
        as_of = self._clock.now()
        return {"members": self.count(condition), "as_of": instant_text(as_of)}

    def _estimated(self, asked: Question) -> Estimate | None:
        with self._database.read() as connection:
            return self._estimate(connection, asked)

    def _estimate(self, connection: Connection, asked: Question) -> Estimate | None:
        """Look at one cell of the hash after the other until the time is up, however many there are."""
        self._total = self._total or counted.size(connection)
        odd = narrowing.odd(connection, asked.narrowed, asked.tracked)
        sure, left = asked.narrowed.sure(odd), asked.narrowed.left(odd)
        found = looked_at = 0
        for cell in cells(self._total, Pace(self._stopwatch, _AT_ONCE), self._stopwatch() + _ENOUGH_SECONDS):
            here, there = audiences.share_in(connection, sure, cell)
            found += here + self._evaluated(connection, asked, left, cell)
            looked_at += there
        return estimated(found, looked_at, max(self._total, looked_at)) if looked_at else None

    def _evaluated(self, connection: Connection, asked: Question, where: Truth, cell: Cell | None) -> int:
        """Return of how many of some members the evaluator finds a condition true."""
        return sum(
            len(self._true(connection, asked, page)) for page in audiences.pages(connection, where, cell)
        )

    def _true_of(self, connection: Connection, asked: Question, odd: Truth, page: list[Counted]) -> set[str]:
        """Return those of a page of members that a condition is true of, by SQL as far as it can say."""
        sure = asked.narrowed.sure(odd)
        known = audiences.known(connection, sure, page) if sure is not None and page else set()
        return known | self._true(connection, asked, [one for one in page if one.member not in known])

    def _true(self, connection: Connection, asked: Question, page: list[Counted]) -> set[str]:
        """Return those of some members that the evaluator finds a condition true of."""
        if not page:
            return set()
        loaded = members.load(connection, [one.member for one in page]).values()
        ready = (asked.ready(connection, self._rulebook, one.state) for one in loaded)
        return {state.member for state in ready if state.sequence > 0 and asked.holds(state)}


def _failed(count: "Future[Json]") -> bool:
    return count.done() and (count.cancelled() or count.exception() is not None)


def cells(total: int, pace: Pace, end: float) -> Iterator[Cell]:
    """Yield cells until an end, each as large as what those before have cost lets it be; at least one."""
    each = max(1, total) / (PARTITIONS * PLACES)
    least = 1
    for partition in _ORDER:
        first = 0
        while first < PLACES:
            count = max(least, pace.begin(end))
            if not count:
                return
            width = max(1, min(PLACES - first, int(count / each)))
            yield Cell(partition, first, first + width - 1)
            pace.done(max(1, int(width * each)))
            first, least = first + width, 0
