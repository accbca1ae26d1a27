"""The rule library in the studio: searched, opened, watched and adopted, in both languages."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.editor.looking import overflow, settled, speak, violations
from tests.support.studio import Studio

pytestmark = pytest.mark.usefixtures("quiet")
PICTURES = os.environ.get("REGULARS_PICTURES")


def looked_at(page: Page, name: str) -> None:
    """Nothing is in anybody's way on a page, by day, by night and on a phone."""
    for width, scheme in ((1280, "light"), (390, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        settled(page)
        assert [] == violations(page), (name, width, scheme)
        assert 0 >= overflow(page), (name, width)
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"library-{name}-{width}.png")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")


def test_a_rule_is_found_watched_and_adopted(studio: Studio, page: Page) -> None:
    """From the list of rules to the guide of a draft of one's own."""
    speak(page, "en")
    studio.sign_in(page, "mia")
    page.goto(f"{studio.url}/rules")
    page.get_by_role("link", name="New from library").click()
    expect(page.get_by_role("heading", name="Library", level=1)).to_be_visible()
    page.get_by_role("searchbox", name="Search the library").fill("lapsed 90")
    expect(page.get_by_role("status")).to_have_text(re.compile(r"^\d of \d rules$"))
    looked_at(page, "list-en")
    page.get_by_role("link", name="Win back lapsed members", exact=True).click()

    expect(page).to_have_url(f"{studio.url}/library/win-back-90d")
    play = page.get_by_role("region", name="Watch it")
    expect(play.get_by_role("status")).to_have_text("Step 1 of 2")
    expect(play.locator(".timeline > li")).to_have_count(1)
    play.get_by_role("button", name="Next step").click()
    expect(play).to_contain_text("90 days pass")
    expect(play.locator(".timeline > li").last).to_contain_text("Fired")
    looked_at(page, "rule-en")
    play.get_by_label("Example").select_option("4")
    expect(play).to_contain_text("The rule does nothing.")

    adopt = page.get_by_role("region", name="Make it a rule of yours")
    expect(adopt.get_by_label("Key")).to_have_value("win-back-90d-2")
    adopt.get_by_role("button", name="Adopt").click()
    expect(page).to_have_url(re.compile("/rules/win-back-90d-2"))
    expect(page.get_by_role("tab", name="Guide")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("tabpanel")).to_contain_text("When regulars order more often")


def test_it_speaks_chinese_and_others_read(studio: Studio, page: Page) -> None:
    speak(page, "zh-Hans")
    studio.sign_in(page, "audrey")
    page.goto(f"{studio.url}/library")
    page.get_by_role("searchbox", name="搜索规则库").fill("流失")
    looked_at(page, "list-zh")
    page.goto(f"{studio.url}/library/churn-care")
    expect(page.get_by_role("heading", name="看它如何运作")).to_be_visible()
    expect(page.get_by_label("示例").locator("option").first).to_have_text(
        re.compile(r"^示例 1：(触发|不触发|边界)$")
    )
    expect(page.locator("[lang=en]").filter(visible=True).first).to_be_visible()  # its own name, in English
    page.get_by_role("button", name="显示全部").click()
    expect(page.get_by_role("button", name="采用")).to_have_count(0)
    expect(page.get_by_text("营销人员或管理员可以采用这条规则。")).to_be_visible()
    looked_at(page, "rule-zh")
