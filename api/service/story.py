"""A member's story told in memory: events in, decisions out, nothing written.

The editor's Try, dry evaluations and the examples of the rule library are all
told by this one teller, with the same functions that decide live events.
"""

import hashlib
import hmac
from collections.abc import Sequence
from typing import Any, NamedTuple

from api.service.calendar import calendar_body, reads_lunar
from engine.decide import Decided, Evaluating, fold
from engine.decision import Decision, Need
from engine.enacting import fold as fold_rules
from engine.events import Event, Kind, Mode
from engine.index import Index
from engine.language.catalogue import Catalogue
from engine.language.document import RuleDocument
from engine.programme.needs import in_vain
from engine.rules import Control, RuleSet
from engine.state import MemberState
from engine.timers import due, fired_event
from engine.values import Instant

_SECRET = b"story"

MAX_ENTRIES = 2_000
"""How many entries a story may have; a schedule over many years would have more."""


class Told(NamedTuple):
    """One event of a story."""

    kind: Kind
    name: str
    properties: dict[str, Any]
    at: Instant
    zone: str | None = None


class Chapter(NamedTuple):
    """One entry of a story and what was decided on it, with the rules that were in force."""

    event: Event
    before: MemberState
    decided: Decided


def rules_of(documents: Sequence[RuleDocument], catalogue: Catalogue) -> Index:
    """Return a rule set of drafts, as if they were published before the story begins.

    Raises:
        InvalidRule: If one of them can't be compiled.
    """
    definitions = catalogue.definitions.model_dump(mode="json", by_alias=True, exclude_none=True)
    controls = [
        Control(revision=1, name="Definitions Changed", at=0, by="try", body={"definitions": definitions})
    ]
    if reads_lunar(documents):
        controls.append(Control(revision=2, name="Calendar Changed", at=0, by="try", body=calendar_body()))
    controls += [
        Control(
            revision=place + len(controls) + 1,
            name="Rule Published",
            at=0,
            by="try",
            body={"document": document.plain(), "version": 1, "past": "skip", "spread_seconds": 0},
        )
        for place, document in enumerate(documents)
    ]
    return Index(fold_rules(controls, RuleSet()))


def tell(
    events: Sequence[Told], index: Index, *, until: Instant | None = None, member: str = "invented"
) -> tuple[list[Chapter], MemberState]:
    """Tell the story of a member who begins with nothing.

    Args:
        events: What happens; told in the order of time.
        index: The rules in force from the beginning.
        until: How far the clock runs on; to the last event by default.
        member: Key of the member.

    Returns:
        Every entry with its decision, timers among them, and the member at the end.
    """
    teller = Teller(MemberState(member=member), index, mode="as-it-was", settle=0)
    for one in sorted(events, key=lambda told: told.at):
        if until is not None and one.at > until:
            break
        teller.clock(one.at, inclusive=False)
        teller.happen(one)
    if until is not None:
        teller.clock(until, inclusive=True)
    return teller.chapters, teller.state


class Teller:
    """Tells a story on from a state."""

    def __init__(self, state: MemberState, index: Index, *, mode: Mode, settle: Instant) -> None:
        """Begin at a state, under rules.

        Args:
            state: The member so far.
            index: The rules in force.
            mode: Mode of the entries.
            settle: How long absences wait past their due instant, in microseconds.
        """
        self.state = state
        self.chapters: list[Chapter] = []
        self._index = index
        self._matching = Evaluating(index)
        self._mode: Mode = mode
        self._settle = settle
        self._supply = Invented()

    def clock(self, until: Instant, *, inclusive: bool) -> None:
        """Let the timers fire that are ripe before an instant, or at it."""
        while len(self.chapters) < MAX_ENTRIES:
            pending = due(self.state, self._index, settle=self._settle)
            if not pending or pending[0].ripe_at > until or (pending[0].ripe_at == until and not inclusive):
                return
            self._take(fired_event(self.state, pending[0], recorded_at=until, mode=self._mode))

    def happen(self, told: Told, *, recorded_at: Instant | None = None) -> None:
        """Let an event happen."""
        at = told.at if recorded_at is None else recorded_at
        self._take(
            Event(
                source="story",
                message_id=f"story-{self.state.sequence + 1}",
                kind=told.kind,
                name=told.name,
                member=self.state.member,
                occurred_at=told.at,
                recorded_at=at,
                as_of=max(at, self.state.as_of),
                mode=self._mode,
                properties=told.properties,
                member_sequence=self.state.sequence + 1,
                zone=told.zone,
            )
        )

    def _take(self, event: Event) -> None:
        before = self.state
        decided = fold(before, event, self._index, self._matching, self._supply)
        self._supply.keep(decided.decision)
        self.state = decided.state
        self.chapters.append(Chapter(event, before, decided))


class Invented:
    """Supplies a story as the host would: codes that are no real ones, pots that begin full."""

    def __init__(self) -> None:
        self._issued = 0
        self._taken: dict[str, int] = {}
        self._needs: dict[str, Need] = {}

    def __call__(self, need: Need) -> Any:
        """Supply a need of the decision that is being made."""
        if need.kind == "code":
            self._issued += 1
            return f"TRY-{self._issued:04}"
        if need.kind == "draw":
            number = hmac.new(_SECRET, need.seed.encode(), hashlib.sha256).hexdigest()
            return {"number": number, "commitment": hashlib.sha256(_SECRET).hexdigest()}
        if need.kind == "member":
            return need.name
        pot = f"{need.kind}/{need.name}"
        taken = self._taken.get(pot, 0) + need.amount
        if taken > (need.limit if need.kind != "once" else 1):
            return False
        self._taken[pot] = taken
        self._needs[need.key] = need
        return True

    def keep(self, decision: Decision) -> None:
        """Take back what a decision was granted for nothing."""
        for key in in_vain(decision, self._needs):
            need = self._needs[key]
            self._taken[f"{need.kind}/{need.name}"] -= need.amount
        self._needs = {}
