"""One rule that is true of a member at an instant, with what it may read and ask for."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from engine import canonical
from engine.decision import Need
from engine.events import Event
from engine.index import Index
from engine.language.catalogue import Catalogue
from engine.language.compiled import CompiledRule
from engine.schedule import shift
from engine.state import Enrolment, MemberState, Past
from engine.values import Instant, MaybeValue


class Occasion(NamedTuple):
    """A rule whose condition is true, with what it may read.

    Attributes:
        rule: The version that is asked.
        state: The member at the beginning of the step.
        event: The entry that is decided.
        zone: The member's IANA zone.
        facts: The snapshot that the step read.
        step: Number of the step.
        properties: Properties of the step's event.
        in_force: The rules in force.
        grant: Asks the host for something; None while it is lacking.
        before: The member's history without the step's event.
        lineage: Rules whose effects led here, oldest first.
        wait: The wait that is over, for a rule that goes on.
        nth: How many waits of the same rule the same event has ended before this one.
        won: The rules of this step that fire, by exclusive group, as far as they have been asked.
    """

    rule: CompiledRule
    state: MemberState
    event: Event
    zone: str
    facts: Mapping[str, MaybeValue]
    step: int
    properties: Mapping[str, Any]
    in_force: Index
    grant: Callable[[Need], Any]
    before: Mapping[str, Past]
    lineage: tuple[str, ...] = ()
    wait: Enrolment | None = None
    nth: int = 0
    won: Mapping[str, str] = {}

    @property
    def catalogue(self) -> Catalogue:
        """The definitions in force."""
        return self.in_force.rules.catalogue

    def after(self, action: int) -> Instant | None:
        """Return the instant until which an action's effect lasts, or its wait goes on; None for ever."""
        span = self.rule.spans.get(action)
        return None if span is None else shift(self.event.as_of, *span, self.zone)

    def effect_id(self, action: int, part: str = "") -> str:
        """Return the id of an action's effect, or of a part of it: derived, so the same on replay."""
        return derived_id(
            self.event, self.step, self._name, self.rule.version, f"{action}.{part}" if part else action
        )

    def need_key(self, what: int | str) -> str:
        """Return the name of a need within the entry."""
        return f"{self.step}.{self._name}.{what}"

    @property
    def _name(self) -> str:
        """The rule within the step; a key has no `#`."""
        return f"{self.rule.key}#{self.nth}" if self.nth else self.rule.key


def derived_id(event: Event, step: int, rule: str, version: int, action: int | str) -> str:
    """Return the id of an effect: 32 hexadecimal digits that name its place in the member's log."""
    return canonical.digest([event.member, event.member_sequence, step, rule, version, action])[:32]
