"""What follows from decisions: tags, ledger entries, coupons, levels, memberships, holds and tasks."""

import msgspec
import pytest
from sqlalchemy.exc import IntegrityError

from api.store import balances, consequences, recorded, tasks, views
from api.store.balances import Balance, UnitTotals
from api.store.consequences import CouponChange, NewCoupon, NewTask
from api.store.database import Database
from api.store.holdings import StateChange
from api.store.views import StoredCoupon, StoredTag
from engine.ledger.books import Books, Hold
from engine.ledger.postings import Posting
from engine.state import Held, Level, Membership, MemberState
from tests.store.samples import AT
from tests.store.samples_ledger import awarded


def posted(*postings: tuple[Posting, int], member: str = "m1") -> list[tuple[Posting, int, str]]:
    return [(posting, sequence, member) for posting, sequence in postings]


def moved(number: str, kind: str, debit: str, credit: str, amount: int, as_of: int) -> Posting:
    """A posting between accounts of points, named without their unit: `m1`, `m1:held`, `:redeemed`."""

    def account(short: str) -> str:
        member, _, part = short.partition(":")
        whole = f"member:{member}:points" if member else "programme:points"
        return f"{whole}:{part}" if part else whole

    return awarded(
        number, "m1", amount, kind=kind, debit=account(debit), credit=account(credit), lot="e1", as_of=as_of
    )


class TestTags:
    def test_holders_come_and_go(self, database: Database) -> None:
        """Ruling 18: what changed between two states is written, holder by holder."""
        before = {"vip": {"rule:a": Held(1), "rule:b": Held(1)}, "old": {"api:shop": Held(2)}}
        after = {"vip": {"rule:a": Held(1), "rule:b": Held(1, 9)}, "new": {"person:ann": Held(3, 4)}}
        none = {key: MemberState(member=key) for key in ("m1", "m2")}
        first = {key: MemberState(member=key, tags=before) for key in none}
        with database.write() as connection:
            consequences.write(connection, states=[StateChange(none[key], first[key]) for key in none])
            second = MemberState(member="m1", tags=after)
            consequences.write(connection, states=[StateChange(first["m1"], second)])

        with database.read() as connection:
            assert [
                StoredTag("new", "person:ann", 3, 4),
                StoredTag("vip", "rule:a", 1, None),
                StoredTag("vip", "rule:b", 1, 9),
            ] == views.tags_of(connection, "m1")
            assert ["old", "vip", "vip"] == [one.tag for one in views.tags_of(connection, "m2")]


class TestLevels:
    def test_levels_memberships_and_holds_follow_the_state(self, database: Database) -> None:
        empty = MemberState(member="m1")
        full = MemberState(
            member="m1",
            levels={"ladder": Level("gold", AT, AT + 9), "staff": Level(None, AT)},
            memberships={"plus": Membership(AT, AT + 5), "club": Membership(AT, AT + 6)},
            books=Books({}, {"h1": Hold("o1", AT + 3), "h2": Hold("", AT + 4)}),
        )
        later = MemberState(
            member="m1",
            levels={"ladder": Level("silver", AT + 9), "staff": Level(None, AT)},
            memberships={"club": Membership(AT, AT + 16)},
            books=Books({}, {"h2": Hold("", AT + 4)}),
        )
        with database.write() as connection:
            consequences.write(connection, states=[StateChange(empty, full)])
            first = recorded.of_members(connection, ["m1"])["m1"]
            consequences.write(connection, states=[StateChange(full, later)])
            second = recorded.of_members(connection, ["m1"])["m1"]

        assert {"ladder": ("gold", AT, AT + 9), "staff": (None, AT, None)} == first.levels
        assert {"plus": (AT, AT + 5), "club": (AT, AT + 6)} == first.memberships
        assert {"h1": ("o1", AT + 3), "h2": ("", AT + 4)} == first.holds
        assert {"ladder": ("silver", AT + 9, None), "staff": (None, AT, None)} == second.levels
        assert {"club": (AT, AT + 16)} == second.memberships
        assert {"h2": ("", AT + 4)} == second.holds

    def test_what_one_member_loses_another_may_get(self, database: Database) -> None:
        """A merge takes a hold from one and gives it to the other, whoever is written first."""
        held = Books({}, {"h1": Hold("o1", AT)})
        before = {key: MemberState(member=key) for key in ("a", "b")}
        with database.write() as connection:
            consequences.write(
                connection, states=[StateChange(before["b"], MemberState(member="b", books=held))]
            )
            consequences.write(
                connection,
                states=[
                    StateChange(before["a"], MemberState(member="a", books=held)),
                    StateChange(MemberState(member="b", books=held), before["b"]),
                ],
            )
            found = recorded.of_members(connection, ["a", "b"])

        assert [{"h1": ("o1", AT)}, {}] == [found["a"].holds, found["b"].holds]


