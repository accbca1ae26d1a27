"""Rules that get in each other's way, of those in force and with a draft among them."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from api.clock import Clock
from api.service.conflict_wording import conflict_fix, conflict_text
from api.service.naming import rule_in_force
from api.service.refusal import Finding, Refusal
from api.service.rulebook import Rulebook
from api.service.shapes import entry, member_detail, outcome_summary
from engine.conflicts import Conflict, Report, bare, find_conflicts, in_force
from engine.errors import InvalidRule
from engine.index import Index
from engine.language.compiled import CompiledRule, compile_rule
from engine.language.document import RuleDocument
from engine.language.parse import parse_rule
from engine.rules import RuleSet
from engine.schedule import DAY
from engine.values import Instant, instant_text

Json = dict[str, Any]


class Conflicts:
    """Finds conflicts, and tells each with the member and the timeline that show it."""

    def __init__(self, rulebook: Rulebook, clock: Clock) -> None:
        """Make the use case of its parts.

        Args:
            rulebook: The rules in force.
            clock: Our clock: what is over by now is no conflict any more.
        """
        self._rulebook = rulebook
        self._clock = clock
        self._known = lru_cache(maxsize=1)(self._looked_at)

    def page(self, after: str | None, limit: int) -> Json:
        """Return a page of the conflicts between all rules in force: `Conflicts`.

        They are looked for once for each rule set and day.

        Args:
            after: `id` of the last one of the page before; None for the first page.
            limit: How many, at most.
        """
        rules = self._rulebook.index().rules
        now = self._clock.now()
        report = self._known(rules.revision, now - now % DAY)
        rows = [(_id(one), one) for one in report.conflicts]
        ids = [name for name, _ in rows]
        first = ids.index(after) + 1 if after in ids else 0
        shown = rows[first : first + limit]
        more = first + limit < len(rows)
        return {
            **_counts(report),
            "items": [_told(one, _in_force(rules), rules) for _, one in shown],
            "next": shown[-1][0] if more and shown else None,
        }

    def of_draft(self, data: object) -> Json:
        """Return the conflicts that a draft would have with the rules in force, or by itself: `Conflicts`.

        Raises:
            Refusal: `rule-not-ready` if the draft can't be compiled; its findings say why.
        """
        rules = self._rulebook.index().rules
        try:
            document = parse_rule(data if isinstance(data, dict) else {})
            draft = compile_rule(document, _next_version(document, rules), rules.catalogue)
        except InvalidRule as error:
            findings = [Finding(f"/document{one.path}", one.text) for one in error.problems]
            raise Refusal("rule-not-ready", f"the draft can't be read: {error}", findings) from error
        others = [one for one in _in_force(rules) if one.key != document.key]
        together = [*others, draft]
        report = find_conflicts(together, rules, self._clock.now(), of=document.key)
        return {
            **_counts(report),
            "items": [_told(one, together, rules) for one in report.conflicts],
            "next": None,
        }

    def _looked_at(self, revision: int, day: Instant) -> Report:
        rules = self._rulebook.index(revision).rules
        return find_conflicts(_in_force(rules), rules, day)


def _in_force(rules: RuleSet) -> list[CompiledRule]:
    return [one.rule for one in rules.standing.values() if not one.paused]


def _next_version(document: RuleDocument, rules: RuleSet) -> int:
    standing = rules.standing.get(document.key)
    return 1 if standing is None else standing.rule.version + 1


def _id(conflict: Conflict) -> str:
    about = [conflict.about[name] for name in sorted(conflict.about)]
    return "/".join([conflict.code, *conflict.rules, *about])


def _counts(report: Report) -> Json:
    return {
        "looked": report.looked,
        "confirmed": len(report.conflicts),
        "given_up": [list(keys) for keys in report.given_up],
    }


def _told(conflict: Conflict, rules: Sequence[CompiledRule], base: RuleSet) -> Json:
    """Return a conflict as JSON data, its witness with each entry and what the rules did on it."""
    by_key = {one.key: one for one in rules}
    own = [by_key[key] for key in conflict.rules]
    index = in_force(bare(base), own)
    witness = conflict.witness
    before = witness.chapters[witness.moment[0]].before
    return {
        "id": _id(conflict),
        "kind": conflict.kind,
        "code": conflict.code,
        "text": conflict_text(conflict, index),
        "fix": conflict_fix(conflict),
        "rules": [
            {"key": one.key, "name": rule_in_force(one.key, index), "action": _pointer(conflict, place, one)}
            for place, one in enumerate(own)
        ],
        "about": conflict.about,
        "witness": {
            "member": member_detail(before, index, witness.at),
            "at": instant_text(witness.at),
            "timeline": _timeline(conflict, index),
        },
    }


def _pointer(conflict: Conflict, place: int, rule: CompiledRule) -> str | None:
    """Return the JSON pointer of the action that a conflict is about; None where it is about the rule."""
    at = conflict.actions[place]
    return None if at is None else rule.journey.pointers[at]


def _timeline(conflict: Conflict, index: Index) -> list[Json]:
    witness = conflict.witness
    return [
        {
            **entry(chapter.event, None, index),
            "shows": place in witness.moment,
            "outcomes": [
                outcome_summary(one, index) | {"reason": one.reason or None}
                for one in chapter.decision.outcomes
                if one.rule in conflict.rules
            ],
        }
        for place, chapter in enumerate(witness.chapters)
    ]
