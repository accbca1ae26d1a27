"""The rule editor as a marketer uses it, in a browser against the real server."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import ConsoleMessage, Locator, Page, expect

from tests.support.studio import Studio

KEY = "win-back-90d"


@pytest.fixture
def editor(page: Page, studio: Studio) -> Iterator[Page]:
    """The rule that wins members back, opened; a test fails on anything said on the console."""
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        # A refusal (412) is an answer that the editor deals with, though the browser notes it.
        if message.type == "error" and "status of 412" not in message.text:
            said.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: said.append(str(error)))
    studio.sign_in(page, "mia")
    page.add_init_script("localStorage.setItem('regulars.language', 'en')")
    page.set_viewport_size({"width": 1360, "height": 960})
    page.goto(f"{studio.url}/rules/{KEY}")
    expect(page.get_by_role("textbox", name="Name of the rule")).to_have_value("Win back lapsed members")
    yield page
    assert said == []


def sentence(page: Page, language: str = "en") -> Locator:
    return page.locator(f"[data-sentence='{language}']")


def days(page: Page) -> Locator:
    return page.get_by_role("textbox", name="For: amount")


def action(page: Page, number: int) -> Locator:
    return page.get_by_role("group", name=f"Action {number}", exact=True)


def add(page: Page, button: str, kind: str) -> None:
    page.get_by_role("button", name=button, exact=True).first.click()
    page.get_by_role("menuitem", name=kind, exact=True).click()


def test_the_sentence_follows_in_both_languages(editor: Page) -> None:
    days(editor).fill("60")

    expect(sentence(editor)).to_contain_text("After 60 days without any order")
    expect(sentence(editor, "zh-Hans")).to_contain_text("连续 60 天没有下单")


def test_an_emptied_number_is_seen_and_asked_for(editor: Page) -> None:
    days(editor).fill("")

    expect(sentence(editor)).to_contain_text("After … days without any order")
    expect(days(editor)).to_have_attribute("aria-invalid", "true")
    expect(editor.locator("[data-card='/when']")).to_contain_text("Fill this in.")


def test_a_history_reads_like_a_sentence(editor: Page) -> None:
    add(editor, "Add condition", "History")
    row = editor.locator("[data-row='/if'] .re-sentence")
    expect(row).to_have_text(re.compile("^the"))
    figure = row.get_by_role("combobox", name="Figure")
    expect(figure.locator("option:checked")).to_have_text("count")
    figure.select_option("days_since")
    expect(figure.locator("option:checked")).to_have_text("number of days since the last")
    expect(sentence(editor)).to_contain_text("the number of days since the last order is at least")


def test_undo_and_redo(editor: Page) -> None:
    days(editor).fill("60")
    editor.keyboard.press("Control+z")
    expect(days(editor)).to_have_value("90")
    editor.keyboard.press("Control+y")
    expect(days(editor)).to_have_value("60")


def test_rows_move_by_keyboard_and_are_announced(editor: Page) -> None:
    action(editor, 2).get_by_role("combobox").first.focus()
    editor.keyboard.press("Alt+ArrowUp")

    expect(sentence(editor)).to_contain_text(re.compile("then issue coupon|order, issue coupon"))
    expect(action(editor, 1).get_by_role("combobox").first).to_be_focused()
    expect(editor.get_by_text("Moved to place 1 of 2")).to_be_attached()

    editor.keyboard.press("Control+d")
    expect(editor.get_by_role("group", name=re.compile("^Action "))).to_have_count(3)
    editor.keyboard.press("Alt+Delete")
    expect(editor.get_by_role("group", name=re.compile("^Action "))).to_have_count(2)


def test_conditions_are_added_grouped_and_keep_their_rows(editor: Page) -> None:
    add(editor, "Add condition", "Fact")
    expect(editor.locator("[data-row='/if'] select").first).to_be_focused()
    add(editor, "Add condition", "History")
    expect(sentence(editor)).to_contain_text(" and the ")

    editor.get_by_role("combobox", name="How the conditions go together").select_option("any")
    expect(sentence(editor)).to_contain_text(" or the ")
    expect(editor.get_by_role("group", name=re.compile("^Condition "))).to_have_count(2)

    editor.get_by_role("button", name="Add group").first.click()
    editor.get_by_role("group", name="Condition 2", exact=True).get_by_role("combobox").first.focus()
    editor.keyboard.press("Alt+ArrowRight")
    expect(editor.locator("[data-row='/if/of/1/of/0']")).to_be_attached()


def test_json_goes_both_ways(editor: Page) -> None:
    editor.get_by_role("tab", name="JSON").click()
    text = editor.get_by_label("The rule as JSON")
    document = json.loads(text.input_value())
    document["when"]["for"] = {"days": 45}
    text.fill(json.dumps(document))
    expect(days(editor)).to_have_value("45")

    text.fill('{"when": ')
    expect(editor.get_by_text("The last good rule is kept")).to_be_visible()
    expect(days(editor)).to_have_value("45")

    days(editor).fill("46")
    expect(text).to_have_value(re.compile('"days": 46'))


def test_mistakes_are_named_where_they_are(editor: Page) -> None:
    days(editor).fill("0")

    expect(editor.get_by_text("1 to fix")).to_be_visible()
    expect(days(editor)).to_have_attribute("aria-invalid", "true")
    expect(editor.get_by_role("button", name="Publish")).to_be_disabled()


def test_a_branch_inside_a_wait_for_an_event_is_written_and_read(editor: Page) -> None:
    """What follows if the event comes, and if it doesn't, stands in the sentence."""
    add(editor, "Add action", "Wait for an event")
    wait = action(editor, 3)
    wait.get_by_role("combobox", name="Event").select_option("Checked In")
    wait.get_by_role("button", name="If it comes").click()
    comes = wait.get_by_role("group", name="If it comes", exact=True)
    comes.get_by_role("button", name="Add action").click()
    editor.get_by_role("menuitem", name="Branch", exact=True).click()
    comes.get_by_role("group", name="Then", exact=True).get_by_role("button", name="Add action").click()
    editor.get_by_role("menuitem", name="Award points", exact=True).click()
    comes.get_by_role("textbox", name="Points", exact=True).fill("7")
    wait.get_by_role("button", name="If the time is out").click()
    late = wait.get_by_role("group", name="If the time is out", exact=True)
    late.get_by_role("button", name="Add action").click()
    editor.get_by_role("menuitem", name="Stop here", exact=True).click()

    expect(sentence(editor)).to_contain_text("(award 7 points)")
    expect(sentence(editor)).to_contain_text("if not (stop)")
    expect(sentence(editor, "zh-Hans")).to_contain_text("奖励 7 积分")

    comes.get_by_role("textbox", name="Points", exact=True).fill("9")
    expect(sentence(editor)).to_contain_text("(award 9 points)")
    wait.get_by_role("button", name="Remove: If the time is out").click()
    expect(sentence(editor)).not_to_contain_text("if not (stop)")


