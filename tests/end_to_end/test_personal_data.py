"""Erasing a member, and everything about one, by the command line."""

import json
from pathlib import Path

from tests.end_to_end.conftest import Command

HISTORY = """type,userId,timestamp,event,phone,total
identify,m-1,2026-01-02T10:00:00Z,,+8613900001111,
track,m-1,2026-01-03T10:00:00Z,Order Completed,,88
"""


def test_a_member_is_written_down_and_erased(command: Command, tmp_path: Path) -> None:
    file, out = tmp_path / "history.csv", tmp_path / "member.json"
    file.write_text(HISTORY, encoding="utf-8")
    assert 0 == command("import", file, "--mode", "as-it-was").code
    assert 0 == command("export-member", "m-1", "--out", out).code
    assert "+8613900001111" == json.loads(out.read_text(encoding="utf-8"))["member"]["personal"]["phone"]
    assert 0o600 == out.stat().st_mode & 0o777
    assert 2 == command("export-member", "m-1", "--out", out).code

    erased = command("erase", "m-1", "--why", "request 81")
    assert (0, "m-1 is erased") == (erased.code, " ".join(erased.err.split()))
    assert 2 == command("erase", "m-1", "--why", "request 81").code
    replayed = command("replay", "--verify")
    assert (0, True) == (replayed.code, "erased: 1" in replayed.out), replayed.out
    assert 0 == command("seal").code
    assert "erased: 1" in command("verify").out
    assert 0 == command("export-member", "m-1", "--out", tmp_path / "after.json").code
    assert "13900001111" not in (tmp_path / "after.json").read_text(encoding="utf-8")
