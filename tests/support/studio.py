"""The studio with a small demonstration in it, and people who may sign in."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.support.server import run_main, serving

PASSWORD = "correct-horse-battery"


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
    """A small demonstration, and `admin`, `mia` (marketer), `ann` (approver) and `audrey` (auditor)."""
    url = f"sqlite:///{tmp_path_factory.mktemp('studio') / 'regulars.db'}"
    said = run_main(url, "demo", "--members", "20").stderr
    found = re.search(r"rg_\w+", said)
    assert found is not None, said
    people = (("admin", "administrator"), ("mia", "marketer"), ("ann", "approver"), ("audrey", "auditor"))
    for name, role in people:
        run_main(url, "create-user", name, "--role", role, "--password", PASSWORD)
    with serving(url) as address:
        yield Studio(address, found[0])
