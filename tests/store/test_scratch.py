"""What is remembered for a while: all of it comes back, however little of it is in memory."""

import pytest

from api.store import scratch
from api.store.scratch import Scratch
from engine.state import MemberState


def test_states_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scratch, "_READY", 10)
    with Scratch() as kept:
        for number in range(100):
            kept.states[f"m{number % 50:02}"] = MemberState(member=f"m{number % 50:02}", sequence=number)
        read = [kept.states[f"m{number:02}"].sequence for number in range(50)]

        assert list(range(50, 100)) == read
        assert 50 == len(kept.states)
        assert "m00" == min(kept.states)
        del kept.states["m07"]
        assert "m07" not in kept.states


def test_names_come_back() -> None:
    with Scratch() as kept:
        kept.names.add("order/1")
        kept.names.add("order/1")

        assert "order/1" in kept.names
        assert 1 == len(kept.names)
        kept.names.discard("order/1")
        assert "order/1" not in kept.names
