"""What leaves is composed here, at the last moment: personal values are opened only to send."""

from collections.abc import Mapping
from html import escape
from typing import Any, Final

from api.channels.outgoing import Message, Undelivered
from api.channels.template import TemplateProblem, fill
from api.channels.webhook import Post
from api.crypto import TOKEN_PREFIX, Keyring
from api.service.beginning import trigger
from api.service.coupon_behind import coupon_behind
from api.service.door import USER_ID, identity_in
from api.service.naming import named
from api.service.rulebook import Rulebook
from api.service.templates import language_of, missing_in, names_of
from api.service.vault import Vault
from api.store import decisions, log, members, vault
from api.store.connection import Connection
from api.store.coupons import Issued
from api.store.log import LoggedEntry
from api.store.outbox import Outgoing
from engine.events import Event
from engine.language.base import LANGUAGES
from engine.language.catalogue import Catalogue, label_of
from engine.language.definitions import TemplateDefinition
from engine.schedule import local
from engine.state import MemberState
from engine.timers import zone_of
from engine.values import instant_text, parse_instant

WEBHOOK_TYPE: Final = "dev.regulars.rule.fired"
MESSAGE_TYPE: Final = "dev.regulars.message"
_ADDRESS: Final[Mapping[str, str]] = {"email": "email", "sms": "phone", "wecom": "openid"}


class Composer:
    """Makes messages and webhooks out of what stands in the outbox."""

    def __init__(
        self, rulebook: Rulebook, sealed: Vault, keyring: Keyring, public_url: str = "http://localhost:8000"
    ) -> None:
        """Make the use case of its parts.

        Args:
            rulebook: Templates and endpoints.
            sealed: Opens members' personal values.
            keyring: Opens endpoints' secrets, and signs links.
            public_url: Where members reach us.
        """
        self._rulebook = rulebook
        self._vault = sealed
        self._keyring = keyring
        self._public_url = public_url.rstrip("/")

    def message(self, connection: Connection, one: Outgoing) -> Message:
        """Return a message, ready to be sent.

        Raises:
            Undelivered: If there is no such template, or it can't be filled.
        """
        template = self._rulebook.index().rules.catalogue.templates.get(one.target)
        if template is None:
            raise Undelivered(f"there is no template {one.target!r}", final=True)
        personal = self._vault.open(connection, one.member)
        state = members.load(connection, [one.member])[one.member].state
        values = self._of_member(state, personal) | self._of_decision(connection, one, state)
        link = f"{self._public_url}/unsubscribe/{self._keyring.sign_unsubscribing(one.member, one.channel)}"
        marketing = template.purpose == "marketing"
        language = language_of(values.get("member.language", ""), template)
        values |= {"unsubscribe_url": link, "programme.name": self._programme(language)}
        try:
            return Message(
                id=one.id,
                channel=one.channel,
                to=_address(one.channel, personal),
                **filled(template, language, self._known(values)),
                unsubscribe=link if marketing else "",
            )
        except TemplateProblem as error:
            raise Undelivered(f"template {one.target!r} can't be filled: {error}", final=True) from error

    def preview(
        self, template: TemplateDefinition, state: MemberState, personal: Mapping[str, str], language: str
    ) -> dict[str, Any]:
        """Return how a template reads for a member, and what would be missing.

        Args:
            template: The template; it needn't be in force.
            state: The member.
            personal: The member's personal values, as they may be shown.
            language: The language asked for, or empty for the member's own.

        Raises:
            TemplateProblem: If it can't be filled.
        """
        values = self._of_member(state, personal)
        spoken = language_of(language or values.get("member.language", ""), template)
        values |= {"unsubscribe_url": f"{self._public_url}/unsubscribe/…"}
        values |= {"programme.name": self._programme(spoken)}
        known = self._known(values)
        lenient = template.model_copy(update={"when_missing": "empty"})
        texts = [
            label_of(dict(said), spoken) for said in (template.subject, template.body, template.html) if said
        ]
        return {"language": spoken, **filled(lenient, spoken, known), "missing": missing_in(texts, known)}

    def post(self, connection: Connection, one: Outgoing) -> Post:
        """Return a webhook, ready to be posted.

        Raises:
            Undelivered: If there is no such endpoint, or it has no secret.
        """
        data = {"rule": one.rule, "member": one.member, "event": _told(_entry(connection, one).event)}
        return self._posted(connection, one, one.target, WEBHOOK_TYPE, data)

    def gateway(self, channel: str) -> str | None:
        """Return the endpoint whose gateway takes a channel's messages; None for the operator's way out."""
        setting = self._rulebook.index().rules.catalogue.channels.get(channel)
        return setting.endpoint if setting is not None else None

    def handed_over(self, connection: Connection, one: Outgoing, endpoint: str) -> Post:
        """Return a message as the webhook that hands it to a gateway.

        Raises:
            Undelivered: If it can't be composed, there is no such endpoint, or it has no secret.
        """
        message = self.message(connection, one)
        if not message.to and one.channel in _ADDRESS:
            raise Undelivered("the member has no address for this channel", final=True)
        data = {
            "message": one.id,
            "channel": one.channel,
            "member": one.member,
            "to": message.to,
            "template": one.target,
            "subject": message.subject,
            "text": message.text,
            "unsubscribe": message.unsubscribe,
        }
        return self._posted(connection, one, endpoint, MESSAGE_TYPE, data)

    def _posted(
        self, connection: Connection, one: Outgoing, key: str, kind: str, data: dict[str, Any]
    ) -> Post:
        endpoint = self._rulebook.index().rules.catalogue.endpoints.get(key)
        if endpoint is None:
            raise Undelivered(f"there is no endpoint {key!r}", final=True)
        sealed = vault.endpoint_secret(connection, key)
        if sealed is None:
            raise Undelivered(f"endpoint {key!r} has no secret; save it again to get one", final=True)
        return Post(
            id=one.id,
            url=endpoint.url,
            secret=self._keyring.open_secret(key, sealed),
            type=kind,
            subject=one.member,
            time=one.as_of,
            data=data,
        )

    def _known(self, values: Mapping[str, str]) -> dict[str, str]:
        """Return values under every name by which a template may ask for them."""
        names = names_of(self._rulebook.index().rules.catalogue)
        return {name: values[meant] for name, meant in names.items() if meant in values}

    def _programme(self, language: str) -> str:
        name = self._rulebook.index().rules.catalogue.programme.name
        return label_of(dict(name), language) if name else ""

    def _of_member(self, state: MemberState, personal: Mapping[str, str]) -> dict[str, str]:
        values = {f"member.{name}": _text(value) for name, value in state.attributes.items()}
        told = {field: value for field, value in personal.items() if not field.startswith(TOKEN_PREFIX)}
        values |= {f"member.{field}": value for field, value in told.items()}
        units = self._rulebook.index().rules.catalogue.units
        values |= {f"balance.{unit}": str(state.books.account(unit).available) for unit in units}
        return values | {"member.points": str(state.points), "member.tier": _text(state.fact("tier"))}

    def _of_decision(self, connection: Connection, one: Outgoing, state: MemberState) -> dict[str, str]:
        """Return what the event tells that led to a message, and the coupon that goes with it."""
        event = trigger(connection, _entry(connection, one)).event
        values = {f"event.{name}": _text(value) for name, value in event.properties.items()}
        told = decisions.told_of(connection, one.sequence)
        values |= self._ahead(told.noticed, state)
        issued = coupon_behind(connection, one)
        return values | self._coupon(issued, state) if issued is not None else values

    def _coupon(self, issued: Issued, state: MemberState) -> dict[str, str]:
        index = self._rulebook.index()
        catalogue: Catalogue = index.rules.catalogue
        name = named("coupons", issued.coupon, catalogue)
        language = "zh-Hans" if str(state.attributes.get("language", "")).startswith("zh") else LANGUAGES[0]
        values = {"coupon.code": issued.code, "coupon.name": name[language]}
        end = issued.expires_at
        if end is not None:
            values["coupon.expires_on"] = f"{local(end, zone_of(state, index)):%Y-%m-%d}"
        return values

    def _ahead(self, noticed: Mapping[str, Any], state: MemberState) -> dict[str, str]:
        """Return what a notice tells of an end: how much runs out, and on which day of the member's."""
        if "expires_at" not in noticed:
            return {}
        end = local(parse_instant(noticed["expires_at"]), zone_of(state, self._rulebook.index()))
        return {"event.points": str(noticed["points"]), "event.expires_at": f"{end:%Y-%m-%d}"}


