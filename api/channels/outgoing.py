"""What goes out, and how a channel says that it didn't."""

from typing import Protocol

import msgspec


class Undelivered(Exception):
    """Something wasn't delivered.

    Attributes:
        reason: Why, in words that may be kept and shown: no personal value, no secret.
        final: Whether trying again can't help.
    """

    def __init__(self, reason: str, *, final: bool = False) -> None:
        """Make the exception."""
        super().__init__(reason)
        self.reason = reason
        self.final = final


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A message to one member, ready to be sent. It is never stored.

    Attributes:
        id: The effect's id, the same at every attempt.
        channel: `email`, `sms`, `push`, `wecom` or `console`.
        to: Address or number; empty where the channel needs none.
        subject: Subject of an e-mail, or empty.
        text: What it says.
        html: The same as HTML, or empty.
        unsubscribe: Address by which its reader stops marketing by this channel; empty for a service
            message.
    """

    id: str
    channel: str
    to: str
    subject: str
    text: str
    html: str = ""
    unsubscribe: str = ""


class Channel(Protocol):
    """A way out for messages."""

    def send(self, message: Message) -> None:
        """Hand a message on.

        Raises:
            Undelivered: If it wasn't accepted.
        """
        ...
