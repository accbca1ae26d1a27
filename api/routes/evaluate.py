"""What would happen: decided as live events are, and written nowhere."""

from collections.abc import Callable
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from api.deps import TRYING, Services, ServicesDep
from api.errors import responses
from api.service.calls import Call
from api.service.refusal import Finding, Refusal
from api.wire.body import Body, body_of, documented
from api.wire.segment import Reading, told_of
from engine.errors import EngineError, InvalidValue
from engine.values import Instant, parse_instant

router = APIRouter(prefix="/v1/evaluate", tags=["events"])
_DRY: Final = "evaluate"


class Question(Body):
    """Either one call against a real member, or an invented member's story under given rules."""

    call: dict[str, Any] | None = None
    rules: list[dict[str, Any]] | None = Field(default=None, max_length=50)
    given: list[dict[str, Any]] = Field(default=[], max_length=200)
    until: str | None = None


_EXAMPLE: Final = {
    "call": {"type": "track", "userId": "m-1024", "event": "Order Completed", "properties": {"total": 412}}
}


@router.post(
    "",
    dependencies=[Depends(TRYING)],
    openapi_extra=documented(Question, _EXAMPLE),
    responses=responses("unauthenticated", "forbidden", "invalid-request", "invalid-call"),
)
def evaluate(
    services: ServicesDep,
    question: Annotated[Question, Depends(body_of(Question))],
    dry: Annotated[Literal["true"], Query(description="Say that nothing is to be written")],  # noqa: ARG001  asked for, so that nobody takes it for ingest
) -> dict[str, Any]:
    """Return what would be decided, with a trace for every rule that is asked."""
    now = services.clock.now()
    if question.call is not None:
        told = told_of(question.call, Reading(now=now))
        call = services.door.admit(told, _DRY, services.rulebook.index().rules.catalogue)
        return _answered(lambda: services.evaluate.call(call))
    if question.rules is None:
        raise Refusal("invalid-request", 'Send a "call", or "rules" with what is "given".')
    given = [_given(at, one, services, now) for at, one in enumerate(question.given)]
    rules, until = question.rules, _instant(question.until)
    return _answered(lambda: services.evaluate.story(rules, given, until))


def _answered(ask: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        return ask()
    except EngineError as error:
        raise Refusal("invalid-request", f"It can't be decided: {error}.") from error


def _given(at: int, value: dict[str, Any], services: Services, now: Instant) -> Call:
    try:
        told = told_of(value, Reading(now=now, invented=True))
    except Refusal as refusal:
        findings = [Finding(f"/given/{at}{one.path}", one.text) for one in refusal.findings]
        raise Refusal(refusal.code, refusal.detail, findings) from refusal
    return services.door.admit(told, _DRY, services.rulebook.index().rules.catalogue)


def _instant(text: str | None) -> Instant | None:
    try:
        return None if text is None else parse_instant(text)
    except InvalidValue as error:
        raise Refusal("invalid-request", "See errors.", [Finding("/until", str(error))]) from error
