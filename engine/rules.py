"""The rules in force at a revision, made ready.

What is common to all members stands in the log as control entries. A rule set
is a fold over them: the same entries give the same rule set on any machine.
"""

from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import msgspec

from engine import canonical
from engine.errors import UnknownVersion
from engine.gates import BEGINNING
from engine.language.catalogue import Catalogue
from engine.language.compiled import Campaign, CompiledRule
from engine.language.ladders import Ladder
from engine.language.predicates import Series
from engine.language.pressure import Pressure
from engine.lunisolar import Lunisolar
from engine.values import MICROSECONDS, Instant
from engine.watch.making import Statistics
from engine.watch.watched import Watched

SETTLE = 60 * MICROSECONDS
"""How long a live absence waits past its due instant for events that are on their way."""

OVERDUE = 24 * 3_600 * MICROSECONDS
"""A message later than this past its due instant is suppressed."""

ControlName = Literal[
    "Rule Published",
    "Rule Paused",
    "Rule Resumed",
    "Definitions Changed",
    "Calendar Changed",
    "Statistics Published",
    "Engine Changed",
]


class Control(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One control entry: something that changes for everybody.

    Attributes:
        revision: 1 for the first, without gaps. An event is decided under the
            revision that was the newest when it was taken in.
        name: What changed.
        at: When, by our clock.
        by: Who.
        body: `Rule Published`: `document`, `version`, `past`, `spread_seconds`, `in_flight`, and
            `approved_by` if a second person has approved it;
            `Rule Paused` / `Rule Resumed`: `key`; `Definitions Changed`: `definitions`, whole;
            `Calendar Changed`: `lunar` (the table), its `digest`, and the version of the zone data.
            `Statistics Published`: `edges`, by score and dimension, decimal text.
            `Engine Changed`: nothing of its own. Whatever the name, `gates` are those that hold from it
            on, and `release` is the one that wrote them; both are left out where they hold already.
        previous: Digest of the entry before it; empty for the first.
    """

    revision: int
    name: ControlName
    at: Instant
    by: str
    body: dict[str, Any]
    previous: str = ""

    def digest(self) -> str:
        """Return the digest that the next entry names."""
        return canonical.digest(msgspec.to_builtins(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a rule stands at a revision.

    Attributes:
        rule: The version in force.
        since_revision: Revision at which it was first published, or last resumed.
        since: When that was. Clocks that ran out before it are not fired
            for members who were there already, unless `past` says so.
        past: What to do with those: `skip`, or `fire`, spread over a time.
        spread: Microseconds over which `fire` is spread.
        paused: Whether triggers are suppressed.
    """

    rule: CompiledRule
    since_revision: int
    since: Instant
    past: Literal["skip", "fire"] = "skip"
    spread: int = 0
    paused: bool = False


class Transfer(NamedTuple):
    """What becomes of members who wait in a version that another has replaced.

    Attributes:
        version: The version that they go to; None if they leave.
        places: Where they wait then, and what follows, by index of the wait; who waits elsewhere leaves.
    """

    version: int | None
    places: dict[int, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules in force at one revision, and the definitions they speak of.

    Attributes:
        revision: 0 for the empty rule set.
        catalogue: Definitions in force.
        standing: Rules by key.
        versions: Every version ever published, by (key, version): waits finish on theirs.
        transfers: What becomes of those who wait in a version, by (key, version), if they don't finish.
        series: Every series that any version ever published reads, by key.
        windowed: Series of which single instants are kept, by key, and for how long back.
        ladders: Levels, made ready, by key of the ladder.
        watched: Scores and segments, made ready, in the order in which they are looked at.
        statistics: Edges of scores, by score and dimension, as published last.
        watched_revision: Revision at which a score, a segment or a `while` rule last changed; 0 for never.
        watched_at: When that was.
        lunisolar: Months of the Chinese calendar.
        pressure: Contact policies, made ready.
        moved_at: When a tag was last merged or retired.
        gates: Behaviours of the engine that are in force.
        campaigns: Campaigns, made ready, by key.
        head: Digest of the newest control entry.
    """

    revision: int = 0
    catalogue: Catalogue = field(default_factory=Catalogue)
    standing: dict[str, Standing] = field(default_factory=dict)
    versions: dict[tuple[str, int], CompiledRule] = field(default_factory=dict)
    transfers: dict[tuple[str, int], Transfer] = field(default_factory=dict)
    series: dict[str, Series] = field(default_factory=dict)
    windowed: dict[str, Instant] = field(default_factory=dict)
    ladders: dict[str, Ladder] = field(default_factory=dict)
    watched: dict[str, Watched] = field(default_factory=dict)
    statistics: Statistics = field(default_factory=dict)
    watched_revision: int = 0
    watched_at: Instant = 0
    lunisolar: Lunisolar = field(default_factory=Lunisolar)
    pressure: Pressure = field(default_factory=Pressure)
    campaigns: dict[str, Campaign] = field(default_factory=dict)
    head: str = ""
    moved_at: Instant = 0
    gates: tuple[str, ...] = (BEGINNING,)

    def version(self, key: str, version: int) -> CompiledRule:
        """Return a version that was published at some time.

        Raises:
            UnknownVersion: If there is none.
        """
        try:
            return self.versions[(key, version)]
        except KeyError as error:
            raise UnknownVersion(f"rule {key!r} has no version {version}") from error
