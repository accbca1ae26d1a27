"""A hundred campaigns write to the same members at once: no cap is ever broken, and each one says why not."""

import json
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import Any

import httpx2
import pytest

from tests.support.commands import run_here
from tests.support.databases import BOTH
from tests.support.server import serving

CAMPAIGNS, MEMBERS, CLIENTS, BATCH = 100, 2, 16, 10
EMAILS, MESSAGES = 2, 3
"""What the caps leave each member of e-mails, and of messages in all, in any seven days."""

Json = dict[str, Any]
WEEK = {"days": 7}
DEFINITIONS = {
    "templates": [{"key": "news", "name": {"en": "News", "zh-Hans": "活动"}, "body": {"en": "News"}}],
    "contact": [
        {
            "key": "calm",
            "name": {"en": "Calm", "zh-Hans": "克制"},
            "caps": [
                {"times": EMAILS, "within": WEEK, "channels": ["email"]},
                {"times": MESSAGES, "within": WEEK},
            ],
        }
    ],
}


def campaign(number: int) -> Json:
    """Return a campaign: an e-mail or a text message to whoever orders from its category."""
    where = {"type": "compare", "fact": "event.category", "op": "eq", "value": f"c{number}"}
    channel = "email" if number % 2 else "console"
    return {
        "language": 1,
        "key": f"campaign-{number}",
        "name": {"en": f"Campaign {number}", "zh-Hans": f"活动 {number}"},
        "when": {"type": "event", "event": "Order Completed", "where": where},
        "then": [{"type": "send_message", "channel": channel, "template": "news"}],
    }


@pytest.fixture(params=BOTH)
def servers(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, list[str], str]]:
    """A database with the campaigns in force, the servers over it (two on PostgreSQL), and a key."""
    postgres = request.param == "postgresql"
    url = str(request.getfixturevalue("postgres_database" if postgres else "sqlite_database"))
    (tmp_path / "definitions.json").write_text(json.dumps(DEFINITIONS))
    files = [tmp_path / f"{number}.rule.json" for number in range(CAMPAIGNS)]
    for number, file in enumerate(files):
        file.write_text(json.dumps(campaign(number)))
    run_here(url, "define", tmp_path / "definitions.json")
    run_here(url, "publish", *files)
    scopes = [f"--scope={name}" for name in ("events:write", "decisions:read")]
    key = run_here(url, "create-key", "shop", *scopes).strip()
    with ExitStack() as running:
        addresses = [running.enter_context(serving(url)) for _ in range(2 if postgres else 1)]
        yield url, addresses, key


def test_a_hundred_campaigns_never_break_a_cap(servers: tuple[str, list[str], str]) -> None:
    url, addresses, key = servers
    orders: list[Json] = [
        {
            "type": "track",
            "userId": f"m-{member}",
            "event": "Order Completed",
            "messageId": f"{member}-{number}",
            "properties": {"category": f"c{number}"},
        }
        for member in range(MEMBERS)
        for number in range(CAMPAIGNS)
    ]
    Random(5).shuffle(orders)  # noqa: S311  the order of arrival needs no secrets
    batches = [orders[at : at + BATCH] for at in range(0, len(orders), BATCH)]

    def post(at: int) -> list[Json]:
        address = addresses[at % len(addresses)]
        answer = httpx2.post(
            f"{address}/v1/batch", json={"batch": batches[at]}, auth=(key, ""), timeout=120, trust_env=False
        )
        assert 200 == answer.status_code, answer.text
        items: list[Json] = answer.json()["items"]
        return items

    with ThreadPoolExecutor(CLIENTS) as pool:
        results = [one for items in pool.map(post, range(len(batches))) for one in items]

    told = {order["messageId"]: order["userId"] for order in orders}
    sent: Counter[tuple[str, str]] = Counter()
    caps: Counter[str] = Counter()
    held: list[int] = []
    for order, result in zip((one for batch in batches for one in batch), results, strict=True):
        (effect,) = result["effects"]
        if "suppressed" in effect:
            assert "frequency-cap" == effect["suppressed"]
            caps[effect["cap"]] += 1
            held.append(result["sequence"])
        else:
            sent[(told[order["messageId"]], effect["channel"])] += 1
    for member in {told[one] for one in told}:
        assert MESSAGES == sent[(member, "email")] + sent[(member, "console")]
        assert EMAILS >= sent[(member, "email")]
    assert MEMBERS * (CAMPAIGNS - MESSAGES) == sum(caps.values())
    explained(addresses[0], key, held[::5])
    replayed = json.loads(run_here(url, "replay", "--verify", "--json"))
    assert [] == replayed["divergences"]


def explained(address: str, key: str, held: list[int]) -> None:
    """A suppressed message tells which cap held it back, in both languages."""
    with httpx2.Client(base_url=address, auth=(key, ""), timeout=60, trust_env=False) as client:
        for sequence in held:
            answer = client.get(f"/v1/decisions/{sequence}").json()
            english, chinese = ("".join(answer["explanation"][one]) for one in ("en", "zh-Hans"))
            assert "not sent: the member has had as many messages as one may have (“Calm”: at most" in english
            assert "未发送：该会员已达到消息频次上限（“克制”：任意 7 天内" in chinese
