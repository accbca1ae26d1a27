"""What is found: a conflict between rules, and the invented member and timeline that prove it."""

from typing import Final, Literal

import msgspec

from engine.decision import Decision
from engine.events import Event
from engine.state import MemberState
from engine.values import Instant

Kind = Literal["stack", "contradict", "shadow", "loop"]
Code = Literal["coupons", "factors", "tag", "tag-group", "level", "same", "claimed", "outdone", "circle"]

KINDS: Final[dict[Code, Kind]] = {
    "coupons": "stack",
    "factors": "stack",
    "tag": "contradict",
    "tag-group": "contradict",
    "level": "contradict",
    "same": "shadow",
    "claimed": "shadow",
    "outdone": "shadow",
    "circle": "loop",
}
"""What kind of conflict each finding is."""


class Chapter(msgspec.Struct, frozen=True):
    """One entry of a witness's log and what the engine decided on it.

    Attributes:
        event: The entry.
        before: The member before it.
        decision: What was decided.
    """

    event: Event
    before: MemberState
    decision: Decision


class Witness(msgspec.Struct, frozen=True, kw_only=True):
    """An invented member whose log, decided from nothing under the rules, shows a conflict.

    Attributes:
        member: Key of the member.
        at: The instant at which the rules get in each other's way.
        chapters: The whole log. Entries with the mode `facts-only` are history from before the rules.
        moment: Places of the chapters in which the conflict shows.
    """

    member: str
    at: Instant
    chapters: tuple[Chapter, ...]
    moment: tuple[int, ...]


class Conflict(msgspec.Struct, frozen=True, kw_only=True):
    """Rules that get in each other's way.

    Attributes:
        code: What was found.
        rules: Keys of the rules. Of `claimed` and `outdone`, the one that always wins goes first; of a
            `circle`, they stand in the order in which they set each other off.
        about: What it is about: `tag`, `other_tag`, `ladder`, `coupon`, `other_coupon`, `unit`, `property`.
        actions: Index of the action of each rule that it is about, in the order of `rules`; None where it
            is about the whole rule.
        witness: Who shows it.
    """

    code: Code
    rules: tuple[str, ...]
    about: dict[str, str]
    actions: tuple[int | None, ...]
    witness: Witness

    @property
    def kind(self) -> Kind:
        """What kind of conflict it is."""
        return KINDS[self.code]


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What looking for conflicts came to.

    Attributes:
        conflicts: Each of them confirmed.
        looked: How many cases were looked at: pairs, and circles, whose effects touch each other.
        apart: How many can't come together: no facts make all their conditions true at one moment.
        held: How many come together, but limits, budgets or the till hold one of them back.
        given_up: Rules of those that couldn't be decided; no alarm is raised for them.
    """

    conflicts: tuple[Conflict, ...]
    looked: int
    apart: int
    held: int
    given_up: tuple[tuple[str, ...], ...]
