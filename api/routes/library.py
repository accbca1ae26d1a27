"""The rule library: looked through, played, adopted."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from pydantic import Field

from api.deps import MARKETER, PERSON, Caller, ServicesDep
from api.errors import responses
from api.service.library import Sought
from api.wire.body import Body, body_of, documented

router = APIRouter(prefix="/v1/library", tags=["rules"])
Key = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]


class Adoption(Body):
    """How a rule of the library is to be adopted.

    Attributes:
        key: Key of the rule that is made; the same as in the library if it isn't said.
        with_definitions: Whether to define, as the library does, what the rule speaks of and isn't there yet.
    """

    key: str | None = Field(default=None, pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")
    with_definitions: bool = False


@router.get("", dependencies=[Depends(PERSON)], responses=responses("unauthenticated", "invalid-request"))
def library(
    services: ServicesDep,
    search: Annotated[str, Query(max_length=200)] = "",
    purpose: Annotated[str, Query(max_length=64)] = "",
    row: Annotated[str, Query(max_length=8)] = "",
    after: Annotated[str | None, Query(max_length=64)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, Any]:
    """Return a page of the rule library, by purpose, and how many there are for each purpose and row."""
    return services.library.page(Sought(search, purpose, row), after, limit)


@router.get("/{key}", dependencies=[Depends(PERSON)], responses=responses("unauthenticated", "not-found"))
def library_rule(key: Key, services: ServicesDep) -> dict[str, Any]:
    """Return a rule of the library with its guide and its examples."""
    return services.library.detail(key)


@router.get(
    "/{key}/examples/{number}",
    dependencies=[Depends(PERSON)],
    responses=responses("unauthenticated", "not-found"),
)
def library_example(
    key: Key, number: Annotated[int, Path(ge=0, le=999)], services: ServicesDep
) -> dict[str, Any]:
    """Return an example as the engine lives it: each step with its effects and why; nothing is written."""
    return services.library.play(key, number)


@router.post(
    "/{key}/adopt",
    responses=responses(
        "unauthenticated", "forbidden", "cross-origin", "not-found", "key-taken", "invalid-request"
    ),
    openapi_extra=documented(Adoption, {"with_definitions": True}),
)
def adopt(
    key: Key,
    services: ServicesDep,
    caller: Annotated[Caller, Depends(MARKETER)],
    how: Annotated[Adoption, Depends(body_of(Adoption))],
) -> dict[str, Any]:
    """Begin a rule with a draft of the library's, and what it needs where that is asked for."""
    return services.library.adopt(key, under=how.key, with_definitions=how.with_definitions, by=caller.name)
