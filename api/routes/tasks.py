"""Tasks for staff."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from api.deps import GIVING, MEMBERS, Caller, ServicesDep
from api.errors import responses
from api.service.tasks import Status
from api.wire.body import Body, body_of, documented

router = APIRouter(prefix="/v1/tasks", tags=["tasks"])
Text = Annotated[str | None, Query(min_length=1, max_length=255)]
Question = Annotated[str, Field(pattern=r"^[^\s.]{1,64}$")]
Answer = Annotated[str, Field(max_length=500)]


class Done(Body):
    """What came of a task.

    Attributes:
        answer: In words.
        outcome: How it ended, by a word that rules compare.
        answers: What was answered, by question; text, whole numbers, and yes or no.
    """

    answer: str = Field(min_length=1, max_length=2_000)
    outcome: str | None = Field(default=None, min_length=1, max_length=64)
    answers: dict[Question, bool | int | Answer] | None = Field(default=None, max_length=50)


@router.get(
    "",
    dependencies=[Depends(MEMBERS)],
    responses=responses("unauthenticated", "forbidden", "invalid-request"),
)
def tasks(
    services: ServicesDep,
    status: Status = "open",
    queue: Text = None,
    member: Text = None,
    after: Annotated[str | None, Query(max_length=80)] = None,
) -> dict[str, Any]:
    """Return tasks, oldest first."""
    return services.tasks.page(status, queue, member, after)


@router.get(
    "/queues",
    dependencies=[Depends(MEMBERS)],
    responses=responses("unauthenticated", "forbidden"),
)
def queues(services: ServicesDep) -> dict[str, Any]:
    """Return the queues of tasks, with how many wait in each."""
    return services.tasks.queues()


@router.post(
    "/{task}/done",
    responses=responses(
        "malformed-json",
        "unauthenticated",
        "forbidden",
        "cross-origin",
        "not-found",
        "message-conflict",
        "invalid-request",
        "overloaded",
        "member-held",
    ),
    openapi_extra=documented(
        Done,
        {"answer": "Called; comes back on Friday", "outcome": "reached", "answers": {"rating": 4}},
    ),
)
def done(
    task: str,
    services: ServicesDep,
    caller: Annotated[Caller, Depends(GIVING)],
    said: Annotated[Done, Depends(body_of(Done))],
) -> dict[str, Any]:
    """Take in that a task is done; *Task Done* happens to its member."""
    return services.tasks.done(task, said.answer, by=caller.name, outcome=said.outcome, answers=said.answers)
