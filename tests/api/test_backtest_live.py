"""A back-test of another programme's log comes to what the rules really do, member for member (ruling 30)."""

import shutil
from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import msgspec
import pytest

from api.service.backtesting import Backtesting, Found, Plan
from engine.backtest import Happened
from engine.values import MICROSECONDS
from tests.api import worlds
from tests.api.worlds import DAY, World, world
from tests.support.postgres import PostgresServer

STEPS = 30
ZONE = "Asia/Shanghai"
ERASING = range(6)
ON_POSTGRESQL = range(4)


class Compared(NamedTuple):
    """How many decisions were compared, and what the back-test found."""

    decisions: int
    found: Found


def backtested(there: World, plan: Plan) -> tuple[Found, dict[str, list[Any]]]:
    """Back-test a plan over a programme's log; return what was found, and every decision by member."""
    with there.parts.database.read() as connection:
        test = Backtesting(connection, plan)
        happened: list[Happened] = []
        found = test.apart(note=happened.append)
        if found.binds:
            happened = []
            found = test.together(note=happened.append)
            found.together = True
    decided: dict[str, list[Any]] = {}
    for one in happened:
        if one.decision.outcomes or one.decision.refused:
            outcomes = msgspec.to_builtins(one.decision.outcomes)
            said = worlds.told(one.decision.as_of, one.event.name, outcomes, one.decision.refused)
            decided.setdefault(one.event.member, []).append(said)
    return found, decided


def differences(expected: dict[str, list[Any]], decided: dict[str, list[Any]]) -> list[Any]:
    """Return the first difference of each member, with what live firing gave first."""
    found: list[Any] = []
    for member in sorted({**expected, **decided}):
        pairs = zip_longest(expected.get(member, []), decided.get(member, []))
        found += [(member, *pair) for pair in pairs if pair[0] != pair[1]][:1]
    return found


class Case:
    """A life, and two rule sets to live it under."""

    def __init__(self, urls: Sequence[str], seed: int, *, erasing: bool = False) -> None:
        chance = Random(seed)  # noqa: S311  invented lives need no secrets
        self.mine = worlds.rules(chance, scarce=seed % 3 > 0)
        self.theirs = worlds.rules(chance, scarce=seed % 3 > 0) if seed % 4 else []
        self.steps = worlds.life(chance, STEPS)
        if erasing:
            self.steps = worlds.erasing(self.steps, chance)
        self.until = self.steps[-1].at + 15 * DAY * MICROSECONDS
        self.seed = seed
        self.urls = urls

    def from_the_beginning(self) -> Compared:
        """Live under their rules, and back-test mine over the whole log beside a life under mine alone."""
        with world(self.urls[0]) as there:
            there.publish(self.theirs)
            taken = there.live(self.steps)
            there.wait(self.until)
            with world(self.urls[1]) as here:
                here.publish(self.mine)
                here.live(taken)
                here.wait(self.until)
                expected = here.decided()
            plan = Plan(since=0, until=self.until, drafts=self.mine, others="none", zone=ZONE)
            return self._compared(there, plan, expected)

    def from_the_middle(self) -> Compared:
        """Live under their rules, and back-test mine from the middle beside a life where mine came then."""
        middle = self.steps[len(self.steps) // 2].at - 30
        left_out = [one["key"] for one in self.theirs[::3]]
        mine = [one for one in self.mine if one["key"] not in left_out]
        with world(self.urls[0]) as there:
            there.publish(self.theirs)
            taken = there.live(self.steps)
            there.wait(self.until)
            with world(self.urls[1]) as here:
                here.publish(self.theirs)
                here.live([one for one in taken if one.at < middle])
                here.wait(middle)
                for key in left_out:
                    here.parts.services.publish.pause(key, by="test")
                here.publish(mine)
                here.live([one for one in taken if one.at >= middle])
                here.wait(self.until)
                expected = here.decided(middle)
            plan = Plan(since=middle, until=self.until, drafts=mine, without=left_out, zone=ZONE)
            return self._compared(there, plan, expected)

    def _compared(self, there: World, plan: Plan, expected: dict[str, list[Any]]) -> Compared:
        found, decided = backtested(there, plan)
        assert [] == differences(expected, decided), self.seed
        return Compared(sum(map(len, expected.values())), found)


def compared(folder: Path, template: Path, seeds: range) -> list[Compared]:
    """Compare some seeds, every other from the middle."""
    found: list[Compared] = []
    for seed in seeds:
        urls = [f"sqlite:///{folder}/{seed}-{name}.db" for name in ("theirs", "mine")]
        for url in urls:
            shutil.copy(template, url.removeprefix("sqlite:///"))
        found.append(one_compared(urls, seed))
    return found


def one_compared(urls: Sequence[str], seed: int, *, erasing: bool = False) -> Compared:
    """Compare one seed over two empty databases."""
    case = Case(urls, seed, erasing=erasing)
    return case.from_the_middle() if seed % 2 else case.from_the_beginning()


def test_a_back_test_is_what_live_firing_would_have_been(tmp_path: Path, sqlite_template: Path) -> None:
    """Some rule sets of many kinds; both ways of deciding are gone, and much is compared."""
    found = compared(tmp_path, sqlite_template, range(30))

    assert {True, False} == {one.found.together for one in found}
    assert sum(one.decisions for one in found) > 800


@pytest.mark.parametrize("seed", ERASING)
def test_a_back_test_of_a_log_in_which_members_were_erased(
    tmp_path: Path, sqlite_template: Path, seed: int
) -> None:
    """Two are erased, and others were merged before; what they did counts, and who comes back is another."""
    urls = [f"sqlite:///{tmp_path}/{name}.db" for name in ("theirs", "mine")]
    for url in urls:
        shutil.copy(sqlite_template, url.removeprefix("sqlite:///"))

    assert one_compared(urls, seed, erasing=True).decisions


def test_a_back_test_on_postgresql(postgres_server: PostgresServer, postgres_template: str) -> None:
    """Both ways of deciding, from the beginning and from the middle, with members erased and merged."""
    found: list[Compared] = []
    for seed in ON_POSTGRESQL:
        names = [postgres_server.create_database(postgres_template) for _ in range(2)]
        found.append(one_compared([postgres_server.url(name) for name in names], seed, erasing=True))
        for name in names:
            postgres_server.drop_database(name)

    assert {True, False} == {one.found.together for one in found}
    assert sum(one.decisions for one in found) > 80


@pytest.mark.long
@pytest.mark.parametrize("batch", range(30))
def test_many_back_tests_are_what_live_firing_would_have_been(
    tmp_path: Path, sqlite_template: Path, batch: int
) -> None:
    """Ten rule sets each."""
    assert compared(tmp_path, sqlite_template, range(30 + 10 * batch, 40 + 10 * batch))
