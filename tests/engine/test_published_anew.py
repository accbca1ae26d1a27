"""A journey that is published anew while members wait in it."""

from typing import Any

import pytest

from engine.project import project
from tests.engine.test_journeys import SIGNED, days, journey, tag, verified
from tests.support.life import ORDER, Life, Programme, at


class TestPublishedAnew:
    """A new version while members wait: they finish on the old one, go to their step in the new, or leave."""

    OLD = (days(5), tag("a"), {"type": "wait", "for": {"days": 5}, "id": "second"}, tag("b"))
    NEW = (tag("d"), {"type": "wait", "for": {"days": 9}, "id": "second"}, tag("c"))

    def lived(self, published: str, in_flight: str | None, *then: dict[str, Any], **said: Any) -> Life:
        programme = Programme()
        programme.publish(journey(*self.OLD))
        life = Life(programme=programme)
        life.track("2026-01-01", SIGNED)
        life.until(published)
        body = {"in_flight": in_flight} if in_flight else {}
        programme.publish(journey(*then or self.NEW, **said), at(published), **body)
        life.until("2026-02-01")
        return verified(life)

    @pytest.mark.parametrize("in_flight", [None, "finish"])
    def test_finish_on_the_old_version(self, in_flight: str | None) -> None:
        """What a member was promised stays."""
        assert ["add_tag a", "add_tag b"] == self.lived("2026-01-07", in_flight).what

    def test_move_by_the_name_of_the_step(self) -> None:
        """A named step is found wherever it stands, and its instant stays."""
        life = self.lived("2026-01-07", "move")

        assert [("2026-01-06T00:00:00Z", "add_tag a"), ("2026-01-11T00:00:00Z", "add_tag c")] == life.effects
        assert ("r", "moved", "rule-changed") in life.results

    def test_move_by_the_place_of_the_step(self) -> None:
        """One without a name is found where it stood, if a wait of its kind stands there."""
        assert ["add_tag c"] == self.lived("2026-01-02", "move", days(1), tag("c")).what

    def test_a_step_that_is_gone_is_left(self) -> None:
        """Who waits where nothing waits any more is out of the rule."""
        life = self.lived("2026-01-02", "move")

        assert [] == life.what
        assert ("r", "exited", "rule-changed") in life.results

    def test_leave(self) -> None:
        """Everybody leaves."""
        life = self.lived("2026-01-07", "leave")

        assert ["add_tag a"] == life.what
        assert [] == life.state.enrolments

    def test_is_done_at_the_next_entry_of_the_member(self) -> None:
        """An event before the wait is over finds the member in the new version already."""
        programme = Programme()
        programme.publish(journey(*self.OLD))
        life = Life(programme=programme)
        life.track("2026-01-01", SIGNED)
        life.until("2026-01-07")
        leaving = {"type": "event", "event": ORDER}
        programme.publish(journey(*self.NEW, exit=leaving), at("2026-01-07"), in_flight="move")
        life.track("2026-01-08")
        life.until("2026-02-01")

        assert ["add_tag a"] == verified(life).what
        assert ("r", "exited", "exit-event") == life.results[-1]

    def test_versions_follow_each_other(self) -> None:
        """Who hasn't been sent on yet goes through every version in between."""
        programme = Programme()
        programme.publish(journey(days(5), tag("a")))
        life = Life(programme=programme)
        life.track("2026-01-01", SIGNED)
        programme.publish(journey(days(5), tag("b")), at("2026-01-02"), in_flight="move")
        programme.publish(journey(days(5), tag("c")), at("2026-01-03"), in_flight="move")
        programme.publish(journey(days(5), tag("d")), at("2026-01-04"))
        life.until("2026-02-01")

        assert ["add_tag c"] == verified(life).what

    def test_projecting_equals_deciding(self) -> None:
        """The recorded outcomes alone lead to the same state."""
        programme = Programme()
        programme.publish(journey(*self.OLD))
        life = Life(programme=programme)
        life.track("2026-01-01", SIGNED)
        programme.publish(journey(*self.OLD[:2]), at("2026-01-02"), in_flight="move")
        before, index = life.state, programme.index
        life.until("2026-01-06")
        event, decided = life.decided[-1]

        assert decided.state == project(before, event, decided.decision, index, chain=decided.digest)
