"""What would happen: decided by the same functions, and nothing is written."""

from collections.abc import Sequence
from typing import Any

from api.clock import Clock
from api.service.calls import Call
from api.service.explaining import Explained, explained
from api.service.identity import Members
from api.service.recalling import rebuilt
from api.service.refusal import Finding, Refusal
from api.service.rulebook import Rulebook
from api.service.shapes import evaluated
from api.service.story import Chapter, Teller, Told, rules_of, tell
from api.store import members
from api.store.database import Database
from engine.errors import InvalidRule
from engine.index import Index
from engine.language.document import RuleDocument
from engine.language.parse import parse_rule
from engine.rules import SETTLE
from engine.values import Instant

MAX_RULES = 20
MAX_EVENTS = 200


class Evaluation:
    """Decides without writing."""

    def __init__(self, database: Database, rulebook: Rulebook, clock: Clock) -> None:
        """Make the use case of its parts."""
        self._database = database
        self._rulebook = rulebook
        self._clock = clock

    def call(self, call: Call) -> dict[str, Any]:
        """Decide one call against a real member and the rules in force."""
        now = self._clock.now()
        with self._database.read() as connection:
            index = self._rulebook.index()
            key = Members(connection, [call]).keys[0]
            state = members.load(connection, [key])[key].state
            if state.sequence > 0 and state.tracked != index.tracked:
                state = rebuilt(connection, self._rulebook, key, upto=index)
        teller = Teller(state, index, mode="live", settle=SETTLE)
        teller.clock(max(now, state.as_of), inclusive=False)
        occurred_at = now if call.occurred_at is None else min(call.occurred_at, now)
        told = Told(call.kind, call.name, call.properties, occurred_at, call.zone)
        teller.happen(told, recorded_at=now)
        return evaluated([_explained(one, index) for one in teller.chapters], teller.state, index, now)

    def story(self, rules: Sequence[Any], given: Sequence[Call], until: Instant | None) -> dict[str, Any]:
        """Decide an invented member's story under given rules.

        Raises:
            Refusal: `rule-not-ready` when a rule can't be compiled, `invalid-request`
                when there is too much to tell.
        """
        if len(rules) > MAX_RULES or len(given) > MAX_EVENTS:
            raise Refusal(
                "invalid-request", f"A story has at most {MAX_RULES} rules and {MAX_EVENTS} events."
            )
        now = self._clock.now()
        documents = [_document(one, place) for place, one in enumerate(rules)]
        try:
            index = rules_of(documents, self._rulebook.index().rules.catalogue)
        except InvalidRule as error:
            raise Refusal("rule-not-ready", str(error)) from error
        events = [
            Told(
                one.kind,
                one.name,
                one.properties,
                now if one.occurred_at is None else one.occurred_at,
                one.zone,
            )
            for one in given
        ]
        chapters, state = tell(events, index, until=until)
        shown = until if until is not None else max([now, *(one.at for one in events)])
        return evaluated([_explained(one, index) for one in chapters], state, index, shown)


def _document(said: Any, place: int) -> RuleDocument:
    try:
        return parse_rule(said)
    except InvalidRule as error:
        findings = [Finding(f"/rules/{place}{one.path}", one.text) for one in error.problems]
        raise Refusal("rule-not-ready", "a rule can't be read; each finding says why", findings) from error


def _explained(chapter: Chapter, index: Index) -> Explained:
    return explained(chapter.event, chapter.decided.decision, index, chapter.decided.state)
