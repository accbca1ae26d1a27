"""What somebody wants to back-test, checked and made into a plan."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from api.service.backtesting import Plan
from api.service.calendar import reads_lunar
from api.service.refusal import Finding, Refusal, plain
from api.service.rulebook import Rulebook
from api.store import rules
from api.store.connection import Connection
from engine.backtest import Others
from engine.errors import InvalidRule
from engine.language.catalogue import Catalogue
from engine.language.check import check, unreadable
from engine.language.diagnostics import Diagnostic
from engine.language.document import RuleDocument
from engine.language.parse import parse_rule
from engine.values import Instant

Json = dict[str, Any]


class Wanted(NamedTuple):
    """What somebody wants to know.

    Attributes:
        drafts: Rule documents, and keys of rules whose draft is meant.
        without: Keys of rules to be left out.
        others: What is to hold of all other rules.
        since: First instant; None for the beginning of the log.
        until: Last instant; None for now.
    """

    drafts: Sequence[Json | str]
    without: Sequence[str]
    others: Others
    since: Instant | None
    until: Instant | None


def plan(connection: Connection, rulebook: Rulebook, wanted: Wanted, now: Instant) -> Plan:
    """Return the plan of a back-test.

    Args:
        connection: Where drafts are.
        rulebook: The rules.
        wanted: What somebody wants to know.
        now: Our clock.

    Raises:
        Refusal: `no-draft`, `rule-not-ready` with diagnostics, or `invalid-request`.
    """
    since = 0 if wanted.since is None else wanted.since
    until = now if wanted.until is None else wanted.until
    if until < since:
        raise Refusal("invalid-request", "See errors.", [Finding("/until", "must not lie before `from`")])
    documents = [_document(connection, one) for one in wanted.drafts]
    keys = [one.key for one in documents]
    if len(set(keys)) != len(keys):
        raise Refusal("invalid-request", "See errors.", [Finding("/drafts", "each rule can be there once")])
    index = rulebook.index()
    unknown = [key for key in wanted.without if key not in index.rules.standing]
    if unknown:
        said = [Finding("/without", f"no rule {key!r} was ever published") for key in unknown]
        raise Refusal("invalid-request", "See errors.", said)
    asked = documents + _standing(rulebook, wanted, keys)
    then = rulebook.index(sum(one.at <= since for one in rulebook.controls)).rules
    lunar = reads_lunar(asked) and not then.lunisolar.digest
    later = bool(_errors(asked, then.catalogue)) or lunar
    if later:
        found = _errors(documents, index.rules.catalogue)
        if found:
            raise _not_ready(found)
    now_defined = index.rules.catalogue.definitions.model_dump(mode="json", by_alias=True, exclude_none=True)
    return Plan(
        since=since,
        until=until,
        drafts=[one.plain() for one in documents],
        without=list(wanted.without),
        others=wanted.others,
        defined=now_defined if later else None,
        zone=index.rules.catalogue.programme.zone,
    )


def _standing(rulebook: Rulebook, wanted: Wanted, keys: Sequence[str]) -> list[RuleDocument]:
    """Return the rules of today that stand from the beginning, too."""
    if wanted.others != "as_they_are":
        return []
    left_out = {*keys, *wanted.without}
    return [
        one.rule.document
        for one in rulebook.index().standing
        if not one.paused and one.rule.key not in left_out
    ]


def _document(connection: Connection, said: Json | str) -> RuleDocument:
    if isinstance(said, str):
        stored = rules.read(connection, said)
        if stored is None or stored.draft is None:
            raise Refusal("no-draft", f"rule {said!r} has no draft; change it and save it first")
        said_so: Json | bytes = stored.draft
    else:
        said_so = said
    try:
        return parse_rule(said_so)
    except InvalidRule as error:
        raise _not_ready(unreadable(error)) from error


def _errors(documents: Sequence[RuleDocument], catalogue: Catalogue) -> list[Diagnostic]:
    """Return what keeps rules from being decided by under some definitions."""
    found: list[Diagnostic] = []
    for document in documents:
        beside = [one for one in documents if one.key != document.key]
        found += [one for one in check(document, catalogue, beside) if one.severity == "error"]
    return found


def _not_ready(found: Sequence[Diagnostic]) -> Refusal:
    return Refusal(
        "rule-not-ready",
        "the rule has errors; each says what to do",
        diagnostics=[plain(one) for one in found],
    )
