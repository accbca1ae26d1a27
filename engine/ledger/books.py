"""A member's books: lots, what is held for a redemption, what is owed, and the orders behind it.

Books are a value. Every operation returns new books and the postings that lead
there, and refuses what would make a lot negative. Lots are spent first to
expire first; of lots that expire together, the one earned first; of those
earned together, the one whose id sorts first.
"""

from collections.abc import Iterable, Sequence

import msgspec

from engine.errors import InvalidValue, NotEnough
from engine.values import MAX_INT, Instant, Number


class Lot(msgspec.Struct, frozen=True, array_like=True):
    """What is left of one award.

    What a refund gave back late may end later than the rest of its award; it is then a lot
    beside it, with the same id and another end.

    Attributes:
        id: Id of the effect that gave it.
        left: Units left, at least 1.
        active_at: First instant at which it can be spent; None once it can.
        expires_at: First instant at which it no longer can; None for never.
        earned_at: When it was given; `award` writes it.
    """

    id: str
    left: int
    active_at: Instant | None = None
    expires_at: Instant | None = None
    earned_at: Instant = 0


class Account(msgspec.Struct, frozen=True, array_like=True):
    """One unit in a member's hands.

    Attributes:
        lots: In no order that means anything; no two have the same id and the same end.
        debt: What was taken back after it was spent, and not repaid yet. While it is
            above 0, nothing can be spent.
        earned: All that was ever earned, less what refunds took back.
    """

    lots: tuple[Lot, ...] = ()
    debt: int = 0
    earned: int = 0

    @property
    def available(self) -> int:
        """What can be spent now."""
        return sum(lot.left for lot in self.lots if lot.active_at is None)

    @property
    def pending(self) -> int:
        """What can be spent later."""
        return sum(lot.left for lot in self.lots if lot.active_at is not None)


class Hold(msgspec.Struct, frozen=True, array_like=True):
    """What is set aside for a redemption until it is confirmed or released.

    Attributes:
        order: The order it is for, or empty.
        until: First instant at which it is released by itself.
        parts: Unit, and the part of a lot that was drawn.
        coupons: Codes that are held with it.
    """

    order: str
    until: Instant
    parts: tuple[tuple[str, Lot], ...] = ()
    coupons: tuple[str, ...] = ()


class Award(msgspec.Struct, frozen=True, array_like=True):
    """What an order earned.

    Attributes:
        unit: Key of the unit.
        lot: Id of the lot.
        given: How much.
        taken: How much refunds took back, with what was forgiven and what had expired.
        expired: How much of it expired unspent.
        forgiven: How much of what was taken is forgiven because it is spent; should it come back
            from a hold or a refund, it is taken then.
    """

    unit: str
    lot: str
    given: int
    taken: int = 0
    expired: int = 0
    forgiven: int = 0


class Used(msgspec.Struct, frozen=True, array_like=True):
    """What was spent on an order.

    Attributes:
        unit: Key of the unit.
        lot: The part of a lot that was spent.
        restored: How much of it refunds gave back.
        posting: Id of the posting that spent it, which the giving back names.
    """

    unit: str
    lot: Lot
    restored: int = 0
    posting: str = ""


class Charge(msgspec.Struct, frozen=True, array_like=True):
    """What the use of a coupon charged to a partner.

    Attributes:
        posting: Id of the posting that charged it, which the giving back names.
        partner: Name of the partner.
        currency: Its currency.
        amount: Minor units, at least 1.
    """

    posting: str
    partner: str
    currency: str
    amount: int


class Redeemed(msgspec.Struct, frozen=True, array_like=True):
    """A coupon that was used on an order.

    Attributes:
        code: The coupon.
        coupon: Key of its definition.
        until: First instant at which it can't be used again; None for never.
        charge: What it charged to a partner; None for nothing.
    """

    code: str
    coupon: str
    until: Instant | None = None
    charge: Charge | None = None


