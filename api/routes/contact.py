"""Previews of templates, consent, and the page by which members unsubscribe."""

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse
from pydantic import Field

from api.deps import ANYONE, GIVING, PERSON, Caller, ServicesDep
from api.errors import responses
from api.routes.asked import ClientId, Why, source_of
from api.service.contact import Consenting
from api.wire.body import Body, body_of, documented
from engine.language.contact import CHANNEL_NAMES, Channel

router = APIRouter(tags=["contact"])
_PAGE: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex"><title>{title}</title>
<style>body{{font:1rem/1.5 system-ui,sans-serif;max-width:30rem;margin:4rem auto;padding:0 1rem}}
button{{font:inherit;padding:.6rem 1.2rem}}</style></head>
<body><h1>{title}</h1>{body}</body></html>"""
_ASKING: Final = """<p>You will get no more marketing messages by {en}. What you must be told, such as about
your orders, still reaches you.</p><p lang="zh-Hans">您将不再收到{zh}营销消息，订单等必要通知不受影响。</p>
<form method="post"><button>Unsubscribe · <span lang="zh-Hans">退订</span></button></form>"""
_DONE: Final = """<p>You get no more marketing messages by {en}.</p>
<p lang="zh-Hans">您将不再收到{zh}营销消息。</p>"""


class PreviewRequest(Body):
    """What is previewed: a template in force, or as it is being written."""

    member: str = Field(min_length=1, max_length=256)
    language: str = Field(default="", max_length=35)
    template: dict[str, Any] | None = None


class ConsentTold(Body):
    """Whether a member agrees to marketing by a channel.

    Attributes:
        id: The client's own id of it. Sent again, it gets the original answer.
        channel: The channel, or `all`.
        given: Whether it is agreed to, or not any more.
        why: How that is known, for the log and the member's page.
    """

    id: ClientId
    channel: Channel | Literal["all"]
    given: bool
    why: Why


class Texts(Body):
    """The texts of a template while it is being written, by language."""

    subject: dict[str, str] = Field(default={}, max_length=3)
    body: dict[str, str] = Field(default={}, max_length=3)
    html: dict[str, str] = Field(default={}, max_length=3)


@router.get("/v1/templates/variables", dependencies=[Depends(PERSON)], responses=responses("unauthenticated"))
def variables(services: ServicesDep) -> dict[str, Any]:
    """Return what a template may ask for, each with what people call it."""
    return services.contact.variables()


@router.post(
    "/v1/templates/check",
    dependencies=[Depends(PERSON)],
    responses=responses("malformed-json", "unauthenticated", "cross-origin", "invalid-request"),
    openapi_extra=documented(Texts, {"body": {"en": "Hello {{ member.first_name|friend }}"}}),
)
def faults(services: ServicesDep, said: Annotated[Texts, Depends(body_of(Texts))]) -> dict[str, Any]:
    """Return what is wrong with the texts of a template: what can't be read, and what nobody knows."""
    return services.contact.faults(said.model_dump())


@router.post(
    "/v1/templates/{key}/preview",
    dependencies=[Depends(PERSON)],
    responses=responses("malformed-json", "unauthenticated", "cross-origin", "not-found", "invalid-request"),
    openapi_extra=documented(PreviewRequest, {"member": "m1001", "language": "zh-Hans"}),
)
def preview(
    key: str, services: ServicesDep, asked: Annotated[PreviewRequest, Depends(body_of(PreviewRequest))]
) -> dict[str, Any]:
    """Return how a template reads for a member, with personal values masked."""
    return services.contact.preview(key, asked.member, asked.language, asked.template)


# A member's id may hold a slash, so this stands before the address of the member itself.
@router.post(
    "/v1/members/{key:path}/consent",
    responses=responses(
        "malformed-json",
        "unauthenticated",
        "forbidden",
        "cross-origin",
        "not-found",
        "message-conflict",
        "invalid-request",
        "call-rejected",
        "overloaded",
        "member-held",
        "unavailable",
    ),
    openapi_extra=documented(
        ConsentTold, {"id": "call-77", "channel": "sms", "given": False, "why": "Asked us on the phone"}
    ),
)
def consent(
    key: str,
    services: ServicesDep,
    caller: Annotated[Caller, Depends(GIVING)],
    said: Annotated[ConsentTold, Depends(body_of(ConsentTold))],
) -> dict[str, Any]:
    """Take in whether a member agrees to marketing by a channel; *Consent Given* or *Withdrawn* happens."""
    told = Consenting(said.id, key, said.channel, said.given, said.why)
    return services.contact.say(told, source=source_of(caller))


@router.get("/unsubscribe/{link}", dependencies=[Depends(ANYONE)], responses=responses("not-found"))
def asking(link: str, services: ServicesDep) -> HTMLResponse:
    """Ask whether a member means to unsubscribe: mail scanners open links, too."""
    return _page("Unsubscribe · 退订", _ASKING, services.contact.channel_of(link))


@router.post("/unsubscribe/{link}", dependencies=[Depends(ANYONE)], responses=responses("not-found"))
def unsubscribe(link: str, services: ServicesDep) -> HTMLResponse:
    """Withdraw consent to the link's channel: by the page's button, or by a mail program (RFC 8058)."""
    return _page("Unsubscribed · 已退订", _DONE, services.contact.withdraw(link))


def _page(title: str, body: str, channel: str) -> HTMLResponse:
    english, chinese = CHANNEL_NAMES.get(channel, (channel, channel))
    return HTMLResponse(_PAGE.format(title=title, body=body.format(en=english, zh=chinese)))
