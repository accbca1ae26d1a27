"""How a till's or a person's request becomes a call, and its result an answer (rulings 6 and 21).

The id of the message is made from the client's own id, so that a retry gets the
original answer, and the same id with other content is a conflict.
"""

from typing import Any, Final, NamedTuple

from api.service.calls import Call, IngestResult, Told
from api.service.door import Door
from api.service.refusal import Refusal
from api.service.rulebook import Rulebook
from engine.language.base import Text, words
from engine.programme.reasons import REASONS

WORDS: Final[dict[str, Text]] = REASONS | {
    "coupon-voided": words("The coupon was withdrawn.", "优惠券已作废。"),
    "coupon-mistyped": words(
        "The code was mistyped: its check character is wrong.", "券码有误，校验位不符。"
    ),
    "member-unknown": words("There is no such member.", "会员不存在。"),
    "member-held": words(
        "An import is building this member; try again when it is done.", "会员数据正在导入，请稍后重试。"
    ),
    "message-conflict": words(
        "This id was used for other content; give each request an id of its own.",
        "该编号已用于其他内容，请为每个请求使用新的编号。",
    ),
    "call-rejected": words("The request can't be taken in.", "请求无法受理。"),
}
"""Wording of every reason that an answer may have, in both languages."""

CODES: Final = {
    "conflict": "message-conflict",
    "held": "member-held",
    "rejected": "call-rejected",
    "unknown": "not-found",
}
"""The problem that a result is, by its status."""

_RETRY_SECONDS: Final = 5


class Request(NamedTuple):
    """What a till or a person asks for.

    Attributes:
        source: Who asks; with `message_id` it identifies the request for ever.
        message_id: Made from the client's own id.
        name: One of `engine.events.REQUESTS`.
        user: The member, by the id that its sender knows it by.
        properties: What is asked. What is None is left out.
    """

    source: str
    message_id: str
    name: str
    user: str
    properties: dict[str, Any]


def call_of(request: Request, door: Door, rulebook: Rulebook) -> Call:
    """Return the call that a request enters the log by."""
    told = Told(
        kind="request",
        message_id=request.message_id,
        user_id=request.user,
        name=request.name,
        properties={key: value for key, value in request.properties.items() if value is not None},
    )
    return door.admit(told, request.source, rulebook.index().rules.catalogue)


def answer_of(result: IngestResult) -> dict[str, Any]:
    """Return what whoever asked is told, with the `sequence` of the entry if there is one.

    Raises:
        Refusal: `message-conflict`, `member-held`, `call-rejected`, or `not-found` for an unknown member.
    """
    code = CODES.get(result.status)
    if code is not None:
        retry_after = _RETRY_SECONDS if result.status == "held" else None
        raise Refusal(code, _sentence(result.detail), retry_after=retry_after)
    kept = {} if result.sequence is None else {"sequence": result.sequence}
    return worded(result.answer) | kept


def worded(answer: dict[str, Any]) -> dict[str, Any]:
    """Return an answer, with the `text` of its `reason` if it has one."""
    reason = answer.get("reason")
    return {**answer, "text": WORDS[reason]} if reason is not None else answer


def _sentence(detail: str) -> str:
    return detail[:1].upper() + detail[1:].rstrip(".") + "."
