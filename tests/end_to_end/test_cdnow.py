"""Real purchases, imported as they were, against an independent computation.

By default a tenth of the customers is run; `pytest -m long` runs them all and
asserts the published figures.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlalchemy import Engine, create_engine, text

from api.store import members
from api.store.database import Database
from api.store.figures import figures
from tests.support.commands import run_here
from tests.support.server import ROOT, SECRET, run_main

END = datetime(1998, 6, 30, 12, tzinfo=UTC)
UNTIL = "1998-06-30T12:00:00Z"
RULES = [ROOT / "rule_library" / f"{key}.rule.json" for key in ("win-back-90d", "win-back-return")]
SHARE = 10
SMALL_SHARE = 30
"""Every so manieth customer is enough where more of them would show nothing else."""

LAPSE = timedelta(days=90)
VALID = timedelta(days=30)
"""How long the coupon lasts that the rule gives; its end is a timer of its own."""


class Expected(NamedTuple):
    """What the purchases give under the rules, computed without the product."""

    events: int
    members: int
    firings: int
    fired_members: int
    at_risk: int
    removed: int
    two_orders: int
    spent_100: int
    total: Decimal
    expired: int


FULL = Expected(69_659, 23_570, 31_654, 23_344, 20_269, 11_385, 11_662, 6_234, Decimal("2500315.63"), 30_624)


def purchases(path: Path, every: int) -> list[tuple[str, datetime, str, str]]:
    """Return (customer, when, number of CDs, amount) of every n-th customer, in file order."""
    found = []
    for line in path.read_text().splitlines():
        customer, day, number, amount = line.split()
        if int(customer) % every == 0:
            when = datetime.strptime(f"{day} 12", "%Y%m%d %H").replace(tzinfo=UTC)
            found.append((customer, when, number, amount))
    return found


def computed(bought: list[tuple[str, datetime, str, str]]) -> Expected:
    """Count what must come out, straight from the definition of the rule."""
    by_customer: dict[str, list[tuple[datetime, Decimal]]] = defaultdict(list)
    for customer, when, _, amount in bought:
        by_customer[customer].append((when, Decimal(amount)))
    fired = fired_members = at_risk = expired = 0
    for orders in by_customer.values():
        days = sorted(when for when, _ in orders)
        gaps = [later - earlier > LAPSE for earlier, later in pairwise(days)]
        lapsed_now = END - days[-1] >= LAPSE
        fired += sum(gaps) + lapsed_now
        lapsed = [day for day, gap in zip(days, [*gaps, lapsed_now], strict=True) if gap]
        expired += sum(day + LAPSE + VALID <= END for day in lapsed)
        fired_members += any(gaps) or lapsed_now
        at_risk += lapsed_now
    sums = [sum((amount for _, amount in orders), Decimal(0)) for orders in by_customer.values()]
    return Expected(
        events=len(bought),
        members=len(by_customer),
        firings=fired,
        fired_members=fired_members,
        at_risk=at_risk,
        removed=fired - at_risk,
        two_orders=sum(len(orders) >= 2 for orders in by_customer.values()),
        spent_100=sum(one >= 100 for one in sums),
        total=sum(sums, Decimal(0)),
        expired=expired,
    )


def write_jsonl(bought: list[tuple[str, datetime, str, str]], path: Path) -> None:
    """Write each purchase as one Segment call; amounts as numbers, to be read from their text."""
    with path.open("w") as file:
        for customer, when, number, amount in bought:
            timestamp = when.isoformat().replace("+00:00", "Z")
            file.write(
                f'{{"type":"track","userId":"{customer}","event":"Order Completed","timestamp":"{timestamp}",'
                f'"properties":{{"total":{amount},"quantity":{number},"currency":"USD"}}}}\n'
            )


FIGURE_RULES: list[dict[str, Any]] = [
    {
        "language": 1,
        "key": key,
        "name": {"en": key, "zh-Hans": key},
        "when": {"type": "event", "event": "Order Completed"},
        "if": {"type": "history", "measure": measure, "event": "Order Completed", "op": "gte", "value": value}
        | ({"property": "total"} if measure == "sum" else {}),
        "then": [{"type": "add_tag", "tag": key}],
        "limits": {"per_member": {"times": 1}},
    }
    for key, measure, value in (("two-orders", "count", 2), ("spent-100", "sum", 100))
]


@pytest.fixture
def prepared(url: str, tmp_path: Path) -> str:
    """A database with the rules of this check in force."""
    definitions = json.loads((ROOT / "rule_library" / "definitions.json").read_text())
    del definitions["segments"], definitions["scores"]  # they have entries of their own
    definitions["tags"] += [
        {"key": rule["key"], "name": rule["name"], "meaning": "A figure of this check"}
        for rule in FIGURE_RULES
    ]
    file = tmp_path / "definitions.json"
    file.write_text(json.dumps(definitions))
    run_here(url, "define", file)
    files = []
    for rule in FIGURE_RULES:
        files.append(tmp_path / f"{rule['key']}.rule.json")
        files[-1].write_text(json.dumps(rule))
    run_here(url, "publish", *RULES, *files)
    return url


def import_(url: str, file: Path) -> None:
    run_main(url, "import", file, "--mode", "as-it-was", "--until", UNTIL)


def found(url: str) -> Expected:
    """Return the figures as the product tells them."""
    told = json.loads(run_here(url, "summary", "--json"))
    coupons = told["coupons"]["WINBACK10"]
    assert sum(coupons.values()) == told["firings"]["win-back-90d"]
    with Database.open(url, writable=False) as database, database.read() as connection:
        states = list(members.states(connection))
    sums = [past for state in states for past in [max(state.past.values(), key=lambda one: one.total)]]
    return Expected(
        events=told["events"],
        members=told["members"],
        firings=told["firings"]["win-back-90d"],
        fired_members=sum("win-back-90d" in state.consumed for state in states),
        at_risk=told["members_per_tag"]["churn-risk"],
        removed=told["firings"]["win-back-return"],
        two_orders=told["members_per_tag"]["two-orders"],
        spent_100=told["members_per_tag"]["spent-100"],
        total=sum((Decimal(one.total) for one in sums), Decimal(0)),
        expired=coupons["expired"],
    )


def replayed(url: str, *more: str, **environment: str) -> dict[str, Any]:
    """Replay the whole log with `--verify` and return the report."""
    report: dict[str, Any] = json.loads(
        run_main(url, "replay", "--verify", "--json", *more, code=0, **environment).stdout
    )
    return report


def check(url: str, bought: list[tuple[str, datetime, str, str]], expected: Expected, folder: Path) -> None:
    """Import, compare every figure, and replay under two hash seeds, in one process and in two."""
    file = folder / "cdnow.jsonl"
    write_jsonl(bought, file)
    import_(url, file)
    reports = [
        replayed(url, "--processes", processes, PYTHONHASHSEED=seed)
        for seed, processes in (("0", "1"), ("4242", "2"))
    ]

    assert expected == found(url)
    assert [[], []] == [report["divergences"] for report in reports]
    assert expected.events + expected.firings + expected.expired == reports[0]["checked"]
    assert reports[0]["digest"] == reports[1]["digest"]


def test_a_tenth_of_the_figures_is_exact(prepared: str, cdnow_path: Path, tmp_path: Path) -> None:
    """Every figure of a tenth of the customers is the independently computed one, on both databases."""
    bought = purchases(cdnow_path, SHARE)

    check(prepared, bought, computed(bought), tmp_path)


@pytest.mark.long
def test_all_figures_are_exact(prepared: str, cdnow_path: Path, tmp_path: Path) -> None:
    """Every figure of all 23,570 customers is the published one, on both databases."""
    bought = purchases(cdnow_path, 1)

    assert FULL == computed(bought)
    check(prepared, bought, FULL, tmp_path)


@pytest.mark.parametrize("every", [SMALL_SHARE, pytest.param(1, marks=pytest.mark.long)])
def test_killed_import_goes_on_where_it_was(
    prepared: str, cdnow_path: Path, tmp_path: Path, every: int
) -> None:
    """`kill -9` in the middle, three times, and again: the same figures, nothing twice."""
    bought = purchases(cdnow_path, every)
    expected = computed(bought)
    file = tmp_path / "cdnow.jsonl"
    write_jsonl(bought, file)
    interrupted = [_killed_at(prepared, file, int(share * expected.members)) for share in (0.1, 0.4, 0.8)]
    import_(prepared, file)

    assert any(interrupted), "every import ended before it was killed"
    assert expected == found(prepared)
    assert [] == replayed(prepared)["divergences"]


def _killed_at(url: str, file: Path, members_in: int) -> bool:
    """Start an import, kill it when so many members are in; tell whether it was still running."""
    process = subprocess.Popen(
        [sys.executable, ROOT / "main.py", "import", file, "--mode", "as-it-was", "--until", UNTIL],
        env={**os.environ, "DATABASE_URL": url, "REGULARS_SECRET": SECRET},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while process.poll() is None and _taken_in(url) < members_in:
        time.sleep(0.05)
    running = process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait()
    return running


def _taken_in(url: str) -> int:
    with Database.open(url, writable=False) as database, database.read() as connection:
        return figures(connection).members


def test_one_byte_changed_by_hand_is_named(url: str, cdnow_path: Path, tmp_path: Path) -> None:
    """Whichever stored byte is changed behind our back, replay exits with 1 and names the decision."""
    file = tmp_path / "cdnow.jsonl"
    write_jsonl(purchases(cdnow_path, 40 * SHARE), file)
    run_here(url, "define", ROOT / "rule_library" / "definitions.json")
    run_here(url, "publish", *RULES)
    import_(url, file)
    engine = create_engine(url)
    _let_through(engine)
    for table, column in (("event", "properties"), ("decision", "body"), ("event", "digest")):
        sequence, value = _twenty_first(engine, table, column)
        _store(engine, table, column, sequence, _with_a_bit_turned(value))
        report = json.loads(run_here(url, "replay", "--verify", "--json", code=1))
        _store(engine, table, column, sequence, value)

        assert sequence in {one["decision"] for one in report["divergences"]}, (table, column)
    engine.dispose()
    run_here(url, "replay", "--verify")


def _let_through(engine: Engine) -> None:
    """Take away what keeps a row that is written once from being changed."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            for table in ("event", "decision"):
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
            return
        triggers = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
        for name in triggers.scalars().all():
            connection.execute(text(f'DROP TRIGGER "{name}"'))


def _twenty_first(engine: Engine, table: str, column: str) -> tuple[int, str | bytes]:
    query = f"SELECT sequence, {column} FROM {table} ORDER BY sequence LIMIT 1 OFFSET 20"  # noqa: S608
    with engine.connect() as connection:
        sequence, value = connection.execute(text(query)).one()
    return sequence, value


def _store(engine: Engine, table: str, column: str, sequence: int, value: str | bytes) -> None:
    change = f"UPDATE {table} SET {column} = :value WHERE sequence = :sequence"  # noqa: S608
    with engine.begin() as connection:
        connection.execute(text(change), {"value": value, "sequence": sequence})


def _with_a_bit_turned(value: str | bytes) -> str | bytes:
    raw = bytearray(value if isinstance(value, bytes) else value.encode())
    raw[len(raw) // 2] ^= 1
    return bytes(raw) if isinstance(value, bytes) else raw.decode()
