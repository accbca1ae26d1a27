"""Signing in and out."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from api.crypto import SESSION_SECONDS
from api.deps import ANYONE, COOKIE, NEWCOMER, SECURE_COOKIE, Caller, ServicesDep, require_same_origin
from api.errors import responses
from api.wire.body import Body, body_of, documented

router = APIRouter(prefix="/v1/session", tags=["session"])


class SignIn(Body):
    """Who wants to sign in."""

    name: str = Field(min_length=1, max_length=128)
    password: str = Field(min_length=1, max_length=1024)


class NewPassword(Body):
    """The password until now, and the one from now on."""

    old: str = Field(min_length=1, max_length=1024)
    new: str = Field(min_length=1, max_length=1024)


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
    person, cookie = await run_in_threadpool(
        services.people.sign_in, given.name, given.password, _address(request)
    )
    _keep(cookie, request, response)
    return person._asdict()


@router.put(
    "/password",
    openapi_extra=documented(NewPassword, {"old": "correct horse battery", "new": "staple of my own"}),
    responses=responses(
        "unauthenticated", "wrong-password", "cross-origin", "too-many-sign-ins", "invalid-request"
    ),
)
async def change_password(
    request: Request,
    response: Response,
    services: ServicesDep,
    caller: Annotated[Caller, Depends(NEWCOMER)],
    given: Annotated[NewPassword, Depends(body_of(NewPassword))],
) -> dict[str, Any]:
    """Change one's own password: every other session ends, and the answer sets this one's cookie."""
    person, cookie = await run_in_threadpool(
        services.people.change_password, caller.name, given.old, given.new, _address(request)
    )
    _keep(cookie, request, response)
    return person._asdict()


@router.get("", responses=responses("unauthenticated"))
async def who_am_i(caller: Annotated[Caller, Depends(NEWCOMER)]) -> dict[str, Any]:
    """Return who is signed in."""
    return {"name": caller.name, "role": caller.role, "temporary": caller.temporary}


@router.delete("", status_code=204, dependencies=[Depends(NEWCOMER)], responses=responses("unauthenticated"))
async def sign_out(response: Response) -> None:
    """Sign out in this browser."""
    response.delete_cookie(SECURE_COOKIE, path="/", secure=True, httponly=True, samesite="lax")
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")


def _address(request: Request) -> str:
    return request.client.host if request.client is not None else ""


def _keep(cookie: str, request: Request, response: Response) -> None:
    """Set the session cookie."""
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
