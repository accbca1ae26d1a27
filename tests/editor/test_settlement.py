"""What partners owe, in the studio: by partner and coupon, for a period, and as a file."""

import base64

import pytest
from playwright.sync_api import Page, expect

from tests.editor.looking import settled, violations
from tests.editor.test_reach import put
from tests.support.studio import Studio

pytestmark = pytest.mark.usefixtures("quiet")
FILM = {
    "key": "FILM-TICKET",
    "name": {"en": "Film ticket", "zh-Hans": "影票"},
    "kind": "gift",
    "unit_cost": "40",
    "currency": "CNY",
    "partner": "odeon",
    "partner_percent": 60,
}


def used(studio: Studio, page: Page, member: str) -> None:
    """Give a member the ticket, and let the member use it."""
    key = base64.b64encode(f"{studio.key}:".encode()).decode()
    call = {"userId": member, "event": "Signed Up"}
    page.request.post(f"{studio.url}/v1/track", data=call, headers={"Authorization": f"Basic {key}"})
    given = page.request.post(
        f"{studio.url}/v1/coupons/issue",
        data={"coupon": "FILM-TICKET", "batch": f"b-{member}", "userIds": [member], "why": "A thank you"},
        headers={"Origin": studio.url},
    )
    assert given.ok, given.text()
    held = page.request.get(f"{studio.url}/v1/members/{member}").json()["coupons"]
    (code,) = (one["code"] for one in held if one["coupon"] == "FILM-TICKET")
    order = {"order_id": f"o-{member}", "total": 100, "currency": "CNY"}
    said = {"redemption": f"r-{member}", "userId": member, "coupons": [code], "order": order, "confirm": True}
    done = page.request.post(
        f"{studio.url}/v1/redemptions", data=said, headers={"Authorization": f"Basic {key}"}
    )
    assert done.ok, done.text()
    assert "redeemed" == done.json()["status"], done.text()


def test_what_a_partner_bears_is_shown_and_exported(studio: Studio, page: Page) -> None:
    studio.sign_in(page)
    put(studio, page, "definitions/coupons/FILM-TICKET", FILM)
    used(studio, page, "film-1")
    used(studio, page, "film-2")
    page.goto(f"{studio.url}/rules")
    page.get_by_role("button", name="Campaigns").click()
    page.get_by_role("link", name="Partners").click()
    expect(page.get_by_role("heading", level=1, name="Partners")).to_be_visible()
    whole = page.get_by_role("row").filter(has_text="odeon")
    expect(whole).to_contain_text("48 CNY")
    expect(page.get_by_role("row").filter(has_text="Film ticket")).to_contain_text("48 CNY")
    settled(page)
    assert [] == violations(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    table = download.value.path().read_text(encoding="utf-8").splitlines()
    assert any(line.startswith("odeon,CNY,FILM-TICKET,Film ticket,2,0,48,0,48,") for line in table)

    page.get_by_label("From").fill("2020-01-01")
    page.get_by_label("Up to and with").fill("2020-01-31")
    expect(page.get_by_role("heading", name="Nothing to settle")).to_be_visible()
