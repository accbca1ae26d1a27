"""The studio with a small demonstration in it, and people who may sign in."""

from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Page
from pydantic import SecretStr

from api.assembly import assemble
from api.clock import SystemClock
from api.commands.demonstration import load
from api.service.people import Role
from api.service.warming import Warming
from api.settings import Settings
from api.store import migrate
from tests.support.server import SECRET, serving

PASSWORD = "correct-horse-battery"
PEOPLE: Final[dict[str, Role]] = {
    "admin": "administrator", "mia": "marketer", "ann": "approver", "audrey": "auditor",
}  # fmt: skip


class Studio:
    """A server with a small demonstration in it.

    Attributes:
        url: Its address.
        key: An API key that may post events.
    """

    def __init__(self, url: str, key: str) -> None:
        self.url = url
        self.key = key

    def sign_in(self, page: Page, name: str = "admin") -> None:
        """Give a page the session of a person."""
        answer = page.request.post(f"{self.url}/v1/session", data={"name": name, "password": PASSWORD})
        assert answer.ok, answer.text()


@pytest.fixture(scope="session")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """A small demonstration, and `admin`, `mia` (marketer), `ann` (approver) and `audrey` (auditor).

    It is made in this process, and rules are matched by the index: what commands do in processes of
    their own, and how networks are tried out before they are used, is tested elsewhere.
    """
    url = f"sqlite:///{tmp_path_factory.mktemp('studio') / 'regulars.db'}"
    key = _made(url)
    with serving(url, REGULARS_MATCHER="index") as address:
        yield Studio(address, key)


def _made(url: str) -> str:
    """Load the demonstration, let people in, and return a key that may post events."""
    migrate.upgrade(url)
    settings = Settings(DATABASE_URL=url, secret=SecretStr(SECRET), matcher="index")
    programme = assemble(settings, SystemClock(), Warming(), timers=False)
    programme.writer.start()
    try:
        for name, role in PEOPLE.items():
            programme.services.people.create_person(name, role, PASSWORD)
        return load(programme, 20)
    finally:
        programme.close()
