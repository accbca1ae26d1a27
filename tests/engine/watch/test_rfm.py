"""Recency, frequency and money: against a computation over the purchases themselves that shares no code."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from math import ceil
from pathlib import Path
from typing import Any

import pytest

from engine.replay import replay
from engine.values import decimal_text, to_instant
from engine.watch.scoring import DIMENSIONS, edges_of, figures_in
from tests.support.life import Life, Programme, at

END = datetime(1998, 6, 30, 12, tzinfo=UTC)
SCORE = {"key": "v", "name": {"en": "Value", "zh-Hans": "价值"}, "within": {"days": 365}}
NAMES = {
    "111": "important-value", "011": "important-retain", "101": "important-develop",
    "001": "important-win-back", "110": "general-value", "010": "general-retain",
    "100": "general-develop", "000": "general-win-back",
}  # fmt: skip


def bought(path: Path, every: int) -> dict[str, list[tuple[datetime, Decimal]]]:
    """Return the purchases of every n-th customer, in file order."""
    found: dict[str, list[tuple[datetime, Decimal]]] = {}
    for line in path.read_text().splitlines():
        customer, day, _, amount = line.split()
        if int(customer) % every == 0:
            when = datetime.strptime(day, "%Y%m%d").replace(tzinfo=UTC)
            found.setdefault(customer, []).append((when, Decimal(amount)))
    return found


def independently(orders: dict[str, list[tuple[datetime, Decimal]]]) -> dict[str, tuple[int, int, int]]:
    """Return scores by customer: fifths by nearest rank, equal values in the lower fifth, 1 without any."""
    figures: dict[str, tuple[int, int, Decimal]] = {}
    for customer, many in orders.items():
        inside = [(when, amount) for when, amount in many if END - timedelta(days=365) < when <= END]
        if inside:
            days = (END - max(when for when, _ in inside)).days
            figures[customer] = (days, len(inside), sum((amount for _, amount in inside), Decimal(0)))
    edges: list[list[Any]] = []
    for which in range(3):
        values: list[Any] = sorted(one[which] for one in figures.values())
        edges.append([values[ceil(Decimal(k * len(values)) / 5) - 1] for k in (1, 2, 3, 4)])
    scores: dict[str, tuple[int, int, int]] = dict.fromkeys(orders, (1, 1, 1))
    for customer, (days, number, money) in figures.items():
        above = [
            sum(value > edge for edge in some)
            for value, some in zip((days, number, money), edges, strict=True)
        ]
        scores[customer] = (5 - above[0], 1 + above[1], 1 + above[2])
    return scores


def lives(orders: dict[str, list[tuple[datetime, Decimal]]], programme: Programme) -> dict[str, Life]:
    """Return the customers under the product, up to the end, with edges published over all of them."""
    found: dict[str, Life] = {}
    for customer, many in orders.items():
        life = found[customer] = Life(programme=programme, member=customer)
        for when, amount in sorted(many, key=lambda one: one[0]):
            life.track(when.isoformat(), mode="as-it-was", total=decimal_text(amount), currency="USD")
    scoring = programme.index.rules.watched["score:v"].scoring
    assert scoring is not None
    values: dict[str, list[Any]] = {name: [] for name in DIMENSIONS}
    for life in found.values():
        figures = figures_in(scoring, life.state, to_instant(END), "UTC")
        for name, value in zip(DIMENSIONS, figures or (), strict=figures is not None):
            values[name].append(value)
    edges = {name: [decimal_text(edge) for edge in edges_of(sorted(many))] for name, many in values.items()}
    programme.add("Statistics Published", {"edges": {"v": edges}}, to_instant(END))
    for life in found.values():
        life.until((END + timedelta(hours=1)).isoformat(), mode="as-it-was")
    return found


def compared(path: Path, every: int) -> None:
    orders = bought(path, every)
    programme = Programme({"programme": {"zone": "UTC"}, "scores": [SCORE]})
    found = lives(orders, programme)
    expected = independently(orders)
    scored = {
        customer: (score.recency, score.frequency, score.monetary)
        for customer, life in found.items()
        for score in [life.state.scores["v"]]
    }
    assert expected == scored
    codes = {
        customer: "".join("1" if score >= 4 else "0" for score in scores)
        for customer, scores in expected.items()
    }
    assert Counter(NAMES[code] for code in codes.values()) == Counter(
        life.state.scores["v"].segment for life in found.values()
    )
    for life in list(found.values())[::50]:
        assert [] == replay(life.state.member, life.logged, programme.decider).divergences


def test_scores_and_segments_of_real_customers(cdnow_path: Path) -> None:
    """A hundredth of them; `-m long` compares a tenth."""
    compared(cdnow_path, 100)


@pytest.mark.long
def test_scores_and_segments_of_a_tenth(cdnow_path: Path) -> None:
    compared(cdnow_path, 10)


class TestByTheClock:
    SAID = SCORE | {
        "recency": {"by": "edges", "edges": ["30", "60", "90", "180"]},
        "frequency": {"by": "edges", "edges": ["2", "3", "4", "5"], "high_from": 2},
        "monetary": {"by": "edges", "edges": ["100", "200", "300", "400"], "high_from": 2},
    }

    def test_the_code_changes_when_recency_runs_out(self) -> None:
        """60 days are high still; at the 61st day the code is another, and an event says so."""
        life = Life(programme=Programme({"scores": [self.SAID]}))
        life.track("2026-01-01", total=60)
        life.track("2026-01-02", total=60)
        assert "111" == life.state.scores["v"].code
        life.clock(at("2026-03-04") - 1, inclusive=True)
        assert "111" == life.state.scores["v"].code
        life.clock(at("2026-03-04"), inclusive=True)
        assert ("011", "important-retain") == (life.state.scores["v"].code, life.state.scores["v"].segment)
        life.until("2027-06-01")
        assert (1, 1, 1, "000") == (
            life.state.scores["v"].recency,
            life.state.scores["v"].frequency,
            life.state.scores["v"].monetary,
            life.state.scores["v"].code,
        )
        assert [] == replay("m1", life.logged, life.programme.decider).divergences

    def test_who_never_did_it_has_no_score(self) -> None:
        life = Life(programme=Programme({"scores": [self.SAID]}))
        life.track("2026-01-01", "Signed Up")
        assert {} == life.state.scores


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([7], [7, 7, 7, 7]),
        ([1, 2, 3, 4, 5], [1, 2, 3, 4]),
        ([1, 1, 1, 1, 9], [1, 1, 1, 1]),
        (list(range(10)), [1, 3, 5, 7]),
    ],
)
def test_edges_are_nearest_ranks(values: list[int], expected: list[int]) -> None:
    assert expected == edges_of(values)
