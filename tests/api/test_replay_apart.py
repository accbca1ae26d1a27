"""A replay over several processes finds what one process finds."""

from typing import Any

import pytest
from sqlalchemy import text

from api.service.replay_report import Report
from api.service.replaying import replay_log
from api.service.replaying_apart import replay_apart
from tests.api.conftest import Programme

MEMBERS = 30


@pytest.fixture
def shop(programme: Programme) -> Programme:
    programme.publish()
    calls = [
        {
            "type": "track",
            "userId": f"m{number % MEMBERS}",
            "messageId": f"e{number}",
            "event": "Order Completed",
            "properties": {"total": 60 + number},
        }
        for number in range(3 * MEMBERS)
    ]
    assert programme.backend().post("/v1/batch", json={"batch": calls}).json()["success"]
    return programme


def apart(programme: Programme) -> Report:
    return replay_apart(programme.settings.database_url, processes=2)


def together(programme: Programme) -> Report:
    with programme.database.read() as connection:
        return replay_log(connection)


def test_same_report(shop: Programme) -> None:
    told: list[tuple[int, int]] = []

    def progress(one: Report) -> bool:
        told.append((one.checked, one.of))
        return True

    report = replay_apart(shop.settings.database_url, processes=2, progress=progress)

    assert together(shop) == report
    assert (3 * MEMBERS, MEMBERS, []) == (report.checked, report.members, report.divergences)
    assert sorted(told) == told
    assert (3 * MEMBERS, 3 * MEMBERS) == told[-1]


def test_same_divergences(shop: Programme) -> None:
    """One in each part, and one in what is common to all, which is told once."""

    def change(connection: Any) -> None:
        for table in ("decision", "control"):
            connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_refuses_update"))
        for member in ("m3", "m7", "m29"):
            connection.execute(
                text("UPDATE decision SET body = CAST(replace(body, :old, :new) AS BLOB) WHERE member = :at"),
                {"old": '"vip"', "new": '"vop"', "at": member},
            )
        connection.execute(text("UPDATE control SET digest = 'x' WHERE revision = 1"))

    shop.run(change)
    report = apart(shop)

    assert together(shop) == report
    assert {"", "m3", "m7", "m29"} == {one.member for one in report.divergences}
    assert 1 == [one.path for one in report.divergences].count("control/1")


def test_digest_changes_with_any_chain(shop: Programme) -> None:
    before = apart(shop).digest
    call = {"userId": "m1", "messageId": "one more", "event": "Order Completed"}
    assert 200 == shop.backend().post("/v1/track", json=call).status_code

    assert before != apart(shop).digest


def test_empty_log(programme: Programme) -> None:
    assert together(programme) == apart(programme)
