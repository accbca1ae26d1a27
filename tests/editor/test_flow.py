"""The picture of a rule beside its cards."""

import pytest
from playwright.sync_api import Page, expect

from tests.editor.looking import speak, violations
from tests.support.studio import Studio

RULE = "recall-by-value"


@pytest.mark.usefixtures("quiet")
def test_a_step_of_the_picture_leads_to_its_place_in_the_form(page: Page, studio: Studio) -> None:
    scripts: list[str] = []
    page.on("request", lambda asked: scripts.append(asked.url) if asked.resource_type == "script" else None)
    studio.sign_in(page, "mia")
    speak(page, "zh-Hans")
    page.goto(f"{studio.url}/rules/{RULE}")
    tab = page.get_by_role("tab", name="流程图")
    expect(tab).to_be_visible()
    assert not [one for one in scripts if "FlowTab" in one]

    tab.click()
    picture = page.get_by_role("group", name="规则流程图")
    steps = picture.locator("button.rf-step")
    expect(steps.first).to_contain_text("何时")
    assert [one for one in scripts if "FlowTab" in one]
    expect(steps.locator(".rf-title")).to_have_text(
        ["何时", "发送消息", "等待事件", "分支", "创建任务", "发放优惠券", "目标"]
    )
    expect(picture.get_by_text("否则", exact=True)).to_be_visible()
    assert violations(page) == []

    waiting = picture.get_by_role("button", name="等待事件").first
    waiting.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-row='/then/1'] input:focus")).to_have_value("7")
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("14")
    expect(waiting).to_contain_text("14 天")


@pytest.mark.usefixtures("quiet")
def test_who_only_reads_sees_the_picture_and_changes_nothing(page: Page, studio: Studio) -> None:
    studio.sign_in(page, "audrey")
    speak(page, "en")
    page.goto(f"{studio.url}/rules/{RULE}")
    page.get_by_role("tab", name="Flow").click()
    steps = page.get_by_role("group", name="The rule as a picture").locator("button.rf-step")
    expect(steps).to_have_count(7)
    expect(steps.nth(2)).to_be_enabled()
    steps.nth(2).press("Enter")
    expect(page.locator("[data-row='/then/1'] input").first).to_be_in_viewport()
    page.keyboard.type("14")
    page.keyboard.press("Alt+Delete")
    expect(steps).to_have_count(7)
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    expect(page.locator(".re-form :is(input, select, textarea, button):enabled")).to_have_count(0)
    assert violations(page) == []
