"""A member on a ladder, told in tests: events, reviews when they are due, levels set by hand."""

from typing import Any, NamedTuple

from engine.effects import ChangeTier
from engine.events import Event
from engine.index import Index
from engine.language.catalogue import Catalogue
from engine.language.definitions import Definitions
from engine.language.ladders import Ladder, compile_ladders
from engine.observing import observe
from engine.programme.tiers import Change, level_after, move, review, set_level
from engine.rules import RuleSet
from engine.schedule import longest
from engine.state import Level, MemberState, changed
from engine.values import Instant, instant_text, parse_instant
from tests.support.life import ORDER

SHANGHAI, NEW_YORK = "Asia/Shanghai", "America/New_York"


def tiers(**reached_at: str) -> list[dict[str, Any]]:
    return [
        {"key": key, "name": {"en": key}, "reached_at": threshold} for key, threshold in reached_at.items()
    ]


def definition(**said: Any) -> dict[str, Any]:
    """Return a ladder by spend over 365 days, with what isn't said filled in."""
    base: dict[str, Any] = {
        "key": "tier",
        "name": {"en": "Levels", "zh-Hans": "等级"},
        "measure": "sum",
        "period": "rolling",
        "tiers": tiers(silver="100", gold="300", black="1000"),
    }
    if said.get("period", "rolling") == "rolling":
        base["within"] = {"days": 365}
    return base | said


def compiled(**said: Any) -> Ladder:
    return compile_ladders(Catalogue(Definitions.model_validate({"ladders": [definition(**said)]})))["tier"]


class Changed(NamedTuple):
    """One change of level, and when it was."""

    at: Instant
    change: Change


class Climb:
    """One member, and every change of level."""

    def __init__(self, zone: str = SHANGHAI, **said: Any) -> None:
        self.ladder = compiled(**said)
        self.zone = zone
        self.state = MemberState(member="m1")
        self.changes: list[Changed] = []
        series = {one.series.key: one.series for one in self.ladder.figures}
        windowed = {
            one.series.key: longest(*one.within) for one in self.ladder.figures if one.within is not None
        }
        self._index = Index(RuleSet(revision=1, series=series, windowed=windowed))

    def take(self, at: Instant, name: str = ORDER, occurred_at: Instant | None = None, **told: Any) -> None:
        """Let something happen; reviews due before it come first, one due at the instant after it."""
        self.clock(at - 1)
        self.state = observe(
            self.state,
            Event(
                source="test",
                message_id=f"e{self.state.sequence + 1}",
                kind="track",
                name=name,
                member="m1",
                occurred_at=at if occurred_at is None else occurred_at,
                recorded_at=at,
                as_of=at,
                properties=told,
                member_sequence=self.state.sequence + 1,
            ),
            self._index,
        )
        change = move(self.ladder, self.state, at, self.zone)
        if change is not None:
            self._apply(change, at)

    def track(self, when: str, name: str = ORDER, *, occurred: str | None = None, **told: Any) -> "Climb":
        self.take(
            parse_instant(when), name, parse_instant(occurred) if occurred is not None else None, **told
        )
        return self

    def spend(self, when: str, total: int | str) -> "Climb":
        return self.track(when, total=total, currency="CNY")

    def clock(self, until: Instant) -> None:
        """Let time pass; a review at the instant itself is done."""
        while self.level.until is not None and self.level.until <= until:
            at = self.level.until
            self._apply(review(self.ladder, self.state, at, self.zone), at)

    def until(self, when: str) -> "Climb":
        self.clock(parse_instant(when))
        return self

    def put(self, when: str, tier: str | None, until: str | None = None) -> "Climb":
        """Let a person set the level."""
        at = parse_instant(when)
        self.clock(at - 1)
        end = parse_instant(until) if until is not None else None
        self._apply(set_level(self.ladder, self.state, tier, at, self.zone, end), at)
        return self

    def named(self, **attributes: Any) -> "Climb":
        self.state = changed(self.state, attributes=attributes)
        return self

    @property
    def level(self) -> Level:
        return self.state.levels.get("tier", Level(None, 0))

    @property
    def told(self) -> list[tuple[str, str, str | None]]:
        """Every change: instant in UTC, how, and the level it leads to."""
        return [(instant_text(one.at), one.change.how, one.change.tier) for one in self.changes]

    def _apply(self, change: Change, at: Instant) -> None:
        assert change.before == self.level.tier
        effect = ChangeTier(id="", action=0, **change._asdict())
        level = level_after(effect, self.state, at, self.ladder, self.zone)
        self.changes.append(Changed(at, change))
        self.state = changed(self.state, levels={"tier": level})
