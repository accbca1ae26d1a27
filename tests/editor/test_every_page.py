"""Every page of the studio, by day and by night, wide and narrow: for everybody, and without complaints."""

import re
from itertools import count
from typing import Any, Final

import pytest
from playwright.sync_api import ConsoleMessage, Locator, Page, Response, expect

from editor import pages
from tests.editor.looking import OF_COLOUR, go, overflow, settled, violations
from tests.support.studio import Studio

LANGUAGES: Final = ("en", "zh-Hans", "zh-Hant")
WIDTHS: Final = (1280, 390)
SAY_WHAT_IS_REFUSED = """document.addEventListener('securitypolicyviolation', refused =>
    console.error(`refused: ${refused.violatedDirective} ${refused.blockedURI}`))"""
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+")
VIEWS = "main nav a"
"""What leads to the views of a page."""
TABS = "main [role=tab]"
DIALOGS: Final = {
    "/rules": ".rule-card:first-child button",
    "/tags": "tbody tr:first-child button",
    "/tasks": "tbody tr:first-child button",
    "/broadcasts": ".page-actions button",
    "/people": ".filters button",
    "/definitions": "tbody tr:first-child button",
    "/members/{member:path}": ".card-head button.head-end, section button.button-danger",
}
"""What opens the dialogs of a page, by its route."""


class Look:
    """Goes through the studio in one window, without loading it anew, and notes what is amiss.

    Attributes:
        amiss: What was found, each with where.
    """

    def __init__(self, page: Page, width: int) -> None:
        self.amiss: list[str] = []
        self._page = page
        self._width = width
        self._stops = 0
        self._where = ""
        page.set_viewport_size({"width": width, "height": 844})
        page.add_init_script(SAY_WHAT_IS_REFUSED)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self._note(f"fails: {error}"))
        page.on("response", self._answered)

    def go(self, address: str, *, by_night: bool) -> None:
        """Go to a page as links of the studio do, in the next language, and look at it.

        Args:
            address: Where it is.
            by_night: Whether its colours by night are looked at, too.
        """
        self._stops += 1
        language = LANGUAGES[(self._stops + self._width) % len(LANGUAGES)]
        self._where = f"{address} in {language}, {self._width} px"
        go(self._page, address, language)
        self._look(by_night=by_night)
        expect(self._page.locator("h1")).to_be_visible()

    def press(self, button: Locator) -> None:
        """Press a button and look at what it shows, which is closed again if it is a dialog.

        Args:
            button: The button.
        """
        where, self._where = self._where, f"{self._where}, {button.inner_text()}"
        dialog = self._page.locator("dialog[open]")
        button.click()
        if button.get_attribute("role") != "tab":
            dialog.wait_for()
        self._look()
        self._page.keyboard.press("Escape")
        dialog.wait_for(state="detached")
        self._where = where

    def _look(self, *, by_night: bool = True) -> None:
        settled(self._page)
        self._note(*violations(self._page))
        if by_night:
            self._page.emulate_media(color_scheme="dark")
            self._note(*(f"by night: {one}" for one in violations(self._page, *OF_COLOUR)))
            self._page.emulate_media(color_scheme="light")
        if wider := overflow(self._page):
            self._note(f"wider than the window by {wider} px")
        for instant in INSTANT.findall(self._page.locator("main").inner_text()):
            self._note(f"an instant as machines write it: {instant}")

    def _note(self, *amiss: str) -> None:
        self.amiss += [f"{self._where}: {one}" for one in amiss]

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self._note(f"says: {message.text}")

    def _answered(self, answer: Response) -> None:
        if answer.status >= 400:
            self._note(f"got {answer.status} from {answer.url}")


def addresses(studio: Studio, page: Page) -> dict[str, str]:
    """Return an address of each page that the server delivers, by its route.

    A page of one thing needs an address here, or this fails.
    """

    def found(kind: str) -> list[dict[str, Any]]:
        answer = page.request.get(f"{studio.url}/v1/{kind}")
        rows: list[dict[str, Any]] = answer.json()["items"]
        return rows

    richest = max(found("members"), key=lambda one: int(one["points"]))
    one = {
        "/rules/{key}": "/rules/win-back-90d",
        "/campaigns/{campaign}": f"/campaigns/{found('definitions/campaigns')[0]['key']}",
        "/decisions/{decision}": f"/decisions/{found('decisions')[0]['sequence']}",
        "/library/{key}": "/library/win-back-90d",
        "/members/{member:path}": f"/members/{richest['id']}",
    }
    routes = sorted({route.path for route in pages.router.routes})  # type: ignore[attr-defined]
    return {route: one[route] if "{" in route else route for route in routes}


def views(page: Page, address: str) -> list[str]:
    """Return where the views of the page are that is shown."""
    found = page.locator(VIEWS).evaluate_all("all => all.map(one => one.getAttribute('href'))")
    return [one for one in found if one.split("?")[0] == address]


@pytest.mark.parametrize("width", WIDTHS)
def test_everybody_can_use_every_page(studio: Studio, page: Page, width: int) -> None:
    """In each language in turn; of views, tabs and dialogs, some are looked at wide, the others narrow.

    Colours don't depend on the width: by night, each is looked at once.
    """
    look = Look(page, width)
    studio.sign_in(page)
    page.goto(f"{studio.url}/tasks")
    settled(page)
    turn = count(WIDTHS.index(width))
    for route, address in addresses(studio, page).items():
        look.go(address, by_night=width == min(WIDTHS))
        here = views(page, address)
        for view in here:
            if next(turn) % len(WIDTHS):
                look.go(view, by_night=True)
                for button in page.locator(DIALOGS.get(route, "dialog button")).all():
                    look.press(button)
        for button in page.locator(f"{TABS}, {DIALOGS.get(route, TABS)}").all() if not here else []:
            if next(turn) % len(WIDTHS):
                look.press(button)
    assert not look.amiss, "\n".join(look.amiss)
