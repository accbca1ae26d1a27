"""The studio in a real browser, over the demonstration's data."""

import pytest
from playwright.sync_api import Page, expect

from tests.editor.conftest import Profiles
from tests.editor.looking import speak, violations
from tests.support.studio import Studio

pytestmark = pytest.mark.usefixtures("quiet")


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1, name=text)).to_be_visible()


def open_first_member(studio: Studio, page: Page) -> None:
    page.goto(f"{studio.url}/members")
    page.locator("tbody a").first.click()
    expect(page.locator(".timeline > li").first).to_be_visible()


def test_why_a_member_got_something_is_two_clicks_away(studio: Studio, page: Page) -> None:
    speak(page, "zh-Hans")
    studio.sign_in(page)
    open_first_member(studio, page)
    page.locator(".timeline > li.acted").first.get_by_role("link", name="为什么？").click()
    expect(page.locator(".outcome").first).to_be_visible()
    expect(page.locator(".outcome .effects li").first).not_to_be_empty()
    expect(page.locator(".explanation p").first).not_to_be_empty()
    expect(page.locator(".digest").first).to_be_visible()


def test_an_unknown_address_has_a_page(studio: Studio, profiles: Profiles) -> None:
    page = profiles("visitor").new_page()
    answer = page.goto(f"{studio.url}/nowhere")
    assert answer is not None
    assert 404 == answer.status
    heading(page, "There is no such page")
    assert [] == violations(page)
    page.get_by_role("link", name="前往规则").click()
    expect(page).to_have_url(f"{studio.url}/login?next=%2Frules")
    page.close()


def test_errors_are_told_in_the_language_of_the_studio(studio: Studio, profiles: Profiles) -> None:
    page = profiles("reader").new_page()
    speak(page, "zh-Hans")
    studio.sign_in(page)
    page.goto(f"{studio.url}/rules/no-such-rule")
    expect(page.get_by_role("alert")).to_contain_text("这里没有内容")
    page.close()


def test_the_language_is_kept(studio: Studio, page: Page) -> None:
    studio.sign_in(page)
    page.goto(f"{studio.url}/rules")
    page.get_by_role("button", name="简体中文").click()
    heading(page, "规则")
    page.reload()
    heading(page, "规则")
    page.get_by_role("button", name="English").click()
    heading(page, "Rules")


def test_rules_are_found_by_their_words(studio: Studio, page: Page) -> None:
    speak(page, "en")
    studio.sign_in(page)
    page.goto(f"{studio.url}/rules")
    cards = page.locator(".rule-card")
    expect(cards.first).to_be_visible()
    page.get_by_label("Search rules").fill("no such words anywhere")
    expect(page.get_by_role("heading", name="No rule matches")).to_be_visible()
    page.get_by_label("Search rules").fill("")
    expect(cards.first).to_be_visible()
