"""Two ways of using a page: with a mouse, and without one. What each takes is counted."""

from typing import Final

from playwright.sync_api import Locator, Page, expect

MOST_TABS: Final = 120
SEEN: Final = """one => {
    const shown = [one, one.closest('label')].filter(Boolean).map(each => getComputedStyle(each))
    return one.matches('[role=menuitem]:focus')
        || shown.some(style => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0)
}"""
"""Whether people see that the focus is here: by its outline, or in a menu by its colour."""
ARRIVED: Final = f"""target => {{
    const focus = document.querySelector('*:focus')
    return [document.activeElement === target, focus === null || ({SEEN})(focus) ? '' : focus.outerHTML]
}}"""
"""Whether the focus has come to a place, and where it is if nobody sees it."""


class Hands:
    """Somebody at a page.

    Attributes:
        page: The page.
        clicks: How often a button of the mouse was pressed.
        keys: How many keys were pressed; a key with Alt is one.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = 0
        self.keys = 0

    def press(self, target: Locator) -> None:
        """Use a button, a link or a choice.

        Args:
            target: What to use.
        """
        raise NotImplementedError

    def fill(self, target: Locator, text: str) -> None:
        """Write into a field that is empty, or whose text gives way.

        Args:
            target: The field.
            text: What to write.
        """
        raise NotImplementedError

    def key(self, *keys: str) -> None:
        """Press keys.

        Args:
            keys: Their names.
        """
        for one in keys:
            self.page.keyboard.press(one)
        self.keys += len(keys)

    def type(self, text: str) -> None:
        """Type where the focus is.

        Args:
            text: What to type.
        """
        self.page.keyboard.type(text)
        self.keys += len(text)

    def at(self, target: Locator) -> None:
        """Check that the focus has come to a place without being led there.

        Args:
            target: The place.
        """
        expect(target).to_be_focused()


class Mouse(Hands):
    """Points at what is wanted, and types only text."""

    def press(self, target: Locator) -> None:
        """Click on it."""
        target.click()
        self.clicks += 1

    def fill(self, target: Locator, text: str) -> None:
        """Click into it and type."""
        self.press(target)
        self.type(text)


class Keyboard(Hands):
    """Goes everywhere by keys, and has to see at each stop where the focus is."""

    def reach(self, target: Locator) -> None:
        """Go on by Tab until the focus is at a place.

        Args:
            target: The place.
        """
        expect(target).to_be_visible()
        there, _ = target.evaluate(ARRIVED)
        for _ in range(MOST_TABS):
            if there:
                return
            self.key("Tab")
            there, unseen = target.evaluate(ARRIVED)
            assert not unseen, unseen
        raise AssertionError(f"the focus never comes to {target}")

    def press(self, target: Locator) -> None:
        """Go there and press Enter."""
        self.reach(target)
        self.key("Enter")

    def fill(self, target: Locator, text: str) -> None:
        """Go there and type."""
        self.reach(target)
        self.type(text)

    def at(self, target: Locator) -> None:
        """The focus has to be seen, too."""
        super().at(target)
        assert target.evaluate(SEEN)
