"""A member is no more: what it had lapses, and nothing of it stays in force (ruling 20)."""

from engine.effects import EraseMember
from engine.ledger.books import Books
from engine.ledger.moving import Poster
from engine.ledger.postings import Part, Record, programme_account
from engine.programme.bookkeeping import Applied, coupon_move
from engine.state import MemberState


def forgotten(state: MemberState, effect: EraseMember) -> Applied:
    """Return what is left of a member: where its log ends, and when it was erased.

    Units lapse, also those that are held or can't be spent yet; a debt is written off; coupons are void.
    """
    poster = Poster(effect.id, state.member, state.as_of)
    for unit in state.books.accounts:
        _lapse(state.books, poster, unit)
    coupons: list[Record] = [
        coupon_move(code, one, "voided", state.as_of) for code, one in state.coupons.items()
    ]
    left = MemberState(
        member=state.member,
        sequence=state.sequence,
        as_of=state.as_of,
        joined_at=state.joined_at,
        joined_revision=state.joined_revision,
        chain=state.chain,
        tracked=state.tracked,
        erased_at=state.as_of,
    )
    return Applied(left, [], [*poster.postings, *coupons])


def _lapse(books: Books, poster: Poster, unit: str) -> None:
    """Post everything in one unit away from the member's accounts, so that each of them is at 0."""
    gone = programme_account(unit, "expired")
    account = books.account(unit)
    parts: list[tuple[Part, int, str]] = [
        ("pending" if lot.active_at is not None else "", lot.left, lot.id) for lot in account.lots
    ]
    parts += [
        ("held", lot.left, lot.id) for hold in books.holds.values() for of, lot in hold.parts if of == unit
    ]
    for part, amount, lot_id in parts:
        poster.post("expire", unit, (poster.mine(unit, part), gone), amount, lot_id)
    poster.post("expire", unit, (gone, poster.mine(unit, "debt")), account.debt, "")
