"""The rules in force, by revision, ready to decide by.

Rule sets are folded from the control entries once and kept; a matching belongs
to the thread that made it, because the network it stands on does.
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import structlog

from engine.decide import Evaluating, Matching
from engine.matching import NetworkMatching
from engine.rules import Control, Index, RuleSet, fold
from engine.values import MaybeValue

_log = structlog.get_logger(__name__)
MAX_NETWORKS = 8
"""How many revisions' networks a replaying thread keeps; most entries stand under few."""

Difference = Callable[[str, Mapping[str, MaybeValue], list[int], list[int]], Any]


class Rulebook:
    """Every rule set that has been in force, from the first revision to the newest."""

    def __init__(self, *, sample: int = 0, on_difference: Difference | None = None) -> None:
        """Begin with the empty rule set.

        Args:
            sample: One in so many answers of a network is compared with the reference.
            on_difference: Told of every difference.
        """
        self._sample = sample
        self._on_difference = on_difference
        self._lock = threading.Lock()
        self._indexes: dict[int, Index] = {0: Index(RuleSet())}
        self._newest = 0
        self._distrusted = ""
        self._networks = threading.local()

    def distrust(self, reason: str) -> None:
        """Let the reference decide from now on: networks have proved unsafe here (ruling 25)."""
        self._distrusted = reason
        _log.error("networks_not_used", reason=reason)

    @property
    def distrusted(self) -> str:
        """Why networks aren't used, or empty."""
        return self._distrusted

    @property
    def newest(self) -> int:
        """The newest revision that is known here."""
        return self._newest

    def learn(self, controls: Iterable[Control]) -> None:
        """Fold in control entries that follow the newest revision; known ones are passed over."""
        with self._lock:
            for control in controls:
                if control.revision <= self._newest:
                    continue
                rules = fold([control], self._indexes[self._newest].rules)
                self._indexes[control.revision] = Index(rules)
                self._newest = control.revision

    def index(self, revision: int | None = None) -> Index:
        """Return the rules in force at a revision; the newest by default."""
        return self._indexes[self._newest if revision is None else revision]

    def network(self) -> Matching:
        """Return this thread's network for the newest rules."""
        kept: tuple[int, NetworkMatching] | None = getattr(self._networks, "kept", None)
        if kept is not None and kept[0] == self._newest and not self._distrusted:
            return kept[1]
        if kept is not None:
            kept[1].close()
            self._networks.kept = None
        if self._distrusted:
            return Evaluating(self.index())
        network = NetworkMatching(self.index(), sample=self._sample, on_difference=self._on_difference)
        self._networks.kept = (self._newest, network)
        return network

    def replayer(self, revision: int) -> tuple[Index, Matching]:
        """Return the rules at a revision with a network of their own, for deciding much again."""
        networks: dict[int, NetworkMatching] = self._networks.__dict__.setdefault("by_revision", {})
        index = self.index(revision)
        if revision not in networks:
            if len(networks) >= MAX_NETWORKS:
                networks.pop(next(iter(networks))).close()
            networks[revision] = NetworkMatching(
                index, sample=self._sample, on_difference=self._on_difference
            )
        return index, networks[revision]

    def decider(self, revision: int) -> tuple[Index, Matching]:
        """Return the rules at a revision with the reference matching, for deciding again."""
        index = self.index(revision)
        return index, Evaluating(index)
