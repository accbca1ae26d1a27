"""What a caller is told when something isn't done, without a word of HTTP."""

from typing import Any, NamedTuple

from engine.language.base import Text
from engine.language.diagnostics import Diagnostic


class Finding(NamedTuple):
    """One thing that is wrong with what was sent.

    Attributes:
        path: JSON pointer of the place.
        text: What is wrong and what is accepted; by language where people read it in the studio.
    """

    path: str
    text: str | Text

    @property
    def english(self) -> str:
        """What is wrong, for logs and the command line."""
        return self.text if isinstance(self.text, str) else self.text["en"]


class Refusal(Exception):
    """Something isn't done, for a reason the caller can act on.

    `api.errors.PROBLEMS` gives each code its status and title.

    Attributes:
        code: Names the reason; documented in docs/problems.md.
        detail: What to do about it, in a sentence.
        findings: Each thing that is wrong, where there are several.
        retry_after: Seconds after which the same call may succeed, or None.
        diagnostics: What `check` found in a rule, as JSON data; None where no rule is at issue.
    """

    def __init__(
        self,
        code: str,
        detail: str,
        findings: list[Finding] | None = None,
        *,
        retry_after: int | None = None,
        diagnostics: list[dict[str, object]] | None = None,
    ) -> None:
        """Make a refusal; see the class for what each part means."""
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
        self.findings = findings or []
        self.retry_after = retry_after
        self.diagnostics = diagnostics


def plain(one: Diagnostic) -> dict[str, Any]:
    """Return a finding as JSON data."""
    return {"code": one.code, "path": one.path, "severity": one.severity, "text": one.text, "fix": one.fix}
