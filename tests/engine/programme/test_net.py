"""Figures net of refunds: what is refunded of an order is taken off when it was refunded (ruling 16)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.language.catalogue import Catalogue
from engine.language.check import check
from engine.language.parse import parse_rule
from engine.language.wording import sentence
from engine.match import BitmapMatcher, Candidate, Matcher
from engine.state import pack
from engine.values import Number
from tests.support.life import ORDER, Life, Programme, rule

REFUND, CANCELLED = "Order Refunded", "Order Cancelled"


def net(**said: Any) -> dict[str, Any]:
    base = {"type": "history", "measure": "sum", "event": ORDER, "property": "total", "net": True}
    return base | {"op": "gte", "value": 100} | said


def number_of(**said: Any) -> dict[str, Any]:
    return {
        "type": "history",
        "measure": "count",
        "event": ORDER,
        "net": True,
        "op": "gte",
        "value": 1,
    } | said


CNY = {"type": "compare", "fact": "event.currency", "op": "eq", "value": "CNY"}
READS = rule(key="reads", when={"type": "event", "event": "Asked"})
SUM = READS | {"if": {"type": "any", "of": [net(op="is_known", value=None)]}}


class Read(Life):
    """A member of whom figures net of refunds are read whenever it asks."""

    def __init__(
        self, *asked: dict[str, Any], programme: Programme | None = None, member: str = "m1"
    ) -> None:
        super().__init__(
            *([READS | {"if": {"type": "any", "of": list(asked)}}] if asked else []),
            programme=programme,
            member=member,
        )

    def read(self, when: str) -> list[Any]:
        """Return the figures at an instant, in the order of their keys' conditions."""
        decided = self.track(when, "Asked")
        figures = self.programme.index.rules.standing["reads"].rule.figures
        facts = decided.decision.steps[-1].facts
        return [facts[key] for key in figures]

    def buys(self, when: str, order: str | None, total: Any, **said: Any) -> None:
        told: dict[str, Any] = {"order_id": order} if order is not None else {}
        self.track(when, ORDER, total=total, **told, **said)

    def refunds(self, when: str, order: str, total: Any = None, **said: Any) -> None:
        self.track(when, REFUND, order_id=order, **({"total": total} if total is not None else {}), **said)


def test_parts_are_taken_off_as_they_are_refunded() -> None:
    """Part by part, exactly, and never more than the order came to; a refund told twice counts once."""
    life = Read(net(), number_of())
    life.buys("2026-01-01", "o1", "99.90")
    life.buys("2026-01-02", "o2", 50)
    assert [Decimal("149.90"), 2] == life.read("2026-01-03")
    life.refunds("2026-01-04", "o1", "0.90", refund_id="r1")
    life.refunds("2026-01-04", "o1", "0.90", refund_id="r1")
    assert [149, 2] == life.read("2026-01-05")
    life.refunds("2026-01-06", "o1", 500)
    assert [50, 1] == life.read("2026-01-07")
    life.refunds("2026-01-08", "o1", 500)
    assert [50, 1] == life.read("2026-01-09")


@pytest.mark.parametrize("name", [REFUND, CANCELLED])
def test_a_refund_without_an_amount_is_of_the_whole_order(name: str) -> None:
    life = Read(net(), number_of())
    life.buys("2026-01-01", "o1", 80)
    life.refunds("2026-01-02", "o1", 30)
    life.track("2026-01-03", name, order_id="o1")
    assert [0, 0] == life.read("2026-01-04")


def test_figures_are_gross_unless_they_say_net() -> None:
    life = Read(net(net=False), number_of(net=False), net(), number_of())
    life.buys("2026-01-01", "o1", 80)
    life.refunds("2026-01-02", "o1")
    assert [80, 1, 0, 0] == life.read("2026-01-03")


def test_a_refund_of_an_unknown_order_takes_nothing_off() -> None:
    """Neither one whose order never comes, nor one that names none, nor one in another currency."""
    life = Read(net(), number_of())
    life.buys("2026-01-01", "o1", 80, currency="CNY")
    life.buys("2026-01-01", None, 20)
    life.refunds("2026-01-02", "o2", 80)
    life.track("2026-01-02", REFUND, total=20)
    life.refunds("2026-01-02", "o1", 80, currency="USD")
    assert [100, 2] == life.read("2026-01-03")


