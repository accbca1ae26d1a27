"""People whose events come under three names, told to a programme beside the same events under one name."""

from collections import defaultdict
from collections.abc import Iterator
from math import inf
from random import Random
from typing import Any, Final, NamedTuple

from starlette.testclient import TestClient

from api.service.telling import Tellings, Ticking
from api.service.timers import Timers
from engine.values import MICROSECONDS, Instant, instant_text
from tests.api.conftest import Programme
from tests.support.life import ORDER

Json = dict[str, Any]
MINUTE: Final = 60 * MICROSECONDS
DAYS: Final = 120
"""How long a life lasts; the absences and waits of the rules come to their end in it."""

_A_DAY: Final = 24 * 60


class Happened(NamedTuple):
    """Something that a person did.

    Attributes:
        at: When it reaches us, in minutes from the beginning.
        name: Under which of the three names.
        event: Name of the event.
        total: Its total.
        late: How many minutes before it reached us it happened.
        again: Whether the sender tells it twice.
    """

    at: int
    name: int
    event: str
    total: int
    late: int
    again: bool


class Said(NamedTuple):
    """Somebody says that two names are one person's: when, which two, and who is to go on."""

    at: int
    names: tuple[int, int]
    keep: str | None


class Person:
    """A life drawn from a seed, lived twice: under one name, and under three that turn out to be one.

    Attributes:
        whole: The id of the member who has only one.
        ids: The three ids; the last is a device.
    """

    def __init__(self, number: int, random: Random) -> None:
        self.whole = f"p{number}-whole"
        self.ids = [f"p{number}-a", f"p{number}-b", f"p{number}-device"]
        self.happened = list(_events(random))
        self.said = _sayings(random, [one.at for one in self.happened])

    def steps(self) -> list[tuple[int, list[Happened | Said]]]:
        """Return what reaches us, by minute; what reaches us in one minute is sent together."""
        at: dict[int, list[Happened | Said]] = defaultdict(list)
        known: set[int] = set()
        waiting = list(self.said)

        def say(upto: float) -> None:
            # Nobody speaks of two names of which neither was ever heard.
            for said in [one for one in waiting if one.at <= upto]:
                if known & set(said.names):
                    waiting.remove(said)
                    at[max([said.at, *at])].append(said)
                    known.update(said.names)

        for one in self.happened:
            say(one.at)
            at[one.at].append(one)
            known.add(one.name)
        say(inf)
        say(inf)
        return sorted(at.items())

    def calls(self, step: list[Happened | Said], place: int, start: Instant) -> list[Json]:
        """Return the calls of one minute, each with an id of its own."""
        calls: list[Json] = []
        for number, one in enumerate(step):
            message = f"{self.whole}-{place}-{number}"
            if isinstance(one, Said):
                calls.append(self._alias(one) | {"messageId": message})
                continue
            told = {
                "type": "track",
                "event": one.event,
                "properties": {"total": one.total, "currency": "CNY"},
                "timestamp": instant_text(start + (one.at - one.late) * MINUTE),
            }
            pair = [
                told | {"messageId": f"{message}-whole", "userId": self.whole},
                told | {"messageId": f"{message}-part", **self._who(one.name)},
            ]
            calls += [*pair, *(pair if one.again else [])]
        return calls

    def _who(self, name: int) -> Json:
        return {"anonymousId" if name == len(self.ids) - 1 else "userId": self.ids[name]}

    def _alias(self, said: Said) -> Json:
        one, other = said.names  # a device can only be the previous id
        keep = {} if said.keep is None else {"keep": said.keep}
        return {"type": "alias", "userId": self.ids[one], "previousId": self.ids[other], **keep}


def _events(random: Random) -> Iterator[Happened]:
    """Yield what happens: much of it on a few busy days, so that what is limited by the day is reached."""
    heard: set[int] = set()
    busy = [random.randrange(DAYS) for _ in range(2)]

    def instant() -> int:
        if random.random() < 0.3:
            return random.randrange(DAYS * _A_DAY)
        return random.choice(busy) * _A_DAY + random.randrange(_A_DAY // 4)

    for at in sorted(instant() for _ in range(random.randint(3, 20))):
        name = random.randrange(3)
        # Who is new joins now: two who join late would join in another order than they are heard of.
        late = random.choice((0, 0, 0, 30, 1_000, 2_500)) if name in heard else 0
        heard.add(name)
        event = random.choice((ORDER, ORDER, "Product Viewed"))
        yield Happened(at, name, event, random.randint(0, 200), late, again=random.random() < 0.15)


def _sayings(random: Random, instants: list[int]) -> list[Said]:
    """Return two sayings that make one person of three names: one after the other, or around one of them."""
    a, b, device = 0, 1, 2
    pairs = random.choice((((a, b), (b, device)), ((a, b), (a, device)), ((b, device), (a, b)),
                           ((a, device), (b, a)), ((a, device), (b, device))))  # fmt: skip
    times = sorted(
        random.choice((random.randrange(DAYS * _A_DAY), *random.sample(instants, 3))) for _ in pairs
    )
    return [
        Said(at, pair, random.choice((None, None, "userId", "previousId")))
        for at, pair in zip(times, pairs, strict=True)
    ]


class Lived:
    """Many people's lives, lived at the same time through the programme's addresses.

    Attributes:
        people: Who they are.
        effects: What the answers said was given, by id of the call.
    """

    def __init__(self, programme: Programme, seed: int, people: int) -> None:
        random = Random(seed)  # noqa: S311  invented lives need no secrets
        self.people = [Person(number, random) for number in range(people)]
        self.programme = programme
        self.effects: dict[str, list[Json]] = {}
        clock, book, sources = programme.clock, programme.services.rulebook, programme.sources
        self._ticking = Ticking(Timers(book, sources, clock), Tellings(book, sources, clock), clock)
        self._random = random
        self._start = clock.now()

    def live(self) -> None:
        """Tell everything in the order in which it reaches us, and let the rest of the time pass."""
        client = self.programme.backend()
        steps = sorted(
            (at, number, person.calls(step, at, self._start))
            for number, person in enumerate(self.people)
            for at, step in person.steps()
        )
        for at, _, calls in steps:
            instant = self._start + at * MINUTE
            self._run_until(instant - 1)
            self.programme.clock.instant = instant
            if len(calls) > 1 and self._random.random() < 0.5:
                self._batch(client, calls)
            else:
                self._singly(client, calls)
        self._run_until(self._start + (DAYS + 60) * _A_DAY * MINUTE)

    def _singly(self, client: TestClient, calls: list[Json]) -> None:
        for call in calls:
            body = {name: one for name, one in call.items() if name != "type"}
            answer = client.post(f"/v1/{call['type']}", json=body)
            assert 200 == answer.status_code, answer.text
            self._answered(answer.json())

    def _batch(self, client: TestClient, calls: list[Json]) -> None:
        answer = client.post("/v1/batch", json={"batch": calls}).json()
        assert answer["success"], answer
        for item in answer["items"]:
            self._answered(item)

    def _answered(self, item: Json) -> None:
        """Keep what an answer says was given; a call that is told again is told the same."""
        assert item["effects"] == self.effects.setdefault(item["messageId"], item["effects"])
        assert item["status"] in {"accepted", "duplicate"}

    def _run_until(self, until: Instant) -> None:
        """Let the clock stop at every instant at which something is due."""
        clock = self.programme.clock
        while True:
            wake = self.programme.run(self._ticking.tick)
            if wake is None or wake > until:
                clock.instant = max(clock.instant, until)
                return
            clock.instant = max(clock.instant, wake)
