"""The best coupons for an order, beside a search that tries everything; coupons that are always beaten."""

from itertools import combinations, permutations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.language.benefits import CouponDefinition
from engine.programme.beaten import always_beaten
from engine.programme.coupons import discount
from engine.programme.reasons import Refused
from engine.programme.together import Usable, best, together
from engine.state import Coupon
from tests.engine.programme.shop import NOW, basket, defined

PACK = [
    defined("at-least-148", "amount", "20", minimum_spend="148"),
    defined("over-178", "amount", "30", minimum_spend="178", above=True),
    defined("over-150", "amount", "100", minimum_spend="150", above=True),
]
COUPONS = st.lists(
    st.tuples(
        st.sampled_from([None, "a", "b"]),
        st.booleans(),
        st.integers(0, 60),
        st.sampled_from([None, 1, 2]),
    ),
    max_size=8,
)


def usable(made: list[tuple[str | None, bool, int, int | None]]) -> list[Usable]:
    return [
        Usable(f"{at:02}", defined("k", "amount", "1", group=group, with_others=others), minor, end)
        for at, (group, others, minor, end) in enumerate(made)
    ]


def brute(coupons: list[Usable], total: int) -> list[Usable]:
    """Return the best combination by trying every one, as the rule is written for people."""

    def allowed(many: tuple[Usable, ...]) -> bool:
        groups = [one.definition.group for one in many if one.definition.group is not None]
        alone = len(many) > 1 and not all(one.definition.with_others for one in many)
        return not alone and len(groups) == len(set(groups))

    def rank(many: tuple[Usable, ...]) -> Any:
        ends = sorted((one.expires_at or 10**9, one.code) for one in many)
        return -min(total, sum(one.minor for one in many)), len(many), ends

    gaining = [one for one in coupons if one.minor]
    tried: list[tuple[Usable, ...]] = [
        many for size in range(len(gaining) + 1) for many in combinations(gaining, size) if allowed(many)
    ]
    chosen: tuple[Usable, ...] = min(tried, key=rank)
    return list(chosen)


@given(COUPONS, st.integers(0, 150), st.randoms())
def test_the_best_is_what_trying_everything_finds(made: Any, total: int, shuffled: Any) -> None:
    coupons = usable(made)
    expected = brute(coupons, total)
    shuffled.shuffle(coupons)
    found = best(coupons, total)
    assert sorted(found.coupons, key=lambda one: one.code) == expected
    assert found.minor == min(total, sum(one.minor for one in expected))
    assert found.exact


@settings(max_examples=20)
@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "b", "c"]), st.booleans(), st.integers(1, 60), st.none()),
        min_size=13,
        max_size=13,
    ),
    st.integers(0, 200),
)
def test_of_many_coupons_the_discount_is_still_the_largest(made: Any, total: int) -> None:
    coupons = usable(made)
    found = best(coupons, total)
    assert not found.exact
    assert found.minor == min(total, sum(one.minor for one in brute(coupons, total)))
    assert all(together(one.definition, other.definition) for one, other in combinations(found.coupons, 2))


def test_the_pack_of_a_new_member() -> None:
    """The till picks the best of the pack, and the one that is never any use is named."""
    expected = {"147.99": 0, "148": 2000, "150": 2000, "150.01": 10_000, "178.01": 10_000}
    for total, minor in expected.items():
        order = basket(total)
        worth = [discount(one, Coupon(one.key, NOW), order, NOW) for one in PACK]
        offered = [
            Usable(one.key, one, int(amount * 100), None)
            for one, amount in zip(PACK, worth, strict=True)
            if not isinstance(amount, Refused)
        ]
        assert best(offered, order.minor_total).minor == minor
    assert [(one.key, other.key) for one, other in always_beaten(PACK)] == [("over-178", "over-150")]


def test_what_beats_a_coupon() -> None:
    five, ten = defined("5", "amount", "5"), defined("10", "amount", "10")

    def beaten(*many: CouponDefinition) -> list[tuple[str, str]]:
        return [(one.key, other.key) for one, other in always_beaten(many)]

    assert beaten(five, ten) == [("5", "10")]
    assert beaten(five, defined("same", "amount", "5")) == [("same", "5")]
    assert beaten(five, defined("b", "amount", "10", minimum_spend="1")) == []
    assert beaten(five, defined("b", "amount", "10", products=["tea"])) == []
    assert beaten(five, defined("b", "amount", "10", currency="USD")) == []
    assert beaten(five, defined("b", "amount", "10", valid_days=30)) == []
    assert beaten(defined("a", "amount", "5", with_others=True), ten) == []
    assert beaten(*(defined(key, "amount", key, with_others=True) for key in ("5", "10"))) == []
    assert beaten(*(defined(key, "amount", key, with_others=True, group="g") for key in ("5", "10"))) == [
        ("5", "10")
    ]
    assert beaten(defined("a", "amount", "5", minimum_spend="50"), defined("b", "percent", "10")) == [
        ("a", "b")
    ]
    assert beaten(defined("a", "amount", "5", minimum_spend="49.99"), defined("b", "percent", "10")) == []
    assert beaten(defined("a", "percent", "20", at_most="5"), ten) == [("a", "10")]
    assert beaten(defined("a", "gift"), defined("b", "gift"), ten) == []
    strict = defined("a", "amount", "5", minimum_spend="50", above=True)
    assert beaten(defined("b", "amount", "4", minimum_spend="50"), strict) == []
    capped = defined("b", "percent", "50", at_most="5")
    assert beaten(defined("a", "percent", "20", currency="CNY"), capped) == []
    tea = defined("b", "percent", "10", products=["tea"])
    assert beaten(defined("a", "amount", "5", minimum_spend="50", products=["tea"]), tea) == []
    assert beaten(defined("b", "amount", "5", minimum_spend="50"), strict) == [("a", "b")]


DEFINED = st.builds(
    lambda kind, value, minimum, above, cap, product, others, group: defined(
        "c",
        kind,
        str(value),
        minimum_spend=minimum,
        above=above,
        at_most=cap,
        products=product,
        with_others=others,
        group=group,
    ),
    st.sampled_from(["percent", "amount", "price", "second_item"]),
    st.sampled_from([0, 5, 10, 50, 100]),
    st.sampled_from([None, "10", "50"]),
    st.booleans(),
    st.sampled_from([None, "5", "10"]),
    st.sampled_from([[], ["a"], ["a", "b"]]),
    st.booleans(),
    st.sampled_from([None, "g"]),
)


@given(
    DEFINED,
    DEFINED,
    st.lists(
        st.tuples(st.integers(0, 12_000), st.integers(0, 3), st.integers(0, 2), st.integers(0, 6000)),
        min_size=1,
        max_size=8,
    ),
)
def test_what_is_called_beaten_never_takes_off_more(
    one: CouponDefinition, other: CouponDefinition, orders: list[tuple[int, int, int, int]]
) -> None:
    for beaten, better in (pair for order in permutations((one, other)) for pair in always_beaten(order)):
        for total, many, few, price in orders:
            lines = [("a", "", many, f"{price / 100:.2f}"), ("b", "", few, "12.34")]
            order = basket(f"{total / 100:.2f}", *(line for line in lines if line[2]))
            less = discount(beaten, Coupon("c", NOW), order, NOW)
            if not isinstance(less, Refused):
                more = discount(better, Coupon("c", NOW), order, NOW)
                assert not isinstance(more, Refused)
                assert more >= less
