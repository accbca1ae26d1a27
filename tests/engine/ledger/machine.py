"""Random lives of three members, operation by operation."""

from typing import Literal

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from tests.engine.ledger.model import DAY
from tests.engine.ledger.side_by_side import SideBySide

# Narrow choices, so that lives cross: the same unit mostly, the same orders, the same few days.
units = st.sampled_from(("points", "points", "points", "visits"))
whom = st.sampled_from((0, 0, 0, 1, 1, 2))
recent = st.integers(1, 4)
maybe_recent = st.integers(0, 4)
amounts = st.integers(1, 40)
burnt = st.sampled_from((3, 10, 20, 1_000, 1_000))
delays = st.sampled_from((None, None, 1, 5))
ends = st.sampled_from((None, None, 5, 20, 20, 40))
waits = st.sampled_from((1, 5, 20, 30))
totals = st.sampled_from(("100", "100", "33.33", "33.33", "7", "0"))
refunds = st.sampled_from((None, None, "1", "10", "11.11", "33.33", "0.01", "50", "200", "0", "-5"))
currencies = st.sampled_from(("", "CNY", "CNY", "CNY", "USD"))
names = st.sampled_from(("", "", "r1", "r2", "r3"))
flags = st.booleans()


class Ledger(RuleBasedStateMachine):
    """What can happen to members, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.life = SideBySide()

    def member(self, place: int) -> str:
        return self.life.members[place % len(self.life.members)]

    def order(self, recent: int) -> str:
        """Return one of a few order numbers, the same for all members, that slowly change; 0 is none."""
        return f"o{self.life.effects // 40 + recent}" if recent else ""

    def most(self, member: str, unit: str, amount: int) -> int:
        return min(amount, self.life.available(member, unit))

    @rule(who=whom, unit=units, amount=amounts, order=maybe_recent, delay=delays, ends=ends)
    def earn(self, who: int, unit: str, amount: int, order: int, delay: int | None, ends: int | None) -> None:
        self.life.award(self.member(who), unit, amount, self.order(order), delay, ends)

    @rule(who=whom, unit=units, more=st.integers(-2, 2))
    def earn_what_cannot_be(self, who: int, unit: str, more: int) -> None:
        member = self.member(who)
        bound = 2**53 - self.life.model.earned[member, unit]
        self.life.award(member, unit, bound + more if more > 0 else more, "", None, None)

    @rule(who=whom, unit=units, amount=amounts, total=totals, order=recent, ends=ends)
    def buy(self, who: int, unit: str, amount: int, total: str, order: int, ends: int | None) -> None:
        """Complete an order that earns something, as most do."""
        member, key = self.member(who), self.order(order)
        self.life.complete(member, key, total, "CNY", forgive=False)
        self.life.award(member, unit, amount, key, None, ends)

    @rule(who=whom, unit=units, amount=burnt, order=maybe_recent)
    def burn(self, who: int, unit: str, amount: int, order: int) -> None:
        member = self.member(who)
        self.life.spend(member, unit, self.most(member, unit, amount), self.order(order))

    @rule(who=whom, unit=units, excess=st.integers(1, 3))
    def burn_too_much(self, who: int, unit: str, excess: int) -> None:
        member = self.member(who)
        self.life.spend(member, unit, self.life.available(member, unit) + excess, "")

    @rule(
        who=whom, unit=units, amount=amounts, order=recent, ends=ends, burnt=burnt, refund=refunds,
        forgive=flags,
    )  # fmt: skip
    def buy_burn_and_return(
        self, who: int, unit: str, amount: int, order: int, ends: int | None, burnt: int,
        refund: str | None, *, forgive: bool,
    ) -> None:  # fmt: skip
        """Spend on one order what another earned, and send that one back."""
        member, key = self.member(who), self.order(order)
        self.life.complete(member, key, "33.33", "CNY", forgive=forgive)
        self.life.award(member, unit, amount, key, None, ends)
        self.life.spend(member, unit, self.most(member, unit, burnt), self.order(order + 1))
        self.life.refund(member, key, refund, "", "", forgive=forgive)

    @rule(
        who=whom, earned=amounts, wanted=st.lists(st.tuples(units, burnt), max_size=2), order=maybe_recent,
        lasts=st.sampled_from((1, 20, 60, 60)),
    )  # fmt: skip
    def earn_and_hold(
        self, who: int, earned: int, wanted: list[tuple[str, int]], order: int, lasts: int
    ) -> None:
        """Set aside what there is; of two wishes for the same, the second may be refused."""
        member, key = self.member(who), f"h{self.life.effects % 7}"
        self.life.award(member, "points", earned, self.order(order), None, 20)
        asked = [(unit, self.most(member, unit, amount) or 1) for unit, amount in wanted]
        self.life.hold(member, key, asked, self.order(order + 1), self.life.now + lasts * DAY)

    @rule(who=whom, unit=units, amount=burnt, waits=st.tuples(waits, waits), forgive=flags)
    def burn_and_return_late(
        self, who: int, unit: str, amount: int, waits: tuple[int, int], *, forgive: bool
    ) -> None:
        """Spend on an order that comes back in two halves, each when some lots may have ended."""
        member, key = self.member(who), f"late{self.life.effects}"
        self.life.complete(member, key, "100", "CNY", forgive=forgive)
        self.life.spend(member, unit, self.most(member, unit, amount), key)
        for wait in waits:
            self.life.now += wait * DAY
            self.life.refund(member, key, "50", "CNY", "", forgive=forgive)

    @precondition(lambda self: self.life.model.holds)
    @rule(place=st.integers(0, 5), how=st.sampled_from(("confirm", "release")))
    def close(self, place: int, how: Literal["confirm", "release"]) -> None:
        keys = sorted(self.life.model.holds)
        self.life.close(*keys[place % len(keys)], how)

    @rule(after=waits)
    def wait(self, after: int) -> None:
        """Time passes; what is held too long is released."""
        self.life.now += after * DAY
        self.life.time_out()

    @rule(unit=units)
    def activate(self, unit: str) -> None:
        for member in self.life.members:
            self.life.activate(member, unit)

    @rule(unit=units)
    def expire(self, unit: str) -> None:
        for member in self.life.members:
            self.life.expire(member, unit)

    @rule(who=whom, order=recent, total=totals, currency=currencies, forgive=flags)
    def order_comes(self, who: int, order: int, total: str, currency: str, *, forgive: bool) -> None:
        """Hear of an order, perhaps after its refunds, perhaps again."""
        self.life.complete(self.member(who), self.order(order), total, currency, forgive=forgive)

    @rule(who=whom, order=recent, amount=refunds, currency=currencies, name=names, forgive=flags)
    def refund_comes(
        self, who: int, order: int, amount: str | None, currency: str, name: str, *, forgive: bool
    ) -> None:
        """Hear of a refund: partial, whole, too much, repeated, or of an order nobody knows."""
        self.life.refund(self.member(who), self.order(order), amount, currency, name, forgive=forgive)

    @rule(who=whom, other=whom, amount=amounts, refund=refunds, forgive=flags)
    def two_hear_of_one_order(
        self, who: int, other: int, amount: int, refund: str | None, *, forgive: bool
    ) -> None:
        """One order and its refund are told under two members, who may turn out to be one."""
        key = f"both{self.life.effects}"
        for place in (who, other):
            member = self.member(place)
            self.life.complete(member, key, "100", "CNY", forgive=forgive)
            self.life.award(member, "points", amount, key, None, None)
            self.life.refund(member, key, refund, "CNY", "r1", forgive=forgive)

    @precondition(lambda self: self.life.effects > 30 * (4 - len(self.life.members)))
    @rule(who=whom, other=st.sampled_from((1, 2)), owing=flags)
    def merge(self, who: int, other: int, *, owing: bool) -> None:
        member, ends = self.member(who), self.member(who + other)
        if owing:
            self.buy_burn_and_return(who + other, "points", 40, 1, None, 1_000, None, forgive=False)
        if member != ends:
            self.life.merge(member, ends)


def size(examples: int, steps: int = 50) -> settings:
    """Return settings for a run of so many lives, the same each time."""
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        phases=[Phase.generate],
    )
