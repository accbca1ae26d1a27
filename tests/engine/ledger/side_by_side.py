"""Members' books and the plain model of them, changed together and compared after every operation."""

from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Literal

import pytest

from engine.errors import EngineError, InvalidValue, NotEnough, Overflow
from engine.ledger import merging, moving, postings, returns
from engine.ledger.books import Account, Books, Hold, Lot
from tests.engine.ledger.model import DAY, Known, Model, Piece

UNITS = ("points", "visits")
MEMBERS = ("ann", "bob", "cy")


class SideBySide:
    """Each method does one operation to both.

    Attributes:
        operations: How many were carried out or refused since the tests began.
    """

    operations = 0

    def __init__(self) -> None:
        self.members = list(MEMBERS)
        self.gone: list[str] = []
        self.books = dict.fromkeys(MEMBERS, Books())
        self.model = Model()
        self.posted: list[postings.Posting] = []
        self.now = 1_000 * DAY
        self.effects = 0

    def available(self, member: str, unit: str) -> int:
        return self.model.amount(member, unit, "free")

    def do(self, member: str, change: Callable[[Books, moving.Poster], Books]) -> None:
        """Change a member's books. What is refused must leave no postings behind."""
        SideBySide.operations += 1
        self.effects += 1
        poster = moving.Poster(f"e{self.effects}", member, self.now)
        try:
            self.books[member] = change(self.books[member], poster)
        except EngineError:
            assert poster.postings == []
            raise
        self.posted += poster.postings

    def refuse(
        self, error: type[EngineError], member: str, change: Callable[[Books, moving.Poster], Books]
    ) -> None:
        """Ask for what the books must refuse."""
        with pytest.raises(error):
            self.do(member, change)
        self.check()

    def award(
        self, member: str, unit: str, amount: int, order: str, delay: int | None, ends: int | None
    ) -> None:
        # To the end of a period of 20 days, as programmes do: many lots end together.
        expires_at = None if ends is None else self.now // (20 * DAY) * 20 * DAY + ends * DAY
        active_at = None if delay is None else self.now + delay * DAY
        lot = Lot(f"e{self.effects + 1}", amount, active_at, expires_at)

        def change(books: Books, poster: moving.Poster) -> Books:
            return moving.award(books, poster, unit, amount, lot=lot, order=order)

        if amount < 1 or self.model.earned[member, unit] + amount > 2**53:
            self.refuse(InvalidValue if amount < 1 else Overflow, member, change)
            return
        self.do(member, change)
        where = "free" if active_at is None else "pending"
        piece = Piece(member, unit, lot.id, amount, where, active_at, expires_at, self.now)
        self.model.earn(piece, order)
        self.check()

    def spend(self, member: str, unit: str, amount: int, order: str) -> None:
        def change(books: Books, poster: moving.Poster) -> Books:
            return moving.spend(books, poster, unit, amount, order=order)

        if amount < 1 or amount > self.available(member, unit):
            self.refuse(InvalidValue if amount < 1 else NotEnough, member, change)
            return
        self.do(member, change)
        self.model.spend(member, order, self.model.draw(member, unit, amount, "spent"))
        self.check()

    def hold(self, member: str, key: str, units: Sequence[tuple[str, int]], order: str, until: int) -> None:
        def change(books: Books, poster: moving.Poster) -> Books:
            return moving.hold(books, poster, key, units, Hold(order, until))

        refused: type[EngineError] | None = InvalidValue if (member, key) in self.model.holds else None
        left = {unit: self.available(member, unit) for unit in UNITS}
        for unit, amount in units:
            left[unit] -= amount
            refused = refused or (NotEnough if left[unit] < 0 else None)
        if refused is not None:
            self.refuse(refused, member, change)
            return
        self.do(member, change)
        self.model.hold(member, key, units, order, until)
        self.check()

    def close(self, member: str, key: str, how: Literal["confirm", "release"]) -> None:
        """End a hold; ending it again must be refused."""

        def change(books: Books, poster: moving.Poster) -> Books:
            end = moving.confirm if how == "confirm" else moving.release
            return end(books, poster, key)

        self.do(member, change)
        if how == "confirm":
            self.model.confirm(member, key)
        else:
            self.model.release(member, key, self.now)
        self.check()
        self.refuse(InvalidValue, member, change)

    def time_out(self) -> None:
        for (member, key), (_, until) in sorted(self.model.holds.items()):
            if until <= self.now:
                self.close(member, key, "release")

    def activate(self, member: str, unit: str) -> None:
        self.do(member, lambda books, poster: moving.activate(books, poster, unit))
        self.model.activate(member, unit, self.now)
        self.check()

    def expire(self, member: str, unit: str) -> None:
        self.do(member, lambda books, poster: moving.expire(books, poster, unit))
        self.model.expire(member, unit, self.now)
        self.check()

    def complete(self, member: str, order: str, total: str, currency: str, *, forgive: bool) -> None:
        self.do(
            member,
            lambda books, _: returns.ordered(
                books, order, at=self.now, total=Decimal(total), currency=currency
            ),
        )
        known = self.model.orders.setdefault((member, order), Known())
        if known.total is None:
            known.told(Fraction(total), currency)
        self.check()
        self.settle(member, order, forgive=forgive)

    def refund(
        self, member: str, order: str, amount: str | None, currency: str, name: str, *, forgive: bool
    ) -> None:
        said = []

        def change(books: Books, _: moving.Poster) -> Books:
            asked = None if amount is None else Decimal(amount)
            books, odd = returns.refunded(
                books, order, at=self.now, amount=asked, currency=currency, refund=name
            )
            said.append(odd)
            return books

        self.do(member, change)
        asked = None if amount is None else Fraction(amount)
        assert said == [self.model.refund(member, order, asked, currency, name)]
        self.check()
        self.settle(member, order, forgive=forgive)

    def settle(self, member: str, order: str, *, forgive: bool) -> None:
        """Carry out what the order's refunds so far have to take and to give back."""
        if (member, order) not in self.model.orders:
            return
        known = self.books[member].orders[order]
        back: Counter[str] = Counter()
        for award, due in self.model.due_back(member, order):
            back[award.unit] += due
        restored: Counter[str] = Counter()
        for use, due in self.model.due_restored(member, order):
            restored[use.unit] += due
        assert returns.to_take_back(known) == back
        assert returns.to_give_back(known) == restored
        for unit in back:
            self._reverse(member, order, unit, forgive=forgive)
        for unit in restored:
            self._restore(member, order, unit)

    def _reverse(self, member: str, order: str, unit: str, *, forgive: bool) -> None:
        self.do(member, lambda books, poster: returns.reverse(books, poster, order, unit, forgive=forgive))
        self.model.reverse(member, order, unit, forgive=forgive)
        self.check()

    def _restore(self, member: str, order: str, unit: str) -> None:
        self.do(member, lambda books, poster: returns.restore(books, poster, order, unit))
        self.model.restore(member, order, unit, self.now)
        self.check()

    def merge(self, member: str, ends: str) -> None:
        self.do(member, lambda books, poster: merging.merge(books, self.books[ends], poster, ends))
        self.model.merge(member, ends)
        self.members.remove(ends)
        self.gone.append(ends)
        del self.books[ends]
        self.check()

    def check(self) -> None:
        """Compare the books with the postings, and with the model."""
        sums = self._sums()
        for member, books in self.books.items():
            for unit in UNITS:
                account, name = books.account(unit), f"member:{member}:{unit}"
                held = sum(
                    lot.left for one in books.holds.values() for what, lot in one.parts if what == unit
                )
                assert account.available == sums.get(name, 0)
                assert account.pending == sums.get(f"{name}:pending", 0)
                assert held == sums.get(f"{name}:held", 0)
                assert account.debt == -sums.get(f"{name}:debt", 0)
                assert account.debt == 0 or account.available == 0
                self._check_account(member, unit, account)
            self._check_holds(member, books)
            self._check_orders(member, books)

    def _sums(self) -> dict[str, int]:
        """Sum up all postings: over all accounts 0; none negative but debts and what was issued."""
        ids = {one.id for one in self.posted}
        assert len(ids) == len(self.posted)
        sums: dict[str, int] = {}
        for one in self.posted:
            assert one.amount > 0
            assert one.debit != one.credit
            assert one.reverses == "" or one.reverses in ids
            sums[one.debit] = sums.get(one.debit, 0) - one.amount
            sums[one.credit] = sums.get(one.credit, 0) + one.amount
        assert sum(sums.values()) == 0
        assert sums == postings.balances(self.posted)
        gone = tuple(f"member:{who}:" for who in self.gone)
        for name, amount in sums.items():
            if name not in {f"programme:{unit}" for unit in UNITS}:
                assert amount <= 0 if name.endswith(":debt") else amount >= 0
            assert amount == 0 or not name.startswith(gone)
        return sums

    def _check_account(self, member: str, unit: str, account: Account) -> None:
        lots = {(lot.id, lot.expires_at): (lot.left, lot.active_at, lot.earned_at) for lot in account.lots}
        assert len(lots) == len(account.lots)
        assert all(lot.left > 0 for lot in account.lots)
        expected: dict[tuple[str, int | None], tuple[int, int | None, int]] = {}
        for one in self.model.find(member, unit, "free") + self.model.find(member, unit, "pending"):
            so_far = expected.get((one.lot, one.ends), (0, None, 0))[0]
            expected[one.lot, one.ends] = (so_far + one.amount, one.active_at, one.earned_at)
        assert lots == expected
        assert account.debt == self.model.debt[member, unit]
        assert account.earned == self.model.earned[member, unit]

    def _check_holds(self, member: str, books: Books) -> None:
        assert set(books.holds) == {key for who, key in self.model.holds if who == member}
        for key, hold in books.holds.items():
            assert (hold.order, hold.until) == self.model.holds[member, key]
            parts: Counter[tuple[str, str, int | None]] = Counter()
            for unit, lot in hold.parts:
                assert lot.left > 0
                parts[unit, lot.id, lot.expires_at] += lot.left
            expected: Counter[tuple[str, str, int | None]] = Counter()
            for one in self.model.held(member, key):
                expected[one.unit, one.lot, one.ends] += one.amount
            assert parts == expected

    def _check_orders(self, member: str, books: Books) -> None:
        assert set(books.orders) == {order for who, order in self.model.orders if who == member}
        for key, order in books.orders.items():
            known = self.model.orders[member, key]
            said: tuple[object, ...] = (known.total, known.currency, known.refunded, known.whole)
            assert (order.total, order.currency, order.refunded, order.whole) == said
            assert dict(order.refunds) == known.counted
            assert returns.is_refunded(order) == (known.total is not None and known.whole)
