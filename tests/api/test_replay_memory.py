"""A replay reads as it goes: what it holds doesn't grow with a log, and pieces give the whole's report."""

import tracemalloc
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, text

from api.service import replaying
from api.service.replay_report import Asked, Report
from api.service.replaying import replay_log
from api.store import stretches
from engine.language.definitions import Definitions
from engine.language.parse import parse_rule
from tests.api.conftest import RULE, Programme, running
from tests.api.loyal import DEFINITIONS, RULES, Lives

SHORT, TIMES = 150, 8
PIECE = 50


def lived(programme: Programme, entries: int, members: int) -> None:
    """Take in orders that each lead to a decision, of members in turn."""
    for start in range(0, entries, 100):
        calls = [
            {
                "type": "track",
                "userId": f"m{number % members:05}",
                "messageId": f"{members}-{entries}-{number}",
                "event": "Order Completed",
                "properties": {"total": 60, "note": "x" * 500},
            }
            for number in range(start, min(start + 100, entries))
        ]
        assert programme.backend().post("/v1/batch", json={"batch": calls}).json()["success"]


def peak(programme: Programme) -> int:
    """Return the most that a replay held, in bytes; it finds nothing, and looks at everything."""
    with programme.database.read() as connection:
        replay_log(connection)
        tracemalloc.start()
        try:
            report = replay_log(connection)
            held = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert [] == report.divergences
    assert report.of == report.checked
    return held


@pytest.fixture
def shop(sqlite_database: str) -> Iterator[Programme]:
    with running(sqlite_database, "index") as programme:
        programme.publish(RULE)
        yield programme


@pytest.fixture
def pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read and hold few entries and members at a time, so that a short log has many such pieces."""
    monkeypatch.setattr(stretches, "_CHUNK", PIECE)
    monkeypatch.setattr(replaying, "_LONG", PIECE)
    monkeypatch.setattr(replaying, "_ENTRIES", PIECE)


@pytest.mark.usefixtures("pieces")
@pytest.mark.parametrize("entries_a_member", [SHORT * TIMES, 10])
def test_bounded(shop: Programme, entries_a_member: int) -> None:
    """Of one member, and of many: eight times the log takes hardly more."""
    lived(shop, SHORT, max(1, SHORT // entries_a_member))
    short = peak(shop)
    lived(shop, SHORT * TIMES, max(1, SHORT * TIMES // entries_a_member))

    assert 2 * short > peak(shop)


def replayed(programme: Programme, asked: Asked) -> Report:
    with programme.database.read() as connection:
        return replay_log(connection, asked)


def test_in_pieces_as_at_once(programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of lives with merges, points and coupons: sound, and with rows changed, gone and added."""
    crm = [{"key": "crm", "name": {"en": "CRM"}, "url": "http://127.0.0.1:9/x"}]
    defined = Definitions.model_validate(DEFINITIONS | {"endpoints": crm})
    programme.services.definitions.merge(defined, by="test")
    programme.services.publish.publish_documents([parse_rule(one) for one in RULES], by="test")
    Lives(programme, 1).live(60)
    every = [Asked(), Asked(member="m1"), Asked(strict=True)]
    sound = [replayed(programme, one) for one in every]
    changes = (
        "UPDATE ledger_entry SET amount = amount + 1 WHERE sequence % 5 = 0",
        "UPDATE ledger_entry SET sequence = sequence - 7 WHERE sequence % 5 = 1",
        "DELETE FROM ledger_entry WHERE sequence % 5 = 2",
        "UPDATE coupon SET state = 'lost' WHERE sequence % 3 = 0",
        "INSERT INTO snapshot (member, member_sequence, state) VALUES ('m1', 2, x'00'), ('m1', 9999, x'00')",
    )

    def change(connection: Connection) -> None:
        for name in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER IF EXISTS ledger_entry_refuses_{name}"))
        for one in changes:
            connection.execute(text(one))

    programme.run(change)
    changed = [replayed(programme, one) for one in every]
    monkeypatch.setattr(replaying, "_LONG", 3)
    monkeypatch.setattr(stretches, "_CHUNK", 4)

    assert changed == [replayed(programme, one) for one in every]
    assert [] == sound[0].divergences
    assert {"ledger", "coupon", "snapshot"} <= {one.path.split("/")[0] for one in changed[0].divergences}
