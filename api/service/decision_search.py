"""Which decisions somebody looks for."""

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

from api.service.moments import instant_said
from api.store.decisions import Sought
from engine.decision import Result

Outcomes = Literal["acted", "suppressed", "ended"] | Result
"""What came of a rule: a result, or several that people take for one."""

_TOGETHER: Final[Mapping[str, tuple[Result, ...]]] = {
    "acted": ("fired", "resumed", "reached", "done"),
    "suppressed": ("held_out", "limited", "late", "inactive", "waiting", "refused"),
    "ended": ("exited", "ended", "moved"),
}


class Filters(NamedTuple):
    """Which decisions are asked for; None is all.

    Attributes:
        rule: Those in which this rule had a part.
        member: Those about this member.
        since: RFC 3339 instant: decided as of it or later.
        until: RFC 3339 instant: decided as of an earlier one.
        outcome: What came of a rule; of `rule`, if one is given.
    """

    rule: str | None = None
    member: str | None = None
    since: str | None = None
    until: str | None = None
    outcome: Outcomes | None = None

    def sought(self) -> Sought:
        """Return them as they are looked for.

        Raises:
            Refusal: `invalid-request` if an instant can't be read.
        """
        since = instant_said(self.since, "from") if self.since else None
        until = instant_said(self.until, "until") if self.until else None
        return Sought(self.rule, self.member, since, until, _results(self.outcome))


def _results(outcome: Outcomes | None) -> tuple[Result, ...] | None:
    match outcome:
        case None:
            return None
        case "acted" | "suppressed" | "ended":
            return _TOGETHER[outcome]
        case _:
            return (outcome,)
