"""Timers: how many fire a second, and how late they are while events come in.

    python -m bench.timers [--timers 100000] [--pending 100000] [--due 1000] [--seconds 10] [--runs 5]

Each timer is an absence of one member. First, all of them are overdue when the server starts; beside it,
in the same run, the bare pipeline inserts the same rows, 500 a commit. Then so many others are pending,
and a thousand fall due each second, by turns with events coming in at a steady rate and without. A timer
is late by the time from its due instant (with the minute that an absence waits for events on their way)
until its entry can be read: it is committed then.
"""

import argparse
import shutil
import tempfile
import time
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from threading import Event as Signal
from threading import Thread
from typing import Final

from bench import workload
from bench.bare import Rows
from bench.figures import ratio, show, spread
from bench.load import Plan, put
from bench.processes import Product
from bench.tables import Shape, Store, Written
from engine.rules import SETTLE
from engine.values import MICROSECONDS, Instant, instant_text

_DAY: Final = 86_400 * MICROSECONDS
_HOUR: Final = 3_600 * MICROSECONDS
_COMMIT: Final = 500
_FIRED: Final = "SELECT count(*) FROM event WHERE kind = 'timer'"
_LAPSED: Final[workload.Json] = {
    "language": 1,
    "key": "lapsed",
    "name": {"en": "A day without an order", "zh-Hans": "一天未下单"},
    "when": {"type": "absence", "event": "Order Completed", "for": {"days": 1}},
    "then": [{"type": "award_points", "points": 10}],
}


def now() -> Instant:
    """Return the time."""
    return time.time_ns() // 1000


def orders(name: str, count: int, first: Instant, gap: Instant) -> Iterator[bytes]:
    """Yield a line of history for each of so many members: one order."""
    for number in range(count):
        at = instant_text(first + number * gap)
        yield (
            f'{{"type":"track","userId":"{name}-{number}","event":"Order Completed","timestamp":"{at}",'
            f'"properties":{{"total":{number % 100}.5,"currency":"CNY"}}}}\n'
        ).encode()


def product_in(folder: Path, name: str) -> tuple[Product, str]:
    """Return the product with its rules in force, and a key."""
    inside = folder / name
    inside.mkdir()
    product = Product(f"sqlite:///{inside / 'bench.db'}", inside)
    return product, product.prepare([*workload.documents(20), _LAPSED])


