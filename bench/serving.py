"""End to end over HTTP: events that were decided and are durable, beside the bare pipeline.

    python -m bench.serving [--rules 20,200] [--batches 100,1] [--connections 1,16,64] [--runs 5]
    python -m bench.serving --store postgresql --processes 2 --batches 100

The product runs as people run it (`main.py serve`, rules published through it, group commit on SQLite
with `synchronous = FULL`, or on a PostgreSQL server with its default durability). Requests come from
another process. The bare pipeline (`bench/bare.py`) takes the same bodies in turn with it and inserts the
same rows, counted in what the product wrote during a warm-up. A tenth of the events have an effect.
"""

import argparse
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
from sqlalchemy import make_url

from bench import workload
from bench.figures import numbers, ratio, show, spread
from bench.load import Load, Plan, put
from bench.processes import Product, Server, serving
from bench.tables import Shape, Written
from tests.support.postgres import running_server

WARM_UP: Final = 5_000
"""Events before the first run; the bare pipeline's rows are shaped after what they lead to."""

_HEADINGS: Final = (
    "rules", "batch", "conns", "events/s", "p50 ms", "p99 ms", "CPU µs/event", "RSS MB", "bare events/s",
    "bare µs/event", "ours/bare", "effects",
)  # fmt: skip


class Measured(NamedTuple):
    """One run against one server."""

    load: Load
    cpu: float

    @property
    def each(self) -> float:
        """Microseconds of the servers' processors for an event."""
        return self.cpu / self.load.events * 1_000_000


class Target:
    """A server that is measured, and what was sent to it."""

    def __init__(self, server: Server, key: str) -> None:
        """Measure a server.

        Args:
            server: Its processes.
            key: API key.
        """
        self.server = server
        self.sent = 0
        self._key = key
        self._runs = count()

    def fill(self, members: int) -> None:
        """Let every member be known."""
        self.send(batch=100, connections=4, events=members, members=members, profiles=True)

    def send(
        self,
        *,
        batch: int,
        connections: int,
        events: int,
        members: int,
        seed: int = workload.SEED,
        seconds: float = 3600,
        profiles: bool = False,
    ) -> Measured:
        """Send events, as a `Plan` says it, and return what that took."""
        plan = Plan(
            ports=self.server.ports,
            key=self._key,
            run=f"run-{next(self._runs)}",
            connections=connections,
            batch=batch,
            events=events,
            seconds=seconds,
            members=members,
            seed=seed,
            profiles=profiles,
        )
        before = self.server.cpu_seconds()
        load = put(plan)
        self.sent += load.events
        return Measured(load, self.server.cpu_seconds() - before)


class Databases:
    """Gives empty databases of the kind that is asked for."""

    def __init__(self, store: str, folder: Path, stack: ExitStack) -> None:
        """Start a PostgreSQL server, if that is what is asked for."""
        self._folder = folder
        self._numbers = count(1)
        self._postgres = stack.enter_context(running_server()) if store == "postgresql" else None

    def product(self) -> Product:
        """Return the product over an empty database."""
        folder = self._folder / f"database-{next(self._numbers)}"
        folder.mkdir()
        if self._postgres is not None:
            return Product(self._postgres.url(self._postgres.create_database()), folder)
        return Product(f"sqlite:///{folder / 'bench.db'}", folder)

    def copy(self, product: Product) -> Product:
        """Return the product over a copy of a database to which nobody is connected."""
        if self._postgres is not None:
            name = make_url(product.url).database
            assert name is not None
            return Product(self._postgres.url(self._postgres.create_database(name)), product.folder)
        folder = self._folder / f"database-{next(self._numbers)}"
        shutil.copytree(product.folder, folder)
        return Product(f"sqlite:///{folder / 'bench.db'}", folder)

    def drop(self, product: Product) -> None:
        """Delete a copy, to which nobody is connected any more."""
        if self._postgres is not None:
            name = make_url(product.url).database
            assert name is not None
            self._postgres.drop_database(name)
        else:
            shutil.rmtree(product.folder)


