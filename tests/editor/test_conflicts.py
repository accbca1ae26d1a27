"""Before a rule is published, its author sees what it gets in the way of, and with whom."""

import pytest
from playwright.sync_api import Page, expect

from tests.editor.looking import overflow, settled, speak, violations
from tests.support.studio import Studio

DRAFT = {
    "language": 1,
    "key": "not-super",
    "name": {"en": "No super user any more", "zh-Hans": "不再是超级用户"},
    "when": {"type": "event", "event": "Order Completed"},
    "if": {"type": "compare", "fact": "event.total", "op": "gte", "value": 500},
    "then": [{"type": "remove_tag", "tag": "super-user"}],
}
SAID = {
    "en": (
        "Publish this rule?",
        "Gets in the way of other rules",
        "A member to whom it happens",
        "removes it at the same moment",
    ),
    "zh-Hans": ("发布此规则？", "与其他规则冲突", "会发生此情况的会员", "在同一时刻移除它"),
}


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_a_conflict_is_shown_with_its_witness(page: Page, studio: Studio, language: str) -> None:
    title, heading, who, said = SAID[language]
    speak(page, language)
    studio.sign_in(page, "mia")
    key = f"not-super-{language.lower()}"
    page.request.put(
        f"{studio.url}/v1/rules/{key}/draft", data=DRAFT | {"key": key}, headers={"Origin": studio.url}
    )

    page.goto(f"{studio.url}/rules/{key}?publish")
    dialog = page.get_by_role("dialog", name=title)
    conflicts = dialog.get_by_role("region", name=heading)
    expect(conflicts).to_contain_text(said)
    conflicts.get_by_text(who).first.click()
    last = conflicts.locator(".re-shows").first
    expect(last).to_contain_text("total" if language == "en" else "订单金额")
    expect(last.locator(".re-effects")).to_have_count(2)
    settled(page)
    assert [] == violations(page)
    assert overflow(page) <= 0
