"""Time per event of the matcher and of the reference, in the same run.

    python bench/matching.py [--events 4000] [--rounds 3] [--topics 20] [--rules 10,100,1000]

Rules are conjunctions of 3 to 5 conditions over 14 facts; some hold a pair of
alternatives, a list of tags or a negation. Both matchers must answer alike, or
the run ends. A figure is the median over the rounds, in which they take turns.
"""

import argparse
import random
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from engine.language.operators import OPERATORS, FactType
from engine.language.predicates import Group, Node, Test
from engine.match import Candidate, Matcher, Matching, ReferenceMatcher
from engine.values import MaybeValue

TAGS = [f"tag-{at}" for at in range(30)]
WORDS: dict[str, list[str]] = {
    "member.tier": ["bronze", "silver", "gold", "platinum"],
    "member.city": ["上海", "北京", "深圳", "杭州", "成都", "Paris", "London"],
    "event.channel": ["web", "app", "store", "mini-program"],
    "event.category": [f"category-{at}" for at in range(15)],
}
NUMBERS: dict[str, int] = {
    "event.total": 2_000,
    "event.quantity": 10,
    "member.age": 90,
    "member.points": 50_000,
    "figure.orders_90d": 12,
    "figure.spent_365d": 30_000,
    "figure.days_since": 400,
}
Event = tuple[str, dict[str, MaybeValue]]


def compare(fact: str, fact_type: FactType, operator: str, operand: object) -> Test:
    """Return one comparison."""
    return Test(fact, fact_type, OPERATORS[operator], operand, "")


def condition(choose: random.Random) -> Node:
    """Return one condition of the mix."""
    kind = choose.random()
    if kind < 0.45:
        fact = choose.choice(list(WORDS))
        if choose.random() < 0.25:
            return compare(fact, "text", choose.choice(["in", "not_in"]), choose.sample(WORDS[fact], 2))
        return compare(fact, "text", choose.choice(["eq", "eq", "eq", "ne"]), choose.choice(WORDS[fact]))
    if kind < 0.85:
        fact = choose.choice(list(NUMBERS))
        operator = choose.choice(["gte", "gt", "lt", "lte"])
        return compare(fact, "number", operator, choose.randrange(NUMBERS[fact]))
    if kind < 0.92:
        return compare("member.tags", "list", "has", choose.choice(TAGS))
    if kind < 0.96:
        return Group("not", (condition(choose),), "")
    return compare("member.opted_in", "boolean", "eq", choose.random() < 0.5)


def rule(choose: random.Random) -> Node:
    """Return a conjunction of 3 to 5, one in five with a pair of alternatives."""
    parts = [condition(choose) for _ in range(choose.randint(3, 5))]
    if choose.random() < 0.2:
        parts[-1] = Group("any", (condition(choose), condition(choose)), "")
    return Group("all", tuple(parts), "")


def event(choose: random.Random, topics: int) -> Event:
    """Return an event; one fact in ten is missing."""
    facts: dict[str, MaybeValue] = {fact: choose.choice(some) for fact, some in WORDS.items()}
    facts |= {fact: choose.randrange(most) for fact, most in NUMBERS.items()}
    facts["member.tags"] = [*choose.sample(TAGS, 3)]
    facts["member.opted_in"] = choose.random() < 0.7
    kept = {fact: value for fact, value in facts.items() if choose.random() < 0.9}
    return f"Topic {choose.randrange(topics)}", kept


def microseconds(matcher: Matching, events: list[Event]) -> float:
    """Return the time per event of one pass."""
    start = time.perf_counter()
    for topic, facts in events:
        matcher.match(topic, facts)
    return (time.perf_counter() - start) / len(events) * 1e6


def measure(rules: int, topics: int, events: int, rounds: int) -> str:
    """Return one line of the table."""
    choose = random.Random(rules)  # noqa: S311  a repeatable mix, no secret
    candidates = [Candidate(f"rule-{at}", f"Topic {at % topics}", rule(choose)) for at in range(rules)]
    sent = [event(choose, topics) for _ in range(events)]
    start = time.perf_counter()
    matcher = Matcher(candidates)
    compiled = (time.perf_counter() - start) * 1000
    reference = ReferenceMatcher(candidates)
    hits = 0
    for topic, facts in sent:
        answer = matcher.match(topic, facts)
        assert answer == reference.match(topic, facts)
        hits += len(answer)
    pairs = [(microseconds(matcher, sent), microseconds(reference, sent)) for _ in range(rounds)]
    mine, plain = (statistics.median(column) for column in zip(*pairs, strict=True))
    assert matcher.counters.fallen_back == matcher.counters.rebuilt == 0
    shards = matcher.shards
    matcher.close()
    return (
        f"| {rules} | {topics} | {shards} | {mine:.1f} | {plain:.1f} | {plain / mine:.1f}x"
        f" | {hits / events:.2f} | {compiled:.0f} |"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--topics", type=int, default=20)
    parser.add_argument("--rules", default="10,100,1000")
    asked = parser.parse_args()
    print("| rules | topics | shards | matcher µs | reference µs | ratio | hits/event | compile ms |")
    print("|---|---|---|---|---|---|---|---|")
    for rules in asked.rules.split(","):
        print(measure(int(rules), asked.topics, asked.events, asked.rounds))


if __name__ == "__main__":
    main()
