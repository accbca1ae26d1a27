"""What every test may ask for.

Tests are marked by what they use: one that asks for a PostgreSQL database is `postgres`, one that
asks for a page is `browser`, so that nobody has to remember the mark.

They run in two processes (pytest-xdist), each of which takes the next file when it has done one. A
session fixture is therefore made once a process: a server, a browser, a folder of its own.
"""

import os
import shutil
import zoneinfo
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from hypothesis import settings

from api.crypto import Passwords
from api.service import people
from tests.support.memory import keep_in_memory

pytest_plugins = [
    "tests.support.postgres",
    "tests.support.chromium",
    "tests.support.databases",
    "tests.support.studio",
]

ROOT = Path(__file__).parent.parent

MARK_OF_FIXTURE = {"postgres_server": "postgres", "browser": "browser", "cdnow_path": "cdnow"}

# What takes longest starts first: a long file that starts last leaves a process idle.
LONGEST_FIRST = (
    "tests/end_to_end/",
    "tests/editor/",
    "tests/engine/ledger/",
    "tests/engine/match/",
    "tests/api/",
    "tests/",
)

# Time zones come from the locked `tzdata`, never from the machine, so that a month has the same
# boundaries wherever the tests run.
zoneinfo.reset_tzpath(to=[])

# The same examples on every run: a red build is red again. `explore` is for looking for new ones.
settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("explore", max_examples=2_000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


_IN_MEMORY = pytest.StashKey[Path | None]()


def pytest_configure(config: pytest.Config) -> None:
    """Write to memory, unless full-size databases are made; the processes of a run inherit it."""
    if not hasattr(config, "workerinput") and config.option.markexpr != "long":
        config.stash[_IN_MEMORY] = keep_in_memory()


@pytest.hookimpl(trylast=True)  # when the processes are gone
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Leave nothing in memory but what somebody may look at: the files of a run that failed."""
    folder = session.config.stash.get(_IN_MEMORY, None)
    if folder is not None and exitstatus == pytest.ExitCode.OK:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.hookimpl(tryfirst=True)  # before `-m` chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test by the fixtures it uses, and put the long files first, else in their random order."""
    for item in items:
        for fixture, mark in MARK_OF_FIXTURE.items():
            if fixture in getattr(item, "fixturenames", ()):
                item.add_marker(mark)
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    return next(turn for turn, start in enumerate(LONGEST_FIRST) if item.nodeid.startswith(start))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests have measured, in the output of any run."""
    reports = [one for kind in ("passed", "failed") for one in terminalreporter.getreports(kind)]
    told = [text for report in reports for name, text in report.user_properties if name == "measured"]
    if told:
        terminalreporter.section("measured")
        for text in sorted({str(one) for one in told}):
            terminalreporter.write_line(text)


@pytest.fixture(scope="session")
def project_root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session", autouse=True)
def quick_hashes() -> Iterator[None]:
    """Hash passwords with the least that Argon2 allows; the tests of the hashes make their own."""
    cheap = partial(PasswordHasher, time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(people, "Passwords", lambda: Passwords(cheap()))
        yield


@pytest.fixture(scope="session")
def cdnow_path() -> Path:
    """The CDNOW purchase history, which is published for research and not copied into the project."""
    beside = ROOT.parent / "shared" / "data" / "CDNOW_master.txt"
    path = Path(os.environ.get("REGULARS_CDNOW", beside))
    if not path.is_file():
        pytest.skip("CDNOW_master.txt is not beside the checkout; name it in REGULARS_CDNOW")
    return path
