"""What the studio's tests may ask for."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import ConsoleMessage, Page


@pytest.fixture
def quiet(page: Page) -> Iterator[None]:
    """A page that complains in its console is broken, whatever it looks like."""
    said: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error":
            said.append(f"{page.url}: {message.text}")

    page.on("console", heard)
    page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
    yield
    assert [] == said
