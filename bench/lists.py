"""Lists of very many rules and members: how soon a page of them is there.

    python -m bench.lists [--rules 100000] [--members 100000] [--runs 40]

Rules and members are written straight into the tables. The first list after a start reads every
rule once, and is told apart; after that a page costs what is on it.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import insert
from starlette.testclient import TestClient

from api.app import create_app
from api.assembly import Programme
from api.clock import SystemClock
from api.store.schema import RULE, RULE_VERSION
from bench.figures import show
from bench.members import fill, programme, shopper, url_in
from engine.language.parse import parse_rule
from rule_library import rows

PASSWORD: Final = "a long enough password"  # noqa: S105  of a person who lives for the bench
_CHUNK: Final = 5_000


def document(number: int, covers: str) -> bytes:
    """Return one of very many rules, as JSON."""
    return parse_rule(
        {
            "language": 1,
            "key": f"rule-{number:06}",
            "name": {"en": f"Rule {number} of the shop", "zh-Hans": f"门店规则 {number}"},
            "covers": [covers],
            "when": {"type": "event", "event": "Order Completed"},
            "if": {"type": "compare", "fact": "event.total", "op": "gte", "value": number % 900 + 1},
            "then": [{"type": "add_tag", "tag": f"tag-{number % 500}"}],
        }
    ).canonical()


def write_rules(parts: Programme, count: int) -> None:
    """Write so many rules, a tenth of them paused and a tenth drafts."""
    known = [row.id for row in rows()]
    told = {"etag": "e", "changed_at": 1, "changed_by": "bench"}
    version = {"version": 1, "digest": "d", "revision": 1, "published_at": 1, "published_by": "bench"}
    for first in range(0, count, _CHUNK):
        heads: list[dict[str, Any]] = []
        versions: list[dict[str, Any]] = []
        for number in range(first, min(first + _CHUNK, count)):
            key, said = f"rule-{number:06}", document(number, known[number % len(known)])
            status = {0: "draft", 1: "paused"}.get(number % 10, "live")
            draft = status == "draft"
            heads.append(
                {
                    "key": key,
                    "status": status,
                    "version": None if draft else 1,
                    "draft": said if draft else None,
                }
                | told
            )
            versions += [] if draft else [{"key": key, "document": said, **version}]
        with parts.database.write() as connection:
            connection.execute(insert(RULE), heads)
            connection.execute(insert(RULE_VERSION), versions)


def taken(call: Callable[[], Any], runs: int) -> list[str]:
    """Return p50, p95 and the longest of some calls, in milliseconds."""
    times = []
    for _ in range(runs):
        begun = time.perf_counter()
        call()
        times.append((time.perf_counter() - begun) * 1_000)
    times.sort()
    return [f"{times[len(times) // 2]:,.1f}", f"{times[int(len(times) * 0.95)]:,.1f}", f"{times[-1]:,.1f}"]


def measured(client: TestClient, runs: int) -> list[list[str]]:
    """Return the figures of each call."""

    def get(path: str, **asked: Any) -> Any:
        answer = client.get(path, params=asked)
        assert answer.status_code == 200, answer.text
        return answer.json()

    last = get("/v1/rules")["next"]
    words = iter(f"shop {number}" for number in range(10_000, 1_000_000))
    calls: dict[str, Callable[[], Any]] = {
        "rules, first page": lambda: get("/v1/rules"),
        "rules, next page": lambda: get("/v1/rules", after=last),
        "rules, words never asked before": lambda: get("/v1/rules", search=next(words)),
        "rules, paused": lambda: get("/v1/rules", status="paused"),
        "names of rules, picked by words": lambda: get("/v1/rule-names", search=next(words), limit=20),
        "members, first page": lambda: get("/v1/members"),
        "members, by the id's beginning": lambda: get("/v1/members", search="m-99"),
    }
    return [[name, *taken(call, runs)] for name, call in calls.items()]


def main() -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rules", type=int, default=100_000)
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=40)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, programme(url_in(folder), SystemClock()) as parts:
        write_rules(parts, asked.rules)
        fill(parts, asked.members, shopper, count_them=False)
        parts.services.people.create_person("ann", "auditor", PASSWORD)
        client = TestClient(create_app(parts.services, parts.settings), base_url="http://localhost")
        client.post("/v1/session", json={"name": "ann", "password": PASSWORD})
        begun = time.perf_counter()
        client.get("/v1/rules")
        print(f"first list after a start, of {asked.rules:,} rules: {time.perf_counter() - begun:.1f} s\n")
        show(["milliseconds", "p50", "p95", "at most"], measured(client, asked.runs))


if __name__ == "__main__":
    main()
