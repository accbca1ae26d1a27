"""A member's page on messages: consent by hand, what waits, what was held back, and journeys."""

import base64
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.editor.looking import overflow, settled, speak, violations
from tests.support.studio import Studio

pytestmark = pytest.mark.usefixtures("quiet")
ALL_DAY = {"from": "00:00", "until": "23:59", "channels": ["wecom"]}


def tell(studio: Studio, page: Page, member: str, event: str) -> None:
    """Let an event happen to a member."""
    key = base64.b64encode(f"{studio.key}:".encode()).decode()
    answer = page.request.post(
        f"{studio.url}/v1/track",
        data={"userId": member, "event": event},
        headers={"Authorization": f"Basic {key}"},
    )
    assert answer.ok, answer.text()


def put(studio: Studio, page: Page, path: str, said: dict[str, Any]) -> None:
    answer = page.request.put(f"{studio.url}/v1/{path}", data=said, headers={"Origin": studio.url})
    assert answer.ok, answer.text()


def published(studio: Studio, page: Page, key: str, then: list[dict[str, Any]]) -> None:
    """Publish a rule on *Bell Rung*."""
    event = {"name": "Bell Rung", "label": {"en": "bell rung", "zh-Hans": "响铃"}, "properties": []}
    put(studio, page, "definitions/events/Bell%20Rung", event)
    rule = {"language": 1, "key": key, "name": {"en": f"The {key}", "zh-Hans": f"规则 {key}"}}
    put(
        studio,
        page,
        f"rules/{key}/draft",
        {**rule, "when": {"type": "event", "event": "Bell Rung"}, "then": then},
    )
    answer = page.request.post(
        f"{studio.url}/v1/rules/{key}/publish", data={"past": "skip"}, headers={"Origin": studio.url}
    )
    assert answer.ok, answer.text()


def message(channel: str) -> dict[str, str]:
    return {"type": "send_message", "channel": channel, "template": "welcome"}


def test_consent_is_changed_by_hand_with_a_reason(studio: Studio, page: Page) -> None:
    """It holds from the next message on, and the page says who noted it, and why."""
    studio.sign_in(page)
    published(studio, page, "sms-bell", [message("sms")])
    tell(studio, page, "reached-1", "Signed Up")
    page.goto(f"{studio.url}/members/reached-1")
    card = page.get_by_role("region", name="Marketing messages")
    expect(card.get_by_role("listitem").filter(has_text="SMS")).to_contain_text("welcome")
    card.get_by_role("button", name="Change: SMS").click()
    dialog = page.get_by_role("dialog", name="Marketing by SMS")
    expect(dialog.get_by_label("The member")).to_have_value("withdrawn")
    assert [] == violations(page)
    dialog.get_by_label("Reason").fill("Asked us on the phone")
    dialog.get_by_role("button", name="Do it").click()
    expect(page.get_by_text("It is done.")).to_be_visible()
    sms = card.get_by_role("listitem").filter(has_text="SMS")
    expect(sms).to_contain_text("not to be sent")
    expect(sms).to_contain_text("objected · noted by admin")
    expect(sms).to_contain_text("Asked us on the phone")

    tell(studio, page, "reached-1", "Bell Rung")
    page.reload()
    page.get_by_role("group", name="Show").get_by_role("button", name="Messages").click()
    row = page.get_by_role("row").filter(has_text="The sms-bell")
    expect(row).to_contain_text("Not sent")
    expect(row).to_contain_text("The member has not agreed to marketing by this channel")
    settled(page)
    assert [] == violations(page)


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_what_waits_for_quiet_hours_and_which_step_waits_are_shown(
    studio: Studio, page: Page, language: str
) -> None:
    english = language == "en"
    speak(page, language)
    studio.sign_in(page)
    night = {"key": "still", "name": {"en": "Still", "zh-Hans": "安静"}, "quiet_hours": ALL_DAY}
    put(studio, page, "definitions/contact/still", night)
    rule = f"bell-{language.lower()}"
    published(studio, page, rule, [message("wecom"), {"type": "wait", "for": {"days": 3}}, message("push")])
    member = f"reached-{language}"
    tell(studio, page, member, "Bell Rung")
    page.goto(f"{studio.url}/members/{member}")

    waiting = page.get_by_role("region", name="Waiting for quiet hours" if english else "等待免打扰时段结束")
    expect(waiting).to_contain_text(f"The {rule}" if english else f"规则 {rule}")
    journeys = page.get_by_role("region", name="Journeys under way" if english else "进行中的旅程")
    journey = journeys.get_by_role("listitem").filter(has_text=rule)
    expect(journey).to_contain_text("wait 3 days" if english else "等待 3 天")
    expect(journey).to_contain_text("by app push" if english else "应用推送")
    shown = page.get_by_role("group", name="Show" if english else "查看")
    shown.get_by_role("button", name="Messages" if english else "消息").click()
    row = page.get_by_role("row").filter(has_text=rule)
    expect(row).to_contain_text("Held: quiet hours" if english else "免打扰等待中")
    settled(page)
    assert [] == violations(page)
    page.set_viewport_size({"width": 390, "height": 844})
    assert overflow(page) <= 0


def test_an_auditor_reads_consent_and_changes_nothing(studio: Studio, page: Page) -> None:
    studio.sign_in(page)
    tell(studio, page, "reached-2", "Signed Up")
    studio.sign_in(page, "audrey")
    page.goto(f"{studio.url}/members/reached-2")
    expect(page.get_by_role("region", name="Marketing messages")).to_contain_text("SMS")
    expect(page.get_by_role("button", name="Change: SMS")).to_have_count(0)
