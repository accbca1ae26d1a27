"""A generated history, taken in on either database, comes to one digest, however it is decided again.

By default 2,000 events of 300 members, with the timers that follow from them; `pytest -m long` takes
1,000,000 of 100,000.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from shutil import which
from typing import Any, Final

import pytest

from api.service import granting
from api.service.history_lines import HistoryFile
from api.service.import_pass import Way
from api.service.unit import Unit
from api.wire.history import decoder_of
from engine import canonical
from engine.decide import Decided
from engine.events import Event
from tests.api.conftest import running
from tests.support import generated
from tests.support.server import ROOT

DIGEST: Final = "a0124dcda504f793f797658ef59eca8e742e3e915e5a63ea77bee27654738343"
"""Of the normal size. Whoever changes it has changed what was decided before: that takes a gate."""

OTHER_PYTHON: Final = "REGULARS_PYTHON_OTHER"
WAYS: Final = (
    {"PYTHONHASHSEED": "1", "TZ": "Pacific/Auckland"},
    {"PYTHONHASHSEED": "2", "TZ": "America/New_York"},
)


def counted_codes(patch: pytest.MonkeyPatch) -> None:
    """Let a coupon's code follow from the entry that it is given on, not from chance."""
    made: Iterator[str] = iter(())
    take = Unit.take

    def watched(unit: Unit, event: Event, content: str) -> Decided:
        nonlocal made
        entry = canonical.digest([event.member, event.member_sequence])[:12].upper()
        made = (f"{entry}{number}" for number in count())
        return take(unit, event, content)

    patch.setattr(Unit, "take", watched)
    patch.setattr(granting, "new_code", lambda: next(made))


def take_in(url: str, file: Path) -> None:
    """Import the history as people do, with a clock that stands still."""
    with running(url, matcher="index") as programme:
        services = programme.services
        services.definitions.replace(generated.definitions(), by="test")
        services.publish.publish_documents(generated.documents(), by="test")
        history = HistoryFile.open(file)
        decode = decoder_of(history, programme.clock, services.rulebook.index().rules.catalogue)
        way = Way("import", "as-it-was", [])
        programme.imports.run(history, decode, way, until=None, progress=lambda _: None)


def replays(ways: list[tuple[str, dict[str, str], str, str]]) -> list[dict[str, Any]]:
    """Replay in processes of their own, two at a time, and return the reports."""
    running_now = [
        subprocess.Popen(
            [python, ROOT / "main.py", "replay", "--verify", "--json", "--processes", processes],
            env={**os.environ, "DATABASE_URL": url, "REGULARS_SECRET": "s" * 32, **environment},
            stdout=subprocess.PIPE,
        )
        for url, environment, processes, python in ways
    ]
    told = [one.communicate()[0] for one in running_now]
    assert {0} == {one.returncode for one in running_now}, told
    return [json.loads(one) for one in told]


@pytest.fixture
def file(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    events, members = request.param
    written = tmp_path / "history.jsonl"
    with written.open("wb") as opened:
        opened.writelines(generated.lines(events, members))
    return written


def proves(urls: list[str], file: Path, patch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Take the file in on each database; replay under two seeds and zones, with one process and two."""
    counted_codes(patch)
    for url in urls:
        take_in(url, file)
    first, second = urls
    ways = [(first, WAYS[0], "1", sys.executable), (second, WAYS[1], "2", sys.executable)]
    one, other = replays(ways)
    assert one["digest"] == other["digest"]
    assert (one["checked"], one["members"]) == (other["checked"], other["members"])
    return one


@pytest.mark.parametrize("file", [(2_000, 300)], indirect=True)
def test_one_digest(
    sqlite_database: str, postgres_database: str, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On SQLite and on PostgreSQL, and on any Python that runs this."""
    report = proves([sqlite_database, postgres_database], file, monkeypatch)

    assert report["members"] > 250
    assert report["checked"] > 4_000
    assert DIGEST == report["digest"]


@pytest.mark.long
@pytest.mark.parametrize("file", [(1_000_000, 100_000)], indirect=True)
def test_one_digest_of_a_million(
    sqlite_database: str, postgres_database: str, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same of a million events, crosswise, and on another Python where there is one."""
    report = proves([sqlite_database, postgres_database], file, monkeypatch)
    crosswise = [
        (sqlite_database, WAYS[1], "2", sys.executable),
        (postgres_database, WAYS[0], "1", sys.executable),
    ]
    for one in crosswise:
        assert [report["digest"]] == [again["digest"] for again in replays([one])]
    assert report["checked"] > 1_000_000
    python = other_python()
    if python is None:
        pytest.skip(f"one Python gave one digest; {OTHER_PYTHON} names no other that has the packages")
    (other,) = replays([(sqlite_database, {}, "2", python)])
    assert report["digest"] == other["digest"]


def other_python() -> str | None:
    """Return a Python of another version with the locked packages, if somebody made one."""
    named = os.environ.get(OTHER_PYTHON)
    other = "python3.12" if sys.version_info < (3, 12) else "python3.11"
    python = named or which(other)
    if python is None:
        return None
    done = subprocess.run([python, "-c", "import sqlmodel, msgspec, typer"], capture_output=True, check=False)
    if named is not None:
        assert 0 == done.returncode, f"{OTHER_PYTHON} lacks the packages of requirements.txt"
    return python if done.returncode == 0 else None
