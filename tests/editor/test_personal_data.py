"""Erasing a member, everything about one in a file, and the proof page, as people do it in the studio."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.editor.looking import overflow, settled, speak, violations
from tests.support.studio import Studio

pytestmark = pytest.mark.usefixtures("quiet")


def make_member(studio: Studio, page: Page, key: str) -> None:
    calls = [
        {"type": "identify", "userId": key, "messageId": f"{key}-1", "traits": {"phone": "+8613900001111"}},
        {
            "type": "track",
            "userId": key,
            "messageId": f"{key}-2",
            "event": "Order Completed",
            "properties": {"total": 88, "order_id": key},
        },
    ]
    answer = page.request.post(
        f"{studio.url}/v1/batch",
        data={"batch": calls},
        headers={"Authorization": f"Bearer {studio.key}"},
    )
    assert answer.json()["success"], answer.text()


def test_a_member_is_handed_over_and_erased(studio: Studio, page: Page, tmp_path: Path) -> None:
    speak(page, "en")
    studio.sign_in(page)
    make_member(studio, page, "leaving-1")
    page.goto(f"{studio.url}/members/leaving-1")
    settled(page)
    with page.expect_download() as loading:
        page.get_by_role("link", name="Download everything").click()
    loading.value.save_as(tmp_path / "member.json")
    told = json.loads((tmp_path / "member.json").read_text(encoding="utf-8"))
    assert "+8613900001111" == told["member"]["personal"]["phone"]

    page.get_by_role("button", name="Erase member").click()
    dialog = page.get_by_role("dialog", name="Erase leaving-1?")
    expect(dialog).to_contain_text("every personal value, such as name, phone and address")
    assert [] == violations(page)
    dialog.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("***1111")).to_be_visible()
    page.get_by_role("button", name="Erase member").click()
    dialog.get_by_label("Reason").fill("Request 81")
    dialog.get_by_role("button", name="Erase for ever").click()

    expect(page.get_by_role("heading", name="Erased")).to_be_visible()
    expect(page.get_by_text("Erased by admin")).to_contain_text("Request 81")
    expect(page.get_by_text("***1111")).to_have_count(0)
    expect(page.get_by_role("button", name="Erase member")).to_have_count(0)
    settled(page)
    assert [] == violations(page)
    page.goto(f"{studio.url}/members")
    page.get_by_label("Search members").fill("leaving-1")
    expect(page.get_by_role("row", name=re.compile("leaving-1"))).to_contain_text("Erased")


def test_only_administrators_may(studio: Studio, page: Page) -> None:
    speak(page, "en")
    studio.sign_in(page, "mia")
    make_member(studio, page, "staying-1")
    page.goto(f"{studio.url}/members/staying-1")
    settled(page)
    expect(page.get_by_role("button", name="Erase member")).to_have_count(0)
    page.goto(f"{studio.url}/proof")
    expect(page.get_by_text("Proofs are for auditors")).to_be_visible()


def test_an_auditor_checks_the_log_and_takes_a_proof_away(studio: Studio, page: Page, tmp_path: Path) -> None:
    speak(page, "en")
    studio.sign_in(page, "audrey")
    make_member(studio, page, "sealed-1")
    page.goto(f"{studio.url}/proof")
    settled(page)
    page.get_by_role("button", name="Check now").click()
    expect(page.get_by_text("Nothing was changed")).to_be_visible(timeout=20_000)
    while (
        page.get_by_role("link", name="Download the proof").count() == 0
    ):  # what is new is sealed within some seconds
        page.wait_for_timeout(1_000)
        page.reload()
        settled(page)
    assert [] == violations(page)
    page.set_viewport_size({"width": 390, "height": 844})
    assert 0 == overflow(page)
    with page.expect_download() as loading:
        page.get_by_role("link", name="Download the proof").click()
    loading.value.save_as(tmp_path / "proof.zip")
    assert b"PK" == (tmp_path / "proof.zip").read_bytes()[:2]
