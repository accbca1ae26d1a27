"""Recency, frequency and money of real purchases, against an independent computation in plain Python.

The purchases are imported as they were, edges of fifths are computed over everybody at the end, and each
member is scored and led into one of the eight segments. Every thirtieth customer by default;
`pytest -m long` runs them all.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from pydantic import SecretStr
from sqlalchemy import func, select

from api.assembly import Programme, assemble
from api.commands.history import take_in
from api.service.history_lines import HistoryFile
from api.service.import_pass import Way
from api.service.replaying import replay_log
from api.service.statistics import Statistics
from api.service.timers import Timers
from api.settings import Settings
from api.store import members
from api.store.tables.holdings import MemberSegmentRow
from engine.language.definitions import Definitions
from engine.schedule import DAY
from engine.values import to_instant
from tests.api.conftest import SECRET, Trusting
from tests.end_to_end.test_cdnow import END, SMALL_SHARE, purchases, write_jsonl
from tests.support.clock import FixedClock

YEAR = timedelta(days=365)
HOUR = DAY // 24
SEGMENTS = {
    (True, True, True): "important-value", (False, True, True): "important-retain",
    (True, False, True): "important-develop", (False, False, True): "important-win-back",
    (True, True, False): "general-value", (False, True, False): "general-retain",
    (True, False, False): "general-develop", (False, False, False): "general-win-back",
}  # fmt: skip
"""By high recency, frequency and money."""

Scores = tuple[int, int, int]


class Figures(NamedTuple):
    """What comes out: the edges, the quintile table, and who is in which segment.

    Attributes:
        edges: Four edges each of recency in days, frequency and money.
        table: Number of members by their three scores.
        segments: Number of members by segment.
    """

    edges: list[list[Decimal]]
    table: Counter[Scores]
    segments: Counter[str]


def computed(bought: list[tuple[str, datetime, str, str]]) -> Figures:
    """Return the figures at the end, straight from the definition."""
    orders: dict[str, list[tuple[datetime, Decimal]]] = defaultdict(list)
    for customer, when, _, amount in bought:
        orders[customer].append((when, Decimal(amount)))
    figures: list[tuple[Decimal, Decimal, Decimal]] = []
    for many in orders.values():
        recent = [(when, amount) for when, amount in many if END - YEAR < when <= END]
        if recent:
            days, number = (END - max(recent)[0]).days, len(recent)
            spent = sum((amount for _, amount in recent), Decimal(0))
            figures.append((Decimal(days), Decimal(number), spent))
    edges: list[list[Decimal]] = []
    for column in zip(*figures, strict=True):
        ranked = sorted(column)
        edges.append([ranked[(fifth * len(ranked) + 4) // 5 - 1] for fifth in (1, 2, 3, 4)])
    table: Counter[Scores] = Counter({(1, 1, 1): len(orders) - len(figures)})
    for one in figures:
        beyond = [sum(value > edge for edge in some) for value, some in zip(one, edges, strict=True)]
        table[5 - beyond[0], 1 + beyond[1], 1 + beyond[2]] += 1
    segments: Counter[str] = Counter()
    for (recency, frequency, money), number in table.items():
        segments[SEGMENTS[recency >= 4, frequency >= 4, money >= 4]] += number
    return Figures(edges, +table, +segments)


def definitions() -> Definitions:
    """Return a score by fifths, and a segment for each of the eight that it leads to."""
    said: dict[str, Any] = {
        "programme": {"zone": "UTC", "currency": "USD"},
        "scores": [{"key": "value", "name": {"en": "Value"}, "within": {"days": 365}, "currency": "USD"}],
        "segments": [
            {
                "key": f"rfm-{key}",
                "name": {"en": key},
                "meaning": "One of the eight",
                "condition": {
                    "type": "compare",
                    "fact": "member.rfm.value.segment",
                    "op": "eq",
                    "value": key,
                },
            }
            for key in SEGMENTS.values()
        ],
    }
    return Definitions.model_validate(said)


@contextmanager
def assembled(url: str, clock: FixedClock) -> Iterator[Programme]:
    """Put the product together over a database, at an instant of the past."""
    settings = Settings(DATABASE_URL=url, secret=SecretStr(SECRET), check_sample=0)
    programme = assemble(settings, clock, Trusting(), timers=False)
    programme.writer.start()
    yield programme
    programme.close()


def told(programme: Programme) -> Figures:
    """Return the figures as the product tells them: published edges, scores of members, and the table."""
    with programme.database.read() as connection:
        scores = [state.scores["value"] for state in members.states(connection)]
        rows = select(MemberSegmentRow.segment, func.count()).group_by(MemberSegmentRow.segment)  # type: ignore[call-overload]
        segments = Counter({row[0].removeprefix("rfm-"): row[1] for row in connection.execute(rows)})
    edges = programme.services.rulebook.index().rules.statistics["value"]
    assert Counter(one.segment for one in scores) == segments
    return Figures(
        [[Decimal(edge) for edge in edges[name]] for name in ("recency", "frequency", "monetary")],
        Counter((one.recency, one.frequency, one.monetary) for one in scores),
        segments,
    )


def catch_up(programme: Programme, clock: FixedClock) -> None:
    """Let the hour pass in which everybody is scored by new edges."""
    clock.instant += HOUR
    timers = Timers(programme.services.rulebook, programme.sources, clock)
    while True:
        wake = programme.run(timers.tick)
        if wake is None or wake > clock.now():
            return


@pytest.mark.parametrize("every", [SMALL_SHARE, pytest.param(1, marks=pytest.mark.long)])
def test_scores_and_segments_are_exact(url: str, cdnow_path: Path, tmp_path: Path, every: int) -> None:
    """Edges, the quintile table and the eight counts are the computed ones; replay finds no difference."""
    bought = purchases(cdnow_path, every)
    expected = computed(bought)
    write_jsonl(bought, tmp_path / "cdnow.jsonl")
    clock = FixedClock(to_instant(END))
    with assembled(url, clock) as programme:
        services = programme.services
        services.definitions.merge(definitions(), by="test")
        history = HistoryFile.open(tmp_path / "cdnow.jsonl")
        take_in(programme, history, Way("import", "as-it-was"), clock.now())
        assert 1 == Statistics(programme.database, services.rulebook, services.publish, clock).work()
        catch_up(programme, clock)
        found = told(programme)
        with programme.database.read() as connection:
            report = replay_log(connection)

    assert expected == found
    assert [] == report.divergences
    print(f"edges: {found.edges}; segments: {dict(found.segments)}")  # noqa: T201  figures of the run
    assert len(found.segments) > len(SEGMENTS) // 2
