"""Rules as people work on them: drafts, sentences, findings, versions."""

from typing import Any, Final

import orjson

from api.clock import Clock
from api.service.publish import plain
from api.service.refusal import Finding, Refusal
from api.service.rulebook import Rulebook
from api.service.running import Run
from api.store import figures
from api.store import rules as store
from api.store.connection import Connection
from api.store.database import Database
from api.store.people import AuditEntry, note
from api.store.rules import StoredRule, StoredVersion
from engine.errors import InvalidRule
from engine.language.base import LANGUAGES
from engine.language.check import check, unreadable
from engine.language.document import RuleDocument
from engine.language.parse import parse_rule
from engine.language.wording import sentence
from engine.values import instant_text

Json = dict[str, Any]
NO_RULE: Final = "There is no such rule."


class RulesService:
    """What people do with rules short of publishing them."""

    def __init__(self, database: Database, run: Run, rulebook: Rulebook, clock: Clock) -> None:
        """Make the use case of its parts.

        Args:
            database: Where rules are read.
            run: Runs work in a write transaction and returns its result.
            rulebook: The rules in force, and the catalogue.
            clock: Our clock.
        """
        self._database = database
        self._run = run
        self._rulebook = rulebook
        self._clock = clock

    def summaries(self) -> list[Json]:
        """Return every rule as a RuleSummary, by key."""
        with self._database.read() as connection:
            stored = store.read_all(connection)
            published = store.published(connection)
            fired = figures.firings(connection)
        return [self._summary(one, published.get(one.key), fired.get(one.key, 0)) for one in stored]

    def detail(self, key: str) -> Json:
        """Return a rule as a RuleDetail.

        Raises:
            Refusal: `not-found`.
        """
        with self._database.read() as connection:
            stored = store.read(connection, key)
            if stored is None:
                raise Refusal("not-found", NO_RULE)
            published = store.published(connection).get(key)
            fired = figures.firings(connection).get(key, 0)
        draft = None if stored.draft is None else orjson.loads(stored.draft)
        current = None if published is None else orjson.loads(published.document)
        return {
            **self._summary(stored, published, fired),
            "draft": draft,
            "published": current,
            "etag": stored.etag,
            "diagnostics": self.check(draft or current)["diagnostics"],
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
            findings = [Finding(one.path, one.text["en"]) for one in error.problems]
            raise Refusal("invalid-request", "This is not a rule document; see errors.", findings) from error
        if document.key != key:
            raise Refusal(
                "invalid-request", "See errors.", [Finding("/key", f"must be {key!r}, as in the address")]
            )
        draft, now = document.canonical(), self._clock.now()

        def save(connection: Connection) -> None:
            if etag is None and store.read(connection, key) is not None:
                raise Refusal("if-match-required", "Send the etag of the draft you changed in If-Match.")
            store.save_draft(connection, key, draft, expected=etag, at=now, by=by)
            note(connection, AuditEntry(now, by, "draft-saved", key, document.digest()))

        self._run(save)
        return self.detail(key)

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
            note(connection, AuditEntry(now, by, "draft-deleted", key))
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

    def _summary(self, stored: StoredRule, published: StoredVersion | None, fired: int) -> Json:
        source = published.document if published is not None else stored.draft
        document = None if source is None else _read(source)
        return {
            "key": stored.key,
            "name": {} if document is None else dict(document.name),
            "status": stored.status,
            "version": stored.version,
            "has_draft": stored.draft is not None,
            "sentence": None if document is None else self._sentence(document),
            "changed_at": instant_text(stored.changed_at),
            "changed_by": stored.changed_by,
            "fired": fired,
            "covers": [] if document is None else document.covers,
            "priority": None if document is None else document.priority,
        }


def _read(source: bytes) -> RuleDocument | None:
    """Return a stored document; None if the language no longer reads it."""
    try:
        return parse_rule(source)
    except InvalidRule:
        return None