def test_chinese(editor: Page) -> None:
    editor.get_by_role("button", name="简体中文").click()

    expect(editor.locator("[data-sentence]").first).to_have_attribute("lang", "zh-Hans")
    expect(editor.get_by_role("heading", name="何时")).to_be_visible()
    expect(editor.get_by_role("button", name="保存草稿")).to_be_visible()
    expect(sentence(editor, "zh-Hans")).to_contain_text("没有下单")


def test_a_new_rule_with_a_chinese_name_has_a_key_to_see_and_change(editor: Page, studio: Studio) -> None:
    editor.goto(f"{studio.url}/rules/new")
    editor.get_by_role("button", name="简体中文").click()
    key = editor.get_by_role("textbox", name="标识")
    expect(key).to_have_value("event-order-completed")
    editor.get_by_role("textbox", name="规则名称").fill("新会员礼")
    expect(editor.get_by_role("textbox", name="优先级")).to_have_value("50")
    add(editor, "添加动作", "奖励积分")
    expect(key).to_have_value("award-points")

    key.fill("gift")
    editor.get_by_role("button", name="发布", exact=True).click()
    expect(editor).to_have_url(re.compile(r"/rules/gift\?publish$"))
    dialog = editor.get_by_role("dialog", name="发布此规则？")
    dialog.get_by_role("button", name="取消").click()
    expect(editor).to_have_url(re.compile("/rules/gift$"))
    expect(key).to_be_hidden()


def test_only_what_changed_is_listed(editor: Page) -> None:
    publish = editor.get_by_role("button", name="Publish", exact=True)
    expect(publish).to_be_disabled()
    days(editor).fill("60")
    editor.get_by_role("tab", name="Changes").click()
    panel = editor.get_by_role("tabpanel")
    expect(panel.get_by_role("heading")).to_have_text(["When"])
    expect(panel.locator(".re-line")).to_have_text(
        ["after 90 days without any order", "after 60 days without any order"]
    )
    expect(publish).to_be_enabled()


def test_times_are_told_as_people_read_them(editor: Page) -> None:
    editor.get_by_role("tab", name="Try").click()
    editor.get_by_role("button", name="Try it").click()

    expect(editor.locator(".re-decision time").first).to_have_text("1 Jan 2026, 12:00")


def test_somebody_else_saved_in_between(editor: Page, studio: Studio) -> None:
    editor.goto(f"{studio.url}/rules/high-activity")
    priority = editor.get_by_role("textbox", name="Priority")
    expect(priority).to_be_visible()
    url = f"{studio.url}/v1/rules/high-activity"
    theirs = editor.request.get(url).json()
    document = theirs["draft"] or theirs["published"]
    saved = editor.request.put(
        f"{url}/draft",
        data={**document, "priority": 40},
        headers={"If-Match": theirs["etag"], "Origin": studio.url},
    )
    assert saved.ok, saved.text()
    priority.fill("75")
    editor.get_by_role("button", name="Save draft").click()

    expect(editor.get_by_role("alert")).to_contain_text("mia has saved this rule")
    expect(priority).to_have_value("75")
    editor.get_by_role("button", name="Save mine over it").click()
    expect(editor.get_by_role("alert")).to_be_hidden()
