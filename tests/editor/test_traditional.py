"""The studio in 繁體中文: made of 简体中文 as OpenCC makes it, with nothing left behind."""

import re

import pytest
from playwright.sync_api import Page

from api.service.chinese import traditional
from tests.editor.looking import go, settled, speak
from tests.support.studio import Studio
from tests.support.traditional import DATA, as_module, converted, phrases, runs

CHINESE = re.compile(r"[\u4e00-\u9fff]+")
UNCHANGED = {*"王李张刘陈杨赵黄周吴", "平台等級平移"}
"""What members told of themselves, and a rule that was named by hand."""


def test_its_data_is_fresh() -> None:
    """If it isn't, `python -m tests.support.traditional` writes it again."""
    assert as_module() == DATA.read_text(encoding="utf-8")


def test_every_text_of_the_product_reads_as_opencc_writes_it() -> None:
    texts = runs()
    known = phrases(texts)
    assert len(texts) > 3_000
    assert [] == [one for one in texts if converted(one, known) != traditional(one)]
    assert [] != [one for one in texts if converted(one, {}) != traditional(one)]  # characters alone don't do


@pytest.mark.usefixtures("quiet")
def test_no_page_says_anything_in_simplified_characters(studio: Studio, page: Page) -> None:
    speak(page, "zh-Hant")
    studio.sign_in(page)
    member = page.request.get(f"{studio.url}/v1/members").json()["items"][0]["id"]
    decision = page.request.get(f"{studio.url}/v1/decisions").json()["items"][0]["sequence"]
    left: dict[str, list[str]] = {}
    known = phrases(runs())
    lists = "members tags campaigns figures settlement broadcasts outbox tasks decisions replays changes"
    one = [
        "/rules/birthday-gift",
        f"/members/{member}",
        f"/decisions/{decision}",
        "/definitions?kind=segments",
    ]
    page.goto(f"{studio.url}/rules")
    for path in ["/rules", *(f"/{name}" for name in lists.split()), *one]:
        go(page, path)
        settled(page)
        page.evaluate("document.querySelectorAll('[lang=zh-Hans]').forEach(one => one.remove())")
        said = set(CHINESE.findall(page.locator("body").inner_text())) - UNCHANGED
        assert said, path
        wrong = sorted(one for one in said if converted(one, known) != one)
        left |= {path: wrong} if wrong else {}
    assert {} == left
