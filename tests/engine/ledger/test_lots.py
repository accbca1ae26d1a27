"""Lots, holds and postings, by example."""

import pytest

from engine.errors import InvalidValue, NotEnough, Overflow
from engine.ledger import moving
from engine.ledger.books import Account, Books, Hold, Lot
from engine.ledger.merging import merge
from engine.ledger.moving import Poster
from engine.ledger.postings import Posting, balances
from engine.values import MAX_INT

DAY = 86_400_000_000


class Ann:
    """A member whose books the tests change, one effect after the other."""

    def __init__(self, name: str = "ann") -> None:
        self.name = name
        self.books = Books()
        self.postings: list[Posting] = []
        self.day = 0

    def poster(self) -> Poster:
        return Poster(f"{self.name}{len(self.postings)}", self.name, self.day * DAY)

    def keep(self, books: Books, poster: Poster) -> None:
        self.books = books
        self.postings += poster.postings

    def earn(
        self,
        lot: str,
        amount: int,
        *,
        ends: int | None = None,
        starts: int | None = None,
        unit: str = "points",
    ) -> None:
        poster = self.poster()
        given = Lot(
            lot, amount, None if starts is None else starts * DAY, None if ends is None else ends * DAY
        )
        self.keep(moving.award(self.books, poster, "points", amount, lot=given), poster)

    def spend(self, amount: int) -> None:
        poster = self.poster()
        self.keep(moving.spend(self.books, poster, "points", amount), poster)

    def hold(self, key: str, amount: int) -> None:
        poster = self.poster()
        held = Hold("", (self.day + 1) * DAY)
        self.keep(moving.hold(self.books, poster, key, [("points", amount)], held), poster)

    @property
    def points(self) -> Account:
        return self.books.account("points")

    @property
    def lots(self) -> dict[str, int]:
        return {lot.id: lot.left for lot in self.points.lots}


def test_what_expires_first_is_spent_first() -> None:
    ann = Ann()
    ann.earn("for ever", 10)
    ann.earn("late", 10, ends=90)
    ann.earn("soon", 10, ends=30)
    ann.spend(15)
    assert ann.lots == {"for ever": 10, "late": 5}
    assert [(one.lot, one.amount) for one in ann.postings if one.kind == "redeem"] == [
        ("soon", 10),
        ("late", 5),
    ]


def test_of_lots_that_end_together_the_one_earned_first_is_spent_first() -> None:
    """Also if it was set aside meanwhile and came back."""
    ann = Ann()
    ann.earn("z earlier", 10, ends=30)
    ann.day = 1
    ann.earn("a later", 10, ends=30)
    ann.hold("till", 10)
    poster = ann.poster()
    ann.keep(moving.release(ann.books, poster, "till"), poster)
    ann.spend(10)
    assert ann.lots == {"a later": 10}


def test_of_lots_earned_together_the_first_by_id_is_spent_first() -> None:
    ann = Ann()
    ann.earn("b", 10)
    ann.earn("a", 10)
    ann.spend(10)
    assert ann.lots == {"b": 10}


def test_what_is_pending_cannot_be_spent_before_its_time() -> None:
    ann = Ann()
    ann.earn("pending", 10, starts=7)
    with pytest.raises(NotEnough) as refused:
        ann.spend(1)
    assert (refused.value.available, refused.value.asked) == (0, 1)
    for ann.day, available in ((6, 0), (7, 10)):
        poster = ann.poster()
        ann.keep(moving.activate(ann.books, poster, "points"), poster)
        assert (ann.points.available, ann.points.pending) == (available, 10 - available)


def test_a_lot_expires_whether_it_is_pending_or_not() -> None:
    ann = Ann()
    ann.earn("active", 10, ends=30)
    ann.earn("pending", 5, ends=30, starts=40)
    ann.earn("later", 1, ends=31)
    ann.day = 30
    poster = ann.poster()
    ann.keep(moving.expire(ann.books, poster, "points"), poster)
    assert ann.lots == {"later": 1}
    assert balances(ann.postings)["programme:points:expired"] == 15
    assert ann.points.earned == 16


def test_what_is_held_does_not_expire_until_it_comes_back() -> None:
    ann = Ann()
    ann.earn("soon", 10, ends=1)
    ann.hold("till", 6)
    ann.day = 2
    poster = ann.poster()
    ann.keep(moving.expire(ann.books, poster, "points"), poster)
    assert sum(lot.left for _, lot in ann.books.holds["till"].parts) == 6
    poster = ann.poster()
    ann.keep(moving.release(ann.books, poster, "till"), poster)
    assert [one.kind for one in poster.postings] == ["release", "expire"]
    assert ann.lots == {}


