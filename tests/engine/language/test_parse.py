"""From JSON to a rule document: exact numbers, true paths, and nothing else gets through."""

import json
from decimal import Decimal

import pytest

from engine.errors import InvalidRule
from engine.language.conditions import Compare
from engine.language.parse import MAX_BYTES, parse_rule
from engine.values import MAX_INT
from tests.support.documents import Json, JsonObject


def rule(**parts: Json) -> JsonObject:
    """The smallest rule, with some parts replaced."""
    return {
        "language": 1,
        "key": "a-rule",
        "name": {"en": "A rule"},
        "when": {"type": "event", "event": "Order Completed"},
        "then": [{"type": "award_points", "points": 10}],
        **parts,
    }


def problems(data: bytes | str | JsonObject) -> dict[str, str]:
    """What `parse_rule` refuses, English by path."""
    with pytest.raises(InvalidRule) as refused:
        parse_rule(data)
    assert all({"en", "zh-Hans"} == set(one.text) for one in refused.value.problems)
    return {one.path: one.text["en"] for one in refused.value.problems}


def compares(value: str) -> str:
    """A rule as JSON text, with a number written just so."""
    condition = {"type": "compare", "fact": "event.total", "op": "gte", "value": "@"}
    return json.dumps(rule(**{"if": condition})).replace('"@"', value)


class TestNumbers:
    @pytest.mark.parametrize(
        ("written", "kept"),
        [
            ("99.50", "99.5"),
            ("0.1", "0.1"),
            ("0.30000000000000004", "0.30000000000000004"),
            ("1234567890123456789.0123456789012", "1234567890123456789.0123456789012"),
            ("1e2", 100),
            ("1.0", 1),
            ("-1e-2", "-0.01"),
            ("-0.0", 0),
            (str(MAX_INT), MAX_INT),
            (str(-MAX_INT), -MAX_INT),
            ("[0.5, 2]", ["0.5", 2]),
        ],
    )
    def test_an_operand_keeps_the_number_that_was_written(self, written: str, kept: Json) -> None:
        """A fraction becomes canonical decimal text; no binary fraction is ever made of it."""
        condition = parse_rule(compares(written)).if_

        assert isinstance(condition, Compare)
        assert kept == condition.value

    @pytest.mark.parametrize("written", ["NaN", "Infinity", "-Infinity", "1e400", "1e99999999999999999999"])
    def test_what_is_no_number_is_refused(self, written: str) -> None:
        assert ["/if/value"] == list(problems(compares(written)))

    @pytest.mark.parametrize("written", [str(MAX_INT + 1), str(-MAX_INT - 1), "9" * 5000, "1e16"])
    def test_a_whole_number_ends_at_2_to_the_53(self, written: str) -> None:
        assert {"/if/value": "a whole number may be at most 2^53 either way"} == problems(compares(written))

    def test_an_examples_event_may_hold_a_fraction(self) -> None:
        given = [{"type": "track", "event": "Order Completed", "properties": {"total": Decimal("199.90")}}]
        document = parse_rule(rule(examples=[{"name": "x", "given": given, "expect": []}]))

        assert "199.9" == document.examples[0].given[0]["properties"]["total"]

    def test_a_fraction_fits_nowhere_else(self) -> None:
        text = json.dumps(rule(priority=1.5, then=[{"type": "award_points", "points": 0.5}]))

        assert {
            "/priority": "only a whole number fits here",
            "/then/0/points": "only a whole number fits here",
        } == problems(text)

    def test_decoded_data_holds_no_floats(self) -> None:
        assert {"/if/value": 'write a fraction as text, such as "99.5"'} == problems(
            rule(**{"if": {"type": "compare", "fact": "event.total", "op": "gte", "value": 0.5}})
        )


class TestText:
    def test_nul_and_half_characters_are_refused(self) -> None:
        text = json.dumps(rule(note="a\0b", name={"en": "\ud800"}))

        assert ["/name/en", "/note"] == sorted(problems(text))

    def test_a_name_of_a_member_is_text_like_any_other(self) -> None:
        assert ["/name"] == list(problems(json.dumps(rule(name={"\ud800": "x"}))))

    @pytest.mark.parametrize("data", [b"\xff{}", b"\xed\xa0\x80"])
    def test_bytes_are_utf_8(self, data: bytes) -> None:
        assert {"": "the text is not UTF-8"} == problems(data)

    def test_a_byte_order_mark_does_no_harm(self) -> None:
        assert "a-rule" == parse_rule(b"\xef\xbb\xbf" + json.dumps(rule()).encode()).key


