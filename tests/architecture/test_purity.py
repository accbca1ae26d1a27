"""The determinism law: `engine/` reads nothing that differs from one run to the next."""

from pathlib import Path
from textwrap import dedent

import pytest

from tests.architecture.purity import impurities


def sources_of(package: Path) -> dict[str, str]:
    """The text of each module by its dotted name below the package."""
    return {
        ".".join(path.relative_to(package).with_suffix("").parts): path.read_text(encoding="utf-8")
        for path in sorted(package.rglob("*.py"))
    }


def found_in(source: str, module: str = "decide") -> list[str]:
    return [impurity.what for _, impurity in impurities({module: dedent(source)})]


def test_engine_is_pure(project_root: Path) -> None:
    """No module of `engine/` does anything on the list."""
    found = [
        f"engine/{name.replace('.', '/')}.py:{impurity.line}: {impurity.what}: {impurity.instead}"
        for name, impurity in impurities(sources_of(project_root / "engine"))
    ]

    assert not found, "\n".join(["engine/ must be pure:", *found])


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import os", "import of os"),
        ("from os import environ", "import of os"),
        ("import time", "import of time"),
        ("import socket", "import of socket"),
        ("from random import choice", "import of random"),
        ("import secrets", "import of secrets"),
        ("from uuid import uuid4", "import of uuid"),
        ("import math", "import of math"),
        ("from math import gcd, sqrt", "import of math"),
        ("import requests", "import of requests"),
        ("from sqlalchemy import select", "import of sqlalchemy"),
        ("from . import values", "relative import"),
        ("import durable_rules_engine", "import of durable_rules_engine"),
        ("from zoneinfo import ZoneInfo", "import of zoneinfo"),
        ("now = datetime.now(UTC)", ".now()"),
        ("field(default_factory=datetime.now)", "datetime.now"),
        ("now = datetime.utcnow()", ".utcnow"),
        ("day = date.today()", ".today"),
        ("at = datetime.fromtimestamp(0)", ".fromtimestamp"),
        ("at.astimezone()", ".astimezone()"),
        ("delta.total_seconds()", ".total_seconds()"),
        ("at.timestamp()", ".timestamp()"),
        ("open('x')", "open()"),
        ("print('x')", "print()"),
        ("hash(member)", "hash()"),
        ("sorted(rules, key=hash)", "hash"),
        ("id(member)", "id()"),
        ("float('1')", "float()"),
        ("rate = 0.5", "the literal 0.5"),
        ("def f(rate: float | None): ...", "a value typed float"),
        ("def f() -> dict[str, float]: ...", "a value typed float"),
        ("rate: float", "a value typed float"),
        ("def f():\n    global seen", "global seen"),
        ("CACHE = {}", "an empty container at module level"),
        ("CACHE: dict[str, int] = dict()", "an empty container at module level"),
        ("async def f(): ...", "async def f"),
    ],
)
def test_impurity_is_found(source: str, expected: str) -> None:
    """Each thing the law names is seen where it is written."""
    assert [expected] == found_in(source)


@pytest.mark.parametrize(
    "source",
    [
        "for tag in {'a', 'b'}: ...",
        "for tag in set(tags): ...",
        "for tag in a.keys() & b.keys(): ...",
        "for tag in held.union(others): ...",
        "[tag for tag in {'a'}]",
        "{tag: 1 for tag in frozenset(tags)}",
        "emit(tag for tag in {'a'})",
        "list({'a'})",
        "tuple(set(tags) - seen)",
        "next(iter({'a'}))",
        "', '.join({tag for tag in tags})",
        "dict.fromkeys({'a'})",
        "first, second = {'a', 'b'}",
        "show(*{'a'})",
        "f'{set(tags)}'",
        "set(tags).pop()",
        "max({'a', 'bb'}, key=len)",
        "def f():\n    yield from {'a'}",
        "def f(tags: frozenset[str]):\n    for tag in tags: ...",
        "def f(tags: AbstractSet[str] | None):\n    return list(tags or ())",
        "def f():\n    seen = {'a'}\n    return [tag for tag in seen]",
        "class M:\n    tags: frozenset[str]\ndef f(m):\n    for tag in m.tags: ...",
        "def tags() -> set[str]: ...\nfor tag in tags(): ...",
        "TAGS: Final[frozenset[str]] = make()\nfor tag in TAGS: ...",
    ],
)
def test_iterated_set_is_found(source: str) -> None:
    """The order of a set is never seen, however the set is spelt."""
    assert [True] == [what.startswith("a set ") for what in found_in(source)]


@pytest.mark.parametrize(
    "source",
    [
        "for tag in sorted({'a', 'b'}): ...",
        "held = 'a' in {'a', 'b'}",
        "any(tag == 'a' for tag in {'a'})",
        "{tag.upper() for tag in {'a'}}",
        "count = len(set(tags))",
        "def f():\n    tags = {'a'}\n    tags = sorted(tags)\n    return list(tags)",
        "def f(tags: tuple[str, ...]):\n    return list(tags)",
        "class M:\n    tags: frozenset[str]\nclass N:\n    tags: tuple[str, ...]\nfor tag in n.tags: ...",
        "isinstance(value, float)",
        "at = (instant - EPOCH) // timedelta(seconds=1)",
        "local = instant.astimezone(zone)",
        "OPERATORS = {'eq': equal}",
        "from decimal import Decimal",
        "from math import gcd, prod",
        "from engine.values import Points",
        "rest = total - spent",
    ],
)
def test_pure_code_is_left_alone(source: str) -> None:
    """Code that depends on nothing but its arguments is not complained about."""
    assert [] == found_in(source)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("match", "import durable_rules_engine"),
        ("match.shard", "import durable_rules_engine"),
        ("schedule", "from zoneinfo import ZoneInfo"),
    ],
)
def test_exception_holds_in_its_module(module: str, source: str) -> None:
    """What one module needs is allowed there (and, as shown above, nowhere else)."""
    assert [] == found_in(source, module)
