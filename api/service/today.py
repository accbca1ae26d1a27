"""How the programme is today: what happened, beside the days before, and what needs somebody."""

from collections.abc import Mapping
from typing import Any, Final

import orjson

from api.clock import Clock
from api.service.rulebook import Rulebook
from api.service.running_out import AHEAD, running_out
from api.service.tallying import Tallying
from api.store import attention, log, tallies
from api.store.connection import Connection
from api.store.database import Database
from api.store.tallies import quarter_of
from engine.language.catalogue import Catalogue
from engine.rules import RuleSet
from engine.schedule import local, start_of
from engine.values import MICROSECONDS, Instant, instant_text

Json = dict[str, Any]
DAYS: Final = 30
_LONGEST: Final[Instant] = 36 * 3_600 * MICROSECONDS
"""Longer than any day, and shorter than any two."""
_SLICES: Final = 10
_SHOWN: Final = 8
_RULES: Final = 5
_POINTS: Final = "points"
_PLAIN: Final = tuple(one for one in tallies.ALL if one not in tallies.OF_UNITS)


class Today:
    """Tells how the programme is."""

    def __init__(self, database: Database, rulebook: Rulebook, tallying: Tallying, clock: Clock) -> None:
        """Make the use case of its parts."""
        self._database = database
        self._rulebook = rulebook
        self._tallying = tallying
        self._clock = clock

    def told(self, person: str) -> Json:
        """Return the current day on the programme's clock, as JSON data.

        Beside each figure stands yesterday's up to the same time of day, to the last full quarter of an
        hour. An entry counts on the day of its `as_of`.

        Args:
            person: Whose drafts are told.
        """
        complete = self._tallying.catch_up(most=_SLICES)
        now, rules = self._clock.now(), self._rulebook.index().rules
        zone = rules.catalogue.programme.zone
        starts = _starts(now, zone)
        with self._database.read() as connection:
            days = [
                tallies.sums(connection, since, until)
                for since, until in zip(starts, [*starts[1:], _after(now)], strict=True)
            ]
            same_time = starts[-2] + quarter_of(now - starts[-1])
            before = tallies.sums(connection, starts[-2], same_time)
            return {
                "date": _date(starts[-1], zone),
                "zone": zone,
                "from": instant_text(starts[-1]),
                "now": instant_text(now),
                "complete": complete,
                "started": log.last_sequence(connection) > 0,
                "figures": _beside(days[-1], before),
                "units": _units(days[-1], before, rules.catalogue),
                "rules": _rules(connection, starts[-1], now, rules),
                "days": [
                    _day(since, until, zone, sums)
                    for since, until, sums in zip(starts, _ends(starts, zone), days, strict=True)
                ],
                "needs": self._needs(connection, rules.catalogue, now),
                "drafts": [
                    {"rule": one.key, "name": _name_in(one.draft), "changed_at": instant_text(one.at)}
                    for one in attention.drafted(connection, person, _RULES)
                ],
            }

    def _needs(self, connection: Connection, catalogue: Catalogue, now: Instant) -> Json:
        """Return what waits for somebody."""
        count, some = attention.put_off(connection, _SHOWN)
        issued = tallies.sums(connection, quarter_of(now - AHEAD), _after(now))[tallies.COUPONS_ISSUED]
        return {
            "approvals": {
                "count": attention.count_submitted(connection),
                "items": [
                    {
                        "rule": one.key,
                        "name": _name_in(one.draft),
                        "by": one.by,
                        "since": instant_text(one.since),
                        "comment": one.comment,
                    }
                    for one in attention.submitted(connection, _SHOWN)
                ],
            },
            "dead_letters": attention.given_up(connection),
            "put_off": {"count": count, "members": some},
            "running_out": running_out(connection, catalogue, now, issued)[:_SHOWN],
        }


def _starts(now: Instant, zone: str) -> list[Instant]:
    """Return when each of the last days began, today's last."""
    starts = [start_of(now, "day", zone)]
    while len(starts) < DAYS:
        starts.append(start_of(starts[-1] - 1, "day", zone))
    return starts[::-1]


def _ends(starts: list[Instant], zone: str) -> list[Instant]:
    """Return when each of the last days ends, today's in the future."""
    return [*starts[1:], start_of(starts[-1] + _LONGEST, "day", zone)]


def _after(now: Instant) -> Instant:
    """Return when the quarter of an hour ends that the present instant is in."""
    return quarter_of(now) + tallies.QUARTER


def _date(since: Instant, zone: str) -> str:
    return local(since, zone).date().isoformat()


def _beside(today: Mapping[str, Mapping[str, int]], before: Mapping[str, Mapping[str, int]]) -> Json:
    return {
        name: {"today": sum(today[name].values()), "yesterday": sum(before[name].values())} for name in _PLAIN
    }


def _units(
    today: Mapping[str, Mapping[str, int]], before: Mapping[str, Mapping[str, int]], catalogue: Catalogue
) -> list[Json]:
    """Return what moved of each unit; points always, the others if anything did."""
    moved = {key for sums in (today, before) for name in tallies.OF_UNITS for key in sums[name]}
    return [
        {
            "unit": key,
            "name": dict(catalogue.unit(key).name),
            **{
                name: {"today": today[name].get(key, 0), "yesterday": before[name].get(key, 0)}
                for name in tallies.OF_UNITS
            },
        }
        for key in [_POINTS, *sorted(moved - {_POINTS})]
    ]


def _rules(connection: Connection, since: Instant, now: Instant, rules: RuleSet) -> list[Json]:
    """Return the rules that fired most today."""
    found = tallies.by_rule(connection, since, _after(now), _RULES)
    return [
        {
            "rule": key,
            "name": dict(rules.standing[key].rule.document.name) if key in rules.standing else {},
            "fired": times,
        }
        for key, times in found.items()
    ]


def _day(since: Instant, until: Instant, zone: str, sums: Mapping[str, Mapping[str, int]]) -> Json:
    points = {name: sums[name].get(_POINTS, 0) for name in tallies.OF_UNITS}
    return {
        "date": _date(since, zone),
        "from": instant_text(since),
        "until": instant_text(until),
        **{name: sum(sums[name].values()) for name in _PLAIN},
        "points": points,
    }


def _name_in(draft: bytes) -> Json:
    """Return what a draft calls itself; a draft may say anything."""
    name = orjson.loads(draft).get("name")
    return name if isinstance(name, dict) else {}
