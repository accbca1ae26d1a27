"""Members as they were known at an instant, and the rules that were in force then."""

from typing import Any

import pytest

from api.service.recalling import Known, state_at
from api.store import snapshots
from engine.values import MICROSECONDS, Instant
from tests.api.conftest import Programme

DAY = 86_400 * MICROSECONDS
COUNTED: dict[str, Any] = {
    "language": 1,
    "key": "third",
    "name": {"en": "Third order"},
    "when": {"type": "event", "event": "Order Completed"},
    "if": {"type": "history", "measure": "count", "event": "Order Completed", "op": "gte", "value": 3},
    "then": [{"type": "add_tag", "tag": "vip"}],
}


def order(programme: Programme, number: int, at: Instant) -> None:
    programme.clock.instant = at
    call = {"userId": "m", "messageId": f"o{number}", "event": "Order Completed", "properties": {"total": 1}}
    assert 200 == programme.backend().post("/v1/track", json=call).status_code


def known(programme: Programme, instant: Instant) -> Known:
    with programme.database.read() as connection:
        return state_at(connection, programme.services.rulebook, "m", instant)


class TestStateAt:
    def test_day_by_day(self, either: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
        """Entries count from their instant on, rules from when they were published on; snapshots or not."""
        monkeypatch.setattr(snapshots, "EVERY", 2)
        start = either.clock.now()
        either.publish(COUNTED)
        for number in range(5):
            order(either, number, start + number * DAY)
        either.clock.instant = start + 5 * DAY
        either.publish({**COUNTED, "key": "other"})

        for number in range(5):
            before, then = (known(either, start + number * DAY - one) for one in (1, 0))
            assert (number, number + 1) == (before.state.sequence, then.state.sequence)
            assert ("vip" in then.state.tags) == (number >= 2)
            assert number + 1 == then.state.past["Order Completed"].count
        assert "third" not in known(either, start - 1).index.rules.standing
        assert ["third"] == [*known(either, start + 5 * DAY - 1).index.rules.standing]
        assert ["third", "other"] == [*known(either, start + 5 * DAY).index.rules.standing]

    def test_before_anything_was_told(self, programme: Programme) -> None:
        found = known(programme, 0)

        assert (0, 0) == (found.state.sequence, found.index.rules.revision)
