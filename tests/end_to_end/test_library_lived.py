"""Every example of the library, through the interface, over either database: kept, and replayed."""

from typing import Final

import pytest

from api.service.replaying import replay_log
from engine.language.giving import DrawPrizeAction
from engine.values import instant_text, parse_instant
from rule_library import LibraryEntry, library, library_definitions
from tests.api.conftest import running
from tests.support.living import Life, Living, comparable, lives_of

PARTS: Final = 12
"""Each in a programme of its own: whoever lived before costs time at every change of the rules."""
LONG_AGO: Final = parse_instant("2025-01-01T00:00:00Z")


def sets_of_rules(entry: LibraryEntry) -> dict[tuple[str, ...], list[Life]]:
    """Return the members that live a rule's examples, by the rules that are in force beside it."""
    found: dict[tuple[str, ...], list[Life]] = {}
    for life in lives_of(entry):
        found.setdefault(tuple(sorted(life.example.with_)), []).append(life)
    return found


def drawn(entry: LibraryEntry) -> bool:
    """Return whether chance has a part in what a rule gives: then only a replay can be asserted."""
    return any(isinstance(one, DrawPrizeAction) for one in entry.document.then)


def differs(living: Living, life: Life) -> str:
    """Return how what came of an example differs from what it promises; nothing if it doesn't."""
    promised = [(parse_instant(one["at"]), comparable(one)) for one in life.example.expect]
    came = list(living.effects(life))
    called = f"{life.entry.key} | {life.example.name}"
    if [one for _, one in came] != [one for _, one in promised]:
        return f"{called}: {came} instead of {promised}"
    for (at, effect), (due, _) in zip(came, promised, strict=True):
        if not due <= at <= due + life.slack:
            return f"{called}: {effect} at {instant_text(at)}"
    return ""


@pytest.mark.parametrize("part", range(PARTS))
def test_every_example_is_kept_live_and_replays(url: str, part: int) -> None:
    """Posted to the addresses that a shop uses, with the clock running on; then no difference in a replay."""
    by_key = {one.key: one for one in library()}
    entries = library()[part::PARTS]
    found: list[str] = []
    with running(url, matcher="index") as programme, programme.backend() as client:
        programme.services.definitions.merge(library_definitions(), by="test")
        living = Living(programme, client)
        programme.clock.instant = LONG_AGO
        client.post("/v1/identify", json={"userId": "m2", "traits": {}})
        for entry in entries:
            for beside, lives in sets_of_rules(entry).items():
                living.put_in_force([entry, *(by_key[key] for key in beside)])
                programme.clock.instant = LONG_AGO
                living.live(lives)
                found += [] if drawn(entry) else filter(None, (differs(living, one) for one in lives))
        with programme.database.read() as connection:
            report = replay_log(connection)

    assert [] == report.divergences
    assert not found, "\n".join(found)
    assert report.checked > len(entries) * 3
