"""Recency, frequency and money: the edges of fifths over everybody, and members led to their scores.

    python -m bench.rfm [--members 100000] [--scored 20000]
    python -m bench.rfm --members 1000000

Members are written straight into the tables, with their orders of two years in their states; a window of
one year is scored. Beside it, in the same run, the bare driver computes the same figures, edges and fifths
by window functions from the same orders, one row each, in a database of its own; the edges must be equal.
Scores are led through the log, as everything that changes a member: as many as `--scored` says, and bare
SQL writes as many rows of scores.
"""

import argparse
import tempfile
import time
from pathlib import Path
from random import Random
from typing import Final

from api.assembly import Programme
from api.service.statistics import Statistics
from api.service.timers import Timers
from bench.birthdays import Moving
from bench.figures import show
from bench.members import fill, programme, url_in
from bench.raw import Raw
from engine.index import Index
from engine.language.definitions import Definitions
from engine.schedule import DAY
from engine.state import MemberState, Past
from engine.values import Instant, parse_instant

_DEFINED: Final = {
    "scores": [{"key": "year", "name": {"en": "A year"}, "within": {"days": 365}, "property": "total"}]
}
_NOW: Final = parse_instant("2026-11-01T00:00:00Z")
_HOURS: Final = 2 * 3_600 * 1_000_000
_WINDOW: Final = 365 * DAY
_FIGURES: Final = (
    "SELECT member, (? - max(at)) / 86400000000 AS recency, count(*) AS frequency, sum(total) AS monetary "
    "FROM bought WHERE at > ? AND at <= ? GROUP BY member"
)
_EDGES: Final = (
    "SELECT {0} FROM "
    "(SELECT {0}, row_number() OVER (ORDER BY {0}) AS place, count(*) OVER () AS n FROM figures) "
    "WHERE place IN ((n + 4) / 5, (2 * n + 4) / 5, (3 * n + 4) / 5, (4 * n + 4) / 5) ORDER BY place"
)
_SCORES: Final = (
    "INSERT INTO scored SELECT member, 5 - {}, 1 + {}, 1 + {} FROM figures ORDER BY member LIMIT ?"
)
_BEHIND: Final = "SELECT 1 FROM member WHERE held_by IS NULL AND revision BETWEEN 0 AND ? LIMIT 1"
_NEWEST: Final = "SELECT coalesce(max(sequence), 0) FROM event"
"""The timers are all that is in the log."""


class Buyers:
    """Makes members, and keeps their orders for the bare driver."""

    def __init__(self, raw: Raw) -> None:
        """Make the table of orders."""
        self._raw = raw
        raw.ask("CREATE TABLE bought (member TEXT, at INTEGER, total INTEGER)")
        self._orders: list[tuple[str, int, int]] = []

    def made(self, number: int, chance: Random, index: Index, now: Instant) -> MemberState:
        """Return a member with some orders of the last two years, in the series that the score reads."""
        key = f"m-{number}"
        count = chance.choice([1, 1, 2, 3, 5, 8])
        at = sorted(now - chance.randrange(1, 730 * DAY) for _ in range(count))
        totals = [chance.randrange(100, 100_000) for _ in at]
        self._orders += [(key, *one) for one in zip(at, totals, strict=True)]
        if len(self._orders) > 50_000:
            self.write()
        past = {
            name: Past(count, at[0], at[-1], 1, 0 if one.property is None else sum(totals), at, totals)
            for name, one in index.rules.series.items()
            if one.event == "Order Completed"
        }
        return MemberState(
            member=key,
            sequence=1,
            as_of=at[-1],
            joined_at=at[0],
            joined_revision=1,
            zone="Asia/Shanghai",
            tracked=index.tracked,
            past=past,
        )

    def write(self) -> None:
        """Write the orders that are kept."""
        with self._raw.transaction():
            self._raw.add("bought", ["member", "at", "total"], self._orders)
        self._orders = []


def bare_edges(raw: Raw, now: Instant) -> dict[str, list[str]]:
    """Return the edges by SQL alone, from the orders."""
    raw.ask("DROP TABLE IF EXISTS figures")
    raw.ask(f"CREATE TEMP TABLE figures AS {_FIGURES}", (now, now - _WINDOW, now))
    names = ("recency", "frequency", "monetary")
    return {name: [str(edge) for (edge,) in raw.ask(_EDGES.format(name))] for name in names}


def bare_scores(raw: Raw, edges: dict[str, list[str]], count: int) -> float:
    """Write as many members' scores by SQL alone; return how long it took."""
    raw.ask("CREATE TABLE scored (member TEXT PRIMARY KEY, r INTEGER, f INTEGER, m INTEGER) WITHOUT ROWID")
    places = ["(" + " + ".join(f"({name} > {edge})" for edge in one) + ")" for name, one in edges.items()]
    start = time.perf_counter()
    with raw.transaction():
        raw.ask(_SCORES.format(*places), (count,))
    return time.perf_counter() - start


def renewed(parts: Programme, timers: Timers, raw: Raw) -> float:
    """Let every clock be derived anew under the newest rule set; return how long it took."""
    start = time.perf_counter()
    while raw.ask(_BEHIND, (parts.services.rulebook.newest - 1,)):
        parts.run(timers.tick)
    return time.perf_counter() - start


def led(parts: Programme, timers: Timers, raw: Raw, wanted: int) -> tuple[int, float]:
    """Let members come to their scores; return how many did, and how long it took."""
    before, start = raw.ask(_NEWEST)[0][0], time.perf_counter()
    while (done := raw.ask(_NEWEST)[0][0] - before) < wanted:
        parts.run(timers.tick)
    return done, time.perf_counter() - start


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--scored", type=int, default=20_000)
    parser.add_argument("--folder", type=Path, help="where the databases are put")
    asked = parser.parse_args()
    clock = Moving(_NOW)
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder, programme(url_in(folder), clock) as parts:
        services = parts.services
        services.definitions.merge(Definitions.model_validate(_DEFINED), by="bench")
        bare = Raw(f"sqlite:///{Path(folder) / 'orders.db'}")
        buyers = Buyers(bare)
        fill(parts, asked.members, buyers.made, count_them=False)
        buyers.write()
        raw = Raw(url_in(folder))
        timers = Timers(services.rulebook, parts.sources, clock)
        renewed(parts, timers, raw)
        statistics = Statistics(parts.database, services.rulebook, services.publish, clock)
        start = time.perf_counter()
        edges = statistics.edges()["year"]
        ours = time.perf_counter() - start
        start = time.perf_counter()
        expected = bare_edges(bare, clock.instant)
        by_hand = time.perf_counter() - start
        assert edges == expected, (edges, expected)
        statistics.publish(by="bench")
        anew = renewed(parts, timers, raw)
        clock.instant += _HOURS
        done, seconds = led(parts, timers, raw, min(asked.scored, asked.members // 2))
        written = bare_scores(bare, edges, done)
        raw.close()
        bare.close()
        print(f"{asked.members:,} members")
        rows = [
            ["edges of fifths over all", f"{ours:.2f}", f"{by_hand:.3f}", f"{ours / by_hand:.1f}"],
            ["every clock anew, once the edges are published", f"{anew:.2f}", "", ""],
            [
                f"{done:,} members to their scores",
                f"{seconds:.2f}",
                f"{written:.3f}",
                f"{seconds / written:.0f}",
            ],
        ]
        show(["step", "seconds", "bare SQL", "ours/bare"], rows)


if __name__ == "__main__":
    main()
