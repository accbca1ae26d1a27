"""Which rules an event triggers: the two matchers, and the reference behind the same interface."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeAlias

from engine.errors import EngineError
from engine.evaluate import evaluate
from engine.match.bitmap import BitmapTopic
from engine.match.candidate import Candidate, Counters, by_topic
from engine.match.columns import Facts
from engine.match.topic import Topic

OnDifference: TypeAlias = Callable[[str, Facts, list[int], list[int]], None]
"""Told of topic, facts, what the reference answered, and what the matcher did."""


class Matching(Protocol):
    """What decides which candidates an event triggers."""

    counters: Counters

    def match(self, topic: str, facts: Facts) -> list[int]:
        """Return the indices of the candidates that hold, in ascending order."""
        ...

    def close(self) -> None:
        """Give back what it holds."""
        ...


class MatcherClosed(EngineError):
    """A matcher was asked after it was closed."""


class _Topic(Protocol):
    def match(self, facts: Facts) -> list[int]: ...

    def expected(self, facts: Facts) -> list[int]: ...


class _Sampled:
    """Answers from topics that were made ready, now and then compared with the reference."""

    def __init__(
        self,
        topics: Mapping[str, _Topic],
        counters: Counters,
        sample: int,
        on_difference: OnDifference | None,
    ) -> None:
        self.counters = counters
        self._topics = topics
        self._sample = sample
        self._on_difference = on_difference
        self._closed = False

    def match(self, topic: str, facts: Facts) -> list[int]:
        """Return which candidates an event triggers.

        Args:
            topic: The event's name.
            facts: Values by fact key; a key that isn't there is a missing fact.

        Returns:
            Indices into the candidates, ascending.

        Raises:
            MatcherClosed: If it was closed.
        """
        if self._closed:
            raise MatcherClosed("this matcher was closed; make a new one")
        self.counters.matched += 1
        known = self._topics.get(topic)
        if known is None:
            return []
        found = known.match(facts)
        if self._sample and self.counters.matched % self._sample == 0:
            return self._compared(known, topic, facts, found)
        return found

    def close(self) -> None:
        """Give back what it holds. Closing twice does nothing."""
        self._closed = True

    def _compared(self, known: _Topic, topic: str, facts: Facts, found: list[int]) -> list[int]:
        self.counters.compared += 1
        expected = known.expected(facts)
        if expected != found:
            self.counters.disagreements += 1
            if self._on_difference is not None:
                self._on_difference(topic, facts, expected, found)
        return expected


class Matcher(_Sampled):
    """Matches many conditions at once with durable-rules.

    Not thread-safe: one per thread. Made after a fork, not before it. It raises
    nothing of the extension's: a network that fails is built again once, then
    the index answers in its place, and `counters` tell.

    Attributes:
        counters: What it has done.
    """

    def __init__(
        self, candidates: Sequence[Candidate], *, sample: int = 0, on_difference: OnDifference | None = None
    ) -> None:
        """Compile.

        Args:
            candidates: The rules in force. Their places here are what `match` returns.
            sample: Every how many calls the reference is asked too; 0 for never.
            on_difference: Told when it answers otherwise. Its answer is what counts.
        """
        counters = Counters()
        self._networks = {name: Topic(some, counters) for name, some in by_topic(candidates).items()}
        super().__init__(self._networks, counters, sample, on_difference)

    @property
    def shards(self) -> int:
        """How many networks there are."""
        return sum(len(topic.shards) for topic in self._networks.values())

    def close(self) -> None:
        """Give back the networks' memory. Closing twice does nothing."""
        super().close()
        for topic in self._networks.values():
            topic.close()

    def _compared(self, known: _Topic, topic: str, facts: Facts, found: list[int]) -> list[int]:
        expected = super()._compared(known, topic, facts, found)
        if expected != found:
            self._networks[topic].forget()
        return expected


class BitmapMatcher(_Sampled):
    """Matches many conditions at once with an index in plain Python.

    Attributes:
        counters: What it has done; nothing is ever built again, given up or an error.
    """

    def __init__(
        self, candidates: Sequence[Candidate], *, sample: int = 0, on_difference: OnDifference | None = None
    ) -> None:
        """Make the index.

        Args:
            candidates: The rules in force. Their places here are what `match` returns.
            sample: Every how many calls the reference is asked too; 0 for never.
            on_difference: Told when it answers otherwise. Its answer is what counts.
        """
        topics = {name: BitmapTopic(some) for name, some in by_topic(candidates).items()}
        super().__init__(topics, Counters(), sample, on_difference)


class ReferenceMatcher:
    """The same answers in plain Python, one condition after the other.

    Attributes:
        counters: Only `matched` ever grows.
    """

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        """Group the candidates by topic.

        Args:
            candidates: The rules in force. Their places here are what `match` returns.
        """
        self.counters = Counters()
        self._topics = by_topic(candidates)

    def match(self, topic: str, facts: Facts) -> list[int]:
        """Return which candidates an event triggers, as `Matcher.match` does."""
        self.counters.matched += 1
        conditions = self._topics.get(topic, {})
        return [place for place, condition in conditions.items() if evaluate(condition, facts)]

    def close(self) -> None:
        """Do nothing: it holds nothing."""
