"""Pools of coupon codes that were made elsewhere: imported as a stream, each code issued once."""

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, Literal

import msgspec

from api.clock import Clock
from api.service.refusal import Refusal
from api.service.rulebook import Rulebook
from api.service.running import Run
from api.store import pool
from api.store.database import Database
from api.store.people import AuditEntry, note

Json = dict[str, Any]
Form = Literal["csv", "jsonl"]
CHUNK: Final = 10_000
"""How many codes one transaction adds."""

MAX_LINE: Final = 4_096
"""Bytes that a line may have."""

_MAX_CODE: Final = 64
_TOLD: Final = 20


class Pools:
    """Adds codes to pools, and counts what is left."""

    def __init__(self, database: Database, rulebook: Rulebook, run: Run, clock: Clock) -> None:
        """Make the use case of its parts."""
        self._database = database
        self._rulebook = rulebook
        self._run = run
        self._clock = clock

    def check(self, coupon: str) -> None:
        """Let a coupon pass that takes its codes from a pool.

        Raises:
            Refusal: `not-found`, or `invalid-request` if its codes are generated.
        """
        definition = self._rulebook.index().rules.catalogue.coupons.get(coupon)
        if definition is None:
            raise Refusal("not-found", "There is no such coupon; define it first.")
        if definition.codes != "pool":
            raise Refusal("invalid-request", 'Define the coupon with "codes": "pool" first.')

    def left(self, coupon: str) -> Json:
        """Return how many codes of a coupon's pool can still be issued.

        Raises:
            Refusal: `not-found`, or `invalid-request` if its codes are generated.
        """
        self.check(coupon)
        with self._database.read() as connection:
            return {"coupon": coupon, "left": pool.left(connection, coupon)}

    def importing(self, coupon: str, form: Form, *, by: str) -> "Importing":
        """Begin to import codes, and write down who does.

        Raises:
            Refusal: `not-found`, or `invalid-request` if its codes are generated.
        """
        self.check(coupon)
        entry = AuditEntry(
            self._clock.now(), by, "codes-import-begun", f"coupons/{coupon}", new={"form": form}
        )
        self._run(lambda connection: note(connection, entry))

        def done(counted: Json) -> None:
            ended = AuditEntry(self._clock.now(), by, "codes-imported", f"coupons/{coupon}", new=counted)
            self._run(lambda connection: note(connection, ended))

        return Importing(coupon, form, self._run, done)


class Importing:
    """One import under way. What was added stays added, so an import that broke off is sent again."""

    def __init__(self, coupon: str, form: Form, run: Run, done: Callable[[Json], None]) -> None:
        self._coupon = coupon
        self._form = form
        self._done = done
        self._run = run
        self._rest = b""
        self._lines = 0
        self._codes: list[str] = []
        self._counts: Counter[str] = Counter()
        self._errors: list[Json] = []

    def feed(self, part: bytes) -> None:
        """Take in the next part of the stream; chunks that are complete are added.

        Raises:
            Refusal: `too-large` if a line is too long.
        """
        *lines, self._rest = (self._rest + part).split(b"\n")
        if len(self._rest) > MAX_LINE:
            raise Refusal("too-large", f"A line may have at most {MAX_LINE} bytes: one code on each.")
        self._read(lines)
        while len(self._codes) >= CHUNK:
            self._add(self._codes[:CHUNK])
            del self._codes[:CHUNK]

    def finish(self) -> Json:
        """Add the rest, and return how many codes are new, were there before, or can't be used."""
        self._read([self._rest])
        self._add(self._codes)
        counted = {name: self._counts[name] for name in ("added", "duplicates", "invalid")}
        self._done(counted)
        return {"coupon": self._coupon, **counted, "errors": self._errors}

    def _read(self, lines: Sequence[bytes]) -> None:
        for raw in lines:
            self._lines += 1
            line = raw.strip(b"\r\t \xef\xbb\xbf") if self._lines == 1 else raw.strip()
            if not line or (self._lines == 1 and self._form == "csv" and _is_header(line)):
                continue
            code = _code_of(line, self._form)
            if code is not None:
                self._codes.append(code)
                continue
            self._counts["invalid"] += 1
            if len(self._errors) < _TOLD:
                text = f"a code has 1 to {_MAX_CODE} visible characters"
                self._errors.append({"line": self._lines, "text": text})

    def _add(self, codes: Iterable[str]) -> None:
        chunk = list(codes)
        if chunk:
            added = self._run(lambda connection: pool.add(connection, self._coupon, chunk))
            self._counts.update(added._asdict())


def _is_header(line: bytes) -> bool:
    return line.partition(b",")[0].strip(b'" ').lower() == b"code"


def _code_of(line: bytes, form: Form) -> str | None:
    """Return the code on a line, or None if there is none that can be used."""
    try:
        code = _of_csv(line.decode()) if form == "csv" else _of_json(msgspec.json.decode(line))
    except (UnicodeDecodeError, msgspec.DecodeError, csv.Error):
        return None
    sound = isinstance(code, str) and 1 <= len(code) <= _MAX_CODE and code.isprintable() and " " not in code
    return code if sound else None


def _of_csv(line: str) -> str:
    if '"' not in line:
        return line.partition(",")[0].strip()
    return next(csv.reader([line], strict=True))[0].strip()


def _of_json(said: Any) -> Any:
    return said.get("code") if isinstance(said, dict) else said
