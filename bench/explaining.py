"""Explaining: how long it takes to say why a rule did or didn't fire for a member with a long history.

    python -m bench.explaining [--events 24000] [--members 20] [--rules 100] [--asked 400]

Two years of events are imported, and the rules dated back to before them. Then members, rules and instants
are drawn: half of the instants are those of entries, the others any within the two years. Beside it, in the
same run, the bare reading: the nearest snapshot before the instant, and the rows behind it up to the
instant, their JSON decoded.
"""

import argparse
import sqlite3
import tempfile
import time
from pathlib import Path
from random import Random
from statistics import median, quantiles

import msgspec
import orjson

from api.clock import SystemClock
from api.service.refusal import Refusal
from api.service.rulebook import Rulebook
from api.service.whys import Whys
from api.store.controls import controls_after
from api.store.database import Database
from bench import workload
from bench.figures import show
from bench.processes import Product
from engine.values import MICROSECONDS, Instant, instant_text

_START: Instant = 1_700_000_000 * MICROSECONDS
_YEARS: Instant = 2 * 365 * 86_400 * MICROSECONDS
_SNAPSHOT = (
    "SELECT member_sequence, state FROM snapshot WHERE member = ? AND member_sequence <= ? "
    "ORDER BY member_sequence DESC LIMIT 1"
)
_PLACE = "SELECT coalesce(max(member_sequence), 0) FROM event WHERE member = ? AND as_of <= ?"
_ENTRIES = (
    "SELECT event.properties, decision.body FROM event LEFT JOIN decision USING (sequence) "
    "WHERE event.member = ? AND event.member_sequence > ? AND event.member_sequence <= ?"
)


def bare(connection: sqlite3.Connection, member: str, at: Instant) -> float:
    """Read the same rows; return the milliseconds."""
    start = time.perf_counter()
    ((place,),) = connection.execute(_PLACE, (member, at))
    kept = connection.execute(_SNAPSHOT, (member, place)).fetchone()
    since = kept[0] if kept is not None else 0
    if kept is not None:
        msgspec.msgpack.decode(kept[1])
    for properties, body in connection.execute(_ENTRIES, (member, since, place)):
        orjson.loads(properties)
        if body is not None:
            orjson.loads(body)
    return (time.perf_counter() - start) * 1_000


def drawn(connection: sqlite3.Connection, asked: argparse.Namespace) -> list[tuple[str, Instant]]:
    """Return members and instants to ask about."""
    choose = Random(workload.SEED)  # noqa: S311  a repeatable mix, no secret
    entries = connection.execute("SELECT member, as_of FROM event").fetchall()
    of_entries = choose.choices(entries, k=asked.asked // 2)
    members = sorted({member for member, _ in entries})
    others = [(choose.choice(members), _START + choose.randrange(_YEARS)) for _ in range(asked.asked // 2)]
    return [pair for pairs in zip(of_entries, others, strict=True) for pair in pairs]


def row(folder: Path, asked: argparse.Namespace) -> list[str]:
    """Return the row of the table."""
    file = folder / "bench.db"
    product = Product(f"sqlite:///{file}", folder)
    documents = workload.documents(asked.rules)
    product.prepare(documents)
    product.take(workload.history(asked.events, asked.members, _START, _START + _YEARS))
    connection = sqlite3.connect(file)
    with connection:  # a log that is measured, not kept
        guards = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'control'"
        for (name,) in connection.execute(guards).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE control SET at = ?", (_START - 1,))
    database = Database.open(product.url, writable=False)
    rulebook = Rulebook(matcher="index")
    with database.read() as reading:
        rulebook.learn(controls_after(reading, 0))
    whys = Whys(database, rulebook, SystemClock())
    choose = Random(workload.SEED)  # noqa: S311  a repeatable mix, no secret
    ours: list[float] = []
    others: list[float] = []
    for member, at in drawn(connection, asked):
        key = choose.choice(documents)["key"]
        start = time.perf_counter()
        try:
            whys.explain(member, key, instant_text(at))
        except Refusal:  # nothing was known of the member yet
            continue
        ours.append((time.perf_counter() - start) * 1_000)
        others.append(bare(connection, member, at))
    ((each,),) = connection.execute("SELECT count(*) / count(DISTINCT member) FROM event")
    connection.close()
    database.dispose()
    told = [f"{one:.1f}" for one in (median(ours), quantiles(ours, n=20)[-1], max(ours))]
    beside = [f"{one:.1f}" for one in (median(others), quantiles(others, n=20)[-1])]
    return [f"{each:,}", f"{len(ours):,}", *told, *beside, f"{median(ours) / median(others):.1f}"]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rules", type=int, default=100)
    parser.add_argument("--events", type=int, default=24_000)
    parser.add_argument("--members", type=int, default=20)
    parser.add_argument("--asked", type=int, default=400)
    parser.add_argument("--folder", type=Path, help="where databases are put")
    asked = parser.parse_args()
    headings = [
        "entries a member",
        "asked",
        "p50 ms",
        "p95 ms",
        "most ms",
        "bare p50 ms",
        "bare p95 ms",
        "ours/bare",
    ]
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        show(headings, [row(Path(folder), asked)])


if __name__ == "__main__":
    main()
