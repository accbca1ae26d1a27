"""What an event may cost, in things that can be counted: calls, statements, rows, bytes.

A clock says something else on every machine and every day; these counts are the
same everywhere, and grow when somebody makes the hot path longer. The measured
value stands beside each bound; a bound is raised only with a reason.
"""

import sqlite3
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest
from sqlalchemy import event

from api.service.calls import Call
from api.service.ingest import Ingest
from api.store.connection import Connection
from api.wire.segment import read_batch
from engine.language.definitions import Definitions
from engine.language.parse import parse_rule
from tests.api.conftest import Programme

BATCH = 100
BATCHES = 6
RULES = 40
EVENTS = [f"Event {number}" for number in range(10)]


def rule(number: int) -> dict[str, Any]:
    """One of the rules of an event: some can never be true, some read the history, some hold now and then."""
    bound = {"type": "compare", "fact": "event.qty", "op": "gte", "value": 8 if number % 4 == 0 else 100}
    history = {"type": "history", "measure": "count", "event": EVENTS[number % 10], "op": "gte", "value": 2}
    conditions = [bound, {"type": "compare", "fact": "event.channel", "op": "in", "value": ["web", "store"]}]
    return {
        "language": 1,
        "key": f"rule-{number}",
        "name": {"en": f"Rule {number}"},
        "when": {"type": "event", "event": EVENTS[number % 10]},
        "if": {"type": "all", "of": [*conditions, history] if number % 4 == 1 else conditions},
        "then": [{"type": "award_points", "points": 10}],
    }


def body(batch: int) -> bytes:
    calls = [
        {
            "type": "track",
            "userId": f"m{number * 7 % 60}",
            "messageId": f"e{number}",
            "event": EVENTS[number % 10],
            "properties": {
                "order_id": str(number),
                "total": 10.25 + number,
                "qty": number // 10 % 10,
                "channel": "web",
                "currency": "CNY",
            },
        }
        for number in range(batch * BATCH, (batch + 1) * BATCH)
    ]
    return msgspec.json.encode({"batch": calls})


@pytest.fixture
def shop(programme: Programme) -> Programme:
    """A programme with rules, whose members are known already."""
    properties = [
        {"name": "qty", "type": "number", "label": {"en": "Quantity"}},
        {"name": "channel", "type": "text", "label": {"en": "Channel"}},
    ]
    events = [{"name": name, "label": {"en": name}, "properties": properties} for name in EVENTS]
    programme.services.definitions.merge(Definitions.model_validate({"events": events}), by="test")
    documents = [parse_rule(rule(number)) for number in range(RULES)]
    programme.services.publish.publish_documents(documents, by="test")
    for batch in range(2):
        take(programme, batch)
    return programme


def admitted(programme: Programme, batch: int) -> list[Call]:
    services = programme.services
    catalogue = services.rulebook.index().rules.catalogue
    told = read_batch(body(batch), services.clock.now())
    return [services.door.admit(one, "shop", catalogue) for one in told]  # type: ignore[arg-type]


def take(programme: Programme, batch: int) -> int:
    """Take a batch in on this thread; return how many events had effects."""
    calls = admitted(programme, batch)
    with programme.database.write() as connection:
        (results,) = cast("Ingest", programme.services.ingest).process(connection, [calls])
    assert not isinstance(results, Exception)
    assert {"accepted"} == {one.status for one in results}
    return sum(bool(one.effects) for one in results)


def test_calls_an_event(shop: Programme) -> None:
    """Python and C functions called for an event, from its JSON to its rows: 261 on Python 3.11."""
    calls = 0

    def count(_frame: object, what: str, _argument: object) -> None:
        nonlocal calls
        calls += what in {"call", "c_call"}

    sys.setprofile(count)
    try:
        effects = sum(take(shop, batch) for batch in range(2, BATCHES))
    finally:
        sys.setprofile(None)
    events = (BATCHES - 2) * BATCH

    assert 0.05 < effects / events < 0.2
    assert calls / events < 280


def test_statements_and_rows(shop: Programme) -> None:
    """Statements of a transaction, however many events it has (11), and rows an event (2.1)."""
    statements: Counter[str] = Counter()
    rows: Counter[str] = Counter()

    def seen(
        _connection: Connection,
        _cursor: object,
        statement: str,
        parameters: Any,
        _context: object,
        many: bool,
    ) -> None:
        words = statement.split()
        what = " ".join(words[:3] if words[0] == "INSERT" else words[:1])
        statements[what] += 1
        if words[0] == "INSERT":
            rows[words[2]] += len(parameters) if many else 1

    with shop.database.write() as connection:
        engine = connection.engine
    event.listen(engine, "before_cursor_execute", seen)
    for batch in range(2, BATCHES):
        take(shop, batch)
    event.remove(engine, "before_cursor_execute", seen)
    batches, events = BATCHES - 2, (BATCHES - 2) * BATCH

    assert events == rows["event"]
    assert rows["member"] < events
    assert 2.2 > sum(rows.values()) / events
    assert statements.total() / batches <= 12


def test_bytes_an_event(shop: Programme, tmp_path: Path) -> None:
    """Bytes in the database file an event, everything that follows from it and the indexes included: 508.

    Fourteen of them are the indexes by which decisions are found by instant and by outcome.
    They are counted in a packed copy: how full the pages of a live file are is chance.
    """

    def size(name: str) -> int:
        with shop.database.read() as connection:
            file = connection.exec_driver_sql("PRAGMA database_list").all()[0][2]
        packed = tmp_path / name
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("VACUUM INTO ?", (str(packed),))
        return packed.stat().st_size

    before = size("before.db")
    for batch in range(2, 2 + 20):
        take(shop, batch)

    assert (size("after.db") - before) / (20 * BATCH) < 515
