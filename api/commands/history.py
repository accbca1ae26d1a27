"""Taking in history from a file."""

from pathlib import Path
from typing import Annotated, Final

import typer
from rich.progress import Progress as Bar

from api.assembly import Programme
from api.commands.opening import FINDING, OPERATOR, complain, explained, say, writing
from api.service.history_lines import HistoryFile
from api.service.import_pass import ImportMode, Progress, Way
from api.service.imports import Imported, described
from api.wire.history import CSV, decoder_of
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
        history = HistoryFile.open(file)
    with writing() as programme:
        told = {"source": source, "mode": mode, "match": match, "until": until}
        programme.services.auditing.note("import-begun", f"imports/{file.name}", by=OPERATOR, new=told)
        imported = take_in(programme, history, Way(source, mode, match), end)
    say.print(described(imported, end))
    if imported.rejected:
        reasons = {one.line: one.reason for one in imported.rejected}
        with explained():
            refused = history.write_rejected(reasons, header=history.kind == CSV)
        complain(f"the rejected lines and their reasons are in {refused}")
        complain("mend them there and import that file: it knows its lines, so nothing is taken in twice")
        raise typer.Exit(FINDING)


def take_in(programme: Programme, file: HistoryFile, way: Way, until: Instant | None) -> Imported:
    """Import a file, with a bar that shows how far it has come.

    Args:
        programme: Where to.
        file: The history.
        way: In which way.
        until: Instant up to which events and timers are taken; None for the last event's.
    """
    services = programme.services
    decode = decoder_of(file, services.clock, services.rulebook.index().rules.catalogue)
    with Bar(console=say, transient=True, disable=not say.is_terminal) as bar:
        tasks = {step: bar.add_task(step, total=None) for step in ("reading", "deciding", "clock")}

        def progress(one: Progress) -> None:
            bar.update(tasks[one.step], completed=one.done, total=one.total or None)

        return programme.imports.run(file, decode, way, until=until, progress=progress)
