"""Checks of rules that start on a day of the year: the day exists, and is said once."""

import calendar
from collections.abc import Iterator
from typing import Final

from engine.language.catalogue import Catalogue
from engine.language.days import AnniversaryTrigger, HolidayTrigger
from engine.language.diagnostics import Diagnostic, diagnostic, named
from engine.language.document import RuleDocument

_LEAP_YEAR: Final = 2000
_LONGEST_LUNAR: Final = 30


def day_findings(document: RuleDocument, catalogue: Catalogue) -> Iterator[Diagnostic]:
    """Yield what is wrong with the day of the year that a rule starts on."""
    when = document.when
    if isinstance(when, AnniversaryTrigger):
        yield from _attribute(when, catalogue)
    elif isinstance(when, HolidayTrigger):
        yield from _holiday(when)
    if isinstance(when, AnniversaryTrigger | HolidayTrigger) and when.before and when.after:
        yield diagnostic("before-and-after", "/when/after")


def _attribute(when: AnniversaryTrigger, catalogue: Catalogue) -> Iterator[Diagnostic]:
    path = "/when/attribute"
    if when.of != "attribute":
        if when.attribute is not None:
            yield diagnostic("needless-attribute", path)
        return
    if when.attribute is None:
        yield diagnostic("needs-attribute", path)
        return
    fact = catalogue.facts.get(when.attribute)
    if fact is None:
        yield diagnostic("unknown-fact", path, name=when.attribute)
    elif fact.personal:
        yield diagnostic("personal-fact", path, **named(fact.label))
    elif fact.type != "text":
        yield diagnostic("needs-text-fact", path, **named(fact.label))


def _holiday(when: HolidayTrigger) -> Iterator[Diagnostic]:
    lunar = when.calendar == "lunar"
    last = _LONGEST_LUNAR if lunar else calendar.monthrange(_LEAP_YEAR, when.month)[1]
    if when.day > last:
        yield diagnostic("no-such-day", "/when/day", month=when.month, day=when.day, last=last)
    elif lunar and when.day == _LONGEST_LUNAR:
        yield diagnostic("lunar-last-day", "/when/day")
    if when.leap:
        yield diagnostic("lunar-leap-month" if lunar else "needless-leap", "/when/leap")
