"""What leaves is composed here, at the last moment: personal values are opened only to send."""

from collections.abc import Mapping
from typing import Any, Final

from api.channels.outgoing import Message, Undelivered
from api.channels.template import TemplateProblem, fill
from api.channels.webhook import Post
from api.crypto import TOKEN_PREFIX, Keyring
from api.service.door import USER_ID, identity_in
from api.service.rulebook import Rulebook
from api.service.vault import Vault
from api.store import decisions, log, members, vault
from api.store.connection import Connection
from api.store.outbox import Outgoing
from engine.events import Event
from engine.language.catalogue import label_of
from engine.language.definitions import TemplateDefinition
from engine.schedule import local
from engine.state import MemberState
from engine.timers import zone_of
from engine.values import instant_text, parse_instant

WEBHOOK_TYPE: Final = "dev.regulars.rule.fired"
_ADDRESS: Final[Mapping[str, str]] = {"email": "email", "sms": "phone", "wecom": "openid"}


class Composer:
    """Makes messages and webhooks out of what stands in the outbox."""

    def __init__(self, rulebook: Rulebook, sealed: Vault, keyring: Keyring) -> None:
        """Make the use case of its parts.

        Args:
            rulebook: Templates and endpoints.
            sealed: Opens members' personal values.
            keyring: Opens endpoints' secrets.
        """
        self._rulebook = rulebook
        self._vault = sealed
        self._keyring = keyring

    def message(self, connection: Connection, one: Outgoing) -> Message:
        """Return a message, ready to be sent.

        Raises:
            Undelivered: If there is no such template, or it can't be filled.
        """
        template = self._rulebook.index().rules.catalogue.templates.get(one.target)
        if template is None:
            raise Undelivered(f"there is no template {one.target!r}", final=True)
        personal = self._vault.open(connection, one.member)
        values = self._values(connection, one, personal)
        language = _language(values.get("language", ""), template)
        try:
            return Message(
                id=one.id,
                channel=one.channel,
                to=_address(one.channel, personal),
                subject=fill(label_of(dict(template.subject), language), values) if template.subject else "",
                text=fill(label_of(dict(template.body), language), values),
            )
        except TemplateProblem as error:
            raise Undelivered(f"template {one.target!r} can't be filled: {error}", final=True) from error

    def post(self, connection: Connection, one: Outgoing) -> Post:
        """Return a webhook, ready to be posted.

        Raises:
            Undelivered: If there is no such endpoint, or it has no secret.
        """
        endpoint = self._rulebook.index().rules.catalogue.endpoints.get(one.target)
        if endpoint is None:
            raise Undelivered(f"there is no endpoint {one.target!r}", final=True)
        sealed = vault.endpoint_secret(connection, one.target)
        if sealed is None:
            raise Undelivered(f"endpoint {one.target!r} has no secret; save it again to get one", final=True)
        return Post(
            id=one.id,
            url=endpoint.url,
            secret=self._keyring.open_secret(one.target, sealed),
            type=WEBHOOK_TYPE,
            subject=one.member,
            time=one.as_of,
            data={"rule": one.rule, "member": one.member, "event": _told(_event(connection, one))},
        )

    def _values(self, connection: Connection, one: Outgoing, personal: Mapping[str, str]) -> dict[str, str]:
        """Return every name that a template may ask for."""
        state = members.load(connection, [one.member])[one.member].state
        event = _event(connection, one)
        named = {f"event.{name}": value for name, value in event.properties.items()} | state.attributes
        values = {name: _text(value) for name, value in named.items()}
        values |= {field: value for field, value in personal.items() if not field.startswith(TOKEN_PREFIX)}
        values |= {
            f"balance.{unit}": str(account.available) for unit, account in state.books.accounts.items()
        }
        told = decisions.told_of(connection, one.sequence)
        values |= self._ahead(told.noticed, state)
        codes = [effect["code"] for effect in told.effects if effect["type"] == "issue_coupon"]
        return values | {"points": str(state.points), "coupon": codes[-1] if codes else ""}

    def _ahead(self, noticed: Mapping[str, Any], state: MemberState) -> dict[str, str]:
        """Return what a notice tells of an end: how much runs out, and on which day of the member's."""
        if "expires_at" not in noticed:
            return {}
        end = local(parse_instant(noticed["expires_at"]), zone_of(state, self._rulebook.index()))
        return {"event.points": str(noticed["points"]), "event.expires_at": f"{end:%Y-%m-%d}"}


def _event(connection: Connection, one: Outgoing) -> Event:
    logged = log.entry_at(connection, one.sequence)
    if logged is None:
        raise Undelivered("the entry that led to it is not in the log", final=True)
    return logged.event


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


def _language(told: str, template: TemplateDefinition) -> str:
    """Return the language of the template that fits what is told of the member; the first by default."""
    for language in template.body:
        if told.lower().startswith(language[:2]):
            return language
    return next(iter(template.body))