class Order(msgspec.Struct, frozen=True, array_like=True):
    """An order as far as its refund must know it.

    Attributes:
        at: When it was heard of first.
        total: What it came to; None while only its refund is known.
        currency: Its currency, or that of its refunds while only they are known; empty for none told.
        refunded: What was refunded of it so far; at most the total once that is known.
        awards: What it earned.
        used: What was spent on it.
        coupons: Coupons that were used on it.
        refunds: Ids of refunds that were counted, each with what it came to.
        whole: Whether all of it was refunded; an order that cost nothing can be, too.
    """

    at: Instant
    total: Number | None = None
    currency: str = ""
    refunded: Number = 0
    awards: tuple[Award, ...] = ()
    used: tuple[Used, ...] = ()
    coupons: tuple[Redeemed, ...] = ()
    refunds: tuple[tuple[str, Number], ...] = ()
    whole: bool = False


class Books(msgspec.Struct, frozen=True, array_like=True):
    """A member's books.

    Attributes:
        accounts: By unit.
        holds: By id of the redemption.
        orders: By order number.
    """

    accounts: dict[str, Account] = {}
    holds: dict[str, Hold] = {}
    orders: dict[str, Order] = {}

    def account(self, unit: str) -> Account:
        """Return a unit's account; an empty one if it has never been used."""
        return self.accounts.get(unit, _EMPTY)


_EMPTY = Account()


def with_account(books: Books, unit: str, account: Account) -> Books:
    """Return books with one unit's account replaced."""
    return Books({**books.accounts, unit: account}, books.holds, books.orders)


def with_hold(books: Books, key: str, hold: Hold | None) -> Books:
    """Return books with a hold added or, for None, removed."""
    holds = {name: one for name, one in books.holds.items() if name != key}
    return Books(books.accounts, holds if hold is None else {**holds, key: hold}, books.orders)


def with_order(books: Books, key: str, order: Order) -> Books:
    """Return books with an order added or replaced."""
    return Books(books.accounts, books.holds, {**books.orders, key: order})


def drawn(account: Account, amount: int) -> tuple[Account, list[Lot]]:
    """Return an account without so many units, and the parts of lots they were drawn from.

    Raises:
        InvalidValue: If the amount is below 1.
        NotEnough: If less can be spent.
    """
    if amount < 1:
        raise InvalidValue(f"{amount} can't be spent: an amount is at least 1")
    if amount > account.available:
        raise NotEnough(account.available, amount)
    parts = portions((lot for lot in account.lots if lot.active_at is None), amount)
    return taken_out(account, parts), parts


def portions(lots: Iterable[Lot], amount: int) -> list[Lot]:
    """Return the parts of lots that make up an amount, first to expire first, as far as they go."""
    parts: list[Lot] = []
    for lot in sorted(lots, key=_first_to_expire):
        part = min(amount, lot.left)
        if part:
            parts.append(msgspec.structs.replace(lot, left=part))
        amount -= part
    return parts


def taken_out(account: Account, parts: Sequence[Lot]) -> Account:
    """Return an account without these parts of its lots; a lot of which nothing is left is gone."""
    gone = {(part.id, part.expires_at): part.left for part in parts}
    kept = (
        msgspec.structs.replace(lot, left=lot.left - gone.get((lot.id, lot.expires_at), 0))
        for lot in account.lots
    )
    return msgspec.structs.replace(account, lots=tuple(lot for lot in kept if lot.left))


def given_back(account: Account, parts: Sequence[Lot]) -> Account:
    """Return an account with parts of lots put back where they came from.

    A part whose lot is gone, or ends at another instant by now, is a lot of its own.
    """
    lots = list(account.lots)
    for part in parts:
        same = (
            place for place, lot in enumerate(lots) if lot.id == part.id and lot.expires_at == part.expires_at
        )
        at = next(same, None)
        if at is None:
            lots.append(part)
        else:
            lots[at] = msgspec.structs.replace(lots[at], left=lots[at].left + part.left)
    return msgspec.structs.replace(account, lots=tuple(lots))


def fits(account: Account, amount: int) -> bool:
    """Return whether all of an account's figures stay within 2^53, which JSON carries, with so much more."""
    return max(account.earned, account.available + account.pending) + amount <= MAX_INT


def _first_to_expire(lot: Lot) -> tuple[bool, Instant, Instant, str]:
    return lot.expires_at is None, lot.expires_at or 0, lot.earned_at, lot.id
