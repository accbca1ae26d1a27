"""Orders and their refunds, by example (ruling 16)."""

from decimal import Decimal

import pytest

from engine.errors import InvalidValue
from engine.ledger import moving, returns
from engine.ledger.books import Account, Books, Hold, Lot
from engine.ledger.merging import merge
from engine.ledger.moving import Poster
from engine.ledger.postings import Posting

DAY = 86_400_000_000


class Shop:
    """One member's orders and refunds."""

    def __init__(self, name: str = "ann") -> None:
        self.name = name
        self.books = Books()
        self.postings: list[Posting] = []
        self.day = 0
        self.effects = 0

    def poster(self) -> Poster:
        self.effects += 1
        return Poster(f"{self.name}-{self.effects}", self.name, self.day * DAY)

    def keep(self, books: Books, poster: Poster) -> None:
        self.books = books
        self.postings += poster.postings

    def order(self, key: str, total: str, currency: str = "CNY") -> None:
        self.books = returns.ordered(
            self.books, key, at=self.day * DAY, total=Decimal(total), currency=currency
        )

    def earn(self, key: str, amount: int, *, ends: int | None = None, starts: int | None = None) -> str:
        """Return the lot."""
        poster = self.poster()
        lot = f"{self.name}-{self.effects}"
        given = Lot(
            lot, amount, None if starts is None else starts * DAY, None if ends is None else ends * DAY
        )
        self.keep(moving.award(self.books, poster, "points", amount, lot=given, order=key), poster)
        return lot

    def spend(self, key: str, amount: int) -> None:
        poster = self.poster()
        self.keep(moving.spend(self.books, poster, "points", amount, order=key), poster)

    def refund(self, key: str, amount: str | None, *, currency: str = "", name: str = "") -> str:
        asked = None if amount is None else Decimal(amount)
        self.books, odd = returns.refunded(
            self.books, key, at=self.day * DAY, amount=asked, currency=currency, refund=name
        )
        return odd

    def reverse(self, key: str, *, forgive: bool = False) -> int:
        """Take back; return how much was due."""
        due = returns.to_take_back(self.books.orders[key]).get("points", 0)
        poster = self.poster()
        self.keep(returns.reverse(self.books, poster, key, "points", forgive=forgive), poster)
        return due

    def restore(self, key: str) -> int:
        """Give back; return how much was due."""
        due = returns.to_give_back(self.books.orders[key]).get("points", 0)
        poster = self.poster()
        self.keep(returns.restore(self.books, poster, key, "points"), poster)
        return due

    @property
    def points(self) -> Account:
        return self.books.account("points")


def test_points_are_taken_back_in_cumulative_proportion() -> None:
    """Of 10 points for 33.33, refunds of 11.11 take 3, 3 and 4: the last takes the remainder."""
    shop = Shop()
    shop.order("o", "33.33")
    shop.earn("o", 10)
    taken = []
    for _ in range(3):
        shop.refund("o", "11.11")
        taken.append(shop.reverse("o"))
    assert taken == [3, 3, 4]
    assert shop.points == Account((), 0, 0)
    assert shop.reverse("o") == 0


def test_the_proportion_is_that_of_all_an_order_earned() -> None:
    """Half of three awards of 1 is 1, not three times nothing."""
    shop = Shop()
    shop.order("o", "100")
    for _ in range(3):
        shop.earn("o", 1)
    shop.refund("o", "50")
    assert shop.reverse("o") == 1
    shop.refund("o", None)
    assert shop.reverse("o") == 2


def test_each_award_bears_its_share() -> None:
    shop = Shop()
    shop.order("o", "100")
    basic, bonus = shop.earn("o", 100), shop.earn("o", 50, starts=14)
    shop.refund("o", "50")
    shop.reverse("o")
    assert {lot.id: lot.left for lot in shop.points.lots} == {basic: 50, bonus: 25}


def test_a_third_of_a_very_long_amount_is_not_rounded_up() -> None:
    shop = Shop()
    shop.order("o", "3.000000000000000000000000000000001")
    shop.earn("o", 3)
    shop.refund("o", "1")
    assert shop.reverse("o") == 0


