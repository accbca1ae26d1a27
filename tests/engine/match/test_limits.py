"""The limits of durable-rules are kept, for any message there could be."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from engine.language.predicates import Node
from engine.match import Candidate, Matcher, ReferenceMatcher, atoms, shards
from engine.match.atoms import Atom, fnv, property_names
from engine.match.network import MESSAGE, Network, NetworkFailed
from engine.match.normal import MAX_CLAUSES, clauses
from engine.values import MaybeValue
from tests.engine.match.cases import all_of, any_of, compare, none_of, rules

pytest.importorskip("durable_rules_engine", exc_type=ImportError)

TOPIC = "Order Completed"


def check(candidates: list[Candidate], facts: Sequence[dict[str, MaybeValue]]) -> Matcher:
    """Compare with the reference, on the network alone; the matcher is returned closed."""
    matcher, plain = Matcher(candidates), ReferenceMatcher(candidates)
    for one in facts:
        assert plain.match(TOPIC, one) == matcher.match(TOPIC, one)
    assert matcher.counters.rebuilt == matcher.counters.fallen_back == 0, matcher.counters.last_error
    matcher.close()
    return matcher


def numbers(*values: int) -> list[dict[str, MaybeValue]]:
    known: list[dict[str, MaybeValue]] = [{"n": value} for value in values]
    return [{}, *known]


def test_130_inequalities_of_one_fact() -> None:
    """All can hold at once; the extension's stack takes 64."""
    matcher = check(
        rules(*(compare("n", "number", "gte", at) for at in range(130))), numbers(-1, 0, 64, 129, 130)
    )

    assert 3 == matcher.shards


def test_the_stack_limit_is_real() -> None:
    """What a network refuses at run time is what the bound leaves out."""
    ranges = [(Atom(0, ">=", at),) for at in range(65)]
    network = Network(ranges, {0: "f0"})

    assert 65 == shards.pending(ranges)
    with pytest.raises(NetworkFailed, match="303"):
        network.fired(MESSAGE + ',"f0":64}')
    network.close()


def test_a_deep_tree_is_bounded_by_what_stays_below() -> None:
    """40 ranges, each with 40 below it: 79 can be pending, so they don't fit."""
    deep = [(Atom(0, ">=", left), Atom(1, ">=", right)) for left in range(40) for right in range(40)]

    assert 79 == shards.pending(deep)
    assert all(shards.pending(part) <= shards.MAX_PENDING for part in shards.split(deep))
    assert deep == [clause for part in shards.split(deep) for clause in part]


def test_600_literals() -> None:
    """Equality siblings of one fact count once."""
    texts = [f"文本-{at}" for at in range(600)]
    facts: list[dict[str, MaybeValue]] = [{"t": text} for text in [*texts[::7], "", "文本"]]
    matcher = check(rules(*(compare("t", "text", "eq", text) for text in texts)), facts)

    assert 5 == matcher.shards  # 600 / 128


def test_600_unequal_literals() -> None:
    """A negated equality holds of nearly every value, so nearly all siblings pend at once."""
    conditions = [none_of(compare("n", "number", "eq", at)) for at in range(600)]

    check(rules(*conditions), numbers(-1, 0, 300, 599, 600))


def test_300_rules_with_one_condition() -> None:
    """256 rules that end in one condition crash the extension; here they are one clause."""
    candidates = rules(*(all_of(compare("n", "number", "gte", 5), compare("t", "text", "eq", "中")),) * 300)
    matcher = check(candidates, [{}, {"n": 5, "t": "中"}, {"n": 4, "t": "中"}])

    assert 1 == matcher.shards


def test_clauses_do_not_explode() -> None:
    """3^8 clauses become 32 at most; what is too wide is answered whole."""
    wide = all_of(
        *(any_of(*(compare(f"n{at}", "number", "eq", value) for value in range(3))) for at in range(8))
    )
    facts: list[dict[str, MaybeValue]] = [{f"n{at}": step for at in range(8)} for step in range(4)]

    assert len(clauses(wide)) <= MAX_CLAUSES
    long = any_of(*(compare("n0", "number", "eq", at) for at in range(200)))
    assert 1 == len(clauses(long))
    check(rules(wide, none_of(wide), long, none_of(long)), facts)


def test_200_conditions_of_different_facts() -> None:
    """A message can't hold them all beside those of other rules."""
    parts: list[Node] = [compare(f"n{at}", "number", "gte", 1) for at in range(200)]
    facts: dict[str, MaybeValue] = {f"n{at}": 1 for at in range(200)}

    assert 1 == len(clauses(all_of(*parts))[0])
    check(rules(all_of(*parts), *parts), [facts, facts | {"n7": 0}, {}])


def test_more_properties_than_a_message_may_have() -> None:
    """50 rules that share an equality, each with 6 facts of its own: the extension refuses 254."""
    conditions = [
        all_of(
            compare("t", "text", "eq", "a"),
            *(compare(f"n{at}.{one}", "number", "gte", at) for one in range(6)),
        )
        for at in range(50)
    ]
    facts: dict[str, MaybeValue] = {"t": "a"}
    facts |= {f"n{at}.{one}": at for at in range(50) for one in range(6)}

    assert 2 == check(rules(*conditions), [facts, facts | {"t": "b"}, facts | {"n3.3": 2}]).shards


def test_a_contradiction_is_never_compiled() -> None:
    test = compare("n", "number", "gte", 5)

    assert () == clauses(all_of(test, none_of(test)))
    assert () == clauses(any_of())
    assert ((),) == clauses(None)


def test_property_names_are_told_apart_by_the_hash_of_the_extension(monkeypatch: pytest.MonkeyPatch) -> None:
    """It compares nothing but FNV-1a-32, under which these English words are the same."""
    assert 926_444_256 == fnv("id")  # HASH_ID in the extension's state.h
    assert 3_593_476_751 == fnv("sid")
    assert fnv("costarring") == fnv("liquid")
    names = property_names(2_000)
    assert 2_000 == len({fnv(name) for name in [*names, *atoms.RESERVED]}) - len(atoms.RESERVED)

    colliding = {"f1": "f0", "f3": "type"}

    def poor(name: str) -> int:
        return fnv(colliding.get(name, name))

    monkeypatch.setattr(atoms, "fnv", poor)

    assert ["f0", "f2", "f4"] == property_names(3)


def test_no_memory_is_lost_over_300_matchers() -> None:
    """A ruleset whose state isn't deleted loses 0.3 MB each time."""
    candidates = rules(*(compare("n", "number", "gte", at) for at in range(20)))
    sizes = []
    for cycle in range(300):
        matcher = Matcher(candidates)
        matcher.match(TOPIC, {"n": 10})
        matcher.close()
        if cycle % 100 == 99:
            sizes.append(int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096)

    assert sizes[-1] - sizes[0] < 4_000_000
