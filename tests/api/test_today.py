"""How the programme is today: equal to what the tables say, on its own days, and the same counted anew."""

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from api.service import tallying
from api.service.reporting import Reporting
from api.service.running_out import Level
from api.service.tallying import Tallying
from api.service.timers import Timers
from api.store import members
from api.store.schema import (
    COUPON,
    DECISION,
    EVENT,
    LEDGER,
    OUTBOX,
    OUTCOME,
    POT,
    PROJECTION,
    TALLY,
)
from engine.language.definitions import Definitions
from engine.language.parse import parse_rule
from engine.schedule import DAY, local
from engine.values import parse_instant
from tests.api.conftest import RULE, Programme
from tests.api.loyal import DEFINITIONS, RULES, Lives
from tests.api.test_merging import alias

Json = dict[str, Any]
ZONE = "Asia/Shanghai"
HELD_BACK = {"held_out", "limited", "late", "inactive", "waiting", "refused"}
BY_KIND = {"award": "earned", "redeem": "redeemed", "expire": "expired", "reverse": "taken_back",
           "overdraw": "taken_back", "restore": "given_back"}  # fmt: skip


@pytest.fixture
def living(either: Programme) -> Programme:
    """A programme that has lived for months: points, coupons, refunds, redemptions, levels, prizes."""
    endpoint = {"key": "crm", "name": {"en": "CRM"}, "url": "http://127.0.0.1:9/x"}
    either.services.definitions.merge(
        Definitions.model_validate(DEFINITIONS | {"endpoints": [endpoint]}), by="test"
    )
    either.services.publish.publish_documents([parse_rule(one) for one in RULES], by="test")
    Lives(either, 3).live(80)
    timers = Timers(either.services.rulebook, either.sources, either.clock)
    while (wake := either.run(timers.tick)) is not None and wake <= either.clock.now():
        continue
    return either


def rows(programme: Programme) -> list[Any]:
    with programme.database.read() as connection:
        return sorted(tuple(row) for row in connection.execute(select(TALLY)))


def forget(programme: Programme) -> None:
    with programme.database.write() as connection:
        connection.execute(delete(TALLY))
        connection.execute(delete(PROJECTION).where(PROJECTION.c.name == "tallies"))


def told(programme: Programme) -> Json:
    return programme.services.today.told("mia")


Counts = Counter[tuple[str, str, str]]


def day_of(instant: int) -> str:
    return local(instant, ZONE).date().isoformat()


def plainly(programme: Programme) -> Counts:
    """Return what the tables say, by day, figure and key."""
    found: Counts = Counter()
    with programme.database.read() as connection:
        for one in connection.execute(select(EVENT)):
            from_outside = one.kind in {"track", "identify", "alias"} and one.source == "lives"
            found[day_of(one.as_of), "events", ""] += from_outside
        outcomes = select(OUTCOME.c.rule, OUTCOME.c.result, EVENT.c.as_of)
        decided = connection.execute(outcomes.join(EVENT, EVENT.c.sequence == OUTCOME.c.sequence)).all()
        for coupon in connection.execute(select(COUPON)):
            found[day_of(coupon.issued_at), "coupons_issued", coupon.coupon] += 1
            found[day_of(coupon.ended_at or 0), "coupons_redeemed", ""] += coupon.state == "redeemed"
        for one in connection.execute(select(LEDGER)):
            back = one.kind == "expire" and one.debit.endswith(":expired")
            if one.kind in BY_KIND:
                found[day_of(one.as_of), BY_KIND[one.kind], one.unit] += -one.amount if back else one.amount
        for body in connection.execute(select(DECISION.c.body)).scalars():
            found["", "restored", ""] += body.count(b'"restore_coupon"')  # redeemed, and not any more
    for rule, result, at in decided:
        if result in HELD_BACK:
            found[day_of(at), "held_back", ""] += 1
        elif result == "fired" and not rule.startswith("@"):
            found[day_of(at), "fired", ""] += 1
            found[day_of(at), "rule", rule] += 1
    return Counter({key: count for key, count in found.items() if count})


