"""A till over HTTP: redemptions (quote, reserve, confirm) and the validation of coupons.

    python -m bench.till [--clients 50,200] [--redemptions 1000] [--runs 5]
    python -m bench.till --store postgresql --processes 2

So many clients work at once, each sending its next request as soon as the last one is answered. A
redemption pays 150 points, of two lots, and uses a coupon; it is acknowledged when it is durable.
Beside it, in turn with it, the bare driver does the same on one connection to a copy of the database: it
reads the member's row for the quote, and writes the rows that the product wrote, in as many transactions.
For a validation it reads the rows of the coupon and the member. Its clients never wait for each other, so
compare how many a second.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

import orjson

from bench import workload
from bench.chains import WHOLE, Chains, Step, Taken, put
from bench.figures import numbers, ratio, show, spread
from bench.loyalty import POINTS, SCOPES, TILL, definitions, now, orders, rule
from bench.processes import Product, Server
from bench.raw import Raw, Row
from bench.serving import Databases
from bench.twin import Entry, Statements, Twin
from engine.events import REDEMPTION_RESERVED
from engine.values import MICROSECONDS

_HOUR: Final = 3_600 * MICROSECONDS
_HELD: Final = _HOUR // 4
_PAID: Final = 150
_ORDERS: Final = 3
_WARM_UP: Final = 200
_STEPS: Final = ("quote", "reserve", "confirm")
_HEADINGS: Final = ("work", "clients", "a second", "p50 ms", "p99 ms", "bare a second", "ours/bare")
_EARN: Final = rule(
    "bench-earn",
    "Order Completed",
    {"type": "award_points", "points": POINTS},
    {"type": "issue_coupon", "coupon": TILL},
)


class Shown(NamedTuple):
    """A coupon that a member brings to a till."""

    member: str
    code: str


class Run(NamedTuple):
    """One run: what the clients saw, and how many the bare driver did a second."""

    taken: Taken
    bare: float


class Till:
    """A server that is measured, and the twin of its database."""

    def __init__(self, server: Server, key: str, twin: Twin, coupons: Sequence[Shown]) -> None:
        """Measure a server.

        Args:
            server: Its processes.
            key: API key.
            twin: Begun where the two were equal.
            coupons: Coupons in the order in which they are used; the last ones stay unused.
        """
        self._server = server
        self._key = key
        self._twin = twin
        self._coupons = coupons
        self._fresh = iter(coupons)
        self.redeemed = 0

    def redeem(self, clients: int, count: int) -> Run:
        """Redeem so many coupons, with points."""
        some = list(islice(self._fresh, count))
        first, self.redeemed = self.redeemed, self.redeemed + len(some)
        chains = [list(_redemption(number, one)) for number, one in enumerate(some, start=first)]
        taken = self._put(clients, chains)
        start = time.perf_counter()
        for one in some:
            self._twin.raw.ask("SELECT state FROM member WHERE key = ?", (one.member,))
        seconds = time.perf_counter() - start
        return Run(taken, count / (seconds + self._twin.repeat().seconds))

    def validate(self, clients: int, count: int) -> Run:
        """Validate coupons, none of which is used."""
        some = self._coupons[-count:]
        taken = self._put(clients, [[_validation(one)] for one in some])
        start = time.perf_counter()
        for one in some:
            self._twin.raw.ask("SELECT * FROM coupon WHERE code = ?", (one.code,))
            self._twin.raw.ask("SELECT state FROM member WHERE key = ?", (one.member,))
        return Run(taken, count / (time.perf_counter() - start))

    def _put(self, clients: int, chains: list[list[Step]]) -> Taken:
        return put(Chains(ports=self._server.ports, key=self._key, connections=clients, chains=chains))


def _redemption(number: int, one: Shown) -> Iterator[Step]:
    redemption = f"r-{number}"
    order = {"order_id": redemption, "total": 80, "currency": "CNY"}
    wish = {"userId": one.member, "order": order, "units": {"points": _PAID}, "coupons": [one.code]}
    yield Step("quote", "/v1/redemptions/quote", '"status":"reserved"', _json(wish))
    asked = {**wish, "redemption": redemption}
    yield Step("reserve", "/v1/redemptions", '"status":"reserved"', _json(asked))
    path = f"/v1/redemptions/{redemption}/confirm"
    yield Step("confirm", path, '"status":"redeemed"', _json({"userId": one.member}))


def _validation(one: Shown) -> Step:
    told = {"code": one.code, "userId": one.member, "order": {"total": 80, "currency": "CNY"}}
    return Step("validate", "/v1/coupons/validate", '"valid":true', _json(told))


def _json(told: workload.Json) -> str:
    return orjson.dumps(told).decode()


class SetAside:
    """What redemptions change beside the rows that name their entries: coupons and holds."""

    def __init__(self) -> None:
        """Begin with nothing set aside."""
        self._codes: dict[str, str] = {}

    def __call__(self, entries: Sequence[Entry]) -> Statements:
        """Return the statements for some entries."""
        reserved: list[Row] = []
        held: list[Row] = []
        confirmed: list[Row] = []
        closed: list[Row] = []
        for one in entries:
            told = orjson.loads(one["properties"])
            redemption = told["redemption"]
            if one["name"] == REDEMPTION_RESERVED:
                (self._codes[redemption],) = told["coupons"]
                held.append((redemption, one["member"], redemption, one["as_of"] + _HELD))
                reserved.append((redemption, redemption, self._codes[redemption]))
            else:
                closed.append((redemption,))
                confirmed.append((one["as_of"], self._codes.pop(redemption)))
        return [
            ("INSERT INTO hold (id, member, order_id, until) VALUES (?, ?, ?, ?)", held),
            ("UPDATE coupon SET state = 'held', order_id = ?, hold = ? WHERE code = ?", reserved),
            ("UPDATE coupon SET state = 'redeemed', ended_at = ?, hold = NULL WHERE code = ?", confirmed),
            ("DELETE FROM hold WHERE id = ?", closed),
        ]


def coupons_of(product: Product) -> list[Shown]:
    """Return every coupon for the till: each member's first, in an order drawn from a seed, and so on."""
    raw = Raw(product.url)
    rows = raw.ask("SELECT member, code FROM coupon WHERE coupon = ? ORDER BY sequence", (TILL,))
    raw.close()
    by_member: dict[str, list[str]] = {}
    for member, code in rows:
        by_member.setdefault(member, []).append(code)
    members = sorted(by_member)
    Random(workload.SEED).shuffle(members)  # noqa: S311  a repeatable order, no secret
    return [Shown(member, by_member[member][at]) for at in range(_ORDERS) for member in members]


