"""The command line, spoken to in this process: quick, and with the exit codes that people see."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from api.commands.ending import run
from main import command_line
from tests.support.server import SECRET


class Ended(NamedTuple):
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str


Command = Callable[..., Ended]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Command:
    """Runs a command over a database of its own, `regulars.db` in the test's folder unless one is named."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'regulars.db'}")
    monkeypatch.setenv("REGULARS_SECRET", SECRET)

    def ended(*words: str | Path) -> Ended:
        capsys.readouterr()
        code = run(command_line(), [str(word) for word in words])
        said = capsys.readouterr()
        return Ended(code, said.out, said.err)

    return ended
