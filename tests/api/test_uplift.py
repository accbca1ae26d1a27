"""Did it work: intervals against published figures, and against lives whose truth is known."""

from functools import cache
from random import Random

import pytest

from api.service.uplift import difference, mean_difference, needed, told
from api.store.campaigns import Bought
from engine.firing import holdout_place


def bought(members: int, converted: int, amount: int = 0, squares: int = 0) -> Bought:
    return Bought(members, converted, converted, amount, squares, None)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((56, 70, 48, 80), (0.2, 0.0524, 0.3339)),
        ((9, 10, 3, 10), (0.6, 0.1705, 0.8090)),
        ((10, 10, 0, 10), (1.0, 0.6075, 1.0)),
        ((0, 10, 0, 20), (0.0, -0.1611, 0.2775)),
    ],
)
def test_the_interval_is_newcombes(counts: tuple[int, int, int, int], expected: tuple[float, ...]) -> None:
    """Table II of Newcombe, Statistics in Medicine 17 (1998), 873-890, method 10."""
    assert expected == pytest.approx(difference(*counts), abs=0.00006)


@cache
def places(run: int) -> bytes:
    """Return where 1,500 members stand in the draw of a run's rule: the same, whatever is asked of them."""
    return bytes(holdout_place(f"rule-{run}", f"m{number}") for number in range(1_500))


@pytest.mark.parametrize(("base", "uplift", "percent"), [(0.10, 0.03, 20), (0.02, 0.01, 10), (0.30, 0.0, 50)])
def test_the_interval_covers_a_known_truth(base: float, uplift: float, percent: int) -> None:
    """In 93 to 97 of 100 runs, with members kept aside by the very hash that live rules draw by."""
    chance = Random(2026)  # noqa: S311  a simulation
    runs, covered = 600, 0
    for run in range(runs):
        groups = {True: [0, 0], False: [0, 0]}
        for place in places(run):
            aside = place < percent
            converted = chance.random() < (base if aside else base + uplift)
            groups[aside][0] += 1
            groups[aside][1] += converted
        (aside_n, aside_k), (n, k) = groups[True], groups[False]
        interval = difference(k, n, aside_k, aside_n)
        covered += interval.low <= uplift <= interval.high
    assert 0.93 <= covered / runs <= 0.97


def test_the_margins_interval_covers_a_known_truth() -> None:
    """Orders of very different size, a cost for each member reached, and a margin of 40 %."""
    chance = Random(5)  # noqa: S311  a simulation
    runs, covered = 600, 0
    for _ in range(runs):
        spent = {}
        for aside, size, share in ((False, 800, 0.25), (True, 400, 0.2)):
            amounts = [
                round(chance.lognormvariate(8, 0.5)) if chance.random() < share else 0 for _ in range(size)
            ]
            buyers = sum(one > 0 for one in amounts)
            spent[aside] = bought(size, buyers, sum(amounts), sum(one * one for one in amounts))
        mean = 2980.957987 * 1.1331484530668263
        truth = (0.25 - 0.2) * mean * 0.4 - 30
        interval = mean_difference(spent[False], spent[True], cost=30, part=0.4)
        covered += interval.low <= truth <= interval.high
    assert 0.93 <= covered / runs <= 0.97


def test_it_says_in_words_what_can_be_said() -> None:
    works = told(bought(4000, 600), bought(1000, 100), cost=0, margin_percent=100)
    assert "works" == works["verdict"]
    assert "5.0 points more" in works["text"]["en"]
    assert "高出 5.0 个百分点" in works["text"]["zh-Hans"]
    harms = told(bought(4000, 400), bought(1000, 150), cost=0, margin_percent=100)
    assert ("harms", True) == (harms["verdict"], "fewer" in harms["text"]["en"])


def test_too_little_is_said_to_be_too_little_and_how_much_more_is_needed() -> None:
    """Half a point between two shares of a tenth takes tens of thousands; 40 members say nothing at all."""
    open_ = told(bought(900, 95), bought(100, 10), cost=0, margin_percent=100)
    assert "open" == open_["verdict"]
    assert open_["missing"] == needed(95 / 900, 0.1, 0.1) - 1000 > 100_000
    assert f"{open_['missing']:,}" in open_["text"]["en"]
    few = told(bought(500, 50), bought(12, 3), cost=0, margin_percent=100)
    assert ("too-few", None) == (few["verdict"], few["conversion"])
    assert "18 more" in few["text"]["en"]
    none = told(bought(500, 50), bought(0, 0), cost=0, margin_percent=100)
    assert "Nobody is kept aside" in none["text"]["en"]
