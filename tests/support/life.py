"""A member's life under rules, told in tests: entries go through the same functions as live ones."""

from collections.abc import Callable
from typing import Any

import msgspec

from engine.decide import Decided, Evaluating, fold
from engine.decision import Need
from engine.effects import StartWait, TakeBranch
from engine.enacting import fold as fold_rules
from engine.events import MEMBER_IDENTIFIED, MEMBERS_MERGED, Event, Kind, Mode
from engine.index import Index
from engine.language.definitions import Definitions
from engine.language.parse import parse_rule
from engine.programme.merging import merge_properties
from engine.replay import Logged, MemberReport, noteworthy, replay
from engine.rules import SETTLE, Control, ControlName, RuleSet
from engine.state import MemberState
from engine.timers import due, fired_event
from engine.values import Instant, instant_text, parse_instant

ORDER = "Order Completed"


def at(text: str) -> Instant:
    """Read `2026-03-01`, `2026-03-01 10:00` (both UTC) or a whole RFC 3339 instant."""
    if len(text) == len("2026-03-01"):
        return parse_instant(f"{text}T00:00:00Z")
    if len(text) == len("2026-03-01 10:00"):
        return parse_instant(f"{text.replace(' ', 'T')}:00Z")
    return parse_instant(text)


def rule(**said: Any) -> dict[str, Any]:
    """Return a rule document with what isn't said filled in."""
    base: dict[str, Any] = {
        "key": "r",
        "name": {"en": "A rule", "zh-Hans": "规则"},
        "when": {"type": "event", "event": ORDER},
        "then": [{"type": "award_points", "points": 10}],
    }
    return base | said


class Programme:
    """Control entries, one after the other, and the rule set after each."""

    def __init__(self, definitions: dict[str, Any] | None = None) -> None:
        self.controls: list[Control] = []
        self.indexes: dict[int, Index] = {0: Index(RuleSet())}
        if definitions is not None:
            whole = Definitions.model_validate(definitions).model_dump(
                mode="json", by_alias=True, exclude_none=True
            )
            self.add("Definitions Changed", {"definitions": whole})

    def add(self, name: ControlName, body: dict[str, Any], when: Instant = 0) -> Index:
        before = self.index.rules
        control = Control(
            revision=before.revision + 1, name=name, at=when, by="test", body=body, previous=before.head
        )
        self.controls.append(control)
        self.indexes[control.revision] = Index(fold_rules([control], before))
        return self.index

    def publish(self, document: dict[str, Any], when: Instant = 0, **body: Any) -> Index:
        parsed = parse_rule(document)
        versions = [one for one in self.index.rules.versions if one[0] == parsed.key]
        said = {"document": parsed.plain(), "version": len(versions) + 1, "past": "skip", "spread_seconds": 0}
        return self.add("Rule Published", said | body, when)

    @property
    def index(self) -> Index:
        """The rules in force now."""
        return self.indexes[max(self.indexes)]

    def decider(self, revision: int) -> tuple[Index, Evaluating]:
        """The rules at a revision, as replay asks for them."""
        return self.indexes[revision], Evaluating(self.indexes[revision])


