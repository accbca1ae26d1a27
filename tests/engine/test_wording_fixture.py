"""What the editor's tests are given is what the engine says today."""

from pathlib import Path

import pytest

from tests.support.wording import as_text, language, wording


@pytest.mark.parametrize(("name", "made"), [("wording.json", wording), ("language.json", language)])
def test_fixture_is_fresh(project_root: Path, name: str, made: object) -> None:
    """If it isn't on purpose, `python -m tests.support.wording` writes it again."""
    assert callable(made)
    assert as_text(made()) == (project_root / "tests" / "editor" / name).read_text(encoding="utf-8")


def test_fixture_is_wide_enough() -> None:
    assert len(wording()) >= 25
