"""A rule in short: its name, its sentence, and how it stands."""

from collections import OrderedDict
from typing import Any, Final

from api.clock import Clock
from api.service.rulebook import Rulebook
from api.store.rules import RuleHead
from engine.errors import InvalidRule
from engine.language.base import LANGUAGES
from engine.language.catalogue import Catalogue
from engine.language.document import RuleDocument
from engine.language.parse import parse_rule
from engine.language.wording import sentence
from engine.values import instant_text, parse_instant

Json = dict[str, Any]
_KEPT: Final = 2_000


class RuleSummaries:
    """Tells rules in short. What was read and worded of a rule is kept until it or the catalogue changes."""

    def __init__(self, rulebook: Rulebook, clock: Clock) -> None:
        """Make it of the catalogue that sentences speak of, and of our clock."""
        self._rulebook = rulebook
        self._clock = clock
        self._catalogue: Catalogue | None = None
        self._kept: OrderedDict[tuple[str, str], Json] = OrderedDict()

    def of(self, head: RuleHead, document: bytes | None, fired: int) -> Json:
        """Return a rule as a RuleSummary.

        Args:
            head: How it stands.
            document: What is in force as JSON, else its draft; None if there is neither.
            fired: How often it has fired.
        """
        told = self._told(head, document)
        return {
            "key": head.key,
            "status": head.status,
            "version": head.version,
            "has_draft": head.has_draft,
            "changed_at": instant_text(head.changed_at),
            "changed_by": head.changed_by,
            "fired": fired,
            "approval": head.approval,
            **told,
            "starts_at": self._to_come(told["starts_at"]) if head.version is not None else None,
        }

    def _to_come(self, instant: str | None) -> str | None:
        """Return when a version comes into force; None if that isn't to come."""
        to_come = instant is not None and parse_instant(instant) > self._clock.now()
        return instant if to_come else None

    def _told(self, head: RuleHead, document: bytes | None) -> Json:
        """Return what the document tells, as it was read before if nothing has changed."""
        catalogue = self._rulebook.index().rules.catalogue
        if catalogue is not self._catalogue:
            self._catalogue, self._kept = catalogue, OrderedDict()
        kept, place = self._kept, (head.key, head.etag)
        told = kept.get(place)
        if told is None:
            told = kept[place] = _told(None if document is None else _read(document), catalogue)
            if len(kept) > _KEPT:
                kept.popitem(last=False)
        return told


def _told(document: RuleDocument | None, catalogue: Catalogue) -> Json:
    if document is None:
        return {"name": {}, "sentence": None, "covers": [], "priority": None, "starts_at": None}
    return {
        "name": dict(document.name),
        "sentence": {language: sentence(document, catalogue, language) for language in LANGUAGES},
        "covers": document.covers,
        "priority": document.priority,
        "starts_at": None if document.active is None else document.active.from_,
    }


def _read(source: bytes) -> RuleDocument | None:
    """Return a stored document; None if the language no longer reads it."""
    try:
        return parse_rule(source)
    except InvalidRule:
        return None
