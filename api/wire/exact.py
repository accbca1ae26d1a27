"""JSON without surprises: exact numbers, sound text, bounded depth.

NaN, infinities, lone surrogates and broken UTF-8 aren't JSON here. A number
keeps the value of its text: whole ones as `int`, fractions as canonical decimal
text. Each thing that can't be kept is named by its JSON pointer.
"""

import re
from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeAlias, TypeVar

import msgspec

from api.service.refusal import Finding, Refusal
from engine.errors import InvalidValue
from engine.values import MAX_INT, decimal_text, exact, is_fraction, number

MAX_DEPTH: Final = 32
_MAX_FINDINGS: Final = 20
_NOT_A_NUMBER: Final = Decimal("NaN")

T = TypeVar("T")
Json: TypeAlias = Any
"""Decoded JSON of any type."""


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:  # an exponent beyond what a Decimal can hold
        return _NOT_A_NUMBER


def _fraction(text: str) -> str | int:
    if is_fraction(text):
        return text
    found = number(text)
    return found if isinstance(found, int) else decimal_text(found)


_plain = msgspec.json.Decoder(float_hook=_decimal)
_quick = msgspec.json.Decoder(float_hook=_fraction)
# What may have to be refused: a NUL, a whole number of 16 digits or more.
_NUL: Final = b"\\u0000"
_LONG: Final = re.compile(rb"[:,\[]\s*-?[0-9]{16}")


def decode(body: bytes) -> Json:
    """Return JSON as plain data, with fractions as canonical decimal text.

    Args:
        body: UTF-8 text.

    Raises:
        Refusal: `malformed-json` if it isn't JSON; `invalid-request`, with a
            finding for each place, if it holds what can't be kept.
    """
    value, findings = read(body)
    if findings:
        raise Refusal("invalid-request", "Correct the places named in errors and send it again.", findings)
    return value


def read(body: bytes) -> tuple[Json, list[Finding]]:
    """Return JSON as `decode` does, with the findings instead of raising for them.

    Raises:
        Refusal: `malformed-json`.
    """
    if body.count(b"{") + body.count(b"[") <= MAX_DEPTH and _NUL not in body and not _LONG.search(body):
        # Nearly everything that is sent: nothing in it can be refused but the JSON itself.
        try:
            return _quick.decode(body), []
        except (msgspec.DecodeError, UnicodeDecodeError, InvalidValue):  # the slower way says where
            pass
    reader = _Reader()
    return reader.read(parse(body, _plain), "", 1), reader.findings


def parse(body: bytes, decoder: msgspec.json.Decoder[T]) -> T:
    """Decode JSON text.

    Raises:
        Refusal: `malformed-json`.
    """
    try:
        return decoder.decode(body)
    except UnicodeDecodeError as error:
        raise Refusal("malformed-json", "The body must be JSON in UTF-8.") from error
    except RecursionError as error:
        raise Refusal("malformed-json", f"Objects and lists may nest {MAX_DEPTH} deep.") from error
    except msgspec.DecodeError as error:
        raise Refusal("malformed-json", f"The body must be JSON: {error}.") from error


class _Reader:
    """Walks decoded data once."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def read(self, value: Json, path: str, depth: int) -> Json:
        if isinstance(value, str):
            return self._text(value, path)
        if isinstance(value, bool) or value is None:
            return value
        if isinstance(value, int):
            if abs(value) > MAX_INT:
                self._note(path, "a whole number may be at most 2^53 either way; send a longer one as text")
            return value
        if isinstance(value, Decimal):
            return self._number(value, path)
        if depth > MAX_DEPTH:
            self._note(path, f"objects and lists may nest {MAX_DEPTH} deep")
            return None
        if isinstance(value, list):
            return [self.read(one, f"{path}/{at}", depth + 1) for at, one in enumerate(value)]
        return {
            self._text(key, path): self.read(one, f"{path}/{pointer(key)}", depth + 1)
            for key, one in value.items()
        }

    def _text(self, value: str, path: str) -> str:
        if "\0" in value:
            self._note(path, "text may not hold the character NUL (\\u0000)")
        return value

    def _number(self, value: Decimal, path: str) -> str | int | None:
        try:
            number = exact(value)
        except InvalidValue as error:
            self._note(path, str(error))
            return None
        return number if isinstance(number, int) else decimal_text(number)

    def _note(self, path: str, text: str) -> None:
        if len(self.findings) < _MAX_FINDINGS:
            self.findings.append(Finding(path, text))


def pointer(key: str) -> str:
    """Return an object's key as a part of a JSON pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")
