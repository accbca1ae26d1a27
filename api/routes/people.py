"""The people who sign in and the keys of backends, for administrators."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from pydantic import Field

from api.deps import ADMINISTRATOR, PERSON, Caller, ServicesDep
from api.errors import responses
from api.service.people import SCOPES, Role, Scope
from api.wire.body import Body, body_of, documented

router = APIRouter(prefix="/v1", tags=["people"])
Administrator = Annotated[Caller, Depends(ADMINISTRATOR)]
Name = Annotated[str, Path(min_length=1, max_length=128)]
Id = Annotated[str, Path(pattern=r"^[0-9a-f]{1,32}$")]
_READ = responses("unauthenticated", "forbidden")
_CODES = ("unauthenticated", "forbidden", "cross-origin")
_PERSON = responses(*_CODES, "not-found")
_GUARDED = responses(*_CODES, "not-found", "last-administrator", "invalid-request")
_KEY = responses(*_CODES, "not-found", "wrong-status")


class Invitation(Body):
    """Who is let in, and what they may do."""

    name: str = Field(min_length=1, max_length=128)
    role: Role


class NewRole(Body):
    """What somebody may do from now on."""

    role: Role


class NewKey(Body):
    """What a key is for.

    Attributes:
        source: `source` of the events it posts.
        scopes: What it may do.
        owner: Who answers for it.
    """

    source: str = Field(min_length=1, max_length=128)
    scopes: list[Scope] = Field(min_length=1, max_length=len(SCOPES))
    owner: str | None = Field(default=None, max_length=128)


@router.get("/people", dependencies=[Depends(ADMINISTRATOR)], responses=_READ)
def people(services: ServicesDep) -> dict[str, Any]:
    """Return everybody who signs in, by name."""
    return {"items": services.accounts.listed()}


@router.get("/people/administrators", dependencies=[Depends(PERSON)], responses=_READ)
def administrators(services: ServicesDep) -> dict[str, Any]:
    """Return the names of those who can let people in."""
    return {"items": services.accounts.administrators()}


@router.post(
    "/people",
    openapi_extra=documented(Invitation, {"name": "mei", "role": "marketer"}),
    responses=responses(*_CODES, "invalid-request"),
)
def invite(
    services: ServicesDep, caller: Administrator, said: Annotated[Invitation, Depends(body_of(Invitation))]
) -> dict[str, Any]:
    """Let somebody in. The answer has a password, this once, that they must change first."""
    return services.accounts.invite(said.name, said.role, by=caller.name)


@router.put(
    "/people/{name:path}/role",
    openapi_extra=documented(NewRole, {"role": "approver"}),
    responses=_GUARDED,
)
def set_role(
    name: Name,
    services: ServicesDep,
    caller: Administrator,
    said: Annotated[NewRole, Depends(body_of(NewRole))],
) -> dict[str, Any]:
    """Change what somebody may do, and end their sessions."""
    return services.accounts.set_role(name, said.role, by=caller.name)


@router.post("/people/{name:path}/disable", responses=_GUARDED)
def disable(name: Name, services: ServicesDep, caller: Administrator) -> dict[str, Any]:
    """Keep somebody out from now on."""
    return services.accounts.disable(name, by=caller.name)


@router.post("/people/{name:path}/enable", responses=_PERSON)
def enable(name: Name, services: ServicesDep, caller: Administrator) -> dict[str, Any]:
    """Let somebody sign in again."""
    return services.accounts.enable(name, by=caller.name)


@router.post("/people/{name:path}/reset-password", responses=_PERSON)
def reset_password(name: Name, services: ServicesDep, caller: Administrator) -> dict[str, Any]:
    """Give somebody a password. The answer has it, this once, and they must change it first."""
    return services.accounts.reset_password(name, by=caller.name)


@router.post("/people/{name:path}/end-sessions", responses=_PERSON)
def end_sessions(name: Name, services: ServicesDep, caller: Administrator) -> dict[str, Any]:
    """Let somebody sign in anew wherever they are signed in."""
    return services.accounts.end_sessions(name, by=caller.name)


@router.get("/keys", dependencies=[Depends(ADMINISTRATOR)], responses=_READ)
def keys(services: ServicesDep) -> dict[str, Any]:
    """Return every API key, never its secret, and what keys may do."""
    return {"items": services.keys.listed(), "scopes": list(SCOPES)}


@router.post(
    "/keys",
    openapi_extra=documented(
        NewKey, {"source": "till-7", "scopes": ["events:write", "redeem"], "owner": "mei"}
    ),
    responses=responses(*_CODES, "invalid-request"),
)
def create_key(
    services: ServicesDep, caller: Administrator, said: Annotated[NewKey, Depends(body_of(NewKey))]
) -> dict[str, Any]:
    """Make an API key. The answer has its text, this once."""
    return {"key": services.keys.create(said.source, said.scopes, owner=said.owner, by=caller.name)}


@router.post("/keys/{id}/rotate", responses=_KEY)
def rotate_key(id: Id, services: ServicesDep, caller: Administrator) -> dict[str, Any]:  # noqa: A002  the address says so
    """End a key and make one that may do the same. The answer has its text, this once."""
    return {"key": services.keys.rotate(id, by=caller.name)}


@router.post("/keys/{id}/revoke", responses=_KEY)
def revoke_key(id: Id, services: ServicesDep, caller: Administrator) -> dict[str, Any]:  # noqa: A002  the address says so
    """End a key: it is refused from now on."""
    return services.keys.revoke(id, by=caller.name)
