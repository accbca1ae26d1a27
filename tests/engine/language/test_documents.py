"""What holds of every rule document, whatever it says."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.language.catalogue import Catalogue
from engine.language.check import check
from engine.language.compiled import compile_rule
from engine.language.parse import parse_rule
from engine.language.ranges import Range
from engine.language.wording import sentence
from rule_library import library_definitions
from tests.support.documents import DOCUMENTS, JsonObject

CATALOGUE = Catalogue(library_definitions())


def turned(value: Any) -> Any:
    """The same data with the members of every object in the opposite order."""
    if isinstance(value, dict):
        return {name: turned(value[name]) for name in reversed(value)}
    return [turned(one) for one in value] if isinstance(value, list) else value


class TestDocument:
    @given(DOCUMENTS)
    def test_reads_back_as_it_was_written(self, data: JsonObject) -> None:
        """Text, decoded data and the document's own plain form are one document."""
        document = parse_rule(json.dumps(data))

        assert document == parse_rule(data)
        assert document == parse_rule(document.plain())
        assert document == parse_rule(document.canonical())
        assert document.plain() == parse_rule(document.canonical()).plain()

    @given(DOCUMENTS)
    def test_digest_does_not_depend_on_the_order_of_keys(self, data: JsonObject) -> None:
        assert parse_rule(data).digest() == parse_rule(turned(data)).digest()

    @given(DOCUMENTS, st.integers(1, 100))
    def test_digest_depends_on_what_is_said(self, data: JsonObject, priority: int) -> None:
        document = parse_rule({**data, "priority": priority})
        other = parse_rule({**data, "priority": priority % 100 + 1})

        assert document.digest() != other.digest()


class TestCheck:
    @given(DOCUMENTS)
    def test_a_document_without_an_error_compiles(self, data: JsonObject) -> None:
        document = parse_rule(data)

        if all(one.severity != "error" for one in check(document, CATALOGUE)):
            assert document.digest() == compile_rule(document, 1, CATALOGUE).digest

    @given(DOCUMENTS)
    def test_paths_point_into_the_document(self, data: JsonObject) -> None:
        """At something that is there, or at the member that should be."""
        document = parse_rule(data)
        plain = document.plain()

        for one in check(document, CATALOGUE):
            value: Any = plain
            steps = one.path.split("/")[1:]
            for step in steps[:-1]:
                value = value[int(step)] if isinstance(value, list) else value.get(step, {})
            assert isinstance(value, dict) or int(steps[-1]) < len(value)


class TestWording:
    @given(DOCUMENTS)
    def test_every_document_reads_in_both_languages(self, data: JsonObject) -> None:
        document = parse_rule(data)

        english = sentence(document, CATALOGUE, "en")
        chinese = sentence(document, CATALOGUE, "zh-Hans")

        assert english[0] == english[0].upper()
        assert english.endswith(".")
        assert chinese.endswith("。")


class TestRange:
    """What is left possible, against trying every value."""

    HOLDS = {
        "gte": lambda left, right: left >= right[0],
        "gt": lambda left, right: left > right[0],
        "lte": lambda left, right: left <= right[0],
        "lt": lambda left, right: left < right[0],
        "between": lambda left, right: right[0] <= left <= right[1],
        "eq": lambda left, right: left == right[0],
        "ne": lambda left, right: left != right[0],
        "in": lambda left, right: left in right,
        "not_in": lambda left, right: left not in right,
    }

    @given(
        st.lists(
            st.tuples(
                st.sampled_from(list(HOLDS)), st.lists(st.integers(0, 4), min_size=2, max_size=2)
            ),
            max_size=4,
        )
    )
    def test_never_calls_a_possible_value_impossible(self, asked: list[tuple[str, list[int]]]) -> None:
        """And finds every impossible set of comparisons, but for numbers left out one by one."""
        left = Range()
        for op, operand in asked:
            left.narrow(op, list(operand) if op in {"in", "not_in", "between"} else operand[0])
        halves = [half / 2 for half in range(-2, 12)]

        some = any(all(self.HOLDS[op](value, operand) for op, operand in asked) for value in halves)

        assert some == left.possible
