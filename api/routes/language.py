"""What rules may say and speak of."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from api.deps import MARKETER, PERSON, Caller, ServicesDep
from api.errors import responses
from api.wire.body import json_body
from api.wire.exact import Json
from engine.language.messages import MESSAGES
from engine.language.schema import definition_schemas, operator_table, rule_schema

router = APIRouter(prefix="/v1", tags=["language"])


@router.get("/schema", dependencies=[Depends(PERSON)], responses=responses("unauthenticated"))
def schema() -> dict[str, Any]:
    """Return the JSON Schema of a rule with its wording, the operator table, and every finding's wording."""
    messages = {
        code: {
            "severity": one.severity,
            "text": {"en": one.en, "zh-Hans": one.zh},
            "fix": {"en": one.fix_en, "zh-Hans": one.fix_zh},
        }
        for code, one in MESSAGES.items()
    }
    return {"schema": rule_schema(), "operators": operator_table(), "messages": messages}


@router.get("/schema/definitions", dependencies=[Depends(PERSON)], responses=responses("unauthenticated"))
def schema_of_definitions() -> dict[str, Any]:
    """Return the JSON Schema of a definition of each kind, with titles and widgets."""
    return definition_schemas()


@router.get("/catalogue", dependencies=[Depends(PERSON)], responses=responses("unauthenticated"))
def catalogue(services: ServicesDep) -> dict[str, Any]:
    """Return the events, facts, tags, coupons, templates and endpoints that rules may name."""
    return services.definitions.catalogue()


@router.get(
    "/definitions/{kind}", dependencies=[Depends(PERSON)], responses=responses("unauthenticated", "not-found")
)
def definitions(kind: str, services: ServicesDep) -> dict[str, Any]:
    """Return the programme's definitions of a kind."""
    return {"items": services.definitions.of_kind(kind)}


@router.get(
    "/definitions/{kind}/{key:path}/uses",
    dependencies=[Depends(PERSON)],
    responses=responses("unauthenticated", "not-found"),
)
def uses(kind: str, key: str, services: ServicesDep) -> dict[str, Any]:
    """Return the rules and the other definitions that name a definition."""
    return services.definition_uses.of(kind, key)


@router.put(
    "/definitions/{kind}/{key:path}",
    responses=responses("unauthenticated", "forbidden", "not-found", "invalid-request"),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {"type": "object"},
                    "example": {
                        "key": "churn-risk",
                        "name": {"en": "At risk", "zh-Hans": "流失风险"},
                        "meaning": "No order for 90 days",
                    },
                }
            },
        }
    },
)
def define(
    kind: str,
    key: str,
    services: ServicesDep,
    caller: Annotated[Caller, Depends(MARKETER)],
    said: Annotated[Json, Depends(json_body)],
) -> dict[str, Any]:
    """Make or replace a definition. A new endpoint's answer has the `secret` that signs, this once."""
    return services.definitions.put(kind, key, said, by=caller.name)


@router.post(
    "/definitions/units/{key}/impact",
    dependencies=[Depends(PERSON)],
    responses=responses("unauthenticated", "forbidden", "not-found", "invalid-request"),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {"type": "object"},
                    "example": {"key": "points", "name": {"en": "Points"}, "expires_after": {"days": 365}},
                }
            },
        }
    },
)
def impact(key: str, services: ServicesDep, said: Annotated[Json, Depends(json_body)]) -> dict[str, Any]:
    """Return what a would-be definition would change of a unit, and how many members hold some."""
    return services.impact.of_unit(key, said)
