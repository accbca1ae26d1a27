"""Requests that are answered without an entry in the log, because nothing can come of them."""

from api.service.calls import IngestResult
from engine.events import Event
from engine.language.catalogue import Catalogue
from engine.programme.requests import refused_at_once
from engine.state import MemberState


def turned_away(state: MemberState, event: Event, catalogue: Catalogue) -> IngestResult | None:
    """Return the answer to a request that leaves no entry, or None if it is to be decided.

    Args:
        state: The member, caught up.
        event: The request.
        catalogue: The definitions in force.
    """
    if state.sequence == 0:
        return IngestResult(status="unknown", detail="there is no such member")
    answer = refused_at_once(state, event, catalogue)
    return IngestResult(status="answered", answer=answer) if answer is not None else None
