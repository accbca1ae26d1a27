"""Examples of the library, lived by members of a running programme: every call through its own address.

The rule of an example and those beside it are in force, everything else is paused. What is scarce or
unique for the whole programme (order numbers, stores with a budget) gets the member's name in front, so that
no example takes what another counts on.
"""

import hashlib
import json
from collections.abc import Iterator
from itertools import count
from typing import Any, Final, NamedTuple

from starlette.testclient import TestClient

from api.service.calls import Told
from api.service.examples import HIDDEN
from api.service.story import MAX_ENTRIES
from api.service.telling import Tellings, Ticking
from api.service.timers import Timers
from api.store import decisions
from api.store.decisions import Sought
from api.store.schema import COUPON
from engine.events import MEMBERS_MERGED
from engine.language.document import Example
from engine.rules import SETTLE
from engine.values import Instant, instant_text, parse_instant
from rule_library import LibraryEntry
from tests.api.conftest import Programme

Json = dict[str, Any]
OWN: Final = frozenset(("order_id", "redemption", "customer_id", "store"))
NOBODY: Final = "invented"
_FOUND: Final = "_keywords"


class Life(NamedTuple):
    """A member who lives an example."""

    member: str
    entry: LibraryEntry
    example: Example

    @property
    def end(self) -> Instant:
        """The instant up to which the example is told."""
        last = max((parse_instant(one["timestamp"]) for one in self.example.given), default=0)
        return last if self.example.until is None else parse_instant(self.example.until)

    @property
    def slack(self) -> Instant:
        """How much later than it was due a live effect comes: absences wait for what is on its way."""
        return SETTLE if self.entry.document.when.type == "absence" else 0


