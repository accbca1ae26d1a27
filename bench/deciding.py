"""Deciding alone: how many events one core decides and folds in, with no storage and no network.

    python -m bench.deciding [--rules 20,200] [--events 20000] [--members 2000] [--runs 5]
                             [--matcher durable-rules]

Beside it, in the same run, the bare fold: the same events encoded once and chained with SHA-256, with
no rule asked and no state kept. A tenth of the events have an effect.
"""

import argparse
import gc
import time
from collections.abc import Sequence
from hashlib import sha256

from bench.figures import numbers, ratio, show, spread
from bench.folding import EPOCH, Book, story
from engine import canonical
from engine.events import Event
from engine.matching import MATCHINGS, MatcherName


def bare(events: Sequence[Event]) -> float:
    """Encode and chain every event; return events a second."""
    chains: dict[str, str] = {}
    start = time.perf_counter()
    for event in events:
        told = canonical.encode([event.message_id, event.name, event.as_of, event.properties])
        chains[event.member] = sha256(chains.get(event.member, "").encode() + told).hexdigest()
    return len(events) / (time.perf_counter() - start)


def row(rules: int, matcher: MatcherName, events: Sequence[Event], members: int, runs: int) -> list[str]:
    """Return one row of the table."""
    book = Book(rules, matcher)
    joined = book.joined(members, EPOCH)
    ours: list[float] = []
    others: list[float] = []
    effects = 0
    for _ in range(runs):
        others.append(bare(events))
        states = dict(joined)
        gc.collect()
        start = time.perf_counter()
        effects = book.fold(events, states)
        ours.append(len(events) / (time.perf_counter() - start))
    book.close()
    each = [1_000_000 / one for one in ours]
    share = f"{effects / len(events):.1%}"
    return [str(rules), spread(ours), spread(each, 1), spread(others), ratio(ours, others), share]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rules", type=numbers, default="20,200")
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--members", type=int, default=2_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--matcher", choices=list(MATCHINGS), default="durable-rules")
    asked = parser.parse_args()
    gc.set_threshold(100_000, 20, 20)  # as the product runs
    events = story(asked.events, asked.members, EPOCH)
    headings = ["rules", "decided, events/s", "µs/event", "bare fold, events/s", "ratio", "with effects"]
    show(headings, [row(rules, asked.matcher, events, asked.members, asked.runs) for rules in asked.rules])


if __name__ == "__main__":
    main()
