"""The bare pipeline: what a server costs that parses, inserts and commits the same, and decides nothing.

    python -m bench.bare --port 8100 --url sqlite:///bare.db --shape shape.json

It takes the requests that the product takes, decodes them once, puts as many rows of the same sizes into
a database with the product's tables and indexes, by `executemany`, commits what arrived together in one
durable transaction, and answers then. It checks no key, reads nothing back and knows no rule; each
answer is what the product says of an event without effects.
"""

import argparse
import asyncio
import threading
import time
import zlib
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from itertools import count
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Final, NamedTuple

import msgspec
import orjson
import uvicorn

from bench.raw import Row
from bench.tables import TABLES, Shape, Store

_MOST: Final = 500
"""Events in one transaction, as in the product."""

_SECONDS: Final = 1_000_000
_MONTH: Final = 30 * 86_400 * _SECONDS
_DIGEST: Final = "0123456789abcdef" * 4


class _Waiting(NamedTuple):
    """A request's events, and who waits for their numbers."""

    events: list[dict[str, Any]]
    answer: asyncio.Future[list[int]]


class Rows:
    """Makes the rows of events: of every kind as many as the shape says, and as large."""

    def __init__(self, shape: Shape, first: int) -> None:
        """Begin.

        Args:
            shape: How many, how large.
            first: Members' entries are numbered from it on; no two processes may have the same.
        """
        self._shape = shape
        self._state = b"s" * shape.state_bytes
        self._body = b"d" * shape.decision_bytes
        self._owed = dict.fromkeys(shape.rows, 0.0)
        self._places = count(first)
        self._numbers = count(first)
        self._known: set[str] = set()

    def of(self, events: Iterable[dict[str, Any]], sequences: Iterable[int]) -> dict[str, list[Row]]:
        """Return the rows of some events, by table; each member's is upserted once."""
        rows: dict[str, list[Row]] = {name: [] for name in TABLES}
        now = time.time_ns() // 1000
        states: dict[str, Row] = {}
        for event, sequence in zip(events, sequences, strict=True):
            member, place = event["userId"], next(self._places)
            told = orjson.dumps(event.get("properties") or event.get("traits"))
            rows["event"].append(
                (sequence, "bench", event["messageId"], member, place, event["type"],
                 event.get("event", "Member Identified"), now, now, now, "live", None, 203, told,
                 _DIGEST, _DIGEST)
            )  # fmt: skip
            partition = zlib.crc32(member.encode()) % 64
            states[member] = (member, partition, now, place, now + _MONTH, 203, self._state)
            if event["type"] != "identify":
                self._follow(rows, member, place, sequence, now)
        rows["member"] = [states[key] for key in sorted(states)]
        fresh = sorted(states.keys() - self._known)
        self._known.update(fresh)
        rows["member_identity"] = [("user_id", key, key) for key in fresh]
        return rows

    def _follow(self, rows: dict[str, list[Row]], member: str, place: int, sequence: int, now: int) -> None:
        for table, share in self._shape.rows.items():
            self._owed[table] += share
            while self._owed[table] >= 1:
                self._owed[table] -= 1
                rows[table].append(self._row(table, member, place, sequence, now))

    def _row(self, table: str, member: str, place: int, sequence: int, now: int) -> Row:
        number = next(self._numbers)
        effect = f"{member}:{number}:0.order-completed-7.0"
        made: dict[str, Row] = {
            "decision": (sequence, member, place, now, self._body),
            "outcome": (sequence, member, "order-completed-7", 1, "fired"),
            "member_tag": (member, f"tag-{number % 30}", f"order-completed-{number}", now, None),
            "ledger_entry": (
                effect, "award", "points", "programme:points", f"member:{member}:points", 100, effect, "",
                member, now, sequence,
            ),
            "coupon": (f"{number:013}", "WINBACK10", member, "issued", now, now + _MONTH, sequence),
            "outbox_message": (
                effect, sequence, member, "order-completed-7", "message", "email", "we-miss-you",
                "delivered", 0, now, None, now,
            ),
        }  # fmt: skip
        return made[table]


class Bare:
    """The application."""

    def __init__(self, store: Store, rows: Rows) -> None:
        """Start the thread that writes."""
        self._store = store
        self._rows = rows
        self._waiting: SimpleQueue[_Waiting] = SimpleQueue()
        self._loop: asyncio.AbstractEventLoop | None = None
        threading.Thread(target=self._write, daemon=True).start()

    async def __call__(
        self,
        scope: dict[str, Any],
        receive: Callable[[], Awaitable[dict[str, Any]]],
        send: Callable[[dict[str, Any]], Awaitable[None]],
    ) -> None:
        """Answer a request when its rows are durable."""
        if scope["path"] == "/readyz":
            await _answer(send, b"{}")
            return
        body, more = b"", True
        while more:
            part = await receive()
            body += part.get("body", b"")
            more = part.get("more_body", False)
        told = orjson.loads(body)
        batch = scope["path"] == "/v1/batch"
        events = told["batch"] if batch else [{"type": "track", **told}]
        self._loop = asyncio.get_running_loop()
        answer: asyncio.Future[list[int]] = self._loop.create_future()
        self._waiting.put(_Waiting(events, answer))
        items = [
            {
                "index": at,
                "messageId": event["messageId"],
                "status": "accepted",
                "sequence": one,
                "effects": [],
            }
            for at, (event, one) in enumerate(zip(events, await answer, strict=True))
        ]
        said = {"success": True, "items": items} if batch else {"success": True, **items[0]}
        await _answer(send, orjson.dumps(said))

    def _write(self) -> None:
        left: _Waiting | None = None
        while True:
            batch = [left or self._waiting.get()]
            size, left = len(batch[0].events), None
            while not self._waiting.empty():
                one = self._waiting.get()
                if size + len(one.events) > _MOST:
                    left = one
                    break
                batch.append(one)
                size += len(one.events)
            events = [event for one in batch for event in one.events]
            sequences = self._store.write(len(events), partial(self._rows.of, events))
            if self._loop is not None:
                self._loop.call_soon_threadsafe(_tell, batch, sequences)


def _tell(batch: Sequence[_Waiting], sequences: Sequence[int]) -> None:
    start = 0
    for one in batch:
        one.answer.set_result(list(sequences[start : start + len(one.events)]))
        start += len(one.events)


async def _answer(send: Callable[[dict[str, Any]], Awaitable[None]], body: bytes) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def main() -> None:
    """Serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--url", required=True)
    parser.add_argument("--shape", type=Path, required=True)
    asked = parser.parse_args()
    shape = msgspec.json.decode(asked.shape.read_bytes(), type=Shape)
    app = Bare(Store(asked.url), Rows(shape, asked.port * 10**9))
    uvicorn.run(app, port=asked.port, log_level="warning", server_header=False, lifespan="off")


if __name__ == "__main__":
    main()