def test_what_was_spent_is_owed_and_repaid_from_what_comes_next() -> None:
    shop = Shop()
    shop.order("o", "100")
    lot = shop.earn("o", 100)
    shop.spend("", 70)
    shop.refund("o", None)
    shop.reverse("o")
    assert [(one.kind, one.amount, one.reverses) for one in shop.postings[-2:]] == [
        ("reverse", 30, lot),
        ("overdraw", 70, lot),
    ]
    assert (shop.points.available, shop.points.debt) == (0, 70)
    shop.earn("", 50)
    assert (shop.points.available, shop.points.debt) == (0, 20)
    shop.earn("", 50, starts=7)
    assert (shop.points.pending, shop.points.debt) == (50, 20)
    shop.day = 7
    poster = shop.poster()
    shop.keep(moving.activate(shop.books, poster, "points"), poster)
    assert (shop.points.available, shop.points.debt) == (30, 0)


def test_what_was_spent_can_be_forgiven() -> None:
    shop = Shop()
    shop.order("o", "100")
    shop.earn("o", 100)
    shop.spend("", 70)
    shop.refund("o", None)
    shop.reverse("o", forgive=True)
    assert shop.points == Account((), 0, 0)


def test_forgiveness_ends_when_the_spending_is_undone() -> None:
    """Sending both orders back leaves no points, in either order."""
    shop = Shop()
    shop.order("earning", "100")
    shop.order("gift", "1")
    shop.earn("earning", 100)
    shop.spend("gift", 70)
    shop.refund("earning", None)
    shop.reverse("earning", forgive=True)
    shop.refund("gift", None)
    assert shop.restore("gift") == 70
    assert shop.points == Account((), 0, 0)


def test_what_is_held_is_not_spent_yet() -> None:
    shop = Shop()
    shop.order("o", "100")
    shop.earn("o", 100)
    poster = shop.poster()
    shop.keep(moving.hold(shop.books, poster, "till", [("points", 60)], Hold("", DAY)), poster)
    shop.refund("o", None)
    shop.reverse("o", forgive=True)
    poster = shop.poster()
    released = moving.release(shop.books, poster, "till")
    assert released.account("points") == Account((), 0, 0)
    assert [one.kind for one in poster.postings] == ["release", "reverse"]


def test_what_expired_is_not_owed() -> None:
    """Of 100, 60 were spent and 40 expired: 60 are owed, and those first."""
    shop = Shop()
    shop.order("o", "100")
    shop.earn("o", 100, ends=1)
    shop.spend("", 60)
    shop.day = 1
    poster = shop.poster()
    shop.keep(moving.expire(shop.books, poster, "points"), poster)
    shop.refund("o", "50")
    shop.reverse("o")
    assert shop.points.debt == 50
    shop.refund("o", "50")
    shop.reverse("o")
    assert shop.points.debt == 60


def test_pending_points_are_taken_back_where_they_are() -> None:
    shop = Shop()
    shop.order("o", "100")
    shop.earn("o", 100, starts=14)
    shop.refund("o", "30")
    shop.reverse("o")
    assert shop.points.pending == 70
    assert shop.postings[-1].debit == "member:ann:points:pending"


def test_what_was_spent_on_an_order_comes_back_to_the_lots_it_was_drawn_from() -> None:
    shop = Shop()
    soon, late = shop.earn("", 10, ends=20), shop.earn("", 10, ends=90)
    shop.order("o", "100")
    shop.spend("o", 15)
    redeemed = [one.id for one in shop.postings if one.kind == "redeem"]
    shop.refund("o", None)
    assert shop.restore("o") == 15
    assert {(lot.id, lot.left, lot.expires_at) for lot in shop.points.lots} == {
        (soon, 10, 20 * DAY),
        (late, 10, 90 * DAY),
    }
    assert [one.reverses for one in shop.postings if one.kind == "restore"] == redeemed


def test_what_has_ended_meanwhile_lasts_thirty_days_from_its_return() -> None:
    """Each time: what came back earlier doesn't last longer for what comes back later."""
    shop = Shop()
    lot = shop.earn("", 10, ends=20)
    shop.order("o", "100")
    shop.spend("o", 10)
    for shop.day in (20, 30):
        shop.refund("o", "50")
        shop.restore("o")
    assert {(one.id, one.left, one.expires_at) for one in shop.points.lots} == {
        (lot, 5, 50 * DAY),
        (lot, 5, 60 * DAY),
    }
    shop.spend("", 7)
    assert [(one.left, one.expires_at) for one in shop.points.lots] == [(3, 60 * DAY)]


