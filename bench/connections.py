"""Connections that cost little: each sends its next request as soon as the last one is answered."""

import asyncio
import re
import time
from base64 import b64encode
from collections.abc import Sequence
from typing import Any, Final, Protocol

_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_END: Final = b"\r\n\r\n"


class Sending(Protocol):
    """What the connections share: what is to be sent, and what becomes of the answers."""

    def next(self, at: int) -> bytes | None:
        """Return the next request of a connection, or None when there is none any more."""

    def pause(self) -> float:
        """Return the seconds to wait before the next request."""

    def answered(self, at: int, answer: bytes, seconds: float) -> None:
        """Take in the answer that a connection got."""

    def failed(self, why: bytes) -> None:
        """Note that a connection broke off."""


class _Connection(asyncio.Protocol):
    """One connection: a request, its answer, the next request."""

    def __init__(self, at: int, sending: Sending, done: asyncio.Future[None]) -> None:
        self._at = at
        self._sending = sending
        self._done = done
        self._transport: Any = None
        self._began = 0.0
        self._parts: list[bytes] = []
        self._lacking = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def send(self) -> None:
        """Send the next request, now or when it is its turn."""
        pause = self._sending.pause()
        if pause > 0:
            asyncio.get_running_loop().call_later(pause, self.send)
            return
        request = self._sending.next(self._at)
        if request is None:
            self._transport.close()
            return
        self._began = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._parts.append(data)
        if self._lacking:
            self._lacking -= len(data)
        else:
            data = b"".join(self._parts)
            self._parts = [data]
            end = data.find(_END)
            length = _LENGTH.search(data, 0, end) if end >= 0 else None
            if length is None:
                return
            self._lacking = int(length[1]) + end + len(_END) - len(data)
        if self._lacking == 0:
            self._sending.answered(self._at, b"".join(self._parts), time.perf_counter() - self._began)
            self._parts = []
            self.send()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._parts or exc is not None:
            self._sending.failed(b"".join(self._parts) or repr(exc).encode())
        self._done.set_result(None)


async def send(sending: Sending, ports: Sequence[int], connections: int) -> float:
    """Send everything there is over so many connections, and return the seconds until the last answer.

    Args:
        sending: What there is.
        ports: Ports of loopback; connections are spread over them.
        connections: How many.
    """
    loop = asyncio.get_running_loop()
    opened: list[_Connection] = []
    ends: list[asyncio.Future[None]] = []
    for at in range(connections):
        end: asyncio.Future[None] = loop.create_future()
        one = _Connection(at, sending, end)
        await loop.create_connection(lambda one=one: one, "127.0.0.1", ports[at % len(ports)])  # type: ignore[misc]
        opened.append(one)
        ends.append(end)
    start = time.perf_counter()
    for one in opened:
        one.send()
    await asyncio.gather(*ends)
    return time.perf_counter() - start


def request(key: str, path: str, body: bytes = b"") -> bytes:
    """Return a request, whole: POST if there is a body, GET otherwise."""
    head = (
        f"{'POST' if body else 'GET'} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Authorization: {credentials(key)}\r\n"
    )
    if body:
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"\r\n" + body


def credentials(key: str) -> str:
    """Return the `Authorization` header of an API key."""
    return f"Basic {b64encode(f'{key}:'.encode()).decode()}"
