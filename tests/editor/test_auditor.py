"""What an auditor does in the studio: finds a decision, asks why, looks at what was; and changes nothing."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, Response, expect

from tests.editor.looking import overflow, settled, violations
from tests.support.studio import Studio

pytestmark = pytest.mark.usefixtures("quiet")

CHANGES = re.compile(
    r"^(New|Add|Create|Edit|Save|Publish|Submit|Approve|Pause|Resume|Give|Put a tag|Take off|Set level"
    r"|Withdraw|Change|Merge|They are two|Erase|Finish|Retire|Write|Send|Cancel|Invite|Keep out)\b"
)
"""Names of buttons by which something is changed."""

PAGES = (
    "/rules",
    "/members",
    "/decisions",
    "/tasks",
    "/broadcasts",
    "/tags",
    "/outbox",
    "/definitions?kind=coupons",
)


def offered(page: Page) -> list[str]:
    """The buttons of a page by which something would be changed."""
    names: list[str] = page.get_by_role("button").evaluate_all(
        "all => all.filter(one => !one.disabled).map(one => one.ariaLabel || one.textContent.trim())"
    )
    return [name for name in names if CHANGES.search(name)]


def newest(studio: Studio, page: Page) -> dict[str, Any]:
    """The last decision of the invented shop in which a rule fired: of a member with a past."""
    before = (datetime.now(UTC) - timedelta(hours=2)).isoformat()
    sought: dict[str, str | float | bool] = {"outcome": "fired", "until": before}
    found = page.request.get(f"{studio.url}/v1/decisions", params=sought).json()["items"]
    one: dict[str, Any] = next(
        item for item in found if any("@" not in part["rule"] for part in item["outcomes"])
    )
    return one


def test_from_a_decision_to_why_and_to_what_was(studio: Studio, page: Page) -> None:
    studio.sign_in(page, "audrey")
    decision = newest(studio, page)
    rule = next(one for one in decision["outcomes"] if one["result"] == "fired" and "@" not in one["rule"])

    page.goto(f"{studio.url}/decisions")
    page.get_by_label("Outcome").select_option("suppressed")
    expect(page).to_have_url(re.compile("outcome=suppressed"))
    page.goto(f"{studio.url}/decisions?outcome=fired&from={decision['as_of']}&until=2099-01-01T00:00:00Z")
    expect(page.get_by_label("From", exact=True)).not_to_have_value("")
    page.locator(f"a[href='/decisions/{decision['id']}']").click()
    page.get_by_role("link", name="Why did another rule not fire?").click()

    panel = page.get_by_role("region", name="Why did a rule fire, or not?")
    panel.get_by_label("Rule").fill("no rule is called so")
    panel.get_by_label("Day").focus()
    expect(panel.get_by_text("No published rule has this name.")).to_be_visible()
    panel.get_by_label("Rule").fill(rule["name"]["en"])
    expect(panel.get_by_role("status")).to_have_text(re.compile(f"“{re.escape(rule['name']['en'])}” fired"))
    expect(page).to_have_url(re.compile(f"why={rule['rule']}&at="))
    assert (
        panel.get_by_role("link", name="The decision").get_attribute("href") == f"/decisions/{decision['id']}"
    )
    settled(page)
    assert ([], 0) == (violations(page), overflow(page))


def test_a_member_as_it_was(studio: Studio, page: Page) -> None:
    """The address keeps the instant; nothing can be done to the past, and the way back is there."""
    studio.sign_in(page)
    address = f"{studio.url}/v1/members/{newest(studio, page)['member']}"
    entries = page.request.get(f"{address}/timeline").json()["items"]
    zone = ZoneInfo(page.request.get(address).json()["zone"])
    middle = datetime.fromisoformat(entries[len(entries) // 2]["as_of"])
    at = middle.astimezone(zone).replace(second=0, microsecond=0)
    then = page.request.get(address, params={"as_of": at.isoformat()}).json()

    page.goto(address.replace("/v1/", "/"))
    give = page.get_by_role("button", name="Give or take")
    expect(give).to_be_visible()
    assert offered(page)
    page.get_by_text("As it was on", exact=True).click()
    page.get_by_label("Day and time").fill(at.strftime("%Y-%m-%dT%H:%M"))
    page.get_by_role("button", name="Show", exact=True).click()
    banner = page.get_by_role("status").filter(has_text="As it was on")
    expect(banner).to_be_visible()
    settled(page)
    expect(page.locator("#profile + dl")).to_contain_text(f"Events{then['events']}")
    assert entries[0]["member_sequence"] > then["events"]
    assert [] == offered(page)
    assert ([], 0) == (violations(page), overflow(page))
    banner.get_by_role("link", name="Back to now").click()
    expect(give).to_be_visible()


def test_who_only_reads_is_offered_nothing_that_would_be_refused(studio: Studio, page: Page) -> None:
    studio.sign_in(page, "audrey")
    refused: list[str] = []

    def heard(answer: Response) -> None:
        if answer.status == 403:
            refused.append(answer.url)

    page.on("response", heard)
    rules = page.request.get(f"{studio.url}/v1/rule-names").json()["items"]
    member = newest(studio, page)["member"]

    for address in (*PAGES, f"/members/{member}"):
        page.goto(f"{studio.url}{address}")
        settled(page)
        assert [] == offered(page), address

    page.goto(f"{studio.url}/rules/{rules[0]['key']}")
    expect(page.get_by_text("You may read this rule and try it, not change it.")).to_be_visible()
    assert page.locator(".re-all").evaluate("all => all.disabled")
    expect(page.get_by_role("button", name="Save", exact=True)).to_have_count(0)
    assert [] == violations(page)
    assert [] == refused
