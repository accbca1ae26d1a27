"""Lists, figures and forms as people look at them: found, counted, and never wider than a phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.editor.looking import settled, speak, violations
from tests.support.studio import Studio

pytestmark = pytest.mark.usefixtures("quiet")


@pytest.fixture
def rules(studio: Studio, page: Page) -> Page:
    """The list of rules, in English."""
    speak(page, "en")
    studio.sign_in(page)
    page.goto(f"{studio.url}/rules")
    settled(page)
    return page


def test_rules_stand_by_purpose_a_page_at_a_time(rules: Page) -> None:
    cards = rules.locator(".rule-card")
    expect(cards).to_have_count(50)
    expect(rules.get_by_role("heading", name="Welcome and the first order")).to_be_visible()
    rules.get_by_role("button", name="Load more").click()
    expect(cards).to_have_count(100)
    expect(rules.get_by_text(re.compile(r"^100 of \d+ rules$"))).to_be_visible()
    headings = rules.locator(".rule-group > h2").all_inner_texts()
    assert len(set(headings)) == len(headings)


def test_rules_are_narrowed_by_purpose_state_and_words(rules: Page) -> None:
    cards = rules.locator(".rule-card")
    rules.get_by_label("What for").select_option("keep")
    expect(rules.locator(".rule-group > h2")).to_have_text(["Keep and win back"])
    rules.get_by_label("Status").select_option("draft")
    expect(cards.first).to_contain_text("Draft")
    expect(rules.locator(".rule-card", has_text="Live")).to_have_count(0)
    rules.get_by_label("What for").select_option("")
    rules.get_by_label("Status").select_option("")
    rules.get_by_label("Search rules").fill("churn risk")
    expect(rules.get_by_role("link", name="Win back with a text message")).to_be_visible()
    expect(cards.nth(19)).to_have_count(0)


def test_a_rule_is_paused_where_it_stands(rules: Page) -> None:
    rules.get_by_label("Search rules").fill("birthday greeting")
    card = rules.locator(".rule-card", has_text="Birthday greeting and gift")
    card.get_by_role("button", name=re.compile("^Pause: ")).click()
    rules.get_by_role("dialog").get_by_role("button", name="Pause").click()
    expect(card).to_contain_text("Paused")
    card.get_by_role("button", name=re.compile("^Resume: ")).click()
    expect(card).to_contain_text("Live")


def test_figures_of_a_segment_beside_everybody(studio: Studio, page: Page) -> None:
    speak(page, "en")
    studio.sign_in(page)
    page.goto(f"{studio.url}/figures")
    settled(page)
    amount = page.get_by_role("row", name=re.compile("^Amount CN"))
    expect(amount).to_contain_text(re.compile(r"CN¥[\d,]+\.\d\d"))
    of_all = amount.locator("td").nth(1).inner_text()
    page.get_by_label("Segment").select_option(label="Fans")
    page.get_by_label("Beside it").select_option("everybody")
    expect(page.get_by_role("columnheader", name="Everybody")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("^Amount")).first.locator("td").nth(2)).to_have_text(
        of_all
    )
    shares = page.get_by_role("row", name=re.compile("^Share of transactions")).locator("td")
    expect(shares.nth(2)).to_have_text("100.0%")
    expect(shares.nth(1)).not_to_have_text("100.0%")
    assert [] == violations(page)


def test_a_segment_is_defined_in_the_studio(studio: Studio, page: Page) -> None:
    speak(page, "en")
    studio.sign_in(page)
    page.goto(f"{studio.url}/definitions?kind=segments")
    page.get_by_role("button", name="New segment").click()
    form = page.get_by_role("dialog")
    form.get_by_label("Key").fill("vip-guests")
    form.get_by_label("Name in English").fill("VIP guests")
    form.get_by_label("Meaning").fill("Invited by hand")
    expect(form.get_by_role("group", name="Condition")).to_be_visible()
    form.get_by_label("Who is in it").select_option("list")
    expect(form.get_by_role("group", name="Condition")).to_have_count(0)
    form.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row", name=re.compile("VIP guests"))).to_contain_text("list")


def test_a_score_asks_for_thresholds_only_where_there_are_some(studio: Studio, page: Page) -> None:
    speak(page, "en")
    studio.sign_in(page)
    page.goto(f"{studio.url}/definitions?kind=scores")
    page.get_by_role("button", name="Edit: value").click()
    recency = page.get_by_role("group", name="Recency, days")
    expect(recency.get_by_label("Thresholds, ascending")).to_be_visible()
    recency.get_by_label("Scored by").select_option("quintiles")
    expect(recency.get_by_label("Thresholds, ascending")).to_have_count(0)


def test_choices_don_t_begin_with_what_divides_them(studio: Studio, page: Page) -> None:
    """And one that isn't told says what holds then."""
    speak(page, "en")
    studio.sign_in(page)
    page.goto(f"{studio.url}/rules/birthday-gift")
    again = page.get_by_label("Starting again")
    expect(again.locator("option:checked")).to_have_text("members start again once they are through")
    offered = page.locator("select option").all_inner_texts()
    assert [] == [one for one in offered if one[:1] in {";", "；", "…"}]


def test_colours_by_night_are_the_systems_until_somebody_chooses(studio: Studio, page: Page) -> None:
    speak(page, "en")
    studio.sign_in(page)
    page.emulate_media(color_scheme="dark")
    page.goto(f"{studio.url}/rules/birthday-gift")
    settled(page)
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)
    page.get_by_role("button", name="Light colours").click()
    light = page.evaluate(ground)
    assert light != dark
    page.reload()
    expect(page.get_by_role("button", name="Dark colours")).to_be_visible()
    assert light == page.evaluate(ground)
    page.get_by_role("button", name="Dark colours").click()
    assert dark == page.evaluate(ground)
