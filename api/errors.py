"""Every error as one shape: `application/problem+json` (RFC 9457).

`PROBLEMS` is the whole list; docs/problems.md is checked against it.
"""

from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from typing import Any, Final, NamedTuple

import orjson
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.service.refusal import Finding, Refusal
from api.store.errors import QueueFull, Stale, StoreError

BASE: Final = "https://regulars.dev/problems/"
MEDIA_TYPE: Final = "application/problem+json"
_log = structlog.get_logger("api")


class Problem(NamedTuple):
    """What a code means over HTTP.

    Attributes:
        status: HTTP status.
        title: What it is, the same for every occurrence.
    """

    status: int
    title: str


PROBLEMS: Final[dict[str, Problem]] = {
    "malformed-json": Problem(400, "The body is not JSON"),
    "invalid-call": Problem(400, "The call can't be taken in"),
    "unsupported-type": Problem(400, "Calls of this type are not kept"),
    "unknown-host": Problem(400, "We don't serve this host name"),
    "unauthenticated": Problem(401, "Who is calling is not known"),
    "wrong-password": Problem(401, "Name or password is wrong"),
    "forbidden": Problem(403, "The caller may not do this"),
    "password-change-required": Problem(403, "The password must be changed first"),
    "own-draft": Problem(403, "Somebody else must approve the draft"),
    "cross-origin": Problem(403, "The request comes from another site"),
    "not-found": Problem(404, "There is no such thing"),
    "method-not-allowed": Problem(405, "The address doesn't know this method"),
    "message-conflict": Problem(409, "The messageId was used for other content"),
    "no-draft": Problem(409, "The rule has no draft"),
    "wrong-status": Problem(409, "The rule's status doesn't admit this"),
    "approval-required": Problem(409, "The draft isn't approved"),
    "last-administrator": Problem(409, "No administrator would be left"),
    "key-taken": Problem(409, "The key is in use"),
    "not-over": Problem(409, "The day isn't over yet"),
    "draft-changed": Problem(412, "Somebody saved in between"),
    "too-large": Problem(413, "The body is too large"),
    "unsupported-encoding": Problem(415, "The body's encoding is not supported"),
    "invalid-request": Problem(422, "The request is not as it should be"),
    "rule-not-ready": Problem(422, "The rule can't be published yet"),
    "call-rejected": Problem(422, "The call can't be taken in"),
    "if-match-required": Problem(428, "The request must say which draft it replaces"),
    "overloaded": Problem(429, "Too many calls are waiting"),
    "member-held": Problem(429, "An import holds the member back"),
    "too-many-sign-ins": Problem(429, "Too many attempts to sign in"),
    "internal": Problem(500, "Something went wrong on our side"),
    "unavailable": Problem(503, "The database can't be used right now"),
}

_CODE_OF_STATUS: Final = {
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
    401: "unauthenticated",
}
_DETAIL: Final = {
    "not-found": "Check the address; docs/http-api.md lists every one.",
    "method-not-allowed": "Use a method that the Allow header names.",
    "internal": "It was logged. Sending an event again with its messageId is safe.",
    "unavailable": "Try again in a little while. Sending an event again with its messageId is safe.",
}


def problem(refusal: Refusal) -> dict[str, Any]:
    """Return the JSON body of a refusal."""
    known = PROBLEMS[refusal.code]
    body: dict[str, Any] = {
        "type": BASE + refusal.code,
        "title": known.title,
        "status": known.status,
        "detail": refusal.detail,
        "code": refusal.code,
    }
    if refusal.findings:
        body["errors"] = [finding._asdict() for finding in refusal.findings]
    if refusal.diagnostics is not None:
        body["diagnostics"] = refusal.diagnostics
    return body


def response_of(refusal: Refusal, headers: dict[str, str] | None = None) -> Response:
    """Return the HTTP answer of a refusal."""
    sent = dict(headers or {})
    if refusal.retry_after is not None:
        sent["Retry-After"] = str(refusal.retry_after)
    if refusal.code == "unauthenticated":
        sent["WWW-Authenticate"] = 'Basic realm="regulars", Bearer'
    body = orjson.dumps(problem(refusal))
    return Response(body, PROBLEMS[refusal.code].status, sent, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Let every exception that leaves a route become a problem."""
    for kind, handler in _HANDLERS.items():
        app.add_exception_handler(kind, handler)


async def answer_to(request: Request, error: Exception) -> Response:
    """Return the HTTP answer of an exception that left a route."""
    for kind, handler in _HANDLERS.items():
        if isinstance(error, kind):
            return await handler(request, error)
    return _internal()


def responses(*codes: str) -> dict[int | str, dict[str, Any]]:
    """Return what OpenAPI says of the problems that a route answers with."""
    by_status: dict[int | str, list[str]] = {}
    for code in codes:
        by_status.setdefault(PROBLEMS[code].status, []).append(code)
    return {status: _documented(together) for status, together in by_status.items()}


def _documented(codes: Sequence[str]) -> dict[str, Any]:
    examples = {
        code: {"value": problem(Refusal(code, _DETAIL.get(code, "What to do about it.")))} for code in codes
    }
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        "description": "; ".join(PROBLEMS[code].title for code in codes),
        "content": {MEDIA_TYPE: {"schema": schema, "examples": examples}},
    }


PROBLEM_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What to do about it."},
        "code": {"type": "string", "enum": sorted(PROBLEMS)},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["path", "text"],
                "properties": {
                    "path": {"type": "string"},
                    "text": {
                        "oneOf": [
                            {"type": "string"},
                            {"type": "object", "additionalProperties": {"type": "string"}},
                        ]
                    },
                },
            },
        },
        "diagnostics": {"type": "array", "items": {"type": "object"}},
    },
}


async def _refused(_request: Request, error: Exception) -> Response:
    return response_of(error) if isinstance(error, Refusal) else _internal()


async def _invalid(_request: Request, error: Exception) -> Response:
    found = error.errors() if isinstance(error, RequestValidationError) else []
    findings = [Finding("/".join(["", *map(str, one["loc"])]), one["msg"]) for one in found]
    return response_of(Refusal("invalid-request", "Correct the parameters named in errors.", findings))


async def _http(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else HTTPStatus.INTERNAL_SERVER_ERROR
    code = _CODE_OF_STATUS.get(
        status, "invalid-request" if status < HTTPStatus.INTERNAL_SERVER_ERROR else "internal"
    )
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    return response_of(Refusal(code, _DETAIL.get(code, "The request can't be answered.")), headers)


async def _store(request: Request, error: Exception) -> Response:
    if isinstance(error, QueueFull):
        return response_of(
            Refusal("overloaded", "Send it again after the time in Retry-After.", retry_after=1)
        )
    if isinstance(error, Stale):
        return response_of(Refusal("draft-changed", "Load it again and repeat your change."))
    _log.error("store_unavailable", path=request.url.path, error=str(error))
    return response_of(Refusal("unavailable", _DETAIL["unavailable"], retry_after=5))


async def _unexpected(request: Request, error: Exception) -> Response:
    _log.error("request_failed", path=request.url.path, exc_info=error)
    return _internal()


def _internal() -> Response:
    return response_of(Refusal("internal", _DETAIL["internal"]))


_HANDLERS: Final[dict[type[Exception], Callable[[Request, Exception], Awaitable[Response]]]] = {
    Refusal: _refused,
    RequestValidationError: _invalid,
    HTTPException: _http,
    StoreError: _store,
    Exception: _unexpected,
}
