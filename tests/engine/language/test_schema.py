"""The JSON Schema and the operator table that the editor is made from."""

import json
from typing import Any

import pytest

from engine.language.base import LANGUAGES
from engine.language.operators import OPERATORS
from engine.language.schema import operator_table, rule_schema

SCHEMA = rule_schema()
MODELS: dict[str, dict[str, Any]] = SCHEMA["$defs"]
WITHOUT_SENTENCE = {"Guide", "Parameter", "Duration", "All", "AnyOf", "Not", "Late", "Active", "Example"}


def test_schema_speaks_json_names() -> None:
    """`if`, `for` and `from` are what stands in the document, not what Python must call them."""
    assert {"key", "name", "when", "if", "then", "exit", "limits"} <= set(SCHEMA["properties"])
    assert {"type", "event", "for", "or_joining"} == set(MODELS["AbsenceTrigger"]["properties"])
    assert "_" not in {name[-1] for model in MODELS.values() for name in model["properties"]}


def test_schema_is_plain_json() -> None:
    assert SCHEMA == json.loads(json.dumps(SCHEMA))


def test_schema_is_made_anew() -> None:
    """Whoever changes a schema changes their own."""
    rule_schema()["$defs"].clear()

    assert MODELS == rule_schema()["$defs"]


@pytest.mark.parametrize("name", sorted(set(MODELS) - WITHOUT_SENTENCE))
def test_every_part_has_a_sentence_in_both_languages(name: str) -> None:
    model = MODELS[name]
    sentences = list(model["x-sentences"].values()) if "x-sentences" in model else [model["x-sentence"]]

    assert all(set(LANGUAGES) == set(one) for one in sentences)


@pytest.mark.parametrize("name", sorted(MODELS))
def test_every_choice_has_a_label_in_both_languages(name: str) -> None:
    for field in MODELS[name]["properties"].values():
        chosen = field.get("enum")
        if chosen is None:
            continue
        labels = field["x-labels"]
        assert set(LANGUAGES) == set(labels)
        assert all(set(chosen) <= set(one) for one in labels.values())


def test_each_operator_says_what_it_takes() -> None:
    compare = MODELS["Compare"]["properties"]["op"]["x-operators"]
    history = MODELS["History"]["properties"]["op"]["x-operators"]

    assert {"types": ["number", "instant"], "operand": "pair"} == compare["between"] == history["between"]
    assert set(OPERATORS) == set(compare) > set(history)
    assert "instant" == MODELS["History"]["properties"]["measure"]["x-types"]["first"]


def test_operator_table_is_the_operators() -> None:
    table = operator_table()

    assert list(OPERATORS) == [row["name"] for row in table]
    assert {
        "name": "eq",
        "types": ["text", "number", "boolean", "instant"],
        "operand": "same",
        "wording": {"en": "is", "zh-Hans": "是"},
    } == table[0]
