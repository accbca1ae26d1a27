"""Definitions: events, attributes, tags, coupons, templates, endpoints."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, Literal

from pydantic import ValidationError

from api.crypto import Keyring, new_webhook_secret
from api.service.publish import Publishing
from api.service.refusal import Finding, Refusal, plain
from api.service.rulebook import Rulebook
from api.service.running import Run
from api.service.templates import findings_of
from api.store import vault
from api.store.connection import Connection
from engine.language.base import Part, Text, words
from engine.language.benefits import CouponDefinition, UnitDefinition
from engine.language.campaigns import CampaignDefinition
from engine.language.catalogue import Catalogue
from engine.language.checks_definitions import definition_findings
from engine.language.contact import ChannelSetting, ContactPolicy
from engine.language.definitions import (
    Definitions,
    EndpointDefinition,
    EventDefinition,
    ProgrammeDefinition,
    Property,
    TemplateDefinition,
)
from engine.language.diagnostics import Diagnostic
from engine.language.levels import LadderDefinition, MembershipDefinition
from engine.language.queues import QueueDefinition
from engine.language.scarce import BudgetDefinition, WheelDefinition
from engine.language.segments import ScoreDefinition, SegmentDefinition
from engine.language.tags import TagDefinition
from engine.programme.beaten import beats

KINDS: Final[dict[str, tuple[type[Part], str]]] = {
    "tags": (TagDefinition, "key"),
    "coupons": (CouponDefinition, "key"),
    "templates": (TemplateDefinition, "key"),
    "endpoints": (EndpointDefinition, "key"),
    "attributes": (Property, "name"),
    "events": (EventDefinition, "name"),
    "units": (UnitDefinition, "key"),
    "ladders": (LadderDefinition, "key"),
    "memberships": (MembershipDefinition, "key"),
    "budgets": (BudgetDefinition, "key"),
    "wheels": (WheelDefinition, "key"),
    "segments": (SegmentDefinition, "key"),
    "scores": (ScoreDefinition, "key"),
    "contact": (ContactPolicy, "key"),
    "channels": (ChannelSetting, "key"),
    "campaigns": (CampaignDefinition, "key"),
    "queues": (QueueDefinition, "key"),
}
"""Each kind's model, and the field that names one."""

_CORRECT: Final = "Correct the places named in errors and send it again."


