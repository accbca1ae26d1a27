"""Birthdays of many members on one day, spread by zone: how many fire a second.

    python -m bench.birthdays [--members 20000]
    python -m bench.birthdays --members 1000000

Every member's birthday is the same day, in five zones, and all are due when the worker looks. A slice is
told with its commit, and with the wait for the writer's thread. Beside it the bare driver writes the rows
that the product wrote into a copy, in as many transactions.
"""

import argparse
import shutil
import tempfile
import time
from pathlib import Path
from random import Random
from statistics import median
from typing import Any, Final

from api.service.timers import Timers
from bench.figures import show
from bench.members import fill, programme, shopper, url_in
from bench.raw import Raw
from bench.twin import Twin
from engine.index import Index
from engine.language.parse import parse_rule
from engine.schedule import DAY
from engine.state import MemberState, changed
from engine.values import Instant, parse_instant

_BIRTHDAY: Final[dict[str, Any]] = {
    "language": 1,
    "key": "birthday",
    "name": {"en": "Birthday points", "zh-Hans": "生日积分"},
    "when": {"type": "anniversary", "of": "birthday", "at": "09:00"},
    "then": [{"type": "award_points", "points": 88}],
}
_BEFORE: Final = parse_instant("2026-06-01T00:00:00Z")
_DAY_OF: Final = "06-15"
_FIRED: Final = "SELECT coalesce(max(sequence), 0) FROM event"
"""The birthdays are all that is in the log."""


class Moving:
    """A clock that tells what it is set to, and a microsecond more each time."""

    def __init__(self, instant: Instant) -> None:
        """Set it."""
        self.instant = instant

    def now(self) -> Instant:
        """Return the instant."""
        self.instant += 1
        return self.instant


def born(number: int, chance: Random, index: Index, now: Instant) -> MemberState:
    """Return a member whose birthday is that day."""
    member = shopper(number, chance, index, now)
    return changed(member, attributes=member.attributes | {"birthday": _DAY_OF})


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--members", type=int, default=20_000)
    parser.add_argument("--folder", type=Path, help="where the database is put")
    asked = parser.parse_args()
    clock = Moving(_BEFORE)
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder, programme(url_in(folder), clock) as parts:
        parts.services.publish.publish_documents([parse_rule(_BIRTHDAY)], by="bench")
        fill(parts, asked.members, born, count_them=False)
        raw = Raw(url_in(folder))
        raw.ask("PRAGMA wal_checkpoint(TRUNCATE)")
        copy = Path(folder) / "bare.db"
        shutil.copy(Path(folder) / "bench.db", copy)
        twin = Twin(url_in(folder), f"sqlite:///{copy}")
        commit_takes = lambda: parts.database.commit_seconds  # noqa: E731  as the product has it
        timers = Timers(parts.services.rulebook, parts.sources, clock, commit_takes=commit_takes)
        clock.instant += 20 * DAY
        start, slices = time.perf_counter(), []
        while raw.ask(_FIRED)[0][0] < asked.members:
            begun = time.perf_counter()
            parts.run(timers.tick)
            slices.append(1000 * (time.perf_counter() - begun))
        seconds = time.perf_counter() - start
        raw.close()
        bare = twin.repeat().seconds
        twin.check()
        twin.close()
        ours, other = asked.members / seconds, asked.members / bare
        rows = [
            [
                f"{asked.members:,}",
                f"{ours:,.0f}",
                f"{median(slices):.0f}",
                f"{sorted(slices)[len(slices) * 99 // 100]:.0f}",
                f"{max(slices):.0f}",
                f"{other:,.0f}",
                f"{ours / other:.2f}",
            ]
        ]
        headings = [
            "birthdays on one day",
            "fired/s",
            "slice ms",
            "p99",
            "longest",
            "bare rows/s",
            "ours/bare",
        ]
        show(headings, rows)


if __name__ == "__main__":
    main()
