"""The whole rule library at once: every alarm is known, true and looked at; every case is decided."""

import pytest

from api.service.story import rules_of
from engine.conflicts import Report, find_conflicts
from engine.language.catalogue import Catalogue
from rule_library import library, library_definitions
from tests.engine.conflicts.oracle import shown
from tests.engine.conflicts.planting import NOW
from tests.support.life import at

DEFINITIONS = library_definitions()
KNOWN = {
    # A first order of 3000 yuan: two steps of the path at once; the later one stands, as its guide says.
    ("tag", "path-first-purchase", "path-super-user"),
    # Three coupons of an order that may all be used together on a later one, as each definition says.
    ("coupons", "up-add-a-little", "referral-first-order"),
    ("coupons", "up-add-a-little", "tea-bag-offer"),
    ("coupons", "referral-first-order", "tea-bag-offer"),
}
"""What is found in the library."""


@pytest.fixture(scope="module")
def report() -> Report:
    index = rules_of([entry.document for entry in library()], Catalogue(DEFINITIONS))
    return find_conflicts([one.rule for one in index.standing], index.rules, at(NOW))


def test_what_the_library_has_is_known_and_true(report: Report) -> None:
    documents = [entry.document.plain() for entry in library()]
    definitions = DEFINITIONS.model_dump(mode="json", by_alias=True, exclude_none=True)

    assert {(one.code, *one.rules) for one in report.conflicts} == KNOWN
    assert all(shown(one, documents, definitions) for one in report.conflicts)


def test_every_case_is_decided(report: Report) -> None:
    assert report.given_up == ()
    assert (report.looked, report.apart, report.held) == (18, 14, 0)
