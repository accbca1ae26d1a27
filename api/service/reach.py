"""How a member may be written to, as shapes: what was said of each channel, or what holds without."""

from typing import Any, Final

from api.service.naming import channel_name
from engine.index import Index
from engine.language.contact import CHANNELS, Channel
from engine.state import MemberState
from engine.values import instant_text

Json = dict[str, Any]
_FOR_TRIALS: Final = "console"
"""The way out that reaches nobody; it is only told of where something was said of it."""


def consents(state: MemberState, index: Index) -> list[Json]:
    """Return for each channel whether marketing may be sent by it, and what the member said of it.

    Args:
        state: The member.
        index: The rules in force: a channel by opt-in is closed to who said nothing.
    """
    told = [one for one in CHANNELS if one != _FOR_TRIALS or one in state.consent]
    return [_consent(one, state, index) for one in told]


def _consent(channel: Channel, state: MemberState, index: Index) -> Json:
    said = state.consent.get(channel)
    opt_in = channel in index.rules.pressure.opt_in
    return {
        "channel": channel,
        "name": channel_name(channel),
        "policy": "opt_in" if opt_in else "opt_out",
        "allowed": said.given if said is not None else not opt_in,
        "said": None
        if said is None
        else {
            "given": said.given,
            "at": instant_text(said.at),
            "source": said.source,
            "why": said.why or None,
        },
    }
