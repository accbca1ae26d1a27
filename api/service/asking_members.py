"""A condition about members, made ready: as SQL as far as that goes, and as the evaluator reads it."""

from dataclasses import dataclass
from typing import Any, Final

from api.service.recalling import rebuilt
from api.service.refusal import Finding, Refusal, plain
from api.service.rulebook import Rulebook
from api.store.connection import Connection
from api.store.narrowed import Narrowed
from api.store.narrowing import narrowed
from api.store.narrowing_figures import always_kept
from engine.enacting import fold
from engine.errors import InvalidRule
from engine.evaluate import evaluate
from engine.index import Index
from engine.language.base import LANGUAGES
from engine.language.check import check, unreadable
from engine.language.conditions import Condition
from engine.language.document import RuleDocument
from engine.language.parse import parse_rule
from engine.language.predicates import Node, facts, figures
from engine.language.wording import phrase
from engine.reading import Reading
from engine.rules import Control
from engine.state import MemberState
from engine.timers import zone_of
from engine.values import Instant

_KEY: Final = "audience"
_RULE: Final[dict[str, Any]] = {
    "key": _KEY,
    "name": {"en": "Audience", "zh-Hans": "人群"},
    "when": {"type": "schedule", "every": "day", "at": "00:00"},
    "then": [{"type": "award_points", "points": 1}],
}
_EVERYBODY: Final[dict[str, Any]] = {"type": "all", "of": []}


@dataclass(frozen=True, slots=True)
class Question:
    """A condition, ready to be asked of members.

    Attributes:
        condition: The compiled condition; None for everybody.
        index: The rules in force, keeping the history that the condition reads.
        narrowed: What SQL says of it.
        tracked: Identity of the set of series that a state must hold to be asked; empty if
            every state holds what the condition reads.
        as_of: The instant at which it is asked.
        reading: What the evaluator reads for it.
    """

    condition: Node | None
    index: Index
    narrowed: Narrowed
    tracked: str
    as_of: Instant
    reading: Reading

    def holds(self, state: MemberState) -> bool:
        """Return whether the condition is true of a member whose state holds what it reads."""
        known = self.reading.facts(
            properties={},
            before=state.past,
            state=state,
            as_of=self.as_of,
            zone=zone_of(state, self.index),
        )
        return evaluate(self.condition, known)

    def ready(self, connection: Connection, rulebook: Rulebook, state: MemberState) -> MemberState:
        """Return a member's state with the history that the condition reads, from its log if need be."""
        if not self.tracked or state.tracked == self.tracked or state.sequence == 0:
            return state
        return rebuilt(connection, rulebook, state.member, upto=self.index)


def question(rulebook: Rulebook, condition: object, as_of: Instant) -> Question:
    """Make a condition ready.

    Args:
        rulebook: The rules and definitions in force.
        condition: The condition as JSON data; None or an empty `all` for everybody.
        as_of: The instant at which it is asked.

    Raises:
        Refusal: `invalid-request` with findings, each at its place in the condition.
    """
    rules = rulebook.index().rules
    if condition in (None, _EVERYBODY):
        return Question(None, rulebook.index(), Narrowed(None, exact=True), "", as_of, Reading({}, ()))
    document = _document(condition, rulebook)
    body = {"document": document, "version": 1}
    trial = Control(revision=rules.revision + 1, name="Rule Published", at=as_of, by="", body=body)
    index = Index(fold([trial], rules))
    node = index.rules.standing[_KEY].rule.condition
    if node is None:
        raise Refusal("invalid-request", "See errors.", [Finding("", "say a condition")])
    return question_of(node, index, as_of)


def question_of(
    node: Node, index: Index, as_of: Instant, *, unsaid: frozenset[str] = frozenset()
) -> Question:
    """Make a compiled condition ready.

    Args:
        node: The condition.
        index: Rules that keep the history that it reads.
        as_of: The instant at which it is asked.
        unsaid: Facts of which SQL is to say nothing.
    """
    asked = figures(node)
    kept = all(
        one.within is None and one.series.key == one.series.event and always_kept(one.series.event)
        for one in asked.values()
    )
    return Question(
        condition=node,
        index=index,
        narrowed=narrowed(node, as_of, index.taxonomy, unsaid=unsaid),
        tracked="" if kept else index.tracked,
        as_of=as_of,
        reading=Reading(facts(node), asked.values(), index.taxonomy),
    )


def checked(rulebook: Rulebook, condition: object) -> tuple[Condition | None, list[dict[str, Any]]]:
    """Return a condition as it was read, and what is wrong with it, as diagnostics with paths into it.

    Args:
        rulebook: The rules and definitions in force.
        condition: Any JSON data; None for everybody, in which nothing is wrong.

    Returns:
        The condition is None for everybody, and where it can't be read.
    """
    document, wrong = _checked(condition, rulebook)
    return None if document is None else document.if_, wrong


def worded(rulebook: Rulebook, condition: object) -> dict[str, str] | None:
    """Return a condition in words, by language; None for everybody, and where it can't be read."""
    read, _ = checked(rulebook, condition)
    if read is None:
        return None
    catalogue = rulebook.index().rules.catalogue
    return {language: phrase(read, catalogue, language) for language in LANGUAGES}


def _document(condition: object, rulebook: Rulebook) -> dict[str, Any]:
    document, wrong = _checked(condition, rulebook)
    if wrong or document is None:
        findings = [Finding(one["path"], one["text"]["en"]) for one in wrong]
        raise Refusal("invalid-request", "Correct the condition.", findings)
    return document.plain()


def _checked(condition: object, rulebook: Rulebook) -> tuple[RuleDocument | None, list[dict[str, Any]]]:
    document: RuleDocument | None = None
    try:
        document = parse_rule({**_RULE, "if": condition})
        found = check(document, rulebook.index().rules.catalogue)
    except InvalidRule as error:
        found = unreadable(error)
    wrong = [
        {**plain(one), "path": one.path.removeprefix("/if")}
        for one in found
        if one.severity == "error" and one.path.startswith("/if")
    ]
    return document, wrong