def filled(template: TemplateDefinition, language: str, values: Mapping[str, str]) -> dict[str, str]:
    """Return the `subject`, `text` and `html` of a template; HTML has its values escaped.

    Raises:
        TemplateProblem: If it can't be filled.
    """
    strict = template.when_missing == "fail"
    subject, html = template.subject, template.html
    return {
        "subject": fill(label_of(dict(subject), language), values, strict=strict) if subject else "",
        "text": fill(label_of(dict(template.body), language), values, strict=strict),
        "html": fill(label_of(dict(html), language), values, strict=strict, escape=escape) if html else "",
    }


def _entry(connection: Connection, one: Outgoing) -> LoggedEntry:
    logged = log.entry_at(connection, one.sequence)
    if logged is None:
        raise Undelivered("the entry that led to it is not in the log", final=True)
    return logged


def _told(event: Event) -> dict[str, Any]:
    return {
        "name": event.name,
        "message_id": event.message_id,
        "occurred_at": instant_text(event.occurred_at),
        "properties": event.properties,
    }


def _text(value: object) -> str:
    """Return a value as it reads in a message; a token and whatever isn't plain read as nothing."""
    if isinstance(value, bool) or not isinstance(value, str | int) or str(value).startswith(TOKEN_PREFIX):
        return ""
    return str(value)


def _address(channel: str, personal: Mapping[str, str]) -> str:
    field = _ADDRESS.get(channel)
    if field is None:
        return ""
    own_id = personal.get(USER_ID, "")
    return personal.get(field) or (own_id if identity_in(own_id) == field else "")
