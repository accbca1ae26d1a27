"""Publishing a rule of absence over many members: what it means, the publication, and the clocks behind it.

    python -m bench.publishing [--members 100000]
    python -m bench.publishing --members 1000000

Before it is published the step counts who is past the threshold; afterwards the worker derives each
member's next due instant anew, in slices between requests. Beside it, in the same run, bare SQL counts and
updates the same rows of a copy.
"""

import argparse
import json
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from api.clock import SystemClock
from api.service.timers import Timers
from bench.figures import show
from bench.members import fill, programme, shopper, url_in
from bench.raw import Raw
from engine.language.parse import parse_rule
from engine.schedule import DAY

_LAPSED: Final[dict[str, Any]] = {
    "language": 1,
    "key": "lapsed",
    "name": {"en": "90 days without an order", "zh-Hans": "90 天未下单"},
    "when": {"type": "absence", "event": "Order Completed", "for": {"days": 90}},
    "then": [{"type": "award_points", "points": 10}],
}
_PAST: Final = "SELECT count(*) FROM member_measure WHERE series = 'Order Completed' AND last <= ?"
_BEHIND: Final = "SELECT 1 FROM member WHERE held_by IS NULL AND revision BETWEEN 0 AND ? LIMIT 1"
_RENEW: Final = (
    "UPDATE member SET revision = revision + 1, next_due_at = (SELECT e.last + ? FROM member_measure e "
    "WHERE e.partition = member.partition AND e.member = member.key AND e.series = 'Order Completed')"
)


def _row(step: str, ours: float, bare: float) -> list[str]:
    return [step, f"{ours:.2f}", f"{bare:.3f}", f"{ours / bare:.1f}"]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, help="where the database is put")
    asked = parser.parse_args()
    clock = SystemClock()
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder, programme(url_in(folder), clock) as parts:
        fill(parts, asked.members, shopper)
        copy = Path(folder) / "bare.db"
        Raw(url_in(folder)).ask("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy(Path(folder) / "bench.db", copy)
        rules = parts.services.rules
        rules.save_draft("lapsed", json.dumps(_LAPSED).encode(), etag=None, by="bench")
        start = time.perf_counter()
        meaning = parts.services.publish.publication("lapsed")
        counted = time.perf_counter() - start
        start = time.perf_counter()
        parts.services.publish.publish_documents([parse_rule(_LAPSED)], by="bench")
        published = time.perf_counter() - start
        timers = Timers(parts.services.rulebook, parts.sources, clock)
        raw = Raw(url_in(folder))
        newest = parts.services.rulebook.newest
        start = time.perf_counter()
        while raw.ask(_BEHIND, (newest - 1,)):
            parts.run(timers.tick)
        renewed = time.perf_counter() - start
        raw.close()
        bare = Raw(f"sqlite:///{copy}")
        start = time.perf_counter()
        ((past,),) = bare.ask(_PAST, (clock.now() - 90 * DAY,))
        bare_counted = time.perf_counter() - start
        start = time.perf_counter()
        with bare.transaction():
            bare.ask(_RENEW, (90 * DAY,))
        bare_renewed = time.perf_counter() - start
        bare.close()
        assert abs(meaning["past_threshold"] - past) <= asked.members // 1000 + 1, (meaning, past)
        rows = [
            _row("who is past the threshold", counted, bare_counted),
            ["publishing", f"{published:.2f}", "", ""],
            _row("every clock anew", renewed, bare_renewed),
        ]
        print(f"{asked.members:,} members, {past:,} past the threshold")
        show(["step", "seconds", "bare SQL", "ours/bare"], rows)


if __name__ == "__main__":
    main()
