"""What a back-test keeps of the log and makes again: messages, codes, imports, processes (ruling 30)."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.service.backtest_apart import backtest
from api.service.backtest_plan import Wanted, plan
from api.service.backtest_report import report
from api.service.calls import Told
from api.service.history_lines import HistoryFile
from api.service.import_pass import Way
from api.service.reporting import SOURCE
from api.wire.history import decoder_of
from engine.language.definitions import Definitions
from engine.values import MICROSECONDS, Instant, instant_text
from tests.api.conftest import RULE, Programme
from tests.api.worlds import DAY, START, World, world
from tests.support.life import ORDER

Json = dict[str, Any]
MANY = 24
LAPSED: Json = {
    "language": 1,
    "key": "lapsed",
    "name": {"en": "Lapsed", "zh-Hans": "流失"},
    "when": {"type": "absence", "event": ORDER, "for": {"days": 30}},
    "then": [{"type": "award_points", "points": 1}],
}


def back(programme: Any, drafts: list[Json], *, processes: int = 0, **asked: Any) -> Json:
    """Return the report of a back-test, with its rules by key."""
    said = {"without": [], "others": "as_they_were", "since": None, "until": None} | asked
    wanted = Wanted(drafts=drafts, **said)
    book = programme.services.rulebook
    with programme.database.read() as connection:
        made = plan(connection, book, wanted, programme.services.clock.now())
    url = programme.settings.database_url
    found = report(backtest(url, made, processes=processes), made, book.index().rules.catalogue, {})
    return {**found, "rules": {one["rule"]: one for one in found["rules"]}}


def told(programme: Programme, kind: Any, name: str, source: str = "shop", **properties: Any) -> None:
    """Let something be told of m0."""
    programme.clock.advance(60)
    catalogue = programme.services.rulebook.index().rules.catalogue
    said = Told(kind=kind, message_id=f"{name}-{programme.clock.now()}", user_id="m0", name=name,
                properties=properties)  # fmt: skip
    (result,) = programme.services.ingest.submit(
        [programme.services.door.admit(said, source, catalogue)]
    ).result(9)
    assert result.status == "accepted", result


def test_processes_find_the_same(programme: Programme) -> None:
    """Apart and together, in this process and in two, the report is the same."""
    programme.publish()
    calls = [
        {"type": "track", "userId": f"m{number % MANY}", "messageId": f"e{number}", "event": ORDER,
         "properties": {"total": 60 + number}}
        for number in range(3 * MANY)
    ]  # fmt: skip
    assert programme.backend().post("/v1/batch", json={"batch": calls}).json()["success"]
    few = RULE | {"key": "few", "limits": {"total": 5}}
    here, apart = back(programme, [few]), back(programme, [few], processes=2)

    assert here == apart
    assert here["together"]
    assert (5, 5) == (here["rules"]["few"]["fired"], here["rules"]["few"]["members"])
    assert {"big-order": 5} == here["rules"]["few"]["overlap"]
    unlimited = back(programme, [RULE | {"key": "few"}], processes=2)
    assert (False, 32) == (unlimited["together"], unlimited["rules"]["few"]["fired"])


def test_what_became_of_a_message_is_heard_where_it_is_sent(programme: Programme) -> None:
    programme.publish()
    told(programme, "track", ORDER, total=150)
    said = {"rule": "big-order", "channel": "email", "template": "thanks"}
    told(programme, "track", "Message Sent", SOURCE, **said)
    told(programme, "track", "Message Sent", SOURCE, **said)
    heard = LAPSED | {"key": "heard", "when": {"type": "event", "event": "Message Sent"}}

    assert 1 == back(programme, [heard])["rules"]["heard"]["fired"]
    assert "heard" not in back(programme, [heard], without=["big-order"])["rules"]


def test_coupon_is_found_by_the_code_it_really_has(programme: Programme) -> None:
    """Taken back by its code, also where other rules gave it."""
    programme.publish()
    told(programme, "track", ORDER, total=150)
    with programme.database.read() as connection:
        code = connection.exec_driver_sql("SELECT code FROM coupon").scalar_one()
    told(programme, "request", "Coupon Voiding", code=code, why="test")
    other = RULE | {"key": "other"}
    found = back(programme, [other], without=["big-order"])

    assert {"then": 0, "now": 0, "both": 1} == found["rules"]["@person"]["difference"]["effects"]
    without = back(programme, [], without=["big-order"])["rules"]["@person"]
    assert {"then": 1, "now": 0, "both": 0} == without["difference"]["effects"]


def test_what_is_defined_only_later_is_defined_from_the_beginning(programme: Programme) -> None:
    told(programme, "track", ORDER, total=150)
    since = programme.clock.now() - 30 * MICROSECONDS * 60
    programme.clock.advance(DAY)
    more = {"tags": [{"key": "late", "name": {"en": "Late"}, "meaning": "for a test"}]}
    programme.services.definitions.merge(Definitions.model_validate(more), by="test")
    draft = RULE | {"then": [{"type": "add_tag", "tag": "late"}]}

    assert 1 == back(programme, [draft], since=since)["rules"]["big-order"]["fired"]


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[World]:
    """A history of 60 days: one member orders on the first day, another on the first and the last."""
    folder = tmp_path_factory.mktemp("imported")
    (folder / "db").write_bytes(sqlite_template.read_bytes())
    lines = [("m0", 0), ("m1", 0), ("m1", 60)]
    history = folder / "history.jsonl"
    history.write_text(
        "".join(
            json.dumps({"type": "track", "userId": member, "event": ORDER, "timestamp": at_day(day)}) + "\n"
            for member, day in lines
        )
    )
    with world(f"sqlite:///{folder}/db") as one:
        way = Way("past", "as-it-was")
        file, services = HistoryFile.open(history), one.parts.services
        decode = decoder_of(file, services.clock, services.rulebook.index().rules.catalogue)
        one.parts.imports.run(file, decode, way, until=None, progress=lambda _: None)
        yield one


def at_day(day: float) -> str:
    return instant_text(instant(day))


def instant(day: float) -> Instant:
    return START - 400 * DAY * MICROSECONDS + round(day * DAY * MICROSECONDS)


@pytest.mark.parametrize(
    ("since", "until", "fired"),
    [(None, 60, 2), (10, 60, 2), (10, 29, 0), (10, 30, 2), (40, 60, 0), (40, 91, 1), (None, 91, 3)],
)
def test_history_that_was_imported(imported: World, since: float | None, until: float, fired: int) -> None:
    """An absence is due to the instant in an import; who is past it when the range begins is skipped."""
    begin = None if since is None else instant(since)
    found = back(imported.parts, [LAPSED], since=begin, until=instant(until))

    assert fired == found["rules"].get("lapsed", {"fired": 0})["fired"]
