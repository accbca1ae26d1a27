"""Sends what a broadcast says to one member of its audience (ruling 19)."""

from typing import get_args

from engine.effects import SendMessage
from engine.language.contact import CHANNELS, Purpose
from engine.programme.asked import Asked, Carried
from engine.programme.reasons import Refusal


def send(asked: Asked) -> Carried:
    """Ask for the broadcast's message. Consent, caps and quiet hours weigh it like that of a rule.

    All that is said stands in the request: a replay needs nothing but the log.

    Raises:
        Refusal: If the request doesn't say what is sent, or by a channel or for a purpose there isn't.
    """
    broadcast, template = asked.text("broadcast"), asked.text("template")
    channel, purpose = asked.text("channel"), asked.text("purpose")
    if channel not in CHANNELS:
        raise Refusal("bad-request", path="/channel")
    if purpose not in get_args(Purpose):
        raise Refusal("bad-request", path="/purpose")
    # The default is told by identity: a text of the log that only equals it would be recorded.
    known: Purpose = "service" if purpose == "service" else "marketing"
    effect = SendMessage(id=asked.effect_id(0), action=0, channel=channel, template=template, purpose=known)
    return Carried((effect,), {"status": "done", "broadcast": broadcast})
