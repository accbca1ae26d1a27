"""Memory: of rules, of members who are live, and of a member at rest.

    python -m bench.memory [--rules 0,200,1000] [--members 100000] [--orders 20] [--sample 5000]

The server's memory is the kernel's own figure: when it is ready and has decided a first batch, and again
when so many members have each sent an event. Beside it stands a process that serves the bare pipeline.
A member at rest has its profile and 20 orders, imported under 200 rules; a database is measured as it is,
and again without the log, each packed (`VACUUM`).
"""

import argparse
import sqlite3
import tempfile
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Final

import msgspec

from bench import workload
from bench.figures import numbers, show, spread
from bench.load import Plan, put
from bench.processes import Product, Server, serving
from bench.tables import Shape
from engine.values import MICROSECONDS, Instant, instant_text

_START: Final[Instant] = 1_760_000_000 * MICROSECONDS
_YEAR: Final[Instant] = 365 * 86_400 * MICROSECONDS
_LOG: Final = ("event", "decision", "outcome")
_HEADINGS: Final = ("", "start", "ready MB", "members", "live MB", "at most MB")


def sent(server: Server, key: str, members: int) -> None:
    """Let so many members each send an event."""
    plan = Plan(
        ports=server.ports,
        key=key,
        run=f"members-{members}",
        connections=4,
        batch=100,
        events=members,
        members=members,
        profiles=True,
    )
    put(plan)


def lives(name: str, server: Server, key: str, members: int) -> list[str]:
    """Return what a server has in memory at the start, ready, and with its members."""
    start = server.resident()
    sent(server, key, 100)
    ready = server.resident()
    sent(server, key, members)
    live, most = server.resident(), server.resident("VmHWM")
    return [name, f"{start:,.0f}", f"{ready:,.0f}", f"{members:,}", f"{live:,.0f}", f"{most:,.0f}"]


def of_servers(folder: Path, asked: argparse.Namespace) -> list[list[str]]:
    """Measure the product with more and more rules, and the bare pipeline."""
    rows: list[list[str]] = []
    for rules in asked.rules:
        product = _empty(folder, f"rules-{rules}")
        key = product.prepare(workload.documents(rules))
        with product.serving() as server:
            rows.append(lives(f"{rules} rules", server, key, asked.members))
    bare = _empty(folder, "bare")
    bare.run("migrate")
    shape = bare.folder / "shape.json"
    shape.write_bytes(msgspec.json.encode(Shape(rows={}, state_bytes=500, decision_bytes=0)))
    command: list[str | Path] = ["-m", "bench.bare", "--url", bare.url, "--shape", shape]
    with serving(command, {}, bare.folder) as server:
        rows.append(lives("bare pipeline", server, "none", asked.members))
    return rows


def at_rest(folder: Path, asked: argparse.Namespace) -> list[list[str]]:
    """Measure what a member takes on disk."""
    product = _empty(folder, "rest")
    product.prepare(workload.documents(200))
    empty = sizes(product.folder / "bench.db", folder / "empty")
    product.take(chain(profiles(asked.sample), orders(asked.sample, asked.orders)))
    full = sizes(product.folder / "bench.db", folder / "full")
    whole, without = ((after - before) / asked.sample for before, after in zip(empty, full, strict=True))
    connection = sqlite3.connect(product.folder / "bench.db")
    states = [size for (size,) in connection.execute("SELECT length(state) FROM member WHERE sequence > 0")]
    connection.close()
    return [
        ["state of a member, bytes", spread(states)],
        ["database, bytes a member", f"{whole:,.0f}"],
        ["without the log, bytes a member", f"{without:,.0f}"],
        ["without the log, MB for 1,000,000 members", f"{without:,.0f}"],
    ]


def sizes(file: Path, packed: Path) -> tuple[int, int]:
    """Return the bytes of a database, and of the same without the log, each packed."""
    connection = sqlite3.connect(file)
    connection.execute("VACUUM INTO ?", (str(packed),))
    connection.close()
    whole = packed.stat().st_size
    connection = sqlite3.connect(packed)
    for table in _LOG:
        connection.execute(f"DROP TABLE {table}")
    connection.execute("VACUUM")
    connection.close()
    return whole, packed.stat().st_size


def profiles(members: int) -> Iterator[bytes]:
    """Yield each member's profile as a line of history."""
    at = instant_text(_START - MICROSECONDS).encode()
    for profile in workload.profiles("rest", members):
        yield profile[:-1] + b',"timestamp":"' + at + b'"}\n'


def orders(members: int, each: int) -> Iterator[bytes]:
    """Yield so many orders of each member as lines of history, over a year."""
    lines = members * each
    for number, one in enumerate(workload.happenings(lines, members)):
        order = one._replace(member=number % members, name="Order Completed")
        at = instant_text(_START + _YEAR * number // lines)
        yield workload.call(order, f"rest-{number}", at) + b"\n"


def _empty(folder: Path, name: str) -> Product:
    inside = folder / name
    inside.mkdir()
    return Product(f"sqlite:///{inside / 'bench.db'}", inside)


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rules", type=numbers, default="0,200,1000")
    parser.add_argument("--members", type=int, default=100_000, help="live at once")
    parser.add_argument("--sample", type=int, default=5_000, help="members at rest")
    parser.add_argument("--orders", type=int, default=20, help="orders of each at rest")
    parser.add_argument("--folder", type=Path, help="where databases are put")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as name:
        show(_HEADINGS, of_servers(Path(name), asked))
        show(["at rest", "median (min–max)"], at_rest(Path(name), asked))


if __name__ == "__main__":
    main()