@contextmanager
def targets(
    product: Product, bare: Product, *, rules: int, members: int, processes: int = 1
) -> Iterator[list[Target]]:
    """Serve the product and, shaped after it, the bare pipeline; both are warm and know their members."""
    key = product.prepare(workload.documents(rules))
    with ExitStack() as stack:
        ours = Target(stack.enter_context(product.serving(processes)), key)
        ours.fill(members)
        shape = _shape(product, ours, members)
        print(f"{rules} rules, {members:,} members, for each event: {_told(shape)}", flush=True)
        bare.run("migrate")
        file = bare.folder / "shape.json"
        file.write_bytes(msgspec.json.encode(shape))
        command: list[str | Path] = ["-m", "bench.bare", "--url", bare.url, "--shape", file]
        other = Target(stack.enter_context(serving(command, {}, bare.folder, processes)), key)
        other.fill(members)
        _warm(other, members)
        yield [ours, other]
        written = Written(product.url)
        stored = written.ask("SELECT count(*) FROM event WHERE kind <> 'timer'")
        written.close()
        assert stored == ours.sent, f"{stored} events stored, {ours.sent} acknowledged"


def _shape(product: Product, ours: Target, members: int) -> Shape:
    written = Written(product.url)
    before = written.counts()
    _warm(ours, members)
    shape = written.shape(before, written.counts())
    written.close()
    return shape


def _told(shape: Shape) -> str:
    rows = ", ".join(f"{share:.3f} {table}" for table, share in shape.rows.items())
    return f"{rows}; a state has {shape.state_bytes} bytes, a decision {shape.decision_bytes}"


def _warm(target: Target, members: int) -> None:
    target.send(batch=100, connections=4, events=WARM_UP, members=members)


def row(
    rules: int, batch: int, connections: int, sides: list[Target], asked: argparse.Namespace
) -> list[str]:
    """Measure one setting, the two in turn, and return its row of the table."""
    runs = [
        [
            side.send(
                batch=batch,
                connections=connections,
                events=asked.events,
                members=asked.members,
                seed=run,
                seconds=asked.seconds,
            )
            for side in sides
        ]
        for run in range(asked.runs)
    ]
    ours, bare = ([run[at] for run in runs] for at in range(2))
    rates, others = [one.load.rate for one in ours], [one.load.rate for one in bare]
    events = sum(one.load.events for one in ours)
    return [
        str(rules),
        str(batch),
        str(connections),
        spread(rates),
        spread([one.load.latency(0.5) for one in ours], 1),
        spread([one.load.latency(0.99) for one in ours], 1),
        spread([one.each for one in ours]),
        f"{sides[0].server.resident():,.0f}",
        spread(others),
        spread([one.each for one in bare]),
        ratio(rates, others),
        f"{sum(one.load.effects for one in ours) / events:.1%}",
    ]


def options() -> argparse.Namespace:
    """Return what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rules", type=numbers, default="20,200")
    parser.add_argument("--batches", type=numbers, default="100,1")
    parser.add_argument("--connections", type=numbers, default="1,16,64")
    parser.add_argument("--members", type=int, default=20_000)
    parser.add_argument("--events", type=int, default=20_000, help="events of a run, at most")
    parser.add_argument("--seconds", type=float, default=5, help="seconds of a run, at most")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--store", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where databases are put")
    parser.add_argument("--verify", action="store_true", help="replay what was decided")
    return parser.parse_args()


def main() -> None:
    """Print the table."""
    asked = options()
    print(f"{asked.store}, {asked.processes} process(es), {asked.members:,} members, {os.cpu_count()} cores")
    rows: list[list[str]] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=asked.folder)))
        databases = Databases(asked.store, folder, stack)
        for rules in asked.rules:
            product = databases.product()
            beside = databases.product()
            with targets(
                product, beside, rules=rules, members=asked.members, processes=asked.processes
            ) as sides:
                for batch in asked.batches:
                    rows += [row(rules, batch, one, sides, asked) for one in asked.connections]
            if asked.verify:
                product.run("replay", "--verify")
                print(f"{rules} rules: replayed, no divergence")
    show(_HEADINGS, rows)


if __name__ == "__main__":
    main()
