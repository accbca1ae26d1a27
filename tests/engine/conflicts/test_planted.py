"""Planted conflicts are found with a witness that holds; rule sets without one raise no alarm."""

from typing import Any

import pytest

from engine.conflicts import Report, find_conflicts
from tests.engine.conflicts.cleaning import clean
from tests.engine.conflicts.oracle import shown
from tests.engine.conflicts.planting import DEFINITIONS, NOW, PLANTERS, planted
from tests.support.life import Programme, at

FEW, MANY = 20, 200


def looked_at(documents: list[dict[str, Any]]) -> Report:
    programme = Programme(DEFINITIONS)
    for document in documents:
        programme.publish(document)
    return find_conflicts([one.rule for one in programme.index.standing], programme.index.rules, at(NOW))


def every_one_is_found(seeds: range) -> None:
    """Find each planted conflict, and check every alarm, the planted ones and all others."""
    for seed in seeds:
        one = planted(seed)
        report = looked_at(one.documents)
        found = [(conflict.code, set(conflict.rules)) for conflict in report.conflicts]
        assert (one.code, set(one.rules)) in found, (seed, one, report.given_up)
        for conflict in report.conflicts:
            assert shown(conflict, one.documents, DEFINITIONS), (seed, conflict)


def no_alarm(seeds: range) -> None:
    """Find nothing, although in most sets there are rules that touch the same things."""
    touching = 0
    for seed in seeds:
        report = looked_at(clean(seed))
        assert report.conflicts == (), (seed, clean(seed), report.conflicts)
        touching += report.looked > 0
    assert touching * 2 > len(seeds)


def test_planted_conflicts_are_found() -> None:
    assert len(PLANTERS) <= FEW
    every_one_is_found(range(FEW))


def test_clean_rule_sets_raise_no_alarm() -> None:
    no_alarm(range(FEW))


@pytest.mark.long
def test_all_planted_conflicts_are_found() -> None:
    every_one_is_found(range(MANY))


@pytest.mark.long
def test_no_clean_rule_set_raises_an_alarm() -> None:
    no_alarm(range(MANY))
