"""What the books should say, written down as plainly as can be.

Every unit that was ever awarded lies in one `Piece`, which says where it is now. Nothing is
computed ahead or kept twice: what is available is the sum of the pieces that are `free`. This shares
no code with `engine.ledger`; it is the oracle that `machine.py` holds it to.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

DAY = 86_400_000_000


@dataclass(eq=False)
class Piece:
    """Some units of one award, all in one place: pending, free, held, spent, repaid, expired, back."""

    member: str
    unit: str
    lot: str
    amount: int
    where: str
    active_at: int | None
    ends: int | None
    earned_at: int
    hold: str = ""
    draw: int = 0
    use: "Use | None" = None


@dataclass(eq=False)
class Award:
    member: str
    order: str
    unit: str
    lot: str
    given: int
    taken: int = 0
    owed: int = 0
    forgiven: int = 0


@dataclass(eq=False)
class Use:
    member: str
    order: str
    unit: str
    lot: str
    amount: int
    ends: int | None
    restored: int = 0


@dataclass(eq=False)
class Known:
    """What a member knows of an order."""

    total: Fraction | None = None
    currency: str = ""
    refunded: Fraction = Fraction(0)
    whole: bool = False
    counted: dict[str, Fraction] = field(default_factory=dict)

    def told(self, total: Fraction, currency: str) -> None:
        if self.currency and currency and self.currency != currency and not self.whole:
            self.refunded, self.counted = Fraction(0), {}
        heard = self.whole or self.refunded > 0
        self.total, self.currency = total, currency or self.currency
        if heard:
            self.cut()

    def cut(self) -> None:
        """Count no more than the order came to."""
        if self.total is not None and (self.whole or self.refunded >= self.total):
            self.refunded, self.whole = self.total, True

    def part(self, amount: int) -> int:
        if self.total is None:
            return 0
        if self.whole:
            return amount
        return math.floor(amount * self.refunded / self.total) if self.refunded else 0


def first_to_expire(one: Piece) -> tuple[bool, int, int, str]:
    return one.ends is None, one.ends or 0, one.earned_at, one.lot


def shared(known: Known, parts: list[tuple[int, int]]) -> list[int]:
    """Deal out unit by unit what is due: to whoever is behind its own share, then to the first."""
    due = known.part(sum(whole for whole, _ in parts)) - sum(done for _, done in parts)
    dues = [0] * len(parts)
    for _ in range(due):
        behind = [n for n, (whole, done) in enumerate(parts) if done + dues[n] < known.part(whole)]
        able = [n for n, (whole, done) in enumerate(parts) if done + dues[n] < whole]
        dues[(behind or able)[0]] += 1
    return dues


class Model:
    """All members' units, one flat list."""

    def __init__(self) -> None:
        self.draws = 0
        self.pieces: list[Piece] = []
        self.awards: list[Award] = []
        self.uses: list[Use] = []
        self.debt: Counter[tuple[str, str]] = Counter()
        self.earned: Counter[tuple[str, str]] = Counter()
        self.holds: dict[tuple[str, str], tuple[str, int]] = {}
        self.orders: dict[tuple[str, str], Known] = {}

    def find(self, member: str, unit: str, where: str) -> list[Piece]:
        """Return pieces in one place, first to expire first."""
        found = [one for one in self.pieces if (one.member, one.unit, one.where) == (member, unit, where)]
        return sorted(found, key=first_to_expire)

    def amount(self, member: str, unit: str, where: str) -> int:
        return sum(one.amount for one in self.find(member, unit, where))

    def move(self, pieces: list[Piece], amount: int, where: str) -> list[Piece]:
        """Move so many units of these pieces, splitting the last one."""
        moved = []
        for one in pieces:
            part = min(amount, one.amount)
            amount -= part
            if part and part < one.amount:
                self.pieces.append(replace(one, amount=one.amount - part))
                one.amount = part
            if part:
                one.where = where
                moved.append(one)
        return moved

    def earn(self, piece: Piece, order: str) -> None:
        self.pieces.append(piece)
        self.awards.append(Award(piece.member, order, piece.unit, piece.lot, piece.amount))
        self.earned[piece.member, piece.unit] += piece.amount
        if order:
            self.orders.setdefault((piece.member, order), Known())
        self.repay(piece.member, piece.unit)

    def repay(self, member: str, unit: str) -> None:
        amount = min(self.debt[member, unit], self.amount(member, unit, "free"))
        self.move(self.find(member, unit, "free"), amount, "repaid")
        self.debt[member, unit] -= amount

    def draw(self, member: str, unit: str, amount: int, where: str) -> list[Piece]:
        """Move so many units out of what can be spent."""
        self.draws += 1
        pieces = self.move(self.find(member, unit, "free"), amount, where)
        for one in pieces:
            one.draw = self.draws
        return pieces

    def spend(self, member: str, order: str, pieces: list[Piece]) -> None:
        """Spend what was drawn. What one drawing took of one lot is one use of it."""
        uses: dict[tuple[int, str, int | None], Use] = {}
        for one in sorted(pieces, key=lambda one: (one.draw, *first_to_expire(one))):
            key = (one.draw, one.lot, one.ends)
            if key not in uses:
                uses[key] = Use(member, order, one.unit, one.lot, 0, one.ends)
                self.uses.append(uses[key])
            uses[key].amount += one.amount
            one.where, one.hold, one.use = "spent", "", uses[key]
        if order and pieces:
            self.orders.setdefault((member, order), Known())

    def hold(self, member: str, key: str, units: Sequence[tuple[str, int]], order: str, until: int) -> None:
        for unit, amount in units:
            for one in self.draw(member, unit, amount, "held"):
                one.hold = key
        self.holds[member, key] = order, until

    def confirm(self, member: str, key: str) -> None:
        order, _ = self.holds.pop((member, key))
        self.spend(member, order, self.held(member, key))

    def release(self, member: str, key: str, now: int) -> None:
        del self.holds[member, key]
        pieces = self.held(member, key)
        for one in pieces:
            one.where, one.hold = "free", ""
            self.reclaim(one)
        for unit in {one.unit for one in pieces}:
            self.expire(member, unit, now)
            self.repay(member, unit)

    def held(self, member: str, key: str) -> list[Piece]:
        return [one for one in self.pieces if one.where == "held" and (one.member, one.hold) == (member, key)]

    def reclaim(self, piece: Piece) -> None:
        """Take back what came back although a refund had forgiven it."""
        award = next(one for one in self.awards if one.lot == piece.lot)
        amount = min(piece.amount, award.forgiven)
        self.move([piece], amount, "back")
        award.forgiven -= amount

    def activate(self, member: str, unit: str, now: int) -> None:
        for one in self.find(member, unit, "pending"):
            if one.active_at is not None and one.active_at <= now:
                one.where, one.active_at = "free", None
        self.repay(member, unit)

    def expire(self, member: str, unit: str, now: int) -> None:
        for one in self.find(member, unit, "free") + self.find(member, unit, "pending"):
            if one.ends is not None and one.ends <= now:
                one.where = "expired"

    def refund(self, member: str, order: str, amount: Fraction | None, currency: str, name: str) -> str:
        known = self.orders.get((member, order), Known())
        if name and name in known.counted:
            return "refund-repeated"
        if amount is not None and amount <= 0:
            return "refund-not-positive"
        if currency and known.currency and currency != known.currency:
            return "refund-currency"
        self.orders[member, order] = known
        before = known.refunded
        known.refunded += amount or 0
        known.whole = known.whole or amount is None
        odd = ""
        if known.total is None:
            odd, known.currency = "order-unknown", known.currency or currency
        elif amount is not None and known.refunded > known.total:
            odd = "refund-exceeds-order"
        known.cut()
        if name:
            known.counted[name] = known.refunded - before
        return odd

    def due_back(self, member: str, order: str) -> list[tuple[Award, int]]:
        """Return what is still to be taken of each award of an order."""
        mine = [one for one in self.awards if (one.member, one.order) == (member, order)]
        found = []
        for unit in ("points", "visits"):
            awards = [one for one in mine if one.unit == unit]
            dues = shared(self.orders[member, order], [(one.given, one.taken) for one in awards])
            found += [(one, due) for one, due in zip(awards, dues, strict=True) if due]
        return found

    def due_restored(self, member: str, order: str) -> list[tuple[Use, int]]:
        """Return what is still to be given back of each use on an order."""
        mine = [one for one in self.uses if (one.member, one.order) == (member, order)]
        found = []
        for unit in ("points", "visits"):
            uses = [one for one in mine if one.unit == unit]
            dues = shared(self.orders[member, order], [(one.amount, one.restored) for one in uses])
            found += [(one, due) for one, due in zip(uses, dues, strict=True) if due]
        return found

    def reverse(self, member: str, order: str, unit: str, *, forgive: bool) -> None:
        for award, due in self.due_back(member, order):
            if award.unit != unit:
                continue
            award.taken += due
            self.earned[member, unit] -= due
            mine = [one for one in self.pieces if one.lot == award.lot]
            away = sum(one.amount for one in mine if one.where in {"held", "spent", "repaid"})
            away = max(0, away - award.owed - award.forgiven)
            there = [one for one in self.find(member, unit, "free") if one.lot == award.lot]
            there += [one for one in self.find(member, unit, "pending") if one.lot == award.lot]
            rest = min(away, due - sum(one.amount for one in self.move(there, due, "back")))
            if forgive:
                award.forgiven += rest
            else:
                award.owed += rest
                self.debt[member, unit] += rest
        self.repay(member, unit)

    def restore(self, member: str, order: str, unit: str, now: int) -> None:
        for use, due in self.due_restored(member, order):
            if use.unit != unit:
                continue
            use.restored += due
            ends = use.ends if use.ends is None or use.ends > now else now + 30 * DAY
            spent = [one for one in self.pieces if one.where == "spent" and one.use is use]
            for one in self.move(spent, due, "free"):
                one.ends, one.use = ends, None
                self.reclaim(one)
        self.repay(member, unit)

    def merge(self, member: str, other: str) -> None:
        for piece in self.pieces:
            piece.draw += self.draws if piece.member == other else 0  # after the survivor's own
        self.draws *= 2
        self.awards.sort(key=lambda one: one.member == other)
        self.uses.sort(key=lambda one: one.member == other)
        everything: list[Piece | Award | Use] = [*self.pieces, *self.awards, *self.uses]
        for one in everything:
            one.member = member if one.member == other else one.member
        for counter in (self.debt, self.earned):
            for who, unit in [key for key in counter if key[0] == other]:
                counter[member, unit] += counter.pop((who, unit))
        for who, key in [one for one in self.holds if one[0] == other]:
            order, until = self.holds.pop((who, key))
            mine, mine_until = self.holds.get((member, key), ("", until))
            self.holds[member, key] = mine or order, min(until, mine_until)
        for who, order in [key for key in self.orders if key[0] == other]:
            theirs = self.orders.pop((who, order))
            known = self.orders.get((member, order))
            self.orders[member, order] = theirs if known is None else _one(known, theirs)
        for unit in sorted({one.unit for one in self.pieces}):
            self.repay(member, unit)


def _one(known: Known, theirs: Known) -> Known:
    if known.total is None and theirs.total is not None:
        known.told(theirs.total, theirs.currency)
    elif known.total is not None and theirs.total is None:
        theirs.told(known.total, known.currency)
    if known.currency and theirs.currency and known.currency != theirs.currency:
        return known
    twice = sum(amount for name, amount in theirs.counted.items() if name in known.counted)
    known.refunded += theirs.refunded - twice
    known.currency = known.currency or theirs.currency
    known.whole = known.whole or theirs.whole
    known.counted = {**theirs.counted, **known.counted}
    if known.whole or known.refunded:
        known.cut()
    return known
