"""What people changed, for auditors: read in pages, and taken away as a file."""

import csv
from collections.abc import Iterator
from io import StringIO
from typing import Any, Final, Literal, NamedTuple

from api.clock import Clock
from api.service.moments import instant_said
from api.service.partners import cell
from api.service.running import Run
from api.store import people
from api.store.actions import Action
from api.store.database import Database
from api.store.people import AuditEntry, Chosen
from engine import canonical
from engine.values import instant_text

Json = dict[str, Any]
Form = Literal["csv", "jsonl"]
COLUMNS: Final = ("id", "at", "by", "action", "subject", "detail", "old", "new")
_CHUNK: Final = 500


class Filters(NamedTuple):
    """Which entries are asked for; None and nothing are all.

    Attributes:
        by: Who did it.
        action: What was done.
        subject: To what; `tags` is for every `tags/…`, too.
        since: RFC 3339 instant: at or after it.
        until: RFC 3339 instant: before it.
    """

    by: str | None = None
    action: str | None = None
    subject: str | None = None
    since: str | None = None
    until: str | None = None

    def chosen(self) -> Chosen:
        """Return them with the instants read.

        Raises:
            Refusal: `invalid-request` if one isn't an instant.
        """
        since = instant_said(self.since, "from") if self.since else None
        until = instant_said(self.until, "until") if self.until else None
        return Chosen(self.by or None, self.action or None, self.subject or None, since, until)


class Auditing:
    """Reads what people did."""

    def __init__(self, database: Database, run: Run, clock: Clock) -> None:
        """Make the use case of its parts.

        Args:
            database: Where the entries are.
            run: Runs work in a write transaction: who takes entries away is an entry, too.
            clock: Our clock.
        """
        self._database = database
        self._run = run
        self._clock = clock

    def page(self, filters: Filters, *, before: int | None, limit: int) -> Json:
        """Return what was done, newest first.

        Args:
            filters: Which entries.
            before: The `next` of the page before; None for the first.
            limit: How many entries a page has.

        Raises:
            Refusal: `invalid-request`.
        """
        found = self._read(filters.chosen(), before, limit + 1)
        last = found[limit - 1].id if len(found) > limit else None
        return {"items": [_plain(one) for one in found[:limit]], "next": last}

    def export(self, filters: Filters, form: Form, *, by: str) -> Iterator[bytes]:
        """Return what was done as a file, newest first, in pieces; that it was taken is written down first.

        Args:
            filters: Which entries.
            form: `csv`, in which no text is taken for a formula, or `jsonl`.
            by: Who takes it.

        Raises:
            Refusal: `invalid-request`.
        """
        chosen = filters.chosen()
        said = {name: one for name, one in filters._asdict().items() if one} | {"form": form}
        self.note("audit-exported", "audit", by=by, new=said)
        return self._pieces(chosen, form)

    def note(self, action: Action, subject: str, *, by: str, new: Json) -> None:
        """Write down what somebody did that changes nothing else: what was taken away, taken in or sealed."""
        entry = AuditEntry(self._clock.now(), by, action, subject, new=new)
        self._run(lambda connection: people.note(connection, entry))

    def _pieces(self, chosen: Chosen, form: Form) -> Iterator[bytes]:
        if form == "csv":
            yield ("\ufeff" + ",".join(COLUMNS) + "\r\n").encode()
        before: int | None = None
        while found := self._read(chosen, before, _CHUNK):
            rows = [_plain(one) for one in found]
            yield _table(rows) if form == "csv" else b"".join(canonical.encode(row) + b"\n" for row in rows)
            before = found[-1].id

    def _read(self, chosen: Chosen, before: int | None, limit: int) -> list[AuditEntry]:
        with self._database.read() as connection:
            return people.audit_page(connection, before=before, limit=limit, chosen=chosen)


def _plain(one: AuditEntry) -> Json:
    return {**{name: getattr(one, name) for name in COLUMNS}, "at": instant_text(one.at)}


def _table(rows: list[Json]) -> bytes:
    made = StringIO()
    table = csv.DictWriter(made, COLUMNS)
    for row in rows:
        values = {
            name: "" if row[name] is None else canonical.encode(row[name]).decode() for name in ("old", "new")
        }
        texts = {name: cell(row[name]) for name in ("by", "action", "subject", "detail")}
        table.writerow({**row, **values, **texts})
    return made.getvalue().encode()
