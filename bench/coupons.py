"""Many coupons at once: issued to members over HTTP, and imported into a pool of codes.

    python -m bench.coupons [--coupons 100000] [--to tag] [--runs 5]
    python -m bench.coupons --coupons 1000000 --runs 1

There are as many members as coupons, each with an order behind it. They are issued to the holders of a
tag, or to lists, 10,000 in a request, each request sent when the last one is answered; the codes of a
pool come in one request. Each run begins with a copy of the same database. Beside it the bare driver
inserts the rows that the product inserted into another copy, in as many transactions.
"""

import argparse
import os
import tempfile
import time
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Final, Literal

import orjson

from bench import workload
from bench.connections import credentials
from bench.figures import ratio, show, spread
from bench.loyalty import BULK, POOL, SCOPES, TAG, definitions, now, orders, rule
from bench.processes import Product, Server
from bench.raw import Raw
from bench.serving import Databases
from bench.twin import Twin
from engine.values import MICROSECONDS

_HOUR: Final = 3_600 * MICROSECONDS
_PAGE: Final = 10_000
_POOLED: Final = 10_000
"""Codes in one transaction, as in the product."""

_TAGGED: Final = rule("bench-tag", "Order Completed", {"type": "add_tag", "tag": TAG})
_HEADINGS: Final = ("work", "coupons", "a second", "bare rows a second", "ours/bare")
To = Literal["tag", "list"]


class Asker:
    """A backend that posts to a server, and waits for each answer."""

    def __init__(self, server: Server, key: str) -> None:
        """Connect to the first of a server's processes."""
        self._connection = HTTPConnection("127.0.0.1", server.ports[0])
        self._headers = {"Authorization": credentials(key)}

    def post(self, path: str, body: bytes, kind: str = "application/json") -> workload.Json:
        """Return what is answered.

        Raises:
            RuntimeError: If it isn't answered with 200.
        """
        self._connection.close()  # the server lets go of one that was idle; the next request opens another
        self._connection.request("POST", path, body, {**self._headers, "Content-Type": kind})
        answer = self._connection.getresponse()
        told = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path} was answered with {answer.status} {told[:1000]!r}")
        found: workload.Json = orjson.loads(told)
        return found

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()


def issue(asker: Asker, coupons: int, to: To) -> float:
    """Issue a coupon to every member; return how many a second."""
    start = time.perf_counter()
    issued = _to_holders(asker) if to == "tag" else _to_lists(asker, coupons)
    seconds = time.perf_counter() - start
    assert issued == coupons, f"{issued} issued, {coupons} wanted"
    return coupons / seconds


def _to_lists(asker: Asker, coupons: int) -> int:
    members = [workload.member(number) for number in range(coupons)]
    pages = (members[first : first + _PAGE] for first in range(0, coupons, _PAGE))
    return sum(asker.post("/v1/coupons/issue", _asked(userIds=some))["issued"] for some in pages)


def _to_holders(asker: Asker) -> int:
    answer = asker.post("/v1/coupons/issue", _asked(tag=TAG))
    issued = answer["issued"]
    while answer["next"] is not None:
        answer = asker.post("/v1/coupons/issue", _asked(tag=TAG, after=answer["next"]))
        issued += answer["issued"]
    return int(issued)


def _asked(**to: Any) -> bytes:
    return orjson.dumps({"coupon": BULK, "batch": "bench", "why": "Bench", **to})


def pool(asker: Asker, codes: list[str]) -> float:
    """Import a pool; return how many codes a second."""
    body = "\n".join(["code", *codes]).encode()
    start = time.perf_counter()
    answer = asker.post(f"/v1/coupons/{POOL}/pool", body, "text/csv")
    seconds = time.perf_counter() - start
    assert answer["added"] == len(codes), answer
    return len(codes) / seconds


def bare_pool(raw: Raw, codes: list[str]) -> float:
    """Insert the same codes; return how many a second."""
    rows = [(code, POOL, False) for code in codes]
    start = time.perf_counter()
    for first in range(0, len(rows), _POOLED):
        with raw.transaction():
            raw.add("coupon_pool", ["code", "coupon", "taken"], rows[first : first + _POOLED])
    return len(rows) / (time.perf_counter() - start)


def codes_of(count: int) -> list[str]:
    """Return so many codes, in no order that an index would like."""
    return [f"P{number * 2_654_435_761 % 2**32:010}" for number in range(count)]


def tables(databases: Databases, asked: argparse.Namespace) -> list[list[str]]:
    """Measure both, and return the rows of the table."""
    base = databases.product()
    key = base.prepare([*workload.documents(asked.rules), _TAGGED], definitions(), SCOPES)
    base.take(orders(asked.coupons, 1, now() - 2 * _HOUR, now() - _HOUR))
    codes = codes_of(asked.coupons)
    issued, pooled, bare_issued, bare_pooled = (list[float]() for _ in range(4))
    for _ in range(asked.runs):
        product, copy = databases.copy(base), databases.copy(base)
        twin = Twin(product.url, copy.url)
        with product.serving() as server:
            asker = Asker(server, key)
            issued.append(issue(asker, asked.coupons, asked.to))
            bare_issued.append(asked.coupons / twin.repeat().seconds)
            pooled.append(pool(asker, codes))
            bare_pooled.append(bare_pool(twin.raw, codes))
            asker.close()
        twin.check()
        twin.close()
        _drop(databases, product, copy)
    work = (f"issued to a {asked.to}", issued, bare_issued), ("imported into a pool", pooled, bare_pooled)
    return [
        [name, f"{asked.coupons:,}", spread(ours), spread(others), ratio(ours, others)]
        for name, ours, others in work
    ]


def _drop(databases: Databases, *copies: Product) -> None:
    for one in copies:
        databases.drop(one)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--coupons", type=int, default=100_000, help="and as many members, and codes")
    parser.add_argument("--to", choices=["tag", "list"], default="tag", help="to whom they are issued")
    parser.add_argument("--rules", type=int, default=20, help="in force beside the one that tags")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--store", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--folder", type=Path, help="where databases are put")
    asked = parser.parse_args()
    print(f"{asked.store}, {os.cpu_count()} cores", flush=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=asked.folder)))
        show(_HEADINGS, tables(Databases(asked.store, folder, stack), asked))


if __name__ == "__main__":
    main()
