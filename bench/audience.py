"""Audiences while a condition is edited: how soon there is an estimate, and the exact count.

    python -m bench.audience [--members 100000] [--runs 5]
    python -m bench.audience --members 1000000

Members are written straight into the tables. An estimate is asked for while nothing else runs; its width
is told beside it, and how far it was off: one in twenty is further off than it says. The exact count is
compared with SQL written by hand, run by the bare driver over the same rows in the same run.
"""

import argparse
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from api.clock import SystemClock
from api.service.asking_members import question
from api.service.audience import Audiences
from bench.figures import ratio, show, spread
from bench.members import fill, programme, shopper, url_in
from bench.raw import Raw
from engine.language.definitions import Definitions
from engine.schedule import DAY
from engine.values import Instant

_DEFINED: Final = {"attributes": [{"name": "score", "label": {"en": "Score"}, "type": "number"}]}
_CITY: Final = {"type": "compare", "fact": "member.city", "op": "eq", "value": "Suzhou"}
_SCORE: Final = {"type": "compare", "fact": "member.score", "op": "gte", "value": 900}
_LAPSED: Final = {
    "type": "history", "measure": "days_since", "event": "Order Completed", "op": "gte", "value": 90,
}  # fmt: skip
_HAS: Final = (
    "EXISTS (SELECT 1 FROM member_attribute a WHERE a.partition = m.partition AND a.member = m.member AND {})"
)
_DID: Final = (
    "EXISTS (SELECT 1 FROM member_measure e WHERE e.partition = m.partition AND e.member = m.member "
    "AND e.series = 'Order Completed' AND {})"
)
_COUNT: Final = "SELECT count(*) FROM counted_member m WHERE {}"


def conditions(as_of: int) -> list[tuple[str, dict[str, Any], str]]:
    """Return conditions, each with the same asked by hand."""
    city = _HAS.format("a.name = 'a:city' AND a.text = 'Suzhou'")
    score = _HAS.format("a.name = 'a:score' AND a.number >= 900000000")
    lapsed = _DID.format(f"e.last <= {as_of - 90 * DAY}")
    return [
        ("a city", _CITY, city),
        ("a city, and lapsed", {"type": "all", "of": [_CITY, _LAPSED]}, f"{city} AND {lapsed}"),
        (
            "neither high score nor lapsed",
            {"type": "not", "of": [_SCORE, _LAPSED]},
            f"NOT ({score} OR {lapsed})",
        ),
    ]


def measured(audiences: Audiences, raw: Raw, asked: dict[str, Any], by_hand: str, runs: int) -> list[str]:
    """Return the figures of one condition."""
    estimates: list[float] = []
    ours: list[float] = []
    bare: list[float] = []
    width = off = 0.0
    for _ in range(runs):
        start = time.perf_counter()
        about = audiences.estimate(asked)
        estimates.append(1000 * (time.perf_counter() - start))
        assert about is not None
        width = 100 * (about.high - about.low) / 2 / max(1, about.about)
        start = time.perf_counter()
        exact = audiences.count(asked)
        ours.append(1000 * (time.perf_counter() - start))
        start = time.perf_counter()
        ((expected,),) = raw.ask(_COUNT.format(by_hand))
        bare.append(1000 * (time.perf_counter() - start))
        assert exact == expected, (exact, expected)
        off = 100 * abs(about.about - exact) / max(1, exact)
    return [
        spread(estimates),
        f"±{width:.1f} %",
        f"{off:.1f} %",
        spread(ours),
        spread(bare),
        ratio(ours, bare),
    ]


class Standing:
    """A clock that stands still: else a member crosses an edge between two counts of a million."""

    def __init__(self) -> None:
        """Stand at the present instant."""
        self._instant = SystemClock().now()

    def now(self) -> Instant:
        """Return the instant at which it stands."""
        return self._instant


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="where the database is put")
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(dir=asked.folder) as folder,
        programme(url_in(folder), Standing()) as parts,
    ):
        parts.services.definitions.merge(Definitions.model_validate(_DEFINED), by="bench")
        fill(parts, asked.members, shopper)
        raw = Raw(url_in(folder))
        rows = []
        for name, condition, by_hand in conditions(parts.services.clock.now()):
            assert question(parts.services.rulebook, condition, 0).narrowed.exact
            rows.append([name, *measured(parts.services.audiences, raw, condition, by_hand, asked.runs)])
        raw.close()
        headings = ["condition", "estimate ms", "width", "off by", "exact ms", "bare SQL ms", "ours/bare"]
        print(f"{asked.members:,} members")
        show(headings, rows)


if __name__ == "__main__":
    main()
