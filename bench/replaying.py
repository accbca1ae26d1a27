"""Replay: how fast a log is decided again and compared with everything that was recorded.

    python -m bench.replaying [--events 50000] [--members 2500] [--rules 20,200] [--runs 5]

A year of events is imported, then `main.py replay --verify` runs over it, in a process of its own. The
time that a replay of one member takes (the program starts, reads the rules, makes the networks) is
measured, too, and taken off. Beside it, in the same run, the bare parse: the same rows of the log and of
the decisions are read in the same order, and their JSON is decoded.
"""

import argparse
import sqlite3
import tempfile
import time
from pathlib import Path
from statistics import median

import orjson

from bench import workload
from bench.figures import numbers, ratio, show, spread
from bench.processes import Product
from engine.values import MICROSECONDS, Instant

_START: Instant = 1_760_000_000 * MICROSECONDS
_YEAR: Instant = 365 * 86_400 * MICROSECONDS
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


def replayed(product: Product, *arguments: str) -> tuple[float, int]:
    """Replay; return the seconds and how many entries were checked."""
    start = time.perf_counter()
    told = product.run("replay", "--verify", "--json", *arguments)
    taken = time.perf_counter() - start
    return taken, orjson.loads(told)["checked"]


def row(folder: Path, rules: int, asked: argparse.Namespace) -> list[str]:
    """Return one row of the table."""
    inside = folder / str(rules)
    inside.mkdir()
    file = inside / "bench.db"
    product = Product(f"sqlite:///{file}", inside)
    product.prepare(workload.documents(rules))
    product.take(workload.history(asked.events, asked.members, _START, _START + _YEAR))
    one = ("--member", workload.member(0))
    starts: list[float] = []
    whole: list[float] = []
    others: list[float] = []
    checked = 0
    for _ in range(asked.runs):
        starts.append(replayed(product, *one)[0])
        taken, checked = replayed(product)
        whole.append(taken)
        others.append(checked / bare(file))
    start = median(starts)
    if min(whole) <= start:
        raise RuntimeError("the log is too short to be told from the start; say more --events")
    ours = [checked / (taken - start) for taken in whole]
    return [str(rules), f"{checked:,}", spread(ours), spread(starts, 1), spread(others), ratio(ours, others)]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rules", type=numbers, default="20,200")
    parser.add_argument("--events", type=int, default=50_000)
    parser.add_argument("--members", type=int, default=2_500)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="where databases are put")
    asked = parser.parse_args()
    headings = ["rules", "entries", "replayed/s", "start s", "bare parse, entries/s", "ours/bare"]
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        show(headings, [row(Path(folder), rules, asked) for rules in asked.rules])


if __name__ == "__main__":
    main()
