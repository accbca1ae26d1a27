"""Reading a request's body: counted as it streams, unpacked, decoded, validated."""

import zlib
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar

from fastapi import Request
from pydantic import BaseModel, ConfigDict, ValidationError

from api.service.refusal import Finding, Refusal
from api.wire.exact import Json, decode, pointer

MAX_BODY: Final = 1_000_000
"""Bytes of a body, as sent and unpacked."""

_GZIP: Final = 16 + zlib.MAX_WBITS
_TOO_LARGE: Final = "The body may have at most {limit} bytes; send less at a time."


class Body(BaseModel):
    """A body of ours: unknown members and values of another type are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


B = TypeVar("B", bound=Body)


async def read_body(request: Request, limit: int = MAX_BODY) -> bytes:
    """Return a request's body, unpacked.

    Args:
        request: Its body hasn't been read yet.
        limit: Bytes that it may have, packed and unpacked.

    Raises:
        Refusal: `too-large`, `unsupported-encoding` or `malformed-json` (not gzip after all).
    """
    encoding = request.headers.get("content-encoding", "identity").lower()
    if encoding not in {"identity", "gzip"}:
        raise Refusal("unsupported-encoding", "Send the body as it is, or packed with gzip.")
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise Refusal("too-large", _TOO_LARGE.format(limit=limit))
        parts.append(part)
    body = b"".join(parts)
    return _unpacked(body, limit) if encoding == "gzip" else body


def _unpacked(body: bytes, limit: int) -> bytes:
    unpacker = zlib.decompressobj(_GZIP)
    try:
        unpacked = unpacker.decompress(body, limit + 1)
    except zlib.error as error:
        raise Refusal("malformed-json", "The body says it is gzip and isn't.") from error
    if len(unpacked) > limit:
        raise Refusal("too-large", _TOO_LARGE.format(limit=limit))
    if not unpacker.eof or unpacker.unused_data:
        raise Refusal("malformed-json", "The body says it is gzip and isn't complete, or holds more.")
    return unpacked


async def json_body(request: Request) -> Json:
    """Return the body as plain data, of any JSON type."""
    return decode(await read_body(request))


def body_of(model: type[B]) -> Callable[[Request], Awaitable[B]]:
    """Return a dependency that reads the body as a model.

    Args:
        model: What the body must be.
    """

    async def read(request: Request) -> B:
        try:
            return model.model_validate(await json_body(request))
        except ValidationError as error:
            raise Refusal(
                "invalid-request", "Correct the places named in errors and send it again.", findings_of(error)
            ) from error

    return read


def etag_of(if_match: str | None) -> str | None:
    """Return the etag that an `If-Match` header names, with quotes or without; None if there is none."""
    return None if if_match is None else if_match.strip().removeprefix("W/").strip('"')


def findings_of(error: ValidationError) -> list[Finding]:
    """Return a validation error as findings; what was sent isn't repeated."""
    return [
        Finding("".join(f"/{pointer(str(part))}" for part in one["loc"]), one["msg"])
        for one in error.errors(include_url=False, include_context=False, include_input=False)
    ]


def documented(model: type[BaseModel], example: dict[str, Any]) -> dict[str, Any]:
    """Return what OpenAPI says of a body that `body_of` reads.

    Args:
        model: What the body must be.
        example: A body that is accepted.
    """
    content = {"schema": model.model_json_schema(), "example": example}
    return {"requestBody": {"required": True, "content": {"application/json": content}}}
