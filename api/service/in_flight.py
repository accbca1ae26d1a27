"""Members who wait in a rule that is about to be published anew: how many, where, and where they would go."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, Literal

from engine.index import Index
from engine.language.base import LANGUAGES
from engine.language.compiled import CompiledRule
from engine.language.journey import found_again
from engine.language.wording import phrase
from engine.state import Enrolment

InFlight = Literal["finish", "move", "leave"]


def steps(waits: Iterable[Enrolment], after: CompiledRule, index: Index) -> list[dict[str, Any]]:
    """Return how many members wait at each step of the versions in use, as JSON data.

    Args:
        waits: The waits of every member in the rule; those who are only followed for the goal left out.
        after: The version that is about to be published.
        index: The rules in force.

    Returns:
        For each step its `version`, `path`, `text` in both languages, how many are `waiting`, and
        `moves_to`: the step of the new version that *move* would send them to, None if they would leave.
    """
    counts = Counter((one.version, one.at) for one in waits if not one.follows_goal)
    found: list[dict[str, Any]] = []
    for (version, at), waiting in sorted(counts.items()):
        rule = index.rules.version(after.key, version)
        place = found_again(rule.journey, after.journey).get(at)
        action, catalogue = rule.journey.actions[at], index.rules.catalogue
        found.append(
            {
                "version": version,
                "path": rule.journey.pointers[at],
                "text": {language: phrase(action, catalogue, language) for language in LANGUAGES},
                "waiting": waiting,
                "moves_to": after.journey.pointers[place[0]] if place is not None else None,
            }
        )
    return found