def throughput(folder: Path, timers: int, runs: int) -> list[str]:
    """Let overdue timers fire, from the same database each time; return the row of the table."""
    product, _ = product_in(folder, "overdue")
    product.take(orders("t", timers, now() - _DAY - _HOUR, _HOUR // 2 // timers))
    ours: list[float] = []
    others: list[float] = []
    for run in range(runs):
        inside = folder / f"run-{run}"
        shutil.copytree(product.folder, inside)
        rate, shape = _fired(Product(f"sqlite:///{inside / 'bench.db'}", inside), timers)
        ours.append(rate)
        others.append(_bare(inside, shape, timers))
        shutil.rmtree(inside)
    return [f"{timers:,}", spread(ours), spread(others), ratio(ours, others)]


def _fired(product: Product, timers: int) -> tuple[float, Shape]:
    written = Written(product.url)
    before = written.counts()
    with product.serving():
        while written.ask(_FIRED) < timers:
            time.sleep(0.2)
    first, last = (
        written.ask(f"SELECT {one}(recorded_at) FROM event WHERE kind = 'timer'")  # noqa: S608
        for one in ("min", "max")
    )
    shape = written.shape(before, written.counts())
    written.close()
    return timers / max(1, last - first) * MICROSECONDS, shape


def _bare(folder: Path, shape: Shape, timers: int) -> float:
    empty = Product(f"sqlite:///{folder / 'bare.db'}", folder)
    empty.run("migrate")
    store, rows = Store(empty.url), Rows(shape, 0)
    start = time.perf_counter()
    for first in range(0, timers, _COMMIT):
        some = [_timer(number) for number in range(first, min(first + _COMMIT, timers))]
        store.write(len(some), partial(rows.of, some))
    return timers / (time.perf_counter() - start)


def _timer(number: int) -> workload.Json:
    told = {"timer": "absence", "name": "lapsed", "due_at": number, "mark": number}
    return {
        "userId": f"t-{number}",
        "messageId": f"t-{number}:2:absence:lapsed",
        "type": "timer",
        "event": "Timer Fired",
        "properties": told,
    }


class Watch:
    """Notes when which entries of the log could be read."""

    def __init__(self, written: Written) -> None:
        """Begin to watch."""
        self._written = written
        self._over = Signal()
        self._instants: list[Instant] = []
        self._heads: list[int] = []
        self._thread = Thread(target=self._look)
        self._thread.start()

    def _look(self) -> None:
        while not self._over.wait(0.01):
            self._heads.append(self._written.ask("SELECT coalesce(max(sequence), 0) FROM event"))
            self._instants.append(now())

    def seen(self, sequence: int) -> Instant:
        """Return when an entry could be read."""
        return self._instants[min(bisect_left(self._heads, sequence), len(self._instants) - 1)]

    def close(self) -> None:
        """End it."""
        self._over.set()
        self._thread.join()


def lateness(folder: Path, asked: argparse.Namespace) -> list[list[str]]:
    """Let timers fall due, by turns without events and with them; return the rows of the table."""
    product, key = product_in(folder, "pending")
    product.take(orders("p", asked.pending, now() - _HOUR, 0))
    windows = 2 * asked.runs
    first = now() + asked.lead * MICROSECONDS
    gap = MICROSECONDS // asked.due
    product.take(orders("d", asked.due * asked.seconds * windows, first - _DAY - SETTLE, gap))
    written = Written(product.url)
    with product.serving() as server:
        if now() > first:
            raise RuntimeError(f"not ready {asked.lead} s ahead of the first timer; say a longer --lead")
        watch = Watch(written)
        starts = [first + at * asked.seconds * MICROSECONDS for at in range(windows)]
        for start in starts[1::2]:
            time.sleep(max(0, start - now()) / MICROSECONDS)
            _events(server.ports, key, asked, start)
        time.sleep(max(0, starts[-1] - now()) / MICROSECONDS + asked.seconds + 3)
        watch.close()
    late = [_late(written, watch, start, start + asked.seconds * MICROSECONDS) for start in starts]
    written.close()
    return [
        [f"{asked.pending:,}", name, *(_at(late[which::2], part) for part in (0.5, 0.99, 1))]
        for name, which in (("no events", 0), (f"{asked.rate:,} events/s", 1))
    ]


def _events(ports: list[int], key: str, asked: argparse.Namespace, start: Instant) -> None:
    plan = Plan(
        ports=ports,
        key=key,
        run=f"run-{start}",
        connections=8,
        batch=100,
        events=asked.rate * asked.seconds,
        seconds=asked.seconds,
        members=20_000,
        seed=start % 1000,
        rate=asked.rate,
    )
    put(plan)


def _late(written: Written, watch: Watch, start: Instant, end: Instant) -> list[float]:
    """Return by how many milliseconds the timers of a window were late, sorted."""
    query = f"SELECT sequence, as_of FROM event WHERE kind = 'timer' AND as_of >= {start} AND as_of < {end}"  # noqa: S608
    return sorted((watch.seen(sequence) - as_of) / 1000 for sequence, as_of in written.rows(query))


def _at(windows: Sequence[Sequence[float]], part: float) -> str:
    return spread([late[min(len(late) - 1, int(part * len(late)))] for late in windows])


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--timers", type=int, default=100_000, help="overdue at once")
    parser.add_argument("--pending", type=int, default=100_000, help="pending while others fall due")
    parser.add_argument("--due", type=int, default=1_000, help="falling due a second")
    parser.add_argument("--rate", type=int, default=1_000, help="events a second meanwhile")
    parser.add_argument("--seconds", type=int, default=10, help="seconds of a window")
    parser.add_argument("--lead", type=int, default=120, help="seconds for getting ready")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="where databases are put")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as name:
        folder = Path(name)
        headings = ["timers due at once", "fired/s", "bare rows/s", "ours/bare"]
        show(headings, [throughput(folder, asked.timers, asked.runs)])
        headings = ["timers pending", "meanwhile", "late p50 ms", "p99 ms", "at most ms"]
        show(headings, lateness(folder, asked))


if __name__ == "__main__":
    main()
