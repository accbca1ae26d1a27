"""How a page of the studio is looked at: in which language, and whether everybody can use it."""

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RUN_AXE = "axe.run().then(found => JSON.stringify(found.violations))"


def speak(page: Page, language: str) -> None:
    """Let the studio speak a language from the next page on."""
    page.add_init_script(f"localStorage.setItem('regulars.language', '{language}')")


def violations(page: Page) -> list[str]:
    """What axe finds, but for trifles; it comes in by the debugger: the page refuses foreign scripts."""
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": AXE})
    ran = session.send(
        "Runtime.evaluate", {"expression": RUN_AXE, "awaitPromise": True, "returnByValue": True}
    )
    found: list[dict[str, Any]] = json.loads(ran["result"]["value"])
    return [
        f"{one['id']}: {node['html'][:200]}"
        for one in found
        if one["impact"] != "minor"
        for node in one["nodes"]
    ]


def overflow(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    wider: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wider


def settled(page: Page) -> None:
    """Wait until the page shows what it asked for."""
    page.wait_for_load_state("networkidle")
    expect(page.locator(".busy")).to_have_count(0)
