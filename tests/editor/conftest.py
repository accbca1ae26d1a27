"""What the studio's tests may ask for."""

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from tests.editor.looking import new_profile
from tests.support.studio import Studio

Profiles: TypeAlias = Callable[[str], BrowserContext]

expect.set_options(timeout=20_000)  # nothing takes that long where nothing else runs


@pytest.fixture(scope="session")
def profiles(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Profiles]:
    """Browser profiles by name, kept for all tests of a process: they have the studio's scripts already."""
    made: dict[str, BrowserContext] = {}

    def profile(name: str) -> BrowserContext:
        if name not in made:
            made[name] = new_profile(browser, **browser_context_args)
        return made[name]

    yield profile
    for one in made.values():
        one.close()


@pytest.fixture
def context(profiles: Profiles, studio: Studio) -> Iterator[BrowserContext]:
    """A profile in which nobody is signed in, and nothing is kept but the studio's files."""
    profile = profiles("")
    yield profile
    blank, *opened = profile.pages
    debugger = profile.new_cdp_session(blank)
    debugger.send("Storage.clearDataForOrigin", {"origin": studio.url, "storageTypes": "local_storage"})
    debugger.detach()
    for page in opened:
        page.close()
    profile.clear_cookies()


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
