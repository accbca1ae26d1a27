"""Rules as people work on them: drafts, sentences, findings, versions."""

from collections.abc import Callable
from typing import Any, Final

import orjson

from api.clock import Clock
from api.service.refusal import Finding, Refusal, plain
from api.service.rule_summary import RuleSummaries
from api.service.rulebook import Rulebook
from api.service.running import Run
from api.store import approvals, figures
from api.store import rules as store
from api.store.approvals import Review
from api.store.connection import Connection
from api.store.database import Database
from api.store.people import AuditEntry, note, note_again
from engine.errors import InvalidRule
from engine.language.base import LANGUAGES
from engine.language.check import check, unreadable
from engine.language.document import RuleDocument
from engine.language.parse import parse_rule
from engine.language.wording import sentence
from engine.values import instant_text

Json = dict[str, Any]
NO_RULE: Final = "There is no such rule."
REVIEWS: Final = 50
"""How many steps of its approvals are told of a rule, the newest of them."""


class RulesService:
    """What people do with rules short of publishing them."""

    def __init__(
        self, database: Database, run: Run, rulebook: Rulebook, summaries: RuleSummaries, clock: Clock
    ) -> None:
        """Make the use case of its parts.

        Args:
            database: Where rules are read.
            run: Runs work in a write transaction and returns its result.
            rulebook: The rules in force, and the catalogue.
            summaries: Tells rules in short.
            clock: Our clock.
        """
        self._database = database
        self._run = run
        self._rulebook = rulebook
        self._summaries = summaries
        self._clock = clock

    def detail(self, key: str) -> Json:
        """Return a rule as a RuleDetail.

        Raises:
            Refusal: `not-found`.
        """
        with self._database.read() as connection:
            stored = store.read(connection, key)
            if stored is None:
                raise Refusal("not-found", NO_RULE)
            said = store.documents(connection, [key]).get(key)
            fired = figures.firings(connection, [key]).get(key, 0)
            reviews = approvals.reviews(connection, key, REVIEWS)
        draft = None if stored.draft is None else orjson.loads(stored.draft)
        current = None if stored.version is None or said is None else orjson.loads(said)
        return {
            **self._summaries.of(stored.head, said, fired),
            "draft": draft,
            "published": current,
            "etag": stored.etag,
            "diagnostics": self.check(draft or current)["diagnostics"],
            "approval_needed": self._rulebook.index().rules.catalogue.programme.approval == "required",
            "authors": orjson.loads(stored.authors),
            "reviews": [_review(one) for one in reviews],
        }

    def save_draft(self, key: str, body: bytes, *, etag: str | None, by: str) -> Json:
        """Keep a draft and return the RuleDetail.

        Args:
            key: Key of the rule; the document must have the same.
            body: The document as JSON text; it may have errors that `check` names.
            etag: What the author saw; None to begin a rule.
            by: Name of the author.

        Raises:
            Refusal: `invalid-request`, or `if-match-required` if the rule exists and `etag` is None.
            Stale: If somebody saved in between.
        """
        try:
            document = parse_rule(body)
        except InvalidRule as error:
            findings = [Finding(one.path, one.text) for one in error.problems]
            raise Refusal("invalid-request", "This is not a rule document; see errors.", findings) from error
        if document.key != key:
            raise Refusal(
                "invalid-request", "See errors.", [Finding("/key", f"must be {key!r}, as in the address")]
            )
        draft, now = document.canonical(), self._clock.now()

        def save(connection: Connection) -> None:
            before = store.read(connection, key)
            if etag is None and before is not None:
                raise Refusal("if-match-required", "Send the etag of the draft you changed in If-Match.")
            old = None if before is None else before.draft or store.documents(connection, [key]).get(key)
            store.save_draft(connection, key, draft, expected=etag, at=now, by=by)
            was = None if old is None else orjson.loads(old)
            saved = AuditEntry(now, by, "draft-saved", key, document.digest(), old=was, new=document.plain())
            note_again(connection, saved)

        self._run(save)
        return self.detail(key)

    def beginning(self, document: RuleDocument, *, by: str) -> Callable[[Connection], None]:
        """Return the work that begins a rule with a draft, for a write transaction of somebody else's.

        It raises the refusal `key-taken` if there is such a rule already.
        """
        key, now = document.key, self._clock.now()

        def begin(connection: Connection) -> None:
            if store.read(connection, key) is not None:
                raise Refusal("key-taken", f"There is a rule {key!r} already; choose another key.")
            store.save_draft(connection, key, document.canonical(), expected=None, at=now, by=by)
            note(connection, AuditEntry(now, by, "draft-saved", key, document.digest(), new=document.plain()))

        return begin

    def delete_draft(self, key: str, *, by: str) -> Json | None:
        """Throw a draft away; return the RuleDetail, or None if nothing of the rule is left.

        Raises:
            Refusal: `not-found` if there is no draft.
        """
        now = self._clock.now()

        def drop(connection: Connection) -> bool:
            stored = store.read(connection, key)
            if stored is None or stored.draft is None:
                raise Refusal("not-found", "The rule has no draft.")
            store.delete_draft(connection, key, expected=stored.etag, at=now, by=by)
            note(connection, AuditEntry(now, by, "draft-deleted", key, old=orjson.loads(stored.draft)))
            return stored.version is not None

        return self.detail(key) if self._run(drop) else None

    def check(self, data: object) -> Json:
        """Return what is wrong with some JSON data as a rule, and its sentence: `Checked`."""
        catalogue = self._rulebook.index().rules.catalogue
        if not isinstance(data, dict):
            data = orjson.dumps(data)
        try:
            document = parse_rule(data)
        except InvalidRule as error:
            return {"diagnostics": [plain(one) for one in unreadable(error)], "sentence": None}
        found = check(document, catalogue, self._others(document.key))
        return {"diagnostics": [plain(one) for one in found], "sentence": self._sentence(document)}

    def versions(self, key: str) -> list[Json]:
        """Return every published version of a rule, newest first.

        Raises:
            Refusal: `not-found`.
        """
        with self._database.read() as connection:
            if store.read(connection, key) is None:
                raise Refusal("not-found", NO_RULE)
            found = store.versions(connection, key)
        return [
            {
                "version": one.version,
                "digest": one.digest,
                "published_at": instant_text(one.published_at),
                "published_by": one.published_by,
                "approved_by": one.approved_by,
                "document": orjson.loads(one.document),
            }
            for one in found
        ]

    def _others(self, key: str) -> list[RuleDocument]:
        standing = self._rulebook.index().standing
        return [one.rule.document for one in standing if one.rule.key != key and not one.paused]

    def _sentence(self, document: RuleDocument) -> dict[str, str]:
        catalogue = self._rulebook.index().rules.catalogue
        return {language: sentence(document, catalogue, language) for language in LANGUAGES}


def _review(one: Review) -> Json:
    return {"at": instant_text(one.at), "by": one.by, "step": one.step, "comment": one.comment}
