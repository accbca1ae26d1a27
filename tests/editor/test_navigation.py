"""The navigation in groups, by mouse and by keyboard."""

import re
from itertools import product

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.editor.looking import overflow, settled, speak, violations
from tests.support.studio import Studio

pytestmark = pytest.mark.usefixtures("quiet")


@pytest.fixture
def nav(studio: Studio, page: Page) -> Locator:
    """The navigation above the list of rules."""
    speak(page, "en")
    studio.sign_in(page)
    page.goto(f"{studio.url}/rules")
    settled(page)
    return page.get_by_role("navigation", name="Main")


def group(nav: Locator, name: str) -> Locator:
    return nav.get_by_role("button", name=name, exact=True)


def link(nav: Locator, name: str) -> Locator:
    return nav.get_by_role("link", name=name, exact=True)


def test_a_group_opens_leads_on_and_says_where_one_is(nav: Locator, page: Page) -> None:
    expect(link(nav, "Tags")).to_be_hidden()
    group(nav, "Members").click()
    expect(group(nav, "Members")).to_have_attribute("aria-expanded", "true")
    link(nav, "Tags").click()

    expect(page).to_have_url(re.compile("/tags$"))
    expect(link(nav, "Tags")).to_be_hidden()
    expect(group(nav, "Members")).to_have_attribute("aria-current", "true")
    expect(group(nav, "Audit")).not_to_have_attribute("aria-current", "true")
    group(nav, "Members").click()
    expect(link(nav, "Tags")).to_have_attribute("aria-current", "page")


def test_it_is_used_by_keyboard(nav: Locator, page: Page) -> None:
    messages = group(nav, "Messages")
    messages.focus()
    page.keyboard.press("Enter")
    expect(messages).to_have_attribute("aria-expanded", "true")
    for key, name in [
        ("ArrowDown", "Broadcasts"),
        ("ArrowDown", "Outbox"),
        ("ArrowUp", "Broadcasts"),
        ("ArrowUp", "Tasks"),
        ("ArrowDown", "Broadcasts"),
    ]:
        page.keyboard.press(key)
        expect(link(nav, name)).to_be_focused()
    page.keyboard.press("Escape")
    expect(link(nav, "Broadcasts")).to_be_hidden()
    expect(messages).to_be_focused()

    page.keyboard.press("Space")
    page.keyboard.press("ArrowUp")
    expect(link(nav, "Tasks")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/tasks$"))


def test_leaving_a_group_closes_it(nav: Locator, page: Page) -> None:
    group(nav, "Audit").click()
    expect(link(nav, "Replays")).to_be_visible()
    group(nav, "Campaigns").click()
    expect(link(nav, "Replays")).to_be_hidden()
    expect(link(nav, "Figures")).to_be_visible()
    page.locator("h1").click()
    expect(link(nav, "Figures")).to_be_hidden()

    group(nav, "Audit").click()
    for name in ("Decisions", "Replays", "Changes", "Proof"):
        page.keyboard.press("Tab")
        expect(link(nav, name)).to_be_focused()
    page.keyboard.press("Tab")
    expect(link(nav, "Replays")).to_be_hidden()


@pytest.mark.parametrize(
    ("language", "groups"), [("en", ["Members", "Messages"]), ("zh-Hans", ["会员", "消息", "审计"])]
)
def test_an_open_group_fits_the_window(studio: Studio, page: Page, language: str, groups: list[str]) -> None:
    speak(page, language)
    studio.sign_in(page)
    page.goto(f"{studio.url}/settlement")
    settled(page)
    for width, name in product((390, 1360), groups):
        page.set_viewport_size({"width": width, "height": 800})
        page.locator(".nav").get_by_role("button", name=name, exact=True).click()
        assert (0, []) == (overflow(page), violations(page))
        for one in page.locator(".nav-group ul:visible a").all():
            box = one.bounding_box()
            assert box is not None
            assert 0 <= box["x"] <= box["x"] + box["width"] <= width
