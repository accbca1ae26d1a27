"""The matchings that a rule set is decided with: durable-rules or the index, with the reference beside it."""

from collections.abc import Mapping
from typing import ClassVar, Final, Literal, TypeAlias

from engine.index import Index
from engine.match import BitmapMatcher, Candidate, Matcher, OnDifference
from engine.values import MaybeValue

MatcherName: TypeAlias = Literal["durable-rules", "index"]


class RuleMatching:
    """Matches the rules of an index. One instance belongs to one thread."""

    name: ClassVar[MatcherName]
    _kind: ClassVar[type[Matcher | BitmapMatcher]]

    def __init__(self, index: Index, *, sample: int = 0, on_difference: OnDifference | None = None) -> None:
        """Make the matcher.

        Args:
            index: The rules in force.
            sample: One in so many answers is compared with the reference; 0 for none.
            on_difference: Told of every difference; the reference's answer is used.
        """
        candidates: list[Candidate] = []
        self._first: dict[str, int] = {}
        for topic, rules in index.by_topic.items():
            self._first[topic] = len(candidates)
            candidates.extend(Candidate(one.rule.key, topic, one.rule.condition) for one in rules)
        self.matcher = self._kind(candidates, sample=sample, on_difference=on_difference)

    @property
    def gave_up(self) -> str | None:
        """Why the network of some topic was given up, if it was."""
        counters = self.matcher.counters
        return counters.last_error if counters.given_up else None

    def match(self, topic: str, facts: Mapping[str, MaybeValue]) -> list[int]:
        """Return the places of the true rules of a topic, ascending."""
        first = self._first.get(topic)
        return [] if first is None else [place - first for place in self.matcher.match(topic, facts)]

    def close(self) -> None:
        """Free what it holds."""
        self.matcher.close()


class NetworkMatching(RuleMatching):
    """Matches with a network of durable-rules; where that can't be had, the index answers."""

    name = "durable-rules"
    _kind = Matcher


class IndexMatching(RuleMatching):
    """Matches with the index in plain Python."""

    name = "index"
    _kind = BitmapMatcher


MATCHINGS: Final[dict[MatcherName, type[RuleMatching]]] = {
    one.name: one for one in (NetworkMatching, IndexMatching)
}
