"""What is refused has a code and no effect, whatever is asked."""

import ast
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import canonical
from engine.events import BROADCAST_DUE, REQUESTS
from engine.programme import requests
from engine.programme.reasons import REASONS
from engine.values import MAX_INT, instant_text
from tests.engine.programme.shop import (
    ADJUST,
    CONFIRM,
    GRANT,
    KNOWN,
    LEVEL,
    MEMBERSHIP,
    NOW,
    ORDER,
    RELEASE,
    RESERVE,
    VOID,
    ask,
    books_after,
    shopper,
)

SAID = {"broadcast": "b", "template": "hi", "channel": "sms", "purpose": "marketing"}
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    (RESERVE, {"redemption": None}, "bad-request"),
    (RESERVE, {"redemption": ""}, "bad-request"),
    (RESERVE, {"redemption": "r" * 257}, "bad-request"),
    (RESERVE, {"redemption": "r-0"}, "redemption-exists"),
    (RESERVE, {"order": None}, "bad-order"),
    (RESERVE, {"order": {"total": 100}}, "bad-order"),
    (RESERVE, {"order": {**ORDER, "total": "-1"}}, "amount-negative"),
    (RESERVE, {"order": {**ORDER, "total": "0.001"}}, "amount-too-fine"),
    (RESERVE, {"order": {**ORDER, "total": MAX_INT}}, "amount-too-large"),
    (RESERVE, {"order": {**ORDER, "currency": "ZZZ"}}, "currency-unknown"),
    (RESERVE, {"units": []}, "bad-request"),
    (RESERVE, {"units": {"points": None}}, "bad-request"),
    (RESERVE, {"units": {"points": 0}}, "amount-zero"),
    (RESERVE, {"units": {"points": -1}}, "amount-negative"),
    (RESERVE, {"units": {"points": "1.5"}}, "amount-not-whole"),
    (RESERVE, {"units": {"points": MAX_INT + 1}}, "amount-too-large"),
    (RESERVE, {"units": {"points": 2001}}, "not-enough"),
    (RESERVE, {"units": {"points": 0.5}}, "bad-request"),
    (RESERVE, {"units": {"gold": 1}}, "unit-unknown"),
    (RESERVE, {"units": {"growth": 1}}, "unit-cannot-pay"),
    (RESERVE, {"units": {"yen": 1}}, "unit-currency"),
    (RESERVE, {"units": {"cash": 500}, "order": {**ORDER, "total": "4.99"}}, "pays-too-much"),
    (RESERVE, {"units": {"points": 51}, "order": {**ORDER, "total": 1}}, "pays-too-much"),
    (RESERVE, {"units": {"points": 100}, "order": {**ORDER, "currency": "USD"}}, "unit-currency"),
    (RESERVE, {"units": {"cash": 500, "points": 200}, "order": {**ORDER, "total": 6}}, "pays-too-much"),
    (RESERVE, {"units": {"cash": 201}, "coupons": ["TEN"], "order": {**ORDER, "total": 12}}, "pays-too-much"),
    (RESERVE, {"units": {"pass": 4}}, "not-enough"),
    (RESERVE, {}, "nothing-to-redeem"),
    (RESERVE, {"best": True, "order": {**ORDER, "currency": "USD"}}, "nothing-to-redeem"),
    (RESERVE, {"best": 1}, "bad-request"),
    (RESERVE, {"best": True, "coupons": ["TEN"]}, "bad-request"),
    (RESERVE, {"confirm": "yes"}, "bad-request"),
    (RESERVE, {"coupons": "TEN"}, "bad-request"),
    (RESERVE, {"coupons": ["FREE", "FREE"]}, "bad-request"),
    (RESERVE, {"coupons": [7]}, "bad-request"),
    (RESERVE, {"coupons": ["NONE"]}, "coupon-unknown"),
    (RESERVE, {"coupons": ["USED"]}, "coupon-used"),
    (RESERVE, {"coupons": ["HELD"]}, "coupon-held"),
    (RESERVE, {"coupons": ["OLD"]}, "coupon-expired"),
    (RESERVE, {"coupons": ["BIG"]}, "coupon-below-minimum"),
    (RESERVE, {"coupons": ["TEN"], "order": {**ORDER, "currency": "USD"}}, "coupon-currency"),
    (RESERVE, {"coupons": ["TEN", "FREE"]}, "coupon-not-together"),
    (RESERVE, {"coupons": ["FIVE", "SIX"]}, "coupon-not-together"),
    (RESERVE, {"coupons": ["SIX"], "units": {"points": 2001}}, "not-enough"),
    (CONFIRM, {}, "bad-request"),
    (CONFIRM, {"redemption": "r-1"}, "redemption-unknown"),
    (RELEASE, {"redemption": "r-1"}, "redemption-unknown"),
    (VOID, {"code": "TEN"}, "bad-request"),
    (VOID, {"code": "NONE", "why": "w"}, "coupon-unknown"),
    (VOID, {"code": "USED", "why": "w"}, "coupon-used"),
    (VOID, {"code": "HELD", "why": "w"}, "coupon-held"),
    (GRANT, {"coupon": "ten"}, "bad-request"),
    (GRANT, {"coupon": "none", "why": "w"}, "coupon-unknown"),
    (GRANT, {"coupon": "over", "why": "w"}, "coupon-expired"),
    (ADJUST, {"unit": "points", "amount": 1}, "bad-request"),
    (ADJUST, {"unit": "gold", "amount": 1, "why": "w"}, "unit-unknown"),
    (ADJUST, {"unit": "points", "amount": 0, "why": "w"}, "amount-zero"),
    (ADJUST, {"unit": "points", "amount": "0.5", "why": "w"}, "amount-not-whole"),
    (ADJUST, {"unit": "points", "amount": True, "why": "w"}, "bad-request"),
    (ADJUST, {"unit": "points", "amount": -2001, "why": "w"}, "not-enough"),
    (ADJUST, {"unit": "points", "amount": MAX_INT + 1, "why": "w"}, "amount-too-large"),
    (ADJUST, {"unit": "points", "amount": MAX_INT - 1999, "why": "w"}, "amount-too-large"),
    (LEVEL, {"ladder": "x", "tier": "gold", "why": "w"}, "ladder-unknown"),
    (LEVEL, {"ladder": "tier", "tier": "x", "why": "w"}, "tier-unknown"),
    (LEVEL, {"ladder": "tier", "why": "w"}, "bad-request"),
    (LEVEL, {"ladder": "tier", "tier": "gold"}, "bad-request"),
    (LEVEL, {"ladder": "tier", "tier": "gold", "why": "w", "until": "soon"}, "bad-instant"),
    (LEVEL, {"ladder": "tier", "tier": "gold", "why": "w", "until": 7}, "bad-instant"),
    (
        LEVEL,
        {"ladder": "tier", "tier": "gold", "why": "w", "until": "0001-01-01T00:00:00+23:59"},
        "instant-past",
    ),
    (LEVEL, {"ladder": "tier", "tier": "gold", "why": "w", "until": instant_text(NOW)}, "instant-past"),
    (
        LEVEL,
        {"ladder": "tier", "tier": None, "why": "w", "until": "9999-12-31T23:59:59-23:59"},
        "instant-too-far",
    ),
    (MEMBERSHIP, {"membership": "x", "why": "w"}, "membership-unknown"),
    (MEMBERSHIP, {"membership": "club"}, "bad-request"),
    (MEMBERSHIP, {"membership": "club", "why": "w", "end": True}, "membership-not-running"),
    (MEMBERSHIP, {"membership": "cellar", "why": "w"}, "not-invited"),
    (MEMBERSHIP, {"membership": "cellar", "why": "w", "until": "2027-01-01T00:00:00Z"}, "not-invited"),
    (MEMBERSHIP, {"membership": "cellar", "why": "w", "end": True}, "membership-not-running"),
    (
        MEMBERSHIP,
        {"membership": "club", "why": "w", "end": True, "until": "2027-01-01T00:00:00Z"},
        "bad-request",
    ),
    (MEMBERSHIP, {"membership": "club", "why": "w", "until": instant_text(NOW)}, "instant-past"),
    (BROADCAST_DUE, SAID | {"broadcast": ""}, "bad-request"),
    (BROADCAST_DUE, SAID | {"channel": "pigeon"}, "bad-request"),
    (BROADCAST_DUE, SAID | {"purpose": "fun"}, "bad-request"),
]


