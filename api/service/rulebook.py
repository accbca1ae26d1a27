"""The rules in force, by revision, ready to decide by.

Of the rule sets that were in force some are kept, and the others are folded
again from the control entries when they are asked for, so that a thousand
publications cost little memory. A matching belongs to the thread that made it,
because the network it stands on does.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable
from typing import Final

import structlog
from prometheus_client import Gauge

from engine.decide import Evaluating, Matching
from engine.enacting import fold
from engine.index import Index
from engine.match import OnDifference, is_available
from engine.matching import MATCHINGS, MatcherName, RuleMatching
from engine.rules import Control, RuleSet

_log = structlog.get_logger(__name__)
_MARK_EVERY: Final = 32
_INDEXES_KEPT: Final = 64
MAX_MATCHINGS = 8
"""How many revisions' matchings a replaying thread keeps; most entries stand under few."""

SERVING: Final = Gauge("regulars_matcher", "1 for the matcher that decides", ["matcher"])


class Rulebook:
    """Every rule set that has been in force, from the first revision to the newest."""

    def __init__(
        self,
        *,
        sample: int = 0,
        on_difference: OnDifference | None = None,
        matcher: MatcherName = "durable-rules",
    ) -> None:
        """Begin with the empty rule set.

        Args:
            sample: One in so many answers of a matcher is compared with the reference.
            on_difference: Told of every difference.
            matcher: Which matcher decides, as long as it can be had and is sound.
        """
        self._sample = sample
        self._on_difference = on_difference
        self._matcher: MatcherName = matcher
        self._lock = threading.Lock()
        self._controls: list[Control] = []
        self._current = Index(RuleSet())
        self._indexes: OrderedDict[int, Index] = OrderedDict()
        self._marks: dict[int, RuleSet] = {0: self._current.rules}
        self._distrusted = ""
        self._kept = threading.local()
        if matcher == "durable-rules" and not is_available():
            self._matcher = "index"
            _log.warning("index_matches", reason="the extension durable_rules_engine can't be imported")

    def distrust(self, reason: str) -> None:
        """Let the index decide from now on: networks have proved unsafe here (ruling 25)."""
        self._distrusted = reason
        self._matcher = "index"
        _log.error("networks_not_used", reason=reason, instead=self._matcher)

    @property
    def distrusted(self) -> str:
        """Why networks aren't used any more, or empty."""
        return self._distrusted

    @property
    def matcher(self) -> MatcherName:
        """Which matcher decides now."""
        return self._matcher

    @property
    def newest(self) -> int:
        """The newest revision that is known here."""
        return self._current.rules.revision

    @property
    def controls(self) -> list[Control]:
        """Every control entry that is known here, in order."""
        return self._controls

    def learn(self, controls: Iterable[Control]) -> None:
        """Fold in control entries that follow the newest revision; known ones are passed over."""
        with self._lock:
            new = [control for control in controls if control.revision > self.newest]
            rules, marks, left = self._current.rules, {}, new
            while left:
                some = _MARK_EVERY - rules.revision % _MARK_EVERY
                rules, left = fold(left[:some], rules), left[some:]
                if rules.revision % _MARK_EVERY == 0:
                    marks[rules.revision] = rules
            if new:
                self._controls += new
                self._marks |= marks
                self._current = Index(rules)

    def index(self, revision: int | None = None) -> Index:
        """Return the rules in force at a revision; the newest by default.

        Raises:
            KeyError: If the revision isn't known here.
        """
        current = self._current
        if revision is None or revision == current.rules.revision:
            return current
        with self._lock:
            found = self._indexes.get(revision)
            if found is None:
                found = self._indexes[revision] = Index(self._folded(revision))
                if len(self._indexes) > _INDEXES_KEPT:
                    self._indexes.popitem(last=False)
            self._indexes.move_to_end(revision)
            return found

    def _folded(self, revision: int) -> RuleSet:
        """Fold an old rule set again, from the last one before it that is kept."""
        if not 0 <= revision <= self.newest:
            raise KeyError(revision)
        mark = max(one for one in self._marks if one <= revision)
        return fold(self._controls[mark:revision], self._marks[mark])

    def network(self) -> RuleMatching:
        """Return this thread's matching of the newest rules."""
        kept: RuleMatching | None = getattr(self._kept, "matching", None)
        if kept is not None and kept.gave_up is not None and not self._distrusted:
            self.distrust(kept.gave_up)
        if kept is not None and (self._kept.revision, kept.name) == (self.newest, self._matcher):
            return kept
        if kept is not None:
            kept.close()
        self._kept.revision = self.newest
        self._kept.matching = made = self._made(self.index())
        for name in MATCHINGS:
            SERVING.labels(name).set(name == made.name)
        return made

    def replayer(self, revision: int) -> tuple[Index, Matching]:
        """Return the rules at a revision with a matching of their own, for deciding much again."""
        many: dict[tuple[int, str], RuleMatching] = self._kept.__dict__.setdefault("by_revision", {})
        index, key = self.index(revision), (revision, self._matcher)
        if key not in many:
            if len(many) >= MAX_MATCHINGS:
                many.pop(next(iter(many))).close()
            many[key] = self._made(index)
        return index, many[key]

    def decider(self, revision: int) -> tuple[Index, Matching]:
        """Return the rules at a revision with the reference matching, for deciding again."""
        index = self.index(revision)
        return index, Evaluating(index)

    def _made(self, index: Index) -> RuleMatching:
        return MATCHINGS[self._matcher](index, sample=self._sample, on_difference=self._on_difference)
