"""Matching alone: which rules are true of an event's facts, by our matchers and by others' engines.

    python -m bench.matching [--rules 10,100,1000,5000] [--events 4000] [--runs 5] [--seconds 5]

The rules are those of the other benches, over 20 kinds of events, without absences; facts and figures of
the history are drawn. Every engine gets its rules grouped by kind of event, and its facts in its own
form. All must answer as the reference does, or the run ends. They take turns; one that is slow stops
after its seconds, and is judged by the events it has managed. Ours are durable-rules, the index in plain
Python, and the reference; zen-engine stands in requirements-bench.txt, and json-rules-engine runs in Node
(`npm ci --prefix bench/peers`). What isn't installed is named and left out.
"""

import argparse
import importlib.util
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any, Final, NamedTuple, Protocol

import orjson

from bench import workload
from bench.figures import numbers, ratio, show, spread
from bench.peers.conditions import Names, for_node
from bench.peers.zen_table import ZenTables
from engine.language.catalogue import Catalogue
from engine.language.compiled import CompiledRule, compile_rule
from engine.language.definitions import Definitions
from engine.language.parse import parse_rule
from engine.match import BitmapMatcher, Candidate, Matcher, ReferenceMatcher, is_available
from engine.values import MaybeValue, read_decimal

PEERS: Final = Path(__file__).parent / "peers"
_EVERY: Final = 100
"""Events between two looks at the clock."""

Event = tuple[str, dict[str, MaybeValue]]


class Matching(Protocol):
    """Anything that tells which rules are true."""

    def match(self, topic: str, facts: dict[str, Any]) -> list[int]:
        """Return the places of the rules that are true, ascending."""
        ...


class Measured(NamedTuple):
    """One pass.

    Attributes:
        each: Microseconds an event.
        answers: The rules that were true, by event, as far as time allowed.
        compiled: Milliseconds that it took to make the rules ready.
    """

    each: float
    answers: list[list[int]]
    compiled: float


class Setting(NamedTuple):
    """Some rules, and events to match them with."""

    candidates: list[Candidate]
    events: list[Event]


Pass = Callable[[Setting, float], Measured]


def setting(rules: int, events: int) -> Setting:
    """Return rules of the workload and facts to try them on."""
    catalogue = Catalogue(Definitions.model_validate(workload.definitions()))
    documents = workload.documents(rules, absences=False)
    compiled = [compile_rule(parse_rule(one), 1, catalogue) for one in documents]
    choose = Random(rules)  # noqa: S311  a repeatable mix, no secret
    figures = _figures(compiled)
    sent = [
        (one.name, _facts(one, figures.get(one.name, []), choose))
        for one in workload.happenings(events, events)
    ]
    return Setting([Candidate(one.key, one.trigger or "", one.condition) for one in compiled], sent)


def _figures(compiled: Sequence[CompiledRule]) -> dict[str, list[str]]:
    found: dict[str, dict[str, None]] = {}
    for one in compiled:
        found.setdefault(one.trigger or "", {}).update(dict.fromkeys(one.figures))
    return {topic: list(keys) for topic, keys in found.items()}


def _facts(one: workload.Happening, figures: Sequence[str], choose: Random) -> dict[str, MaybeValue]:
    facts: dict[str, Any] = {f"event.{name}": value for name, value in one.properties.items()}
    facts["event.total"] = read_decimal(str(one.properties["total"]))
    facts |= {f"member.{name}": value for name, value in workload.attributes(one.member).items()}
    facts["member.tags"] = choose.sample(workload.TAGS, 3)
    return facts | {key: choose.randrange(5_000) for key in figures}


def timed(matching: Matching, events: Sequence[tuple[str, Any]], seconds: float) -> Measured:
    """Match events until they or the seconds run out."""
    answers: list[list[int]] = []
    start = time.perf_counter()
    taken = 0.0
    for at in range(0, len(events), _EVERY):
        answers += [matching.match(topic, facts) for topic, facts in events[at : at + _EVERY]]
        taken = time.perf_counter() - start
        if taken > seconds:
            break
    return Measured(taken / len(answers) * 1e6, answers, 0)


def network(given: Setting, seconds: float) -> Measured:
    """Pass through durable-rules, as the product uses it."""
    start = time.perf_counter()
    matcher = Matcher(given.candidates)
    compiled = (time.perf_counter() - start) * 1000
    measured = timed(matcher, given.events, seconds)
    assert matcher.counters.fallen_back == matcher.counters.rebuilt == matcher.counters.given_up == 0
    matcher.close()
    return measured._replace(compiled=compiled)