def test_a_refund_that_came_before_its_order_is_taken_off_when_the_order_comes() -> None:
    """At the refund's own time, up to what the order comes to."""
    life = Read(net(), number_of(), net(within={"days": 10}), number_of(within={"days": 10}))
    life.refunds("2026-01-05", "o1", 30, refund_id="r1")
    life.refunds("2026-01-06", "o1")
    assert [0, 0, 0, 0] == life.read("2026-01-07")
    life.track("2026-01-08", ORDER, occurred="2026-01-01", order_id="o1", total=100)
    assert [0, 0, 0, 0] == life.read("2026-01-09")
    # The order has left the window, its refunds haven't; then the first of them has, too.
    assert [0, 0, -100, -1] == life.read("2026-01-13")
    assert [0, 0, -70, -1] == life.read("2026-01-15 12:00")
    assert [0, 0, 0, 0] == life.read("2026-01-16")
    life.refunds("2026-01-16 12:00", "o1", 30, refund_id="r1")
    assert [0, 0, 0, 0] == life.read("2026-01-17")


def test_a_refund_counts_at_its_own_time_after_its_order_has_left_the_window() -> None:
    life = Read(net(within={"days": 30}), number_of(within={"days": 30}))
    life.buys("2026-01-01", "o1", 100)
    life.buys("2026-02-10", "o2", 70)
    life.refunds("2026-02-15", "o1", 60)
    assert [10, 1] == life.read("2026-02-16")
    life.refunds("2026-02-17", "o1", 40)
    assert [-30, 0] == life.read("2026-02-18")
    # The later order leaves first, then the refunds do.
    assert [-100, -1] == life.read("2026-03-12")
    assert [0, 0] == life.read("2026-03-19")


def test_only_refunds_of_the_orders_that_a_figure_counts_are_taken_off() -> None:
    """An order in another currency stands in the figure of all, and its refund, too."""
    life = Read(net(where=CNY), net(), number_of(where=CNY))
    life.buys("2026-01-01", "o1", 100, currency="CNY")
    life.buys("2026-01-01", "o2", 30, currency="USD")
    life.refunds("2026-01-02", "o2")
    assert [100, 100, 1] == life.read("2026-01-03")


def test_before_this_event_leaves_out_what_this_refund_takes_off() -> None:
    programme = Programme()
    for key, counting in (("with", "with_this_event"), ("before", "before_this_event")):
        said = {"if": net(op="eq", value=100, counting=counting)}
        programme.publish(rule(key=key, when={"type": "event", "event": REFUND}, **said))
    life = Life(programme=programme)
    life.track("2026-01-01", ORDER, order_id="o1", total=100)
    life.track("2026-01-02", REFUND, order_id="o1", total=40)
    assert [("before", "fired", "")] == life.results


def test_a_rule_that_lasts_ends_with_the_refund_and_with_the_clock() -> None:
    """Ruling 10: read again when an order comes, when it is refunded, and when either leaves the window."""
    said = {"if": net(within={"days": 30})}
    life = Life(rule(when={"type": "while"}, then=[{"type": "add_tag", "tag": "good"}], **said))
    life.track("2026-01-01", ORDER, order_id="o1", total=120)
    assert {"good"} == set(life.state.tags)
    life.track("2026-01-10", REFUND, order_id="o1", total="20.01")
    assert not life.state.tags
    life.track("2026-01-20", ORDER, order_id="o2", total=110)
    assert {"good"} == set(life.state.tags)
    life.until("2026-02-20")
    assert [
        ("2026-01-01T00:00:00Z", "add_tag"),
        ("2026-01-10T00:00:00Z", "release_tag"),
        ("2026-01-20T00:00:00Z", "add_tag"),
        ("2026-01-31T00:00:00Z", "release_tag"),
        ("2026-02-09T00:00:00Z", "add_tag"),
        ("2026-02-19T00:00:00Z", "release_tag"),
    ] == [(when, what.split()[0]) for when, what in life.effects if "_tag" in what]
    assert [] == life.replayed().divergences


@pytest.mark.parametrize("order_stays", [True, False])
def test_the_order_under_one_name_and_its_refund_under_the_other(*, order_stays: bool) -> None:
    """Merged, the refund is taken off, also of an order that the member who ends was told of."""
    programme = Programme()
    bought = Read(net(), number_of(), net(within={"days": 30}), programme=programme, member="a")
    refunded = Read(programme=programme, member="b")
    bought.buys("2026-01-01", "o1", 100)
    bought.refunds("2026-01-02", "o1", 10, refund_id="r1")
    refunded.refunds("2026-01-03", "o1", 10, refund_id="r1")
    refunded.refunds("2026-01-04", "o1", 25)
    one, other = (bought, refunded) if order_stays else (refunded, bought)
    one.merge("2026-01-05", other)
    assert [65, 1, 65] == one.read("2026-01-06")
    one.refunds("2026-01-07", "o1")
    assert [0, 0, 0] == one.read("2026-01-08")
    assert [0, 0, -100] == one.read("2026-01-31 12:00")
    assert [0, 0, -90] == one.read("2026-02-01 12:00")
    assert [] == one.replayed().divergences
    assert pack(one.state) == pack(one.replayed().state)


