"""Replaying the log, and the figures of the programme."""

import json
from functools import partial
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TimeRemainingColumn
from rich.progress import Progress as Bar

from api.commands.opening import FINDING, MISUSE, complain, explained, reading, say, settings_of_operator
from api.service.replay_report import Asked, Report
from api.service.replaying import replay_log
from api.service.replaying_apart import processes_worth, replay_apart
from api.store import stretches
from api.store.figures import figures as figures_of
from engine.values import parse_instant

_SHOWN = 20
_COLUMNS: Final = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())


def replay(  # noqa: PLR0913, PLR0917  the options of the command
    member: Annotated[str | None, typer.Option(help="Key of the one member to replay.")] = None,
    since: Annotated[
        str | None,
        typer.Option("--from", help="Only what was decided at this instant or after it (RFC 3339)."),
    ] = None,
    until: Annotated[str | None, typer.Option(help="Only what was decided before this instant.")] = None,
    first: Annotated[int | None, typer.Option(help="Only entries from this number on.", min=1)] = None,
    last: Annotated[int | None, typer.Option(help="Only entries up to this number.", min=1)] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Stop at the first difference, and exit with 1.")
    ] = False,
    verify: Annotated[bool, typer.Option("--verify", help="Exit with 1 if anything differs.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    file: Annotated[
        Path | None, typer.Option("--report", help="Write the report into a file, as JSON.")
    ] = None,
    processes: Annotated[
        int | None, typer.Option(help="Processes that share the work; every core for a long log.", min=1)
    ] = None,
) -> None:
    """Decide the log again and compare with everything that was recorded."""
    with explained():
        bounds = [None if text is None else parse_instant(text) for text in (since, until)]
    asked = Asked(member=member, since=bounds[0], until=bounds[1], first=first, last=last, strict=strict)
    with (
        reading() as connection,
        Bar(*_COLUMNS, console=say, transient=True, disable=not say.is_terminal) as bar,
    ):
        advance = partial(_advance, bar, bar.add_task("replaying", total=None))
        many = processes
        if many is None:
            many = processes_worth(stretches.count(connection, asked.span, member))
        if member is None and many > 1:
            url = settings_of_operator().database_url
            report = replay_apart(url, asked, processes=many, progress=advance)
        else:
            report = replay_log(connection, asked, progress=advance)
    if member is not None and asked.whole and report.members == 0:
        complain(f"There is no entry of a member {member!r}.")
        raise typer.Exit(MISUSE)
    said = json.dumps(report.plain(), ensure_ascii=False, indent=2)
    if file is not None:
        with explained():
            file.write_text(f"{said}\n", encoding="utf-8")
    if as_json:
        typer.echo(said)
    else:
        _tell(report)
    if (verify or strict) and not report.clean:
        raise typer.Exit(FINDING)


def summary(as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False) -> None:
    """Print the figures of the programme."""
    with reading() as connection:
        figures = figures_of(connection)._asdict()
    if as_json:
        typer.echo(json.dumps(figures, ensure_ascii=False, indent=2))
        return
    for name, value in figures.items():
        for path, number in _flat(name, value):
            typer.echo(f"{number:>12,}  {path}")


def _advance(bar: Bar, task: TaskID, report: Report) -> bool:
    bar.update(task, completed=report.checked, total=report.of)
    return True


def _tell(report: Report) -> None:
    ended = "" if report.complete else f" of {report.of}, stopped at a difference"
    typer.echo(
        f"{report.checked} entries{ended} of {report.members} members decided again, digest {report.digest}"
    )
    for one in report.divergences[:_SHOWN]:
        typer.echo(
            f"decision {one.decision} of {one.member}: {one.path}: {one.recorded!r} ≠ {one.replayed!r}"
        )
    if report.erased:
        typer.echo(f"erased: {report.erased}")
    for lacking in report.lacking:
        typer.echo(f"release {lacking.release} is needed for what was decided with {lacking.gate!r}")
    if report.cut:
        typer.echo(f"{report.cut} members' logs couldn't be decided again to their end")
    typer.echo(f"{len(report.divergences) + report.more} divergences")


def _flat(path: str, value: object) -> list[tuple[str, int]]:
    if isinstance(value, dict):
        return [row for key, inner in value.items() for row in _flat(f"{path} / {key}", inner)]
    return [(path, value)] if isinstance(value, int) else []
