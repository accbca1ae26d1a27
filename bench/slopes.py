"""How the cost of an event grows with the rules, with the members, and with one member's history.

    python -m bench.slopes [--rules 10,100,1000,5000] [--members 1000,10000,100000]
                           [--history 10,100,1000,10000] [--runs 5]

Rules and history are measured without a server: one core decides and folds in; for the history the
member's row is decoded before and encoded after, too. Members are measured end to end, in batches of 100
events on SQLite, as processor time of the server. What is measured beside it, in the same run, is the
bare fold (encode, chain) or the bare pipeline. The last row is the slope: the exponent of the growth, 0
for none and 1 for in proportion.
"""

import argparse
import gc
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from math import log
from pathlib import Path
from statistics import linear_regression, median

from bench.deciding import bare
from bench.figures import numbers, ratio, show, spread
from bench.folding import EPOCH, Book, story
from bench.serving import Databases, targets
from engine.matching import MATCHINGS, MatcherName
from engine.state import pack, unpack

_RULES = 200
_NEXT = 50


def of_rules(rules: int, asked: argparse.Namespace) -> tuple[list[float], list[float]]:
    """Return microseconds an event with so many rules, ours and bare, for each run."""
    events = story(asked.events, asked.events // 10, EPOCH)
    book = Book(rules, asked.matcher)
    joined = book.joined(asked.events // 10, EPOCH)
    ours: list[float] = []
    others: list[float] = []
    for _ in range(asked.runs):
        others.append(1e6 / bare(events))
        states = dict(joined)
        gc.collect()
        start = time.perf_counter()
        book.fold(events, states)
        ours.append((time.perf_counter() - start) / len(events) * 1e6)
    book.close()
    return ours, others


def of_history(
    lengths: Sequence[int], matcher: MatcherName, runs: int
) -> list[tuple[list[float], list[float]]]:
    """Return microseconds an event behind so long a history, ours and bare, for each length and run."""
    book = Book(_RULES, matcher)
    states = book.joined(1, EPOCH)
    events = story(max(lengths) + _NEXT, 1, EPOCH)
    member = events[0].member
    found: list[tuple[list[float], list[float]]] = []
    done = 0
    for length in sorted(lengths):
        book.fold(events[done:length], states)
        done = length
        some = events[length : length + _NEXT]
        ours: list[float] = []
        others: list[float] = []
        for _ in range(runs):
            row = pack(states[member])
            start = time.perf_counter()
            for one in some:
                again = {member: unpack(row)}
                book.fold([one], again)
                row = pack(again[member])
            ours.append((time.perf_counter() - start) / len(some) * 1e6)
            others.append(1e6 / bare(some))
        found.append((ours, others))
    book.close()
    return found


def of_members(counts: Sequence[int], asked: argparse.Namespace) -> list[tuple[list[float], list[float]]]:
    """Return microseconds of the servers' processors for an event among so many members."""
    found: list[tuple[list[float], list[float]]] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=asked.folder)))
        databases = Databases("sqlite", folder, stack)
        for members in counts:
            with targets(databases.product(), databases.product(), rules=_RULES, members=members) as sides:
                runs = [
                    [
                        side.send(
                            batch=100, connections=4, events=asked.events, members=members, seed=run
                        ).each
                        for side in sides
                    ]
                    for run in range(asked.runs)
                ]
            found.append(([run[0] for run in runs], [run[1] for run in runs]))
    return found


def table(name: str, sizes: Sequence[int], measured: Sequence[tuple[list[float], list[float]]]) -> None:
    """Print what was measured of each size, and the slopes."""
    rows = [
        [f"{size:,}", spread(ours, 1), spread(others, 1), ratio(ours, others)]
        for size, (ours, others) in zip(sizes, measured, strict=True)
    ]
    slopes = [slope(sizes, [median(pair[side]) for pair in measured]) for side in range(2)]
    show([name, "µs/event", "bare µs/event", "ours/bare"], [*rows, ["slope", *slopes, ""]])


def slope(sizes: Sequence[int], costs: Sequence[float]) -> str:
    """Return the exponent with which costs grow."""
    if len(sizes) == 1:
        return "-"
    return f"{linear_regression(list(map(log, sizes)), list(map(log, costs))).slope:.2f}"


def main() -> None:
    """Print the three tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rules", type=numbers, default="10,100,1000,5000")
    parser.add_argument("--members", type=numbers, default="1000,10000,100000")
    parser.add_argument("--history", type=numbers, default="10,100,1000,10000")
    parser.add_argument("--events", type=int, default=5_000, help="events of a run")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--matcher", choices=list(MATCHINGS), default="durable-rules")
    parser.add_argument("--folder", type=Path, help="where databases are put")
    asked = parser.parse_args()
    gc.set_threshold(100_000, 20, 20)  # as the product runs
    table("rules", asked.rules, [of_rules(rules, asked) for rules in asked.rules])
    table("events of the member", asked.history, of_history(asked.history, asked.matcher, asked.runs))
    table("members", asked.members, of_members(asked.members, asked))


if __name__ == "__main__":
    main()
