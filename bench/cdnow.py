"""How fast real purchases are imported, decided and replayed: `python bench/cdnow.py FILE [CUSTOMERS]`.

FILE is the CDNOW history (customer, day, number, amount a line). The import runs as people run it, in a
process of its own, with decisions, coupons and the chain committed on SQLite. Beside it, in the same run,
a bare pipeline parses the same bodies and inserts the same number of rows with the same commits and
nothing else; the ratio says what deciding costs.
"""

import json
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
RULES = [ROOT / "rule_library" / f"{key}.rule.json" for key in ("win-back-90d", "win-back-return")]
UNTIL = "1998-06-30T12:00:00Z"
BATCH = 500


def calls(history: Path, customers: int) -> Iterator[str]:
    """Yield each purchase of the first customers as one Segment call."""
    for line in history.read_text(encoding="ascii").splitlines():
        customer, day, number, amount = line.split()
        if int(customer) > customers:
            return
        yield (
            f'{{"type":"track","userId":"{customer}","event":"Order Completed",'
            f'"timestamp":"{day[:4]}-{day[4:6]}-{day[6:]}T12:00:00Z",'
            f'"properties":{{"total":{amount},"quantity":{number},"currency":"USD"}}}}\n'
        )


def timed(folder: Path, *arguments: str | Path) -> tuple[float, str]:
    """Run a command of the product; return seconds and what it printed."""
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{folder}/bench.db"}
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, ROOT / "main.py", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return time.perf_counter() - start, done.stdout


def bare(folder: Path, file: Path, rows: int) -> float:
    """Parse every line and insert as many rows, 500 a commit; return seconds."""
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE entry (sequence INTEGER PRIMARY KEY, member TEXT, body BLOB)")
    lines = file.read_bytes().splitlines()
    start = time.perf_counter()
    for first in range(0, rows, BATCH):
        some = [lines[place % len(lines)] for place in range(first, min(first + BATCH, rows))]
        connection.execute("BEGIN IMMEDIATE")
        inserted = [(json.loads(line)["userId"], line) for line in some]
        connection.executemany("INSERT INTO entry (member, body) VALUES (?, ?)", inserted)
        connection.execute("COMMIT")
    taken = time.perf_counter() - start
    connection.close()
    return taken


def main() -> None:
    """Run once and print a table."""
    history, customers = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 10**9
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "cdnow.jsonl"
        file.write_text("".join(calls(history, customers)), encoding="ascii")
        timed(folder, "migrate")
        timed(folder, "define", ROOT / "rule_library" / "definitions.json")
        timed(folder, "publish", *RULES)
        imported, _ = timed(folder, "import", file, "--mode", "as-it-was", "--until", UNTIL)
        importing = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        replayed, told = timed(folder, "replay", "--verify", "--json")
        report: dict[str, Any] = json.loads(told)
        figures: dict[str, Any] = json.loads(timed(folder, "summary", "--json")[1])
        entries = figures["events"] + figures["timers"]
        beside = bare(folder, file, entries)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(f"{'events':24}{figures['events']:>12,}   timers {figures['timers']:,}")
    print(f"{'import, entries/s':24}{entries / imported:>12,.0f}   {imported:.1f} s with start-up")
    print(f"{'bare pipeline, rows/s':24}{entries / beside:>12,.0f}   {beside:.1f} s")
    print(f"{'import / bare':24}{beside / imported:>12.1%}")
    print(f"{'replay, entries/s':24}{report['checked'] / replayed:>12,.0f}   {replayed:.1f} s with start-up")
    print(f"{'divergences':24}{len(report['divergences']):>12}")
    print(f"{'peak RSS, import, MB':24}{importing / 1024:>12,.0f}   all commands {peak / 1024:,.0f}")


if __name__ == "__main__":
    main()
