"""Old customers of another platform come over (J8): matched, welcomed once, on the level they had."""

import json
from pathlib import Path
from typing import Any

import pytest

from api.store import members
from api.store.database import Database
from engine.state import MemberState
from tests.end_to_end.conftest import Command
from tests.support.server import ROOT

RULES = ("carried-over-tier", "recall-welcome-gift", "points-per-order")
HEADER = "type,userId,event,timestamp,phone,origin,marketplace_level,total,currency"


@pytest.fixture
def programme(command: Command, tmp_path: Path) -> Command:
    """A programme with one member of its own, whom we know by a phone number."""
    assert 0 == command("define", ROOT / "rule_library" / "definitions.json").code
    assert 0 == command("publish", *(ROOT / "rule_library" / f"{key}.rule.json" for key in RULES)).code
    own = tmp_path / "own.jsonl"
    told: dict[str, Any] = {
        "type": "identify",
        "userId": "m-1",
        "timestamp": "2025-06-01T10:00:00+08:00",
        "traits": {"phone": "13800138000"},
    }
    own.write_text(json.dumps(told))
    assert 0 == command("import", own, "--mode", "as-it-was").code
    return command


@pytest.fixture
def customers(tmp_path: Path) -> Path:
    """Twenty old customers; the tenth is our own member, and the line of the sixteenth is broken."""
    rows = [
        f"identify,tmall:{number},,2026-01-05T10:00:00+08:00,{13800138000 + (number - 10)},marketplace,"
        f"{'diamond' if number % 2 else 'silver'},,"
        for number in range(1, 21)
    ]
    rows[15] = "identify,tmall:16,,the fifth of January,13800138006,marketplace,silver,,"
    path = tmp_path / "customers.csv"
    path.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    return path


def states(folder: Path) -> dict[str, MemberState]:
    with (
        Database.open(f"sqlite:///{folder / 'regulars.db'}", writable=False) as database,
        database.read() as connection,
    ):
        return {state.member: state for state in members.states(connection)}


def test_old_customers_come_over(programme: Command, customers: Path, tmp_path: Path) -> None:
    """Who is known by phone gets one more id; the others join, with gift and level; line 17 is out."""
    ended = programme("import", customers, "--mode", "as-it-was", "--match", "phone")
    found = states(tmp_path)

    assert 1 == ended.code
    _, _, refused = (tmp_path / "customers.csv.rejected").read_text("utf-8").splitlines()
    assert refused.startswith("17\t")
    assert 1 + 18 == len(found)
    assert "tmall:10" not in found
    assert 2 == found["m-1"].sequence
    assert "marketplace" == found["m-1"].attributes["origin"]
    assert 0 == found["m-1"].points  # joined long ago: no second welcome
    assert (200, "gold") == (found["tmall:1"].points, found["tmall:1"].levels["tier"].tier)
    assert (200, {}) == (found["tmall:2"].points, found["tmall:2"].levels)
    assert 0 == programme("replay", "--verify").code


def test_coming_over_again_changes_nothing(programme: Command, customers: Path, tmp_path: Path) -> None:
    """The same file again takes nothing in; orders under the old ids find their members, also as facts."""
    programme("import", customers, "--mode", "as-it-was", "--match", "phone")
    before = states(tmp_path)
    programme("import", customers, "--mode", "as-it-was", "--match", "phone")
    assert before == states(tmp_path)

    orders = tmp_path / "orders.csv"
    orders.write_text(
        f"{HEADER}\n"
        "track,tmall:10,Order Completed,2026-01-02T10:00:00+08:00,,,,300,CNY\n"
        "track,tmall:2,Order Completed,2026-01-03T10:00:00+08:00,,,,100,CNY\n"
    )
    assert 0 == programme("import", orders, "--mode", "facts-only").code
    found = states(tmp_path)
    assert 1 == found["m-1"].past["Order Completed"].count
    assert (1, 200) == (found["tmall:2"].past["Order Completed"].count, found["tmall:2"].points)
    assert 0 == programme("replay", "--verify").code


def test_two_are_merged_on_the_command_line(programme: Command, customers: Path, tmp_path: Path) -> None:
    """Somebody who knows says that two are one; what is one already is said so."""
    programme("import", customers, "--mode", "as-it-was")
    assert "m-1" in states(tmp_path)
    assert "tmall:10" in states(tmp_path)

    merged = programme("merge", "tmall:10", "m-1", "--why", "The same phone number")
    again = programme("merge", "tmall:10", "m-1", "--why", "The same phone number")
    unknown = programme("merge", "tmall:10", "nobody", "--why", "The same phone number")
    assert (0, 0, 2) == (merged.code, again.code, unknown.code)
    assert "tmall:10 is a part of m-1 now" in merged.err
    assert "both are m-1 already" in again.err
    found = states(tmp_path)
    assert "tmall:10" not in found
    assert 200 == found["m-1"].points
    assert 0 == programme("replay", "--verify").code