class TestLedger:
    @pytest.fixture
    def life(self, database: Database) -> Database:
        """A member who earned, waited, held, spent, let expire and owes."""
        with database.write() as connection:
            consequences.write(
                connection,
                postings=posted(
                    (awarded("e1", "m1", 100), 1),
                    (moved("e2", "award", "", "m1:pending", 40, AT + 1), 2),
                    (moved("e3", "hold", "m1", "m1:held", 30, AT + 2), 3),
                    (moved("e4", "redeem", "m1:held", ":redeemed", 10, AT + 3), 4),
                    (moved("e5", "expire", "m1", ":expired", 5, AT + 4), 5),
                    (moved("e6", "overdraw", "m1:debt", "", 8, AT + 5), 6),
                    (awarded("e7", "m1", 3, unit="visits", as_of=AT + 6), 7),
                ),
            )
            consequences.write(connection, postings=posted((awarded("e8", "m2", 7), 8), member="m2"))
        return database

    def test_a_balance_is_the_sum_of_postings(self, life: Database) -> None:
        with life.read() as connection:
            assert {"m1": 65, "m2": 7, "m3": 0} == balances.balances(connection, ["m1", "m2", "m3"])
            assert {"m1": 3, "m2": 0} == balances.balances(connection, ["m1", "m2"], "visits")
            assert {
                "points": Balance(65, 40, 20, 8),
                "visits": Balance(3, 0, 0, 0),
                "other": Balance(),
            } == balances.balances_of(connection, "m1", ["points", "visits", "other"])

    @pytest.mark.parametrize(
        ("instant", "wanted"),
        [
            (AT - 1, Balance()),
            (AT, Balance(100)),
            (AT + 1, Balance(100, 40)),
            (AT + 2, Balance(70, 40, 30)),
            (AT + 3, Balance(70, 40, 20)),
            (AT + 5, Balance(65, 40, 20, 8)),
        ],
    )
    def test_a_balance_is_known_at_any_instant(self, life: Database, instant: int, wanted: Balance) -> None:
        """The instant itself included."""
        with life.read() as connection:
            assert {"points": wanted} == balances.balances_of(connection, "m1", ["points"], instant)

    def test_all_that_was_issued_is_somewhere(self, life: Database) -> None:
        with life.read() as connection:
            found = balances.totals(connection)

        assert {"points": UnitTotals(139, 10, 5, 124), "visits": UnitTotals(3, 0, 0, 3)} == found
        for one in found.values():
            assert one.issued == one.redeemed + one.expired + one.members

    def test_pages_follow_each_other(self, life: Database) -> None:
        with life.read() as connection:
            whole = balances.ledger_of(connection, "m1")
            first = balances.ledger_of(connection, "m1", limit=3)
            last = first[-1]
            rest = balances.ledger_of(connection, "m1", None, (last.sequence, last.posting.id), 10)
            visits = balances.ledger_of(connection, "m1", "visits")

        assert ["e7", "e6", "e5", "e4", "e3", "e2", "e1"] == [one.posting.id for one in whole]
        assert whole == first + rest
        assert ["e7"] == [one.posting.id for one in visits]

    def test_a_posting_comes_back_as_it_was(self, database: Database) -> None:
        wanted = awarded(
            "e9",
            "m1",
            4,
            kind="reverse",
            debit="member:m1:points",
            credit="programme:points",
            lot="e1",
            reverses="e1",
        )
        with database.write() as connection:
            consequences.write(connection, postings=[(wanted, 12, "m1")])
            found = recorded.of_members(connection, ["m1", "m2"])

        assert {"e9": (wanted, 12)} == found["m1"].postings
        assert {} == found["m2"].postings

    def test_an_effect_is_posted_once(self, database: Database) -> None:
        one = posted((awarded("e1", "m1", 5), 1))
        with database.write() as connection:
            consequences.write(connection, postings=one)

        with pytest.raises(IntegrityError), database.write() as connection:
            consequences.write(connection, postings=one)

    @pytest.mark.parametrize("change", [{"amount": 0}, {"amount": -5}, {"debit": "member:m1:points"}])
    def test_nonsense_is_not_posted(self, database: Database, change: dict[str, object]) -> None:
        wrong = msgspec.structs.replace(awarded("e", "m1", 5), **change)

        with pytest.raises(IntegrityError), database.write() as connection:
            consequences.write(connection, postings=posted((wrong, 1)))


