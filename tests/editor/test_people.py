"""People, keys, settings and one's own password, in the studio."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.editor.looking import overflow, settled, speak, violations
from tests.support.studio import PASSWORD, Studio

pytestmark = pytest.mark.usefixtures("quiet")


def enter(page: Page, studio: Studio, name: str, password: str) -> None:
    """Sign in as people do."""
    page.goto(f"{studio.url}/login")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_somebody_is_let_in_chooses_a_password_and_is_kept_out(studio: Studio, page: Page) -> None:
    studio.sign_in(page)
    page.goto(f"{studio.url}/people")
    page.get_by_role("button", name="Let somebody in").click()
    page.get_by_label("Name").fill("noa")
    page.get_by_label("Role").select_option(label="Auditor")
    settled(page)
    assert [] == violations(page)
    page.get_by_role("dialog").get_by_role("button", name="Let somebody in").click()
    password = page.locator(".secret").inner_text()
    page.get_by_role("button", name="Done").click()
    row = page.get_by_role("row").filter(has_text="noa")
    expect(row).to_contain_text("must choose a password")
    assert password not in page.content()

    page.context.clear_cookies()
    enter(page, studio, "noa", password)
    expect(page.get_by_role("heading", level=1, name="Choose your password")).to_be_visible()
    assert [] == violations(page)
    page.get_by_label("Password until now").fill(password)
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("New password once more").fill(PASSWORD)
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    page.goto(f"{studio.url}/people")
    expect(page.get_by_role("main")).to_contain_text("Ask one of them")
    expect(page.get_by_role("main")).to_contain_text("admin")

    studio.sign_in(page)
    page.goto(f"{studio.url}/people")
    page.get_by_role("button", name="Manage noa").click()
    settled(page)
    assert [] == violations(page)
    page.get_by_role("button", name="Keep out").click()
    expect(row).to_contain_text("kept out")


def test_a_key_is_made_and_ended_in_chinese_at_night_on_a_narrow_screen(studio: Studio, page: Page) -> None:
    speak(page, "zh-Hans")
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 390, "height": 844})
    studio.sign_in(page)
    page.goto(f"{studio.url}/people?view=keys")
    page.get_by_role("button", name="新建密钥").click()
    page.get_by_role("textbox", name="系统").fill("till-77")
    page.get_by_label("读取会员").check()
    page.get_by_role("dialog").get_by_role("button", name="新建密钥").click()
    key = page.locator(".secret").inner_text()
    expect(page.get_by_role("dialog")).to_contain_text(f"curl -u {key}: {studio.url}/v1/members")
    settled(page)
    assert [] == violations(page)
    page.get_by_role("button", name="完成").click()
    assert key not in page.content()
    page.get_by_role("button", name=re.compile("停用 till-77 的密钥")).click()
    page.get_by_role("dialog").get_by_role("button", name="停用").click()
    expect(page.get_by_role("status").filter(has_text="till-77 的密钥已停用")).to_be_visible()
    settled(page)
    assert [] == violations(page)
    assert overflow(page) <= 0


def test_settings_are_in_one_place(studio: Studio, page: Page) -> None:
    studio.sign_in(page)
    page.goto(f"{studio.url}/rules")
    page.get_by_role("button", name="Set-up").click()
    page.get_by_role("link", name="Settings").click()
    page.get_by_label("Currency").fill("CNY")
    page.get_by_label("Name in English").fill("Corner shop")
    page.get_by_role("button", name="Save the programme").click()
    expect(page.get_by_text("The programme is saved.")).to_be_visible()
    approval = page.get_by_label("Publish only what a second person has approved")
    approval.click()
    expect(
        page.get_by_text("Rules are published only when a second person has approved them.")
    ).to_be_visible()
    approval.click()
    expect(page.get_by_text("Rules may be published without a second person.")).to_be_visible()
    settled(page)
    assert [] == violations(page)

    speak(page, "zh-Hans")
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 390, "height": 844})
    studio.sign_in(page, "audrey")
    page.goto(f"{studio.url}/settings")
    expect(page.get_by_role("heading", level=1, name="设置")).to_be_visible()
    expect(page.get_by_text("Corner shop")).to_be_visible()
    expect(page.get_by_role("button", name="保存会员计划")).to_be_hidden()
    settled(page)
    assert [] == violations(page)
    assert overflow(page) <= 0
