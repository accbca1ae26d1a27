"""Which matcher decides: durable-rules, or the index where that isn't wanted, can't be had or has failed."""

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from api.service import rulebook as module
from api.service.rulebook import Rulebook
from api.service.warming import Warming
from engine.match import MatcherClosed, is_available, network
from engine.match.topic import RETIRED_AFTER
from engine.matching import IndexMatching, NetworkMatching
from engine.replay import replay
from tests.support.life import ORDER, Life, Programme, rule
from tests.support.server import run_main

BIG = rule(key="big", **{"if": {"type": "compare", "fact": "event.total", "op": "gte", "value": "99.5"}})
EVERY = rule(key="every")
HIDDEN = """
import sys

class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name == "durable_rules_engine":
            raise ImportError("nobody compiled it")

sys.meta_path.insert(0, Hidden())
"""
COMPILED = pytest.mark.skipif(not is_available(), reason="the extension can't be imported")


def taught(**chosen: Any) -> Rulebook:
    """Return a rulebook with two rules in force."""
    programme = Programme()
    programme.publish(BIG)
    programme.publish(EVERY)
    rulebook = Rulebook(**chosen)
    rulebook.learn(programme.controls)
    return rulebook


def serving() -> list[str]:
    """Return the matchers that the metrics call serving."""
    names = ("durable-rules", "index")
    return [name for name in names if REGISTRY.get_sample_value("regulars_matcher", {"matcher": name})]


@COMPILED
def test_durable_rules_is_the_default() -> None:
    rulebook = taught()
    matching = rulebook.network()

    assert isinstance(matching, NetworkMatching)
    assert matching is rulebook.network()
    assert [0, 1] == matching.match(ORDER, {"event.total": 100})
    assert ["durable-rules"] == serving()


def test_the_index_decides_where_it_is_set() -> None:
    rulebook = taught(matcher="index", sample=1)
    matching = rulebook.network()

    assert isinstance(matching, IndexMatching)
    assert [1] == matching.match(ORDER, {"event.total": 99})
    assert 1 == matching.matcher.counters.compared
    assert ["index"] == serving()
    assert Warming(target=lambda _told: sys.exit(1)).sound(rulebook, [])


def test_the_index_decides_where_the_extension_can_not_be_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    """Said once, whatever is asked afterwards; a network made all the same answers by the index too."""
    monkeypatch.setattr(network, "durable_rules_engine", None)
    with capture_logs() as logs:
        rulebook = taught()
        matchings = [rulebook.network(), rulebook.replayer(1)[1], NetworkMatching(rulebook.index())]

    assert [("index_matches", "warning")] == [(one["event"], one["log_level"]) for one in logs]
    assert "index" == rulebook.matcher
    assert [[0, 1], [0], [0, 1]] == [one.match(ORDER, {"event.total": 100}) for one in matchings]


@COMPILED
def test_the_index_takes_over_from_networks_that_are_distrusted() -> None:
    rulebook = taught()
    before = rulebook.network()
    with capture_logs() as logs:
        rulebook.distrust("warming failed")

    assert isinstance(rulebook.network(), IndexMatching)
    assert isinstance(rulebook.replayer(1)[1], IndexMatching)
    assert [("warming failed", "index")] == [(one["reason"], one["instead"]) for one in logs]
    with pytest.raises(MatcherClosed):
        before.match(ORDER, {})


@COMPILED
def test_the_index_takes_over_from_a_network_that_fails_again_and_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Every answer is right on the way there; then all rules are matched by it, loudly."""

    def fail(_self: object, _message: str) -> list[str]:
        raise network.NetworkFailed("error code: 303")

    rulebook = taught()
    monkeypatch.setattr(network.Network, "fired", fail)
    for _ in range(RETIRED_AFTER):
        matching = rulebook.network()
        assert isinstance(matching, NetworkMatching)
        assert [0, 1] == matching.match(ORDER, {"event.total": 100})

    assert isinstance(rulebook.network(), IndexMatching)
    assert "error code: 303" == rulebook.distrusted
    assert ["index"] == serving()


def test_replayers_are_let_go_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread keeps so many, the newest ones."""
    monkeypatch.setattr(module, "MAX_MATCHINGS", 1)
    rulebook = taught(matcher="index")
    first = rulebook.replayer(1)[1]

    assert first is rulebook.replayer(1)[1]
    rulebook.replayer(2)
    assert first is not rulebook.replayer(1)[1]


def test_a_log_decided_by_the_reference_is_replayed_by_the_index() -> None:
    """Without a difference, byte for byte."""
    life = Life(BIG, EVERY)
    life.track("2026-01-01", total="99.49")
    life.track("2026-01-02", total="99.5")
    rulebook = taught(matcher="index")

    assert 3 == len(life.effects)
    assert [] == replay("m1", life.logged, rulebook.replayer).divergences


def test_the_product_runs_without_the_extension(
    sqlite_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The demonstration is decided where nobody could compile it, and replayed as this machine can."""
    (tmp_path / "sitecustomize.py").write_text(HIDDEN)
    with monkeypatch.context() as hidden:
        hidden.setenv("PYTHONPATH", str(tmp_path))
        loaded = run_main(sqlite_database, "demo", "--members", "3")
    replayed = run_main(sqlite_database, "replay", "--verify", "--json")

    assert 1 == (loaded.stdout + loaded.stderr).count("index_matches")
    assert re.search(r"sign in as admin with the password \S{16}", loaded.stderr)
    assert re.search(r"post events with the key rg_\w+_\w+", loaded.stderr)
    assert is_available() != ("index_matches" in replayed.stderr)
    told = json.loads(replayed.stdout)
    assert told["checked"] > 30
    assert [] == told["divergences"]
