"""A rule looked at over the real log, taken back to what it said before, and put off."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.editor.looking import overflow, settled, violations
from tests.support.studio import Studio

KEY = "looked-back"


def document(least: int, **more: Any) -> dict[str, Any]:
    """An order of so much: what is published has never come, and never will."""
    return {
        "language": 1,
        "key": KEY,
        "name": {"en": "Looked back", "zh-Hans": "回看"},
        "when": {"type": "event", "event": "Order Completed"},
        "if": {"type": "compare", "fact": "event.total", "op": "gte", "value": least},
        "then": [{"type": "award_points", "points": 5}],
        **more,
    }


def published(studio: Studio, page: Page, *documents: dict[str, Any]) -> None:
    """Put versions of the rule in force, one after the other."""
    path, headers = f"{studio.url}/v1/rules/{KEY}", {"Origin": studio.url}
    for one in documents:
        before = page.request.get(path)
        known = {"If-Match": before.json()["etag"]} if before.ok else {}
        assert page.request.put(f"{path}/draft", data=one, headers=headers | known).ok
        assert page.request.post(f"{path}/publish", data={"past": "skip"}, headers=headers).ok


def write(page: Page, rule: dict[str, Any]) -> None:
    """Type a rule; it isn't saved."""
    page.get_by_role("tab", name="JSON").click()
    page.get_by_label("The rule as JSON").fill(json.dumps(rule))
    expect(page.get_by_text("In step with the cards")).to_be_visible()


def tried(page: Page) -> None:
    """Back-test what is typed; it is found again after the page was left."""
    page.get_by_role("tab", name="Back-test").click()
    page.get_by_label("Period").select_option("365")
    page.get_by_label("The other rules").select_option("none")
    page.get_by_role("button", name="Start back-test").click()
    headline = page.get_by_text(
        re.compile(r"In these 365 days it would have matched \d+ members [\d,]+ times")
    )
    expect(headline).to_be_visible(timeout=60_000)
    assert (page.locator(".bt-samples a").first.get_attribute("href") or "").startswith("/members/")
    page.locator(".bt-samples summary").first.click()
    page.get_by_text("As a table").click()
    expect(page.get_by_role("img", name="Matches and cost by day").locator("canvas")).to_be_visible()
    settled(page)
    assert ([], 0) == (violations(page), overflow(page))
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.get_by_role("tab", name="Back-test").click()
    expect(headline).to_be_visible()


def taken_back(page: Page) -> None:
    """Go back to the first version, which is the third then."""
    page.get_by_role("button", name="Versions").click()
    page.get_by_role("button", name="Go back to this version: Version 1").click()
    dialog = page.get_by_role("dialog", name="Go back to version 1?")
    expect(dialog.locator(".re-line-added")).to_contain_text("9999999")
    settled(page)
    assert [] == violations(page)
    dialog.get_by_role("button", name="Go back", exact=True).click()
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="Versions").click()
    expect(page.get_by_role("listitem", name="Version 3")).to_contain_text("says what version 1 does")
    assert [] == violations(page)
    page.get_by_role("button", name="Close").last.click()


def put_off(page: Page) -> None:
    """Publish what is typed with a start to come."""
    page.get_by_role("button", name="Publish", exact=True).click()
    dialog = page.get_by_role("dialog", name="Publish this rule?")
    dialog.get_by_role("radio", name="At").check()
    confirm = dialog.get_by_role("button", name="Publish", exact=True)
    expect(confirm).to_be_disabled()
    dialog.locator("input[type=datetime-local]").fill("2099-01-01T09:00")
    confirm.click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_text("Scheduled", exact=True)).to_be_visible()


@pytest.mark.usefixtures("quiet")
def test_back_test_roll_back_and_scheduled_start(page: Page, studio: Studio) -> None:
    """What is typed is tried over the log; version 1 comes back as version 3; version 4 waits."""
    page.set_viewport_size({"width": 1360, "height": 900})
    studio.sign_in(page, "mia")
    published(studio, page, document(9_999_999), document(8_888_888))
    page.goto(f"{studio.url}/rules/{KEY}")
    write(page, document(1))
    tried(page)
    taken_back(page)
    write(page, document(7_777_777))
    put_off(page)
    assert "2099" in page.request.get(f"{studio.url}/v1/rules/{KEY}").json()["starts_at"]