def test_two_members_refunds_wait_for_the_order_together() -> None:
    programme = Programme()
    one = Read(net(), number_of(), programme=programme, member="a")
    other = Read(programme=programme, member="b")
    one.refunds("2026-01-01", "o1", 10, refund_id="r1")
    other.refunds("2026-01-01", "o1", 10, refund_id="r1")
    other.refunds("2026-01-02", "o1", 90, refund_id="r2")
    one.merge("2026-01-03", other)
    one.buys("2026-01-04", "o1", 120)
    assert [20, 1] == one.read("2026-01-05")


def test_a_state_of_before_the_figure_is_built_again_from_the_log() -> None:
    """Ruling 11: published later, the figure knows of the refunds before it, early ones included."""
    life = Life(programme=Programme())
    life.track("2026-01-01", REFUND, order_id="o1", total=30)
    life.track("2026-01-02", ORDER, order_id="o1", total=100)
    life.track("2026-01-03", ORDER, order_id="o2", total=10)
    life.programme.publish(SUM)
    again = life.replayed()
    assert [] == again.divergences
    (key,) = (one.series.key for one in life.programme.index.rules.standing["reads"].rule.figures.values())
    assert 80 == again.state.past[key].total


HAPPENED = st.lists(
    st.tuples(
        st.integers(0, 40),
        st.sampled_from(["order", "refund", "cancel"]),
        st.integers(0, 3),
        st.sampled_from([0, 5, 10, 20, 90, 120]),
        st.integers(0, 1),
    ),
    max_size=14,
)


def by_hand(happened: list[tuple[int, str, int, int, int]], day: int, window: int) -> tuple[Number, int]:
    """Return the sum and the number of orders net of refunds: order by order, from what was told by a day."""
    total, number = 0, 0
    for order in range(4):
        told = [one for one in happened if one[2] == order and one[0] <= day]
        bought = next((one for one in told if one[1] == "order"), None)
        for when, what, _, amount, _ in told:
            inside = day - window < when
            if what == "order" and inside:
                total, number = total + amount, number + 1
        if bought is None:
            continue
        left, whole = bought[3], False
        for when, what, _, amount, _ in told:
            if what == "order" or whole or (what == "refund" and not amount):
                continue
            part = left if what == "cancel" else min(amount, left)
            left -= part
            whole = left == 0
            if day - window < when:
                total, number = total - part, number - whole
    return total, number


def over(happened: list[tuple[int, str, int, int, int]]) -> bool:
    """Return whether more is refunded of an order than it came to: which refund counted is then open."""
    for order in range(4):
        told = [one for one in happened if one[2] == order]
        asked = sum(one[3] for one in told if one[1] == "refund")
        came_to = sum(one[3] for one in told if one[1] == "order")
        if asked > came_to or any(one[1] == "cancel" for one in told):
            return True
    return False


@settings(max_examples=200, deadline=None)
@given(happened=HAPPENED, merged_on=st.integers(0, 45), day=st.integers(0, 60))
def test_it_is_what_one_counts_by_hand_under_one_name_or_two(
    happened: list[tuple[int, str, int, int, int]], merged_on: int, day: int
) -> None:
    """Orders and refunds in any order, some under another name until a merge, read at any day after."""
    orders_seen: set[int] = set()
    happened = sorted(happened)
    happened = [
        one
        for one in happened
        if one[1] != "order" or (one[2] not in orders_seen and not orders_seen.add(one[2]))  # type: ignore[func-returns-value]
    ]
    programme = Programme()
    window = 20
    within = {"days": window}
    asked = (net(), number_of(), net(within=within), number_of(within=within))
    one = Read(*asked, programme=programme, member="a")
    other = Read(programme=programme, member="b")
    end = max(day, merged_on, 40) + 1
    merged = False
    for when, what, order, amount, who in happened:
        if when >= merged_on and not merged:
            one.track(moment(merged_on), "Seen")
            other.track(moment(merged_on), "Seen")
            one.merge(moment(merged_on), other)
            merged = True
        life = other if who and not merged else one
        name = {"order": ORDER, "refund": REFUND, "cancel": CANCELLED}[what]
        told: dict[str, Any] = {} if what == "cancel" else {"total": amount}
        life.track(moment(when), name, order_id=f"o{order}", **told)
    if not merged:
        one.track(moment(max(merged_on, 41)), "Seen")
        other.track(moment(max(merged_on, 41)), "Seen")
        one.merge(moment(max(merged_on, 41)), other)
        end = max(end, 42)
    read = one.read(moment(end))
    assert list(by_hand(happened, end, 1000)) == read[:2]
    if not over(happened):
        assert list(by_hand(happened, end, window)) == read[2:]
    assert [] == one.replayed().divergences


