"""What holds of every rule document, whatever it says."""

import json
from decimal import Decimal

from hypothesis import event, given, settings
from hypothesis import strategies as st

from engine.errors import InvalidRule
from engine.language.catalogue import Catalogue
from engine.language.check import check
from engine.language.compiled import compile_rule
from engine.language.operators import OPERATORS
from engine.language.parse import parse_rule
from engine.language.ranges import NATURAL, Range, always
from engine.language.wording import sentence
from engine.values import exact
from rule_library import library_definitions
from tests.support.documents import CONDITIONS, DOCUMENTS, Json, JsonObject

CATALOGUE = Catalogue(library_definitions())


def turned(value: Json) -> Json:
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
    @settings(max_examples=300)
    @given(CONDITIONS)
    def test_conditions_without_an_error_compile(self, condition: JsonObject) -> None:
        """Whatever the compiler refuses, `check` has named before."""
        started = {"type": "event", "event": "Order Completed"}
        points = [{"type": "award_points", "points": 1}]
        document = parse_rule(
            {"key": "a", "name": {"en": "A"}, "when": started, "if": condition, "then": points}
        )
        sound = all(one.severity != "error" for one in check(document, CATALOGUE))
        event("sound" if sound else "has errors")

        try:
            compile_rule(document, 1, CATALOGUE)
        except InvalidRule:
            assert not sound

    @given(DOCUMENTS)
    def test_paths_point_into_the_document(self, data: JsonObject) -> None:
        """At something that is there, or at the member that should be."""
        document = parse_rule(data)
        plain = document.plain()

        for one in check(document, CATALOGUE):
            value: Json = plain
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

    @given(
        st.sampled_from(["gte", "gt", "lte", "lt", "between", "eq", "ne", "in", "not_in"]),
        st.lists(st.integers(-1, 13), min_size=2, max_size=2),
        st.sampled_from(["count", "calendar.month", "member.points"]),
    )
    def test_says_always_only_of_what_always_holds(self, op: str, many: list[int], name: str) -> None:
        operand: Json = many if op in {"in", "not_in", "between"} else many[0]
        low, high = NATURAL.get(name, (None, None))
        values = range(-5 if low is None else low, 1 + (20 if high is None else high))
        bound = op in {"gte", "gt", "lte", "lt", "between"}

        every = all(OPERATORS[op].test(value, operand) for value in values)

        assert (every and bound and low is not None) == always(name, op, operand)

    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["gte", "gt", "lte", "lt", "between", "eq", "ne", "in", "not_in"]),
                st.lists(st.integers(0, 4), min_size=2, max_size=2),
            ),
            max_size=4,
        )
    )
    def test_agrees_with_trying_every_value(self, asked: list[tuple[str, list[int]]]) -> None:
        """Some value is left exactly if there is one for which all the operators hold."""
        operands: list[tuple[str, Json]] = [
            (op, many if op in {"in", "not_in", "between"} else many[0]) for op, many in asked
        ]
        left = Range()
        for op, operand in operands:
            left.narrow(op, operand)
        halves = [exact(Decimal(half) / 2) for half in range(-2, 12)]

        some = any(all(OPERATORS[op].test(value, operand) for op, operand in operands) for value in halves)

        assert some == left.possible
