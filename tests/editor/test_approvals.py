"""Two people bring a rule into force: one writes it, the other reads it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.editor.conftest import Profiles
from tests.editor.looking import overflow, settled, speak, violations
from tests.support.studio import Studio

RULE = {
    "language": 1,
    "key": "second-look",
    "name": {"en": "Second look", "zh-Hans": "双人复核"},
    "when": {"type": "event", "event": "Product Viewed"},
    "then": [{"type": "award_points", "points": 20}],
}


@contextmanager
def at_work(profiles: Profiles, studio: Studio, name: str, language: str = "en") -> Iterator[Page]:
    """Give a person a browser of their own, in which nothing may be said on the console."""
    said: list[str] = []
    page = profiles(name).new_page()
    page.set_viewport_size({"width": 1360, "height": 900})
    page.on("console", lambda one: said.append(one.text) if one.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    speak(page, language)
    studio.sign_in(page, name)
    yield page
    page.close()
    assert [] == said


@pytest.fixture
def strict(profiles: Profiles, studio: Studio) -> Iterator[None]:
    """A programme that demands approval, as its administrator says in the studio."""
    with at_work(profiles, studio, "admin") as page:
        page.goto(f"{studio.url}/settings")
        needed = page.get_by_role("checkbox", name="Publish only what a second person has approved")
        with page.expect_response("**/programme/approval"):
            needed.click()
        expect(needed).to_be_checked()
        yield
        page.request.put(
            f"{studio.url}/v1/programme/approval",
            data={"approval": "optional"},
            headers={"Origin": studio.url},
        )


def button(page: Page | Locator, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def written(studio: Studio, page: Page, key: str) -> None:
    """Let a person write the rule."""
    answer = page.request.put(
        f"{studio.url}/v1/rules/{key}/draft", data={**RULE, "key": key}, headers={"Origin": studio.url}
    )
    assert answer.ok, answer.text()


def submit(page: Page, comment: str) -> None:
    button(page, "Submit for approval").click()
    dialog = page.get_by_role("dialog", name="Ask for approval")
    dialog.get_by_label("Comment").fill(comment)
    button(dialog, "Submit for approval").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_text("Waiting for approval", exact=True).first).to_be_visible()


@pytest.mark.usefixtures("strict")
def test_one_writes_the_other_approves(profiles: Profiles, studio: Studio) -> None:
    key = RULE["key"]
    with at_work(profiles, studio, "mia") as mia, at_work(profiles, studio, "ann") as ann:
        written(studio, mia, str(key))
        mia.goto(f"{studio.url}/rules/{key}")
        expect(button(mia, "Publish")).to_have_count(0)
        submit(mia, "For the member day")
        expect(button(mia, "Submit for approval")).to_have_count(0)

        ann.goto(f"{studio.url}/rules")
        ann.get_by_label("Status").select_option("submitted")
        expect(ann.locator(".rule-card").filter(has_not_text="Waiting for approval")).to_have_count(0)
        ann.locator(f'.rule-card a[href="/rules/{key}"]').click()
        expect(button(ann, "Save draft")).to_have_count(0)
        button(ann, "Review").click()
        review = ann.get_by_role("dialog", name="Review this draft")
        expect(review).to_contain_text("award 20 points")
        expect(review).to_contain_text("For the member day")
        expect(button(review, "Send back")).to_be_disabled()
        review.get_by_label("Comment").fill("Twenty are too many")
        button(review, "Send back").click()
        expect(review).to_be_hidden()
        expect(ann.get_by_text("Sent back", exact=True).first).to_be_visible()

        mia.reload()
        expect(mia.get_by_role("region", name="What was said")).to_contain_text("ann has sent it back")
        expect(mia.get_by_role("region", name="What was said")).to_contain_text("Twenty are too many")
        mia.get_by_role("textbox", name="Points", exact=True).fill("10")
        submit(mia, "Ten, then")

        ann.reload()
        button(ann, "Review").click()
        expect(review).to_contain_text("award 10 points")
        button(review, "Approve").click()
        expect(review).to_be_hidden()
        expect(ann.get_by_text("Approved", exact=True).first).to_be_visible()

        mia.reload()
        button(mia, "Publish").click()
        publish = mia.get_by_role("dialog", name="Publish this rule?")
        button(publish, "Publish").click()
        expect(publish).to_be_hidden(timeout=60_000)
        expect(mia.get_by_text("Live", exact=True)).to_be_visible()


def test_where_one_is_enough_approval_can_still_be_asked_for(profiles: Profiles, studio: Studio) -> None:
    with at_work(profiles, studio, "mia") as mia, at_work(profiles, studio, "admin") as admin:
        written(studio, mia, "asked-first")
        mia.goto(f"{studio.url}/rules/asked-first")
        button(mia, "Publish").click()
        publish = mia.get_by_role("dialog", name="Publish this rule?")
        button(publish, "Ask for approval first").click()
        dialog = mia.get_by_role("dialog", name="Ask for approval")
        button(dialog, "Submit for approval").click()
        expect(mia.get_by_text("Waiting for approval", exact=True).first).to_be_visible()

        admin.goto(f"{studio.url}/rules/asked-first")
        button(admin, "Review").click()
        button(admin.get_by_role("dialog"), "Approve").click()
        button(admin, "Publish").click()
        button(admin.get_by_role("dialog"), "Send back…").click()
        review = admin.get_by_role("dialog", name="Review this draft")
        review.get_by_label("Comment").fill("Not this month")
        button(review, "Send back").click()
        expect(review).to_be_hidden()
        expect(admin.get_by_role("region", name="What was said")).to_contain_text("Not this month")


def fits(page: Page) -> None:
    for width in (390, 1360):
        page.set_viewport_size({"width": width, "height": 900})
        assert (0, []) == (overflow(page), violations(page)), width


@pytest.mark.parametrize(("language", "words"), [("en", "Review"), ("zh-Hans", "审阅")])
def test_a_review_can_be_read_by_everybody(
    profiles: Profiles, studio: Studio, language: str, words: str
) -> None:
    key = f"read-{language.lower()}"
    with at_work(profiles, studio, "mia") as mia:
        written(studio, mia, key)
        detail = mia.request.get(f"{studio.url}/v1/rules/{key}").json()
        headers = {"Origin": studio.url, "If-Match": detail["etag"]}
        told = {"comment": "Please look at the points, and at " + "w" * 120}
        assert mia.request.post(f"{studio.url}/v1/rules/{key}/submit", data=told, headers=headers).ok
    with at_work(profiles, studio, "ann", language) as ann:
        ann.goto(f"{studio.url}/rules/{key}")
        settled(ann)
        expect(ann.locator(".re-said-of")).to_be_visible()
        fits(ann)
        button(ann, words).click()
        expect(ann.get_by_role("dialog")).to_contain_text("20")
        fits(ann)