def moment(day: int) -> str:
    return (date(2026, 1, 1) + timedelta(days=day)).isoformat()


@settings(max_examples=100, deadline=None)
@given(
    totals=st.lists(st.integers(0, 5), min_size=1, max_size=5),
    refunded=st.lists(st.integers(0, 5), max_size=5),
    values=st.lists(st.integers(-3, 8), min_size=1, max_size=8),
)
def test_matcher_and_reference_read_the_same(
    totals: list[int], refunded: list[int], values: list[int]
) -> None:
    """Both matchers answer as the reference does, of figures below zero, too."""
    asked = [
        make(op=op, value=value)
        for value in values
        for op in ("gte", "lt", "eq", "ne", "lte", "gt")
        for make in (net, number_of)
    ]
    life = Read(*asked)
    for place, total in enumerate(totals):
        life.buys("2026-01-01", f"o{place}", total)
    for place, total in enumerate(refunded):
        life.refunds("2026-01-02", f"o{place}", total or None)
    facts = life.track("2026-01-03", "Asked").decision.steps[-1].facts
    condition = life.programme.index.rules.standing["reads"].rule.condition
    assert condition is not None
    candidates = [Candidate(str(place), "Asked", node) for place, node in enumerate(condition.of)]  # type: ignore[union-attr]
    for kind in (Matcher, BitmapMatcher):
        differences: list[Any] = []
        matcher = kind(candidates, sample=1, on_difference=lambda *said, to=differences: to.append(said))
        matcher.match("Asked", facts)
        matcher.close()
        assert [] == differences


def test_a_score_by_money_net_of_refunds() -> None:
    """Recency and frequency stay those of the orders; money is what was kept of them."""
    score = {
        "key": "value",
        "name": {"en": "Value", "zh-Hans": "价值"},
        "within": {"days": 30},
        "net": True,
        "recency": {"by": "edges", "edges": ["1", "5", "10", "20"]},
        "frequency": {"by": "edges", "edges": ["2", "3", "4", "5"]},
        "monetary": {"by": "edges", "edges": ["50", "100", "200", "300"]},
    }
    life = Life(programme=Programme({"scores": [score]}))
    life.track("2026-01-01", ORDER, order_id="o1", total=150)
    life.track("2026-01-02", ORDER, order_id="o2", total=150)
    assert (5, 2, 5) == rated(life)
    life.track("2026-01-08", REFUND, order_id="o2")
    assert (3, 2, 3) == rated(life)
    life.until("2026-02-01")
    assert (1, 1, 1) == rated(life)[:3]
    assert [] == life.replayed().divergences


def rated(life: Life) -> tuple[int, int, int]:
    score = life.state.scores["value"]
    return score.recency, score.frequency, score.monetary


@pytest.mark.parametrize(
    "asked",
    [
        net(event=REFUND),
        net(property="tax"),
        number_of(event="Product Viewed"),
        net(measure="last", property=None, value=None, op="is_known"),
    ],
)
def test_only_orders_and_their_totals_can_be_net(asked: dict[str, Any]) -> None:
    said = {key: value for key, value in asked.items() if value is not None}
    found = check(parse_rule(rule(**{"if": said})), Catalogue())
    (one,) = [one for one in found if one.code == "not-refundable"]
    assert ("error", "/if/net") == (one.severity, one.path)


def test_what_can_be_net_has_no_finding_and_a_count_below_zero_is_possible() -> None:
    said = {"type": "all", "of": [net(), number_of(op="lt", value=0)]}
    found = check(parse_rule(rule(**{"if": said})), Catalogue())
    assert [] == [one.code for one in found if one.severity == "error"]


def test_a_score_of_something_else_cannot_be_net() -> None:
    with pytest.raises(ValueError, match="net of refunds"):
        Programme(
            {
                "scores": [
                    {"key": "v", "name": {"en": "V"}, "within": {"days": 1}, "property": "tax", "net": True}
                ]
            }
        )


def test_it_says_so_in_words() -> None:
    document = parse_rule(rule(**{"if": {"type": "all", "of": [net(within={"days": 30}), number_of()]}}))
    assert "net of refunds in the last 30 days" in sentence(document, Catalogue(), "en")
    assert 2 == sentence(document, Catalogue(), "en").count("net of refunds")
    assert 2 == sentence(document, Catalogue(), "zh-Hans").count("（扣除退款）")


def test_what_was_published_before_there_was_a_choice_has_the_digest_it_had() -> None:
    """`net` that isn't said is not in the document, nor in the names of its figures."""
    document = parse_rule(rule(**{"if": net(net=False)}))
    assert "net" not in document.plain()["if"]
