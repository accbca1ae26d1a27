"""A load generator that costs little, in a process of its own.

Bodies are made before the clock starts. Each connection sends its next request as soon as the last one
is answered, unless a rate is asked for. `put` starts the process and returns what it measured.
"""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import islice

import msgspec

from bench import workload
from bench.connections import request, send
from bench.processes import ROOT


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What to send.

    Attributes:
        ports: Ports of loopback; connections are spread over them.
        key: API key.
        run: Begins every `messageId`.
        connections: How many at once.
        batch: Events in a request; 1 for `/v1/track`.
        events: How many at most.
        seconds: For how long at most.
        members: How many members the events are of.
        seed: Draws the events.
        profiles: Whether to send a profile of each member instead.
        rate: Events a second over all connections; 0 for as many as are answered.
    """

    ports: list[int]
    key: str
    run: str
    connections: int
    batch: int
    events: int
    seconds: float = 3600
    members: int
    seed: int = workload.SEED
    profiles: bool = False
    rate: int = 0


class Load(msgspec.Struct, frozen=True, kw_only=True):
    """What was measured.

    Attributes:
        events: Events that were answered.
        effects: How many of them had an effect.
        seconds: From the first request to the last answer.
        latencies: Milliseconds of each request, sorted.
    """

    events: int
    effects: int
    seconds: float
    latencies: list[float]

    @property
    def rate(self) -> float:
        """Events a second."""
        return self.events / self.seconds

    def latency(self, part: float) -> float:
        """Return the milliseconds within which a part of the requests were answered."""
        return self.latencies[min(len(self.latencies) - 1, int(part * len(self.latencies)))]


def put(plan: Plan) -> Load:
    """Send what is planned, from a process of its own.

    Raises:
        RuntimeError: If a request wasn't answered as it must be.
    """
    done = subprocess.run(
        [sys.executable, "-m", "bench.load"],
        cwd=ROOT,
        input=msgspec.json.encode(plan),
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr.decode()[-2000:])
    return msgspec.json.decode(done.stdout, type=Load)


def requests(plan: Plan) -> list[bytes]:
    """Return every request of a plan, whole."""
    source = (
        workload.profiles(plan.run, plan.members)
        if plan.profiles
        else workload.calls(plan.run, plan.events, plan.members, plan.seed)
    )
    path = "/v1/track" if plan.batch == 1 else "/v1/batch"
    return [request(plan.key, path, body) for body in _bodies(source, plan.batch)]


def _bodies(source: Iterator[bytes], batch: int) -> Iterator[bytes]:
    if batch == 1:
        yield from source
        return
    while some := list(islice(source, batch)):
        yield b'{"batch":[' + b",".join(some) + b"]}"


class _Sending:
    """What the connections share."""

    def __init__(self, plan: Plan) -> None:
        self.waiting = iter(requests(plan))
        self.plan = plan
        self.sent = 0
        self.effects = 0
        self.latencies: list[float] = []
        self.wrong = b""
        self.start = time.perf_counter()

    def next(self, _at: int) -> bytes | None:
        """Return the next request, or None when there is none or the time is over."""
        if self.wrong or time.perf_counter() - self.start >= self.plan.seconds:
            return None
        self.sent += 1
        return next(self.waiting, None)

    def pause(self) -> float:
        """Return the seconds to wait before the next request."""
        if not self.plan.rate:
            return 0
        due = self.start + self.sent * self.plan.batch / self.plan.rate
        return due - time.perf_counter()

    def answered(self, _at: int, answer: bytes, seconds: float) -> None:
        """Take an answer in."""
        self.latencies.append(seconds * 1000)
        self.effects += answer.count(b'"effects":[{')
        if not answer.startswith(b"HTTP/1.1 200") or b'"success":true' not in answer:
            self.wrong = answer

    def failed(self, why: bytes) -> None:
        """Note that a connection broke off."""
        self.wrong = why


async def _send(plan: Plan) -> Load:
    sending = _Sending(plan)
    seconds = await send(sending, plan.ports, plan.connections)
    if sending.wrong:
        raise RuntimeError(f"a request was answered with {sending.wrong[:1000]!r}")
    events = min(len(sending.latencies) * plan.batch, plan.members if plan.profiles else plan.events)
    return Load(events=events, effects=sending.effects, seconds=seconds, latencies=sorted(sending.latencies))


if __name__ == "__main__":
    told = msgspec.json.decode(sys.stdin.buffer.read(), type=Plan)
    sys.stdout.buffer.write(msgspec.json.encode(asyncio.run(_send(told))))
