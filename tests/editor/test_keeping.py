"""What somebody types into a rule is never lost, and rows go from rule to rule."""

import json
import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.editor.looking import speak, violations
from tests.support.studio import Studio


@pytest.fixture
def mine(page: Page, studio: Studio) -> Page:
    """A new rule of a marketer, not saved yet."""
    studio.sign_in(page, "mia")
    speak(page, "en")
    page.goto(f"{studio.url}/rules/new")
    page.get_by_role("textbox", name="Name of the rule").fill("Kept for later")
    _add(page, "Add action", "Award points")
    page.get_by_role("textbox", name="Points", exact=True).fill("25")
    return page


@pytest.mark.usefixtures("quiet")
def test_what_is_typed_is_kept_and_saves_itself_once_it_is_a_draft(mine: Page, studio: Studio) -> None:
    expect(mine.get_by_text("Not saved, kept on this device")).to_be_visible()
    mine.once("dialog", lambda dialog: dialog.accept())
    mine.reload()
    offer = mine.get_by_role("region", name="Typed here and not saved")
    expect(offer).to_be_visible()
    assert violations(mine) == []
    offer.get_by_role("button", name="Restore what you typed").click()
    expect(offer).to_be_hidden()
    points = mine.get_by_role("textbox", name="Points", exact=True)
    expect(points).to_have_value("25")

    mine.get_by_role("button", name="Save draft").click()
    expect(mine).to_have_url(re.compile("/rules/kept-for-later$"))
    points.fill("30")
    with mine.expect_response(re.compile("/kept-for-later/draft$")):  # nobody has asked for it
        points.press("End")
    expect(mine.get_by_text(re.compile(r"^Saved \d\d:\d\d$"))).to_be_visible()
    assert _draft(mine, studio)["then"] == [{"type": "award_points", "points": 30}]
    expect(points).to_be_focused()
    mine.keyboard.press("ControlOrMeta+z")
    expect(points).to_have_value("25")
    mine.reload()
    expect(points).to_be_visible()
    mine.goto(f"{studio.url}/rules/new")
    expect(mine.get_by_role("button", name="Save draft")).to_be_visible()
    expect(offer).to_have_count(0)  # what was saved is not offered to the next rule
    expect(mine.get_by_role("link", name="Start from the library")).to_have_attribute("href", "/library")


def test_a_draft_waits_for_a_server_that_is_away(mine: Page, studio: Studio) -> None:
    """Without `quiet`: the browser itself reports each request that failed."""
    mine.get_by_role("textbox", name="Name of the rule").fill("Kept while away")
    mine.get_by_role("button", name="Save draft").click()
    expect(mine).to_have_url(re.compile("/rules/kept-while-away$"))
    asked: list[str] = []

    def away(route: Route) -> None:
        asked.append(route.request.method)
        if len(asked) == 1:
            route.abort("connectionrefused")
        else:
            route.fulfill(status=503)

    mine.route("**/kept-while-away/draft", away)
    mine.clock.install()
    points = mine.get_by_role("textbox", name="Points", exact=True)
    points.fill("31")
    with mine.expect_request("**/kept-while-away/draft"):
        mine.clock.fast_forward(2100)
    waits = mine.get_by_text("Not saved: no connection. It is kept on this device and will be saved")
    expect(waits).to_be_visible()
    assert violations(mine) == []
    with mine.expect_request("**/kept-while-away/draft"):  # tried again by itself, and refused by a 503
        mine.clock.fast_forward(4100)
    expect(mine.get_by_role("button", name="Save draft")).to_be_enabled()
    expect(waits).to_be_visible()
    mine.unroute("**/kept-while-away/draft")
    mine.evaluate("dispatchEvent(new Event('online'))")
    expect(mine.get_by_text(re.compile(r"^Saved \d\d:\d\d$"))).to_be_visible(timeout=6000)
    assert set(asked) == {"PUT"}
    expect(points).to_be_focused()
    assert mine.request.get(f"{studio.url}/v1/rules/kept-while-away").json()["draft"]["then"] == [
        {"type": "award_points", "points": 31}
    ]


@pytest.mark.usefixtures("quiet")
def test_rows_are_copied_cut_and_pasted(mine: Page) -> None:
    mine.context.grant_permissions(["clipboard-read", "clipboard-write"])
    announced = mine.locator(".re > [role=status]")
    actions = mine.locator("[data-row^='/then/']")
    mine.get_by_role("textbox", name="Points", exact=True).press("End")
    mine.keyboard.press("ControlOrMeta+c")
    expect(announced).to_have_text("Copied")
    assert json.loads(mine.evaluate("navigator.clipboard.readText()"))["part"] == {
        "type": "award_points",
        "points": 25,
    }
    mine.keyboard.press("ControlOrMeta+v")
    expect(actions).to_have_count(2)
    mine.get_by_role("button", name="Paste below: Action 1").click()
    expect(actions).to_have_count(3)
    mine.get_by_role("textbox", name="Points", exact=True).first.press("End")
    mine.keyboard.press("ControlOrMeta+x")
    expect(actions).to_have_count(2)
    mine.get_by_role("button", name="Undo").click()
    expect(actions).to_have_count(3)

    _add(mine, "Add condition", "Fact")
    mine.get_by_role("button", name="Paste below: Condition 1").click()
    expect(announced).to_have_text("Conditions go among conditions, and actions among actions.")
    mine.evaluate("navigator.clipboard.writeText('7')")
    mine.get_by_role("button", name="Paste below: Condition 1").click()
    expect(announced).to_have_text(re.compile("holds no part of a rule"))
    points = mine.get_by_role("textbox", name="Points", exact=True).first
    points.press("End")
    mine.keyboard.press("ControlOrMeta+v")
    expect(points).to_have_value("257")
    mine.get_by_role("button", name="Copy: Condition 1").click()
    mine.get_by_role("button", name="Paste below: Condition 1").click()
    expect(mine.get_by_role("group", name="Condition 2", exact=True)).to_be_visible()
    expect(announced).to_have_text("Pasted")


def _draft(page: Page, studio: Studio) -> dict[str, object]:
    kept: dict[str, object] = page.request.get(f"{studio.url}/v1/rules/kept-for-later").json()["draft"]
    return kept


def _add(page: Page, button: str, kind: str) -> None:
    page.get_by_role("button", name=button, exact=True).first.click()
    page.get_by_role("menuitem", name=kind, exact=True).click()


@pytest.mark.usefixtures("quiet")
def test_the_keys_are_told_to_who_asks(mine: Page) -> None:
    dialog = mine.get_by_role("dialog", name="Keyboard shortcuts")
    mine.get_by_role("textbox", name="Points", exact=True).press("End")
    mine.keyboard.type("?")
    asked = mine.get_by_role("button", name="Keyboard shortcuts")
    asked.focus()
    expect(dialog).to_have_count(0)  # where somebody types, it is a letter
    mine.keyboard.type("?")
    expect(dialog).to_contain_text("Copy, cut or paste the row")
    assert violations(mine) == []
    mine.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(asked).to_be_focused()
