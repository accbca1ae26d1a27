"""Two who write one broadcast are told of each other, and asked whose draft is to stand."""

from playwright.sync_api import Locator, Page, expect

from tests.editor.test_broadcasts import named, opened, row
from tests.support.studio import Studio

DRAFT = "/v1/broadcasts/two-write-it"


def other_saves(studio: Studio, page: Page, name: str) -> None:
    stands = page.request.get(studio.url + DRAFT).json()
    headers = {"If-Match": stands["etag"], "Origin": studio.url}
    saved = page.request.put(studio.url + DRAFT + "/draft", data={"name": {"en": name}}, headers=headers)
    assert 200 == saved.status


def edited(page: Page, name: str) -> Locator:
    row(page, name).get_by_role("button", name="Edit").click()
    return page.get_by_role("dialog", name=f"Edit {name}")


def test_whose_draft_is_to_stand_is_asked(studio: Studio, page: Page) -> None:
    opened(studio, page, "/broadcasts")
    page.get_by_role("button", name="New broadcast").click()
    dialog = page.get_by_role("dialog", name="New broadcast")
    named(dialog, "Begun", "two-write-it")
    dialog.get_by_role("button", name="Save draft").click()
    dialog = edited(page, "Begun")
    other_saves(studio, page, "Hers")
    dialog.get_by_label("Name", exact=True).fill("His")
    dialog.get_by_role("button", name="Save draft").click()

    told = dialog.get_by_role("alert")
    expect(told).to_contain_text("saved this draft in between")
    expect(told).to_contain_text("Hers")
    expect(dialog.get_by_label("Name", exact=True)).to_have_value("His")
    told.get_by_role("button", name="Go on with theirs").click()
    dialog = page.get_by_role("dialog", name="Edit Hers")
    expect(dialog.get_by_label("Name", exact=True)).to_have_value("Hers")

    other_saves(studio, page, "Hers again")
    dialog.get_by_label("Name", exact=True).fill("His")
    dialog.get_by_role("button", name="Save draft").click()
    dialog.get_by_role("button", name="Keep mine").click()
    dialog.get_by_role("button", name="Save draft").click()
    expect(dialog).to_be_hidden()
    expect(row(page, "His")).to_contain_text("Draft")
    assert "His" == page.request.get(studio.url + DRAFT).json()["name"]["en"]
