"""Around deciding: which rules are true of some facts, and what a decision is with all it leads to."""

from collections.abc import Mapping
from typing import Protocol

import msgspec

from engine.decision import Decision
from engine.evaluate import evaluate
from engine.index import Index
from engine.ledger.postings import Record
from engine.state import MemberState
from engine.values import MaybeValue


class Matching(Protocol):
    """Tells which rules of a topic are true of some facts."""

    def match(self, topic: str, facts: Mapping[str, MaybeValue]) -> list[int]:
        """Return the places of the true rules in `Index.by_topic[topic]`, ascending."""
        ...


class Evaluating:
    """The plain matching: every rule of the topic, one after the other."""

    def __init__(self, index: Index) -> None:
        """Match by the rules of an index."""
        self._index = index

    def match(self, topic: str, facts: Mapping[str, MaybeValue]) -> list[int]:
        """Return the places of the true rules of a topic, ascending."""
        rules = self._index.by_topic.get(topic, [])
        return [place for place, one in enumerate(rules) if evaluate(one.rule.condition, facts)]


class Decided(msgspec.Struct, frozen=True):
    """A decision, its canonical bytes, the digest that chains it, the member afterwards, and the books."""

    decision: Decision
    body: bytes
    digest: str
    state: MemberState
    records: list[Record]
