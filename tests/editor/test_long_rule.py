"""A rule of a hundred conditions is as quick to type in as a short one."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.editor.looking import speak
from tests.support.studio import Studio

KEYS = 40
TYPED = """async (keys) => {
    const input = document.querySelector("[data-row='/if/of/57'] input")
    const write = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set
    const touched = new Set()
    const watch = new MutationObserver((changes) => {
        for (const one of changes) {
            touched.add(one.target.parentElement?.closest('[data-row]')?.dataset.row ?? '')
        }
    })
    const all = {subtree: true, childList: true, characterData: true, attributes: true}
    watch.observe(document.querySelector('.re-cards'), all)
    const times = []
    for (let at = 1; at <= keys; at += 1) {
        const begun = performance.now()
        write.call(input, 'a'.repeat(at))
        input.dispatchEvent(new Event('input', {bubbles: true}))
        await new Promise((after) => requestAnimationFrame(() => setTimeout(after)))
        times.push(performance.now() - begun)
    }
    watch.disconnect()
    return {times, touched: [...touched], nodes: document.querySelectorAll('*').length}
}"""
"""Types into a condition; gives the time of each key until after its frame, and the rows that changed."""


@pytest.mark.usefixtures("quiet")
def test_a_key_redraws_its_own_row(
    page: Page, studio: Studio, record_property: Callable[[str, object], None]
) -> None:
    studio.sign_in(page, "mia")
    speak(page, "en")
    cities = [{"type": "compare", "fact": "member.city", "op": "eq", "value": f"c{at}"} for at in range(100)]
    rule = {
        "language": 1, "key": "hundred", "name": {"en": "A hundred"},
        "when": {"type": "event", "event": "Signed Up"}, "if": {"type": "any", "of": cities},
        "then": [{"type": "award_points", "points": 1}],
    }  # fmt: skip
    saved = page.request.put(
        f"{studio.url}/v1/rules/hundred/draft", data=rule, headers={"Origin": studio.url}
    )
    assert saved.ok, saved.text()
    page.goto(f"{studio.url}/rules/hundred")
    row = page.get_by_role("group", name="Condition 58", exact=True)
    expect(row.get_by_role("textbox")).to_have_value("c57")
    expect(page.get_by_text(re.compile("Ready to publish|to fix"))).to_be_visible()

    found = page.evaluate(TYPED, KEYS)
    times = sorted(found["times"])
    record_property(
        "measured",
        f"{KEYS} keys among 100 conditions: p50 {times[KEYS // 2]:.0f} ms,"
        f" p95 {times[int(KEYS * 0.95) - 1]:.0f} ms, {found['nodes']} nodes",
    )
    expect(page.locator("[data-sentence='en']")).to_contain_text("a" * KEYS)
    assert {"/if/of/57"} >= {one for one in found["touched"] if one.startswith("/if/of/")}
