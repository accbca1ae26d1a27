"""`main.py openapi`: what machines are told of the HTTP interface."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.openapi.models import OpenAPI

from tests.support.server import run_main


def nested(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in JSON data."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from nested(inner)


@pytest.fixture(scope="module")
def printed() -> str:
    """What the command prints."""
    return run_main("sqlite:///never-made.db", "openapi", PYTHONHASHSEED="0").stdout


@pytest.fixture(scope="module")
def described(printed: str) -> dict[str, Any]:
    """The description."""
    found: dict[str, Any] = json.loads(printed)
    return found


def operations(described: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def test_it_is_sound(described: dict[str, Any]) -> None:
    """It follows the specification, every reference leads somewhere, and every operation is told apart."""
    OpenAPI.model_validate(described)
    references = {one["$ref"] for one in nested(described) if isinstance(one.get("$ref"), str)}
    known = {f"#/components/schemas/{name}" for name in described["components"]["schemas"]}
    ids = [operation["operationId"] for _, operation in operations(described)]

    assert described["openapi"].startswith("3.1")
    assert references <= known
    assert len(set(ids)) == len(ids) > 25


def test_parts_of_an_address_are_described(described: dict[str, Any]) -> None:
    for call, operation in operations(described):
        parts = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "path"}
        assert set(re.findall(r"{(\w+)}", call)) == parts, call


def test_every_body_has_an_example(described: dict[str, Any]) -> None:
    """Whoever reads it sees what to send, and what a refusal looks like."""
    for call, operation in operations(described):
        for sent in operation.get("requestBody", {}).get("content", {}).values():
            assert sent.get("example") or sent.get("examples"), call
        for status, answer in operation["responses"].items():
            for told in answer.get("content", {}).values() if status >= "4" else ():
                assert told["examples"], (call, status)


def test_it_is_the_same_each_time(printed: str) -> None:
    """It can be kept under version control: nothing in it depends on the process."""
    assert printed == run_main("sqlite:///never-made.db", "openapi", PYTHONHASHSEED="4242").stdout
