"""A member's balance as of any instant, when its ledger is long.

    python -m bench.balance [--entries 10000] [--connections 1,16] [--asks 500] [--runs 5]

The member earns and spends by turns for a year, evenly, so that it has so many entries; others have an
order each. Its ledger is asked for over HTTP as of instants drawn over the year, in one unit or in all;
an answer holds the balances and a page of postings. Beside it, in turn with it, the bare driver sums up
the member's account from the same database as of the same instants, by one statement on one connection.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import Final
from urllib.parse import quote

import orjson

from bench import workload
from bench.chains import Chains, Step, Taken, put
from bench.figures import numbers, ratio, show, spread
from bench.loyalty import EARNED, SCOPES, SPENT, definitions, now, orders, rule
from bench.processes import Product, Server
from bench.raw import Raw
from bench.serving import Databases
from engine.values import MICROSECONDS, Instant, instant_text

_DAY: Final = 86_400 * MICROSECONDS
_YEAR: Final = 360 * _DAY
_AMOUNT: Final = 100
_MEMBER: Final = "regular"
_ACCOUNT: Final = f"member:{_MEMBER}:points"
_OTHERS: Final = 1_000
_RULES: Final = (
    rule("bench-earn", EARNED, {"type": "award_points", "points": _AMOUNT}),
    rule("bench-spend", SPENT, {"type": "spend_points", "points": _AMOUNT}),
)
_SUM: Final = (
    "SELECT (SELECT coalesce(sum(amount), 0) FROM ledger_entry WHERE credit = ? AND as_of <= ?)"
    " - (SELECT coalesce(sum(amount), 0) FROM ledger_entry WHERE debit = ? AND as_of <= ?)"
)
_HEADINGS: Final = (
    "entries", "asked for", "connections", "a second", "p50 ms", "p99 ms", "bare a second", "bare p50 ms",
    "bare p99 ms", "ours/bare",
)  # fmt: skip


def life(entries: int, first: Instant) -> Iterator[bytes]:
    """Yield lines of history after which a member has so many entries: it earns, then spends it."""
    for number in range(entries):
        line: workload.Json = {
            "type": "track",
            "userId": _MEMBER,
            "event": SPENT if number % 2 else EARNED,
            "timestamp": instant_text(first + _YEAR * number // entries),
            "properties": {},
        }
        yield orjson.dumps(line) + b"\n"


class Asking:
    """Asks a server, and the database itself, as of instants that are drawn."""

    def __init__(self, server: Server, key: str, raw: Raw, first: Instant) -> None:
        """Ask about the year that begins at an instant."""
        self._server = server
        self._key = key
        self._raw = raw
        self._first = first
        self._random = Random(workload.SEED)  # noqa: S311  a repeatable mix, no secret

    def instants(self, count: int) -> list[tuple[Instant, int]]:
        """Return instants, each with the balance there was."""
        drawn = [self._first + self._random.randrange(_YEAR) for _ in range(count)]
        return [(one, self._balance(one)) for one in drawn]

    def served(self, instants: list[tuple[Instant, int]], connections: int, unit: str) -> Taken:
        """Ask the server, and require it to say the balance that the database says."""
        path = f"/v1/members/{_MEMBER}/ledger?{unit}as_of="
        chains = [
            [Step("ledger", path + quote(instant_text(one)), f'"unit":"points","available":{balance},')]
            for one, balance in instants
        ]
        return put(Chains(ports=self._server.ports, key=self._key, connections=connections, chains=chains))

    def bare(self, instants: list[tuple[Instant, int]]) -> Taken:
        """Ask the database."""
        latencies: list[float] = []
        for one, _ in instants:
            start = time.perf_counter()
            self._balance(one)
            latencies.append((time.perf_counter() - start) * 1000)
        seconds = sum(latencies) / 1000
        return Taken(chains=len(latencies), seconds=seconds, latencies={"whole": sorted(latencies)})

    def _balance(self, instant: Instant) -> int:
        ((balance,),) = self._raw.ask(_SUM, (_ACCOUNT, instant, _ACCOUNT, instant))
        return int(balance)


def row(asking: Asking, connections: int, unit: str, asked: argparse.Namespace) -> list[str]:
    """Measure one setting, the two in turn, and return its row of the table."""
    ours: list[Taken] = []
    others: list[Taken] = []
    for _ in range(asked.runs):
        instants = asking.instants(asked.asks)
        ours.append(asking.served(instants, connections, unit))
        others.append(asking.bare(instants))
    rates, bare = [one.rate for one in ours], [one.rate for one in others]
    return [
        f"{asked.entries:,}",
        "one unit" if unit else "all units",
        str(connections),
        spread(rates),
        *(spread([one.latency(part) for one in ours], 1) for part in (0.5, 0.99)),
        spread(bare),
        *(spread([one.latency(part) for one in others], 2) for part in (0.5, 0.99)),
        ratio(rates, bare, 3),
    ]


def prepared(product: Product, asked: argparse.Namespace, first: Instant) -> str:
    """Let the members live; return a key."""
    key = product.prepare(_RULES, definitions(), SCOPES)
    product.take(life(asked.entries, first))
    product.take(orders(_OTHERS, 1, now() - 2 * _DAY, now() - _DAY))
    return key


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--entries", type=int, default=10_000, help="of the member's ledger")
    parser.add_argument("--connections", type=numbers, default="1,16")
    parser.add_argument("--asks", type=int, default=500, help="of a run")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--store", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--folder", type=Path, help="where databases are put")
    asked = parser.parse_args()
    print(f"{asked.store}, {os.cpu_count()} cores", flush=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=asked.folder)))
        product = Databases(asked.store, folder, stack).product()
        first = now() - _YEAR - _DAY
        key = prepared(product, asked, first)
        raw = Raw(product.url)
        assert raw.ask("SELECT count(*) FROM ledger_entry WHERE member = ?", (_MEMBER,)) == [(asked.entries,)]
        with product.serving() as server:
            asking = Asking(server, key, raw, first)
            settings = [(unit, one) for unit in ("unit=points&", "") for one in asked.connections]
            show(_HEADINGS, [row(asking, one, unit, asked) for unit, one in settings])
        raw.close()


if __name__ == "__main__":
    main()
