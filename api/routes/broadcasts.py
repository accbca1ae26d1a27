"""One message to many members: planned, previewed, followed and cancelled."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Header, Path
from pydantic import Field

from api.deps import MARKETER, PERSON, RULE, Caller, ServicesDep
from api.errors import responses
from api.service.refusal import Finding, Refusal
from api.wire.body import Body, body_of, documented, etag_of
from engine.errors import InvalidValue
from engine.language.contact import Channel
from engine.values import Instant, parse_instant

router = APIRouter(prefix="/v1/broadcasts", tags=["contact"])
Marketer = Annotated[Caller, Depends(MARKETER)]
IfMatch = Annotated[str | None, Header(description="The `etag` of the draft that was looked at")]

_KEY: Final = r"^[a-z0-9]+(-[a-z0-9]+)*$"
_READ: Final = ("unauthenticated", "forbidden", "invalid-request")
_MATCHED: Final = ("draft-changed", "if-match-required")
_CHANGED: Final = ("cross-origin", "not-found", "unavailable", *_READ)
_IN_HANGZHOU: Final = {"type": "compare", "fact": "member.city", "op": "eq", "value": "Hangzhou"}


class Planned(Body):
    """A broadcast as it is planned.

    Attributes:
        key: Names it for ever; sent again with the same content, it is the same broadcast.
        name: What it is called, by language.
        template: Key of the template.
        channel: Way out.
        audience: The condition about members, asked when it is sent; none is everybody.
        at: RFC 3339 instant at which it is due; none is now.
    """

    key: str = Field(min_length=1, max_length=64, pattern=_KEY)
    name: dict[str, str] = Field(min_length=1, max_length=3)
    template: str = Field(min_length=1, max_length=64)
    channel: Channel
    audience: dict[str, Any] | None = None
    at: str | None = Field(default=None, max_length=40)


class Draft(Body):
    """A broadcast as far as it is written; see `Planned` for what each part means."""

    name: dict[str, str] = Field(default={}, max_length=3)
    template: str | None = Field(default=None, max_length=64)
    channel: Channel | None = None
    audience: dict[str, Any] | None = None
    at: str | None = Field(default=None, max_length=40)


class Audience(Body):
    """For whom a broadcast would be; none is everybody."""

    audience: dict[str, Any] | None = None


@router.get("", dependencies=[Depends(PERSON)], responses=responses(*_READ))
def broadcasts(services: ServicesDep) -> dict[str, Any]:
    """Return the broadcasts planned last, newest first."""
    return services.broadcasts.page()


@router.post(
    "",
    responses=responses("malformed-json", "message-conflict", *_MATCHED, *_CHANGED),
    openapi_extra=documented(
        Planned,
        {
            "key": "spring",
            "name": {"en": "Spring oolong"},
            "template": "oolong-news",
            "channel": "wecom",
            "audience": _IN_HANGZHOU,
        },
    ),
)
def plan(
    services: ServicesDep,
    caller: Marketer,
    wanted: Annotated[Planned, Depends(body_of(Planned))],
    if_match: IfMatch = None,
) -> dict[str, Any]:
    """Send one message to everybody of whom a condition is true, now or at a set time."""
    return services.broadcasts.plan(
        wanted.key,
        wanted.name,
        wanted.template,
        wanted.channel,
        wanted.audience,
        _instant(wanted.at),
        by=caller.name,
        etag=etag_of(if_match),
    )


@router.post(
    "/preview",
    dependencies=[Depends(RULE)],
    responses=responses("malformed-json", *_READ),
    openapi_extra=documented(Audience, {"audience": _IN_HANGZHOU}),
)
def preview(services: ServicesDep, asked: Annotated[Audience, Depends(body_of(Audience))]) -> dict[str, Any]:
    """Return how many members a broadcast would be for, and some of them; ask again for `exact`."""
    return services.broadcasts.preview(asked.audience)


@router.get("/{key}", dependencies=[Depends(RULE)], responses=responses(*_READ, "not-found"))
def broadcast(key: str, services: ServicesDep) -> dict[str, Any]:
    """Return a broadcast with its progress."""
    return services.broadcasts.one(key)


@router.put(
    "/{key}/draft",
    responses=responses("malformed-json", "wrong-status", *_MATCHED, *_CHANGED),
    openapi_extra=documented(Draft, {"name": {"en": "Spring oolong"}, "audience": _IN_HANGZHOU}),
)
def save_draft(
    key: Annotated[str, Path(max_length=64, pattern=_KEY)],
    services: ServicesDep,
    caller: Marketer,
    said: Annotated[Draft, Depends(body_of(Draft))],
    if_match: IfMatch = None,
) -> dict[str, Any]:
    """Keep a broadcast that is being written; planning one of the same key uses the draft up."""
    _instant(said.at)
    etag = etag_of(if_match)
    return services.broadcasts.save_draft(key, said.model_dump(), etag=etag, by=caller.name)


@router.delete(
    "/{key}/draft",
    status_code=204,
    responses=responses("cross-origin", "not-found", "unauthenticated", "forbidden", *_MATCHED),
)
def delete_draft(key: str, services: ServicesDep, caller: Marketer, if_match: IfMatch = None) -> None:
    """Throw away a broadcast that is being written."""
    services.broadcasts.delete_draft(key, etag=etag_of(if_match), by=caller.name)


@router.post("/{key}/cancel", responses=responses("wrong-status", *_CHANGED))
def cancel(key: str, services: ServicesDep, caller: Marketer) -> dict[str, Any]:
    """Cancel a broadcast that isn't over; whom it has reached keeps the message."""
    return services.broadcasts.cancel(key, by=caller.name)


def _instant(text: str | None) -> Instant | None:
    if text is None:
        return None
    try:
        return parse_instant(text)
    except (InvalidValue, OverflowError) as error:
        said = "write a date and time with an offset, such as 2026-11-20T21:14:03+08:00"
        raise Refusal("invalid-request", "See errors.", [Finding("/at", said)]) from error
