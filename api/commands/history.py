"""Taking in history from a file."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.progress import Progress as Bar

from api.assembly import Programme
from api.commands.opening import FINDING, complain, explained, say, writing
from api.service.imports import Imported, ImportMode, Progress, Rejected, described
from api.wire.history import decoder_of
from engine.values import Instant, parse_instant

MATCHED: Final = ("phone", "email", "openid", "unionid")
"""Names by which an import may find that a new id is a member's."""


def import_file(
    file: Annotated[
        Path, typer.Argument(help="JSON lines of Segment calls, or CSV.", exists=True, dir_okay=False)
    ],
    mode: Annotated[
        ImportMode, typer.Option(help="as-it-was: rules fire as time goes by. facts-only: no rule fires.")
    ],
    until: Annotated[
        str | None, typer.Option(help="Instant up to which events and timers are taken.")
    ] = None,
    source: Annotated[str, typer.Option(help="Source of the events.")] = "import",
    match: Annotated[
        list[str],
        typer.Option(
            help="phone, email, openid or unionid, by which a new id may be a known member's; repeatable."
        ),
    ] = [],  # noqa: B006  typer copies it
) -> None:
    """Take in history. It can be stopped and run again: nothing is taken in twice."""
    for one in match:
        if one not in MATCHED:
            raise typer.BadParameter(f"{one!r} is none of {', '.join(MATCHED)}", param_hint="--match")
    with explained():
        end = parse_instant(until) if until is not None else None
    with writing() as programme:
        imported = take_in(programme, file, mode, end, source=source, match=match)
    say.print(described(imported, end))
    if imported.rejected:
        with explained():
            refused = _write_out(file, imported.rejected)
        complain(f"the rejected lines and their reasons are in {refused}")
        raise typer.Exit(FINDING)


def take_in(
    programme: Programme,
    file: Path,
    mode: ImportMode,
    until: Instant | None,
    *,
    source: str,
    match: Sequence[str] = (),
) -> Imported:
    """Import a file, with a bar that shows how far it has come.

    Args:
        programme: Where to.
        file: The history.
        mode: `as-it-was` or `facts-only`.
        until: Instant up to which events and timers are taken; None for the last event's.
        source: `source` of the events.
        match: Kinds of names by which a new id is found to be a member's.
    """
    services = programme.services
    decode = decoder_of(file, services.clock, services.rulebook.index().rules.catalogue)
    with Bar(console=say, transient=True, disable=not say.is_terminal) as bar:
        tasks = {step: bar.add_task(step, total=None) for step in ("reading", "deciding", "clock")}

        def progress(one: Progress) -> None:
            bar.update(tasks[one.step], completed=one.done, total=one.total or None)

        return programme.imports.run(
            file, decode, source=source, mode=mode, until=until, progress=progress, match=match
        )


def _write_out(file: Path, rejected: list[Rejected]) -> Path:
    """Write each rejected line with its number and the reason, and return where."""
    reasons = {one.line: one.reason for one in rejected}
    refused = file.with_name(f"{file.name}.rejected")
    with file.open("rb") as lines, refused.open("wb") as out:
        for number, line in enumerate(lines, start=1):
            if number in reasons:
                out.write(f"{number}\t{reasons[number]}\t".encode() + line.rstrip(b"\r\n") + b"\n")
    return refused