def index(given: Setting, seconds: float) -> Measured:
    """Pass through the index in plain Python."""
    start = time.perf_counter()
    matcher = BitmapMatcher(given.candidates)
    compiled = (time.perf_counter() - start) * 1000
    return timed(matcher, given.events, seconds)._replace(compiled=compiled)


def reference(given: Setting, seconds: float) -> Measured:
    """Pass through the plain evaluation of every rule."""
    return timed(ReferenceMatcher(given.candidates), given.events, seconds)


def zen(given: Setting, seconds: float) -> Measured:
    """Pass through zen-engine's decision tables."""
    names = Names()
    start = time.perf_counter()
    tables = ZenTables(given.candidates, names)
    compiled = (time.perf_counter() - start) * 1000
    events = [(topic, names.renamed(facts)) for topic, facts in given.events]
    return timed(tables, events, seconds)._replace(compiled=compiled)


def json_rules(given: Setting, seconds: float) -> Measured:
    """Pass through json-rules-engine, in Node."""
    names = Names()
    rules: dict[str, list[Any]] = {}
    for place, one in enumerate(given.candidates):
        if one.condition is not None:
            condition = {"all": [for_node(one.condition, names)]}
            rules.setdefault(one.topic, []).append([place, condition])
    events = [[topic, names.renamed(facts)] for topic, facts in given.events]
    with tempfile.TemporaryDirectory() as folder:
        job = Path(folder) / "job.json"
        job.write_bytes(orjson.dumps({"rules": rules, "events": events, "seconds": seconds}))
        done = subprocess.run(["node", PEERS / "json_rules.mjs", job], capture_output=True, check=True)
    said = orjson.loads(done.stdout)
    return Measured(said["each"], said["matched"], said["compiled"])


def engines() -> dict[str, Pass]:
    """Return the engines that are installed, by name; say which aren't."""
    known: dict[str, tuple[Pass, bool, str]] = {
        "durable-rules": (network, is_available(), "install -r requirements.txt, where it can be built"),
        "index": (index, True, ""),
        "reference": (reference, True, ""),
        "zen-engine": (zen, importlib.util.find_spec("zen") is not None, "install -r requirements-bench.txt"),
        "json-rules-engine": (
            json_rules,
            shutil.which("node") is not None and (PEERS / "node_modules").is_dir(),
            "npm ci --prefix bench/peers",
        ),
    }
    for name, (_, there, remedy) in known.items():
        if not there:
            print(f"{name} isn't installed and is left out: {remedy}")
    return {name: run for name, (run, there, _) in known.items() if there}


def rows(rules: int, found: dict[str, Pass], asked: argparse.Namespace) -> list[list[str]]:
    """Measure every engine on some rules and return their rows of the table."""
    given = setting(rules, asked.events)
    expected = reference(given, float("inf")).answers
    runs: dict[str, list[Measured]] = {name: [] for name in found}
    for _ in range(asked.runs):
        for name, run in found.items():
            measured = run(given, asked.seconds)
            assert measured.answers == expected[: len(measured.answers)], f"{name} answers otherwise"
            runs[name].append(measured)
    ours = [one.each for one in runs["index"]]
    hits = sum(map(len, expected)) / len(expected)
    return [
        [
            name,
            str(rules),
            spread([one.each for one in some], 1),
            f"{1e6 / sorted(one.each for one in some)[len(some) // 2]:,.0f}",
            ratio([one.each for one in some], ours),
            f"{min(len(one.answers) for one in some):,}",
            spread([one.compiled for one in some]),
            f"{hits:.2f}",
        ]
        for name, some in runs.items()
    ]


def main() -> None:
    """Print a table for each number of rules."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rules", type=numbers, default="10,100,1000,5000")
    parser.add_argument("--events", type=int, default=4_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=5, help="of one engine in one run, at most")
    asked = parser.parse_args()
    found = engines()
    headings = [
        "engine",
        "rules",
        "µs/event",
        "events/s",
        "time/index",
        "compared",
        "compile ms",
        "hits/event",
    ]
    for rules in asked.rules:
        show(headings, rows(rules, found, asked))


if __name__ == "__main__":
    main()
