"""Broadcasts as a marketer sends them, and the live count wherever somebody says who is meant."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.editor.looking import overflow, settled, speak, violations
from tests.support.studio import Studio

pytestmark = pytest.mark.usefixtures("quiet")

COUNTED = re.compile(r"\d+ members? ")


def opened(studio: Studio, page: Page, path: str, language: str = "en") -> None:
    speak(page, language)
    studio.sign_in(page, "mia")
    page.goto(studio.url + path)
    settled(page)


def add(dialog: Locator, kind: str, button: str = "Add condition") -> None:
    dialog.get_by_role("button", name=button, exact=True).first.click()
    dialog.get_by_role("menuitem", name=kind, exact=True).click()


def named(dialog: Locator, name: str, key: str) -> None:
    dialog.get_by_label("Name", exact=True).fill(name)
    dialog.get_by_label("Key", exact=False).first.fill(key)
    dialog.get_by_label("Message", exact=True).select_option(index=1)


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("row").filter(has=page.get_by_text(name, exact=True))


def test_a_broadcast_is_written_kept_taken_up_again_and_sent(studio: Studio, page: Page) -> None:
    opened(studio, page, "/broadcasts")
    page.get_by_role("button", name="New broadcast").click()
    dialog = page.get_by_role("dialog", name="New broadcast")
    named(dialog, "Tea tasting", "tea-tasting")
    send = dialog.get_by_role("button", name="Send", exact=True)
    expect(send).to_be_disabled()
    dialog.get_by_label("To", exact=True).select_option("condition")
    expect(dialog.get_by_text("No conditions: it is for every member.")).to_be_visible()
    expect(send).to_be_disabled()  # nobody broadcasts to everybody by leaving something out
    add(dialog, "History")
    expect(dialog.get_by_text(COUNTED)).to_be_visible()
    expect(send).to_be_enabled()
    dialog.get_by_role("button", name="Save draft").click()
    expect(dialog).to_be_hidden()
    expect(row(page, "Tea tasting")).to_contain_text("Draft")
    expect(row(page, "Tea tasting")).to_contain_text("To: the order count is at least 1")

    page.reload()
    row(page, "Tea tasting").get_by_role("button", name="Edit").click()
    dialog = page.get_by_role("dialog", name="Edit Tea tasting")
    expect(dialog.get_by_label("Key", exact=False).first).to_be_disabled()
    expect(dialog.get_by_role("group", name="Condition 1")).to_be_visible()
    expect(dialog.get_by_text(COUNTED)).to_be_visible()
    dialog.get_by_role("button", name="Send", exact=True).click()
    expect(dialog).to_be_hidden()
    expect(row(page, "Tea tasting")).not_to_contain_text("Draft")
    for _ in range(60):
        if row(page, "Tea tasting").get_by_text("Done", exact=True).count():
            break
        page.wait_for_timeout(500)
        page.reload()
        settled(page)
    row(page, "Tea tasting").get_by_role("button", name="Progress").click()
    progress = page.get_by_role("dialog", name="Progress of Tea tasting")
    expect(progress.get_by_role("row").filter(has_text="Members").last).to_contain_text(re.compile(r"\d"))


def test_a_condition_that_is_not_finished_is_not_asked(studio: Studio, page: Page) -> None:
    """The server is never asked to count what it would refuse."""
    opened(studio, page, "/broadcasts")
    asked: list[str] = []
    page.on(
        "request", lambda one: asked.append(one.url) if one.url.endswith(("/audience", "/preview")) else None
    )
    page.get_by_role("button", name="New broadcast").click()
    dialog = page.get_by_role("dialog", name="New broadcast")
    dialog.get_by_label("To", exact=True).select_option("condition")
    add(dialog, "History")
    expect(dialog.get_by_text(COUNTED)).to_be_visible()
    asked.clear()
    dialog.get_by_role("textbox", name="Value").fill("")
    expect(dialog.get_by_text("There is nothing to compare with.")).to_be_visible()
    expect(dialog.get_by_text(COUNTED)).to_have_count(0)
    page.wait_for_timeout(1_500)
    assert [] == asked
    dialog.get_by_role("textbox", name="Value").fill("2")
    expect(dialog.get_by_text(COUNTED)).to_be_visible()


def test_a_draft_is_thrown_away(studio: Studio, page: Page) -> None:
    opened(studio, page, "/broadcasts")
    page.get_by_role("button", name="New broadcast").click()
    dialog = page.get_by_role("dialog", name="New broadcast")
    named(dialog, "Nothing", "nothing")
    dialog.get_by_role("button", name="Save draft").click()
    row(page, "Nothing").get_by_role("button", name="Delete").click()
    expect(row(page, "Nothing")).to_have_count(0)


@pytest.mark.parametrize("kind", ["segments", "campaigns"])
def test_the_forms_of_segments_and_campaigns_count(studio: Studio, page: Page, kind: str) -> None:
    opened(studio, page, f"/definitions?kind={kind}")
    page.get_by_role("button", name=f"New {kind.removesuffix('s')}").click()
    dialog = page.get_by_role("dialog")
    add(dialog, "History")
    expect(dialog.get_by_text(COUNTED)).to_be_visible()
    dialog.get_by_role("textbox", name="Value").fill("")
    expect(dialog.get_by_text(COUNTED)).to_have_count(0)
    dialog.get_by_role("textbox", name="Value").fill("3")
    expect(dialog.get_by_text(COUNTED)).to_be_visible()
    if kind == "campaigns":
        return
    dialog.get_by_label("Key").fill("regular-buyers")
    dialog.get_by_label("Name in English").fill("Regular buyers")
    dialog.get_by_label("Meaning").fill("Bought three times")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden(timeout=60_000)
    expect(row(page, "regular-buyers")).to_contain_text("Bought three times")


@pytest.mark.parametrize(
    ("language", "create", "to"), [("en", "New broadcast", "To"), ("zh-Hans", "新建群发", "发给")]
)
def test_the_form_can_be_used_by_everybody(
    studio: Studio, page: Page, language: str, create: str, to: str
) -> None:
    opened(studio, page, "/broadcasts", language)
    page.get_by_role("button", name=create).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label(to, exact=True).select_option("condition")
    dialog.get_by_role("button", name=re.compile("^(Add condition|添加条件)$")).click()
    dialog.get_by_role("menuitem", name=re.compile("^(History|历史行为)$")).click()
    expect(dialog.get_by_role("status").filter(has_text=re.compile(r"\d"))).to_be_visible()
    for width in (1360, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert (0, []) == (overflow(page), violations(page))