def measure(till: Till, clients: int, asked: argparse.Namespace) -> list[list[str]]:
    """Measure so many clients, and return their rows of the table."""
    redeemed = [till.redeem(clients, asked.redemptions) for _ in range(asked.runs)]
    validated = [till.validate(clients, asked.redemptions) for _ in range(asked.runs)]
    return [
        _row("redemption", clients, redeemed),
        *(["  " + name, str(clients), "", *_latencies(redeemed, name), "", ""] for name in _STEPS),
        _row("validation", clients, validated),
    ]


def _row(name: str, clients: int, runs: Sequence[Run]) -> list[str]:
    rates, others = [one.taken.rate for one in runs], [one.bare for one in runs]
    return [name, str(clients), spread(rates), *_latencies(runs), spread(others), ratio(rates, others, 4)]


def _latencies(runs: Sequence[Run], name: str = WHOLE) -> list[str]:
    return [spread([one.taken.latency(part, name) for one in runs], 1) for part in (0.5, 0.99)]


def tables(databases: Databases, asked: argparse.Namespace) -> list[list[str]]:
    """Measure every number of clients, and return the rows of the table."""
    product = databases.product()
    key = product.prepare([*workload.documents(asked.rules), _EARN], definitions(), SCOPES)
    redemptions = _WARM_UP + asked.runs * len(asked.clients) * asked.redemptions
    members = max(redemptions // 2 + 1, asked.redemptions)
    product.take(orders(members, _ORDERS, now() - 2 * _HOUR, now() - _HOUR))
    twin = Twin(product.url, databases.copy(product).url, SetAside())
    rows: list[list[str]] = []
    with product.serving(asked.processes) as server:
        till = Till(server, key, twin, coupons_of(product))
        till.redeem(max(asked.clients), _WARM_UP)
        for clients in asked.clients:
            rows += measure(till, clients, asked)
    twin.check()
    paid = twin.raw.ask("SELECT sum(amount) FROM ledger_entry WHERE credit = 'programme:points:redeemed'")
    assert paid == [(till.redeemed * _PAID,)], f"{paid} points paid by {till.redeemed} redemptions"
    twin.close()
    return rows


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--clients", type=numbers, default="50,200")
    parser.add_argument("--redemptions", type=int, default=1_000, help="of a run; as many validations")
    parser.add_argument("--rules", type=int, default=20, help="in force beside the one that awards")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--store", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where databases are put")
    asked = parser.parse_args()
    print(f"{asked.store}, {asked.processes} process(es), {os.cpu_count()} cores", flush=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=asked.folder)))
        show(_HEADINGS, tables(Databases(asked.store, folder, stack), asked))


if __name__ == "__main__":
    main()
