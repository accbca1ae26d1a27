"""How a page of the studio is looked at: in which language, and whether everybody can use it."""

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RUN_AXE = "axe.run({exclude: %s}, %s).then(found => JSON.stringify(found.violations))"
REPEATED = [f"{row}:nth-child(n+9)" for row in ("tbody tr", ".rule-card", ".timeline > li")]
"""Rows like those above them: a list is looked at through its first eight."""
OF_COLOUR = ("color-contrast", "link-in-text-block")
"""The rules whose answer depends on the colours, and so on whether it is day or night."""

COUNT_CALLS = """{
    const call = window.fetch
    window.underWay = 0
    window.fetch = async (...asked) => {
        window.underWay += 1
        try {
            const answer = await call(...asked)
            await answer.clone().arrayBuffer()
            return answer
        } finally {
            window.underWay -= 1
        }
    }
}"""
"""What a page has asked for and not got yet, body and all."""

SETTLED = """() => new Promise((settled, failed) => {
    let quiet = 0
    setTimeout(() => failed(new Error('the page is still busy')), 20_000)
    const look = () => {
        const busy = document.querySelector('.busy, [aria-busy=true]') !== null
        quiet = document.readyState === 'complete' && window.underWay === 0 && !busy ? quiet + 1 : 0
        quiet === 5 ? settled() : setTimeout(look, 20)
    }
    look()
})"""
"""Resolves when nothing has been under way for a tenth of a second, in which what came is drawn."""


GO = """([to, language]) => {
    history.pushState(null, '', to)
    dispatchEvent(new PopStateEvent('popstate'))
    document.querySelector(`.segments [lang="${language}"]`)?.click()
}"""


def go(page: Page, to: str, language: str = "") -> None:
    """Go to an address of the studio as its links do, without loading it anew.

    Args:
        page: A page of the studio.
        to: The path.
        language: The language to speak from then on.
    """
    page.evaluate(GO, [to, language])


def new_profile(browser: Browser, **said: Any) -> BrowserContext:
    """Return a browser's profile, whose pages can be waited for.

    A blank page stays open in it, so that the others are tabs of its window: to open a window takes a second.
    """
    profile = browser.new_context(**said)
    profile.add_init_script(COUNT_CALLS)
    profile.new_page()
    return profile


def speak(page: Page, language: str) -> None:
    """Let the studio speak a language from the next page on."""
    page.add_init_script(f"localStorage.setItem('regulars.language', '{language}')")


def violations(page: Page, *rules: str) -> list[str]:
    """What axe finds; it comes in by the debugger: the page refuses foreign scripts.

    Args:
        page: What to look at.
        rules: By which of its rules; by all if none is named.
    """
    session = page.context.new_cdp_session(page)
    if not page.evaluate("'axe' in window"):
        session.send("Runtime.evaluate", {"expression": AXE})
    options: dict[str, Any] = {"resultTypes": ["violations"], "preload": False} | (
        {"runOnly": rules} if rules else {}
    )
    run = RUN_AXE % (json.dumps(REPEATED), json.dumps(options))
    ran = session.send("Runtime.evaluate", {"expression": run, "awaitPromise": True, "returnByValue": True})
    found: list[dict[str, Any]] = json.loads(ran["result"]["value"])
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


def overflow(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    wider: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wider


def settled(page: Page) -> None:
    """Wait until the page shows what it asked for."""
    page.evaluate(SETTLED)
