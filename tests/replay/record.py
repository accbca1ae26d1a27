"""Makes recorded histories: programmes that live, and whose logs are kept as files.

    python -m tests.replay.record FOLDER

A release records its own once it is out, and every later one must come to the same. What is recorded
is never recorded again: a history that a newer engine doesn't come to is what this is for.
"""

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from unittest.mock import patch

import orjson

from api.service import controlling
from api.service.timers import Timers
from api.store import migrate
from engine.gates import BEGINNING
from engine.language.definitions import Definitions
from engine.language.parse import parse_rule
from engine.values import parse_instant
from rule_library import library, library_definitions
from tests.api import loyal, test_watching
from tests.api.conftest import Programme, running
from tests.api.splitting import Lived
from tests.engine.programme import people
from tests.support import histories
from tests.support.living import Living, lives_of

_DAY: Final = 86_400
_TAGS: Final = [{"key": key, "name": {"en": key}, "meaning": "for a test"} for key in ("churn-risk", "vip")]
_TEXTS: Final = [{"key": key, "name": {"en": key}, "body": {"en": "Thank you"}} for key in ("thanks", "gold")]
_CRM: Final = [{"key": "crm", "name": {"en": "CRM"}, "url": "http://127.0.0.1:9/x"}]


def books(url: str) -> None:
    """Points that wait and expire, refunds, budgets, coupons, levels, a wheel, redemptions at tills."""
    with running(url) as programme:
        defined = Definitions.model_validate(loyal.DEFINITIONS | {"endpoints": _CRM})
        programme.services.definitions.merge(defined, by="test")
        programme.services.publish.publish_documents([parse_rule(one) for one in loyal.RULES], by="test")
        loyal.Lives(programme, seed=3).live(150)
        _run_on(programme, 90)


def merges(url: str) -> None:
    """People under three names that turn out to be one: merges, late events, absences, waits."""
    with running(url) as programme:
        defined = people.DEFINITIONS | {"tags": _TAGS, "templates": _TEXTS}
        programme.services.definitions.merge(Definitions.model_validate(defined), by="test")
        programme.services.publish.publish_documents([parse_rule(one) for one in people.RULES], by="test")
        Lived(programme, seed=5, people=6).live()


def journeys(url: str) -> None:
    """Examples of the library, lived: journeys, segments, caps, days of the year, messages."""
    with running(url, matcher="index") as programme, programme.backend() as client:
        programme.services.definitions.merge(library_definitions(), by="test")
        living = Living(programme, client)
        long_ago = programme.clock.instant = parse_instant("2025-01-01T00:00:00Z")
        client.post("/v1/identify", json={"userId": "m2", "traits": {}})
        entries = {one.key: one for one in library()}
        for entry in list(entries.values())[::4]:
            lives = lives_of(entry)
            beside = {key for life in lives for key in life.example.with_}
            living.put_in_force([entry, *(entries[key] for key in sorted(beside))])
            programme.clock.instant = long_ago
            living.live(lives)


def gates(url: str) -> None:
    """A log that was begun under the first gates alone, and was taken over."""
    with patch.object(controlling, "GATES", (BEGINNING,)), running(url) as programme:
        test_watching.prepared(programme)
        start = programme.clock.now()
        _bought(programme)
        _fires(programme, "first")
    with running(url) as programme:
        programme.clock.instant = start + 30 * _DAY * 1_000_000
        _bought(programme)
        _fires(programme, "second")


def _bought(programme: Programme) -> None:
    for member in range(12):
        test_watching.order(programme, f"m{member}", 60 + member)
        test_watching.order(programme, f"m{member}", 30)
    test_watching.tick(programme)


def _fires(programme: Programme, key: str) -> None:
    """Publish a `while` rule that fires for those who are there, so many an hour, and let them come up."""
    condition = {"type": "compare", "fact": "member.segments", "op": "has", "value": "regular"}
    document = test_watching.rule(
        key, {"type": "while"}, {"type": "award_points", "points": 5}, **{"if": condition}
    )
    services = programme.services
    services.rules.save_draft(key, orjson.dumps(document), etag=None, by="test")
    services.publish.publish(key, past="fire", per_hour=240, by="test")
    for _ in range(70):
        programme.clock.advance(60)
        test_watching.tick(programme)


def _run_on(programme: Programme, days: int) -> None:
    timers = Timers(programme.services.rulebook, programme.sources, programme.clock)
    for _ in range(days):
        programme.clock.advance(_DAY)
        while (wake := programme.run(timers.tick)) is not None and wake <= programme.clock.now():
            pass


RECORDED: Final[dict[str, Callable[[str], None]]] = {
    "0.1.0-books": books,
    "0.1.0-merges": merges,
    "0.1.0-journeys": journeys,
    "0.1.0-gates": gates,
}


@contextmanager
def _database() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/regulars.db"
        migrate.upgrade(url)
        yield url


def main(folder: str) -> None:
    """Record what isn't recorded yet."""
    for name, live in RECORDED.items():
        file = Path(folder) / f"{name}.jsonl.gz"
        if not file.exists():
            with _database() as url:
                live(url)
                histories.main(url, str(file))


if __name__ == "__main__":
    main(sys.argv[1])
