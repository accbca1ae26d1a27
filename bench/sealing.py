"""Sealing: what it takes from ingest. Two servers take the same events in turn; one seals, the other doesn't.

    python -m bench.sealing [--every 1] [--events 20000] [--runs 5] [--store sqlite|postgresql]

The one looks for entries to be sealed every so many seconds (`REGULARS_SEAL_EVERY`, by default 10; the bench
asks more of it), so that sealing runs while events are taken in, and has to keep up with them.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from bench import workload
from bench.figures import ratio, show, spread
from bench.processes import Product
from bench.serving import WARM_UP, Databases, Measured, Target

_NEVER: Final = "86400"
_SETTING: Final = "REGULARS_SEAL_EVERY"


@contextmanager
def sealing(product: Product, every: str, members: int, rules: int) -> Iterator[Target]:
    """Serve a database with some rules; what is new is sealed every so many seconds."""
    key = product.prepare(workload.documents(rules))
    os.environ[_SETTING] = every
    with product.serving() as server:
        target = Target(server, key)
        target.fill(members)
        target.send(batch=100, connections=4, events=WARM_UP, members=members)
        yield target


def taken(side: Target, run: int, asked: argparse.Namespace) -> Measured:
    """Send the events of one run."""
    return side.send(
        batch=asked.batch, connections=asked.connections, events=asked.events, members=asked.members, seed=run
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--every", default="1", help="seconds between two looks of the one that seals")
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--members", type=int, default=5_000)
    parser.add_argument("--rules", type=int, default=20)
    parser.add_argument("--batch", type=int, default=100)
    parser.add_argument("--connections", type=int, default=4)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--store", choices=["sqlite", "postgresql"], default="sqlite")
    asked = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        databases = Databases(asked.store, folder, stack)
        products = [databases.product(), databases.product()]
        sides = [
            stack.enter_context(sealing(product, every, asked.members, asked.rules))
            for product, every in zip(products, (asked.every, _NEVER), strict=True)
        ]
        runs = [[taken(side, run, asked) for side in sides] for run in range(asked.runs)]
        time.sleep(2 * float(asked.every))  # what is new is sealed by then
        left = products[0].run("verify").splitlines()[0]
    with_it, without = ([run[at] for run in runs] for at in range(2))
    rates = [[one.load.rate for one in side] for side in (with_it, without)]
    each = [[one.each for one in side] for side in (with_it, without)]
    show(
        ["", "sealing", "not sealing", "ratio"],
        [
            ["events/s", spread(rates[0]), spread(rates[1]), ratio(*rates)],
            ["CPU µs/event", spread(each[0]), spread(each[1]), ratio(*each)],
        ],
    )
    print(left)


if __name__ == "__main__":
    main()