@pytest.mark.parametrize(("name", "told", "reason"), REFUSED)
def test_a_refusal_has_a_code_and_no_effect(name: str, told: dict[str, Any], reason: str) -> None:
    base = {"redemption": "r-1", "order": ORDER} if name == RESERVE else {}
    carried = ask(name, shopper(), KNOWN, **{**base, **told})
    assert (carried.answer["status"], carried.answer["reason"]) == ("refused", reason)
    assert carried.effects == ()
    assert canonical.encode(carried.answer)


def test_every_request_is_carried_out() -> None:
    assert frozenset(requests._BY_NAME) == REQUESTS


def test_every_code_has_its_wording_and_every_wording_its_code() -> None:
    """Codes are found in the syntax; two are for the service, which knows all members and all promises."""
    used = {"coupon-not-yours", "not-entitled"}
    for path in sorted(Path(requests.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"Refusal", "Refused"}:
                first = node.args[0]
                used |= {str(first.value)} if isinstance(first, ast.Constant) else set()
    assert used == set(REASONS)
    assert all(said["en"] and said["zh-Hans"] for said in REASONS.values())


WORDS = st.sampled_from(
    [
        None,
        True,
        0,
        1,
        -1,
        100,
        MAX_INT,
        MAX_INT + 1,
        "",
        "1.5",
        "r-0",
        "r-1",
        "TEN",
        "SIX",
        "ten",
        "points",
        "tier",
        "gold",
        "club",
        "2026-07-01T00:00:00Z",
        [],
        {},
        ["TEN"],
        ["SIX", "FREE"],
        {"points": 100},
        {"cash": 7},
        ORDER,
    ]
)
FIELDS = (
    "redemption order units coupons best confirm hold_minutes code why coupon unit amount ladder tier until "
    "membership end"
)


@given(
    st.sampled_from(sorted(REQUESTS)),
    st.dictionaries(st.sampled_from(FIELDS.split()), WORDS, max_size=8),
    st.booleans(),
)
def test_whatever_is_asked_the_books_stay_right(name: str, told: dict[str, Any], sound: bool) -> None:
    """Nothing raises, effects can be carried out, and a refusal comes without any."""
    base = {"redemption": "r-1", "order": ORDER, "why": "w", "unit": "points"} if sound else {}
    state = shopper()
    carried = ask(name, state, KNOWN, **{**base, **told})
    assert canonical.encode(carried.answer)
    assert (carried.answer["status"] == "refused") == (not carried.effects)
    assert carried.answer.get("reason", "bad-request") in REASONS
    books = books_after(state, carried)
    for account in books.accounts.values():
        assert all(lot.left > 0 for lot in account.lots)
        assert account.available >= 0
