"""Replay: how fast a log is decided again and compared with everything that was recorded.

    python -m bench.replaying [--events 50000] [--members 2500] [--rules 20,200] [--processes 1,2] [--runs 5]
    python -m bench.replaying --events 1000000 --members 100000 --rules 100 --runs 1   (the full size, hours)

A year of events is imported, then `main.py replay --verify` runs over it, in a process of its own. The
time that a replay of one member takes (the program starts, reads the rules, makes the networks) is
measured, too, and taken off. Memory is the most that one of its processes had. Beside it, in the same
run, the bare parse: the same rows of the log and of the decisions are read in the same order, and their
JSON is decoded.
"""

import argparse
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple

import orjson

from bench import workload
from bench.figures import numbers, ratio, show, spread
from bench.processes import ROOT, Product
from engine.values import MICROSECONDS, Instant

_START: Instant = 1_760_000_000 * MICROSECONDS
_YEAR: Instant = 365 * 86_400 * MICROSECONDS
_KILOBYTE: Final = 1024
_ENTRIES = (
    "SELECT event.*, decision.body FROM event LEFT JOIN decision USING (sequence) "
    "ORDER BY event.member, event.member_sequence"
)


def bare(file: Path) -> float:
    """Read and decode every entry; return the seconds."""
    connection = sqlite3.connect(file)
    connection.row_factory = sqlite3.Row
    start = time.perf_counter()
    for row in connection.execute(_ENTRIES):
        orjson.loads(row["properties"])
        if row["body"] is not None:
            orjson.loads(row["body"])
    taken = time.perf_counter() - start
    connection.close()
    return taken


class Replayed(NamedTuple):
    """What a replay took.

    Attributes:
        seconds: How long.
        checked: How many entries were checked.
        megabytes: The most that one of its processes had in memory.
    """

    seconds: float
    checked: int
    megabytes: float


def replayed(product: Product, *arguments: str) -> Replayed:
    """Replay, and measure it."""
    report = product.folder / "report.json"
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, ROOT / "main.py", "replay", "--verify", "--report", report, *arguments],
        env={**os.environ, "DATABASE_URL": product.url, "REGULARS_SECRET": "s" * 32},
        stdout=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    taken = time.perf_counter() - start
    assert process.returncode == 0, "the replay found a difference"
    return Replayed(taken, orjson.loads(report.read_bytes())["checked"], used.ru_maxrss / _KILOBYTE)


def rows(folder: Path, rules: int, asked: argparse.Namespace) -> Iterator[list[str]]:
    """Yield the rows of the table for so many rules: one for each number of processes."""
    inside = folder / str(rules)
    inside.mkdir()
    file = inside / "bench.db"
    product = Product(f"sqlite:///{file}", inside)
    product.prepare(workload.documents(rules))
    product.take(workload.history(asked.events, asked.members, _START, _START + _YEAR))
    for processes in asked.processes:
        one = [replayed(product, "--member", workload.member(0)).seconds for _ in range(asked.runs)]
        whole: list[Replayed] = []
        others: list[float] = []
        for _ in range(asked.runs):
            whole.append(replayed(product, "--processes", str(processes)))
            others.append(whole[-1].checked / bare(file))
        start = median(one)
        if min(taken.seconds for taken in whole) <= start:
            raise RuntimeError("the log is too short to be told from the start; say more --events")
        ours = [taken.checked / (taken.seconds - start) / processes for taken in whole]
        most = max(taken.megabytes for taken in whole)
        yield [
            str(rules),
            str(processes),
            f"{whole[0].checked:,}",
            spread(ours),
            f"{most:,.0f}",
            spread(one, 1),
            spread(others),
            ratio(ours, others),
        ]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rules", type=numbers, default="20,200")
    parser.add_argument("--processes", type=numbers, default="1,2")
    parser.add_argument("--events", type=int, default=50_000)
    parser.add_argument("--members", type=int, default=2_500)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="where databases are put")
    asked = parser.parse_args()
    headings = ["rules", "processes", "entries", "replayed/s a process", "MB at most", "start s"]
    headings += ["bare parse, entries/s", "ours/bare"]
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        show(headings, [row for rules in asked.rules for row in rows(Path(folder), rules, asked)])


if __name__ == "__main__":
    main()
