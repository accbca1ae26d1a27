"""What is asked of a replay, and what it tells."""

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from api.store.stretches import Span
from engine import canonical
from engine.diverging import Divergence
from engine.errors import UnknownGate
from engine.replay import MemberReport
from engine.values import Instant, instant_text

MAX_DIVERGENCES = 1_000


class Asked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is to be decided again; by default everything.

    Attributes:
        member: The one member whose log is meant.
        since: Entries that were decided at this instant (`as_of`) or after it.
        until: Entries that were decided before this instant.
        first: Entries from this global sequence on.
        last: Entries up to this global sequence.
        strict: Whether to stop at the first difference.
    """

    member: str | None = None
    since: Instant | None = None
    until: Instant | None = None
    first: int | None = None
    last: int | None = None
    strict: bool = False

    @property
    def span(self) -> Span:
        """The bounds."""
        return Span(self.since, self.until, self.first, self.last)

    @property
    def whole(self) -> bool:
        """Whether logs are meant from their beginning to their end."""
        return self.span == Span()

    def plain(self) -> dict[str, Any]:
        """Return it as JSON data."""
        return {
            "member": self.member,
            "from": instant_text(self.since) if self.since is not None else None,
            "until": instant_text(self.until) if self.until is not None else None,
            "first": self.first,
            "last": self.last,
            "strict": self.strict,
        }


EVERYTHING = Asked()


class Lacking(msgspec.Struct, frozen=True, order=True):
    """A behaviour that this release hasn't, and the release that has it (ruling 23)."""

    gate: str
    release: str


class Report(msgspec.Struct, kw_only=True):
    """What a replay found.

    Attributes:
        asked: What was to be decided again.
        of: How many entries that are; as many are checked, unless it was ended early.
        checked: Entries that were decided again.
        members: Members they belong to.
        divergences: Differences, at most 1,000.
        more: Differences that aren't listed.
        erased: How many of the members were erased; their logs are decided again like all others.
        cut: Members whose log couldn't be decided to its end; a difference, or `lacking`, says why.
        lacking: Behaviours that would be needed.
        complete: Whether it came to its end: it wasn't cancelled, nor, being strict, ended by a difference.
        digest: Digest over every member's chain, in whatever order they were replayed:
            equal logs give equal digests.
    """

    asked: Asked = EVERYTHING
    of: int = 0
    checked: int = 0
    members: int = 0
    divergences: list[Divergence] = []
    more: int = 0
    erased: int = 0
    cut: int = 0
    lacking: list[Lacking] = []
    complete: bool = True
    digest: str = "0" * 64

    @property
    def clean(self) -> bool:
        """Whether everything that was looked at came out as recorded, and all of it could be."""
        return not self.divergences and not self.cut

    def take(self, found: MemberReport) -> None:
        """Take over what was found of a member."""
        self.members += 1
        self.checked += found.checked
        self.cut += found.cut
        self.erased += found.state.erased_at is not None
        self.lacks(found.lacking)
        self.add(found.divergences)
        self._count(int(canonical.digest([found.state.member, found.state.chain]), 16))

    def join(self, part: "Report") -> None:
        """Take over what was found of other members."""
        self.checked += part.checked
        self.members += part.members
        self.add(part.divergences)
        self.more += part.more
        self.cut += part.cut
        self.erased += part.erased
        self.lacking = sorted({*self.lacking, *part.lacking})
        self.complete = self.complete and part.complete
        self._count(int(part.digest, 16))

    def lacks(self, error: UnknownGate | None) -> None:
        """Note what would be needed."""
        if error is not None:
            self.lacking = sorted({*self.lacking, Lacking(error.gate, error.release)})

    def add(self, found: Iterable[Divergence]) -> None:
        """Add differences."""
        for one in found:
            if len(self.divergences) < MAX_DIVERGENCES:
                self.divergences.append(one)
            else:
                self.more += 1

    def plain(self) -> dict[str, Any]:
        """Return it as JSON data."""
        said: dict[str, Any] = msgspec.to_builtins(self)
        return said | {"asked": self.asked.plain()}

    def _count(self, number: int) -> None:
        """Count a chain into the digest: a sum of hashes, which knows no order."""
        self.digest = f"{(int(self.digest, 16) + number) % 2**256:064x}"


Progress = Callable[[Report], bool]
"""Told what has been found so far, from time to time; returns whether to go on."""
