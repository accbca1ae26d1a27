"""Ladders made ready, and what is found in their definitions."""

from string import Formatter
from typing import Any

import pytest

from engine.language.catalogue import Catalogue
from engine.language.checks_ladders import LADDER_MESSAGES, ladder_findings
from engine.language.conditions import History
from engine.language.definitions import Definitions
from engine.language.ladders import compile_ladders
from engine.language.predicates import figures, prepare


def catalogue(**said: Any) -> Catalogue:
    names = "abcdefghij"[: said.pop("count", 3)]
    ladder = {
        "key": "tier",
        "name": {"en": "Levels", "zh-Hans": "等级"},
        "measure": "sum",
        "period": "ever",
        "tiers": [
            {"key": name, "name": {"en": name}, "reached_at": str(at)} for at, name in enumerate(names, 1)
        ],
    } | said
    unit = {"key": "growth", "name": {"en": "Growth"}, "kind": "growth"}
    return Catalogue(Definitions.model_validate({"ladders": [ladder], "units": [unit]}))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, []),
        ({"count": 2}, [("ladder-few-levels", "/ladders/0/tiers")]),
        ({"count": 5}, []),
        ({"count": 6}, [("ladder-many-levels", "/ladders/0/tiers")]),
        ({"measure": "unit", "unit": "growth"}, []),
        ({"measure": "unit", "unit": "nowhere"}, [("ladder-unknown-unit", "/ladders/0/unit")]),
        ({"event": "Coffee Spilled"}, [("ladder-unknown-event", "/ladders/0/event")]),
        ({"property": "channel"}, [("ladder-needs-number", "/ladders/0/property")]),
        ({"property": "beans"}, [("ladder-needs-number", "/ladders/0/property")]),
        ({"measure": "count", "event": "Checked In"}, []),
    ],
)
def test_findings(said: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    found = ladder_findings(catalogue(**said))

    assert expected == [(code, path) for code, path, _ in found]
    for code, _, names in found:
        message = LADDER_MESSAGES[code]
        wanted = {name for text in message[1:] for _, name, _, _ in Formatter().parse(text) if name}
        assert wanted <= set(names)
        assert "等级" == names["ladder_zh"]


def test_a_ladder_shares_the_series_of_a_rule_that_asks_the_same() -> None:
    """So that one history serves both."""
    said = catalogue(currency="CNY")
    (orders, refunds) = compile_ladders(said)["tier"].figures
    asked = History.model_validate(
        {
            "type": "history",
            "measure": "sum",
            "event": "Order Completed",
            "property": "total",
            "where": {"type": "compare", "fact": "event.currency", "op": "eq", "value": "CNY"},
            "op": "gte",
            "value": 1,
        }
    )
    (figure,) = figures(prepare(asked, said, "/if")).values()

    assert figure.series.key == orders.series.key
    assert ("Order Refunded", "total") == (refunds.series.event, refunds.series.property)
    assert refunds.series.key != orders.series.key


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ({}, ["Order Completed", "Order Refunded"]),
        ({"event": "Checked In"}, ["Checked In"]),
        ({"measure": "count"}, ["Order Completed"]),
        ({"measure": "unit", "unit": "growth"}, []),
        (
            {"measure": "unit", "unit": "growth", "period": "calendar_year"},
            ["Points Earned", "Points Reversed"],
        ),
    ],
)
def test_what_a_state_must_keep(said: dict[str, Any], names: list[str]) -> None:
    found = compile_ladders(catalogue(**said))["tier"].figures

    assert names == [one.series.event for one in found]


@pytest.mark.parametrize(("period", "days"), [("calendar_year", 366), ("half_year", 184)])
def test_a_calendar_period_is_kept_to_the_end_of_its_grace(period: str, days: int) -> None:
    (figure, _) = compile_ladders(catalogue(period=period, grace={"months": 1}))["tier"].figures

    assert figure.within is not None
    assert "days" == figure.within.unit
    assert days + 31 < figure.within.amount < days + 40
