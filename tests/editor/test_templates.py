"""Forms of messages and events, tags that are gone, and tasks: each in the language of who reads."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.editor.looking import overflow, settled, speak, violations
from tests.editor.test_reach import published, put, tell
from tests.support.studio import Studio

pytestmark = pytest.mark.usefixtures("quiet")


def definition(studio: Studio, page: Page, kind: str, key: str) -> dict[str, Any]:
    found = page.request.get(f"{studio.url}/v1/definitions/{kind}").json()["items"]
    (one,) = (row for row in found if key in (row.get("key"), row.get("name")))
    return dict(one)


def test_a_template_is_written_checked_and_read_as_a_member_gets_it(studio: Studio, page: Page) -> None:
    """What nobody knows is told beside the text in which it stands, before anything is saved."""
    studio.sign_in(page)
    tell(studio, page, "reader-1", "Signed Up")
    page.goto(f"{studio.url}/definitions?kind=templates")
    page.get_by_role("button", name="New template").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Key").fill("tea-news")
    dialog.get_by_label("Name in English").fill("Tea news")
    dialog.get_by_label("Name in Chinese").fill("茶讯")
    dialog.get_by_label("Purpose").select_option("service")
    dialog.get_by_label("A value that is missing").select_option("fail")
    dialog.get_by_label("For the member").fill("reader-1")
    body = dialog.get_by_role("textbox", name="Text", exact=True)
    body.fill("Hello {{ member.frist_name }}")
    expect(dialog).to_contain_text("nothing is called 'member.frist_name'. Did you mean 'member.first_name'?")
    expect(body).to_have_attribute("aria-invalid", "true")
    settled(page)
    assert [] == violations(page)
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_have_text("Correct what is marked below.")

    body.fill("Hello , you have points from ")
    body.evaluate("one => one.setSelectionRange(6, 6)")
    dialog.get_by_label("Insert a value").select_option("member.points")
    expect(body).to_have_value("Hello {{ member.points }}, you have points from ")
    expect(dialog).to_contain_text("Hello 100, you have points from")
    body.fill("Hello, from {{ member.city }}")
    expect(dialog).to_contain_text("Not known of this member: member.city. The message would not be sent.")
    dialog.get_by_role("group", name="Texts by language").get_by_role("button", name="简体中文").click()
    expect(dialog).to_contain_text("members with this language get it in English")
    body.fill("您好，来自 {{ member.city|远方 }}")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_text("tea-news is saved.")).to_be_visible()

    saved = definition(studio, page, "templates", "tea-news")
    assert ("service", "fail") == (saved["purpose"], saved["when_missing"])
    assert {"en": "Hello, from {{ member.city }}", "zh-Hans": "您好，来自 {{ member.city|远方 }}"} == saved[
        "body"
    ]


def test_the_form_of_a_template_speaks_chinese_on_a_narrow_screen(studio: Studio, page: Page) -> None:
    speak(page, "zh-Hans")
    page.set_viewport_size({"width": 390, "height": 844})
    studio.sign_in(page)
    page.goto(f"{studio.url}/definitions?kind=templates")
    page.get_by_role("button", name="编辑: welcome", exact=True).click()
    dialog = page.get_by_role("dialog")
    chosen = dialog.get_by_role("group", name="各语言文字").get_by_role("button", pressed=True)
    expect(chosen).to_have_text("简体中文")
    dialog.get_by_role("textbox", name="正文").fill("您好 {{ nobody }}")
    expect(dialog).to_contain_text("没有名为“nobody”的变量。")
    settled(page)
    assert [] == violations(page)
    assert overflow(page) <= 0


def test_words_to_look_for_are_written_in_the_form_of_an_event(studio: Studio, page: Page) -> None:
    studio.sign_in(page)
    page.goto(f"{studio.url}/definitions?kind=events")
    page.get_by_role("button", name="New event").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name of the event").fill("Chat Heard")
    dialog.get_by_label("Name in English").fill("chat heard")
    dialog.get_by_label("Name in Chinese").fill("聊天")
    dialog.get_by_role("button", name="Add property").click()
    dialog.get_by_label("Property", exact=True).fill("said")
    dialog.get_by_label("Label in English").fill("what was said")
    dialog.get_by_label("Label in Chinese").fill("内容")
    dialog.get_by_label("Personal").check()
    dialog.get_by_label("Words to look for").fill("敏感肌，gift\nsensitive skin, gift,")
    expect(dialog).to_contain_text("as said_keywords")
    assert [] == violations(page)
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Chat Heard is saved.")).to_be_visible()
    (said,) = definition(studio, page, "events", "Chat Heard")["properties"]
    assert (["敏感肌", "gift", "sensitive skin"], True) == (said["keywords"], said["personal"])


def test_a_retired_tag_is_offered_only_where_it_is_chosen_and_says_so(studio: Studio, page: Page) -> None:
    studio.sign_in(page)
    for key in ("gone-1", "gone-2"):
        put(
            studio,
            page,
            f"definitions/tags/{key}",
            {"key": key, "name": {"en": f"Tag {key}"}, "meaning": "x"},
        )
    published(studio, page, "keeps-gone", [{"type": "add_tag", "tag": "gone-1"}])
    for key in ("gone-1", "gone-2"):
        answer = page.request.post(f"{studio.url}/v1/tags/{key}/retire", headers={"Origin": studio.url})
        assert answer.ok, answer.text()
    page.goto(f"{studio.url}/rules/keeps-gone")
    tag = page.get_by_role("group", name="Action 1", exact=True).get_by_role("combobox", name="Tag")
    expect(tag).to_have_value("gone-1")
    offered = tag.locator("option").all_inner_texts()
    assert "Tag gone-1 (retired)" in offered
    assert [] == [one for one in offered if "gone-2" in one]


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_tasks_and_decisions_say_names_in_the_readers_language(
    studio: Studio, page: Page, language: str
) -> None:
    english = language == "en"
    speak(page, language)
    studio.sign_in(page)
    note = {"en": "Ring back today", "zh-Hans": "今天回电"}
    rule = f"ring-{language.lower()}"
    then: list[dict[str, Any]] = [
        {"type": "open_task", "queue": rule, "note": note},
        {"type": "add_tag", "tag": "likes-oolong"},
    ]
    published(studio, page, rule, then)
    tell(studio, page, f"rung-{language}", "Bell Rung")
    page.goto(f"{studio.url}/tasks")
    row = page.get_by_role("row").filter(has=page.get_by_role("cell", name=rule, exact=True))
    expect(row).to_contain_text(note[language])
    expect(row).not_to_contain_text(note["zh-Hans" if english else "en"])
    expect(row.get_by_role("link", name=f"The {rule}" if english else f"规则 {rule}")).to_be_visible()
    settled(page)
    assert [] == violations(page)

    page.goto(f"{studio.url}/decisions?rule={rule}")
    outcome = page.get_by_role("row").nth(1)
    expect(outcome).to_contain_text(note[language])
    expect(outcome).not_to_contain_text("likes-oolong")
