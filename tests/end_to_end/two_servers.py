"""Two servers over one PostgreSQL database, and many clients that act on both at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import Any, NamedTuple

import httpx2

from tests.support.server import TLS

CLIENTS = 64

Json = dict[str, Any]


class Shop(NamedTuple):
    """Two servers over one database."""

    addresses: tuple[str, str]
    key: str

    def everybody(self, act: Callable[[int, Callable[[str, Json], Json]], list[Json]]) -> list[Json]:
        """Let every client act, all at once; return all their answers."""

        def one(number: int) -> list[Json]:
            with httpx2.Client(
                base_url=self.addresses[number % 2],
                auth=(self.key, ""),
                timeout=120,
                trust_env=False,
                verify=TLS,
            ) as client:

                def post(path: str, body: Json) -> Json:
                    answer = client.post(path, json=body)
                    assert 200 == answer.status_code, answer.text
                    return dict(answer.json())

                return act(number, post)

        with ThreadPoolExecutor(CLIENTS) as pool:
            return list(chain.from_iterable(pool.map(one, range(CLIENTS))))

    def get(self, path: str) -> Json:
        """Return what the first of the servers answers."""
        answer = httpx2.get(f"{self.addresses[0]}{path}", auth=(self.key, ""), trust_env=False, verify=TLS)
        return dict(answer.json())
