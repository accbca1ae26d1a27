"""Edges of scores that go by fifths of the members: computed over everybody, published on a cadence.

They are a control entry, so that a decision reads them from the log like any
other definition; a replay needs nothing but the log.
"""

from typing import Final

from api.clock import Clock
from api.service.publish import Publishing
from api.service.recalling import rebuilt
from api.service.rulebook import Rulebook
from api.store import members
from api.store.database import Database
from engine.schedule import DAY
from engine.values import Instant, Number, decimal_text
from engine.watch.scoring import DIMENSIONS, Scoring, edges_of, figures_in

Edges = dict[str, dict[str, list[str]]]
"""Decimal text by dimension, by key of the score."""

CADENCE: Final = DAY
"""How long edges stand before they are computed again."""

RETRY: Final = DAY // 144
"""How long it takes at most until a new score, or a first member, has edges: ten minutes."""

_BY: Final = "regulars:statistics"


class Statistics:
    """Computes the edges of fifths and puts them in force."""

    def __init__(self, database: Database, rulebook: Rulebook, publishing: Publishing, clock: Clock) -> None:
        """Make the use case of its parts."""
        self._database = database
        self._rulebook = rulebook
        self._publishing = publishing
        self._clock = clock
        self._done_at: Instant | None = None

    def work(self) -> int:
        """Publish edges once a day, and soon where a score has none yet; return how often it did."""
        rules = self._rulebook.index().rules
        wanted = [key for key, one in self._scorings().items() if _by_fifths(one)]
        if not wanted:
            return 0
        now = self._clock.now()
        lacking = any(key not in rules.statistics for key in wanted)
        if self._done_at is not None and now - self._done_at < (RETRY if lacking else CADENCE):
            return 0
        self._done_at = now
        return int(bool(self.publish(by=_BY)))

    def publish(self, *, by: str) -> Edges:
        """Compute the edges of every score that goes by fifths and put them in force if they are others.

        Args:
            by: Who asks.

        Returns:
            The edges that were published; none where nothing has changed, or nobody is there to compare.
        """
        found = self.edges()
        before = self._rulebook.index().rules.statistics
        new = {key: edges for key, edges in found.items() if before.get(key) != edges}
        if new:
            self._publishing.publish_statistics(new, by=by)
        return new

    def edges(self) -> Edges:
        """Return the edges as of now, over all members with an event in the window."""
        index, now = self._rulebook.index(), self._clock.now()
        scorings = {key: one for key, one in self._scorings().items() if _by_fifths(one)}
        values: dict[str, dict[str, list[Number]]] = {
            key: {name: [] for name in DIMENSIONS} for key in scorings
        }
        with self._database.read() as connection:
            for stored in members.states(connection) if scorings else ():
                state = stored
                if state.tracked != index.tracked:
                    state = rebuilt(connection, self._rulebook, stored.member, upto=index)
                zone = state.zone or index.rules.catalogue.programme.zone
                for key, scoring in scorings.items():
                    figures = figures_in(scoring, state, max(now, state.as_of), zone)
                    if figures is not None:
                        for name, value in zip(DIMENSIONS, figures, strict=True):
                            values[key][name].append(value)
        return {
            key: {name: [decimal_text(edge) for edge in edges_of(sorted(one))] for name, one in kept.items()}
            for key, kept in values.items()
            if kept["recency"]
        }

    def _scorings(self) -> dict[str, Scoring]:
        watched = self._rulebook.index().rules.watched.values()
        return {one.name: one.scoring for one in watched if one.scoring is not None}


def _by_fifths(scoring: Scoring) -> bool:
    definition = scoring.definition
    return any(
        one.by == "quintiles" for one in (definition.recency, definition.frequency, definition.monetary)
    )
