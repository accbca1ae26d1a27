"""A load generator that costs little, in a process of its own.

Bodies are made before the clock starts. Each connection sends its next request as soon as the last one
is answered, unless a rate is asked for. `put` starts the process and returns what it measured.
"""

import asyncio
import re
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

import msgspec

from bench import workload
from bench.processes import ROOT

_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_END: Final = b"\r\n\r\n"


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
    path = b"/v1/track" if plan.batch == 1 else b"/v1/batch"
    key = b64encode(f"{plan.key}:".encode())
    head = b"POST " + path + b" HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic " + key
    head += b"\r\nContent-Type: application/json\r\nContent-Length: "
    return [head + str(len(body)).encode() + _END + body for body in _bodies(source, plan.batch)]


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
        self.open = plan.connections
        self.effects = 0
        self.latencies: list[float] = []
        self.wrong = b""
        self.done = asyncio.Event()
        self.start = time.perf_counter()

    def next(self) -> bytes | None:
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

    def answered(self, answer: bytes, seconds: float) -> None:
        """Take an answer in."""
        self.latencies.append(seconds * 1000)
        self.effects += answer.count(b'"effects":[{')
        if not answer.startswith(b"HTTP/1.1 200") or b'"success":true' not in answer:
            self.wrong = answer

    def closed(self) -> None:
        """Note that a connection has no more to do."""
        self.open -= 1
        if not self.open:
            self.done.set()


class _Connection(asyncio.Protocol):
    """One connection: a request, its answer, the next request."""

    def __init__(self, sending: _Sending) -> None:
        self.sending = sending
        self.transport: Any = None
        self.began = 0.0
        self.parts: list[bytes] = []
        self.lacking = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def send(self) -> None:
        """Send the next request, now or when it is its turn."""
        pause = self.sending.pause()
        if pause > 0:
            asyncio.get_running_loop().call_later(pause, self.send)
            return
        request = self.sending.next()
        if request is None:
            self.transport.close()
            return
        self.began = time.perf_counter()
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self.parts.append(data)
        if self.lacking:
            self.lacking -= len(data)
        else:
            data = b"".join(self.parts)
            self.parts = [data]
            end = data.find(_END)
            length = _LENGTH.search(data, 0, end) if end >= 0 else None
            if length is None:
                return
            self.lacking = int(length[1]) + end + len(_END) - len(data)
        if self.lacking == 0:
            self.sending.answered(b"".join(self.parts), time.perf_counter() - self.began)
            self.parts = []
            self.send()

    def connection_lost(self, exc: Exception | None) -> None:
        if self.parts or exc is not None:
            self.sending.wrong = b"".join(self.parts) or repr(exc).encode()
        self.sending.closed()


async def _send(plan: Plan) -> Load:
    sending = _Sending(plan)
    loop = asyncio.get_running_loop()
    connections: list[_Connection] = []
    for at in range(plan.connections):
        port = plan.ports[at % len(plan.ports)]
        _, connection = await loop.create_connection(lambda: _Connection(sending), "127.0.0.1", port)
        connections.append(connection)
    sending.start = time.perf_counter()
    for connection in connections:
        connection.send()
    await sending.done.wait()
    seconds = time.perf_counter() - sending.start
    if sending.wrong:
        raise RuntimeError(f"a request was answered with {sending.wrong[:1000]!r}")
    events = min(len(sending.latencies) * plan.batch, plan.members if plan.profiles else plan.events)
    return Load(events=events, effects=sending.effects, seconds=seconds, latencies=sorted(sending.latencies))


if __name__ == "__main__":
    told = msgspec.json.decode(sys.stdin.buffer.read(), type=Plan)
    sys.stdout.buffer.write(msgspec.json.encode(asyncio.run(_send(told))))
