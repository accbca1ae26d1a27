"""History as a spreadsheet saves it: CSV with a header, quotes, Chinese, and lines that are wrong."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.store import log
from api.store.database import Database
from tests.end_to_end.conftest import Command
from tests.support.server import ROOT

LINES = [
    "userId,event,timestamp,order_id,total,currency,store,vip",
    'm1,Order Completed,2026-01-05T10:00:00+08:00,0001,88.50,CNY,"徐汇, 上海",true',
    '李雷,Order Completed,2026-01-06T10:00:00+08:00,1002,120,CNY,"the ""old"" shop",FALSE',
    "m1,Order Completed,yesterday,1003,10,CNY,,",
    'm2,Order Completed,2026-01-07T10:00:00+08:00,1004,"1,234.50",CNY,,',
    "m2,Order Completed,2026-01-07T10:00:00+08:00,1005",
    ",Order Completed,2026-01-07T10:00:00+08:00,1006,5,CNY,,",
    'm3,Order Completed,2026-01-07T10:00:00+08:00,1007,5,CNY,"never closed,',
    "",
    "m1,Order Completed,2026-01-08T10:00:00+08:00,1008,12,CNY,,",
]
REFUSED = {
    4: "yesterday",
    5: "'1,234.50' is not a number",
    6: "8 columns and the line has 4",
    7: "userId",
    8: "isn't CSV",
}
VIP = {"name": "vip", "label": {"en": "VIP"}, "type": "boolean"}
DEFINITIONS = {"events": [{"name": "Order Completed", "label": {"en": "order"}, "properties": [VIP]}]}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The history, with the byte order mark and line ends of a spreadsheet on Windows."""
    path = tmp_path / "orders.csv"
    path.write_text("\r\n".join(LINES), encoding="utf-8-sig", newline="")
    return path


@pytest.fixture
def programme(command: Command, tmp_path: Path) -> Command:
    """The command line over a programme with a rule that gives a point a yuan."""
    definitions = tmp_path / "definitions.json"
    definitions.write_text(json.dumps(DEFINITIONS))
    assert 0 == command("define", definitions).code
    assert 0 == command("publish", ROOT / "rule_library" / "points-per-order.rule.json").code
    return command


def summed(command: Command) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(command("summary", "--json").out)
    return told


def taken_in(folder: Path) -> list[dict[str, Any]]:
    """The properties of every event in the log."""
    with (
        Database.open(f"sqlite:///{folder / 'regulars.db'}", writable=False) as database,
        database.read() as connection,
    ):
        return [dict(entry.event.properties) for entry in log.all_entries(connection)]


@pytest.mark.parametrize(("mode", "points"), [("as-it-was", 88 + 120 + 12), ("facts-only", 0)])
def test_good_lines_are_in_and_bad_ones_written_out(
    programme: Command, file: Path, tmp_path: Path, mode: str, points: int
) -> None:
    """The exit code says that there were bad lines; each is written out with its number and the reason."""
    ended = programme("import", file, "--mode", mode)
    figures = summed(programme)
    titles, header, *refused = [
        line.split("\t", 2) for line in (tmp_path / "orders.csv.rejected").read_text("utf-8").splitlines()
    ]

    assert 1 == ended.code
    assert "3 taken in, 0 known already, 0 later, 0 timers fired, 5 rejected" in ended.err
    assert "orders.csv.rejected" in ended.err
    assert (3, 2) == (figures["events"], figures["members"])
    accounts = (
        {"points": {"issued": points, "redeemed": 0, "expired": 0, "members": points}} if points else {}
    )
    assert accounts == figures["accounts"]
    assert ["line", "reason"] == titles[:2]
    assert ["1", "header"] == header[:2]
    assert list(REFUSED) == [int(number) for number, _, _ in refused]
    assert all(REFUSED[int(number)] in reason for number, reason, _ in refused)
    assert [LINES[number - 1] for number in REFUSED] == [text for _, _, text in refused]


def test_cells_are_read_as_declared(programme: Command, file: Path, tmp_path: Path) -> None:
    """A number is exact, an order number keeps its zeros, text its commas and quotes; empty is nothing."""
    programme("import", file, "--mode", "facts-only")

    first, other, last = sorted(taken_in(tmp_path), key=lambda one: str(one["order_id"]))
    assert {
        "order_id": "0001", "total": "88.5", "currency": "CNY", "store": "徐汇, 上海", "vip": True,
    } == first  # fmt: skip
    assert (120, 'the "old" shop', False) == (other["total"], other["store"], other["vip"])
    assert {"order_id": "1008", "total": 12, "currency": "CNY"} == last


