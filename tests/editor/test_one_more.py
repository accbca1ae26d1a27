"""What is added to the language on the server only is in the editor: offered, edited, worded and kept."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pydantic import SecretStr

from api.assembly import assemble
from api.clock import SystemClock
from api.service.warming import Warming
from api.settings import Settings
from api.store import migrate
from tests.editor.looking import speak, violations
from tests.support.server import SECRET, serving
from tests.support.studio import PASSWORD, Studio


@pytest.fixture
def amended(tmp_path: Path) -> Iterator[Studio]:
    """The studio of a product with an operator and an action that nobody else has."""
    url = f"sqlite:///{tmp_path / 'regulars.db'}"
    migrate.upgrade(url)
    settings = Settings(DATABASE_URL=url, secret=SecretStr(SECRET), matcher="index")
    programme = assemble(settings, SystemClock(), Warming(), timers=False)
    programme.writer.start()
    try:
        programme.services.people.create_person("mia", "marketer", PASSWORD)
    finally:
        programme.close()
    with serving(url, program=("-m", "tests.support.one_more"), REGULARS_MATCHER="index") as address:
        yield Studio(address, "")


@pytest.mark.usefixtures("quiet")
def test_an_operator_and_an_action_of_the_server_need_nothing_here(page: Page, amended: Studio) -> None:
    amended.sign_in(page, "mia")
    speak(page, "en")
    page.goto(f"{amended.url}/rules/new")
    page.get_by_role("textbox", name="Name of the rule").fill("Bell")

    _add(page, "Add condition", "Fact")
    condition = page.get_by_role("group", name="Condition 1", exact=True)
    condition.get_by_role("combobox", name="Fact").select_option("member.city")
    condition.get_by_role("combobox", name="Comparison").select_option(label="sounds like")
    condition.get_by_role("textbox", name="Value").fill("Lyon")
    _add(page, "Add action", "Ring the bell")
    action = page.get_by_role("group", name="Action 1", exact=True)
    action.get_by_role("combobox", name="Bell").select_option(label="silver")
    action.get_by_role("textbox", name="Times").fill("3")
    action.get_by_role("button", name="Add: Lasting").click()
    action.get_by_role("combobox", name="Lasting: unit").select_option("minutes")
    action.get_by_role("textbox", name="Lasting: amount").fill("5")

    said = page.locator("[data-sentence='en']")
    expect(said).to_contain_text("if city sounds like Lyon, then ring the silver bell 3 times for 5 minutes")
    expect(page.locator("[data-sentence='zh-Hans']")).to_contain_text(
        "如果城市读音近似 Lyon，则摇银铃 3 次，持续 5 分钟"
    )
    expect(page.get_by_text("Ready to publish")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("tab", name="Flow").click()
    expect(page.get_by_role("button", name="Ring the bell").first).to_contain_text(
        "Ring the silver bell 3 times"
    )
    page.get_by_role("tab", name="JSON").click()
    rule = json.loads(page.get_by_role("textbox", name="The rule as JSON").input_value())
    assert rule["if"] == {"type": "compare", "fact": "member.city", "op": "sounds_like", "value": "Lyon"}
    assert rule["then"] == [{"type": "ring_bell", "bell": "silver", "times": 3, "lasting": {"minutes": 5}}]

    page.get_by_role("button", name="Save draft").click()
    page.wait_for_url("**/rules/bell")
    kept = page.request.get(f"{amended.url}/v1/rules/bell").json()
    assert (rule["if"], rule["then"]) == (kept["draft"]["if"], kept["draft"]["then"])
    assert "ring the silver bell 3 times for 5 minutes" in json.dumps(kept)


def _add(page: Page, button: str, kind: str) -> None:
    page.get_by_role("button", name=button, exact=True).first.click()
    page.get_by_role("menuitem", name=kind, exact=True).click()