class TestShape:
    @pytest.mark.parametrize("data", ["", "{", '{"a":1}x', "{'a':1}", '{"a":1,}'])
    def test_what_is_not_json_says_where(self, data: str) -> None:
        assert problems(data)[""].startswith("not JSON: ")

    @pytest.mark.parametrize("data", ["[]", "null", '"rule"', "1"])
    def test_a_rule_is_an_object(self, data: str) -> None:
        assert {"": "a rule is a JSON object"} == problems(data)

    def test_nothing_stands_twice(self) -> None:
        assert {"": "'key' stands twice in one object"} == problems('{"key": "a", "key": "b"}')

    def test_nesting_ends_at_40(self) -> None:
        deep: Json = 1
        for _ in range(40):
            deep = [deep]

        assert ["nested more than 40 deep"] == list(problems(json.dumps(rule(then=deep))).values())

        story: Json = 1
        for _ in range(35):  # inside the document, its examples, the example, its events, the event
            story = [story]
        told = [{"name": "x", "given": [{"properties": story}], "expect": []}]
        assert story == parse_rule(rule(examples=told)).examples[0].given[0]["properties"]
        told[0]["given"] = [{"properties": [story]}]
        assert ["nested more than 40 deep"] == list(problems(rule(examples=told)).values())
        assert {"": "nested more than 40 deep"} == problems("[" * 100_000)

    def test_a_document_ends_at_256_kb(self) -> None:
        long = "x" * (MAX_BYTES + 1)

        assert {"": f"a rule may have at most {MAX_BYTES} bytes"} == problems(json.dumps(rule(note=long)))
        assert {"": f"a rule may have at most {MAX_BYTES} bytes"} == problems(rule(note=long))

    def test_a_null_is_the_same_as_leaving_it_out(self) -> None:
        assert parse_rule(rule()) == parse_rule(rule(exit=None, limits=None, **{"if": None}))

        told = [{"name": "x", "given": [{"properties": {"coupon": None}}], "expect": []}]
        assert {"properties": {}} == parse_rule(rule(examples=told)).examples[0].given[0]

    def test_decoded_data_is_json(self) -> None:
        assert {"": "only JSON values fit here", "/note": "only JSON values fit here"} == problems(
            {**rule(note=(1,)), 5: 1}  # type: ignore[dict-item]  # that is the point
        )


class TestPaths:
    """A problem is named by its JSON pointer, without the steps that validation adds."""

    def test_in_a_tree_of_conditions(self) -> None:
        tree = {
            "type": "all",
            "of": [
                {"type": "compare", "fact": "city", "op": "eq", "value": "x"},
                {"type": "not", "of": [{"type": "compare", "fact": "member.city", "op": "like"}]},
                {"type": "history", "measure": "count", "event": "E", "op": "gte", "where": {"type": "?"}},
            ],
        }

        assert ["/if/of/0/fact", "/if/of/1/of/0/op", "/if/of/2/where"] == sorted(
            problems(rule(**{"if": tree}))
        )

    def test_of_an_operand(self) -> None:
        """A value may be of many kinds; it is refused once, at the place that is wrong."""
        one = {"type": "compare", "fact": "member.city", "op": "in", "value": {"a": 1}}
        many = {"type": "compare", "fact": "member.city", "op": "in", "value": ["a", {}, "b", []]}
        said = "a value is text, a whole number, true or false, or a list of these"

        assert {"/if/value": said} == problems(rule(**{"if": one}))
        assert {"/if/value/1": said, "/if/value/3": said} == problems(rule(**{"if": many}))

    def test_in_triggers_actions_and_exit(self) -> None:
        bad = rule(
            when={"type": "absence", "event": "", "for": {"days": 1, "hours": 2}},
            then=[{"type": "wait", "for": {"days": 0}}, {"type": "fly"}, {}, 3],
            exit={"type": "event", "event": 5},
        )

        assert {
            "/when/event": "must not be empty",
            "/when/for": 'say a duration in exactly one unit, such as {"days": 90}',
            "/then/0/for/days": "must be at least 1",
            "/then/2": "its type is missing",
            "/then/3": "must be an object",
            "/exit/event": "must be text",
        }.items() <= problems(bad).items()

    def test_of_what_is_not_part_of_a_rule(self) -> None:
        bad = rule(**{"a/b~c": 1, "name": {"fr": "x"}, "key": "A B"})

        assert ["/a~1b~0c", "/key", "/name/fr"] == sorted(problems(bad))

    def test_all_problems_are_told_at_once(self) -> None:
        assert ["/key", "/language", "/name", "/then", "/when"] == sorted(problems({"language": 2}))
