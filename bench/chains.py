"""A load generator whose requests follow each other: a till asks, reserves and confirms.

Each connection sends the requests of one chain in order, each as soon as the one before is answered, and
then takes the next chain. Requests are made before the clock starts. `put` starts a process for it.
"""

import asyncio
import subprocess
import sys
from collections import defaultdict
from typing import Final

import msgspec

from bench.connections import request, send
from bench.processes import ROOT

WHOLE: Final = "whole"
"""Under this name the time of a whole chain is told."""


class Step(msgspec.Struct, frozen=True, array_like=True):
    """One request of a chain.

    Attributes:
        name: Its time is told under it.
        path: With the query.
        expected: What the answer must hold, beside status 200.
        body: JSON, to be posted; empty for a GET.
    """

    name: str
    path: str
    expected: str
    body: str = ""


class Chains(msgspec.Struct, frozen=True, kw_only=True):
    """What to send.

    Attributes:
        ports: Ports of loopback; connections are spread over them.
        key: API key.
        connections: How many at once.
        chains: What is sent in order, by one connection each.
    """

    ports: list[int]
    key: str
    connections: int
    chains: list[list[Step]]


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """What was measured.

    Attributes:
        chains: How many were answered.
        seconds: From the first request to the last answer.
        latencies: Milliseconds, sorted, by the name of the step; those of whole chains under `WHOLE`.
    """

    chains: int
    seconds: float
    latencies: dict[str, list[float]]

    @property
    def rate(self) -> float:
        """Chains a second."""
        return self.chains / self.seconds

    def latency(self, part: float, name: str = WHOLE) -> float:
        """Return the milliseconds within which a part of the requests of a name were answered."""
        sorted_ = self.latencies[name]
        return sorted_[min(len(sorted_) - 1, int(part * len(sorted_)))]


def put(plan: Chains) -> Taken:
    """Send what is planned, from a process of its own.

    Raises:
        RuntimeError: If a request wasn't answered as it must be.
    """
    done = subprocess.run(
        [sys.executable, "-m", "bench.chains"],
        cwd=ROOT,
        input=msgspec.json.encode(plan),
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr.decode()[-2000:])
    return msgspec.json.decode(done.stdout, type=Taken)


class _Chain:
    """A chain that a connection has begun."""

    def __init__(self, steps: list[tuple[Step, bytes]]) -> None:
        self.steps = steps
        self.at = 0
        self.seconds = 0.0


class _Sending:
    """What the connections share."""

    def __init__(self, plan: Chains) -> None:
        made = [
            [(one, request(plan.key, one.path, one.body.encode())) for one in chain] for chain in plan.chains
        ]
        self._waiting = iter(made)
        self._begun: dict[int, _Chain] = {}
        self.done = 0
        self.latencies: dict[str, list[float]] = defaultdict(list)
        self.wrong = b""

    def next(self, at: int) -> bytes | None:
        """Return the next request of a connection's chain, or the first of another one."""
        chain = self._begun.get(at)
        if chain is None:
            steps = next(self._waiting, None)
            if steps is None or self.wrong:
                return None
            chain = self._begun[at] = _Chain(steps)
        return chain.steps[chain.at][1]

    def pause(self) -> float:
        """Return 0: there is no rate to keep."""
        return 0

    def answered(self, at: int, answer: bytes, seconds: float) -> None:
        """Take an answer in."""
        chain = self._begun[at]
        step, _ = chain.steps[chain.at]
        if not answer.startswith(b"HTTP/1.1 200") or step.expected.encode() not in answer:
            self.wrong = step.name.encode() + b": " + answer
        self.latencies[step.name].append(seconds * 1000)
        chain.seconds += seconds
        chain.at += 1
        if chain.at == len(chain.steps):
            self.latencies[WHOLE].append(chain.seconds * 1000)
            self.done += 1
            del self._begun[at]

    def failed(self, why: bytes) -> None:
        """Note that a connection broke off."""
        self.wrong = why


async def _send(plan: Chains) -> Taken:
    sending = _Sending(plan)
    seconds = await send(sending, plan.ports, plan.connections)
    if sending.wrong:
        raise RuntimeError(f"a request was answered with {sending.wrong[:1000]!r}")
    latencies = {name: sorted(some) for name, some in sending.latencies.items()}
    return Taken(chains=sending.done, seconds=seconds, latencies=latencies)


if __name__ == "__main__":
    told = msgspec.json.decode(sys.stdin.buffer.read(), type=Chains)
    sys.stdout.buffer.write(msgspec.json.encode(asyncio.run(_send(told))))
