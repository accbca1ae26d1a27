"""A second person looks at a draft before it is published: submitted, approved or sent back."""

from typing import Any, Final, NamedTuple

import orjson

from api.clock import Clock
from api.service.refusal import Finding, Refusal
from api.service.rules import RulesService
from api.service.running import Run
from api.store import approvals as store
from api.store import people, rules
from api.store.actions import Action
from api.store.approvals import Approval, Review, Step
from api.store.connection import Connection
from api.store.people import AuditEntry, note
from api.store.rules import StoredRule
from engine.language.parse import parse_rule

Json = dict[str, Any]


class _Move(NamedTuple):
    """A step: where the approval may stand before it, and where it stands afterwards."""

    admitted: tuple[Approval, ...]
    after: Approval
    step: Step
    audited: Action


_SUBMIT: Final = _Move(("none", "sent_back"), "submitted", "submitted", "draft-submitted")
_APPROVE: Final = _Move(("submitted",), "approved", "approved", "draft-approved")
_SEND_BACK: Final = _Move(("submitted", "approved"), "sent_back", "sent_back", "draft-sent-back")


class Approvals:
    """Moves drafts through their approval; every step is kept, with who, when and what was said."""

    def __init__(self, run: Run, service: RulesService, clock: Clock) -> None:
        """Make the use case of its parts.

        Args:
            run: Runs work in a write transaction and returns its result.
            service: Checks rules, and tells how they stand.
            clock: Our clock.
        """
        self._run = run
        self._service = service
        self._clock = clock

    def submit(self, key: str, *, etag: str | None, comment: str, by: str) -> Json:
        """Ask for a draft to be approved; return the RuleDetail.

        Args:
            key: The rule.
            etag: Of the draft that is meant.
            comment: What the approver should know; may be empty.
            by: Who asks.

        Raises:
            Refusal: `no-draft`, `rule-not-ready` if the draft has errors, `wrong-status` if it is
                submitted or approved already, `if-match-required`.
            Stale: If somebody saved in between.
        """
        return self._take(_SUBMIT, key, etag, comment, by)

    def approve(self, key: str, *, etag: str | None, comment: str, by: str) -> Json:
        """Approve a draft that waits for it; return the RuleDetail. See `submit` for the arguments.

        Raises:
            Refusal: `own-draft` if the person, or a key that they answer for, has written any of it;
                `no-draft`, `wrong-status` if it wasn't submitted, `if-match-required`.
            Stale: If somebody saved in between.
        """
        return self._take(_APPROVE, key, etag, comment, by)

    def send_back(self, key: str, *, etag: str | None, comment: str, by: str) -> Json:
        """Send a draft back to who wrote it; return the RuleDetail. See `submit` for the arguments.

        Raises:
            Refusal: `invalid-request` without a comment; and as `approve` does.
            Stale: If somebody saved in between.
        """
        if not comment.strip():
            raise Refusal(
                "invalid-request", "See errors.", [Finding("/comment", "say what should be changed")]
            )
        return self._take(_SEND_BACK, key, etag, comment, by)

    def _take(self, move: _Move, key: str, etag: str | None, comment: str, by: str) -> Json:
        if etag is None:
            raise Refusal("if-match-required", "Send the etag of the draft you looked at in If-Match.")
        now = self._clock.now()

        def work(connection: Connection) -> None:
            stored = rules.read(connection, key)
            if stored is None or stored.draft is None:
                raise Refusal("no-draft", f"rule {key!r} has no draft")
            self._admit(connection, move, stored, stored.draft, by)
            store.move(connection, key, etag=etag, before=stored.approval, after=move.after)
            digest = parse_rule(stored.draft).digest()
            said = comment.strip()
            store.add(connection, Review(key, now, by, move.step, digest, said))
            detail = f"{stored.approval} -> {move.after}; draft {digest[:16]}"
            detail = f"{detail}; {said}" if said else detail
            old, new = (
                {"approval": stored.approval},
                {"approval": move.after, "comment": said, "draft": digest},
            )
            note(connection, AuditEntry(now, by, move.audited, key, detail, old=old, new=new))

        self._run(work)
        return self._service.detail(key)

    def _admit(self, connection: Connection, move: _Move, stored: StoredRule, draft: bytes, by: str) -> None:
        if stored.approval not in move.admitted:
            raise Refusal("wrong-status", _WRONG[stored.approval])
        if move is not _SUBMIT:
            authors = orjson.loads(stored.authors)
            if by in authors or by in people.owners(connection, authors):
                raise Refusal(
                    "own-draft",
                    "You, or an API key of yours, have written some of this; somebody else must decide.",
                )
            return
        found = self._service.check(orjson.loads(draft))["diagnostics"]
        if any(one["severity"] == "error" for one in found):
            raise Refusal("rule-not-ready", "the rule has errors; each says what to do", diagnostics=found)


_WRONG: Final = {
    "none": "The draft wasn't submitted for approval; submit it first.",
    "submitted": "The draft waits for approval already.",
    "approved": "The draft is approved already; publish it, or change it.",
    "sent_back": "The draft was sent back; change it and submit it again.",
}
