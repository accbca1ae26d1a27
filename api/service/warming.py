"""New networks are tried in a child process before they are used (ruling 25).

The extension can end or hang the process it runs in; then only the child is
lost, and the index serves instead, loudly.
"""

import multiprocessing
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import structlog

from api.service.rulebook import Rulebook
from engine.enacting import fold
from engine.index import Index
from engine.match import Candidate
from engine.match.warm import warm
from engine.rules import Control, RuleSet

_ATTEMPTS = 2
_log = structlog.get_logger(__name__)


class Warming:
    """Tries rule sets out."""

    def __init__(self, *, seconds: float = 60.0, target: Callable[[bytes], None] | None = None) -> None:
        """Try in a child process.

        Args:
            seconds: How long one attempt may take.
            target: What the child does; it exits with 0 when the rules are sound.
        """
        self._seconds = seconds
        self._target = target or try_out

    def sound(self, rulebook: Rulebook, controls: Sequence[Control]) -> bool:
        """Return whether the rules after some control entries may be matched as they are now.

        The index is plain Python, which needs no child to be tried in.
        """
        if rulebook.matcher == "index":
            return True
        index = Index(fold(controls, rulebook.index().rules))
        documents = [one.rule.document.plain() for one in index.standing if one.rule.trigger is not None]
        definitions = index.rules.catalogue.definitions.model_dump(
            mode="json", by_alias=True, exclude_none=True
        )
        told = msgspec.json.encode({"documents": documents, "definitions": definitions})
        for attempt in range(1, _ATTEMPTS + 1):
            code = self._attempt(told)
            if code == 0:
                return True
            _log.error("warming_failed", attempt=attempt, exit_code=code)
        return False

    def _attempt(self, told: bytes) -> int | None:
        """Return the child's exit code; None when it had to be stopped."""
        child = multiprocessing.get_context("spawn").Process(target=self._target, args=(told,), daemon=True)
        child.start()
        child.join(self._seconds)
        if child.is_alive():
            child.kill()
            child.join()
            return None
        return child.exitcode


def try_out(told: bytes) -> None:
    """Compile and try rules; exit with 1 if network and reference disagree anywhere."""
    given: dict[str, Any] = msgspec.json.decode(told)
    controls = [
        Control(
            revision=1,
            name="Definitions Changed",
            at=0,
            by="warm",
            body={"definitions": given["definitions"]},
        )
    ]
    for place, document in enumerate(given["documents"], start=2):
        body = {"document": document, "version": 1}
        controls.append(Control(revision=place, name="Rule Published", at=0, by="warm", body=body))
    index = Index(fold(controls, RuleSet()))
    rules = [one.rule for topic in index.by_topic.values() for one in topic]
    warmth = warm([Candidate(rule.key, rule.trigger or "", rule.condition) for rule in rules])
    if not warmth.is_sound:
        raise SystemExit(1)
