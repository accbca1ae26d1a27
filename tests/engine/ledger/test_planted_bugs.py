"""The machine has teeth: each of these bugs, planted into the ledger, is found by it."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis.stateful import run_state_machine_as_test
from msgspec.structs import replace

from engine.errors import EngineError
from engine.ledger import books, merging, moving, postings, proportion, returns
from engine.ledger.books import Account, Books, Lot, Order
from tests.engine.ledger.machine import Ledger, size

Plant = Callable[[pytest.MonkeyPatch], None]


def spends_last_to_expire_first(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(books, "_first_to_expire", lambda lot: (lot.expires_at is not None, -(lot.expires_at or 0)))


def spends_last_earned_first(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        books,
        "_first_to_expire",
        lambda lot: (lot.expires_at is None, lot.expires_at or 0, -lot.earned_at, lot.id),
    )


def expiry_forgets_what_is_pending(patch: pytest.MonkeyPatch) -> None:
    right = moving.expire

    def expire(before: Books, poster: moving.Poster, unit: str) -> Books:
        account = before.account(unit)
        active = tuple(lot for lot in account.lots if lot.active_at is None)
        after = right(books.with_account(before, unit, replace(account, lots=active)), poster, unit)
        pending = tuple(lot for lot in account.lots if lot.active_at is not None)
        left = after.account(unit)
        return books.with_account(after, unit, replace(left, lots=(*left.lots, *pending)))

    patch.setattr(moving, "expire", expire)


def pending_is_active_at_once(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(moving, "_is_ripe", lambda lot, _: lot.active_at is not None)


def award_ignores_the_bound(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(moving, "fits", lambda *_: True)


def debt_is_not_repaid(patch: pytest.MonkeyPatch) -> None:
    for module in (moving, returns, merging):
        patch.setattr(module, "settled", lambda account, *_: account)


def hold_leaves_the_lots_alone(patch: pytest.MonkeyPatch) -> None:
    right = moving.hold

    def hold(before: Books, *more: Any) -> Books:
        after = right(before, *more)
        return Books(before.accounts, after.holds, after.orders)

    patch.setattr(moving, "hold", hold)


def confirmed_hold_stays(patch: pytest.MonkeyPatch) -> None:
    right = moving.confirm

    def confirm(before: Books, poster: moving.Poster, key: str) -> Books:
        after = right(before, poster, key)
        return Books(after.accounts, before.holds, after.orders)

    patch.setattr(moving, "confirm", confirm)


def release_loses_a_part(patch: pytest.MonkeyPatch) -> None:
    right = moving.returned
    patch.setattr(
        moving, "returned", lambda before, poster, unit, parts: right(before, poster, unit, parts[1:])
    )


def what_expired_is_owed(patch: pytest.MonkeyPatch) -> None:
    right = returns._take_back
    patch.setattr(
        returns,
        "_take_back",
        lambda before, poster, award, due, forgive: right(
            before, poster, replace(award, expired=0), due, forgive=forgive
        ),
    )


def reversal_doubles(patch: pytest.MonkeyPatch) -> None:
    right = returns._take_back
    patch.setattr(
        returns,
        "_take_back",
        lambda before, poster, award, due, forgive: right(before, poster, award, 2 * due, forgive=forgive),
    )


def forgiven_for_ever(patch: pytest.MonkeyPatch) -> None:
    def returned(before: Books, poster: moving.Poster, unit: str, parts: list[Lot]) -> Books:
        return books.with_account(before, unit, books.given_back(before.account(unit), parts))

    for module in (moving, returns):
        patch.setattr(module, "returned", returned)


def proportion_rounds_up(patch: pytest.MonkeyPatch) -> None:
    right = proportion.share

    def share(order: Order, whole: int) -> int:
        part = right(order, whole)
        return part + 1 if 0 < part < whole else part

    patch.setattr(proportion, "share", share)


def refund_is_counted_twice(patch: pytest.MonkeyPatch) -> None:
    right = returns.refunded
    patch.setattr(
        returns, "refunded", lambda before, key, **more: right(before, key, **{**more, "refund": ""})
    )


def refund_exceeds_the_order(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(returns, "_refunded", lambda order, sum_: replace(order, refunded=sum_))


def late_order_forgets_its_refunds(patch: pytest.MonkeyPatch) -> None:
    right = returns.completed
    patch.setattr(
        returns, "completed", lambda order, **more: right(replace(order, refunded=0, whole=False), **more)
    )


def any_refund_restores_everything(patch: pytest.MonkeyPatch) -> None:
    right = returns.restore

    def restore(before: Books, poster: moving.Poster, key: str, unit: str) -> Books:
        whole = books.with_order(before, key, replace(before.orders[key], whole=True))
        after = right(whole, poster, key, unit)
        return books.with_order(after, key, replace(after.orders[key], whole=before.orders[key].whole))

    patch.setattr(returns, "restore", restore)


def restored_keeps_an_end_that_has_come(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(returns, "_lasting", lambda expires_at, _: expires_at)


def parts_go_to_a_lot_with_another_end(patch: pytest.MonkeyPatch) -> None:
    right = books.given_back

    def given_back(account: Account, parts: list[Lot]) -> Account:
        ends = {lot.id: lot.expires_at for lot in account.lots}
        return right(account, [replace(one, expires_at=ends.get(one.id, one.expires_at)) for one in parts])

    patch.setattr(moving, "given_back", given_back)


def merge_drops_debts(patch: pytest.MonkeyPatch) -> None:
    right = merging.merge

    def merge(mine: Books, theirs: Books, *more: Any) -> Books:
        free = {unit: replace(account, debt=0) for unit, account in theirs.accounts.items()}
        return right(mine, Books(free, theirs.holds, theirs.orders), *more)

    patch.setattr(merging, "merge", merge)


def merge_drops_holds(patch: pytest.MonkeyPatch) -> None:
    right = merging.merge
    patch.setattr(
        merging,
        "merge",
        lambda mine, theirs, *more: right(mine, Books(theirs.accounts, {}, theirs.orders), *more),
    )


def merge_counts_a_shared_refund_twice(patch: pytest.MonkeyPatch) -> None:
    right = returns.united
    patch.setattr(merging, "united", lambda order, other: right(replace(order, refunds=()), other))


def postings_share_an_id(patch: pytest.MonkeyPatch) -> None:
    right = moving.Poster.post

    def post(poster: moving.Poster, *more: Any) -> None:
        right(poster, *more)
        poster.postings[:] = [replace(one, id=poster._effect) for one in poster.postings]

    patch.setattr(moving.Poster, "post", post)


def spending_is_posted_short(patch: pytest.MonkeyPatch) -> None:
    right = postings.Posting

    def posting(**more: Any) -> postings.Posting:
        return right(**{**more, "amount": max(1, more["amount"] - (more["kind"] == "redeem"))})

    patch.setattr(moving, "Posting", posting)


PLANTED: list[Plant] = [
    spends_last_to_expire_first,
    spends_last_earned_first,
    expiry_forgets_what_is_pending,
    pending_is_active_at_once,
    award_ignores_the_bound,
    debt_is_not_repaid,
    hold_leaves_the_lots_alone,
    confirmed_hold_stays,
    release_loses_a_part,
    what_expired_is_owed,
    reversal_doubles,
    forgiven_for_ever,
    proportion_rounds_up,
    refund_is_counted_twice,
    refund_exceeds_the_order,
    late_order_forgets_its_refunds,
    any_refund_restores_everything,
    restored_keeps_an_end_that_has_come,
    parts_go_to_a_lot_with_another_end,
    merge_drops_debts,
    merge_drops_holds,
    merge_counts_a_shared_refund_twice,
    postings_share_an_id,
    spending_is_posted_short,
]


@pytest.mark.parametrize("plant", PLANTED)
def test_a_planted_bug_is_caught(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)
    with pytest.raises((AssertionError, EngineError, pytest.fail.Exception)):
        run_state_machine_as_test(Ledger, settings=size(200))
