"""From JSON to a rule document, and nothing else gets through.

A number keeps its exact value: a fraction becomes canonical decimal text where a rule may hold
one (an operand, an example's event) and is refused elsewhere. A null is the same as leaving the
member out.
"""

import json
import re
from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeAlias

from pydantic import ValidationError

from engine import canonical
from engine.errors import InvalidRule, InvalidValue, Problem
from engine.language.base import Text, words
from engine.language.document import RuleDocument
from engine.language.shape import shape_problems
from engine.values import MAX_INT, decimal_text, exact

MAX_BYTES: Final = 256 * 1024
MAX_NESTING: Final = 40
"""Objects and lists inside each other, the document itself included."""

_MAX_INT_DIGITS: Final = 20
_BEYOND: Final = 10**_MAX_INT_DIGITS
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_HAS_OPERAND: Final = frozenset({"compare", "history"})

Json: TypeAlias = Any


def parse_rule(data: bytes | str | dict[str, Any]) -> RuleDocument:
    """Read a rule document.

    Args:
        data: JSON text, in UTF-8 if bytes; or decoded JSON in which fractions are `Decimal`
            or text, never `float`.

    Raises:
        InvalidRule: If it isn't JSON, or not of the language's shape. Its `problems` name every
            place. What a rule means is not looked at; that is for `check`.
    """
    decoded = data if isinstance(data, dict) else _decode(data)
    reader = _Reader()
    cleaned = reader.clean(decoded, "", depth=1, fractions=False)
    if reader.problems:
        raise _refused(*reader.problems)
    if not isinstance(cleaned, dict):
        raise _unreadable("a rule is a JSON object", "规则应为 JSON 对象")
    if len(canonical.encode(cleaned)) > MAX_BYTES:
        raise _unreadable(*_TOO_LARGE)
    try:
        return RuleDocument.model_validate(cleaned)
    except ValidationError as error:
        raise _refused(*shape_problems(error)) from error


def _decode(data: bytes | str) -> Json:
    """Return JSON text as plain data: fractions as `Decimal`, what can't be a number as NaN."""
    size = len(data) if isinstance(data, bytes) else len(data.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        raise _unreadable(*_TOO_LARGE)
    try:
        text = data.decode("utf-8-sig") if isinstance(data, bytes) else data
        return json.loads(
            text,
            parse_int=lambda digits: int(digits) if len(digits) <= _MAX_INT_DIGITS else _BEYOND,
            parse_float=_decimal,
            parse_constant=_decimal,
            object_pairs_hook=_members,
        )
    except RecursionError as error:
        raise _refused(Problem("", _TOO_DEEP)) from error
    except UnicodeDecodeError as error:
        raise _unreadable("the text is not UTF-8", "文本不是 UTF-8 编码") from error
    except json.JSONDecodeError as error:
        place = f"{error.lineno}:{error.colno}"
        raise _unreadable(
            f"not JSON: {error.msg} at {place}", f"不是 JSON：{place} 处 {error.msg}"
        ) from error


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:  # an exponent beyond what decimals hold
        return Decimal("NaN")


def _members(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    """Return an object's members, refusing a name that stands there twice."""
    members = dict(pairs)
    if len(members) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)[:40]
        raise _unreadable(f"{twice!r} stands twice in one object", f"同一对象中重复出现 {twice!r}")
    return members


class _Reader:
    """Makes plain data fit to validate, and notes what can't be."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def clean(self, value: Json, path: str, *, depth: int, fractions: bool) -> Json:
        """Return a value as the language holds it.

        Args:
            value: Decoded JSON.
            path: Its JSON pointer.
            depth: How many objects and lists it stands in, itself included.
            fractions: Whether a number here may have a fraction.
        """
        if isinstance(value, dict | list):
            if depth > MAX_NESTING:
                return self._note(path, _TOO_DEEP)
            if isinstance(value, list):
                return [
                    self.clean(one, f"{path}/{at}", depth=depth + 1, fractions=fractions)
                    for at, one in enumerate(value)
                ]
            return self._object(value, path, depth=depth, fractions=fractions)
        if isinstance(value, str):
            return self._text(value, path)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int):
            return value if abs(value) <= MAX_INT else self._note(path, _INT_BEYOND)
        if isinstance(value, Decimal):
            return self._number(value, path, fractions=fractions)
        return self._note(path, _INEXACT if isinstance(value, float) else _NOT_JSON)

    def _object(self, members: dict[str, Json], path: str, *, depth: int, fractions: bool) -> dict[str, Json]:
        cleaned: dict[str, Json] = {}
        compares = members.get("type") in _HAS_OPERAND if isinstance(members.get("type"), str) else False
        for name, value in members.items():
            if not isinstance(name, str):
                self._note(path, _NOT_JSON)
                continue
            if value is None or self._text(name, path) is None:
                continue
            exactly = fractions or (compares and name == "value") or (depth == 1 and name == "examples")
            cleaned[name] = self.clean(value, pointer(path, name), depth=depth + 1, fractions=exactly)
        return cleaned

    def _text(self, text: str, path: str) -> Json:
        if "\0" in text:
            return self._note(path, words("text may not hold the NUL character", "文本不能包含 NUL 字符"))
        if _SURROGATE.search(text) is not None:
            return self._note(path, words("text holds half of a character", "文本包含不完整的字符"))
        return text

    def _number(self, value: Decimal, path: str, *, fractions: bool) -> Json:
        try:
            read = exact(value)
        except InvalidValue as error:
            return self._note(path, words(str(error), f"数字不在可用范围内：{error}"))
        if isinstance(read, int):
            return read
        if fractions:
            return decimal_text(read)
        return self._note(path, words("only a whole number fits here", "此处只能是整数"))

    def _note(self, path: str, text: Text) -> None:
        self.problems.append(Problem(path, text))


def pointer(path: str, name: str) -> str:
    """Return the JSON pointer (RFC 6901) of a member."""
    return f"{path}/{name.replace('~', '~0').replace('/', '~1')}"


def _unreadable(en: str, zh: str) -> InvalidRule:
    return _refused(Problem("", words(en, zh)))


def _refused(*problems: Problem) -> InvalidRule:
    said = "; ".join(f"{one.path or '/'}: {one.text['en']}" for one in problems[:5])
    return InvalidRule(f"not a rule document: {said}", problems)


_TOO_LARGE: Final = (f"a rule may have at most {MAX_BYTES} bytes", f"规则最多 {MAX_BYTES} 字节")
_TOO_DEEP: Final = words(f"nested more than {MAX_NESTING} deep", f"嵌套超过 {MAX_NESTING} 层")
_INT_BEYOND: Final = words("a whole number may be at most 2^53 either way", "整数的绝对值不能超过 2^53")
_INEXACT: Final = words('write a fraction as text, such as "99.5"', '小数请写成文本，例如 "99.5"')
_NOT_JSON: Final = words("only JSON values fit here", "此处只能是 JSON 值")
