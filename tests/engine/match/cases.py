"""Rule sets and facts for the comparison of matcher and reference."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from hypothesis import strategies as st

from engine.language.operators import OPERATORS, FactType, Operator
from engine.language.predicates import Group, Node, Test
from engine.match import Candidate
from engine.values import MISSING, MaybeValue, Number

TEXTS: Final[list[str]] = [
    "",
    "a",
    "ab",
    "abc d",
    "abc",
    "中",
    "中文",
    "文",
    'q"q',
    '"',
    "b\\s",
    "\\",
    "😀",
    "\n",
    "5",
    "true",
    "f0",
]
NUMBERS: Final[list[Number]] = [
    0, 1, -1, 4, 5, 6, 100, 2**53, 2**53 - 1, -(2**53), 1_700_000_000_000_000,
    Decimal("5.5"), Decimal("0.1"), Decimal("-0.1"), Decimal("1E-30"), Decimal("9007199254740991.5"),
]  # fmt: skip
WIDER: Final[list[Number]] = [
    *NUMBERS,
    2**53 + 1,
    2**63,
    2**64,
    -(2**70),
    Decimal("5.0"),
    Decimal("1E+20"),
    Decimal("5.49999"),
]
FACTS: Final[list[tuple[str, FactType]]] = [
    ("event.t", "text"), ("event.u", "text"), ("event.n", "number"), ("event.m", "number"),
    ("figure.i", "instant"), ("member.b", "boolean"), ("member.l", "list"),
    ("event.both", "text"), ("event.both", "number"), ("event.both", "list"),
]  # fmt: skip
LISTS: Final[list[MaybeValue]] = [
    [],
    ["a"],
    ["a", "中"],
    ["", "ab", "a"],
    ["😀", 5, True],
    [Decimal("5.5")],
    ["5"],
]
ANYTHING: Final[list[MaybeValue]] = [MISSING, True, False, *TEXTS, *WIDER, *LISTS]


@dataclass(frozen=True)
class Case:
    """A rule set, the facts it is asked of, and how many pairs that makes."""

    candidates: list[Candidate]
    facts: list[dict[str, MaybeValue]]

    @property
    def pairs(self) -> int:
        return len(self.candidates) * len(self.facts)


def compare(fact: str, fact_type: FactType, operator: str, operand: object = None) -> Test:
    """Build one comparison."""
    return Test(fact, fact_type, OPERATORS[operator], operand, "/if")


def all_of(*parts: Node) -> Group:
    return Group("all", parts, "/if")


def any_of(*parts: Node) -> Group:
    return Group("any", parts, "/if")


def none_of(*parts: Node) -> Group:
    return Group("not", parts, "/if")


def rules(*conditions: Node | None, topic: str = "Order Completed") -> list[Candidate]:
    """Make one rule of each condition."""
    return [Candidate(f"rule-{at}", topic, condition) for at, condition in enumerate(conditions)]


def pool(fact_type: FactType) -> list[Any]:
    """Return operands of a type."""
    if fact_type == "boolean":
        return [True, False]
    return list(TEXTS) if fact_type in {"text", "list"} else list(NUMBERS)


def _operands(operator: Operator, fact_type: FactType) -> st.SearchStrategy[Any]:
    one = st.sampled_from(pool(fact_type))
    if operator.operand == "none":
        return st.none()
    if operator.operand == "pair":
        return st.lists(one, min_size=2, max_size=2)
    return st.lists(one, min_size=1, max_size=5) if operator.operand == "many" else one


def _asking(fact: str, fact_type: FactType) -> st.SearchStrategy[Node]:
    rows = [row for row in OPERATORS.values() if fact_type in row.types]
    return st.sampled_from(rows).flatmap(
        lambda row: _operands(row, fact_type).map(lambda operand: Test(fact, fact_type, row, operand, "/if"))
    )


def _grouped(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    kinds = st.sampled_from(["all", "any", "not"])
    return st.builds(Group, kinds, st.lists(parts, max_size=5).map(tuple), st.just("/if"))


TESTS: Final[st.SearchStrategy[Node]] = st.sampled_from(FACTS).flatmap(lambda one: _asking(*one))
CONDITIONS: Final[st.SearchStrategy[Node]] = st.recursive(TESTS, _grouped, max_leaves=12)
TOPICS: Final = st.sampled_from(["Order Completed", "Product Viewed", "会员 “升级”"])
CANDIDATES: Final = st.lists(
    st.builds(Candidate, st.just("rule"), TOPICS, st.one_of(CONDITIONS, CONDITIONS, CONDITIONS, st.none())),
    min_size=1,
    max_size=12,
)


def mixed(seed: int, count: int) -> list[dict[str, MaybeValue]]:
    """Return facts mixed from the values above: mostly of the declared type, some missing, some not."""
    choose = random.Random(seed)  # noqa: S311  values to try, no secret
    return [
        {
            fact: choose.choice(_plausible(fact_type) if choose.random() < 0.8 else ANYTHING)
            for fact, fact_type in FACTS
            if choose.random() < 0.85
        }
        for _ in range(count)
    ]


def _plausible(fact_type: FactType) -> Sequence[MaybeValue]:
    if fact_type == "list":
        return LISTS
    return pool(fact_type) if fact_type in {"text", "boolean"} else WIDER


CASES: Final = st.builds(
    Case,
    CANDIDATES,
    st.integers(min_value=0, max_value=2**32).map(lambda seed: mixed(seed, 48)),
)


def with_operator(node: Node | None, row: Operator) -> Node | None:
    """Return a condition that reads one operator of the table differently."""
    if isinstance(node, Test):
        return replace(node, operator=row) if node.operator.name == row.name else node
    if node is None:
        return None
    parts = tuple(part for one in node.of if (part := with_operator(one, row)) is not None)
    return Group(node.kind, parts, node.path)
