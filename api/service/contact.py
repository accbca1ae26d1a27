"""How a message would read, and how a member stops getting them."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any, Final, NamedTuple
from uuid import uuid4

from api.channels.template import TemplateProblem
from api.crypto import Keyring
from api.service.asking import answer_of
from api.service.calls import Call, IngestResult, Told
from api.service.composing import Composer
from api.service.definitions import validated
from api.service.door import Door
from api.service.refusal import Finding, Refusal
from api.service.rulebook import Rulebook
from api.service.shapes import masked
from api.service.templates import faults_of, findings_of, variables
from api.service.vault import Vault
from api.store import erasing, members, merging
from api.store.database import Database
from engine.events import CONSENT_GIVEN, CONSENT_WITHDRAWN
from engine.language.definitions import TemplateDefinition

Json = dict[str, Any]
SOURCE: Final = "regulars:unsubscribe"


class Consenting(NamedTuple):
    """What somebody tells of a member's consent.

    Attributes:
        id: The sender's own id of it; sent again, it gets the original answer.
        member: Key of the member.
        channel: The channel, or `all`.
        given: Whether marketing by it is agreed to, or not any more.
        why: How it is known, for the log and the member's page.
    """

    id: str
    member: str
    channel: str
    given: bool
    why: str


class Contact:
    """Previews templates, and takes in what members and people say of consent."""

    def __init__(
        self,
        database: Database,
        rulebook: Rulebook,
        vault: Vault,
        door: Door,
        composer: Composer,
        keyring: Keyring,
        submit: Callable[[list[Call]], Future[list[IngestResult]]],
    ) -> None:
        """Make the use case of its parts; `submit` takes calls in."""
        self._database = database
        self._rulebook = rulebook
        self._vault = vault
        self._door = door
        self._composer = composer
        self._keyring = keyring
        self._submit = submit

    def preview(self, key: str, member: str, language: str, said: Json | None) -> Json:
        """Return how a template reads for a member; personal values are masked, as everywhere on screen.

        Args:
            key: Key of the template.
            member: Key of the member.
            language: The language to read it in, or empty for the member's own.
            said: The template while it is being written; None for the one in force.

        Raises:
            Refusal: `not-found` for a template or a member, `invalid-request` for a template with errors.
        """
        catalogue = self._rulebook.index().rules.catalogue
        template = catalogue.templates.get(key)
        if said is not None:
            made = validated(TemplateDefinition, said)
            template = made if isinstance(made, TemplateDefinition) else None
        if template is None:
            raise Refusal("not-found", "There is no such template.")
        findings = findings_of(template, catalogue)
        if findings:
            raise Refusal("invalid-request", "See errors.", findings)
        with self._database.read() as connection:
            state = members.load(connection, [member])[member].state
            personal = self._vault.open(connection, member)
        if state.sequence == 0:
            raise Refusal("not-found", "There is no such member.")
        shown = {field: masked(value) for field, value in personal.items()}
        try:
            return self._composer.preview(template, state, shown, language)
        except TemplateProblem as error:
            raise Refusal("invalid-request", "See errors.", [Finding("/body", error.text)]) from error

    def faults(self, texts: Mapping[str, Mapping[str, str]]) -> Json:
        """Return what is wrong with the texts of a template while it is being written.

        Args:
            texts: The texts by language, by field: `subject`, `body`, `html`.
        """
        found = faults_of(texts, self._rulebook.index().rules.catalogue)
        return {"findings": [{"path": one.path, "text": one.text} for one in found]}

    def variables(self) -> Json:
        """Return what a template may ask for, each with what people call it."""
        found = variables(self._rulebook.index().rules.catalogue)
        return {"items": [{"name": name, "label": label} for name, label in found]}

    def channel_of(self, link: str) -> str:
        """Return the channel that a link withdraws consent to.

        Raises:
            Refusal: `not-found` if the link isn't ours.
        """
        return self._read(link)[1]

    def withdraw(self, link: str) -> str:
        """Take in that a member withdraws consent to a channel, and return the channel.

        Of a member that was erased nothing is taken in: nothing is sent to it any more.

        Raises:
            Refusal: `not-found` if the link isn't ours, `member-held` while an import builds the member.
        """
        member, channel = self._read(link)
        with self._database.read() as connection:
            if erasing.erased(connection, [member]):
                return channel
        told = Told(
            kind="track",
            message_id=f"unsubscribe-{uuid4()}",
            user_id=member,
            name=CONSENT_WITHDRAWN,
            properties={"channel": channel},
        )
        call = self._door.admit(told, SOURCE, self._rulebook.index().rules.catalogue)
        answer_of(self._submit([call]).result()[0])
        return channel

    def say(self, said: Consenting, *, source: str) -> Json:
        """Take in that somebody told us whether a member agrees to marketing by a channel.

        Args:
            said: What was told, and of whom.
            source: Who told it.

        Returns:
            `status`, `done`, and the `sequence` of the entry.

        Raises:
            Refusal: `not-found` for a member, `message-conflict`, `member-held` or `call-rejected`.
        """
        with self._database.read() as connection:
            home = merging.homes(connection, [said.member])[said.member]
            state = members.load(connection, [home])[home].state
        if state.sequence == 0 or state.erased_at is not None:
            raise Refusal("not-found", "There is no such member.")
        told = Told(
            kind="track",
            message_id=f"consent:{said.id}",
            user_id=home,
            name=CONSENT_GIVEN if said.given else CONSENT_WITHDRAWN,
            properties={"channel": said.channel, "why": said.why},
        )
        call = self._door.admit(told, source, self._rulebook.index().rules.catalogue)
        return {"status": "done", **answer_of(self._submit([call]).result()[0])}

    def _read(self, link: str) -> tuple[str, str]:
        found = self._keyring.read_unsubscribing(link)
        if found is None:
            raise Refusal("not-found", "This link isn't complete; open it from the message again.")
        return found
