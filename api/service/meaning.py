"""What publishing a rule would mean: who is past its threshold, and who waits in it.

SQL says it as far as it can, over what is counted of members; the members that
it can't speak of are read one by one (ruling 14).
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from typing import Any, Final, NamedTuple

from api.clock import Clock
from api.service.asking_members import question_of
from api.service.counting import Counting
from api.service.in_flight import steps
from api.service.recalling import rebuilt
from api.service.rulebook import Rulebook
from api.store import audiences, members, narrowing
from api.store.connection import Connection
from api.store.narrowed import Truth
from api.store.narrowing_figures import lapsed
from engine.effects import BeginWhile
from engine.enacting import fold
from engine.index import Index
from engine.language.document import RuleDocument
from engine.language.journey import WAITS
from engine.rules import Control, Standing
from engine.schedule import DAY, longest, shift
from engine.state import Enrolment, MemberState
from engine.timers import due_by, zone_of
from engine.values import MICROSECONDS, Instant
from engine.watch.looking import caught_up

_FAR: Final = 2**62
_KEPT: Final = 64
_FRESH: Final[Instant] = 3_600 * MICROSECONDS
_LEAST_DAYS: Final = {"months": 28, "years": 365}
_CHANGING: Final = frozenset(("member.segments",))
"""Of what is itself looked at again when a rule is published, what is kept says how it was."""


class Meaning(NamedTuple):
    """What publishing a rule would mean.

    Attributes:
        past: How many members are past its threshold now; of a `while` rule, of how many it is true.
        in_flight: How many wait in it.
        steps: Where, as JSON data.
    """

    past: int
    in_flight: int
    steps: list[dict[str, Any]]


class Meanings:
    """Finds out what publishing a rule would mean."""

    def __init__(
        self,
        read: Callable[[], AbstractContextManager[Connection]],
        rulebook: Rulebook,
        counting: Counting,
        clock: Clock,
    ) -> None:
        """Make the use case of its parts.

        Args:
            read: Opens a read transaction.
            rulebook: The rules.
            counting: Brings what is counted up to the log.
            clock: Our clock.
        """
        self._read = read
        self._rulebook = rulebook
        self._counting = counting
        self._clock = clock
        self._past: OrderedDict[tuple[str, str], tuple[Instant, int]] = OrderedDict()

    def of(self, document: RuleDocument) -> Meaning:
        """Return what publishing a document without errors would mean."""
        past = self._count(document)
        index = self._rulebook.index()
        with self._read() as connection:
            waits = list(_waits(connection, index, document.key))
        after = self._after(document, self._clock.now())
        found = [wait for own in waits for wait in own]
        return Meaning(past, len(waits), steps(found, after.rules.standing[document.key].rule, after))

    def past(self, document: RuleDocument) -> int:
        """Return how many members are past a rule's threshold: what `of` said within the hour, or anew."""
        at, past = self._past.get(self._place(document), (-_FRESH, 0))
        return past if self._clock.now() - at < _FRESH else self._count(document)

    def _place(self, document: RuleDocument) -> tuple[str, str]:
        return document.digest(), self._rulebook.index().rules.head

    def _count(self, document: RuleDocument) -> int:
        if document.when.type not in {"absence", "while"}:
            return 0
        now = self._clock.now()
        self._counting.catch_up()
        index = self._after(document, now)
        standing = index.rules.standing[document.key]
        with self._read() as connection:
            count = self._lapsed if document.when.type == "absence" else self._true
            past = count(connection, index, standing, now)
        self._past[self._place(document)] = now, past
        while len(self._past) > _KEPT:
            self._past.popitem(last=False)
        return past

    def _after(self, document: RuleDocument, now: Instant) -> Index:
        base = self._rulebook.index().rules
        body = {"document": document.plain(), "version": _FAR, "past": "fire", "spread_seconds": 0}
        control = Control(revision=base.revision + 1, name="Rule Published", at=now, by="", body=body)
        return Index(fold([control], base))

    def _is_new(self, standing: Standing) -> bool:
        """Return whether nobody's state can say anything of a rule yet."""
        return standing.rule.key not in self._rulebook.index().rules.standing

    def _lapsed(self, connection: Connection, index: Index, standing: Standing, now: Instant) -> int:
        """Return for how many members an absence has run out."""
        when, waits = standing.rule.absence, standing.rule.waits
        if when is None or waits is None:
            return 0
        perhaps = surely = shift(now, -waits.amount, waits.unit, "UTC")
        if waits.unit in _LEAST_DAYS:
            perhaps = now - (waits.amount * _LEAST_DAYS[waits.unit] - 1) * DAY
            surely = now - longest(waits.amount, waits.unit)
        armed = partial(lapsed, when.event, or_joining=when.or_joining)
        if not self._is_new(standing):  # whether the rule has dealt with an arming, only the state says
            return self._ran_out(connection, index, standing, armed(None, perhaps), now)
        count = audiences.count_in(connection, armed(None, surely))
        if surely < perhaps:
            count += self._ran_out(connection, index, standing, armed(surely, perhaps), now)
        return count

    @staticmethod
    def _ran_out(connection: Connection, index: Index, standing: Standing, where: Truth, now: Instant) -> int:
        """Return for how many of some members an absence has run out, by their states."""
        count = 0
        for state in _states(connection, where):
            one = due_by(state, standing, index, zone_of(state, index), 0)
            count += one is not None and one.due_at <= now
        return count

    def _true(self, connection: Connection, index: Index, standing: Standing, now: Instant) -> int:
        """Return of how many members a `while` rule is true in whom it hasn't begun."""
        watch, node = index.watch, standing.rule.condition
        if watch is None or node is None:
            return 0
        asked = question_of(node, index, now, unsaid=_CHANGING)
        odd = narrowing.odd(connection, asked.narrowed, asked.tracked)
        # What else is watched reads what is kept today; the rule itself may ask for more.
        enough = {index.tracked} if asked.tracked else {index.tracked, self._rulebook.index().tracked}
        sure = asked.narrowed.sure(odd) if self._is_new(standing) else None
        count = audiences.count_in(connection, sure) if sure is not None else 0
        for stored in _states(connection, asked.narrowed.candidates(odd) if sure is None else odd):
            state = stored
            if state.tracked not in enough:
                state = rebuilt(connection, self._rulebook, state.member, upto=index)
            found = caught_up(watch, state, max(now, state.as_of), zone_of(state, index), _unnamed)
            count += any(isinstance(one, BeginWhile) and one.rule == standing.rule.key for one in found)
        return count


def _states(connection: Connection, where: Truth) -> Iterator[MemberState]:
    """Yield the states of the counted members of whom something holds."""
    for page in audiences.pages(connection, where):
        for one in members.load(connection, [place.member for place in page]).values():
            if one.state.sequence > 0 and not one.state.merged_into and one.state.erased_at is None:
                yield one.state


def _waits(connection: Connection, index: Index, key: str) -> Iterator[list[Enrolment]]:
    """Yield the waits in a rule of each member who waits in it."""
    versions = [one for (name, _), one in index.rules.versions.items() if name == key]
    if not any(isinstance(action, WAITS) for one in versions for action in one.journey.actions):
        return
    for state in members.touched(connection, key):
        own = [one for one in state.enrolments if one.rule == key and not one.follows_goal]
        if own:
            yield own


def _unnamed(_place: int) -> str:
    return ""
