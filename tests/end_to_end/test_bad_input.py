"""What is wrong in a file that the command line is given: exit code 1, and what to do about each place."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.conftest import Command

Json = dict[str, Any]


def of_tag(op: str, tag: str) -> Json:
    return {"type": "compare", "fact": "event.tag", "op": op, "value": tag}


def tagged(key: str, on: str, puts_on: str) -> Json:
    """A rule that starts with one tag and puts another on, a day later."""
    return {
        "language": 1,
        "key": key,
        "name": {"en": key},
        "when": {"type": "event", "event": "Tag Added", "where": of_tag("eq", on)},
        "then": [{"type": "wait", "for": {"days": 1}}, {"type": "add_tag", "tag": puts_on}],
    }


def segment(key: str, reads: str) -> Json:
    condition = {"type": "compare", "fact": "member.segments", "op": "has", "value": reads}
    return {"key": key, "name": {"en": key}, "meaning": "for a test", "condition": condition}


def tag(key: str, **more: str) -> Json:
    return {"key": key, "name": {"en": key}, "meaning": "for a test", **more}


TEMPLATE = {"key": "x", "name": {"en": "X"}, "body": {"en": "Dear {{ member.frist_name }}"}}
DEFINED: dict[str, tuple[Json, list[str]]] = {
    "segment of itself": (
        {"segments": [segment("a", "a")]},
        ["/segments/0/condition", "refers to itself: a → a.", "Remove one of these references."],
    ),
    "segments of each other": (
        {"segments": [segment("a", "b"), segment("b", "a")]},
        ["/segments/0/condition", "a → b → a", "/segments/1/condition", "b → a → b"],
    ),
    "template": (
        {"templates": [TEMPLATE]},
        ["/body/en", "nothing is called 'member.frist_name'", "Known are:"],
    ),
    "zone": (
        {"programme": {"zone": "Mars/Olympus"}},
        ["/programme/zone", "There is no time zone called “Mars/Olympus”.", "such as Asia/Shanghai"],
    ),
    "tag into itself": (
        {"tags": [tag("a", merged_into="a")]},
        ["/tags/0/merged_into", "can't be merged into itself.", "Choose another tag"],
    ),
    "tags in a circle": (
        {"tags": [tag("a", merged_into="b"), tag("b", merged_into="c"), tag("c", merged_into="a")]},
        ["/tags/2/merged_into", "“c” leads back to itself by way of “a”.", "out of the circle"],
    ),
}


@pytest.mark.parametrize("case", DEFINED)
def test_definitions(command: Command, tmp_path: Path, case: str) -> None:
    definitions, said = DEFINED[case]
    file = tmp_path / "definitions.json"
    file.write_text(json.dumps(definitions))
    ended = command("define", file)

    assert (1, "") == (ended.code, ended.out)
    assert [] == [one for one in said if one not in ended.err]


def test_rules_that_loop(command: Command, tmp_path: Path) -> None:
    """In one go, or with a rule that is in force already."""
    (tmp_path / "definitions.json").write_text(json.dumps({"tags": [tag("hot"), tag("cold")]}))
    assert 0 == command("define", tmp_path / "definitions.json").code
    files = [tmp_path / f"{key}.rule.json" for key in ("heat", "cool")]
    for file, rule in zip(files, (tagged("heat", "cold", "hot"), tagged("cool", "hot", "cold")), strict=True):
        file.write_text(json.dumps(rule))
    together = command("publish", *files)
    first = command("publish", files[0])
    second = command("publish", files[1])

    assert (1, 0, 1) == (together.code, first.code, second.code)
    assert "heat → cool → heat" in together.err
    for ended in (together, second):
        assert "/then/1: Rules set each other off in a circle" in ended.err
        assert "Break the circle with a condition" in ended.err


def test_a_day_that_never_comes(command: Command, tmp_path: Path) -> None:
    """Day 31 of a lunar month; day 30 is the last one where there are only 29, and goes in."""
    file = tmp_path / "moon.rule.json"
    (tmp_path / "definitions.json").write_text(json.dumps({"tags": [tag("hot")]}))
    assert 0 == command("define", tmp_path / "definitions.json").code
    rule: Json = {
        "language": 1,
        "key": "moon",
        "name": {"en": "Moon"},
        "when": {"type": "holiday", "calendar": "lunar", "month": 8, "day": 31, "at": "10:00"},
        "then": [{"type": "add_tag", "tag": "hot"}],
    }
    file.write_text(json.dumps(rule))
    ended = command("publish", file)
    file.write_text(json.dumps(rule | {"when": rule["when"] | {"day": 30}}))

    assert 1 == ended.code
    assert "/when/day: Month 8 never has a day 31; 30 is its last. Choose a day that there is." in ended.err
    assert 0 == command("publish", file).code


def test_a_history_whose_line_17_is_broken(command: Command, tmp_path: Path) -> None:
    """It is written out with the reason; mended there it goes in, once, whatever is run again."""
    order = '{{"type":"track","userId":"m{0}","event":"Checked In","timestamp":"2026-01-05T10:00:{0:02}Z"}}'
    lines = [order.format(number) for number in range(1, 21)]
    file = tmp_path / "orders.jsonl"
    file.write_text("\n".join([*lines[:16], lines[16][:-9], *lines[17:]]))
    first = command("import", file, "--mode", "as-it-was")
    rejected = tmp_path / "orders.jsonl.rejected"
    (number, reason, text) = rejected.read_text().splitlines()[1].split("\t")

    assert (1, "17", lines[16][:-9]) == (first.code, number, text)
    assert "19 taken in" in first.err
    assert "JSON" in reason
    rejected.write_text(rejected.read_text().replace(text, lines[16]))
    assert "1 taken in, 0 known" in command("import", rejected, "--mode", "as-it-was").err
    for again in (rejected, file):
        ended = command("import", again, "--mode", "as-it-was")
        assert (0, True) == (ended.code, "0 taken in" in ended.err)
    assert 20 == json.loads(command("summary", "--json").out)["events"]
    assert 0 == command("replay", "--verify").code
