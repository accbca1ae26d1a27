"""Tags in the studio: the report, merging with a preview, what goes together, and a member's tags by hand."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.studio import Studio

pytestmark = pytest.mark.usefixtures("quiet")
PICTURES = os.environ.get("REGULARS_PICTURES")


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=False)


def tagged(studio: Studio, page: Page, member: str, tag: str) -> None:
    said = {"id": f"{len(tag)}-{member}", "tag": tag, "why": "Told us in the store"}
    answer = page.request.post(
        f"{studio.url}/v1/members/{member}/tags", data=said, headers={"Origin": studio.url}
    )
    assert answer.ok, answer.text()


def members(studio: Studio, page: Page) -> list[str]:
    found = page.request.get(f"{studio.url}/v1/members").json()["items"]
    return [one["id"] for one in found]


def test_tags_are_looked_after(studio: Studio, page: Page) -> None:
    studio.sign_in(page)
    people = members(studio, page)[:12]
    for at, member in enumerate(people):
        tagged(studio, page, member, "likes-oolong")
        if at < 11:
            tagged(studio, page, member, "taste-light")
        if at < 3:
            tagged(studio, page, member, "moments-bargain-buyer")
    page.goto(f"{studio.url}/tags")
    expect(page.get_by_role("heading", name="Tags", level=1)).to_be_visible()
    row = page.get_by_role("row").filter(has=page.get_by_text("likes-oolong", exact=True))
    expect(row).to_contain_text("12 by hand")
    row.get_by_text(re.compile(r"^\d+ places?$")).click()
    expect(row.get_by_role("link", name="Chose oolong in the survey")).to_be_visible()
    order = page.locator("tbody code").all_inner_texts()
    assert order.index("bargain-buyer") + 1 == order.index("moments-bargain-buyer")
    picture(page, "tags-en")

    page.get_by_role("searchbox", name="Search").fill("oolong")
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_role("button", name="Merge Likes oolong").click()
    dialog = page.get_by_role("dialog")
    page.get_by_label("Into", exact=True).select_option("taste-light")
    said = re.compile(r"1\d members have it; [1-9] of them get the other tag by this\.")
    expect(dialog).to_contain_text(said)
    expect(dialog.get_by_role("link", name="Chose oolong in the survey")).to_be_visible()
    picture(page, "tags-merge-en")
    dialog.get_by_role("button", name="Merge", exact=True).click()
    expect(page.get_by_text("It is done. Members follow within moments.")).to_be_visible()
    expect(page.get_by_role("row").nth(1)).to_contain_text("merged into Likes it light")

    page.get_by_role("link", name="What goes together").click()
    page.get_by_label("Members with both, at least").fill("2")
    expect(page.get_by_role("row").nth(1)).to_contain_text("times as likely to have")
    picture(page, "tags-together-en")


def test_a_tag_by_hand_shows_who_and_why(studio: Studio, page: Page) -> None:
    studio.sign_in(page)
    member = members(studio, page)[-1]
    page.goto(f"{studio.url}/members/{member}")
    page.get_by_role("button", name="Put a tag on").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Which").select_option("caffeine-sensitive")
    dialog.get_by_label("Reason").fill("Cannot sleep after green tea")
    picture(page, "tag-by-hand-en")
    dialog.get_by_role("button", name="Do it").click()
    expect(page.get_by_text("It is done.")).to_be_visible()
    card = page.get_by_role("region", name="Tags")
    expect(card).to_contain_text("person:admin")
    expect(card).to_contain_text("Cannot sleep after green tea")
    picture(page, "member-tags-en")
    card.get_by_role("button", name="Take off: Sensitive to caffeine").click()
    dialog.get_by_label("Reason").fill("A mistake")
    dialog.get_by_role("button", name="Take off").click()
    expect(card).not_to_contain_text("Cannot sleep after green tea")


def test_the_page_speaks_chinese(studio: Studio, page: Page) -> None:
    studio.sign_in(page, "audrey")
    page.goto(f"{studio.url}/tags")
    page.get_by_role("button", name="简体中文").click()
    expect(page.get_by_role("heading", name="标签", level=1)).to_be_visible()
    expect(page.get_by_role("columnheader", name="被引用")).to_be_visible()
    expect(page.get_by_role("button", name="合并")).to_have_count(0)  # an auditor only reads
    picture(page, "tags-zh")
    page.goto(f"{studio.url}/definitions?kind=tags")
    picture(page, "definitions-tags-zh")
