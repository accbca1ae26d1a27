"""Reading a file of history: JSON lines of Segment calls, or CSV."""

import csv
from typing import Any, Final

import msgspec

from api.clock import Clock
from api.service.calls import Told
from api.service.history_lines import Decode, HistoryFile, LineRefused
from api.service.refusal import Refusal
from api.wire.exact import read
from api.wire.segment import MAX_CALL, Reading, told_of
from engine.language.catalogue import Catalogue
from engine.values import decimal_text, read_decimal

_CALL_COLUMNS: Final = ("type", "userId", "anonymousId", "event", "timestamp", "messageId")
_NEEDED: Final = (("userId", "anonymousId"), ("event", "type"), ("timestamp",))
_TRUTHS: Final = {"true": True, "false": False}


CSV: Final = ".csv"


def decoder_of(file: HistoryFile, clock: Clock, catalogue: Catalogue) -> Decode:
    """Return what reads the lines of a file: CSV if its name says so, otherwise JSON lines.

    The first line of a CSV file names its columns: `type` (`track` where it is
    absent), `userId`, `anonymousId`, `event`, `timestamp`, `messageId`; every
    other column is a property, or a trait of an `identify`. A cell is read as
    the type that the catalogue declares, and as text where it declares none;
    an empty one is nothing.

    Args:
        file: The file; only the first line of a CSV file is read now.
        clock: Our clock.
        catalogue: Declares the types of properties and attributes.

    Raises:
        Refusal: `invalid-request` if a CSV file's first line can't be its header.
    """
    if file.kind != CSV:
        return _JsonLines(clock)
    try:
        header = next(csv.reader([file.first().decode("utf-8-sig")], strict=True), [])
    except (UnicodeDecodeError, csv.Error) as error:
        raise Refusal("invalid-request", f"{file.path.name} isn't CSV in UTF-8; save it as such.") from error
    lacking = [" or ".join(either) for either in _NEEDED if not set(either) & set(header)]
    if lacking or len(set(header)) < len(header):
        wrong = f"it lacks {', '.join(lacking)}" if lacking else "a name stands there twice"
        needed = "must name the columns, such as userId,event,timestamp,total"
        raise Refusal("invalid-request", f"The first line of {file.path.name} {needed}; {wrong}.")
    return _Csv(clock, catalogue, header)


class _JsonLines:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def __call__(self, line: bytes, message_id: str) -> Told | None:
        if len(line) > MAX_CALL:
            raise LineRefused(f"a call may have at most {MAX_CALL} bytes")
        return _told(*_decoded(line), message_id, self._clock)


class _Csv:
    def __init__(self, clock: Clock, catalogue: Catalogue, header: list[str]) -> None:
        self._clock = clock
        self._catalogue = catalogue
        self._header = header

    def __call__(self, line: bytes, message_id: str) -> Told | None:
        try:
            row = next(csv.reader([line.decode("utf-8-sig")], strict=True), [])
        except (UnicodeDecodeError, csv.Error) as error:
            raise LineRefused(f"the line isn't CSV in UTF-8: {error}") from error
        if row == self._header:
            return None
        if len(row) != len(self._header):
            raise LineRefused(f"the header names {len(self._header)} columns and the line has {len(row)}")
        return _told(self._call(row), [], message_id, self._clock)

    def _call(self, row: list[str]) -> dict[str, Any]:
        cells = {name: text for name, text in zip(self._header, row, strict=True) if text != ""}
        call: dict[str, Any] = {"type": "track"}
        call |= {name: cells.pop(name) for name in _CALL_COLUMNS if name in cells}
        whose, where = ("member", "traits") if call["type"] == "identify" else ("event", "properties")
        call[where] = {
            name: _cell(name, text, self._catalogue.fact_type(f"{whose}.{name}"))
            for name, text in cells.items()
        }
        return call


def _cell(name: str, text: str, declared: str | None) -> str | int | bool:
    """Read a cell as its declared type; a number is kept as JSON's would be."""
    if declared == "number":
        number = read_decimal(text)
        if number is None:
            raise LineRefused(f"{name}: {text!r} is not a number such as 1234.50")
        return number if isinstance(number, int) else decimal_text(number)
    if declared == "boolean":
        if text.lower() not in _TRUTHS:
            raise LineRefused(f"{name}: {text!r} is neither true nor false")
        return _TRUTHS[text.lower()]
    return text


def _decoded(line: bytes) -> tuple[Any, list[Any]]:
    try:
        return read(line)
    except Refusal as refusal:
        raise LineRefused(refusal.detail) from refusal


def _told(value: Any, findings: list[Any], message_id: str, clock: Clock) -> Told:
    if findings:
        raise LineRefused("; ".join(f"{one.path}: {one.english}" for one in findings))
    try:
        told = told_of(value, Reading(now=clock.now()))
    except Refusal as refusal:
        said = "; ".join(f"{one.path}: {one.english}" for one in refusal.findings)
        raise LineRefused(said or refusal.detail) from refusal
    return told if told.message_id else msgspec.structs.replace(told, message_id=message_id)
