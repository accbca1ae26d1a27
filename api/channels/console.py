"""Messages to the log: the demonstration's way out, and a stand-in for gateways to come."""

import structlog

from api.channels.outgoing import Message

_log = structlog.get_logger("channel")


class Console:
    """Prints each message as one line of the log."""

    def send(self, message: Message) -> None:
        """Print a message. It can't fail."""
        _log.info(
            "message",
            id=message.id,
            channel=message.channel,
            to=message.to,
            subject=message.subject,
            text=message.text,
        )
