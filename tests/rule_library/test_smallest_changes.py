"""Of every rule of the library, what would have made it match."""

import pytest

from api.service.story import rules_of
from api.service.wording import change_node
from engine.counterfactual import changed_facts, smallest_change
from engine.evaluate import evaluate
from engine.language.catalogue import Catalogue
from engine.language.compiled import CompiledRule
from engine.values import MaybeValue
from rule_library import library, library_definitions

CATALOGUE = Catalogue(library_definitions())
FACTS: dict[str, MaybeValue] = {"member.tags": ["staff"], "event.total": 1}
INDEX = rules_of([entry.document for entry in library()], CATALOGUE)
RULES = [one.rule for topic in INDEX.by_topic.values() for one in topic if one.rule.condition is not None]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.key)
def test_a_rule_says_what_would_have_made_it_match(rule: CompiledRule) -> None:
    """The change makes it match, and is told in both languages."""
    change = smallest_change(rule.condition, FACTS)

    assert change is not None
    assert change.proven
    assert evaluate(rule.condition, changed_facts(FACTS, change.changes))
    said = change_node(change, rule.document, CATALOGUE)
    for one in said["changes"]:
        assert one["text"]["en"].strip()
        assert one["text"]["zh-Hans"].strip()
