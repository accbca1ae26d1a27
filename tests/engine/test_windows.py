"""Figures over windows, and what of the history is kept for them."""

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.schedule import DAY, shift
from engine.values import Instant, instant_text
from tests.support.life import ORDER, Life, at, rule

START = at("2026-01-31 10:00")
ZONE = "Asia/Shanghai"
UNITS = {"hours": 100, "days": 20, "months": 3}


def asked(measure: str, unit: str, amount: int, **more: Any) -> dict[str, Any]:
    return {
        "type": "history",
        "measure": measure,
        "event": ORDER,
        "within": {unit: amount},
        "op": "gte",
        "value": 0,
        **more,
    }


@given(
    st.lists(st.tuples(st.integers(0, 40 * 24), st.integers(0, 40 * 24), st.integers(1, 500)), max_size=25),
    st.sampled_from(sorted(UNITS)),
    st.data(),
)
def test_figures_are_those_of_the_whole_history(
    told: list[tuple[int, int, int]], unit: str, data: st.DataObject
) -> None:
    """However late events arrive, a window counts and adds up what lies in it, and nothing else."""
    amount = data.draw(st.integers(1, UNITS[unit]))
    conditions = [asked("count", unit, amount), asked("sum", unit, amount, property="total")]
    life = Life(rule(**{"if": {"type": "all", "of": conditions}}))
    now = START
    happened: list[tuple[Instant, Decimal]] = []
    for gap, late, cents in told:
        now += gap * DAY // 24
        occurred, total = now - late * DAY // 24, Decimal(cents) / 100
        happened.append((occurred, total))
        decided = life.track(
            instant_text(now), occurred=instant_text(occurred), total=f"{total.normalize():f}", zone=ZONE
        )
        low = shift(now, -amount, unit, ZONE)
        inside = [one for one in happened if low < one[0] <= now]
        facts = list(decided.decision.steps[0].facts.values())
        assert [len(inside), sum(total for _, total in inside)] == facts


def test_what_no_window_can_reach_is_forgotten() -> None:
    """A member who has ordered daily for years is no bigger than one who has for a month."""
    life = Life(rule(**{"if": asked("count", "days", 30)}))
    for day in range(400):
        life.track(instant_text(START + day * DAY))
    (past,) = [one for key, one in life.state.past.items() if key == ORDER]

    assert 400 == past.count
    assert 31 == len(past.at)