def of(counts: Counts, figures: set[str]) -> int:
    return sum(count for (_, figure, _), count in counts.items() if figure in figures)


def test_equal_to_what_the_tables_say(living: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    """Day by day, after refunds, redemptions and expiries; and the same counted anew in other slices."""
    said = told(living)
    assert said["complete"]
    counted: Counts = Counter()
    for figure, at, key, count in rows(living):
        counted[local(at, ZONE).date().isoformat(), figure, key] += count
    expected = plainly(living)
    restored = of(expected, {"restored"})
    expected = Counter({key: count for key, count in expected.items() if key[1] != "restored"})
    redeemed = {"coupons_redeemed"}
    assert of(counted, redeemed) == of(expected, redeemed) + restored
    others = {key[1] for key in expected} - redeemed
    assert {key: one for key, one in counted.items() if key[1] in others} == {
        key: one for key, one in expected.items() if key[1] in others
    }
    figures = {key[1] for key in counted}
    assert {"events", "fired", "held_back", "coupons_issued", "earned", "redeemed", "expired"} <= figures

    assert 30 == len(said["days"])
    assert said["date"] == said["days"][-1]["date"] == local(living.clock.now(), ZONE).date().isoformat()
    for day in said["days"]:
        on_day = Counter({key: one for key, one in expected.items() if key[0] == day["date"]})
        for name in ("events", "fired", "held_back", "coupons_issued"):
            assert of(on_day, {name}) == day[name], (day["date"], name)
        for name, amount in day["points"].items():
            assert on_day[day["date"], name, "points"] == amount, (day["date"], name)
    assert any(day["fired"] for day in said["days"])

    before = rows(living)
    forget(living)
    monkeypatch.setattr(tallying, "_SLICE", 7)
    assert Tallying(living.database.read, living.run).catch_up()
    assert before == rows(living)


def buy(
    programme: Programme, user: str, number: int, total: int = 120, event: str = "Order Completed"
) -> None:
    sent = {"userId": user, "event": event, "properties": {"total": total, "order_id": f"o{number}"}}
    assert 200 == programme.backend().post("/v1/track", json=sent).status_code


def at(programme: Programme, instant: str) -> None:
    programme.clock.instant = parse_instant(instant)


def test_a_day_is_the_programme_s_and_yesterday_ends_at_the_same_time(programme: Programme) -> None:
    """Midnight in Shanghai is 16:00 in UTC; yesterday counts up to the same quarter of an hour."""
    programme.publish()
    programme.services.definitions.merge(Definitions.model_validate({"programme": {"zone": ZONE}}), by="test")
    at(programme, "2027-03-01T15:59:59.999Z")
    buy(programme, "ann", 1)
    at(programme, "2027-03-01T16:00:00Z")
    buy(programme, "ann", 2)
    at(programme, "2027-03-01T18:30:00Z")
    buy(programme, "ann", 3)
    buy(programme, "bob", 4, 50)

    assert ("2027-03-02", "2027-03-01T16:00:00Z") == (told(programme)["date"], told(programme)["from"])
    assert {"today": 2, "yesterday": 0} == told(programme)["figures"]["fired"]
    at(programme, "2027-03-02T18:44:00Z")
    assert {"today": 0, "yesterday": 1} == told(programme)["figures"]["fired"]
    at(programme, "2027-03-02T18:46:00Z")
    buy(programme, "ann", 5)
    said = told(programme)
    assert {"today": 1, "yesterday": 2} == said["figures"]["fired"]
    assert {"today": 1, "yesterday": 3} == said["figures"]["events"]
    assert {"today": 1, "yesterday": 2} == said["figures"]["coupons_issued"]
    assert [{"rule": "big-order", "name": RULE["name"], "fired": 1}] == said["rules"]
    assert [1, 2, 1] == [day["fired"] for day in said["days"]][-3:]

    zone = Definitions.model_validate({"programme": {"zone": "UTC"}})
    programme.services.definitions.merge(zone, by="test")  # another zone: other days of the same rows
    assert [0, 3, 1] == [day["fired"] for day in told(programme)["days"]][-3:]


def test_what_was_merged_or_refunded_counts_once(either: Programme) -> None:
    points = {
        **RULE,
        "then": [{"type": "award_points", "points": 30}, {"type": "issue_coupon", "coupon": "TEN"}],
    }
    either.publish(points)
    buy(either, "ann", 1)
    buy(either, "bob", 2)
    with either.database.read() as connection:
        codes = list(connection.execute(select(COUPON.c.code).order_by(COUPON.c.member)).scalars())
    for user, code, confirm in zip(("ann", "bob"), codes, (True, False), strict=True):
        order = {"order_id": f"till-{user}", "total": "100", "currency": "CNY"}
        asked = {"redemption": user, "userId": user, "order": order, "coupons": [code], "confirm": confirm}
        answer = either.backend().post("/v1/redemptions", json=asked).json()
        assert answer["status"] == ("redeemed" if confirm else "reserved"), answer
    told(either)  # some is counted before, some after
    assert (
        "redeemed"
        == either.backend().post("/v1/redemptions/bob/confirm", json={"userId": "bob"}).json()["status"]
    )
    alias(either, "ann", "bob")
    buy(either, "ann", 1, event="Order Refunded")
    buy(either, "bob", 3)
    either.clock.advance(5)
    said = told(either)
    (unit,) = said["units"]
    assert 2 == said["figures"]["coupons_redeemed"]["today"]
    assert (3, 3) == (said["figures"]["fired"]["today"], said["figures"]["coupons_issued"]["today"])
    assert 90 == unit["earned"]["today"]
    with either.database.read() as connection:
        kinds = connection.execute(select(LEDGER.c.kind, LEDGER.c.amount)).all()
    assert unit["taken_back"]["today"] == sum(
        one.amount for one in kinds if one.kind in {"reverse", "overdraw"}
    )
    assert any(one.kind == "merge" for one in kinds)
    before = rows(either)
    forget(either)
    told(either)
    assert before == rows(either)


def test_messages_as_the_log_tells_of_them(programme: Programme) -> None:
    """Requested by a rule; sent, failed or suppressed as reported; what shops call so doesn't count."""
    programme.publish()
    buy(programme, "ann", 1)
    buy(programme, "bob", 2)
    buy(programme, "ann", 3)
    with programme.database.write() as connection:
        ids = list(connection.execute(select(OUTBOX.c.id).order_by(OUTBOX.c.sequence)).scalars())
        for one, status in zip(ids, ("delivered", "dead", "dead"), strict=True):
            connection.execute(update(OUTBOX).where(OUTBOX.c.id == one).values(status=status))
    buy(programme, "ann", 4, event="Message Sent")  # a shop's own event
    services = programme.services
    reporting = Reporting(
        programme.database, programme.run, services.rulebook, services.door, services.ingest.submit
    )
    assert 3 == reporting.work()
    said = told(programme)
    assert {"requested": 3, "sent": 1, "failed": 2, "suppressed": 0} == {
        name: said["figures"][name]["today"] for name in ("requested", "sent", "failed", "suppressed")
    }
    assert 4 == said["figures"]["events"]["today"]
    assert 2 == said["needs"]["dead_letters"]


def test_what_needs_somebody(either: Programme) -> None:
    """Drafts that wait, whoever was put off, what runs out; each role may look."""
    mia, ann = either.signed_in("marketer"), either.signed_in("auditor")
    assert not mia.get("/v1/today").json()["started"]
    etag = mia.put("/v1/rules/big-order/draft", json=RULE).json()["etag"]
    mia.put("/v1/rules/other/draft", json={**RULE, "key": "other", "name": {"en": "Other"}})
    sent = mia.post("/v1/rules/big-order/submit", json={"comment": "please"}, headers={"If-Match": etag})
    assert 200 == sent.status_code
    buy(either, "ann", 1)
    newest = either.services.rulebook.newest
    either.run(lambda connection: members.postpone(connection, "ann", either.clock.now(), newest))
    said = ann.get("/v1/today").json()

    waiting = said["needs"]["approvals"]
    assert (1, {"count": 1, "members": ["ann"]}) == (waiting["count"], said["needs"]["put_off"])
    assert [("big-order", RULE["name"], "marketer", "please")] == [
        (one["rule"], one["name"], one["by"], one["comment"]) for one in waiting["items"]
    ]
    assert [] == said["drafts"]
    assert ["other"] == [one["rule"] for one in mia.get("/v1/today").json()["drafts"]]
    assert said["started"]
    assert 401 == either.browser().get("/v1/today").status_code
    assert 403 == either.backend().get("/v1/today").status_code


def test_what_runs_out(either: Programme) -> None:
    """80 % are gone, or the rest will be within 7 days at the pace of the period, or of the last 7 days."""
    more = {
        "programme": {"zone": ZONE, "currency": "CNY"},
        "budgets": [
            {"key": key, "name": {"en": key}, "counts": "points", "amount": "1000", "period": "month"}
            for key in ("month", "slow")
        ]
        + [
            {"key": "all", "name": {"en": "All"}, "counts": "money", "currency": "CNY", "amount": "100.5"},
        ],
        "coupons": [
            {"key": "TEN", "name": {"en": "Ten off"}, "kind": "percent", "value": "10", "valid_days": 30,
             "total": 4},
            {"key": "GIFT", "name": {"en": "Gift"}, "kind": "gift", "valid_days": 5, "total": 1000},
        ],
    }  # fmt: skip
    either.services.definitions.merge(Definitions.model_validate(more), by="test")
    either.publish()
    at(either, "2027-03-09T16:00:00Z")  # nine days of March are over in Shanghai
    drawn = {"budget/month//2027-03": 600, "budget/month//2027-02": 1000, "budget/slow//2027-03": 200,
             "budget/all//": 8040, "coupon/GIFT": 500}  # fmt: skip
    with either.database.write() as connection:
        connection.execute(insert(POT), [{"name": name, "granted": one} for name, one in drawn.items()])
    for number in range(3):
        buy(either, f"m{number}", number)

    found = {one["key"]: one for one in told(either)["needs"]["running_out"]}
    assert ["all", "TEN", "month"] == list(found)  # the fullest first
    assert ("80.4", "20.1", 80, None) == tuple(
        found["all"][name] for name in ("granted", "left", "percent", "empty_at")
    )
    assert (600, 60, "2027-03-15T16:00:00Z") == tuple(
        found["month"][name] for name in ("granted", "percent", "empty_at")
    )
    # three of four in 7 days: the last one in 2 1/3 days
    assert ("coupon", 75, "2027-03-12T00:00:00Z") == tuple(
        found["TEN"][name] for name in ("kind", "percent", "empty_at")
    )


def test_a_pot_that_is_filled_anew_first_never_empties() -> None:
    level = Level(granted=600, limit=1_000, pace=600, over=9 * DAY, until=15 * DAY)
    assert 9 * DAY + 6 * DAY == Level(600, 1_000, 600, 9 * DAY, None).empty_at(9 * DAY)
    assert (None, False) == (level.empty_at(9 * DAY), level.is_low(9 * DAY))
    assert Level(1_000, 1_000, 0, 0, None).is_low(0)


def test_the_worker_counts_whole_slices_only(programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    """So a quiet programme isn't written to all day; who asks sees the rest at once."""
    monkeypatch.setattr(tallying, "_SLICE", 3)
    work = Tallying(programme.database.read, programme.run).work
    buy(programme, "ann", 1)
    buy(programme, "ann", 2)
    assert (0, []) == (work(), rows(programme))
    buy(programme, "ann", 3)
    assert (3, 0) == (work(), work())
    assert 3 == sum(row[3] for row in rows(programme) if row[0] == "events")


def test_far_behind_it_says_so(programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tallying, "_SLICE", 1)
    for number in range(12):
        buy(programme, "ann", number)
    first, second = told(programme), told(programme)
    assert (False, 10) == (first["complete"], first["figures"]["events"]["today"])
    assert (True, 12) == (second["complete"], second["figures"]["events"]["today"])
