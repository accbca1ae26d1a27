"""Checkpoints are left with real receivers; what isn't accepted is tried again."""

import json
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from standardwebhooks import Webhook

from api.channels.smtp import MailServer, Smtp
from api.channels.webhook import Webhooks
from api.crypto import new_webhook_secret
from api.service.proof.anchoring import Anchoring, Target, to_email, to_folder, to_webhook
from api.service.proof.note import verified
from api.settings import Settings
from api.store import seals
from tests.api.conftest import Programme
from tests.api.receivers import receiving
from tests.proof.conftest import take_in
from tests.proof.test_sealing import PUBLIC, checked
from tests.support.server import free_port


def anchoring(programme: Programme, **targets: Target) -> Anchoring:
    return Anchoring(programme.database.read, programme.run, programme.clock, targets, every=3_600)


def newest(programme: Programme) -> str:
    with programme.database.read() as connection:
        note = seals.checkpoint(connection)
    assert note is not None
    return note


def go_on(programme: Programme, start: int) -> str:
    take_in(programme, start, 3)
    programme.services.sealing.seal()
    return newest(programme)


class Box:
    """Keeps what is mailed to it."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.mails.append(envelope.content)
        return "250 kept"


@pytest.fixture
def mailbox() -> Iterator[tuple[Box, Smtp]]:
    box, port = Box(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box, Smtp(MailServer("127.0.0.1", port, "regulars@example.com"))
    finally:
        controller.stop()


def test_a_folder_gets_at_most_one_an_hour(sealed: Programme, tmp_path: Path) -> None:
    anchors = anchoring(sealed, folder=to_folder(tmp_path))
    first = newest(sealed)

    assert 1 == anchors.work()
    assert 0 == anchors.work()
    second = go_on(sealed, 1000)
    assert 0 == anchors.work()
    sealed.clock.advance(3_601)
    assert 1 == anchors.work()
    sealed.clock.advance(3_601)
    assert 0 == anchors.work()  # nothing is new
    texts = sorted(one.read_text(encoding="utf-8") for one in tmp_path.glob("checkpoint-*.txt"))
    assert sorted([first, second]) == texts
    assert [] == checked(sealed, *texts).wrong
    # Another process, or the next start, knows what was left.
    assert 0 == anchoring(sealed, folder=to_folder(tmp_path)).work()


def test_a_folder_s_file_is_never_written_again(sealed: Programme, tmp_path: Path) -> None:
    size = verified(newest(sealed), PUBLIC).size
    (tmp_path / f"checkpoint-{size}.txt").write_text("another", encoding="utf-8")

    assert 0 == anchoring(sealed, folder=to_folder(tmp_path)).work()
    assert "another" == (tmp_path / f"checkpoint-{size}.txt").read_text(encoding="utf-8")


def test_a_mailbox(sealed: Programme, mailbox: tuple[Box, Smtp]) -> None:
    box, smtp = mailbox

    assert 1 == anchoring(sealed, email=to_email(smtp, "auditor@example.com")).work()
    (raw,) = box.mails
    mail = message_from_bytes(raw, policy=policy.default)
    assert "auditor@example.com" == mail["To"]
    text = mail.get_content().replace("\r\n", "\n")
    assert newest(sealed) == text
    assert verified(text, PUBLIC).size > 0


def test_a_webhook_is_tried_again(sealed: Programme) -> None:
    secret = new_webhook_secret()
    with receiving() as receiver, Webhooks(allow_private=True) as webhooks:
        anchors = anchoring(sealed, webhook=to_webhook(webhooks, receiver.url, secret))
        receiver.status = 503
        assert 0 == anchors.work()
        assert 0 == anchors.work()  # not at once
        receiver.status = 204
        sealed.clock.advance(61)
        assert 1 == anchors.work()
    (_, first), (headers, body) = receiver.posts

    assert first == body
    Webhook(secret)  # the clock of these tests stands elsewhere, so the signature's form is what is looked at
    assert headers["webhook-signature"].startswith("v1,")
    said = json.loads(body)
    assert ("regulars.checkpoint", newest(sealed)) == (said["type"], said["data"]["note"])


def test_one_place_that_fails_keeps_no_other_from_its_checkpoint(sealed: Programme, tmp_path: Path) -> None:
    with Webhooks(allow_private=True) as webhooks:
        nobody = to_webhook(webhooks, f"http://127.0.0.1:{free_port()}/", new_webhook_secret())
        assert 1 == anchoring(sealed, webhook=nobody, folder=to_folder(tmp_path)).work()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"anchor_email": "auditor@example.com"}, "REGULARS_MESSAGE_CHANNELS"),
        ({"anchor_webhook": "https://example.com/"}, "whsec_"),
        ({"anchor_webhook": "https://example.com/", "anchor_secret": "nonsense!"}, "whsec_"),
        ({"anchor_folder": "nowhere/at/all"}, "make it first"),
        ({"origin": "two words"}, "origin"),
    ],
)
def test_settings_that_cannot_work(given: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        Settings(**given)
