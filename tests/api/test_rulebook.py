"""The rules in force at any revision, whether they are kept or folded again."""

from typing import Any

import pytest

from api.service.rulebook import Rulebook
from engine.enacting import fold
from engine.errors import EngineError
from engine.rules import Control, RuleSet


def published(
    revision: int, previous: str, key: str, version: int = 1, *, said: dict[str, Any] | None = None
) -> Control:
    document = {
        "language": 1,
        "key": key,
        "name": {"en": key},
        "when": {"type": "event", "event": "Order Completed"},
        "if": {
            "type": "history",
            "measure": "count",
            "event": f"Event {revision}",
            "within": {"days": revision},
            "op": "gte",
            "value": 1,
        },
        "then": [{"type": "award_points", "points": revision}],
    }
    body = {"document": document | (said or {}), "version": version, "past": "skip", "spread_seconds": 0}
    return Control(
        revision=revision, name="Rule Published", at=revision, by="test", body=body, previous=previous
    )


@pytest.fixture(scope="module")
def controls() -> list[Control]:
    found: list[Control] = []
    for revision in range(1, 101):
        previous = found[-1].digest() if found else ""
        found.append(published(revision, previous, f"rule-{revision % 40}", 1 + revision // 40))
    return found


def told(rules: RuleSet) -> tuple[Any, ...]:
    return (
        rules.revision,
        rules.head,
        {key: (one.rule.version, one.rule.digest, one.since) for key, one in rules.standing.items()},
        sorted(rules.versions),
        sorted(rules.series),
        dict(sorted(rules.windowed.items())),
    )


@pytest.mark.parametrize("step", [1, 7, 100])
def test_every_revision_is_that_of_the_whole_fold(controls: list[Control], step: int) -> None:
    """However the entries arrive, each revision has the rules that folding all of them up to it gives."""
    rulebook = Rulebook(matcher="index")
    for start in range(0, len(controls), step):
        rulebook.learn(controls[start : start + step])

    assert 100 == rulebook.newest
    for revision in [0, 1, 31, 32, 33, 64, 99, 100, 5, 96]:
        assert told(fold(controls[:revision])) == told(rulebook.index(revision).rules)


def test_few_rule_sets_are_kept(controls: list[Control]) -> None:
    rulebook = Rulebook(matcher="index")
    for control in controls:
        rulebook.learn([control])
    for revision in range(101):
        rulebook.index(revision)

    assert [0, 32, 64, 96] == [*rulebook._marks]
    assert 64 == len(rulebook._indexes)


def test_unknown_revision(controls: list[Control]) -> None:
    rulebook = Rulebook(matcher="index")
    rulebook.learn(controls[:3])

    with pytest.raises(KeyError):
        rulebook.index(4)


def test_what_cannot_be_compiled_changes_nothing(controls: list[Control]) -> None:
    rulebook = Rulebook(matcher="index")
    rulebook.learn(controls[:3])
    unknown = {"if": {"type": "compare", "fact": "event.nowhere.", "op": "eq", "value": 1}}
    bad = published(5, "", "bad", said=unknown)

    with pytest.raises((EngineError, ValueError)):
        rulebook.learn([controls[3], bad])
    assert 3 == rulebook.newest
    assert told(fold(controls[:2])) == told(rulebook.index(2).rules)
