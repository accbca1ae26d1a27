"""The whole application over a database of its own, with a clock that stands still."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from starlette.testclient import TestClient

from api.app import create_app
from api.assembly import assemble
from api.crypto import Keyring, master_key
from api.deps import Services
from api.service.composing import Composer
from api.service.granting import Sources
from api.service.imports import Imports
from api.service.ingest import Submission, Submitted
from api.service.people import Role
from api.service.running import Run
from api.service.vault import Vault
from api.service.warming import Warming
from api.settings import Settings
from api.store.database import Database
from api.store.writer import Writer
from engine.language.definitions import Definitions
from tests.support.clock import FixedClock

ORIGIN = "http://localhost"
PASSWORD = "a good long password"
SECRET = "s" * 32
SCOPES = [
    "events:write",
    "members:read",
    "members:write",
    "redeem",
    "rules:write",
    "decisions:read",
    "metrics:read",
]

DEFINITIONS = {
    "tags": [{"key": "vip", "name": {"en": "VIP", "zh-Hans": "贵宾"}, "meaning": "Buys a lot"}],
    "coupons": [
        {"key": "TEN", "name": {"en": "Ten off"}, "kind": "percent", "value": "10", "valid_days": 30}
    ],
    "templates": [
        {
            "key": "thanks",
            "name": {"en": "Thanks"},
            "subject": {"en": "For {{ member.name }}"},
            "body": {
                "en": "Hello {{ member.name }}, use {{ coupon.code }} after order {{ event.order_id }}."
            },
        }
    ],
}
RULE = {
    "language": 1,
    "key": "big-order",
    "name": {"en": "Big order", "zh-Hans": "大额订单"},
    "when": {"type": "event", "event": "Order Completed"},
    "if": {"type": "compare", "fact": "event.total", "op": "gte", "value": 100},
    "then": [
        {"type": "add_tag", "tag": "vip"},
        {"type": "issue_coupon", "coupon": "TEN"},
        {"type": "send_message", "channel": "email", "template": "thanks"},
    ],
}


class Trusting(Warming):
    """Finds every network sound, without a child process."""

    def sound(self, *_given: object) -> bool:
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """The application and the parts that tests reach for."""

    app: FastAPI
    services: Services
    settings: Settings
    database: Database
    writer: Writer[Submission, Submitted]
    run: Run
    clock: FixedClock
    sources: Sources
    composer: Composer
    imports: Imports
    key: str

    def browser(self) -> TestClient:
        """Return a client that sends what a browser on our own pages sends."""
        return TestClient(
            self.app, base_url=ORIGIN, headers={"Origin": ORIGIN}, raise_server_exceptions=False
        )

    def backend(self, key: str | None = None) -> TestClient:
        """Return a client with an API key."""
        client = self.browser()
        client.auth = (key or self.key, "")
        return client

    def signed_in(self, role: Role) -> TestClient:
        """Return a client of a person with a role."""
        self.services.people.create_person(role, role, PASSWORD)
        client = self.browser()
        answer = client.post("/v1/session", json={"name": role, "password": PASSWORD})
        assert 200 == answer.status_code, answer.text
        return client

    def publish(self, rule: dict[str, object] | None = None) -> None:
        """Put a rule in force."""
        client = self.signed_in("marketer")
        document = rule or RULE
        path = f"/v1/rules/{document['key']}"
        assert 200 == client.put(f"{path}/draft", json=document).status_code
        answer = client.post(f"{path}/publish", json={"past": "skip"})
        assert 200 == answer.status_code, answer.text


@pytest.fixture
def programme(sqlite_database: str) -> Iterator[Programme]:
    """The application, running."""
    with running(sqlite_database) as started:
        yield started


@pytest.fixture
def either(url: str) -> Iterator[Programme]:
    """The application, running over a database of either kind."""
    with running(url) as started:
        yield started


@contextmanager
def running(url: str, matcher: Literal["durable-rules", "index"] = "durable-rules") -> Iterator[Programme]:
    """Run the application over a migrated database."""
    settings = Settings(
        DATABASE_URL=url,
        secret=SecretStr(SECRET),
        check_sample=0,
        matcher=matcher,
        allow_private_webhooks=True,
    )
    clock = FixedClock()
    parts = assemble(settings, clock, Trusting(), timers=False)
    parts.writer.start()
    keyring = Keyring(master_key(SECRET, None))
    parts.services.definitions.merge(Definitions.model_validate(DEFINITIONS), by="test")
    yield Programme(
        app=create_app(parts.services, settings),
        services=parts.services,
        settings=settings,
        database=parts.database,
        writer=parts.writer,
        run=parts.run,
        clock=clock,
        sources=parts.sources,
        composer=Composer(parts.services.rulebook, Vault(keyring), keyring),
        imports=parts.imports,
        key=parts.services.keys.create("shop", SCOPES),
    )
    parts.close()
