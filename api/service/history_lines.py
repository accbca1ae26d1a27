"""The lines of a file of history: how each is known, and where it stands.

A file of rejected lines is read as what is left of the file that they come from:
each line keeps the number, and so the id, that it had there. So it can be mended
and taken in as often as one likes, and nothing is taken in twice.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple, Self

from api.service.calls import Told
from api.service.refusal import Refusal
from engine.values import Instant

REJECTED: Final = ".rejected"
"""Ending of the name of a file of rejected lines."""

_HEADER: Final = "header"
_TITLES: Final = b"line\treason\t"
_KNOWN_BY: Final = 32


class LineRefused(Exception):
    """A line can't be read as a call; the text says why and what to do."""


Decode = Callable[[bytes, str], Told | None]
"""Reads one line: its bytes, and the id that it has if it names none. None for a line that says
nothing, such as a header. Raises `LineRefused`."""


class Rejected(NamedTuple):
    """A line that was not taken in."""

    line: int
    reason: str


class Line(NamedTuple):
    """Where a line stands.

    Attributes:
        at: When what it tells happened.
        number: Its number in the file that it comes from.
        offset: Where its text begins, in bytes.
        length: How many bytes it has.
    """

    at: Instant
    number: int
    offset: int
    length: int


class HistoryFile:
    """A file of history.

    Attributes:
        path: Where it is.
        digest: Names the import of this very file.
        origin: The same of the file that the lines come from.
    """

    def __init__(self, path: Path, digest: str, origin: str, *, kept: bool) -> None:
        """Make it of what `open` read; `kept` says that it is a file of rejected lines."""
        self.path = path
        self.digest = digest
        self.origin = origin
        self._kept = kept

    @classmethod
    def open(cls, path: Path) -> Self:
        """Read what a file is.

        Raises:
            Refusal: `invalid-request` if it is called a file of rejected lines and doesn't begin as one.
        """
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            file.seek(0)
            first = file.readline()
        if path.suffix != REJECTED:
            return cls(path, digest, digest, kept=False)
        origin = first.removeprefix(_TITLES).strip().decode("ascii", "replace")
        if not first.startswith(_TITLES) or len(origin) != len(digest):
            raise Refusal(
                "invalid-request",
                f"{path.name} doesn't begin with the line that was written there. Import the file that its "
                "lines come from once more, and it is written anew; or give it a name of another ending.",
            )
        return cls(path, digest, origin, kept=True)

    @property
    def kind(self) -> str:
        """Ending of the name of the file that the lines come from, such as `.csv`."""
        name = self.path.name
        while name.endswith(REJECTED):
            name = name.removesuffix(REJECTED)
        return Path(name).suffix.lower()

    def message_id(self, number: int) -> str:
        """Return the id of a line that names none."""
        return f"{self.origin[:_KNOWN_BY]}:{number}"

    def first(self) -> bytes:
        """Return the first line that isn't blank; nothing for an empty file."""
        return next((text for _, _, text in self.lines()), b"")

    def lines(self) -> Iterator[tuple[int, int, bytes]]:
        """Yield number, offset and bytes of every line that isn't blank.

        Raises:
            Refusal: `invalid-request` if a line of rejected ones doesn't say which it was.
        """
        offset = 0
        with self.path.open("rb") as file:
            for place, text in enumerate(file, start=1):
                number, said = (place, text) if not self._kept else _rejected_line(text, place, self.path)
                if said.strip():
                    yield number, offset + len(text) - len(said), said
                offset += len(text)

    def write_rejected(self, rejected: Mapping[int, str], *, header: bool) -> Path:
        """Write lines that were not taken in beside the file, each with its number and the reason.

        Args:
            rejected: The reason by the line's number.
            header: Whether the first line names the columns, so that it belongs there, too.

        Returns:
            Where they are.
        """
        beside = self.path.with_name(self.path.name + REJECTED)
        with beside.open("wb") as out:
            out.write(_TITLES + self.origin.encode() + b"\n")
            for place, (number, _, text) in enumerate(self.lines()):
                reason = _HEADER if header and place == 0 else rejected.get(number)
                if reason is not None:
                    said = f"{number}\t{' '.join(reason.split())}\t"
                    out.write(said.encode() + text.rstrip(b"\r\n") + b"\n")
        return beside


def _rejected_line(text: bytes, place: int, path: Path) -> tuple[int, bytes]:
    """Return the number that a rejected line had, and what it says; nothing for titles and blank lines."""
    number, _, rest = text.partition(b"\t")
    if place == 1 or not text.strip():
        return 0, b""
    if not number.strip().isdigit():
        raise Refusal(
            "invalid-request",
            f"Line {place} of {path.name} doesn't begin with the number it had. Leave number and reason, and "
            "the tabs behind them, as they were written, and mend what follows.",
        )
    return int(number), rest.partition(b"\t")[2]
