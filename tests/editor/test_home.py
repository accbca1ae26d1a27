"""The first page: how the programme is today, for everybody, by day and by night."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.editor.looking import overflow, settled, speak, violations
from tests.support.studio import Studio

pytestmark = pytest.mark.usefixtures("quiet")

WORDS = {
    "en": (
        "Home",
        "What needs you",
        "Today so far",
        "Show",
        "Events",
        "The same as a table",
        "Rules fired",
        "Events a day",
    ),
    "zh-Hans": ("首页", "待您处理", "今日至今", "显示", "事件", "以表格显示", "规则触发", "每日事件"),
}
DRAWING = "document.querySelector('.hm-chart canvas').toDataURL()"


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_the_first_page_tells_how_the_programme_is(studio: Studio, page: Page, language: str) -> None:
    """An auditor looks: figures lead to what they count, the chart is a table too, and follows the night."""
    home, needs, today, show, events, table, fired, a_day = WORDS[language]
    speak(page, language)
    studio.sign_in(page, "audrey")
    page.goto(f"{studio.url}/outbox")
    page.locator(".brand").click()
    expect(page.get_by_role("heading", level=1, name=home)).to_be_visible()
    expect(page.get_by_role("link", name=home, exact=True)).to_have_attribute("aria-current", "page")
    for part in (needs, today):
        expect(page.get_by_role("heading", level=2, name=part)).to_be_visible()

    chart = page.get_by_role("img", name=re.compile(fired))
    expect(chart.locator("canvas")).to_be_visible()
    page.get_by_label(show, exact=True).select_option(label=events)
    expect(page.get_by_role("img", name=re.compile(a_day))).to_be_visible()
    page.get_by_text(table, exact=True).click()
    expect(page.locator(".hm-days tbody tr")).to_have_count(30)
    settled(page)
    assert [] == violations(page)

    by_day = page.evaluate(DRAWING)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"before => {DRAWING} !== before", arg=by_day)
    assert [] == violations(page)
    page.set_viewport_size({"width": 390, "height": 844})
    assert 0 >= overflow(page)

    page.get_by_role("link", name=fired, exact=True).click()
    expect(page).to_have_url(re.compile(r"/decisions\?from=.+&until=.+&outcome=fired$"))
