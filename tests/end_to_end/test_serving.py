"""While the server runs: commands go through it, and what it is told comes back decided."""

import json
import re
from pathlib import Path

import httpx2
import pytest

from tests.end_to_end.conftest import Command
from tests.support.commands import run_here
from tests.support.server import ROOT, run_main, serving

DEFINITIONS = ROOT / "rule_library" / "definitions.json"
RULE = ROOT / "rule_library" / "points-per-order.rule.json"


@pytest.fixture
def key(sqlite_database: str) -> str:
    """A key that may do everything a backend may."""
    scopes = [f"--scope={name}" for name in ("events:write", "rules:write", "decisions:read")]
    return run_here(sqlite_database, "create-key", "shop", *scopes).strip()


def test_commands_go_through_the_server(
    sqlite_database: str, key: str, tmp_path: Path, command: Command
) -> None:
    """`publish` and `define` work with `--url`; other writers exit with 2; events are decided at once."""
    with serving(sqlite_database, REGULARS_MATCHER="index") as url:
        refused = run_main(sqlite_database, "publish", RULE, code=2).stderr
        assert 2 == command("create-user", "eve").code
        run_here(sqlite_database, "define", DEFINITIONS, "--url", url, "--key", key)
        run_here(sqlite_database, "publish", RULE, "--url", url, "--key", key)
        again = command("publish", RULE, "--url", url, "--key", key)
        sent = {
            "userId": "m1",
            "messageId": "e1",
            "event": "Order Completed",
            "properties": {"total": 88.5, "currency": "CNY"},
        }
        told = httpx2.post(f"{url}/v1/track", json=sent, auth=(key, ""), trust_env=False).json()
        bad = tmp_path / "bad.rule.json"
        bad.write_text(
            RULE.read_text().replace("event.total", "event.nothing").replace("points-per", "bad-per")
        )
        finding = command("publish", bad, "--url", url, "--key", key)
        taken = run_main(sqlite_database, "serve", "--port", url.rpartition(":")[2], code=2).stderr

    assert "--url" in re.sub(r"\s+", " ", refused)
    assert (0, True) == (again.code, "already in force" in again.err)
    assert [88] == [one["points"] for one in told["effects"] if one["type"] == "award_points"]
    assert (1, True) == (finding.code, "/then/0/fact" in finding.err)
    assert "Address already in use" in taken
    assert [] == json.loads(run_here(sqlite_database, "replay", "--verify", "--json"))["divergences"]


def test_what_answers_badly_is_said_to(sqlite_database: str, command: Command) -> None:
    """A key that isn't known, and an address where something else is, are misuse."""
    with serving(sqlite_database) as url:
        unknown = command("publish", RULE, "--url", url, "--key", "rg_a_b")
        elsewhere = command("publish", RULE, "--url", f"{url}/nowhere", "--key", "rg_a_b")

    assert [2, 2] == [unknown.code, elsewhere.code]
    assert "not known" in unknown.err
    assert "--url" in elsewhere.err