class DefinitionsService:
    """Reads and changes what rules may speak of. A change is a control entry in the log."""

    def __init__(self, rulebook: Rulebook, publishing: Publishing, run: Run, keyring: Keyring) -> None:
        """Make the use case of its parts.

        Args:
            rulebook: The definitions in force.
            publishing: Puts new ones in force.
            run: Runs work in a write transaction and returns its result.
            keyring: Seals the endpoints' secrets.
        """
        self._rulebook = rulebook
        self._publishing = publishing
        self._run = run
        self._keyring = keyring
        self._changing = threading.Lock()

    def catalogue(self) -> dict[str, Any]:
        """Return everything that rules may speak of, as JSON data."""
        return self._rulebook.index().rules.catalogue.plain()

    def of_kind(self, kind: str) -> list[dict[str, Any]]:
        """Return the programme's own definitions of a kind, in the order they were made.

        Raises:
            Refusal: `not-found` for an unknown kind.
        """
        _kind(kind)
        return [one.model_dump(mode="json", by_alias=True, exclude_none=True) for one in self._of(kind)]

    def put(self, kind: str, key: str, said: object, *, by: str) -> dict[str, Any]:
        """Make or replace a definition and return it, a new endpoint with the `secret` that signs.

        What is doubtful about it stands in `findings`, as diagnostics with paths into it.

        Args:
            kind: One of `KINDS`.
            key: Its key; the definition must have the same.
            said: The definition as JSON data.
            by: Who asks.

        Raises:
            Refusal: `not-found` or `invalid-request`.
        """
        model, name = _kind(kind)
        made = validated(model, said)
        if getattr(made, name) != key:
            raise Refusal(
                "invalid-request", "See errors.", [Finding(f"/{name}", f"must be {key!r}, as in the address")]
            )
        if isinstance(made, TemplateDefinition):
            _check_template(made, self._rulebook.index().rules.catalogue)
        with self._changing:  # what is changed is the whole, so two changes must not cross
            rows = {getattr(one, name): one for one in self._of(kind)} | {key: made}
            whole = self._rulebook.index().rules.catalogue.definitions.model_dump(mode="json", by_alias=True)
            whole[kind] = [one.model_dump(mode="json", by_alias=True) for one in rows.values()]
            with _placed_in(f"/{kind}/{list(rows).index(key)}"):
                secrets = self.replace(Definitions.model_validate(whole), by=by)
        more: dict[str, Any] = {"secret": secrets[key]} if kind == "endpoints" and key in secrets else {}
        doubts = self._doubts(kind, made)
        more |= {"findings": doubts} if doubts else {}
        return made.model_dump(mode="json", by_alias=True, exclude_none=True) | more

    def merge(self, definitions: Definitions, *, by: str) -> dict[str, str]:
        """Put definitions in force beside those that are; of two with one key the new one stands.

        Returns:
            The secrets that were made for new endpoints, by key; they are shown this once.

        Raises:
            Refusal: `invalid-request` if a template can't be filled.
        """
        with self._changing:
            made = _beside(self._rulebook.index().rules.catalogue.definitions, definitions)
            for template in definitions.templates:
                _check_template(template, Catalogue(made))
            return self.replace(made, by=by)

    def demand_approval(self, approval: Literal["required", "optional"], *, by: str) -> None:
        """Say whether a rule is published only when a second person has approved it.

        Args:
            approval: `required` or `optional`.
            by: Who says so.
        """

        def change(whole: dict[str, Any]) -> dict[str, Any]:
            return {**whole, "programme": {**(whole["programme"] or {}), "approval": approval}}

        self.rework(change, by=by)

    def rework(self, change: Callable[[dict[str, Any]], dict[str, Any]], *, by: str) -> None:
        """Put definitions in force that are made of those that are.

        Args:
            change: Returns them as JSON data, from what they are now.
            by: Who asks.

        Raises:
            Refusal: `invalid-request` with a finding for each definition that rules couldn't use.
        """
        with self._changing:
            whole = self._rulebook.index().rules.catalogue.definitions.model_dump(mode="json", by_alias=True)
            self.replace(Definitions.model_validate(change(whole)), by=by)

    def add(
        self, lacking: Callable[[Catalogue], Definitions], *, by: str, also: Callable[[Connection], None]
    ) -> None:
        """Put definitions in force beside those that are, in one transaction with something else.

        Args:
            lacking: Returns what is to be added, from what there is.
            by: Who asks.
            also: What else is done; it is done even if nothing is to be added.

        Raises:
            Refusal: `invalid-request` with a finding for each definition that rules couldn't use.
        """
        with self._changing:
            before = self._rulebook.index().rules.catalogue
            more = lacking(before)
            if not any(getattr(more, kind) for kind in KINDS):
                self._run(also)
                return
            self.replace(_beside(before.definitions, more), by=by, also=also)

    def replace(
        self, definitions: Definitions, *, by: str, also: Callable[[Connection], None] | None = None
    ) -> dict[str, str]:
        """Put definitions in force, the whole of them.

        Args:
            definitions: All of them.
            by: Who asks.
            also: What is done in the same transaction.

        Returns:
            The secrets that were made for new endpoints, by key; they are shown this once.

        Raises:
            Refusal: `invalid-request` with a finding for each definition that rules couldn't use.
        """
        wrong = [one for one in definition_findings(Catalogue(definitions)) if one.severity == "error"]
        if wrong:
            raise Refusal("invalid-request", _CORRECT, [Finding(one.path, _advice(one)) for one in wrong])
        self._publishing.change_definitions(definitions, by=by, also=also)
        return self._run(lambda connection: self._new_secrets(connection, definitions))

    def _doubts(self, kind: str, made: Part) -> list[dict[str, Any]]:
        catalogue = self._rulebook.index().rules.catalogue
        place = f"/{kind}/{self._of(kind).index(made)}/"
        better: list[CouponDefinition] = []
        if isinstance(made, CouponDefinition):
            currency = catalogue.programme.currency
            others = (one for one in catalogue.definitions.coupons if one.key != made.key)
            better = [one for one in others if beats(one, made, currency)][:1]
        beaten = [(made, one) for one in better if isinstance(made, CouponDefinition)]
        return [
            {**plain(one), "path": one.path.removeprefix(place[:-1])}
            for one in definition_findings(catalogue, beaten)
            if f"{one.path}/".startswith(place)
        ]

    def _new_secrets(self, connection: Connection, definitions: Definitions) -> dict[str, str]:
        made: dict[str, str] = {}
        for one in definitions.endpoints:
            if vault.endpoint_secret(connection, one.key) is None:
                made[one.key] = new_webhook_secret()
                vault.keep_endpoint_secret(
                    connection, one.key, self._keyring.seal_secret(one.key, made[one.key])
                )
        return made

    def _of(self, kind: str) -> list[Part]:
        found: list[Part] = getattr(self._rulebook.index().rules.catalogue.definitions, kind)
        return found


