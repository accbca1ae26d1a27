"""zen-engine: a decision table for each event name, compiled once."""

import importlib
from collections.abc import Sequence
from typing import Any

import orjson

from bench.peers.conditions import Json, Names, conjuncts, for_zen, zen_cell
from engine.language.predicates import Test
from engine.match import Candidate

_GROUPS = "groups"
_PLACE = "place"


class ZenTables:
    """Answers as the product's matchers do."""

    def __init__(self, candidates: Sequence[Candidate], names: Names) -> None:
        """Make the tables.

        Args:
            candidates: The rules. Their places here are what `match` returns.
            names: What their facts are called.
        """
        topics: dict[str, list[tuple[int, Candidate]]] = {}
        for place, one in enumerate(candidates):
            topics.setdefault(one.topic, []).append((place, one))
        content = {topic: _decision(some, names) for topic, some in topics.items()}
        zen: Any = importlib.import_module("zen")
        # A decision that the engine loads by key is compiled once; one that is handed in, at each call.
        self._engine = zen.ZenEngine({"loader": {"type": "static", "content": content}})
        self._topics = set(topics)

    def match(self, topic: str, facts: Json) -> list[int]:
        """Return the places of the candidates that hold, ascending."""
        if topic not in self._topics:
            return []
        found: Any = self._engine.evaluate(topic, facts)["result"]
        return [one[_PLACE] for one in found]


def _decision(some: Sequence[tuple[int, Candidate]], names: Names) -> Json:
    rows = [_row(place, one, names) for place, one in some]
    columns = sorted({column for row in rows for column in row} - {_PLACE})
    # A column without a field takes whole expressions.
    inputs = [{"id": one, "name": one, "field": "" if one == _GROUPS else one} for one in columns]
    table = {
        "hitPolicy": "collect",
        "inputs": inputs,
        "outputs": [{"id": _PLACE, "name": _PLACE, "field": _PLACE}],
        "rules": [{"_id": row[_PLACE], **row} for row in rows],
    }
    nodes: list[Json] = [
        {"id": "in", "name": "in", "type": "inputNode", "position": {"x": 0, "y": 0}},
        {"id": "table", "name": "table", "type": "decisionTableNode", "position": {"x": 1, "y": 0}},
        {"id": "out", "name": "out", "type": "outputNode", "position": {"x": 2, "y": 0}},
    ]
    nodes[1]["content"] = table
    edges = [
        {"id": f"{left}-{right}", "type": "edge", "sourceId": left, "targetId": right}
        for left, right in (("in", "table"), ("table", "out"))
    ]
    decision: Json = orjson.loads(orjson.dumps({"nodes": nodes, "edges": edges}))
    return decision


def _row(place: int, one: Candidate, names: Names) -> dict[str, str]:
    tests: dict[str, list[Test]] = {}
    groups: list[str] = []
    for part in conjuncts(one.condition):
        if isinstance(part, Test):
            tests.setdefault(names.of(part.fact), []).append(part)
        else:
            groups.append(for_zen(part, names))
    row = {name: zen_cell(some) for name, some in tests.items()}
    return row | ({_GROUPS: " and ".join(groups)} if groups else {}) | {_PLACE: str(place)}
