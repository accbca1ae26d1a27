"""What changes for everybody: publishing, pausing, definitions.

Each is one control entry, written while no batch is being decided, so that
every event has exactly one rule set (ruling 4).
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple

from api.clock import Clock
from api.service.calendar import calendar_body, reads_lunar
from api.service.controlling import write_control
from api.service.in_flight import InFlight
from api.service.ingest import refresh
from api.service.meaning import Meaning, Meanings
from api.service.refusal import Refusal, plain
from api.service.rulebook import Rulebook
from api.service.warming import Warming
from api.service.what_changed import changed_parts, one_subject
from api.store import approvals, controls, people, rules
from api.store.actions import Action
from api.store.connection import Connection
from api.store.errors import Stale
from api.store.people import AuditEntry
from api.store.rules import StoredVersion
from engine import canonical
from engine.errors import InvalidRule
from engine.language.catalogue import Catalogue
from engine.language.check import check, unreadable
from engine.language.definitions import Definitions
from engine.language.diagnostics import Diagnostic
from engine.language.document import RuleDocument
from engine.language.parse import parse_rule
from engine.rules import Control, ControlName
from engine.values import Instant

Past = Literal["skip", "fire"]
Run = Callable[[Callable[[Connection], Any]], Any]
NO_DRAFT: Final = "rule {key!r} has no draft; change it and save it first"
_QUIETLY: Final = MappingProxyType({"past": "skip", "spread_seconds": 0})
_UNAPPROVED: Final = (
    "rule {key!r} isn't approved as it stands; submit the draft, and let another person approve it"
)
_NOT_BACK: Final = (
    "only an approver goes back to a version without asking, and only to one that was approved; save what "
    "version {version} says as a draft, and submit it"
)
_HOUR = 3_600
_FAR = 2**62


class Choice(NamedTuple):
    """What becomes of members when a rule is put in force; see `Publishing.publish`."""

    past: Past
    per_hour: int | None = None
    in_flight: InFlight = "finish"


class Publishing:
    """Brings rules and definitions into force."""

    def __init__(
        self,
        rulebook: Rulebook,
        run: Run,
        read: Callable[[], Any],
        meanings: Meanings,
        clock: Clock,
        warming: Warming,
    ) -> None:
        """Make the use case of its parts.

        Args:
            rulebook: The rules.
            run: Runs work in a write transaction and returns its result.
            read: Opens a read transaction.
            meanings: Finds out what publishing would mean.
            clock: Our clock.
            warming: Tries new networks out.
        """
        self._rulebook = rulebook
        self._run = run
        self._read = read
        self._meanings = meanings
        self._clock = clock
        self._warming = warming

    def publication(self, key: str, version: int | None = None) -> dict[str, Any]:
        """Return what publishing a rule's draft would mean, or going back to a version, as JSON data."""
        document, found = self._checked(self._source(key, version))
        meaning = self._meanings.of(document) if document is not None else Meaning(0, 0, [])
        return {
            "past_threshold": meaning.past,
            "in_flight": meaning.in_flight,
            "steps": meaning.steps,
            "diagnostics": [plain(one) for one in found],
        }

    def publish(
        self, key: str, *, past: Past, per_hour: int | None, by: str, in_flight: InFlight = "finish"
    ) -> None:
        """Bring a rule's draft into force.

        Args:
            key: The rule.
            past: Whether an absence that ran out before now fires: `skip` or `fire`.
            per_hour: With `fire`, how many members an hour; at least 1.
            by: Who.
            in_flight: What becomes of members who wait in an older version: they `finish` on it,
                `move` to their step in the new one, or `leave`.

        Raises:
            Refusal: `no-draft`, `rule-not-ready` with diagnostics, or `approval-required`.
        """
        with self._read() as connection:
            stored = rules.read(connection, key)
        if stored is None or stored.draft is None:
            raise Refusal("no-draft", NO_DRAFT.format(key=key))
        document = self._ready(stored.draft)
        with self._read() as connection:
            self._approver(connection, document)
        choice = self._prepared(document, Choice(past, per_hour, in_flight), by)
        self._commit(
            partial(self._publish, document=document, etag=stored.etag, choice=choice, by=by),
        )

    def roll_back(self, key: str, version: int, choice: Choice, *, by: str, approves: bool) -> None:
        """Bring what an older version says into force again, as a new version; a draft stays as it is.

        Args:
            key: The rule.
            version: Number of the version.
            choice: What becomes of members, as in `publish`.
            by: Who.
            approves: Whether they may approve what others wrote.

        Raises:
            Refusal: `not-found`; `wrong-status` if it is what is in force; `rule-not-ready` with
                diagnostics; `approval-required` where the programme demands it, and the version was
                never approved, or whoever goes back to it couldn't approve it.
        """
        document = self._ready(self._source(key, version))
        with self._read() as connection:
            self._older(connection, key, version, approves=approves)
        told = self._prepared(document, choice, by)
        self._commit(
            partial(
                self._publish_again,
                document=document,
                version=version,
                choice=told,
                approves=approves,
                by=by,
            )
        )

    def _source(self, key: str, version: int | None) -> bytes:
        """Return the draft of a rule, or one of its versions, as JSON."""
        with self._read() as connection:
            if version is not None:
                return _version(connection, key, version).document
            stored = rules.read(connection, key)
        if stored is None or stored.draft is None:
            raise Refusal("no-draft", NO_DRAFT.format(key=key))
        return stored.draft

    def _ready(self, source: bytes) -> RuleDocument:
        """Return a document that has no errors."""
        document, found = self._checked(source)
        if document is None or any(one.severity == "error" for one in found):
            raise Refusal(
                "rule-not-ready",
                "the rule has errors; each says what to do",
                diagnostics=[plain(one) for one in found],
            )
        return document

    def _prepared(self, document: RuleDocument, choice: Choice, by: str) -> dict[str, Any]:
        """Make ready for a document to be put in force; return what its control entry says of members."""
        waiting = self._meanings.past(document) if choice.past == "fire" else 0
        self._keep_calendar([document], by)
        spread = -(-waiting * _HOUR // max(1, choice.per_hour or 1000)) if choice.past == "fire" else 0
        self._try([document])
        return {"past": choice.past, "spread_seconds": spread, "in_flight": choice.in_flight}

    def publish_documents(self, documents: Sequence[RuleDocument], *, by: str) -> list[str]:
        """Bring documents into force without a draft; return the keys of those that were new or changed.

        Raises:
            Refusal: `rule-not-ready`, or `approval-required` unless that very draft was approved.
        """
        with self._read() as connection:
            published = rules.published(connection)
        changed = [
            one for one in documents if one.key not in published or published[one.key].digest != one.digest()
        ]
        for document in changed:
            others = [*self._beside(documents), *(one for one in documents if one.key != document.key)]
            errors = [one for one in check(document, self._catalogue(), others) if one.severity == "error"]
            if errors:
                said = [f"{one.path}: {one.text['en']} {one.fix['en']}" for one in errors]
                raise Refusal(
                    "rule-not-ready",
                    f"rule {document.key!r}: " + "; ".join(said),
                    diagnostics=[plain(one) for one in errors],
                )
        self._keep_calendar(changed, by)
        if changed:
            self._try(changed)
        for document in changed:
            self._commit(partial(self._publish, document=document, etag=None, choice=_QUIETLY, by=by))
        return [one.key for one in changed]

    def pause(self, key: str, *, by: str) -> None:
        """Suppress a rule's triggers; waits that run go on."""
        self._commit(lambda connection: self._switch(connection, key, "Rule Paused", "paused", by))

    def resume(self, key: str, *, by: str) -> None:
        """Let a paused rule go on; what ran out while it was paused doesn't fire."""
        self._commit(lambda connection: self._switch(connection, key, "Rule Resumed", "live", by))

    def change_definitions(
        self, definitions: Definitions, *, by: str, also: Callable[[Connection], None] | None = None
    ) -> None:
        """Put definitions in force: the whole of them, replacing those before.

        Args:
            definitions: All of them.
            by: Who.
            also: What is done in the same transaction.
        """

        def work(connection: Connection) -> None:
            if also is not None:
                also(connection)
            body = {"definitions": definitions.model_dump(mode="json", by_alias=True, exclude_none=True)}
            was = self._catalogue()
            self._control(connection, "Definitions Changed", body, by)
            old, new = changed_parts(was.definitions, definitions)
            digest = canonical.digest(body)[:16]
            self._note(connection, by, "definitions-changed", one_subject(old, new), digest, old, new)
            before, after = was.programme.approval, Catalogue(definitions).programme.approval
            if after != before:
                told = {"approval": before}, {"approval": after}
                self._note(connection, by, "approval-demanded", "programme", f"{before} -> {after}", *told)

        self._try_definitions(definitions)
        self._commit(work)

    def publish_statistics(self, edges: dict[str, dict[str, list[str]]], *, by: str) -> None:
        """Put edges of scores in force: decimal text by dimension, by key of the score."""
        self._commit(partial(self._control, name="Statistics Published", body={"edges": edges}, by=by))

    def _keep_calendar(self, documents: Sequence[RuleDocument], by: str) -> None:
        """Put the table of the Chinese calendar in force, if rules ask for it and it isn't there yet."""
        if not reads_lunar(documents):
            return
        body = calendar_body()
        if self._rulebook.index().rules.lunisolar.digest != body["digest"]:
            self._commit(partial(self._control, name="Calendar Changed", body=body, by=by))

    def _commit(self, work: Callable[[Connection], Any]) -> None:
        self._run(work)
        with self._read() as connection:
            self._rulebook.learn(controls.controls_after(connection, self._rulebook.newest))

    def _catalogue(self) -> Catalogue:
        return self._rulebook.index().rules.catalogue

    def _checked(self, draft: bytes) -> tuple[RuleDocument | None, list[Diagnostic]]:
        try:
            document = parse_rule(draft)
        except InvalidRule as error:
            return None, unreadable(error)
        return document, check(document, self._catalogue(), self._beside([document]))

    def _beside(self, documents: Sequence[RuleDocument]) -> list[RuleDocument]:
        """Return the rules that are in force beside some."""
        keys = {one.key for one in documents}
        return [
            one.rule.document
            for one in self._rulebook.index().standing
            if one.rule.key not in keys and not one.paused
        ]

    def _try(self, documents: Sequence[RuleDocument]) -> None:
        base = self._rulebook.index().rules
        trial = [
            Control(
                revision=base.revision + place,
                name="Rule Published",
                at=0,
                by="",
                body={"document": document.plain(), "version": _FAR},
            )
            for place, document in enumerate(documents, start=1)
        ]
        if not self._warming.sound(self._rulebook, trial):
            self._rulebook.distrust("warming failed")

    def _try_definitions(self, definitions: Definitions) -> None:
        """Try out what rules of campaigns ask from now on, if an audience has changed."""
        base = self._rulebook.index().rules
        before = {one.key: one.audience for one in base.catalogue.definitions.campaigns}
        if {one.key: one.audience for one in definitions.campaigns} == before:
            return
        body = {"definitions": definitions.model_dump(mode="json", by_alias=True, exclude_none=True)}
        trial = Control(revision=base.revision + 1, name="Definitions Changed", at=0, by="", body=body)
        if not self._warming.sound(self._rulebook, [trial]):
            self._rulebook.distrust("warming failed")

    def _publish(
        self,
        connection: Connection,
        document: RuleDocument,
        etag: str | None,
        choice: Mapping[str, Any],
        by: str,
    ) -> None:
        self._settle(connection)
        approver, old = self._approver(connection, document), self._standing(document.key)
        stored = self._enact(connection, document, choice, approver, by)
        if etag is None:
            etag = self._drafted(connection, document, stored.published_at, by)
        try:
            rules.publish(connection, stored, expected=etag)
        except Stale as error:
            raise Refusal("draft-changed", "somebody saved the rule in between; look at it again") from error
        approved = "" if approver is None else f"; approved by {approver}"
        detail = f"version {stored.version}{approved}"
        self._note(connection, by, "rule-published", document.key, detail, old, document.plain())

    def _publish_again(
        self,
        connection: Connection,
        *,
        document: RuleDocument,
        version: int,
        choice: Mapping[str, Any],
        approves: bool,
        by: str,
    ) -> None:
        self._settle(connection)
        older = self._older(connection, document.key, version, approves=approves)
        before = self._standing(document.key)
        stored = self._enact(connection, document, choice, older.approved_by, by)
        rules.publish_again(connection, stored)
        detail = f"version {stored.version - 1} -> {stored.version}, as version {version}"
        self._note(connection, by, "rule-rolled-back", document.key, detail, before, document.plain())

    def _settle(self, connection: Connection) -> None:
        """Know what is in force; nobody changes it now, nor whether publishing needs approval."""
        controls.head(connection, exclusive=True)
        refresh(connection, self._rulebook)

    def _standing(self, key: str) -> dict[str, Any] | None:
        """Return what the version of a rule that was published last says."""
        standing = self._rulebook.index().rules.standing.get(key)
        return None if standing is None else standing.rule.published.plain()

    def _enact(
        self,
        connection: Connection,
        document: RuleDocument,
        choice: Mapping[str, Any],
        approver: str | None,
        by: str,
    ) -> StoredVersion:
        """Write the control entry of a new version, and return the version."""
        version = rules.next_version(connection, document.key)
        body = {"document": document.plain(), "version": version, **choice}
        body |= {"approved_by": approver} if approver is not None else {}
        control = self._control(connection, "Rule Published", body, by)
        return StoredVersion(
            key=document.key,
            version=version,
            digest=document.digest(),
            document=document.canonical(),
            revision=control.revision,
            published_at=control.at,
            published_by=by,
            approved_by=approver,
        )

    def _older(self, connection: Connection, key: str, version: int, *, approves: bool) -> StoredVersion:
        """Return a version that one may go back to."""
        found = _version(connection, key, version)
        newest = rules.published(connection)[key]
        if newest.digest == found.digest:
            raise Refusal("wrong-status", f"what version {version} says is in force already")
        required = self._catalogue().programme.approval == "required"
        if required and not (approves and found.approved_by is not None):
            raise Refusal("approval-required", _NOT_BACK.format(version=version))
        return found

    def _approver(self, connection: Connection, document: RuleDocument) -> str | None:
        """Return who approved a document as the draft stands; None if nobody did, and nobody has to."""
        approver = approvals.approver(connection, document.key, document.digest())
        if approver is None and self._catalogue().programme.approval == "required":
            raise Refusal("approval-required", _UNAPPROVED.format(key=document.key))
        return approver

    @staticmethod
    def _drafted(connection: Connection, document: RuleDocument, at: Instant, by: str) -> str:
        before = rules.read(connection, document.key)
        expected = before.etag if before is not None else None
        rules.save_draft(connection, document.key, document.canonical(), expected=expected, at=at, by=by)
        stored = rules.read(connection, document.key)
        if stored is None:
            raise Refusal("no-draft", f"rule {document.key!r} vanished while it was published")
        return stored.etag

    def _switch(self, connection: Connection, key: str, name: ControlName, status: str, by: str) -> None:
        stored = rules.read(connection, key)
        wanted = "live" if status == "paused" else "paused"
        if stored is None or stored.status != wanted:
            raise Refusal("wrong-status", f"rule {key!r} isn't {wanted}, so this can't be done")
        control = self._control(connection, name, {"key": key}, by)
        rules.set_status(connection, key, status, at=control.at, by=by)
        action: Action = "rule-paused" if status == "paused" else "rule-resumed"
        self._note(connection, by, action, key, "", {"status": wanted}, {"status": status})

    def _control(self, connection: Connection, name: ControlName, body: dict[str, Any], by: str) -> Control:
        return write_control(connection, self._rulebook, name, body, at=self._clock.now(), by=by)

    def _note(
        self, connection: Connection, by: str, action: Action, subject: str, detail: str, old: Any, new: Any
    ) -> None:
        people.note(connection, AuditEntry(self._clock.now(), by, action, subject, detail, old=old, new=new))


def _version(connection: Connection, key: str, version: int) -> StoredVersion:
    found = rules.version(connection, key, version)
    if found is None:
        raise Refusal("not-found", "There is no such version of the rule.")
    return found