def _beside(before: Definitions, more: Definitions) -> Definitions:
    """Return definitions with more of them; of two with one key the new one stands."""
    whole: dict[str, Any] = {"programme": _programme(before.programme, more.programme)}
    for kind, (_, name) in KINDS.items():
        rows = [*getattr(before, kind), *getattr(more, kind)]
        whole[kind] = list({getattr(one, name): one for one in rows}.values())
    return Definitions.model_validate(whole)


def _programme(
    before: ProgrammeDefinition | None, given: ProgrammeDefinition | None
) -> ProgrammeDefinition | None:
    """Return the programme as it is now told; what a file doesn't say of approval doesn't loosen it."""
    if given is None or before is None or "approval" in given.model_fields_set:
        return given or before
    return given.model_copy(update={"approval": before.approval})


def _advice(one: Diagnostic) -> Text:
    """Return what is wrong and what to do about it."""
    return words(f"{one.text['en']} {one.fix['en']}", f"{one.text['zh-Hans']}{one.fix['zh-Hans']}")


@contextmanager
def _placed_in(own: str) -> Iterator[None]:
    """Let what is refused of one definition be told at its places, and of others at theirs."""
    try:
        yield
    except Refusal as refusal:
        refusal.findings = [
            one._replace(path=one.path.removeprefix(own)) if f"{one.path}/".startswith(f"{own}/") else one
            for one in refusal.findings
        ]
        raise


def _kind(kind: str) -> tuple[type[Part], str]:
    try:
        return KINDS[kind]
    except KeyError as error:
        raise Refusal("not-found", f"Kinds of definitions are {', '.join(KINDS)}.") from error


def validated(model: type[Part], said: object) -> Part:
    """Return a definition that was told as JSON data.

    Raises:
        Refusal: `invalid-request`, with a finding for each place.
    """
    try:
        return model.model_validate(said)
    except ValidationError as error:
        findings = [
            Finding("".join(f"/{part}" for part in one["loc"]), one["msg"])
            for one in error.errors(include_url=False, include_context=False, include_input=False)
        ]
        raise Refusal("invalid-request", _CORRECT, findings) from error


def _check_template(template: TemplateDefinition, catalogue: Catalogue) -> None:
    findings = findings_of(template, catalogue)
    if findings:
        raise Refusal("invalid-request", _CORRECT, findings)
