"""Back-tests: how fast a log is decided under another rule set, on one process and on two.

    python -m bench.backtesting [--events 100000] [--members 10000] [--rules 100] [--processes 1,2] [--runs 3]

A year of events is imported under rules. Then `main.py backtest` decides the whole log with one of them
changed and all others as they are, `--processes` at a time, and in the same run `main.py replay` decides
it as it was, on one process. What each takes to start is in it: a longer log tells the rate better. Beside
each row stands the most memory that any of its processes had, as the kernel counts it.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

import orjson

from bench import workload
from bench.figures import numbers, ratio, show, spread
from bench.processes import ROOT, Product
from engine.values import MICROSECONDS, Instant

_START: Final[Instant] = 1_760_000_000 * MICROSECONDS
_YEAR: Final[Instant] = 365 * 86_400 * MICROSECONDS
_KILOBYTE: Final = 1024
_MEASURED: Final = (
    "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True); "
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)"
)


def measured(product: Product, *arguments: str | Path) -> tuple[float, int, float]:
    """Run a command that prints JSON; return the seconds, the entries it checked, and megabytes at most."""
    command = [sys.executable, "-c", _MEASURED, sys.executable, str(ROOT / "main.py"), *map(str, arguments)]
    start = time.perf_counter()
    done = subprocess.run(
        command, env=product.environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    taken = time.perf_counter() - start
    memory = int(done.stderr.split()[-1]) / _KILOBYTE
    return taken, orjson.loads(done.stdout)["checked"], memory


def rows(folder: Path, asked: argparse.Namespace) -> list[list[str]]:
    """Return the rows of the table."""
    product = Product(f"sqlite:///{folder}/bench.db", folder)
    documents = workload.documents(asked.rules)
    product.prepare(documents)
    product.take(workload.history(asked.events, asked.members, _START, _START + _YEAR))
    draft = folder / "draft.rule.json"
    draft.write_bytes(orjson.dumps(documents[0] | {"then": [{"type": "award_points", "points": 3}]}))
    replays: list[float] = []
    memory = 0.0
    for _ in range(asked.runs):
        taken, checked, memory = measured(product, "replay", "--json", "--processes", "1")
        replays.append(checked / taken)
    found = [["replay", "1", spread(replays), "1", f"{memory:,.0f}"]]
    for processes in asked.processes:
        ours: list[float] = []
        for _ in range(asked.runs):
            taken, checked, memory = measured(
                product, "backtest", draft, "--json", "--processes", str(processes)
            )
            ours.append(checked / taken)
        found.append(["back-test", str(processes), spread(ours), ratio(ours, replays), f"{memory:,.0f}"])
    return found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--members", type=int, default=10_000)
    parser.add_argument("--rules", type=int, default=100)
    parser.add_argument("--processes", type=numbers, default="1,2")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where the database is put")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        show(["what", "processes", "entries/s", "of a replay", "MB at most"], rows(Path(folder), asked))


if __name__ == "__main__":
    main()