def test_a_refund_counts_once() -> None:
    shop = Shop()
    shop.order("o", "100")
    assert shop.refund("o", "30", name="r") == ""
    assert shop.refund("o", "30", name="r") == "refund-repeated"
    assert shop.books.orders["o"].refunded == 30


@pytest.mark.parametrize("amount", ["0", "-1"])
def test_a_refund_of_nothing_is_not_counted(amount: str) -> None:
    shop = Shop()
    shop.order("o", "100")
    before = shop.books
    assert shop.refund("o", amount) == "refund-not-positive"
    assert shop.books is before


def test_a_refund_beyond_the_order_counts_up_to_it() -> None:
    shop = Shop()
    shop.order("o", "100")
    shop.earn("o", 10)
    assert shop.refund("o", "100.01") == "refund-exceeds-order"
    assert returns.is_refunded(shop.books.orders["o"])
    assert shop.reverse("o") == 10


def test_a_refund_in_another_currency_is_not_counted() -> None:
    shop = Shop()
    shop.order("o", "100", "CNY")
    assert shop.refund("o", "10", currency="USD") == "refund-currency"
    assert shop.books.orders["o"].refunded == 0


@pytest.mark.parametrize(("amount", "taken"), [("25", 2), (None, 10), ("1000", 10)])
def test_a_refund_of_an_unknown_order_is_kept_until_the_order_comes(amount: str | None, taken: int) -> None:
    shop = Shop()
    assert shop.refund("o", amount) == "order-unknown"
    assert not returns.is_refunded(shop.books.orders["o"])
    shop.earn("o", 10)
    assert shop.reverse("o") == 0
    shop.order("o", "100")
    assert shop.reverse("o") == taken


def test_a_kept_refund_in_another_currency_than_the_order_is_dropped() -> None:
    shop = Shop()
    shop.refund("o", "25", currency="USD", name="r")
    assert shop.refund("o", "25", currency="CNY") == "refund-currency"
    shop.order("o", "100", "CNY")
    assert shop.books.orders["o"].refunded == 0
    assert shop.refund("o", "25", currency="CNY", name="r") == ""


def test_an_order_that_cost_nothing_can_be_refunded_whole() -> None:
    """Paid in points alone, they come back."""
    shop = Shop()
    shop.earn("", 10)
    shop.order("o", "0")
    shop.spend("o", 10)
    assert shop.restore("o") == 0
    shop.refund("o", None)
    assert shop.restore("o") == 10


def test_an_order_stays_what_it_was_said_first() -> None:
    shop = Shop()
    shop.order("o", "100")
    before = shop.books
    shop.order("o", "50", "USD")
    assert shop.books is before


def test_an_order_is_forgotten_in_time() -> None:
    shop = Shop()
    shop.order("old", "1")
    shop.day = 10
    shop.order("new", "1")
    assert list(returns.forget(shop.books, 10 * DAY).orders) == ["new"]
    assert returns.forget(shop.books, 0) is shop.books


def test_an_order_nobody_knows_is_refused() -> None:
    shop = Shop()
    with pytest.raises(InvalidValue, match="nothing is known of order o"):
        returns.reverse(shop.books, shop.poster(), "o", "points", forgive=False)
    with pytest.raises(InvalidValue, match="nothing is known of order o"):
        returns.restore(shop.books, shop.poster(), "o", "points")


def test_an_order_and_its_refund_meet_when_two_members_are_one() -> None:
    ann, bob = Shop("ann"), Shop("bob")
    ann.order("o", "100")
    ann.earn("o", 10)
    bob.refund("o", "50", currency="CNY")
    poster = ann.poster()
    ann.keep(merge(ann.books, bob.books, poster, "bob"), poster)
    assert ann.reverse("o") == 5


def test_a_refund_that_both_members_knew_counts_once() -> None:
    ann, bob = Shop("ann"), Shop("bob")
    for shop in (ann, bob):
        shop.order("o", "100")
        shop.earn("o", 10)
        shop.refund("o", "30", name="r")
    bob.refund("o", "20", name="s")
    ann.books = merge(ann.books, bob.books, ann.poster(), "bob")
    order = ann.books.orders["o"]
    assert (order.refunded, dict(order.refunds)) == (50, {"r": 30, "s": 20})
    assert ann.reverse("o") == 10
    assert ann.points.available == 10
