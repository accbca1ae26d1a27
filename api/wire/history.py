"""Reading a file of history: JSON lines of Segment calls, or CSV."""

import csv
from pathlib import Path
from typing import Any, Final

import msgspec

from api.clock import Clock
from api.service.calls import Told
from api.service.imports import Decode, LineRefused
from api.service.refusal import Refusal
from api.wire.exact import read
from api.wire.segment import MAX_CALL, Reading, told_of
from engine.values import read_decimal

_CALL_COLUMNS: Final = ("type", "userId", "anonymousId", "event", "timestamp", "messageId")


def decoder_of(file: Path, clock: Clock) -> Decode:
    """Return what reads the lines of a file: CSV if its name says so, otherwise JSON lines.

    The first line of a CSV file names its columns: `type` (`track` where it is
    absent), `userId`, `anonymousId`, `event`, `timestamp`, `messageId`; every
    other column is a property, or a trait of an `identify`. A number in
    canonical form is a number; everything else is text, and nothing is nothing.
    """
    if file.suffix.lower() != ".csv":
        return _JsonLines(clock)
    with file.open(encoding="utf-8-sig", newline="") as opened:
        header = next(csv.reader(opened), [])
    return _Csv(clock, header)


class _JsonLines:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def __call__(self, line: bytes, message_id: str) -> Told | None:
        if len(line) > MAX_CALL:
            raise LineRefused(f"a call may have at most {MAX_CALL} bytes")
        return _told(*_decoded(line), message_id, self._clock)


class _Csv:
    def __init__(self, clock: Clock, header: list[str]) -> None:
        self._clock = clock
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
        call: dict[str, Any] = {"type": "track"}
        told: dict[str, Any] = {}
        for name, text in zip(self._header, row, strict=True):
            if text == "":
                continue
            if name in _CALL_COLUMNS:
                call[name] = text
            else:
                number = read_decimal(text)
                told[name] = number if isinstance(number, int) else text
        call["traits" if call["type"] == "identify" else "properties"] = told
        return call


def _decoded(line: bytes) -> tuple[Any, list[Any]]:
    try:
        return read(line)
    except Refusal as refusal:
        raise LineRefused(refusal.detail) from refusal


def _told(value: Any, findings: list[Any], message_id: str, clock: Clock) -> Told:
    if findings:
        raise LineRefused("; ".join(f"{one.path}: {one.text}" for one in findings))
    try:
        told = told_of(value, Reading(now=clock.now()))
    except Refusal as refusal:
        said = "; ".join(f"{one.path}: {one.text}" for one in refusal.findings)
        raise LineRefused(said or refusal.detail) from refusal
    return told if told.message_id else msgspec.structs.replace(told, message_id=message_id)
