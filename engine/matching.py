"""The matching that a rule set is decided with: durable-rules, with the reference beside it."""

from collections.abc import Callable, Mapping
from typing import Any

from engine.match import Candidate, Matcher
from engine.rules import Index
from engine.values import MaybeValue


class NetworkMatching:
    """Matches the rules of an index with a network of durable-rules.

    One instance belongs to one thread.
    """

    def __init__(
        self,
        index: Index,
        *,
        sample: int = 0,
        on_difference: Callable[[str, Mapping[str, MaybeValue], list[int], list[int]], Any] | None = None,
    ) -> None:
        """Build the network.

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
        self.matcher = Matcher(candidates, sample=sample, on_difference=on_difference)

    def match(self, topic: str, facts: Mapping[str, MaybeValue]) -> list[int]:
        """Return the places of the true rules of a topic, ascending."""
        first = self._first.get(topic)
        return [] if first is None else [place - first for place in self.matcher.match(topic, facts)]

    def close(self) -> None:
        """Free the network."""
        self.matcher.close()