def test_once_more_adds_nothing(programme: Command, file: Path) -> None:
    programme("import", file, "--mode", "as-it-was")
    before = summed(programme)
    again = programme("import", file, "--mode", "as-it-was")

    assert 1 == again.code
    assert "0 taken in, 3 known already" in again.err
    assert before == summed(programme)
    assert 0 == programme("replay", "--verify").code


MENDED = {
    "yesterday": "2026-01-05T11:00:00+08:00",
    '"1,234.50"': "1234.50",
    "+08:00,1005": "+08:00,1005,7,CNY,,",
    "\t,Order": "\tm4,Order",
    '"never closed,': '"closed",',
}


def test_mended_lines_go_in_once(programme: Command, file: Path, tmp_path: Path) -> None:
    """In two goes, and each file again and again: the lines keep their ids, whichever file they stand in."""
    rejected, left = tmp_path / "orders.csv.rejected", tmp_path / "orders.csv.rejected.rejected"
    programme("import", file, "--mode", "as-it-was")
    text = rejected.read_text("utf-8")
    some, *rest = MENDED.items()
    rejected.write_text(text.replace(*some), "utf-8")
    ended = programme("import", rejected, "--mode", "as-it-was")
    assert (1, True) == (
        ended.code,
        "1 taken in, 0 known already, 0 later, 0 timers fired, 4 rejected" in ended.err,
    )
    assert "mend them there and import that file" in ended.err

    text = left.read_text("utf-8")
    for wrong, right in rest:
        text = text.replace(wrong, right)
    left.write_text(text, "utf-8")
    ended = programme("import", left, "--mode", "as-it-was")
    assert (0, True) == (ended.code, "4 taken in, 0 known already" in ended.err)
    before = summed(programme)
    assert (8, 5) == (before["events"], before["members"])

    for one in (file, rejected, left):
        ended = programme("import", one, "--mode", "as-it-was")
        assert (0, True) == (ended.code, "0 taken in" in ended.err and "0 rejected" in ended.err)
    assert before == summed(programme)
    assert 0 == programme("replay", "--verify").code


@pytest.mark.parametrize(
    ("change", "advice"),
    [
        (lambda text: text.split("\n", 1)[1], "doesn't begin with the line that was written there"),
        (
            lambda text: text.replace("4\t", "\t", 1),
            "Line 3 of orders.csv.rejected doesn't begin with the number",
        ),
    ],
)
def test_a_file_of_rejected_lines_says_which_they_were(
    programme: Command, file: Path, tmp_path: Path, change: Callable[[str], str], advice: str
) -> None:
    """Without that, nobody could tell whether they are in already: it is misuse, and nothing is taken in."""
    programme("import", file, "--mode", "facts-only")
    rejected = tmp_path / "orders.csv.rejected"
    rejected.write_text(change(rejected.read_text("utf-8")), "utf-8")
    before = summed(programme)
    ended = programme("import", rejected, "--mode", "facts-only")

    assert (2, True) == (ended.code, advice in ended.err)
    assert before == summed(programme)


def test_a_file_without_bad_lines_succeeds(programme: Command, tmp_path: Path) -> None:
    file = tmp_path / "good.csv"
    file.write_text("\n".join(LINES[:2]), encoding="utf-8")
    ended = programme("import", file, "--mode", "as-it-was", "--until", "2026-01-04T00:00:00Z")

    assert 0 == ended.code
    assert "0 taken in, 0 known already, 1 later" in ended.err
    assert "clock at 2026-01-04T00:00:00Z" in ended.err
    assert not (tmp_path / "good.csv.rejected").exists()


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (LINES[1].encode(), "must name the columns"),
        (b"userId,event\nm1,Order Completed\n", "timestamp"),
        (b"userId,event,timestamp,total,total\n", "twice"),
        ("userId,event,timestamp,门店\n".encode("gb18030"), "UTF-8"),
        (b"", "must name the columns"),
    ],
)
def test_a_first_line_that_is_no_header_is_misuse(
    command: Command, tmp_path: Path, content: bytes, advice: str
) -> None:
    """Nothing is taken in before the columns are known."""
    file = tmp_path / "orders.csv"
    file.write_bytes(content)
    ended = command("import", file, "--mode", "facts-only")

    assert 2 == ended.code
    assert advice in ended.err
    assert 0 == summed(command)["events"]
