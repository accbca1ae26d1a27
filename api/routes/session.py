"""Signing in and out."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from api.crypto import SESSION_SECONDS
from api.deps import ANYONE, COOKIE, PERSON, SECURE_COOKIE, Caller, ServicesDep, require_same_origin
from api.errors import responses
from api.wire.body import Body, body_of, documented

router = APIRouter(prefix="/v1/session", tags=["session"])


class SignIn(Body):
    """Who wants to sign in."""

    name: str = Field(min_length=1, max_length=128)
    password: str = Field(min_length=1, max_length=1024)


@router.post(
    "",
    dependencies=[Depends(ANYONE)],
    openapi_extra=documented(SignIn, {"name": "mei", "password": "correct horse battery"}),
    responses=responses("wrong-password", "cross-origin", "too-many-sign-ins", "invalid-request"),
)
async def sign_in(
    request: Request,
    response: Response,
    services: ServicesDep,
    given: Annotated[SignIn, Depends(body_of(SignIn))],
) -> dict[str, Any]:
    """Sign in; the answer sets the session cookie."""
    if {"origin", "sec-fetch-site"} & set(request.headers):
        require_same_origin(request)
    address = request.client.host if request.client is not None else ""
    person, cookie = await run_in_threadpool(services.people.sign_in, given.name, given.password, address)
    secure = request.app.state.settings.secure_cookies
    response.set_cookie(
        SECURE_COOKIE if secure else COOKIE,
        cookie,
        max_age=SESSION_SECONDS,
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )
    return person._asdict()


@router.get("", responses=responses("unauthenticated"))
async def who_am_i(caller: Annotated[Caller, Depends(PERSON)]) -> dict[str, Any]:
    """Return who is signed in."""
    return {"name": caller.name, "role": caller.role}


@router.delete("", status_code=204, dependencies=[Depends(PERSON)], responses=responses("unauthenticated"))
async def sign_out(response: Response) -> None:
    """Sign out in this browser."""
    response.delete_cookie(SECURE_COOKIE, path="/", secure=True, httponly=True, samesite="lax")
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")
