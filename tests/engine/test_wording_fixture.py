"""What the editor's tests are given is what the engine says today."""

from pathlib import Path

import pytest

from rule_library import library
from tests.support.wording import as_text, language, sentences, wording


@pytest.mark.parametrize(
    ("name", "made"), [("wording.json", wording), ("language.json", language), ("sentences.json", sentences)]
)
def test_fixture_is_fresh(project_root: Path, name: str, made: object) -> None:
    """If it isn't on purpose, `python -m tests.support.wording` writes it again."""
    assert callable(made)
    assert as_text(made()) == (project_root / "tests" / "editor" / name).read_text(encoding="utf-8")


def test_fixture_is_wide_enough() -> None:
    assert len(wording()) >= 25


def test_every_rule_of_the_library_is_said_in_three_languages() -> None:
    """Traditional characters are made of the simplified ones, so that no language is forgotten."""
    said = sentences()

    assert {entry.key for entry in library()} == set(said)
    for one in said.values():
        assert isinstance(one, dict)
        assert {"en", "zh-Hans", "zh-Hant"} == set(one)
        assert all(one.values())
    text = "".join(str(one["zh-Hant"]) for one in said.values() if isinstance(one, dict))
    assert {"會", "優", "發"} <= set(text)
    assert not {"会", "优", "发"} & set(text.replace("会面", ""))
