"""Lots of points that expire on one day: how many a second the server lets go.

    python -m bench.expiry [--lots 100000] [--runs 5]
    python -m bench.expiry --lots 1000000 --runs 1

Each lot is of a member of its own, from an order of the day before, and all of them are due when the
server starts. Each run begins with a copy of the same database. Beside it the bare driver writes the rows
that the product wrote into another copy, in as many transactions.
"""

import argparse
import os
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from bench import workload
from bench.figures import ratio, show, spread
from bench.loyalty import SCOPES, STAMPS, definitions, now, orders, rule
from bench.processes import Product
from bench.raw import Raw
from bench.serving import Databases
from bench.twin import Twin
from engine.values import MICROSECONDS, Instant

_HOUR: Final = 3_600 * MICROSECONDS
_DAY: Final = 24 * _HOUR
_LOT: Final = 5
_EARN: Final = rule(
    "bench-stamps", "Order Completed", {"type": "award_points", "points": _LOT, "unit": STAMPS}
)
_LAST: Final = "SELECT coalesce(max(sequence), 0) FROM event"
_SPAN: Final = "SELECT min(recorded_at), max(recorded_at) FROM event WHERE sequence > ?"
_EXPIRED: Final = "SELECT count(*), coalesce(sum(amount), 0) FROM ledger_entry WHERE credit = ?"
_HEADINGS: Final = ("lots due at once", "expired/s", "bare rows/s", "ours/bare")


def expire(product: Product, lots: int) -> float:
    """Let all lots expire; return how many a second."""
    raw = Raw(product.url)
    ((before,),) = raw.ask(_LAST)
    with product.serving():
        while raw.ask(_LAST)[0][0] < before + lots:
            time.sleep(0.2)
    ((first, last),) = raw.ask(_SPAN, (before,))
    expired = raw.ask(_EXPIRED, (f"programme:{STAMPS}:expired",))
    raw.close()
    assert expired == [(lots, lots * _LOT)], expired
    span: Instant = max(1, last - first)
    return lots / span * MICROSECONDS


def rows(databases: Databases, asked: argparse.Namespace) -> list[list[str]]:
    """Measure it, and return the row of the table."""
    base = databases.product()
    base.prepare([*workload.documents(asked.rules), _EARN], definitions(), SCOPES)
    base.take(orders(asked.lots, 1, now() - _DAY - _HOUR, now() - _DAY - _HOUR // 2))
    ours: list[float] = []
    others: list[float] = []
    for _ in range(asked.runs):
        product, copy = databases.copy(base), databases.copy(base)
        twin = Twin(product.url, copy.url)
        ours.append(expire(product, asked.lots))
        others.append(asked.lots / twin.repeat().seconds)
        twin.check()
        twin.close()
        databases.drop(product)
        databases.drop(copy)
    return [[f"{asked.lots:,}", spread(ours), spread(others), ratio(ours, others)]]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--lots", type=int, default=100_000, help="and as many members")
    parser.add_argument("--rules", type=int, default=20, help="in force beside the one that awards")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--store", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--folder", type=Path, help="where databases are put")
    asked = parser.parse_args()
    print(f"{asked.store}, {os.cpu_count()} cores", flush=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=asked.folder)))
        show(_HEADINGS, rows(Databases(asked.store, folder, stack), asked))


if __name__ == "__main__":
    main()
