"""What a back-test supplies: from the log where it can, else from its seed; pots are counted."""

from typing import Any

import pytest

from engine.backtest import Demand, Known, Supply
from engine.decision import Decision, Need, Outcome

BODY = b'{"grants":{"0.spin.0-draw":{"number":"ab","commitment":"c"}}}'


def supply(*, together: bool = True, codes: tuple[str, ...] = (), claimed: set[str] | None = None) -> Supply:
    known = Known(lambda _member, _coupon: [*codes], {"POOL": 2}, lambda name: name)
    made = Supply("seed", known, set() if claimed is None else claimed, together=together)
    made.begin("m1", None)
    return made


def code(name: str = "TEN", *, pool: bool = False) -> Need:
    return Need(key="0.r.code", kind="code", name=name, pool=pool)


def pot(amount: int = 1, limit: int = 3) -> Need:
    return Need(key="0.r.total", kind="total", name="r", limit=limit, amount=amount)


def decision(result: Any = "fired", **grants: Any) -> Decision:
    outcome = Outcome(step=0, rule="r", version=1, result=result)
    said = {f"0.r.{name}": one for name, one in grants.items()}
    return Decision(member="m1", sequence=1, as_of=0, revision=1, gates=(), outcomes=(outcome,), grants=said)


def test_the_codes_that_a_member_really_got_come_first_and_then_those_of_the_seed() -> None:
    one, other = supply(codes=("REAL1", "REAL2")), supply(codes=("REAL1", "REAL2"))
    given = [one(code()) for _ in range(4)]

    assert ["REAL1", "REAL2"] == given[:2]
    assert given == [other(code()) for _ in range(4)]
    assert 4 == len({*given})


def test_a_pot_has_an_end_where_all_are_together_and_is_counted_where_not() -> None:
    together, apart = supply(), supply(together=False)

    assert [True, True, False, True] == [together(pot(amount)) for amount in (1, 1, 2, 1)]
    assert [True] * 4 == [apart(pot()) for _ in range(4)]
    assert (False, True) == (together.demand.binds, apart.demand.binds)


@pytest.mark.parametrize(("result", "left"), [("fired", 2), ("limited", 3)])
def test_what_a_rule_did_not_use_goes_back(result: Any, left: int) -> None:
    made = supply()
    made(pot())
    made.keep(decision(result, total=True))
    made.begin("m2", None)

    assert [True] * left + [False] == [made(pot()) for _ in range(left + 1)]


def test_what_was_given_before_the_range_counts() -> None:
    made = supply()
    made.begin("m1", b'{"grants":{"0.r.total":true}}')
    assert made.recall(pot(2))
    made.keep(decision(total=True), recalled=True)

    assert [True, False] == [made(pot()) for _ in range(2)]


def test_a_claim_is_had_once_and_again_when_it_was_in_vain() -> None:
    made = supply()
    need = Need(key="0.r.once", kind="once", name="order/1")
    assert [True, False] == [made(need), made(need)]
    made.keep(decision("limited", once=True))

    assert made(need)


def test_a_draw_that_was_made_is_kept_and_another_comes_from_the_seed() -> None:
    made = supply()
    need = Need(key="0.spin.0-draw", kind="draw", name="wheel", seed="m1\n1")
    drawn = made(need)
    made.begin("m1", BODY)

    assert supply()(need) == drawn
    assert 64 == len(drawn["number"])
    assert {"number": "ab", "commitment": "c"} == made(need)


def test_imported_codes_run_out() -> None:
    made = supply()

    assert [True, True, False] == [bool(made(code("POOL", pool=True))) for _ in range(3)]


def test_demand_of_several_is_added() -> None:
    whole = Demand(given={"p": 1}, asked={"p": 1}, limits={"p": 5})
    whole.join(Demand(given={"p": 1}, asked={"p": 2}, limits={"p": 5}))
    assert not whole.binds
    whole.join(Demand(asked={"p": 1}, limits={"p": 6}))

    assert whole.binds
