"""What validation found, as true JSON pointers and in both languages."""

from typing import Any, Final

from pydantic import ValidationError

from engine.errors import Problem
from engine.language.base import Text, words

_UNION_MEMBERS: Final = frozenset({"when", "if", "where", "while", "exit"})
_UNION_LISTS: Final = frozenset({"of", "then", "else"})
_ANY_VALUE: Final = words(
    "a value is text, a whole number, true or false, or a list of these",
    "值应为文本、整数、true/false，或它们的列表",
)

_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "string_type": ("must be text", "应为文本"),
    "int_type": ("must be a whole number", "应为整数"),
    "bool_type": ("must be true or false", "应为 true 或 false"),
    "list_type": ("must be a list", "应为列表"),
    "dict_type": ("must be an object", "应为对象"),
    "model_type": ("must be an object", "应为对象"),
    "model_attributes_type": ("must be an object", "应为对象"),
    "missing": ("is required", "必填"),
    "extra_forbidden": ("is unknown here; remove it", "此处没有这一项，请删除"),
    "literal_error": ("must be {expected}", "应为 {expected} 之一"),
    "greater_than_equal": ("must be at least {ge}", "不能小于 {ge}"),
    "less_than_equal": ("must be at most {le}", "不能大于 {le}"),
    "string_too_short": ("must not be empty", "不能为空"),
    "too_short": ("must not be empty", "不能为空"),
    "string_too_long": ("may have at most {max_length} characters", "最多 {max_length} 个字符"),
    "too_long": ("may have at most {max_length} items", "最多 {max_length} 项"),
    "string_pattern_mismatch": ("must match {pattern}", "应符合格式 {pattern}"),
    "union_tag_invalid": ("its type must be one of {expected_tags}", "type 应为 {expected_tags} 之一"),
    "union_tag_not_found": ("its type is missing", "缺少 type"),
    "value_error": ("{error}", "时长只能用一个单位，例如 90 天"),
}


def shape_problems(error: ValidationError) -> list[Problem]:
    """Return what validation found, one problem a place, in the order of the document."""
    found: dict[str, Problem] = {}
    for one in error.errors(include_url=False, include_input=False):
        place, in_value = _place(one["loc"])
        path = "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in place)
        text = _ANY_VALUE if in_value else _text(one["type"], one["msg"], one.get("ctx", {}))
        found.setdefault(path, Problem(path, text))
    return [problem for path, problem in found.items() if not _item_is_named(path, found)]


def _place(loc: tuple[int | str, ...]) -> tuple[list[int | str], bool]:
    """Return a location without the steps that aren't in the JSON, and whether it's an operand.

    Validation names the branch of a union as a step of its own: `/then/0` of type `wait` is
    `then, 0, wait`, and an operand is `value, list[…], 0, str`.
    """
    place: list[int | str] = []
    tag_follows = False
    for at, step in enumerate(loc):
        if tag_follows or step == "[key]":
            tag_follows = False
            continue
        place.append(step)
        if step == "value":
            return [*place, *(one for one in loc[at + 1 :] if isinstance(one, int))], True
        in_list = isinstance(step, int) and at > 0 and loc[at - 1] in _UNION_LISTS
        tag_follows = in_list or step in _UNION_MEMBERS
    return place, False


def _item_is_named(path: str, found: dict[str, Problem]) -> bool:
    """Whether a list was refused as a whole only because of items that are named themselves."""
    return path.endswith("/value") and any(other.startswith(f"{path}/") for other in found)


def _text(kind: str, message: str, context: dict[str, Any]) -> Text:
    template = _TEXTS.get(kind)
    if template is None:
        return words(message, message)
    return words(*(one.format_map(context) for one in template))
