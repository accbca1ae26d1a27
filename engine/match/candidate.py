"""What a matcher is given, and what it counts."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.language.predicates import Node


@dataclass(frozen=True, slots=True)
class Candidate:
    """One rule as the matcher sees it.

    Attributes:
        name: The rule's key.
        topic: Name of the event that triggers it.
        condition: What must hold, or None.
    """

    name: str
    topic: str
    condition: Node | None


@dataclass(slots=True)
class Counters:
    """What a matcher has done since it was made.

    Attributes:
        matched: Calls of `match`.
        compared: Calls also answered by the reference.
        disagreements: Of these, those where the reference answered otherwise.
        rebuilt: Networks thrown away and compiled again.
        fallen_back: Messages that the index answered because a network couldn't.
        given_up: Topics that the index has taken over for good.
        last_error: Why, the last time.
    """

    matched: int = 0
    compared: int = 0
    disagreements: int = 0
    rebuilt: int = 0
    fallen_back: int = 0
    given_up: int = 0
    last_error: str | None = None


def by_topic(candidates: Sequence[Candidate]) -> dict[str, dict[int, Node | None]]:
    """Return the conditions of each topic by the candidates' places, ascending."""
    found: dict[str, dict[int, Node | None]] = {}
    for place, one in enumerate(candidates):
        found.setdefault(one.topic, {})[place] = one.condition
    return found
