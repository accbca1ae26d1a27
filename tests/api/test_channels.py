"""Ways out, tried on real receivers on loopback."""

import json
import time
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import escape
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from standardwebhooks import Webhook, WebhookVerificationError

from api.channels.guarded import is_public
from api.channels.outgoing import Message, Undelivered
from api.channels.smtp import MailServer, Smtp
from api.channels.template import Place, TemplateProblem, fill, places_in
from api.channels.webhook import Post, Webhooks
from api.crypto import new_webhook_secret
from engine.values import MICROSECONDS
from tests.api.receivers import receiving
from tests.support.server import free_port

SECRET = new_webhook_secret()
NOW = 1_800_000_000 * MICROSECONDS


def post(url: str) -> Post:
    return Post(
        id="effect-1",
        url=url,
        secret=SECRET,
        type="dev.regulars.rule.fired",
        subject="m1",
        time=NOW,
        data={"名": "值"},
    )


def test_a_webhook_is_a_signed_cloud_event() -> None:
    now = int(time.time()) * MICROSECONDS
    with receiving() as receiver, Webhooks(allow_private=True) as webhooks:
        webhooks.post(post(receiver.url), now)
        webhooks.post(post(receiver.url), now + MICROSECONDS)

    (headers, body), (again, body_again) = receiver.posts
    event = Webhook(SECRET).verify(body, headers)
    assert ("1.0", "effect-1", "m1", {"名": "值"}) == (
        event["specversion"],
        event["id"],
        event["subject"],
        event["data"],
    )
    assert "application/cloudevents+json; charset=utf-8" == headers["content-type"]
    assert body == body_again
    assert "effect-1" == headers["webhook-id"] == again["webhook-id"]
    assert headers["webhook-signature"] != again["webhook-signature"]
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body + b" ", headers)


@pytest.mark.parametrize(
    ("status", "final"), [(200, None), (301, False), (400, False), (410, True), (429, False), (500, False)]
)
def test_what_a_receiver_may_answer(status: int, final: bool | None) -> None:
    with receiving() as receiver, Webhooks(allow_private=True) as webhooks:
        receiver.status = status
        if final is None:
            webhooks.post(post(receiver.url), NOW)
        else:
            with pytest.raises(Undelivered, match=str(status)) as caught:
                webhooks.post(post(receiver.url), NOW)
            assert final is caught.value.final
    assert 1 == len(receiver.posts)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "[::1]", "[::]",
        "0.0.0.0",  # noqa: S104  nothing is bound to it
        "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "169.254.169.254", "10.0.0.1",
    ],
)  # fmt: skip
def test_private_addresses_are_not_called(host: str) -> None:
    with receiving() as receiver, Webhooks() as webhooks:
        port = receiver.url.rsplit(":", 1)[1]
        with pytest.raises(Undelivered):
            webhooks.post(post(f"http://{host}:{port}"), NOW)
    assert [] == receiver.posts


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700:4700::1111", True),
        ("64:ff9b::808:808", True),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b:1::a00:1", False),
        ("2002:7f00:1::", False),
        ("2001:0:4136:e378:8000:63bf:80ff:fffe", False),
        ("224.0.0.1", False),
        ("ff02::1", False),
        ("192.0.0.8", False),
        ("198.18.0.1", False),
        ("100.64.0.1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
    ],
)
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert public is is_public(address)


def test_an_unknown_scheme_is_final() -> None:
    with Webhooks() as webhooks, pytest.raises(Undelivered) as caught:
        webhooks.post(post("ftp://example.com/"), NOW)
    assert caught.value.final


class Mailbox:
    """Keeps what a mail server accepts."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_RCPT(  # noqa: N802  the library's name
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if address.startswith("gone"):
            return "550 no such user"
        if address.startswith("later"):
            return "451 try later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, Smtp]]:
    box = Mailbox()
    port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box, Smtp(MailServer("127.0.0.1", port, "Shop <shop@example.com>"))
    finally:
        controller.stop()


def mail(to: str, subject: str = "你好") -> Message:
    return Message(id="e1", channel="email", to=to, subject=subject, text="Hello 王小梅\n")


def test_an_e_mail_arrives(mailbox: tuple[Mailbox, Smtp]) -> None:
    box, smtp = mailbox
    smtp.send(mail("mei@example.com"))

    (sent,) = box.mails
    assert ("mei@example.com", "你好", "<e1@example.com>") == (
        sent["To"],
        sent["Subject"],
        sent["Message-ID"].rstrip(">") + ">",
    )
    assert "Hello 王小梅" in sent.get_content()


@pytest.mark.parametrize(
    ("to", "final"),
    [("gone@example.com", True), ("later@example.com", False), ("", True), ("a\nBcc: b@c.de", True)],
)
def test_addresses_that_are_refused(mailbox: tuple[Mailbox, Smtp], to: str, final: bool) -> None:
    box, smtp = mailbox
    with pytest.raises(Undelivered) as caught:
        smtp.send(mail(to))

    assert final is caught.value.final
    assert [] == box.mails
    assert "@" not in caught.value.reason


def test_a_password_is_not_sent_in_the_clear(mailbox: tuple[Mailbox, Smtp]) -> None:
    box, smtp = mailbox
    server = smtp._server._replace(user="shop", password="secret")
    with pytest.raises(Undelivered, match="TLS"):
        Smtp(server).send(mail("mei@example.com"))
    assert [] == box.mails


def test_a_mail_server_that_is_not_there() -> None:
    with pytest.raises(Undelivered) as caught:
        Smtp(MailServer("127.0.0.1", 1, "shop@example.com")).send(mail("mei@example.com"))
    assert not caught.value.final


@pytest.mark.parametrize(
    "template",
    [
        "{{ a|{{b}} }}",
        "{{ a|b|c }}",
        "{{ a.__class__() }}",
        "{% if a %}",
        "{{ }}",
        "{{ a",
        "a }}",
        "{{ 1 }}",
        "{{ a b }}",
        "{{{{ a }}",
    ],
)
def test_a_template_is_no_program(template: str) -> None:
    with pytest.raises(TemplateProblem):
        places_in(template)


def test_a_template_is_filled_once() -> None:
    values = {"name": "{{ secret }}", "secret": "x", "long": "y" * 20_001, "event.order_id": "A\r\nBcc: z"}

    assert "Hi {{ secret }}, A  Bcc: z" == fill("Hi {{ name }}{{ none }}, {{event.order_id}}", values)
    asked = places_in("{{ a }} {{b.c|friend}} {{ a }} { not }")
    assert [Place("a", None), Place("b.c", "friend")] == asked
    with pytest.raises(TemplateProblem):
        fill("{{ long }}", values)


def test_what_is_missing_has_a_text_of_its_own_or_fails() -> None:
    text = "Dear {{ name|friend }}{{ more }}"
    assert "Dear friend" == fill(text, {})
    assert "Dear <Bo>!" == fill(text, {"name": "<Bo>", "more": "!"})
    assert "Dear &lt;Bo&gt;!" == fill(text, {"name": "<Bo>", "more": "!"}, escape=escape)
    with pytest.raises(TemplateProblem, match="more is missing"):
        fill(text, {"name": "Bo"}, strict=True)


def test_a_cloud_event_is_json() -> None:
    with receiving() as receiver, Webhooks(allow_private=True) as webhooks:
        webhooks.post(post(receiver.url), NOW)

    assert sorted(json.loads(receiver.posts[0][1])) == [
        "data", "datacontenttype", "id", "source", "specversion", "subject", "time", "type",
    ]  # fmt: skip
