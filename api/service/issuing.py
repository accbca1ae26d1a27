"""Coupons for many members at once: chunk by chunk through the writer, and once only for a batch's id."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any, Final, NamedTuple

from api.service.asking import CODES, WORDS, Request, call_of
from api.service.calls import Call, IngestResult
from api.service.door import Door
from api.service.refusal import Refusal
from api.service.rulebook import Rulebook
from api.store.audiences import holders_of
from api.store.database import Database
from engine.events import COUPON_GRANTED

Json = dict[str, Any]
PAGE: Final = 10_000
"""How many members one request may issue to."""

_CHUNK: Final = 200
_TOLD: Final = 100
_RUN_OUT: Final = frozenset({"coupon-stock", "coupon-codes"})
_REASONS: Final = {**CODES, "unknown": "member-unknown"}


class Issue(NamedTuple):
    """What is to be issued.

    Attributes:
        coupon: Key of the definition.
        batch: The client's own id of it; a member gets one coupon for it, however often it is sent.
        why: Why, for the log.
        source: Who issues; a batch's id is its own.
    """

    coupon: str
    batch: str
    why: str
    source: str


class Issuing:
    """Issues coupons to a list of members, or to those who have a tag on."""

    def __init__(
        self,
        database: Database,
        rulebook: Rulebook,
        door: Door,
        submit: Callable[[list[Call]], Future[list[IngestResult]]],
    ) -> None:
        """Make the use case of its parts; `submit` takes calls in."""
        self._database = database
        self._rulebook = rulebook
        self._door = door
        self._submit = submit

    def to_members(self, issue: Issue, users: Sequence[str]) -> Json:
        """Issue a coupon to each of some members, and return what came of it.

        When stock or codes run out, the rest is not tried: the same batch can
        be sent again once there is more.

        Args:
            issue: What is to be issued.
            users: Members, by the ids that their sender knows them by. One that is named twice gets one.

        Returns:
            `issued` (coupons that the batch has issued to these members, by now), `repeated` (those of
            them that an earlier request had issued), `refused` (how many by reason), `failures` (up to
            100, each with its reason), `not_tried`.

        Raises:
            Refusal: `not-found` if there is no such coupon.
        """
        if issue.coupon not in self._rulebook.index().rules.catalogue.coupons:
            raise Refusal("not-found", "There is no such coupon; define it first.")
        wanted = list(dict.fromkeys(users))
        tally = _Tally()
        tried = 0
        while tried < len(wanted) and not tally.run_out:
            chunk = wanted[tried : tried + _CHUNK]
            calls = [self._call(issue, user) for user in chunk]
            for user, result in zip(chunk, self._submit(calls).result(), strict=True):
                tally.count(user, result)
            tried += len(chunk)
        return {
            "batch": issue.batch,
            "coupon": issue.coupon,
            **tally.told(),
            "not_tried": len(wanted) - tried,
        }

    def to_holders(self, issue: Issue, tag: str, after: str | None) -> Json:
        """Issue a coupon to the members who count as having a tag, up to 10,000 of them.

        Args:
            issue: What is to be issued.
            tag: Key of the tag.
            after: `next` of the answer before, or None to begin.

        Returns:
            As `to_members`, with `next`: where to go on, or null when everybody was tried.

        Raises:
            Refusal: `not-found` if there is no such coupon or tag.
        """
        catalogue = self._rulebook.index().rules.catalogue
        stands = catalogue.taxonomy.standing(tag)
        if tag not in catalogue.tags or stands is None:
            raise Refusal("not-found", "There is no such tag.")
        tags = [stands, *catalogue.taxonomy.below(stands)]
        with self._database.read() as connection:
            holders = holders_of(connection, tags, after, PAGE + 1)
        said = self.to_members(issue, holders[:PAGE])
        tried = min(len(holders), PAGE) - said["not_tried"]
        left = tried < len(holders)
        return {**said, "next": holders[tried - 1] if left and tried else after if left else None}

    def _call(self, issue: Issue, user: str) -> Call:
        request = Request(
            issue.source,
            f"issue:{issue.batch}:{user}",
            COUPON_GRANTED,
            user,
            {"coupon": issue.coupon, "why": issue.why, "batch": issue.batch},
        )
        return call_of(request, self._door, self._rulebook)


class _Tally:
    """Counts what came of a batch."""

    def __init__(self) -> None:
        self.run_out = False
        self._issued = self._repeated = 0
        self._refused: Counter[str] = Counter()
        self._failures: list[Json] = []

    def count(self, user: str, result: IngestResult) -> None:
        reason = _REASONS.get(result.status) or result.answer.get("reason")
        if reason is None:
            self._issued += 1
            self._repeated += result.status == "duplicate"
            return
        self._refused[reason] += 1
        self.run_out |= reason in _RUN_OUT and result.status == "accepted"
        if len(self._failures) < _TOLD:
            self._failures.append({"userId": user, "reason": reason, "text": WORDS[reason]})

    def told(self) -> Json:
        return {
            "issued": self._issued,
            "repeated": self._repeated,
            "refused": dict(sorted(self._refused.items())),
            "failures": self._failures,
        }
