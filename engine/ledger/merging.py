"""Two members' books become one (ruling 17): lots unite, debts add, nothing is lost or doubled."""

import msgspec

from engine.errors import Overflow
from engine.ledger.books import Books, Hold, with_account
from engine.ledger.moving import Poster, settled
from engine.ledger.postings import Part, member_account
from engine.ledger.returns import united
from engine.values import MAX_INT

_replace = msgspec.structs.replace


def merge(books: Books, other: Books, poster: Poster, other_member: str) -> Books:
    """Return the survivor's books with another member's united into them.

    What one of them owes is repaid from what the other can spend. An order that both know is one:
    its refunds take back what it gave to either. A redemption that both hold is one, too.

    Args:
        books: The survivor's.
        other: Those of the member that ends.
        poster: Takes the postings, in the survivor's name.
        other_member: Key of the member that ends.

    Raises:
        Overflow: If an account would exceed 2^53.
    """
    units = sorted({**books.accounts, **other.accounts})
    for unit in units:
        if books.account(unit).earned + other.account(unit).earned > MAX_INT:
            raise Overflow(f"the two accounts' {unit} would be too many for one")
    books = _with_holds_and_orders(books, other)
    for unit in units:
        mine, theirs = books.account(unit), other.account(unit)
        _post(poster, other, other_member, unit)
        account = _replace(
            mine,
            lots=(*mine.lots, *theirs.lots),
            debt=mine.debt + theirs.debt,
            earned=mine.earned + theirs.earned,
        )
        books = with_account(books, unit, settled(account, poster, unit))
    return books


def _post(poster: Poster, other: Books, other_member: str, unit: str) -> None:
    """Post what a member that ends has in one unit over to the survivor."""
    account = other.account(unit)
    moves: list[tuple[Part, int, str]] = [
        ("pending" if lot.active_at is not None else "", lot.left, lot.id) for lot in account.lots
    ]
    for hold in other.holds.values():
        moves += [("held", lot.left, lot.id) for held, lot in hold.parts if held == unit]
    for part, amount, lot_id in moves:
        accounts = (member_account(other_member, unit, part), poster.mine(unit, part))
        poster.post("merge", unit, accounts, amount, lot_id)
    accounts = (poster.mine(unit, "debt"), member_account(other_member, unit, "debt"))
    poster.post("merge", unit, accounts, account.debt, "")


def _with_holds_and_orders(books: Books, other: Books) -> Books:
    holds, orders = {**books.holds}, {**books.orders}
    for key, hold in other.holds.items():
        holds[key] = _both(holds[key], hold) if key in holds else hold
    for key, order in other.orders.items():
        orders[key] = united(orders[key], order) if key in orders else order
    return Books(books.accounts, holds, orders)


def _both(hold: Hold, other: Hold) -> Hold:
    return Hold(
        order=hold.order or other.order,
        until=min(hold.until, other.until),
        parts=(*hold.parts, *other.parts),
        coupons=(*hold.coupons, *other.coupons),
    )
