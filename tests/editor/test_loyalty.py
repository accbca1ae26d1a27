"""What a programme gives, in the studio: defined, awarded by a rule, seen at a member, done by hand."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from rule_library import library
from tests.editor.looking import go, overflow, settled, speak, violations
from tests.support.studio import Studio

pytestmark = pytest.mark.usefixtures("quiet")


def define(studio: Studio, page: Page, kind: str) -> Locator:
    """Open the form of a new definition."""
    page.goto(f"{studio.url}/definitions?kind={kind}")
    page.locator(".page-actions, .empty").get_by_role("button").first.click()
    form = page.locator("dialog")
    expect(form.locator(".df")).to_be_visible()
    return form


def fill(form: Locator, **values: str) -> None:
    """Fill in text by the last part of its place."""
    for place, value in values.items():
        form.locator(f"[id='at-{place.replace('__', '-')}']").fill(value)


def level(form: Locator, number: int, key: str, english: str, reached: str) -> None:
    row = f"tiers__{number}"
    fill(form, **{f"{row}__key": key, f"{row}__name__en": english, f"{row}__reached_at": reached})


def save(page: Page, form: Locator, key: str) -> None:
    form.get_by_role("button", name="Save").click()
    expect(form).to_be_hidden(timeout=60_000)
    expect(page.get_by_text(f"{key} is saved.")).to_be_visible()


def track(studio: Studio, page: Page, member: str, event: str, **properties: Any) -> None:
    """Let an event happen to a member, now."""
    sent = page.request.post(
        f"{studio.url}/v1/track",
        data={"userId": member, "event": event, "properties": properties, "messageId": f"{member}-{event}"},
        headers={"Authorization": f"Bearer {studio.key}"},
    )
    assert sent.ok, sent.text()


def define_stars(studio: Studio, page: Page) -> None:
    """Define a unit that counts towards levels."""
    unit = define(studio, page, "units")
    fill(unit, key="stars", name__en="stars", **{"name__zh-Hans": "星"})
    unit.get_by_label("Kind", exact=True).select_option("growth")
    save(page, unit, "stars")


def define_sky(studio: Studio, page: Page) -> None:
    """Define a ladder by that unit, the levels written in the wrong order and put right."""
    ladder = define(studio, page, "ladders")
    fill(ladder, key="sky", name__en="sky", **{"name__zh-Hans": "星空"})
    ladder.get_by_label("By", exact=True).select_option("unit")
    ladder.get_by_label("Unit", exact=True).select_option("stars")
    ladder.get_by_label("Over", exact=True).select_option("ever")
    level(ladder, 0, "comet", "Comet", "300")
    ladder.get_by_role("button", name="Add: Levels").click()
    level(ladder, 1, "moon", "Moon", "200")
    ladder.get_by_role("button", name="Move up: Levels 2").click()
    expect(ladder.locator("[id='at-tiers-0-key']")).to_have_value("moon")
    save(page, ladder, "sky")
    expect(page.get_by_role("row", name=re.compile("sky"))).to_contain_text("Moon from 200 · Comet from 300")


def publish_stars_for_an_order(studio: Studio, page: Page) -> None:
    """Write a rule that gives the unit and opens a task, and publish it."""
    page.goto(f"{studio.url}/rules/new")
    page.get_by_role("textbox", name="Name of the rule").fill("Stars for an order")
    for kind in ("Award points", "Open task"):
        page.get_by_role("button", name="Add action", exact=True).click()
        page.get_by_role("menuitem", name=kind, exact=True).click()
    award, task = (page.get_by_role("group", name=f"Action {number}", exact=True) for number in (1, 2))
    award.get_by_role("textbox", name="Points", exact=True).fill("250")
    award.get_by_role("button", name="Add: Unit").click()
    award.get_by_role("combobox", name="Unit").select_option("stars")
    task.get_by_role("combobox", name="Queue").select_option(label="Other…")
    task.get_by_role("textbox", name="Queue").fill("astronomers")
    task.get_by_role("textbox", name="To do").fill("Name a star")
    expect(page.locator("[data-sentence='en']")).to_contain_text("award 250 “stars”")
    page.get_by_role("button", name="Publish", exact=True).click()
    dialog = page.get_by_role("dialog", name="Publish this rule?")
    dialog.get_by_role("button", name="Publish").click()
    expect(dialog).to_be_hidden(timeout=60_000)


def test_a_ladder_is_defined_a_rule_gives_its_unit_and_the_member_has_it(studio: Studio, page: Page) -> None:
    speak(page, "en")
    studio.sign_in(page, "mia")
    define_stars(studio, page)
    define_sky(studio, page)
    publish_stars_for_an_order(studio, page)
    track(studio, page, "stella", "Order Completed", order_id="sky-1", total=10, currency="CNY")
    page.goto(f"{studio.url}/members/stella")
    balance = page.locator("section", has=page.get_by_role("heading", name="Balances"))
    expect(balance.locator("li", has_text="Stars")).to_contain_text("250")
    expect(page.get_by_text("50 more to Comet")).to_be_visible()
    page.get_by_role("button", name="Ledger").click()
    expect(page.get_by_role("row", name=re.compile("Given Stars"))).to_contain_text("+250")

    page.goto(f"{studio.url}/tasks")
    row = page.get_by_role("row", name=re.compile("Name a star"))
    expect(row).to_contain_text("astronomers")
    row.get_by_role("button").click()
    done = page.get_by_role("dialog")
    done.get_by_label("Answer").fill("Named it Stella")
    done.get_by_role("button", name="Done").click()
    expect(page.get_by_text("The task is done.")).to_be_visible()
    page.get_by_label("Status").select_option("done")
    expect(page.get_by_role("row", name=re.compile("Name a star"))).to_contain_text("done by mia")


def test_what_is_given_by_hand_has_a_reason_and_shows_at_once(studio: Studio, page: Page) -> None:
    speak(page, "en")
    studio.sign_in(page, "mia")
    track(studio, page, "hanna", "Checked In")
    page.goto(f"{studio.url}/members/hanna")
    points = page.locator(".balance", has_text="Points").locator(".figure-number")
    expect(points).to_be_visible()
    before = int(points.inner_text().replace(",", ""))

    page.get_by_role("button", name="Give or take").click()
    form = page.get_by_role("dialog", name="Give or take units")
    form.get_by_label("How many").fill("30")
    form.get_by_role("button", name="Do it").click()
    expect(form, "nothing is done without a reason").to_be_visible()
    form.get_by_label("Reason").fill("The parcel came late")
    form.get_by_role("button", name="Do it").click()
    expect(page.get_by_text("It is done.")).to_be_visible()
    expect(points).to_have_text(str(before + 30))

    page.get_by_role("button", name="Give or take").click()
    form.get_by_label("What to do").select_option("take")
    form.get_by_label("How many").fill("1000000")
    form.get_by_label("Reason").fill("A slip of the hand")
    form.get_by_role("button", name="Do it").click()
    expect(form.get_by_role("alert")).to_contain_text("The member has less than that.")
    page.keyboard.press("Escape")
    expect(points).to_have_text(str(before + 30))


def test_an_auditor_gives_nothing(studio: Studio, page: Page) -> None:
    speak(page, "en")
    studio.sign_in(page, "audrey")
    page.goto(f"{studio.url}/members")
    page.locator("tbody a").first.click()
    settled(page)
    expect(page.get_by_role("heading", name="Balances")).to_be_visible()
    expect(page.get_by_role("button", name="Give or take")).to_have_count(0)


def test_a_definition_with_mistakes_is_not_sent_and_shows_them(studio: Studio, page: Page) -> None:
    speak(page, "en")
    studio.sign_in(page, "mia")
    form = define(studio, page, "memberships")
    fill(form, key="two words", name__en="club", fee="much")
    form.get_by_role("button", name="Save").click()
    key = form.locator("[id='at-key']")
    expect(key).to_be_focused()
    expect(key).to_have_attribute("aria-invalid", "true")
    expect(form.get_by_text("Write a number, such as 12 or 9.50.")).to_be_visible()
    expect(form.get_by_text("Three capital letters, such as CNY.")).to_have_count(0)


@pytest.mark.parametrize("view", ["Ledger", "All coupons"])
def test_the_books_of_a_member_can_be_read_by_everybody(studio: Studio, page: Page, view: str) -> None:
    speak(page, "en")
    studio.sign_in(page)
    members = page.request.get(f"{studio.url}/v1/members").json()["items"]
    richest = max(members, key=lambda one: one["points"])["id"]
    page.goto(f"{studio.url}/members/{richest}")
    page.get_by_role("button", name=view).click()
    expect(page.get_by_role("table", name=view)).to_be_visible()
    settled(page)
    assert [] == violations(page)
    page.set_viewport_size({"width": 390, "height": 844})
    assert overflow(page) <= 0


def shapes(part: Any, place: str = "") -> Iterator[str]:
    """Yield what there is in a document: each member of each kind of object, whatever its value."""
    kind = part.get("type", place) if isinstance(part, dict) else place
    for name, inner in part.items() if isinstance(part, dict) else ():
        yield f"{kind}.{name}"
        yield from shapes(inner, f"{kind}.{name}")
    for inner in part if isinstance(part, list) else ():
        yield from shapes(inner, f"{place}[]")


def covering() -> list[str]:
    """Return some rules of the library in which there is all that there is in any of them."""
    plain = {one.key: one.document.plain() | {"examples": []} for one in library()}
    of_rule = {key: {*shapes(document)} for key, document in plain.items()}
    missing, chosen = set[str]().union(*of_rule.values()), list[str]()
    while missing:
        chosen.append(max(of_rule, key=lambda key: len(of_rule[key] & missing)))
        missing -= of_rule[chosen[-1]]
    return chosen


@pytest.mark.parametrize(
    "keys",
    [
        pytest.param(covering(), id="covering"),
        pytest.param([one.key for one in library()], id="all", marks=pytest.mark.long),
    ],
)
def test_rules_of_the_library_open_and_would_be_saved_unchanged(
    studio: Studio, page: Page, keys: list[str]
) -> None:
    """Of every kind that is in the library; in the full-size run, all of them."""
    speak(page, "en")
    studio.sign_in(page, "mia")
    page.goto(f"{studio.url}/rules/new")
    page.get_by_role("tab", name="JSON").click()
    assert len(keys) >= 10
    assert [] == [key for key in keys if not _unchanged(studio, page, key)]


def _unchanged(studio: Studio, page: Page, key: str) -> bool:
    """Return whether the editor shows a rule as the server has it, with nothing to save."""
    rule = page.request.get(f"{studio.url}/v1/rules/{key}").json()
    document = rule["draft"] or rule["published"]
    go(page, f"/rules/{key}")
    expect(page).to_have_title(re.compile(re.escape(document["name"]["en"])))
    page.get_by_role("tab", name="JSON").click()
    shown = json.loads(page.get_by_label("The rule as JSON").input_value())
    return bool(shown == document and page.get_by_role("button", name="Save draft").is_disabled())
