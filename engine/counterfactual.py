"""What would have to be different for a condition to hold: the smallest change to the facts.

A counterfactual explanation (Wachter, Mittelstadt and Russell, 2017): of all facts that
make the condition true, those that differ from what was read in the fewest places, and
there by the least. Each fact stands for itself: that two figures over one series can't
move apart is not known here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import msgspec

from engine.evaluate import evaluate
from engine.language.operators import OPERATORS
from engine.language.predicates import Group, Node, Test
from engine.nearest import Wish, distance, nearest
from engine.values import MAX_INT, MISSING, MaybeValue

MAX_TRIES = 5_000
"""How many ways are tried before the best one so far is given."""

_KNOWN, _HAS = OPERATORS["is_known"], OPERATORS["has"]

_Goal = tuple[Node, bool]


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One fact that would have to be different.

    Attributes:
        fact: Fact key.
        before: What was read; MISSING when nobody has told it.
        after: What would have to be read; MISSING when it must not be known.
        wishes: JSON pointers of the conditions it is for, and whether each is to hold.
    """

    fact: str
    before: MaybeValue
    after: MaybeValue
    wishes: tuple[tuple[str, bool], ...]


class Counterfactual(msgspec.Struct, frozen=True, kw_only=True):
    """The smallest change that was found.

    Attributes:
        changes: What would have to be different, by fact; empty if the condition holds as it is.
        proven: Whether nothing smaller exists; False when there were too many ways to try them all.
    """

    changes: tuple[Change, ...]
    proven: bool


def smallest_change(node: Node | None, facts: Mapping[str, MaybeValue]) -> Counterfactual | None:
    """Return what would have to be different for a condition to hold, or None if nothing was found.

    A change of one fact counts one, of a list one for each element that comes or goes.

    Args:
        node: The compiled condition.
        facts: What was read, by fact key; a key that isn't there is a missing fact.
    """
    if node is None or evaluate(node, facts):
        return Counterfactual(changes=(), proven=True)
    search = _Search(facts)
    found = search.best([(by_elements(node), True)], {})
    if found is None:
        return None
    changes = tuple(
        Change(fact=fact, before=facts.get(fact, MISSING), after=after, wishes=_wished(found.wishes[fact]))
        for fact, after in sorted(found.values.items())
        if distance(facts.get(fact, MISSING), after)
    )
    return Counterfactual(changes=changes, proven=search.tries_left > 0)


def changed_facts(facts: Mapping[str, MaybeValue], changes: Iterable[Change]) -> dict[str, MaybeValue]:
    """Return facts with some of them changed."""
    return {**facts, **{one.fact: one.after for one in changes}}


def _wished(wishes: Sequence[Wish]) -> tuple[tuple[str, bool], ...]:
    return tuple(dict.fromkeys((wish.test.path, wish.wanted) for wish in wishes))


def by_elements(node: Node) -> Node:
    """Return a condition that asks of lists only whether they are known and have one element each.

    It is true of the same facts.
    """
    if isinstance(node, Group):
        return replace(node, of=tuple(by_elements(part) for part in node.of))
    if node.fact_type != "list" or node.operator.name in {"has", "is_known", "is_missing"}:
        return node
    wanted = node.operand if isinstance(node.operand, list) else [node.operand]
    each = tuple(replace(node, operator=_HAS, operand=one) for one in wanted)
    if node.operator.name == "has_any":
        return Group("any", each, node.path)
    if node.operator.name == "has_all":
        return Group("all", each, node.path)
    known = replace(node, operator=_KNOWN, operand=None)
    return Group("all", (known, Group("not", each, node.path)), node.path)


class _Found(msgspec.Struct, frozen=True):
    cost: int
    values: dict[str, MaybeValue]
    wishes: dict[str, tuple[Wish, ...]]


class _Search:
    """Branch and bound over the ways in which a condition can come true.

    What must hold whatever way is taken narrows each fact at once; where one of several parts
    is enough, each is tried. A way is given up once it costs as much as the best one so far, and
    parts that share no fact are searched one by one.
    """

    def __init__(self, facts: Mapping[str, MaybeValue]) -> None:
        self._facts = facts
        self.tries_left = MAX_TRIES

    def best(
        self, goals: Sequence[_Goal], wishes: Mapping[str, tuple[Wish, ...]], below: int = MAX_INT
    ) -> _Found | None:
        """Return the cheapest way to reach goals on top of wishes, if it costs less than a bound."""
        narrowed = self._narrowed(goals, wishes)
        if narrowed is None:
            return None
        found, choices = narrowed
        for together in _sharing(choices):
            if found.cost >= below:
                return None
            more = self._chosen(together, found, below)
            if more is None:
                return None
            found = more
        return found if found.cost < below else None

    def _narrowed(
        self, goals: Sequence[_Goal], wishes: Mapping[str, tuple[Wish, ...]]
    ) -> tuple[_Found, list[Group]] | None:
        """Return what must hold whatever way is taken, and the choices that are left."""
        held, choices, open_goals = dict(wishes), list[Group](), list(goals)
        while open_goals:
            node, wanted = open_goals.pop()
            if isinstance(node, Test):
                held[node.fact] = (*held.get(node.fact, ()), Wish(node, wanted))
            elif wanted == (node.kind != "any"):  # every part counts: true of `all`, false of the others
                open_goals.extend((part, node.kind == "all") for part in node.of)
            else:
                choices.append(node)
        found = self._costing(held)
        return None if found is None else (found, choices)

    def _costing(self, held: dict[str, tuple[Wish, ...]]) -> _Found | None:
        cost, values = 0, dict[str, MaybeValue]()
        for fact, wished in held.items():
            before = self._facts.get(fact, MISSING)
            after = nearest(before, wished)
            if after is None:
                return None
            values[fact] = after
            cost += distance(before, after)
        return _Found(cost, values, held)

    def _chosen(self, choices: Sequence[Group], held: _Found, below: int) -> _Found | None:
        """Return the cheapest way to make the first of some choices come out as needed, and the others."""
        first, others = choices[0], [(one, one.kind == "any") for one in choices[1:]]
        wanted = first.kind != "all"
        best: _Found | None = None
        for part in sorted(first.of, key=lambda one: evaluate(one, self._facts) != wanted):
            if self.tries_left <= 0 and best is not None:
                break
            self.tries_left -= 1
            found = self.best([(part, wanted), *others], held.wishes, below if best is None else best.cost)
            best = found or best
            if best is not None and best.cost == held.cost:
                break
        return best


def _sharing(choices: Sequence[Group]) -> list[list[Group]]:
    """Return choices in groups, so that no fact is read in two of them."""
    groups: list[tuple[frozenset[str], list[Group]]] = []
    for choice in choices:
        read, together = _read(choice), [choice]
        apart: list[tuple[frozenset[str], list[Group]]] = []
        for facts, others in groups:
            if facts.isdisjoint(read):
                apart.append((facts, others))
            else:
                read, together = read | facts, others + together
        groups = [*apart, (read, together)]
    return [together for _, together in groups]


def _read(node: Node) -> frozenset[str]:
    if isinstance(node, Test):
        return frozenset((node.fact,))
    return frozenset[str]().union(*(_read(part) for part in node.of))