class Living:
    """Lets members live examples, one set of rules after the other."""

    def __init__(self, programme: Programme, client: TestClient) -> None:
        self.programme = programme
        self.client = client
        clock, book, sources = programme.clock, programme.services.rulebook, programme.sources
        self._ticking = Ticking(Timers(book, sources, clock), Tellings(book, sources, clock), clock)
        self._in_force: set[str] = set()
        self._known: set[str] = set()
        self._sent = 0

    def put_in_force(self, entries: list[LibraryEntry]) -> None:
        """Let some rules be in force, and no others."""
        publish, wanted = self.programme.services.publish, {one.key for one in entries}
        for key in sorted(self._in_force - wanted):
            publish.pause(key, by="test")
        for key in sorted((wanted - self._in_force) & self._known):
            publish.resume(key, by="test")
        for entry in entries:
            if entry.key not in self._known:
                publish.publish_documents([entry.document], by="test")
        self._known |= wanted
        self._in_force = wanted

    def live(self, lives: list[Life]) -> None:
        """Let some members live, all in one time; the clock runs on until the last of them ends."""
        told = sorted(
            ((parse_instant(one["timestamp"]), place, at) for place, life in enumerate(lives)
             for at, one in enumerate(life.example.given))
        )  # fmt: skip
        clock = self.programme.clock
        for instant, place, at in told:
            self._run_until(instant - 1)
            clock.instant = instant
            self._tell(lives[place], lives[place].example.given[at])
        if lives:
            self._run_until(max(life.end + life.slack for life in lives))

    def _run_until(self, until: Instant) -> None:
        """Let the clock stop at every instant at which something is due."""
        clock = self.programme.clock
        for _ in range(MAX_ENTRIES):
            wake = self.programme.run(self._ticking.tick)
            if wake is None or wake > until:
                clock.instant = max(clock.instant, until)
                return
            clock.instant = max(clock.instant, wake)

    def _tell(self, life: Life, call: Json) -> None:
        self._sent += 1
        told = json.loads(json.dumps(self._owned(call, life.member)))
        if call["type"] == "request":
            if call is life.example.given[0]:  # who asks for something is a member already
                self.client.post("/v1/identify", json={"userId": life.member, "traits": {}})
            self._ask(life.member, told)
            return
        if told.get("event") == MEMBERS_MERGED:
            self._merge(life.member)
            return
        if "properties" in told:
            told["properties"] = spoken(told["properties"])
        sent = {**told, "userId": life.member, "messageId": f"{life.member}-{self._sent}"}
        answer = self.client.post(f"/v1/{call['type']}", json=sent)
        assert 200 == answer.status_code, answer.text

    def _merge(self, member: str) -> None:
        """Let another member be found to be the same person; an example tells of one member only."""
        other = f"{member}-too"
        self.client.post("/v1/identify", json={"userId": other, "traits": {}})
        answer = self.client.post("/v1/alias", json={"userId": member, "previousId": other})
        assert 200 == answer.status_code, answer.text

    def _ask(self, member: str, told: Json) -> None:
        """Take in what a till or a person asks; its address does the same."""
        services = self.programme.services
        asked = Told(
            kind="request",
            message_id=f"{member}-{self._sent}",
            user_id=member,
            name=told["event"],
            properties=self._with_codes(told["properties"], member),
        )
        call = services.door.admit(asked, "till", services.rulebook.index().rules.catalogue)
        services.ingest.submit([call]).result()

    def _with_codes(self, value: Any, member: str) -> Any:
        """Return what is asked with the codes that the member was really given."""
        if isinstance(value, dict):
            return {key: self._with_codes(one, member) for key, one in value.items()}
        if isinstance(value, list):
            return [self._with_codes(one, member) for one in value]
        if not isinstance(value, str) or not value.startswith("TRY-"):
            return value
        with self.programme.database.read() as connection:
            given = connection.execute(
                COUPON.select().where(COUPON.c.member == member).order_by(COUPON.c.sequence)
            ).all()
        place = int(value.removeprefix("TRY-")) - 1
        return given[place].code if place < len(given) else value

    def _owned(self, value: Any, member: str, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: self._owned(one, member, name) for name, one in value.items()}
        if isinstance(value, list):
            return [self._owned(one, member) for one in value]
        if value == NOBODY:
            return member
        return f"{member}/{value}" if key in OWN and isinstance(value, str) else value

    def effects(self, life: Life) -> Iterator[tuple[Instant, Json]]:
        """Yield the effects that the example asserts as they stand in the database, each with its instant."""
        asserted = {life.entry.key, *life.example.also}
        with self.programme.database.read() as connection:
            kept = decisions.page(connection, Sought(member=life.member), limit=MAX_ENTRIES)
        for one in reversed(kept):
            if one.as_of > life.end + life.slack:
                return
            for outcome in json.loads(one.body).get("outcomes", []):
                for effect in outcome.get("effects", []) if outcome["rule"] in asserted else []:
                    if effect["type"] not in {"wait", "branch"}:
                        yield (
                            one.as_of,
                            json.loads(json.dumps(comparable(effect)).replace(f"{life.member}/", "")),
                        )


def spoken(told: Json) -> Json:
    """Return the properties of an event with the texts in which the door is to find the words."""
    said = dict(told)
    for name in told:
        if name.endswith(_FOUND):
            said[name.removesuffix(_FOUND)] = " ".join(said.pop(name))
    return said


def comparable(effect: Json) -> Json:
    """Return an effect as an example writes it, with the number of coupons in the place of their codes."""
    said = {name: one for name, one in effect.items() if name not in HIDDEN and name != "at"}
    if effect["type"] == "send_message" and isinstance(effect.get("until"), int):
        said["held_until"] = instant_text(effect["until"])
    return said | {"coupons": len(said["coupons"])} if "coupons" in said else said


def lives_of(entry: LibraryEntry) -> list[Life]:
    """Return a member for each example of a rule, none of whom is held out."""
    limits = entry.document.limits
    percent = (limits.holdout_percent or 0) if limits is not None else 0
    names = (name for name in map(f"{entry.key}-{{}}".format, count(1)) if place(entry.key, name) >= percent)
    return [Life(name, entry, example) for name, example in zip(names, entry.document.examples, strict=False)]


def place(rule: str, member: str) -> int:
    """Return a member's place in a rule's hold-out draw, as `engine.firing.holdout_place` finds it."""
    return int.from_bytes(hashlib.sha256(f"{rule}\n{member}".encode()).digest()[:8], "big") % 100
