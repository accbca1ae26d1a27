"""How routes take in what a till or a person asks for."""

from typing import Annotated, Any

from pydantic import Field

from api.deps import Caller, Services
from api.service.asking import Request, answer_of, call_of
from api.service.metrics import CALLS
from api.wire.answers import durable
from api.wire.ids import CLIENT_ID, MAX_CLIENT_ID

MemberId = Annotated[
    str, Field(min_length=1, max_length=255, pattern=r"^[^\x00-\x1f]*[^\x00-\x20][^\x00-\x1f]*$")
]
"""A member, by the id that its sender knows it by."""

ClientId = Annotated[str, Field(min_length=1, max_length=MAX_CLIENT_ID, pattern=CLIENT_ID)]
"""A client's own id: visible ASCII without a slash."""

Why = Annotated[str, Field(min_length=1, max_length=256)]


async def asked(
    services: Services, caller: Caller, name: str, message_id: str, user: str, properties: dict[str, Any]
) -> dict[str, Any]:
    """Take in a request, and return the answer once it is durable.

    Args:
        services: The services.
        caller: Who asks.
        name: One of `engine.events.REQUESTS`.
        message_id: Made from the client's own id.
        user: The member.
        properties: What is asked; what is None is left out.

    Raises:
        Refusal: As `answer_of`.
    """
    request = Request(source_of(caller), message_id, name, user, properties)
    call = call_of(request, services.door, services.rulebook)
    (result,) = await durable(services.ingest.submit([call]))
    CALLS.labels(result.status).inc()
    return answer_of(result)


def source_of(caller: Caller) -> str:
    """Return the source of what a caller asks for: the key's, or the person."""
    return caller.source if caller.role is None else f"person:{caller.name}"
