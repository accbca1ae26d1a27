"""Commands of `main.py` in this process, for what must be there before a test begins."""

import io
import os
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

from api.commands.ending import run
from main import command_line
from tests.support.server import SECRET


def run_here(url: str, *words: str | Path, code: int = 0) -> str:
    """Run a command over a database, check how it ended, and return what it printed.

    Rules are matched by the index, so that no network is tried out in a child process.
    """
    settings = {"DATABASE_URL": url, "REGULARS_SECRET": SECRET, "REGULARS_MATCHER": "index"}
    out, err = io.StringIO(), io.StringIO()
    with patch.dict(os.environ, settings), redirect_stdout(out), redirect_stderr(err):
        ended = run(command_line(), [str(word) for word in words])
    assert code == ended, f"{words}: {out.getvalue()}\n{err.getvalue()}"
    return out.getvalue()