class TestCoupons:
    @pytest.fixture
    def issued(self, database: Database) -> Database:
        with database.write() as connection:
            coupons = [NewCoupon(f"C{number}", "TEN", "m1", AT, AT + 9, number) for number in (1, 2, 3)]
            consequences.write(connection, coupons=coupons)
        return database

    def test_each_has_a_life_of_its_own(self, issued: Database) -> None:
        with issued.write() as connection:
            consequences.write(
                connection,
                coupon_changes=[
                    CouponChange("C1", "held", "o1", hold="h1"),
                    CouponChange("C2", "redeemed", "o2", AT + 3),
                ],
            )
            found = {one.code: one for one in views.coupons_of(connection, "m1")}

        whole = ("TEN", "m1")
        assert {
            "C1": StoredCoupon("C1", *whole, "held", AT, AT + 9, 1, "o1", None, "h1"),
            "C2": StoredCoupon("C2", *whole, "redeemed", AT, AT + 9, 2, "o2", AT + 3, None),
            "C3": StoredCoupon("C3", *whole, "issued", AT, AT + 9, 3),
        } == found

    def test_the_last_of_several_changes_stands(self, issued: Database) -> None:
        """One that was issued just now, given back with a new end, moved, and held again."""
        with issued.write() as connection:
            consequences.write(
                connection,
                coupons=[NewCoupon("C4", "TEN", "m1", AT, AT + 9, 4)],
                coupon_changes=[
                    CouponChange("C4", "redeemed", "o1", AT + 3),
                    CouponChange("C4", "issued", expires_at=AT + 30, member="m2"),
                    CouponChange("C4", "held", "o2", hold="h2"),
                ],
            )
            found = views.coupon(connection, "C4")
            unknown = views.coupon(connection, "C5")

        assert StoredCoupon("C4", "TEN", "m2", "held", AT, AT + 30, 4, "o2", None, "h2") == found
        assert unknown is None


class TestTasks:
    def test_they_are_done_once(self, database: Database) -> None:
        wanted = [
            NewTask(
                f"t{number}",
                number,
                "m1",
                "r",
                "calls" if number % 2 else "post",
                "high",
                "Call 您好",
                AT + number,
            )
            for number in range(1, 6)
        ]
        with database.write() as connection:
            consequences.write(connection, tasks=wanted)
        with database.write() as connection:
            done = [tasks.finish(connection, one, at=AT + 9, by="ann") for one in ("t3", "t3", "t9")]

        assert [True, False, False] == done
        with database.read() as connection:
            calls = tasks.page(connection, queue="calls", limit=9)
            first = tasks.page(connection, limit=2)
            rest = tasks.page(connection, after=(first[-1].as_of, first[-1].id), limit=9)
            finished = tasks.page(connection, status="done", member="m1", limit=9)
            other = tasks.page(connection, member="m2", limit=9)
        assert ["t1", "t5"] == [one.id for one in calls]
        assert (["t1", "t2"], ["t4", "t5"]) == ([one.id for one in first], [one.id for one in rest])
        assert [("t3", AT + 9, "ann", "Call 您好")] == [
            (one.id, one.done_at, one.done_by, one.note) for one in finished
        ]
        assert [] == other