def test_what_is_held_is_spent_once() -> None:
    ann = Ann()
    ann.earn("lot", 10)
    ann.hold("till", 6)
    assert ann.points.available == 4
    with pytest.raises(InvalidValue, match="held under till already"):
        ann.hold("till", 1)
    poster = ann.poster()
    ann.keep(moving.confirm(ann.books, poster, "till"), poster)
    assert balances(ann.postings)["programme:points:redeemed"] == 6
    for end in (moving.confirm, moving.release):
        with pytest.raises(InvalidValue, match="nothing is held under till"):
            end(ann.books, ann.poster(), "till")


def test_a_hold_takes_all_its_units_or_none() -> None:
    ann = Ann()
    ann.earn("lot", 10)
    poster = ann.poster()
    with pytest.raises(NotEnough):
        moving.hold(ann.books, poster, "till", [("points", 5), ("visits", 1)], Hold("", DAY))
    assert poster.postings == []


@pytest.mark.parametrize("amount", [0, -5])
def test_nothing_and_less_than_nothing_is_refused(amount: int) -> None:
    ann = Ann()
    ann.earn("lot", 10)
    with pytest.raises(InvalidValue):
        ann.earn("more", amount)
    with pytest.raises(InvalidValue):
        ann.spend(amount)
    with pytest.raises(InvalidValue):
        ann.hold("till", amount)
    assert ann.lots == {"lot": 10}


def test_a_negative_transfer_is_refused() -> None:
    with pytest.raises(InvalidValue):
        Ann().poster().post("merge", "points", ("a", "b"), -1, "lot")


def test_an_account_holds_at_most_two_to_the_53() -> None:
    ann, bob = Ann(), Ann("bob")
    ann.earn("nearly", MAX_INT - 1)
    ann.earn("full", 1)
    assert ann.points.available == MAX_INT
    with pytest.raises(Overflow):
        ann.earn("one more", 1)
    ann.spend(MAX_INT)
    with pytest.raises(Overflow):  # what was ever earned is a figure, too
        ann.earn("one more", 1)
    bob.earn("one", 1)
    with pytest.raises(Overflow):
        merge(ann.books, bob.books, ann.poster(), "bob")


def test_the_ids_of_postings_derive_from_the_effect() -> None:
    ann = Ann()
    ann.earn("a", 10)
    ann.earn("b", 10)
    poster = Poster("effect", "ann", 0)
    moving.spend(ann.books, poster, "points", 20)
    assert [one.id for one in poster.postings] == ["effect", "effect.1"]


def test_balances_at_any_instant() -> None:
    ann = Ann()
    ann.earn("lot", 10)
    ann.day = 5
    ann.spend(4)
    assert balances(ann.postings, until=0) == {"programme:points": -10, "member:ann:points": 10}
    assert balances(ann.postings, until=5 * DAY - 1)["member:ann:points"] == 10
    assert balances(ann.postings, until=5 * DAY) == balances(ann.postings)
    assert balances(ann.postings) == {
        "programme:points": -10,
        "member:ann:points": 6,
        "programme:points:redeemed": 4,
    }
    assert balances([], until=0) == {}


def test_members_who_are_one_have_what_both_had() -> None:
    """Lots unite, holds go on, and what one owes is repaid from what the other has."""
    ann, bob = Ann(), Ann("bob")
    ann.earn("a", 10, ends=30)
    bob.earn("b", 10, ends=20)
    bob.earn("p", 3, starts=9)
    bob.hold("till", 4)
    ann.books = Books({"points": Account(ann.points.lots[:0], 5, 0)}, {}, {})
    poster = ann.poster()
    ann.keep(merge(ann.books, bob.books, poster, "bob"), poster)
    assert ann.lots == {"b": 1, "p": 3}
    assert ann.points.debt == 0
    assert [(one.kind, one.amount) for one in poster.postings] == [
        ("merge", 6),
        ("merge", 3),
        ("merge", 4),
        ("repay", 5),
    ]
    poster = ann.poster()
    ann.keep(moving.release(ann.books, poster, "till"), poster)
    assert ann.lots == {"b": 5, "p": 3}


def test_two_holds_of_one_name_are_one_after_a_merge() -> None:
    ann, bob = Ann(), Ann("bob")
    ann.earn("a", 10)
    bob.earn("b", 10)
    ann.hold("till", 2)
    bob.day = 3
    bob.hold("till", 3)
    books = merge(ann.books, bob.books, ann.poster(), "bob")
    assert books.holds["till"].until == DAY
    assert [(unit, lot.id, lot.left) for unit, lot in books.holds["till"].parts] == [
        ("points", "a", 2),
        ("points", "b", 3),
    ]
