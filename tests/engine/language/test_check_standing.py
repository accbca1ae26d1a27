"""Findings on rules that start with a segment, or last as long as their condition."""

import pytest

from engine.language.messages import MESSAGES
from tests.engine.language.test_check import compare, count, found, rule
from tests.support.documents import JsonObject

WHILE: JsonObject = {"type": "while"}
CASES: list[tuple[str, str, JsonObject, JsonObject]] = [
    ("unknown-segment", "/when/segment", rule(when={"type": "entered", "segment": "x"}), rule()),
    ("unknown-segment", "/if/value", rule(if_=compare("member.segments", "has", "x")), rule()),
    ("while-needs-if", "/if", rule(when=WHILE), rule(when=WHILE, if_=count("gte", 1))),
    (
        "while-before-event",
        "/if/counting",
        rule(when=WHILE, if_=count("gte", 1, counting="before_this_event")),
        rule(when=WHILE, if_=count("gte", 1)),
    ),
]


@pytest.mark.parametrize(
    ("code", "path", "bad", "good"), CASES, ids=[f"{at}-{case[0]}" for at, case in enumerate(CASES)]
)
def test_finds_what_is_wrong_and_only_that(code: str, path: str, bad: JsonObject, good: JsonObject) -> None:
    assert MESSAGES[code].severity == found(bad).get((code, path))
    assert code not in [name for name, _ in found(good)]
    assert "error" not in found(good).values()
