"""Every operator, case by case, as `operators.csv` promises."""

import csv
import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple, get_args

import pytest

from engine.facts import typed
from engine.language.base import LANGUAGES
from engine.language.operators import OPERATORS, FactType, holds
from engine.language.paths import operand_value
from engine.values import MISSING, decimal_text, exact
from tests.support.documents import Json

TYPES: tuple[FactType, ...] = get_args(FactType)


class Case(NamedTuple):
    """One line of the table; `-` is a missing fact, or no value."""

    operator: str
    type: str
    fact: str
    value: str
    holds: str
    why: str


def cases() -> list[Case]:
    lines = (Path(__file__).parent / "operators.csv").read_text(encoding="utf-8").splitlines()
    return [Case(*row) for row in csv.reader(lines[1:], delimiter=";", quoting=csv.QUOTE_NONE)]


def said(text: str) -> Json:
    """JSON, with fractions as the canonical text in which they are stored."""
    return json.loads(text, parse_float=lambda one: decimal_text(exact(Decimal(one))))


@pytest.mark.parametrize("case", cases(), ids=lambda case: "_".join(case[:4]))
def test_case(case: Case) -> None:
    """The table is the promise: fact, comparison, value, answer."""
    operator = OPERATORS[case.operator]
    fact_type = next(one for one in TYPES if one == case.type)
    fact = MISSING if case.fact == "-" else typed(said(case.fact), fact_type)
    value = None if case.value == "-" else said(case.value)

    assert (case.holds == "yes") == holds(
        operator, fact_type, fact, operand_value(operator, fact_type, value)
    ), case.why


@pytest.mark.parametrize("name", OPERATORS)
def test_every_operator_has_cases(name: str) -> None:
    """At least six cases each, a missing fact and one of a wrong type among them."""
    mine = [case for case in cases() if case.operator == name]

    assert len(mine) >= 6
    assert any(case.fact == "-" for case in mine)
    assert any("wrong type" in case.why or "is no" in case.why for case in mine)


def test_no_case_stands_twice() -> None:
    counted = Counter(case[:4] for case in cases())

    assert [] == [case for case, times in counted.items() if times > 1]


@pytest.mark.parametrize("name", OPERATORS)
def test_every_operator_reads_in_both_languages(name: str) -> None:
    wording = OPERATORS[name].wording

    assert set(LANGUAGES) == set(wording)
    assert all(text.strip() == text != "" for text in wording.values())


@pytest.mark.parametrize("fact_type", TYPES)
def test_a_missing_fact_makes_a_comparison_false(fact_type: FactType) -> None:
    """Also "is not". Only the two operators that speak of missing facts are true of one."""
    true_of_missing = {name for name, row in OPERATORS.items() if holds(row, fact_type, MISSING, "x")}

    assert {"ne_or_missing", "is_missing"} == true_of_missing