class Life:
    """One member, and everything that was decided."""

    def __init__(
        self,
        *documents: dict[str, Any],
        programme: Programme | None = None,
        member: str = "m1",
        supply: Callable[[Need], Any] | None = None,
    ) -> None:
        self.programme = programme or Programme()
        for document in documents:
            self.programme.publish(document)
        self.state = MemberState(member=member)
        self.logged: list[Logged] = []
        self.decided: list[tuple[Event, Decided]] = []
        self.joined: list[Life] = []
        self._supply = supply or self._granted
        self._codes = 0

    def _granted(self, need: Need) -> Any:
        self._codes += 1
        return f"CODE{self._codes}" if need.kind == "code" else True

    def track(
        self,
        when: str,
        event: str = ORDER,
        *,
        occurred: str | None = None,
        mode: Mode = "live",
        kind: Kind = "track",
        zone: str | None = None,
        **properties: Any,
    ) -> Decided:
        """Let an event reach us at an instant; timers ripe before it fire first."""
        recorded_at = at(when)
        self.clock(recorded_at, inclusive=False, mode=mode)
        return self._take(
            Event(
                source="test",
                message_id=f"e{self.state.sequence + 1}",
                kind=kind,
                name=event,
                member=self.state.member,
                occurred_at=at(occurred) if occurred is not None else recorded_at,
                recorded_at=recorded_at,
                as_of=max(recorded_at, self.state.as_of),
                mode=mode,
                properties=properties,
                member_sequence=self.state.sequence + 1,
                zone=zone,
            )
        )

    def merge(self, when: str, other: "Life", *, mode: Mode = "live") -> Decided:
        """Make another member a part of this one; what is ripe before fires for each of them first."""
        recorded_at = at(when)
        for life in (self, other):
            life.clock(recorded_at, inclusive=False, mode=mode)
        self.joined.append(other)
        return self._take(
            Event(
                source="test",
                message_id=f"m{self.state.sequence + 1}",
                kind="merge",
                name=MEMBERS_MERGED,
                member=self.state.member,
                occurred_at=recorded_at,
                recorded_at=recorded_at,
                as_of=max(recorded_at, self.state.as_of, other.state.as_of),
                mode=mode,
                properties=merge_properties(other.state, by="test", reason="the same person"),
                member_sequence=self.state.sequence + 1,
            ),
            other.state,
        )

    def replayed(self) -> MemberReport:
        """Decide the log again, with the logs that merges ended."""
        lives = {one.state.member: one for one in self.joined}
        upto = self.programme.index
        return replay(
            self.state.member,
            self.logged,
            self.programme.decider,
            upto=upto,
            absorbed=lambda key: lives[key].replayed(),
        )

    def identify(self, when: str, *, zone: str | None = None, **traits: Any) -> Decided:
        """Let attributes of the member be told."""
        return self.track(when, MEMBER_IDENTIFIED, kind="identify", zone=zone, **traits)

    def until(self, when: str, *, mode: Mode = "live", seen: str | None = None) -> "Life":
        """Let time pass; `seen` is when the worker looks, if it is late."""
        self.clock(at(when), inclusive=True, mode=mode, recorded_at=at(seen) if seen is not None else None)
        return self

    def clock(
        self, until: Instant, *, inclusive: bool, mode: Mode = "live", recorded_at: Instant | None = None
    ) -> None:
        while True:
            pending = due(self.state, self.programme.index, settle=SETTLE if mode == "live" else 0)
            if not pending or pending[0].ripe_at > until or (pending[0].ripe_at == until and not inclusive):
                return
            seen = pending[0].ripe_at if recorded_at is None else recorded_at
            self._take(fired_event(self.state, pending[0], recorded_at=seen, mode=mode))

    def _take(self, event: Event, absorbed: MemberState | None = None) -> Decided:
        index = self.programme.index
        decided = fold(self.state, event, index, Evaluating(index), self._supply, "content", absorbed)
        self.state = decided.state
        self.decided.append((event, decided))
        self.logged.append(
            Logged(
                sequence=len(self.logged) + 1,
                event=msgspec.json.decode(msgspec.json.encode(event), type=Event),  # as a log gives it back
                revision=index.rules.revision,
                content="content",
                digest=decided.digest,
                body=decided.body if noteworthy(decided.decision) else None,
            )
        )
        return decided

    @property
    def effects(self) -> list[tuple[str, str]]:
        """Every effect so far, as (instant, what), waits left out."""
        return [
            (instant_text(event.as_of), _words(msgspec.to_builtins(effect)))
            for event, decided in self.decided
            for effect in decided.decision.effects
            if not isinstance(effect, StartWait | TakeBranch)
        ]

    @property
    def what(self) -> list[str]:
        """Every effect so far, without instants."""
        return [what for _, what in self.effects]

    @property
    def results(self) -> list[tuple[str, str, str]]:
        """Every rule's outcome so far, as (rule, result, reason)."""
        return [
            (one.rule, one.result, one.reason)
            for _, decided in self.decided
            for one in decided.decision.outcomes
        ]


def _words(effect: dict[str, Any]) -> str:
    for name in ("tag", "points", "coupon", "template", "endpoint"):
        if name in effect:
            suppressed = " suppressed" if effect.get("suppressed") else ""
            return f"{effect['type']} {effect[name]}{suppressed}"
    return str(effect["type"])
