"""The schema of definitions says all that the studio's forms are made of."""

from collections.abc import Iterator
from typing import Any

import pytest

from engine.language.catalogue import Catalogue
from engine.language.definitions import Definitions
from engine.language.schema import definition_schemas, rule_schema

BY_SCHEMA = [
    "segments", "scores", "units", "coupons", "ladders", "memberships", "budgets", "wheels", "campaigns",
    "contact", "channels",
]  # fmt: skip
LOOKED_UP = {*Catalogue().plain(), "tiers", "properties", "expiring"} - {"programme"}


_OF_CONDITIONS = {"x-units", "x-joiner", "x-sentence", "x-sentences"}
"""What marks a part that reads as a sentence of its own: its fields stand in it."""


def inside(schema: Any, place: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every object of a schema with its place."""
    if isinstance(schema, dict):
        yield place, schema
    for name, part in schema.items() if isinstance(schema, dict) else enumerate(schema):
        if isinstance(part, (dict, list)):
            yield from inside(part, f"{place}/{name}")


def test_every_kind_has_a_schema() -> None:
    assert set(Definitions.model_fields) - {"programme"} == set(definition_schemas())


@pytest.mark.parametrize("kind", BY_SCHEMA)
def test_every_field_has_a_title_in_both_languages(kind: str) -> None:
    schema = definition_schemas()[kind]
    models = [schema, *schema.get("$defs", {}).values()]
    fields = [
        (name, one)
        for model in models
        if not _OF_CONDITIONS & set(model)
        for name, one in model["properties"].items()
    ]
    untitled = [name for name, one in fields if not _titled(one)]
    assert [] == untitled


def _titled(field: dict[str, Any]) -> bool:
    titles = [one.get("x-title", {}) for one in (field, *field.get("anyOf", []))]
    return any(title.get("en") and title.get("zh-Hans") for title in titles)


@pytest.mark.parametrize("schema", [rule_schema(), *definition_schemas().values()])
def test_whatever_is_looked_up_the_catalogue_has(schema: dict[str, Any]) -> None:
    sources = {one["x-source"] for _, one in inside(schema) if "x-source" in one}
    assert set() == sources - LOOKED_UP
