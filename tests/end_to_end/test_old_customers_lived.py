"""An old customer's way from a marketplace's file to the call (J8): level, gift, SMS, task, and an end."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from api.app import create_app
from api.assembly import Programme, assemble
from api.commands.history import take_in
from api.service.history_lines import HistoryFile
from api.service.import_pass import Way
from api.service.imports import Imported
from api.service.replaying import replay_log
from api.service.timers import Timers
from api.settings import Settings
from api.store import outbox
from engine.values import MICROSECONDS, parse_instant
from rule_library import library, library_definitions
from tests.api.conftest import ORIGIN, SCOPES, SECRET, Trusting
from tests.support.clock import FixedClock

Json = dict[str, Any]
RULES = ("carried-over-tier", "recall-welcome-gift", "recall-old-customers")
HEADER = "type,userId,timestamp,phone,origin,marketplace_level"
OURS = "identify,m-1,2025-06-01T10:00:00+08:00,13800138000,,"
CUSTOMERS = (
    "identify,tmall:1,2026-01-05T10:00:00+08:00,13800138001,marketplace,diamond",
    "identify,tmall:2,2026-01-05T10:00:00+08:00,13800138002,marketplace,silver",
    "identify,tmall:3,2026-01-05T10:00:00+08:00,13800138000,marketplace,diamond",  # m-1's number
    "identify,tmall:4,the fifth of January,13800138004,marketplace,diamond",
)
DAY = 86_400


class Shop(NamedTuple):
    """The product over a database, at an instant that the test sets."""

    programme: Programme
    client: TestClient
    clock: FixedClock
    folder: Path

    def imported(self, name: str, *lines: str) -> Imported:
        """Take a file in, by phone number where an id is new; write out what is wrong with it."""
        path = self.folder / name
        if lines:
            path.write_text("\n".join([HEADER, *lines]), "utf-8")
        file = HistoryFile.open(path)
        done = take_in(self.programme, file, Way("tmall", "as-it-was", ["phone"]), None)
        if done.rejected:
            file.write_rejected({one.line: one.reason for one in done.rejected}, header=True)
        return done

    def member(self, key: str) -> Json:
        return dict(self.client.get(f"/v1/members/{key}").json())

    def level(self, key: str) -> tuple[str | None, str | None]:
        (level,) = [one for one in self.member(key)["levels"] if one["ladder"] == "tier"]
        return level["tier"], level["until"]

    def track(self, member: str, event: str, **properties: Any) -> None:
        answer = self.client.post(
            "/v1/track", json={"userId": member, "event": event, "properties": properties}
        )
        assert 200 == answer.status_code, answer.text

    def pass_days(self, days: int) -> None:
        """Let time pass, and everything happen that is due by then."""
        self.clock.advance(days * DAY)
        timers = Timers(self.programme.services.rulebook, self.programme.sources, self.clock)
        while (wake := self.programme.run(timers.tick)) is not None and wake <= self.clock.now():
            pass

    def messages(self) -> list[tuple[str, str, str]]:
        with self.programme.database.read() as connection:
            found = outbox.page(connection, status=None, before=None, limit=100)
        return sorted((one.member, one.target, one.status) for one in found)


@pytest.fixture
def shop(url: str, tmp_path: Path) -> Iterator[Shop]:
    clock = FixedClock(parse_instant("2026-02-01T10:00:00+08:00"))
    settings = Settings(DATABASE_URL=url, secret=SecretStr(SECRET), check_sample=0)
    programme = assemble(settings, clock, Trusting(), timers=False)
    programme.writer.start()
    services = programme.services
    services.definitions.merge(library_definitions(), by="test")
    services.publish.publish_documents(
        [entry.document for entry in library() if entry.key in RULES], by="test"
    )
    client = TestClient(create_app(services, settings), base_url=ORIGIN)
    client.auth = (services.keys.create("crm", SCOPES), "")
    yield Shop(programme, client, clock, tmp_path)
    programme.close()


def test_from_the_file_to_the_call(shop: Shop) -> None:
    """Known by phone or new, with the level they had until it ends; recalled by SMS, then by a call."""
    shop.imported("ours.csv", OURS)
    done = shop.imported("customers.csv", *CUSTOMERS)

    assert (3, [5]) == (done.taken, [one.line for one in done.rejected])
    assert "m-1" == shop.member("tmall:3")["id"]
    year = "2027-01-05T02:00:00Z"
    assert [("gold", year), (None, None), ("gold", year)] == [
        shop.level(key) for key in ("tmall:1", "tmall:2", "m-1")
    ]
    gifts = {key: shop.member(key) for key in ("tmall:1", "tmall:2", "m-1")}
    assert [200, 200, 0] == [one["points"] for one in gifts.values()]
    assert [["GIFT-CUP"], ["GIFT-CUP"], []] == [
        [coupon["coupon"] for coupon in one["coupons"]] for one in gifts.values()
    ]
    assert [] == shop.messages()  # history sends nothing
    _mended(shop)

    for key in ("tmall:1", "tmall:2", "tmall:3", "tmall:4"):
        shop.track(key, "Recall Begun")
    recalled = ["m-1", "tmall:1", "tmall:2", "tmall:4"]
    assert [(key, "come-over", "pending") for key in recalled] == shop.messages()
    shop.pass_days(2)
    shop.track("tmall:2", "Order Completed", order_id="o-1", total=80, currency="CNY")
    shop.track("tmall:1", "Recall Begun")  # once in half a year
    shop.pass_days(5)
    tasks = shop.client.get("/v1/tasks", params={"queue": "recall"}).json()["items"]
    assert ["m-1", "tmall:1", "tmall:4"] == sorted(one["member"] for one in tasks)
    assert 4 == len(shop.messages())

    shop.clock.instant = parse_instant(year) - MICROSECONDS
    shop.pass_days(0)
    assert ("gold", year) == shop.level("tmall:1")
    shop.pass_days(40)
    assert None is shop.level("tmall:1")[0]
    with shop.programme.database.read() as connection:
        assert [] == replay_log(connection).divergences


def _mended(shop: Shop) -> None:
    """The line that was wrong is mended where it was written out, and goes in once; so does its welcome."""
    rejected = shop.folder / "customers.csv.rejected"
    text = rejected.read_text("utf-8")
    rejected.write_text(text.replace("the fifth of January", "2026-01-05T10:00:00+08:00"), "utf-8")
    assert (1, []) == shop.imported(rejected.name)[0::4]
    for name in (rejected.name, "customers.csv"):
        assert (0, []) == shop.imported(name)[0::4]
    one = shop.member("tmall:4")
    assert (200, 1) == (one["points"], len(one["coupons"]))
    assert "gold" == shop.level("tmall:4")[0]
