"""What is watched at a revision, and which events, and which parts of a member, may change it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from engine.language.predicates import Figure, Group, Node, events_of, facts
from engine.language.tags import Taxonomy
from engine.reading import Reading
from engine.state import POINTS_AGE
from engine.values import MICROSECONDS, Instant
from engine.watch.scoring import Scoring

SPREAD: Final = 3_600 * MICROSECONDS
"""Over which time members are brought up to date whom a new or changed segment concerns."""

PARTS: Final = ("attributes", "tags", "books", "levels", "memberships", "consent")
"""Parts of a state that a condition may read; they are compared by identity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """One segment, score or `while` rule.

    Attributes:
        kind: `score`, `segment` or `while`.
        name: Key of the segment, the score or the rule.
        since_revision: Revision at which it was defined, or last changed.
        node: The condition; None for a score.
        figures: What it reads of the history.
        scoring: The score, for one.
        by_clock: Whether it can change without an event.
        fires: For a `while` rule: whether members of whom it is true already fire when it is published.
        spread: Microseconds over which members are brought up to date after it changed.
    """

    kind: Literal["score", "segment", "while"]
    name: str
    since_revision: int
    node: Node | None = None
    figures: tuple[Figure, ...] = ()
    scoring: Scoring | None = None
    by_clock: bool = True
    fires: bool = False
    spread: int = SPREAD

    @property
    def key(self) -> str:
        """Under which the state keeps when it may change."""
        return f"{self.kind}:{self.name}"


class Watch:
    """Everything that is watched, in the order in which it is looked at.

    Scores come first, then segments (each after those that it reads), then
    `while` rules. A set of them is a whole number: bit `n` is the n-th.

    Attributes:
        items: What is watched.
        keys: Its keys.
        readings: What each reads, made ready.
        by_event: Those that an event of a name may change.
        by_part: Those that read a part of the state, in the order of `PARTS`.
        by_zone: Those that read the calendar or a window, which a move to another zone may change.
        readers: Those that read a segment (`segment:<key>`) or a score (`score:<key>`).
        revision: Revision at which anything of it was last changed.
        since: When that was.
        lists: Keys of the segments that are lists.
        paused: Keys of `while` rules that are paused; what they hold stays as it is.
    """

    def __init__(
        self,
        items: Sequence[Watched],
        *,
        revision: int,
        since: Instant,
        lists: Iterable[str],
        paused: Iterable[str] = (),
        taxonomy: Taxonomy | None = None,
    ) -> None:
        """Make the look-ups."""
        self.items = tuple(items)
        self.keys = frozenset(one.key for one in self.items)
        self.revision = revision
        self.since = since
        self.lists = frozenset(lists)
        self.paused = frozenset(paused)
        self.readings = [Reading(facts(one.node), one.figures, taxonomy) for one in self.items]
        self.by_event: dict[str, int] = {}
        self.readers: dict[str, int] = {}
        self.by_zone = 0
        parts = dict.fromkeys(PARTS, 0)
        for place, one in enumerate(self.items):
            bit = 1 << place
            for name in _events(one.figures):
                self.by_event[name] = self.by_event.get(name, 0) | bit
            if one.by_clock:
                self.by_zone |= bit
            for path in facts(one.node):
                self._reads(path.removeprefix("member."), bit, parts)
            for key in _segments(one.node):
                self.readers[f"segment:{key}"] = self.readers.get(f"segment:{key}", 0) | bit
        self.by_part = tuple(parts[name] for name in PARTS)

    def _reads(self, name: str, bit: int, parts: dict[str, int]) -> None:
        scope, _, rest = name.partition(".")
        if scope == "rfm":
            score = f"score:{rest.rpartition('.')[0]}"
            self.readers[score] = self.readers.get(score, 0) | bit
        elif name in {"tags", "memberships"}:
            parts[name] |= bit
        elif scope == "consent":
            parts["consent"] |= bit
        elif name in {"points", POINTS_AGE} or scope == "balance":
            parts["books"] |= bit
        elif scope == "level":
            parts["levels"] |= bit
        elif scope not in {"calendar", "segments"}:
            parts["attributes"] |= bit
            if name == "tier":
                parts["levels"] |= bit

    @property
    def everything(self) -> int:
        """All of it, as a set."""
        return (1 << len(self.items)) - 1

    def since_then(self, seen: int) -> int:
        """Return what was defined or changed after a revision."""
        return sum(1 << place for place, one in enumerate(self.items) if one.since_revision > seen)

    def due(self, looks: Mapping[str, Instant], as_of: Instant) -> int:
        """Return what may have changed by the clock alone by an instant."""
        return sum(
            1 << place for place, one in enumerate(self.items) if looks.get(one.key, as_of + 1) <= as_of
        )


def _events(figures: Iterable[Figure]) -> Iterable[str]:
    for figure in figures:
        yield from events_of(figure.series)


def _segments(node: Node | None) -> list[str]:
    """Return the keys of the segments that a compiled condition asks about."""
    if isinstance(node, Group):
        return [key for part in node.of for key in _segments(part)]
    if node is None or node.fact != "member.segments":
        return []
    return [str(one) for one in node.operand] if isinstance(node.operand, list) else [str(node.operand)]
